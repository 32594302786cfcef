package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

const (
	maxBatchBytes = 1 << 20
	maxOperations = 100
)

// batchTasks does several things at once, all or none.
func (a *API) batchTasks(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	content, err := a.requiredContent(c, maxBatchBytes)
	if err != nil {
		return err
	}
	body, err := parseObject(content)
	if err != nil {
		return err
	}
	operations, err := a.parseOperations(body, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	once, err := onceIn(request.Header, "batch", content)
	if err != nil {
		return err
	}
	results, err := a.tasks.Batch(request.Context(), actor, owner, operations, once)
	if err != nil {
		return err
	}
	return answerJSON(c, http.StatusOK, func(dst []byte) []byte { return a.appendResults(dst, operations, results) })
}

func (a *API) parseOperations(body object, strict bool) ([]application.Operation, error) {
	members := &members{left: body}
	var elements []jsontext.Value
	value, given := members.take("operations")
	if !given || value.Kind() != jsontext.KindBeginArray || json.Unmarshal(value, &elements) != nil ||
		len(elements) == 0 || len(elements) > maxOperations {
		members.note("operations", fmt.Sprintf("must be an array of 1 to %d operations", maxOperations))
	}
	if err := members.finish(strict); err != nil {
		return nil, err
	}
	operations, errs := make([]application.Operation, len(elements)), make([]error, len(elements))
	var unconditional domain.BatchError
	for i, element := range elements {
		operation, err := a.parseOperation(element, strict)
		if errors.Is(err, preconditionRequired) {
			unconditional.Failures = append(unconditional.Failures, domain.ChangeFailure{Index: i, Err: err})
			continue
		}
		operations[i], errs[i] = operation, domain.Within("operations/"+strconv.Itoa(i), err)
	}
	if err := domain.Violated(errs...); err != nil || unconditional.Failures == nil {
		return operations, err
	}
	return nil, &unconditional
}

// operationKinds are the values of op.
var operationKinds = map[string]func(Variants, *members) application.Operation{
	"create": func(v Variants, m *members) application.Operation { return application.CreateTask{Draft: v.draft(m)} },
	"update": func(v Variants, m *members) application.Operation {
		return application.UpdateTask{Target: m.target(), Revision: v.revision(m)}
	},
	"complete": func(v Variants, m *members) application.Operation {
		return application.CompleteTask{Target: m.target(), Completed: v.completed(m)}
	},
	"delete": func(_ Variants, m *members) application.Operation { return application.DeleteTask{Target: m.target()} },
}

func (a *API) parseOperation(element jsontext.Value, strict bool) (application.Operation, error) {
	members := &members{}
	if members.left = members.nested("operation", element); members.left == nil {
		return nil, members.finish(strict)
	}
	kind := members.requiredText("op")
	parse, known := operationKinds[kind]
	if !known {
		if members.noted == nil {
			members.note("op", "must be one of complete, create, delete, update")
		}
		return nil, members.finish(false)
	}
	_, conditional := members.left["if_match"]
	operation := parse(a.options.Variants, members)
	err := members.finish(strict)
	if err == nil && a.options.RequireIfMatch && !conditional && kind != "create" {
		err = preconditionRequired
	}
	return operation, err
}

// target is the task that an operation names, at the state that if_match
// demands: an entity tag, as in the header of that name.
func (m *members) target() domain.Target {
	if _, given := m.left["id"]; !given {
		m.note("id", "is required")
	}
	target := domain.Target{ID: domain.TaskID(m.number("id").Or(0))}
	if text, given := m.text("if_match").Get(); given {
		demanded, ok := parseCondition(text)
		if !ok || len(demanded.tags) > 1 {
			m.note("if_match", `must be * or one entity tag in its quotes: "\"42\""`)
		} else if !demanded.any {
			target.Expected = demanded.expected()[0]
		}
	}
	return target
}

// appendResults writes what came of each operation: the status that it would
// have had alone, and the task unless that is gone.
func (a *API) appendResults(dst []byte, operations []application.Operation, results []domain.Task) []byte {
	dst = append(dst, `{"results":[`...)
	for i, task := range results {
		if i > 0 {
			dst = append(dst, ',')
		}
		status := http.StatusOK
		switch operations[i].(type) {
		case application.CreateTask:
			status = http.StatusCreated
		case application.DeleteTask:
			status = http.StatusNoContent
		}
		dst = append(dst, `{"status":`...)
		dst = strconv.AppendInt(dst, int64(status), 10)
		dst = append(dst, `,"id":`...)
		dst = strconv.AppendInt(dst, int64(task.ID), 10)
		dst = append(dst, `,"task":`...)
		if status == http.StatusNoContent {
			dst = append(dst, "null"...)
		} else {
			dst = a.appendTask(dst, task)
		}
		dst = append(dst, '}')
	}
	return append(dst, "]}"...)
}

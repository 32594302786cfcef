package httpapi

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

func (a *API) listTasks(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	known, err := conditionIn(request.Header, "If-None-Match")
	if err != nil {
		return err
	}
	query, err := parseListQuery(request.URL.RawQuery, owner, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	query.Count = query.Count || a.options.Variants.List.counts()
	if known.isStated() {
		state, err := a.tasks.State(request.Context(), actor, owner)
		if err != nil {
			return err
		}
		if tag, current := known.isCurrent(state.Sequence); current {
			return notModified(c, tag, state.Sequence)
		}
	}
	page, err := a.tasks.List(request.Context(), actor, owner, query)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	if len(page.Tasks) > 0 { // a store need not tell the sequence of an empty page
		setTag(c, page.Sequence)
	}
	if total, counted := page.Total.Get(); counted {
		header.Set("X-Total-Count", strconv.Itoa(total))
	}
	if page.More && len(page.Tasks) > 0 {
		header.Set("Link", nextLink(request.URL, encodeCursor(owner, query, query.Bookmark(page.Tasks[len(page.Tasks)-1]))))
	}
	return answerJSON(c, http.StatusOK, func(dst []byte) []byte { return a.appendList(dst, query, page) })
}

func (a *API) createTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	content, err := a.requiredContent(c, a.options.BodyLimit)
	if err != nil {
		return err
	}
	body, err := parseObject(content)
	if err != nil {
		return err
	}
	draft, err := a.parseDraft(body, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	once, err := onceIn(request.Header, "create", content)
	if err != nil {
		return err
	}
	task, err := a.tasks.Create(request.Context(), actor, owner, draft, once)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, request.URL.EscapedPath()+"/"+strconv.FormatInt(int64(task.ID), 10))
	return a.answerTask(c, http.StatusCreated, task)
}

func (a *API) getTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	known, err := conditionIn(c.Request().Header, "If-None-Match")
	if err != nil {
		return err
	}
	task, err := a.tasks.Get(c.Request().Context(), actor, owner, taskID(c))
	if err != nil {
		return err
	}
	if tag, current := known.isCurrent(task.Sequence); current {
		return notModified(c, tag, task.Sequence)
	}
	return a.answerTask(c, http.StatusOK, task)
}

func (a *API) updateTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	demanded, err := conditionIn(request.Header, "If-Match")
	if err != nil {
		return err
	}
	body, err := a.requiredBody(c)
	if err != nil {
		return err
	}
	revision, err := a.parseRevision(body, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	targets, err := a.targets(c, demanded)
	if err != nil {
		return err
	}
	task, err := atFirst(targets, func(target domain.Target) (domain.Task, error) {
		return a.tasks.Update(request.Context(), actor, owner, target, revision)
	})
	if err != nil {
		return err
	}
	return a.answerTask(c, http.StatusOK, task)
}

func (a *API) completeTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	demanded, err := conditionIn(request.Header, "If-Match")
	if err != nil {
		return err
	}
	body, err := a.body(c)
	if err != nil {
		return err
	}
	completed, err := a.parseCompletion(body, request.URL.RawQuery, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	targets, err := a.targets(c, demanded)
	if err != nil {
		return err
	}
	task, err := atFirst(targets, func(target domain.Target) (domain.Task, error) {
		return a.tasks.Complete(request.Context(), actor, owner, target, completed)
	})
	if err != nil {
		return err
	}
	return a.answerTask(c, http.StatusOK, task)
}

func (a *API) deleteTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	if _, err := a.change(c, func(target domain.Target) (domain.Task, error) {
		return a.tasks.Delete(c.Request().Context(), actor, owner, target)
	}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

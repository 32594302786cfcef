package httpapi

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

func (a *API) listTasks(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	query, err := parseListQuery(request.URL.RawQuery, owner, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	page, err := a.tasks.List(request.Context(), actor, owner, query)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	if total, counted := page.Total.Get(); counted {
		header.Set("X-Total-Count", strconv.Itoa(total))
	}
	if page.More && len(page.Tasks) > 0 {
		header.Set("Link", nextLink(request.URL, owner, query, page.Tasks[len(page.Tasks)-1].ID))
	}
	return answer(c, http.StatusOK, echo.MIMEApplicationJSON, encodeTasks(page.Tasks))
}

func (a *API) createTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	body, err := a.requiredBody(c)
	if err != nil {
		return err
	}
	draft, err := parseDraft(body, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	task, err := a.tasks.Create(request.Context(), actor, owner, draft)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, request.URL.EscapedPath()+"/"+strconv.FormatInt(int64(task.ID), 10))
	return answerTask(c, http.StatusCreated, task)
}

func (a *API) getTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	task, err := a.tasks.Get(c.Request().Context(), actor, owner, taskID(c))
	if err != nil {
		return err
	}
	return answerTask(c, http.StatusOK, task)
}

func (a *API) updateTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	body, err := a.requiredBody(c)
	if err != nil {
		return err
	}
	revision, err := parseRevision(body, prefersStrict(c.Request().Header))
	if err != nil {
		return err
	}
	task, err := a.tasks.Update(c.Request().Context(), actor, owner, domain.Target{ID: taskID(c)}, revision)
	if err != nil {
		return err
	}
	return answerTask(c, http.StatusOK, task)
}

func (a *API) completeTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	body, err := a.body(c)
	if err != nil {
		return err
	}
	completed, err := parseCompletion(body, request.URL.RawQuery, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	task, err := a.tasks.Complete(request.Context(), actor, owner, domain.Target{ID: taskID(c)}, completed)
	if err != nil {
		return err
	}
	return answerTask(c, http.StatusOK, task)
}

func (a *API) deleteTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	if _, err := a.tasks.Delete(c.Request().Context(), actor, owner, domain.Target{ID: taskID(c)}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

func (a *API) listTrash(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	query, err := parseTrashQuery(request.URL.RawQuery, owner, prefersStrict(request.Header))
	if err != nil {
		return err
	}
	page, err := a.tasks.Trash(request.Context(), actor, owner, query)
	if err != nil {
		return err
	}
	if page.More && len(page.Tasks) > 0 {
		cursor := encodeTrashCursor(owner, page.Tasks[len(page.Tasks)-1].Sequence)
		c.Response().Header().Set("Link", nextLink(request.URL, cursor))
	}
	return answerJSON(c, http.StatusOK, func(dst []byte) []byte { return a.appendTasks(dst, page.Tasks) })
}

func parseTrashQuery(rawQuery string, owner domain.UserID, strict bool) (query domain.TrashQuery, err error) {
	parameters, err := parseParameters(rawQuery)
	if err != nil {
		return query, err
	}
	cursor, resumed := parameters.text("cursor").Get()
	query.Limit = parameters.number(1, maxPage, "limit").Or(defaultPage)
	if err := parameters.finish(strict); err != nil {
		return query, err
	}
	if resumed {
		query.Before, err = decodeTrashCursor(cursor, owner)
	}
	return query, err
}

func (a *API) restoreTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	task, err := a.change(c, func(target domain.Target) (domain.Task, error) {
		return a.tasks.Restore(c.Request().Context(), actor, owner, target)
	})
	if err != nil {
		return err
	}
	return a.answerTask(c, http.StatusOK, task)
}

func (a *API) purgeTask(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	if _, err := a.change(c, func(target domain.Target) (domain.Task, error) {
		return domain.Task{}, a.tasks.Purge(c.Request().Context(), actor, owner, target)
	}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// eraseTasks removes all that the owner has, if the query confirms it.
func (a *API) eraseTasks(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	parameters, err := parseParameters(request.URL.RawQuery)
	if err != nil {
		return err
	}
	if parameters.text("confirm") != domain.Some("all") {
		parameters.note("confirm", "must be all: this removes every task and the trash, for good")
	}
	if err := parameters.finish(prefersStrict(request.Header)); err != nil {
		return err
	}
	if err := a.tasks.Erase(request.Context(), actor, owner); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

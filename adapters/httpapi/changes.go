package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// sinceNow stands for the token of what is there at this moment.
const sinceNow = "now"

func (a *API) listChanges(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	parameters, err := parseParameters(request.URL.RawQuery)
	if err != nil {
		return err
	}
	token := parameters.text("since")
	limit := parameters.number(1, maxPage, "limit").Or(defaultPage)
	if err := parameters.finish(prefersStrict(request.Header)); err != nil {
		return err
	}
	since, err := a.since(request.Context(), actor, owner, token)
	if err != nil {
		return err
	}
	feed, err := a.tasks.Changes(request.Context(), actor, owner, since, limit)
	if err != nil {
		return startOver(c, err)
	}
	return answerJSON(c, http.StatusOK, func(dst []byte) []byte { return a.appendFeed(dst, owner, feed) })
}

// since is the mark that a token stands for: the beginning if there is none.
func (a *API) since(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, token domain.Optional[string]) (domain.Mark, error) {
	text, given := token.Get()
	switch {
	case !given:
		return domain.Mark{}, nil
	case text == sinceNow:
		state, err := a.tasks.State(ctx, actor, owner)
		return domain.Mark{Sequence: state.Sequence, Forgotten: state.Forgotten}, err
	}
	return decodeFeedToken(text, owner)
}

// startOver tells whose changes cannot be told any more where to begin again.
func startOver(c echo.Context, err error) error {
	if errors.Is(err, domain.ErrChangesForgotten) {
		c.Response().Header().Set("Link", "<"+c.Request().URL.EscapedPath()+`>; rel="start"`)
	}
	return err
}

func (a *API) appendFeed(dst []byte, owner domain.UserID, feed domain.Feed) []byte {
	dst = append(dst, `{"changes":[`...)
	for i, task := range feed.Tasks {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = a.appendChange(dst, task)
	}
	dst = append(dst, `],"next":`...)
	dst = appendText(dst, encodeFeedToken(owner, feed.Until))
	dst = append(dst, `,"more":`...)
	dst = strconv.AppendBool(dst, feed.More)
	return append(dst, '}')
}

// appendChange writes a task as it is now, or that there is none any more.
func (a *API) appendChange(dst []byte, task domain.Task) []byte {
	if task.IsLive() {
		dst = append(dst, `{"type":"task","task":`...)
		dst = a.appendTask(dst, task)
		return append(dst, '}')
	}
	dst = append(dst, `{"type":"deleted","id":`...)
	dst = strconv.AppendInt(dst, int64(task.ID), 10)
	dst = append(dst, `,"version":`...)
	dst = strconv.AppendInt(dst, int64(task.Sequence), 10)
	dst = append(dst, `,"deleted_at":`...)
	dst = appendTime(dst, task.DeletedAt)
	return append(dst, '}')
}

package httpapi

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// exportBuffer is how much of an export is sent at a time.
const exportBuffer = 32 << 10

// exportTasks sends all tasks of the owner, one after the other as they come
// from the store: as JSON, a task on each line, or as a calendar.
func (a *API) exportTasks(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request, header := c.Request(), c.Response().Header()
	format := exportFormat{mediaType: ndjson[0], file: "tasks.ndjson", append: func(dst []byte, task domain.Task) []byte {
		return append(a.appendTask(dst, task), '\n')
	}}
	if weight(request.Header, echo.HeaderAccept, calendarType) > weight(request.Header, echo.HeaderAccept, format.mediaType) {
		format = calendar
	}
	header.Add(echo.HeaderVary, echo.HeaderAccept)
	if request.Method == http.MethodHead {
		header.Set(echo.HeaderContentType, format.mediaType)
		format.name(header)
		return c.NoContent(http.StatusOK)
	}
	return a.sendExport(request.Context(), c, actor, owner, format)
}

// exportFormat is how an export is written.
type exportFormat struct {
	mediaType  string
	file       string
	head, foot string
	append     func(dst []byte, task domain.Task) []byte
}

// name says what browsers are to call the file.
func (f exportFormat) name(header http.Header) {
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+f.file+`"`)
}

// sendExport cuts the connection where it cannot go on, for what was sent by
// then is no whole export, and there is no other way left to say so.
func (a *API) sendExport(ctx context.Context, c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, format exportFormat) error {
	var out *bufio.Writer // nil until it is sure that there is something to send
	var line []byte
	for task, err := range a.tasks.Export(ctx, actor, owner) {
		switch {
		case err != nil && out == nil:
			return givenUp(ctx, err)
		case err != nil:
			if ctx.Err() == nil { // the access log says nothing of what is cut off
				a.options.Logger.ErrorContext(ctx, "export cut off", slog.Any("error", err))
			}
			panic(http.ErrAbortHandler)
		case out == nil:
			out = openExport(c, format)
		}
		line = format.append(line[:0], task)
		if _, err := out.Write(line); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	if out == nil {
		out = openExport(c, format)
	}
	_, _ = out.WriteString(format.foot) // the Flush tells of it
	if out.Flush() != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

func openExport(c echo.Context, format exportFormat) *bufio.Writer {
	format.name(c.Response().Header())
	out := bufio.NewWriterSize(openStream(c, format.mediaType), exportBuffer)
	_, _ = out.WriteString(format.head) // to memory
	return out
}

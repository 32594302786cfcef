package httpapi

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

const (
	maxImportBytes   = 16 << 20
	maxImportRecords = 10_000
	maxImports       = 8 // at a time: all that they have read may be in memory
	maxUserImports   = 1
	importDeadline   = bodyTimeout // of the server: a slow client may take all of it
)

// ndjson are the media types of one JSON value a line.
var ndjson = []string{"application/x-ndjson", "application/ndjson", "application/jsonl"}

// importTasks makes tasks of what was exported, all or none.
func (a *API) importTasks(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	if !hasType(request.Header, ndjson...) {
		return unsupportedMediaType.saying("Send the body as application/x-ndjson: a task in JSON on each line.")
	}
	parameters, err := parseParameters(request.URL.RawQuery)
	if err != nil {
		return err
	}
	_, leave, err := a.imports.take(request.Context(), owner)
	if err != nil {
		return err
	}
	defer leave()
	strict := prefersStrict(request.Header)
	records, err := a.records(c, strict)
	dryRun := choice(parameters, switchValues, "dry_run").Or(false)
	if err := domain.Violated(err, parameters.finish(strict)); err != nil {
		return err
	}
	if dryRun {
		if err := a.tasks.CheckImport(request.Context(), actor, owner, records); err != nil {
			return err
		}
		return answerImport(c, len(records), nil)
	}
	imported, err := a.tasks.Import(request.Context(), actor, owner, records)
	if err != nil {
		return err
	}
	return answerImport(c, len(records), imported)
}

// records reads the body line by line; only what is made of it is kept.
func (a *API) records(c echo.Context, strict bool) ([]application.Record, error) {
	lines := bufio.NewScanner(http.MaxBytesReader(c.Response().Writer, c.Request().Body, maxImportBytes))
	lines.Buffer(nil, int(a.options.BodyLimit))
	var records []application.Record
	var errs []error
	for number := 1; lines.Scan() && lines.Err() == nil; number++ { // what comes with an error is cut off
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if len(records) == maxImportRecords {
			return nil, bodyTooLarge.saying(fmt.Sprintf("An import has at most %d tasks.", maxImportRecords))
		}
		body, err := parseObject(line)
		if err != nil {
			return nil, inLine(number, err)
		}
		members := &members{left: body}
		record := a.options.Variants.record(members)
		errs = append(errs, domain.Within("records/"+strconv.Itoa(len(records)), members.finish(strict)))
		records = append(records, record)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, bodyTooLarge.saying(fmt.Sprintf("A line must have less than %d bytes.", a.options.BodyLimit))
	case err != nil:
		return nil, unread(err)
	case len(records) == 0:
		return nil, bodyMissing.saying("This needs a body: a task in JSON on each line.")
	}
	return records, domain.Violated(errs...)
}

// inLine says where in the body there is no JSON object.
func inLine(number int, err error) error {
	known := failureOf(err)
	return known.saying(fmt.Sprintf("Line %d: %s", number, known.detail))
}

func answerImport(c echo.Context, records int, imported []domain.Task) error {
	body := fmt.Appendf(nil, `{"records":%d,"imported":%d}`, records, len(imported))
	return answer(c, http.StatusOK, echo.MIMEApplicationJSON, body)
}

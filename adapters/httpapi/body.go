package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json" // strict where encoding/json is lenient: duplicates, UTF-8, surrogates
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// maxDepth is how deep arrays and objects may be nested in a body, itself
// included (RFC 8259 section 9 lets a parser bound this).
const maxDepth = 32

// object is a JSON object with its members still undecoded.
type object map[string]jsontext.Value

// body reads the JSON object that the request carries, nil if it carries none.
func (a *API) body(c echo.Context) (object, error) {
	request := c.Request()
	content, err := io.ReadAll(http.MaxBytesReader(c.Response().Writer, request.Body, a.options.BodyLimit))
	switch {
	case err == nil && len(content) == 0:
		return nil, nil
	case !isJSON(request.Header):
		return nil, unsupportedMediaType
	case err != nil:
		return nil, a.unread(err)
	}
	return parseObject(content)
}

// requiredBody is body where there has to be one.
func (a *API) requiredBody(c echo.Context) (object, error) {
	members, err := a.body(c)
	if err == nil && members == nil {
		return nil, bodyMissing
	}
	return members, err
}

// isJSON reports whether the header announces JSON in UTF-8 that nothing is
// wrapped around.
func isJSON(header http.Header) bool {
	types := header.Values(echo.HeaderContentType)
	if len(types) != 1 || header.Get(echo.HeaderContentEncoding) != "" {
		return false
	}
	mediaType, parameters, err := mime.ParseMediaType(types[0])
	if err != nil || !slices.Contains([]string{echo.MIMEApplicationJSON, "application/merge-patch+json"}, mediaType) {
		return false
	}
	charset, given := parameters["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// unread says why a body could not be read to its end.
func (a *API) unread(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return bodyTooLarge.saying(fmt.Sprintf("The body must have at most %d bytes.", a.options.BodyLimit))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return bodyTooSlow.because(err)
	}
	return bodyUnreadable.because(err)
}

// parseObject accepts one JSON object as RFC 7493 has it: valid UTF-8, no
// member twice, nothing after it.
func parseObject(content []byte) (object, error) {
	if err := checkSyntax(content); err != nil {
		return nil, err
	}
	if jsontext.Value(content).Kind() != jsontext.KindBeginObject {
		return nil, domain.Invalidity(domain.Violation{Field: "body", Detail: "must be a JSON object"})
	}
	members := object{}
	if err := json.Unmarshal(content, &members); err != nil {
		return nil, invalidJSON.because(err)
	}
	return members, nil
}

func checkSyntax(content []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(content))
	for values := 0; ; {
		_, err := decoder.ReadToken()
		switch {
		case errors.Is(err, io.EOF) && values == 1:
			return nil
		case errors.Is(err, jsontext.ErrDuplicateName):
			return invalidJSON.saying("The body names a member twice.").because(err)
		case err != nil:
			return invalidJSON.because(err)
		case values == 1:
			return invalidJSON.saying("The body goes on after its JSON value.")
		case decoder.StackDepth() > maxDepth:
			return invalidJSON.saying("The body is nested too deeply.")
		case decoder.StackDepth() == 0:
			values++
		}
	}
}

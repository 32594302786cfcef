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
	content, err := a.content(c, a.options.BodyLimit)
	if err != nil || content == nil {
		return nil, err
	}
	return parseObject(content)
}

// requiredBody is body where there has to be one.
func (a *API) requiredBody(c echo.Context) (object, error) {
	content, err := a.requiredContent(c, a.options.BodyLimit)
	if err != nil {
		return nil, err
	}
	return parseObject(content)
}

// content reads the JSON that the request carries, at most limit bytes, nil if
// it carries none.
func (a *API) content(c echo.Context, limit int64) ([]byte, error) {
	request := c.Request()
	content, err := io.ReadAll(http.MaxBytesReader(c.Response().Writer, request.Body, limit))
	switch {
	case err == nil && len(content) == 0:
		return nil, nil
	case !hasType(request.Header, echo.MIMEApplicationJSON, "application/merge-patch+json"):
		return nil, unsupportedMediaType
	case err != nil:
		return nil, unread(err)
	}
	return content, nil
}

// requiredContent is content where there has to be some.
func (a *API) requiredContent(c echo.Context, limit int64) ([]byte, error) {
	content, err := a.content(c, limit)
	if err == nil && content == nil {
		return nil, bodyMissing
	}
	return content, err
}

// hasType reports whether the header announces one of the media types, in
// UTF-8, and that nothing is wrapped around it.
func hasType(header http.Header, accepted ...string) bool {
	types := header.Values(echo.HeaderContentType)
	if len(types) != 1 || header.Get(echo.HeaderContentEncoding) != "" {
		return false
	}
	mediaType, parameters, err := mime.ParseMediaType(types[0])
	if err != nil || !slices.Contains(accepted, mediaType) {
		return false
	}
	charset, given := parameters["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// unread says why a body could not be read to its end.
func unread(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return bodyTooLarge.saying(fmt.Sprintf("The body must have at most %d bytes.", tooLarge.Limit))
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

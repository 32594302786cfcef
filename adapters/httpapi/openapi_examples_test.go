package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestOpenAPIExamplesRun sends a request for each example of a body or of a
// parameter. The answer has to be one of the good ones that are described.
func TestOpenAPIExamplesRun(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			for name, example := range exampleRequests(t, path, item, operation) {
				t.Run(operation.OperationID+" "+name, func(t *testing.T) {
					answer := serveForExamples(t, path).do(method, example.target(), example.parts(t)...)
					if good := goodStatuses(operation); !slices.Contains(good, answer.status) {
						t.Errorf("answered %d, want one of %v: %s", answer.status, good, answer.body)
					}
				})
			}
		}
	}
}

// serveForExamples makes a service on which the examples make sense: the user
// has a task 1, which is in the trash where the path is about that.
func serveForExamples(t *testing.T, path string) *service {
	t.Helper()
	s := serve(t, withPage)
	s.create("u", "milk")
	if strings.Contains(path, "/trash") {
		s.do("DELETE", "/api/me/tasks/1", as("u")).want(204)
	}
	return s
}

// exampleRequest is a request as the examples have it.
type exampleRequest struct {
	path      string
	query     url.Values
	headers   map[string]string
	mediaType string
	body      any
}

// exampleRequests are those of an operation: one for each example of its body,
// and one for each of its parameters with all that is required besides. An
// example that is missing where one has to be is an error.
func exampleRequests(t *testing.T, path string, item *openapi3.PathItem, operation *openapi3.Operation) map[string]exampleRequest {
	t.Helper()
	least := exampleRequest{path: path, query: url.Values{}, headers: map[string]string{}}
	least.fill("user_id", "u")
	least.fill("id", "1")
	requests := map[string]exampleRequest{}
	parameters := slices.Concat(item.Parameters, operation.Parameters)
	for _, parameter := range parameters {
		examples := allExamples(parameter.Value.Example, parameter.Value.Examples)
		switch {
		case parameter.Value.Required && len(examples) > 0:
			least.set(parameter.Value, examples[0])
		case parameter.Value.Required && !least.has(parameter.Value):
			t.Errorf("%s has no example of %s", operation.OperationID, parameter.Value.Name)
		}
	}
	if operation.RequestBody != nil {
		content := operation.RequestBody.Value.Content
		for _, mediaType := range slices.Sorted(maps.Keys(content)) {
			for i, body := range allExamples(content[mediaType].Example, content[mediaType].Examples) {
				request := least.clone()
				request.mediaType, request.body = mediaType, body
				requests[fmt.Sprint(mediaType, i)] = request
				least.mediaType, least.body = mediaType, body
			}
		}
		if len(requests) == 0 {
			t.Errorf("%s has no example of its body", operation.OperationID)
		}
	}
	for _, parameter := range parameters {
		for i, value := range allExamples(parameter.Value.Example, parameter.Value.Examples) {
			request := least.clone()
			request.set(parameter.Value, value)
			requests[fmt.Sprint(parameter.Value.Name, i)] = request
		}
	}
	return requests
}

// allExamples are those of either kind.
func allExamples(one any, several openapi3.Examples) []any {
	var values []any
	if one != nil {
		values = append(values, one)
	}
	for _, name := range slices.Sorted(maps.Keys(several)) {
		values = append(values, several[name].Value.Value)
	}
	return values
}

func (r *exampleRequest) clone() exampleRequest {
	clone := *r
	clone.query, clone.headers = maps.Clone(r.query), maps.Clone(r.headers)
	return clone
}

// fill puts a value into the path.
func (r *exampleRequest) fill(name, value string) {
	r.path = strings.ReplaceAll(r.path, "{"+name+"}", url.PathEscape(value))
}

// has reports whether a parameter has a value.
func (r *exampleRequest) has(parameter *openapi3.Parameter) bool {
	return parameter.In == openapi3.ParameterInPath && !strings.Contains(r.path, "{"+parameter.Name+"}")
}

func (r *exampleRequest) set(parameter *openapi3.Parameter, value any) {
	texts := []any{value}
	if several, ok := value.([]any); ok {
		texts = several
	}
	switch parameter.In {
	case openapi3.ParameterInPath:
		r.fill(parameter.Name, fmt.Sprint(value))
	case openapi3.ParameterInHeader:
		r.headers[parameter.Name] = fmt.Sprint(value)
	default:
		r.query.Del(parameter.Name)
		for _, text := range texts {
			r.query.Add(parameter.Name, fmt.Sprint(text))
		}
	}
}

func (r *exampleRequest) target() string { return r.path + "?" + r.query.Encode() }

func (r *exampleRequest) parts(t *testing.T) []part {
	t.Helper()
	parts := []part{as("u")}
	for name, value := range r.headers {
		parts = append(parts, header(name, value))
	}
	if r.body == nil {
		return parts
	}
	text, isText := r.body.(string)
	if !isText {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	return append(parts, header("Content-Type", r.mediaType), content(text))
}

// goodStatuses are those of an operation that say that all is well.
func goodStatuses(operation *openapi3.Operation) []int {
	var good []int
	for text := range operation.Responses.Map() {
		if status, err := strconv.Atoi(text); err == nil && (status < 300 || status == 304) {
			good = append(good, status)
		}
	}
	return good
}

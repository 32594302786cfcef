package httpapi

import _ "embed" // for the two files

// openapiYAML describes the API, OpenAPI 3.1. openapiJSON is made from it by a
// test (go generate) and says the same.
//
//go:generate go test -run ^TestOpenAPIJSON$ . -update
var (
	//go:embed openapi.yaml
	openapiYAML []byte
	//go:embed openapi.json
	openapiJSON []byte
)

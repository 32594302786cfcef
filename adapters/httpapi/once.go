package httpapi

import (
	"crypto/sha256"
	"net/http"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// onceIn gives what Idempotency-Key asks for
// (draft-ietf-httpapi-idempotency-key-header): that a request to do something
// with this body has an effect once, and the same answer each time.
func onceIn(header http.Header, something string, body []byte) (application.Once, error) {
	const name = "Idempotency-Key"
	keys := header.Values(name)
	switch {
	case len(keys) == 0:
		return application.Once{}, nil
	case len(keys) > 1:
		return application.Once{}, domain.Invalidity(domain.Violation{Field: name, Detail: "must be given once"})
	}
	key, err := domain.ParseOnceKey(keys[0])
	if err != nil {
		return application.Once{}, err
	}
	request := sha256.Sum256(append([]byte(something+"\n"), body...))
	return domain.Some(domain.Once{Key: key, Request: request}), nil
}

package generator_test

import (
	"net/http"
	"testing"

	"example.com/bench/internal/generator"
)

func TestHeadersAreReadHoweverTheyAreWritten(t *testing.T) {
	for _, name := range []string{"ETag", "Etag", "etag"} {
		client, err := generator.Dial(t.Context(), serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()[name] = []string{`"42"`}
		}))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(&generator.Request{Method: "GET", Path: "/"})
		if err != nil || answer.Tag != `"42"` {
			t.Errorf("%s is read as %q (error %v)", name, answer.Tag, err)
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
}

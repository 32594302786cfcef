package httpapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// docsFile is an embedded file, read when it is first asked for. One that is
// kept gzipped is sent so to whoever takes it, and unpacked for the rest.
type docsFile struct {
	mediaType     string
	plain, packed func() (docsForm, error) // packed is nil for a file that is kept as it is
}

// docsForm is a file in one content coding, in which it has a tag of its own.
type docsForm struct {
	coding string
	body   []byte
	etag   string
}

// newDocsFile makes a file of one in files, kept gzipped if its name says so.
func newDocsFile(files embed.FS, name, mediaType string) *docsFile {
	kept := func() ([]byte, error) { return files.ReadFile(name) }
	if !strings.HasSuffix(name, ".gz") {
		return &docsFile{mediaType: mediaType, plain: newDocsForm("", kept)}
	}
	return &docsFile{
		mediaType: mediaType,
		packed:    newDocsForm("gzip", kept),
		plain: newDocsForm("", func() ([]byte, error) {
			packed, err := kept()
			if err != nil {
				return nil, err
			}
			reader, err := gzip.NewReader(bytes.NewReader(packed))
			if err != nil {
				return nil, err
			}
			return io.ReadAll(reader)
		}),
	}
}

// newDocsForm makes a form, once.
func newDocsForm(coding string, read func() ([]byte, error)) func() (docsForm, error) {
	return sync.OnceValues(func() (docsForm, error) {
		body, err := read()
		sum := sha256.Sum256(body)
		return docsForm{coding: coding, body: body, etag: `"` + hex.EncodeToString(sum[:16]) + `"`}, err
	})
}

// formFor is the form for a request with this header.
func (f *docsFile) formFor(request http.Header) (docsForm, error) {
	if f.packed != nil && weight(request, echo.HeaderAcceptEncoding, "gzip") > 0 {
		return f.packed()
	}
	return f.plain()
}

package webpage

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static
var static embed.FS

// mediaTypes are those of the files, by how their names end.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// file is one that is the same for everybody until the next release.
type file struct {
	mediaType string
	body      []byte
	etag      string
}

func newFile(mediaType string, body []byte) *file {
	sum := sha256.Sum256(body)
	return &file{mediaType, body, `"` + hex.EncodeToString(sum[:16]) + `"`}
}

// readFiles gives what is embedded by the path that it is served at.
func readFiles() (map[string]*file, error) {
	entries, err := static.ReadDir("static")
	if err != nil {
		return nil, err
	}
	files := map[string]*file{}
	for _, entry := range entries {
		name := entry.Name()
		mediaType, known := mediaTypes[path.Ext(name)]
		if !known {
			return nil, fmt.Errorf("%s is of no known media type", name)
		}
		body, err := static.ReadFile("static/" + name)
		if err != nil {
			return nil, err
		}
		at := "/page/" + name
		if name == "page.html" {
			at = "/"
		}
		files[at] = newFile(mediaType, body)
	}
	return files, nil
}

// answer sends the file to whoever does not have it yet. Any cache may keep it,
// and asks whether it still holds.
func (f *file) answer(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", f.etag)
	if strings.Contains(r.Header.Get("If-None-Match"), f.etag) { // among others or not, weak or not
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", f.mediaType)
	header.Set("Content-Length", strconv.Itoa(len(f.body)))
	_, _ = w.Write(f.body) // an error means that nobody is left to be told
}

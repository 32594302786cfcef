package httpapi

import (
	"embed"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/swaggest/swgui/v5/static" // Swagger UI as it is released, gzipped, and nothing else
)

// docsPolicy is all that the reference page may do: run, show and call what
// this service serves. The style sheet of Swagger UI has its pictures as data.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed docs
var docsPage embed.FS // what is ours around Swagger UI

// docsFiles are the reference page and its parts.
var docsFiles = map[string]*docsFile{
	"page.html":            newDocsFile(docsPage, "docs/page.html", "text/html; charset=utf-8"),
	"page.css":             newDocsFile(docsPage, "docs/page.css", "text/css; charset=utf-8"),
	"page.js":              newDocsFile(docsPage, "docs/page.js", "text/javascript; charset=utf-8"),
	"favicon-32x32.png":    newDocsFile(static.FS, "favicon-32x32.png", "image/png"),
	"swagger-ui.css":       newDocsFile(static.FS, "swagger-ui.css.gz", "text/css; charset=utf-8"),
	"swagger-ui-bundle.js": newDocsFile(static.FS, "swagger-ui-bundle.js.gz", "text/javascript; charset=utf-8"),
}

// docs answers the reference page, which shows openapi.yaml and tries it out.
func docs(c echo.Context) error { return answerDocs(c, docsFiles["page.html"]) }

// docsPart answers what the page loads.
func docsPart(c echo.Context) error {
	file, known := docsFiles[c.Param("file")]
	if !known {
		return routeNotFound
	}
	return answerDocs(c, file)
}

// answerDocs sends a file to whoever does not have it yet. It is the same for
// everybody until the next release, so any cache may keep it, and asks whether
// it still holds.
func answerDocs(c echo.Context, file *docsFile) error {
	request, header := c.Request().Header, c.Response().Header()
	form, err := file.formFor(request)
	if err != nil {
		return err
	}
	header.Set(echo.HeaderContentSecurityPolicy, docsPolicy)
	header.Set(echo.HeaderCacheControl, "no-cache")
	header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	header.Set("ETag", form.etag)
	if strings.Contains(request.Get("If-None-Match"), form.etag) { // among others or not, weak or not
		return c.NoContent(http.StatusNotModified)
	}
	if form.coding != "" {
		header.Set(echo.HeaderContentEncoding, form.coding)
	}
	header.Set(echo.HeaderContentLength, strconv.Itoa(len(form.body)))
	return c.Blob(http.StatusOK, file.mediaType, form.body)
}

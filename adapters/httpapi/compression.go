package httpapi

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip" // takes half the time of the standard library's, for less
	"github.com/labstack/echo/v4"
)

// minCompressed is the shortest answer that is worth the work.
const minCompressed = 4 << 10

var gzipWriters = sync.Pool{New: func() any {
	writer, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails for an unknown level alone
	return writer
}}

// compressed gives the body as it is sent, which is shorter where the client
// takes gzip, and says so in the header. (Echo's Gzip would leave the entity
// tag as it is.)
func compressed(request, answer http.Header, body []byte) []byte {
	if len(body) < minCompressed {
		return body
	}
	answer.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if !(weight(request, echo.HeaderAcceptEncoding, "gzip") > 0) { // not a number is none
		return body
	}
	var shorter bytes.Buffer
	shorter.Grow(len(body) / 4)
	writer, _ := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(writer)
	writer.Reset(&shorter)
	_, _ = writer.Write(body) // to memory
	_ = writer.Close()
	answer.Set(echo.HeaderContentEncoding, "gzip")
	if tag, tagged := strings.CutSuffix(answer.Get("ETag"), `"`); tagged {
		answer.Set("ETag", tag+gzipTag+`"`)
	}
	return shorter.Bytes()
}

// weight is that which a list of weighted names, such as Accept-Encoding
// (RFC 9110 section 12.4.2), gives to this one: 0 if it is not there.
func weight(header http.Header, list, wanted string) float64 {
	for element := range strings.SplitSeq(strings.Join(header.Values(list), ","), ",") {
		name, parameters, _ := strings.Cut(element, ";")
		if !strings.EqualFold(strings.TrimSpace(name), wanted) {
			continue
		}
		for parameter := range strings.SplitSeq(parameters, ";") {
			key, value, _ := strings.Cut(parameter, "=")
			if number, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && strings.EqualFold(strings.TrimSpace(key), "q") {
				return number
			}
		}
		return 1
	}
	return 0
}

package generator

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Answer is what came back. It is good until the next request of the client.
type Answer struct {
	Status int
	Tag    string // of ETag, with its quotes
	Link   string
	Body   []byte
}

// Headers that are read.
var (
	etag          = []byte("ETag")
	link          = []byte("Link")
	contentLength = []byte("Content-Length")
)

// read takes an answer from the wire. It knows no other framing than
// Content-Length, which servers give with each answer that is known as a whole.
func (a *Answer) read(from *bufio.Reader) error {
	line, err := from.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < len("HTTP/1.1 200") {
		return fmt.Errorf("no status line: %q", line)
	}
	if a.Status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return fmt.Errorf("no status line: %q", line)
	}
	a.Tag, a.Link = "", ""
	length := -1
	for {
		if line, err = from.ReadSlice('\n'); err != nil {
			return err
		}
		name, value, ok := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(": "))
		if !ok {
			break
		}
		switch { // servers write them as they like
		case bytes.EqualFold(name, etag):
			a.Tag = string(value)
		case bytes.EqualFold(name, link):
			a.Link = string(value)
		case bytes.EqualFold(name, contentLength):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		}
	}
	switch {
	case a.Status == 204 || a.Status == 304:
		length = 0
	case length < 0:
		return errors.New("an answer without Content-Length")
	}
	if cap(a.Body) < length {
		a.Body = make([]byte, length)
	}
	a.Body = a.Body[:length]
	_, err = io.ReadFull(from, a.Body)
	return err
}

// Next is the path of the next page, or empty if this was the last one.
func (a *Answer) Next() string {
	path, next := strings.CutSuffix(a.Link, `>; rel="next"`)
	if !next {
		return ""
	}
	return strings.TrimPrefix(path, "<")
}

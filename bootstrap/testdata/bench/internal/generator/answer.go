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

// read takes an answer from the wire. It knows no other framing than
// Content-Length, which Taskward gives with each of its answers.
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
		switch string(name) { // as net/http writes them
		case "Etag":
			a.Tag = string(value)
		case "Link":
			a.Link = string(value)
		case "Content-Length":
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

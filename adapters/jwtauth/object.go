package jwtauth

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"time"

	// encoding/json lets duplicate members and broken UTF-8 pass and folds the
	// case of names; this is the reader that Go is going to have in its place.
	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object whose members are still raw. Names are compared
// byte for byte.
type object map[string]jsontext.Value

// maxDepth is how deep JSON may be nested: far more than claims ever are.
const maxDepth = 16

var (
	errNoObject = errors.New("not a JSON object")
	errTwice    = errors.New("a JSON object with a member twice")
	errTooDeep  = errors.New("nested too deep")
	errNoArray  = errors.New("not a JSON array")
)

// parseObject reads one JSON object, nothing before or behind it but white
// space, without duplicate members or broken UTF-8 at any depth.
func parseObject(text []byte) (object, error) {
	if depth(text) > maxDepth {
		return nil, errTooDeep
	}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(text))
	if begin, err := decoder.ReadToken(); err != nil || begin.Kind() != '{' {
		return nil, errNoObject
	}
	members := make(object, 16)
	for decoder.PeekKind() == '"' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, flaw(err)
		}
		key := name.String()
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, flaw(err)
		}
		end := decoder.InputOffset()
		members[key] = jsontext.Value(text[end-int64(len(value)) : end])
	}
	if _, err := decoder.ReadToken(); err != nil { // the closing brace
		return nil, errNoObject
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errNoObject
	}
	return members, nil
}

// flaw says what the reader found to be wrong.
func flaw(err error) error {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return errTwice
	}
	return errNoObject
}

// depth is how deep the brackets of JSON text are nested.
func depth(text []byte) int {
	deepest, now := 0, 0
	for i, quoted := 0, false; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// has reports whether there is a member of this name, whatever its value.
func (o object) has(name string) bool {
	_, there := o[name]
	return there
}

// text gives a member that is a string, and false for anything else or none.
func (o object) text(name string) (string, bool) { return unquote(o[name]) }

// texts gives a member that is a string or an array of strings, and false for
// anything else or none.
func (o object) texts(name string) ([]string, bool) {
	value := o[name]
	if text, ok := unquote(value); ok {
		return []string{text}, true
	}
	elements, err := parseArray(value)
	if err != nil {
		return nil, false
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		text, ok := unquote(element)
		if !ok {
			return nil, false
		}
		texts[i] = text
	}
	return texts, true
}

// maxNumericDate is the end of the year 9999, the last that RFC 3339 can write.
const maxNumericDate = 253402300799

// time gives a member that is a NumericDate (RFC 7519 section 2: seconds since
// 1970, fractions allowed) from 1970 to 9999, and false for anything else or none.
func (o object) time(name string) (time.Time, bool) {
	seconds, err := strconv.ParseFloat(string(o[name]), 64) // of JSON's values it takes numbers alone
	if err != nil || seconds < 0 || seconds > maxNumericDate {
		return time.Time{}, false
	}
	return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC(), true
}

// parseArray gives the raw elements of a JSON array.
func parseArray(value jsontext.Value) ([]jsontext.Value, error) {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(value))
	if begin, err := decoder.ReadToken(); err != nil || begin.Kind() != '[' {
		return nil, errNoArray
	}
	var elements []jsontext.Value
	for decoder.PeekKind() != ']' {
		element, err := decoder.ReadValue()
		if err != nil {
			return nil, errNoArray
		}
		end := decoder.InputOffset()
		elements = append(elements, value[end-int64(len(element)):end])
	}
	return elements, nil
}

func unquote(value jsontext.Value) (string, bool) {
	if value.Kind() != '"' {
		return "", false
	}
	text, err := jsontext.AppendUnquote(nil, value)
	return string(text), err == nil
}

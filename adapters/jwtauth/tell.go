package jwtauth

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// tellMembers gives the values of the named members, which are no secrets, and
// the names of the others, which may hold some.
func tellMembers(members object, names ...string) string {
	if members == nil {
		return "no JSON object that can be read in one way"
	}
	var parts, others []string
	for _, name := range names {
		if members.has(name) {
			parts = append(parts, name+" "+tellValue(members, name))
		} else {
			parts = append(parts, "no "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(names, name) {
			others = append(others, quote(name))
		}
	}
	if len(others) > 0 {
		parts = append(parts, "and "+strings.Join(others, ", "))
	}
	return strings.Join(parts, ", ")
}

func tellValue(members object, name string) string {
	if text, ok := members.text(name); ok {
		return quote(text)
	}
	return "of another type than text"
}

// tellExpected compares what a claim says with what it should say.
func tellExpected(name string, found []string, present bool, expected []string) string {
	quoted := strings.Join(quoteAll(found), ", ")
	wanted := strings.Join(quoteAll(expected), " or ")
	switch {
	case len(expected) == 0 && !present:
		return fmt.Sprintf("there is no %s, and none is expected", name)
	case len(expected) == 0:
		return fmt.Sprintf("%s is %s, and any is accepted", name, quoted)
	case !present:
		return fmt.Sprintf("there is no %s; where there is one, %s is expected", name, wanted)
	}
	for _, value := range found {
		if slices.Contains(expected, value) {
			return fmt.Sprintf("%s is %s, as expected", name, quoted)
		}
	}
	for _, value := range found {
		for _, other := range expected {
			if difference := nearMiss(value, other); difference != "" {
				return fmt.Sprintf("%s is %s, but %s is expected: %s", name, quoted, wanted, difference)
			}
		}
	}
	return fmt.Sprintf("%s is %s, but %s is expected", name, quoted, wanted)
}

func quoteAll(texts []string) []string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quote(text)
	}
	return quoted
}

// quote makes text from a token fit for a terminal.
func quote(text string) string {
	const longest = 200
	if len(text) > longest {
		return strconv.Quote(text[:longest]) + "…"
	}
	return strconv.Quote(text)
}

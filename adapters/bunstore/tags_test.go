package bunstore

import (
	"encoding/json"
	"slices"
	"testing"
)

// FuzzPlainTexts holds what is taken apart by hand to what encoding/json makes
// of it.
func FuzzPlainTexts(f *testing.F) {
	for _, seed := range []string{
		`["home"]`, `["home", "at work"]`, `["home","at work"]`, `["a, b"]`, `["\u00e9"]`, `["é", "\""]`, `[""]`, `["",""]`, `["a" , "b"]`,
		`["a", "b","c"]`, `["]`, `["a"], "b"]`, `["a",["b"]]`, "[\"\t\"]", "[\"\xff\"]", `["\"]`, `[]`, `["a", "b"`, `null`, `["a","b", "c"]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, array string) {
		texts, plain := plainTexts(array)
		if !plain {
			return
		}
		var want []string
		if err := json.Unmarshal([]byte(array), &want); err != nil || !slices.Equal(texts, want) {
			t.Errorf("%q was taken for %q, and is %q, error %v", array, texts, want, err)
		}
	})
}

func TestMostTagsArePlain(t *testing.T) {
	for array, want := range map[string][]string{`["home"]`: {"home"}, `["home", "at work"]`: {"home", "at work"}, `["home","é"]`: {"home", "é"}} {
		if texts, plain := plainTexts(array); !plain || !slices.Equal(texts, want) {
			t.Errorf("%s is taken for %q, plain %t", array, texts, plain)
		}
	}
}

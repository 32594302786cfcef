package bunstore

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/taskward/taskward/domain"
)

// noTags is what most rows have.
const noTags = "[]"

func encodeTags(tags domain.Tags) json.RawMessage {
	if tags == (domain.Tags{}) {
		return json.RawMessage(noTags)
	}
	encoded, _ := json.Marshal(tags.Names()) // text always can be
	return encoded
}

func decodeTags(encoded json.RawMessage) (domain.Tags, error) {
	if string(encoded) == noTags {
		return domain.Tags{}, nil
	}
	names, plain := plainTexts(string(encoded))
	if !plain {
		if err := json.Unmarshal(encoded, &names); err != nil {
			return domain.Tags{}, errors.New("its tags are no array of text")
		}
	}
	return domain.RestoreTags(names)
}

// plainTexts takes an array of texts apart in which nothing is escaped, as
// PostgreSQL or we ourselves write it; reading one with encoding/json would be
// 5 % of the processor time of a list whose tasks have tags.
func plainTexts(array string) (texts []string, plain bool) {
	inner, opened := strings.CutPrefix(array, `["`)
	inner, closed := strings.CutSuffix(inner, `"]`)
	if !opened || !closed || strings.Contains(inner, `\`) {
		return nil, false
	}
	separator := `","`
	if strings.Contains(inner, `", "`) {
		separator = `", "`
	}
	texts = strings.Split(inner, separator)
	for _, text := range texts {
		if strings.ContainsFunc(text, isNoPlainText) {
			return nil, false
		}
	}
	return texts, true
}

// isNoPlainText is true for what cannot be in a text, and for what decoders
// put in the place of what cannot be.
func isNoPlainText(r rune) bool { return r == '"' || r < ' ' || r == '\uFFFD' }

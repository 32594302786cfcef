package bunstore

import (
	"unicode/utf8"

	"github.com/taskward/taskward/domain"
)

// folded is what domain.Fold makes of text, as a column takes it that holds
// null where an engine's lower case of ASCII says the same.
func folded(text string) *string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			folded := domain.Fold(text)
			return &folded
		}
	}
	return nil
}

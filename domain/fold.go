package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold is text as it is searched and sorted: without case and without accents,
// so that "Über" is found by "uber" and stands beside it. It knows the letters
// that Unicode decomposes into a base and accents (NFD). Ligatures and letters
// with a stroke, such as æ and ł, stay what they are, and so does what in other
// scripts is more than an accent.
//
//go:generate go test -run ^TestFoldTable$ -update .
func Fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch base, accented := foldedLetters[r]; {
		case r < utf8.RuneSelf:
		case accented:
			r = base
		case unicode.Is(accents, r):
			return -1
		}
		return unicode.ToLower(unicode.ToUpper(r)) // Σ has two small letters
	}, text)
}

// accents are the blocks of Unicode that have the word diacritical in their
// names, and the half marks.
var accents = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0300, Hi: 0x036F, Stride: 1},
	{Lo: 0x1AB0, Hi: 0x1AFF, Stride: 1},
	{Lo: 0x1DC0, Hi: 0x1DFF, Stride: 1},
	{Lo: 0x20D0, Hi: 0x20FF, Stride: 1},
	{Lo: 0xFE20, Hi: 0xFE2F, Stride: 1},
}}

// foldedLetters has the base of each letter that has marks.
var foldedLetters = func() map[rune]rune {
	letters := map[rune]rune{}
	for line := range strings.Lines(foldTable) {
		base, accented, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		for _, letter := range accented {
			letters[letter] = []rune(base)[0]
		}
	}
	return letters
}()

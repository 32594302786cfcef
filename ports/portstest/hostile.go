package portstest

import "strings"

// What stores are known to spoil.
var (
	hostileTitles = []string{
		"plain",
		"emoji 👩‍👩‍👧‍👦 and 𝒻ancy",
		"combining e\u0301 against é",
		"quotes ' \" ` and \\ back\\slash",
		"'; DROP TABLE tasks; --",
		"wild % and _ and ? and $1 and :name and {}",
		"<b>&amp;</b>",
		"right \u200fto left\u200e",
		"\U0010FFFF at the end of Unicode",
		strings.Repeat("漢", 200),
	}
	hostileDescriptions = []string{
		"",
		"  leading and trailing spaces  ",
		"\n\ttabs and\r\nnew lines\n",
		"null",
		strings.Repeat("🙂", 1000),
	}
	hostileTags = [][]string{
		{"null"},
		{"[]", "{}", `"`, `\`, `\u0041`, ",", "'", "%", "a, b"},
		{"z", "a", "Z", "é", "e\u0301", "👩‍👩‍👧‍👦", "\U0010FFFF and on"},
		{strings.Repeat("漢", 50)},
		{"<b>&amp;</b>", "\u200fright to left"},
	}
	hostileDueDates = [][2]string{
		{"0001-01-01", "Antarctica/Troll"},
		{"9999-12-31T23:59:59.999999999+23:59", ""},
		{"2026-11-22", "America/Argentina/ComodRivadavia"},
		{"2026-11-22T17:00:00.000000001+01:00", "Etc/GMT+1"},
		{"1969-12-31T23:59:59.999999Z", "Etc/UTC"},
		{"2026-11-22T17:00:00.10-00:00", ""},
	}
	hostilePositions = []string{
		"0000000000000000",
		"7fffffffffffffffzzz",
		"4000000000000001A",
		"4000000000000001a",
		"4000000000000001" + strings.Repeat("V", 239),
	}
)

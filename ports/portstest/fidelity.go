package portstest

import (
	"strings"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Texts that stores are known to spoil.
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
	hostileUserIDs = []string{
		"1", "/", "..", "%2F", " ", "é", "'", "\"", "\\", "?", "$1", ";--", "👤", "\n", "\U0010FFFF",
		strings.Repeat("x", 900),
	}
)

var fidelityRules = []rule{
	{"Get and List return every field as Apply stored it", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for i, text := range hostileTitles {
			create := domain.Create{Title: title(text), Completed: i%2 == 0}
			if i < len(hostileDescriptions) {
				create.Description = description(hostileDescriptions[i])
			}
			s.wantTask(s.apply(noon, create)[0])
		}
		for i, text := range hostileDescriptions {
			s.wantTask(s.apply(later, domain.Edit{
				Target:      on(domain.TaskID(i + 1)),
				Title:       domain.Some(title(hostileTitles[len(hostileTitles)-1-i])),
				Description: domain.Some(description(text)),
			})[0])
		}
	}},
	{"Returned values are copies", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		results := s.apply(noon, domain.Create{Title: title("first")}, domain.Create{Title: title("second")})
		first, second := results[0], results[1]
		clear(results)
		clear(s.all())
		clear(s.list(domain.TaskQuery{Limit: 1}).Tasks)
		s.wantTask(first)
		s.wantTask(second)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 10}), second.ID, first.ID)
	}},
}

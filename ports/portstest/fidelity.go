package portstest

import (
	"strings"
	"time"

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
		strings.Repeat("x", domain.MaxUserIDBytes),
	}
	// Pairs of ids that stores are known to confuse; @ stands for a fresh one.
	alikeUserIDs = [][2]string{
		{"@", "@ "},
		{"@", " @"},
		{"@", "@\t"},
		{"@", "@\u200b"},
		{"@-case", "@-CASE"},
		{"@ß", "@ẞ"},
		{"@é", "@e\u0301"},
		{"@x", "@%"},
		{"@x", "@_"},
		{"@" + strings.Repeat("x", 900) + "1", "@" + strings.Repeat("x", 900) + "2"},
	}
)

var fidelityRules = []rule{
	{"Get and List return every field as Apply stored it", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		want := func(at time.Time, change domain.Change, title domain.Title, description domain.Description) {
			stored := s.apply(at, change)[0]
			if stored.Title != title || stored.Description != description {
				t.Errorf("Apply gave %+v, want title %q and description %+v", stored, title, description)
			}
			s.wantTask(stored)
		}
		for i, text := range hostileTitles {
			create := domain.Create{Title: title(text), Completed: i%2 == 0}
			if i < len(hostileDescriptions) {
				create.Description = description(hostileDescriptions[i])
			}
			want(noon, create, create.Title, create.Description)
		}
		for i, text := range hostileDescriptions {
			newTitle, newDescription := title(hostileTitles[len(hostileTitles)-1-i]), description(text)
			want(later, domain.Edit{
				Target:      on(domain.TaskID(i + 1)),
				Title:       domain.Some(newTitle),
				Description: domain.Some(newDescription),
			}, newTitle, newDescription)
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

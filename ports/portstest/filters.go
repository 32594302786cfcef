package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var filterRules = []rule{
	{"Completed lists only tasks in that state", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		s.apply(later, domain.SetCompleted{Target: on(2), Completed: true}, domain.SetCompleted{Target: on(3), Completed: true})
		for _, limit := range []int{2, 9} {
			s.wantIDs(s.list(domain.TaskQuery{Limit: limit, Completed: yes}), 3, 2)
			s.wantIDs(s.list(domain.TaskQuery{Limit: limit, Completed: no}), 4, 1)
			s.wantIDs(s.list(domain.TaskQuery{Limit: limit, Completed: no, Order: up}), 1, 4)
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Completed: yes, After: after(3)}), 2)
	}},
	{"Priority lists only tasks of that priority", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for _, priority := range []domain.Priority{domain.High, domain.Low, domain.Medium, domain.Low, domain.High} {
			s.apply(noon, domain.Create{Title: title("of a priority"), Priority: priority})
		}
		for priority, want := range map[domain.Priority][]domain.TaskID{domain.High: {5, 1}, domain.Medium: {3}, domain.Low: {4, 2}} {
			s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Priority: domain.Some(priority)}), want...)
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Priority: domain.Some(domain.High), After: after(5)}), 1)
	}},
	{"Tags lists only tasks that have them all", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for _, names := range [][]string{
			{"work", "home"}, {"home", "garden", "work"}, {"homework"}, {}, {"Home"}, {"home, work"}, {`say "hi"`, `back\slash`, "100%", "é"},
		} {
			s.apply(noon, domain.Create{Title: title("tagged"), Tags: tags(names...)})
		}
		for _, step := range []struct {
			names []string
			want  []domain.TaskID
		}{
			{[]string{"home"}, []domain.TaskID{2, 1}},
			{[]string{"home", "work"}, []domain.TaskID{2, 1}},
			{[]string{"work", "garden"}, []domain.TaskID{2}},
			{[]string{"Home"}, []domain.TaskID{5}},
			{[]string{"home, work"}, []domain.TaskID{6}},
			{[]string{"homework", "home"}, nil},
			{[]string{"hom_"}, nil},
			{[]string{"%"}, nil},
			{[]string{`say "hi"`}, []domain.TaskID{7}},
			{[]string{`back\slash`, "100%"}, []domain.TaskID{7}},
			{[]string{"é"}, []domain.TaskID{7}},
			{[]string{"e\u0301"}, nil},
			{nil, []domain.TaskID{7, 6, 5, 4, 3, 2, 1}},
		} {
			s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Tags: tags(step.names...)}), step.want...)
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Tags: tags("home"), Order: up, After: after(1)}), 2)
	}},
	{"DueFrom and DueBefore list only tasks that are due from the one and before the other", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.apply(noon, bare("never"))
		for _, date := range []string{"2026-11-22", "2026-11-22T01:00:00+01:00", "2026-11-21T23:59:59.999999Z", "2026-11-23", "0001-01-02", "2026-11-22T10:00:00Z"} {
			s.apply(noon, domain.Create{Title: title("due"), Due: due(date, "")})
		}
		day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, DueFrom: day(22)}), 7, 5, 3, 2)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, DueBefore: day(22)}), 6, 4)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, DueFrom: day(22), DueBefore: day(23)}), 7, 3, 2)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, DueFrom: day(22).Add(time.Microsecond)}), 7, 5)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, DueBefore: day(22).Add(time.Microsecond)}), 6, 4, 3, 2)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, DueFrom: day(22), Sort: domain.ByDue, Order: up, Skip: 1}), 3, 7)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, DueFrom: day(23), DueBefore: day(22)}))
	}},
	{"UpdatedSince lists only tasks updated then or later", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.apply(earlier, bare("old"))
		s.apply(noon, bare("newer"))
		s.apply(earlier, bare("old, then edited"))
		s.apply(later, domain.Edit{Target: on(3), Title: domain.Some(title("edited"))})
		for since, want := range map[time.Time][]domain.TaskID{
			earlier:                     {3, 2, 1},
			noon:                        {3, 2},
			noon.Add(time.Microsecond):  {3},
			noon.Add(-time.Microsecond): {3, 2},
			later:                       {3},
			later.Add(time.Microsecond): nil,
			time.Date(1, 1, 2, 3, 4, 5, 6000, time.UTC): {3, 2, 1},
		} {
			s.wantIDs(s.list(domain.TaskQuery{Limit: 9, UpdatedSince: since}), want...)
		}
	}},
	{"Search lists only tasks that have the text in title or description, whatever case and accents it has there", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for _, text := range [][2]string{
			{"Buy crème brûlée", "on the way"},
			{"Something else", "CREME and u\u0308bermorgen"},
			{"100% of it", `C:\temp and snake_case`},
			{"ΣΊΣΥΦΟΣ ПЁТР", "It's \"quoted\" & <b>"},
		} {
			s.apply(noon, domain.Create{Title: title(text[0]), Description: description(text[1])})
		}
		s.apply(noon, bare("no description at all"))
		for text, want := range map[string][]domain.TaskID{
			"Crème":      {2, 1},
			"creme bru":  {1},
			"ÜBER":       {2},
			"way":        {1},
			"ee":         {1},
			"eeon":       nil,
			"elsecreme":  nil,
			"0% of":      {3},
			"0_ of":      nil,
			"e%b":        nil,
			"snake_":     {3},
			"snake-":     nil,
			`c:\t`:       {3},
			"s \"q":      {4},
			"'":          {4},
			"<B>":        {4},
			"σίσυφος":    {4},
			"петр":       {4},
			"all":        {5},
			"null":       nil,
			"descr":      {5},
			"$1":         nil,
			"?":          nil,
			"\U0010FFFF": nil,
		} {
			s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Search: domain.Fold(text)}), want...)
		}
		s.apply(later, domain.Edit{Target: on(5), Title: domain.Some(title("Crème fraîche")), Description: domain.Some(description("Été"))})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Search: "creme"}), 5, 2, 1)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Search: "ete"}), 5)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Search: "descr"}))
		s.wantIDs(s.list(domain.TaskQuery{Limit: 1, Search: "creme", Sort: domain.ByTitle, Order: up, Skip: 1}), 5)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Search: "creme", After: after(5)}), 2, 1)
	}},
	{"Total counts all tasks that pass the filters, whatever page is asked for, if Count is set", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.apply(noon, bare("first"))
		s.createMany(5)
		s.apply(later, domain.Edit{Target: on(2), Completed: yes, Priority: domain.Some(domain.Low), Tags: domain.Some(tags("rare"))})
		s.apply(later, domain.Edit{Target: on(3), Title: domain.Some(title("rare")), DueDate: domain.Some(dueDate("2027-01-01"))})
		s.createMany(2)
		s.delete(later, 6, 7)
		for query, want := range map[domain.TaskQuery]int{
			{Limit: 1, Count: true}:                             6,
			{Limit: 0, Count: true}:                             6,
			{Limit: 2, Count: true, After: after(3), Order: up}: 6,
			{Limit: 2, Count: true, Skip: 4}:                    6,
			{Limit: 2, Count: true, After: after(1)}:            6,
			{Limit: 2, Count: true, Sort: domain.ByPosition, After: domain.Some(domain.Bookmark{Text: "7fffffffffffffff"})}: 6,
			{Limit: 1, Count: true, Completed: yes}:                                            1,
			{Limit: 1, Count: true, Completed: no, Skip: 9}:                                    5,
			{Limit: 1, Count: true, Priority: domain.Some(domain.High)}:                        4,
			{Limit: 1, Count: true, Tags: tags("rare")}:                                        1,
			{Limit: 1, Count: true, DueFrom: dueDate("2026-12-31").At()}:                       1,
			{Limit: 1, Count: true, DueBefore: dueDate("2026-12-31").At(), Sort: domain.ByDue}: 4,
			{Limit: 1, Count: true, UpdatedSince: later}:                                       2,
			{Limit: 1, Count: true, Search: "many"}:                                            5,
			{Limit: 1, Count: true, Search: "rare", Completed: yes}:                            0,
		} {
			if got, ok := s.list(query).Total.Get(); !ok || got != want {
				t.Errorf("List(%+v) counted %d (%v), want %d", query, got, ok, want)
			}
		}
		if total, ok := s.list(domain.TaskQuery{Limit: 1}).Total.Get(); ok {
			t.Errorf("List counted %d though it was not asked to", total)
		}
	}},
}

package portstest

import (
	"crypto/rand"
	"errors"
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var ownersRules = []ownersRule{
	{"Owners returns everybody who has ever had a task", func(t reporter, owners ports.Owners, tasks ports.TaskRepository) {
		f := newFamily(t, owners, tasks)
		f.member("1").create("live")
		completed := f.member("2")
		completed.apply(noon, domain.ToggleCompleted{Target: on(completed.create("completed").ID)})
		trashed := f.member("3")
		trashed.apply(later, domain.Delete{Target: on(trashed.create("in the trash").ID)})
		purged := f.member("4")
		purged.apply(later, domain.Delete{Target: on(purged.create("purged").ID)}, domain.Purge{Target: on(1)})
		erased := f.member("5")
		erased.create("erased")
		erased.erase()
		imported := f.member("6")
		imported.apply(noon, domain.Import{Create: rich("imported"), CreatedAt: earlier})
		f.want("", "1", "2", "3", "4", "5", "6")
	}},
	{"Owners returns nobody who has not", func(t reporter, owners ports.Owners, tasks ports.TaskRepository) {
		f := newFamily(t, owners, tasks)
		f.member("5").create("task")
		asking := f.member("1")
		asking.all()
		asking.state()
		f.member("2").wantApplyError(domain.ErrTaskNotFound, domain.ToggleCompleted{Target: on(1)})
		f.member("3").wantApplyError(domain.ErrTaskNotFound, bare("one of two"), domain.ToggleCompleted{Target: on(2)})
		f.member("4").erase()
		f.member("6").apply(noon)
		f.want("", "5")
	}},
	{"Each comes once", func(t reporter, owners ports.Owners, tasks ports.TaskRepository) {
		f := newFamily(t, owners, tasks)
		for _, name := range []string{"1", "2"} {
			member := f.member(name)
			member.createMany(3)
			member.apply(later, domain.Delete{Target: on(1)}, domain.Delete{Target: on(2)}, domain.Purge{Target: on(2)})
		}
		f.want("", "1", "2")
	}},
	{"They come in the order of their ids, byte for byte", func(t reporter, owners ports.Owners, tasks ports.TaskRepository) {
		f := newFamily(t, owners, tasks)
		names := []string{
			"\t", " ", "!", "\"", "'", "-", "1", "10", "2", "A", "Aa", "B", "Z", "_", "a", "aB", "ab", "b", "ba", "e\u0301", "z", "~", "é", "ÿ",
			"ʟ", "漢", "\uffee", "🙂", "\U0010FFFF",
		}
		for i := range names { // not in their order
			f.member(names[(i*11+5)%len(names)]).create("task")
		}
		f.want("", names...)
		for i, name := range names {
			f.want(name, names[i+1:]...)
		}
	}},
	{"Only those behind after come", func(t reporter, owners ports.Owners, tasks ports.TaskRepository) {
		f := newFamily(t, owners, tasks)
		for _, name := range []string{"b", "bb", "d", "f"} {
			f.member(name).create("task")
		}
		f.want("a", "b", "bb", "d", "f")
		f.want("b", "bb", "d", "f")
		f.want("c", "d", "f")
		f.want("cz", "d", "f")
		f.want("d", "f")
		f.want("d\t", "f")
		f.want("f")
		f.member("c").create("task")
		f.want("b", "bb", "c", "d", "f")
	}},
	{"At most limit come at a time", func(t reporter, owners ports.Owners, tasks ports.TaskRepository) {
		f := newFamily(t, owners, tasks)
		names := []string{"a", "b", "c", "d", "e"}
		for _, name := range names {
			f.member(name).create("task")
		}
		for limit := 1; limit <= len(names); limit++ {
			after := ""
			for rest := names; len(rest) > 0; rest = rest[min(limit, len(rest)):] {
				page := f.page(after, limit)
				if want := rest[:min(limit, len(rest))]; len(page) > limit || !slices.Equal(f.ours(page), want) {
					t.Fatalf("at most %d behind %q are %q, want %q", limit, after, page, want)
				}
				after = rest[min(limit, len(rest))-1]
			}
		}
		if page := f.page("", 0); len(page) != 0 {
			t.Errorf("at most none are %q", page)
		}
	}},
	{"Owners returns the context's error if the context has ended", func(t reporter, owners ports.Owners, tasks ports.TaskRepository) {
		newFamily(t, owners, tasks).member("1").create("task")
		for want, ctx := range ended(t) {
			if got, err := owners.Owners(ctx, "", 1); !errors.Is(err, want) || got != nil {
				t.Errorf("Owners gave %q and error %v, want %v", got, err, want)
			}
		}
	}},
}

var closedOwnersRule = ownersRule{"A closed store answers with domain.Unavailable", func(t reporter, owners ports.Owners, _ ports.TaskRepository) {
	if got, err := owners.Owners(t.Context(), "", 1); domain.KindOf(err) != domain.Unavailable || got != nil {
		t.Errorf("Owners gave %q and error %v", got, err)
	}
}}

// family are owners whose ids begin with the same fresh letters, so that they
// stand together among all others.
type family struct {
	t      reporter
	owners ports.Owners
	tasks  ports.TaskRepository
	name   domain.UserID
}

func newFamily(t reporter, owners ports.Owners, tasks ports.TaskRepository) family {
	return family{t, owners, tasks, domain.UserID("Owner-" + rand.Text() + "-")}
}

func (f family) member(name string) scene {
	return scene{f.t, f.tasks, f.name + domain.UserID(name)}
}

// page asks for owners behind a member.
func (f family) page(after string, limit int) []domain.UserID {
	f.t.Helper()
	page, err := f.owners.Owners(f.t.Context(), f.name+domain.UserID(after), limit)
	if err != nil {
		f.t.Fatalf("Owners: %v", err)
	}
	return page
}

// ours gives the names of the members among owners, and all of anybody else.
func (f family) ours(page []domain.UserID) []string {
	names := []string{}
	for _, owner := range page {
		if len(owner) >= len(f.name) && owner[:len(f.name)] == f.name {
			names = append(names, string(owner[len(f.name):]))
		}
	}
	return names
}

// want fails the test unless just these members come behind another, and come
// first.
func (f family) want(after string, names ...string) {
	f.t.Helper()
	page := f.page(after, len(names)+1)
	if got := f.ours(page); !slices.Equal(got, append([]string{}, names...)) || len(got) > 0 && page[0] != f.name+domain.UserID(got[0]) {
		f.t.Errorf("behind %q come %q, want %q", after, page, names)
	}
}

func ownersSentences() []string {
	sentences := []string{closedOwnersRule.sentence}
	for _, rule := range ownersRules {
		sentences = append(sentences, rule.sentence)
	}
	return sentences
}

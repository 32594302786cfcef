package portstest

import (
	"strings"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Ids that stores are known to spoil, and pairs that they are known to
// confuse; @ stands for a fresh one.
var (
	hostileUserIDs = []string{
		"1", "/", "..", "%2F", " ", "é", "'", "\"", "\\", "?", "$1", ";--", "👤", "\n", "\U0010FFFF",
		strings.Repeat("x", domain.MaxUserIDBytes),
	}
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

var ownerIDRules = []rule{
	{"Owners are compared byte for byte", func(t reporter, tasks ports.TaskRepository) {
		for _, pair := range alikeUserIDs {
			fresh := newScene(t, tasks)
			named := func(pattern string) scene {
				owner := strings.ReplaceAll(pattern, "@", string(fresh.owner))
				return scene{t, tasks, domain.UserID(owner)}
			}
			bothWays(named(pair[0]), named(pair[1]), func(mine, theirs scene) {
				before := mine.belongings()
				task := theirs.create("theirs")
				theirs.create("in their trash")
				theirs.delete(later, task.ID+1)
				last := theirs.send(keyed("key", string(theirs.owner), domain.NewBatch(noon, bare("once"))))[0]
				mine.wantUnchanged(before)
				mine.wantGone(last.ID)
				mine.wantApplyError(domain.ErrTaskNotFound, domain.ToggleCompleted{Target: on(last.ID)})
				mine.wantApplyError(domain.ErrTaskNotFound, domain.Restore{Target: on(task.ID + 1)})
				theirs.wantTask(task)
				theirs.wantTask(last)
				if got := mine.create("mine").ID; got != before.counters.LastTaskID+1 {
					t.Errorf("%q got id %d after %d", mine.owner, got, before.counters.LastTaskID)
				}
			})
			one, other := named(pair[0]), named(pair[1])
			kept := other.belongings()
			one.erase()
			other.wantUnchanged(kept)
		}
	}},
	{"Any owner id is kept as it is", func(t reporter, tasks ports.TaskRepository) {
		for _, id := range hostileUserIDs {
			odd := newScene(t, tasks)
			odd.owner += domain.UserID(id)
			odd.owner = odd.owner[:min(len(odd.owner), domain.MaxUserIDBytes)]
			created := odd.create("odd owner")
			if created.Owner != odd.owner {
				t.Errorf("Apply gave owner %q, want %q", created.Owner, odd.owner)
			}
			odd.wantTask(created)
			if told := odd.changes(0, 1).Tasks; len(told) != 1 || told[0] != created {
				t.Errorf("Changes gave %+v, want %+v", told, created)
			}
			odd.wantTrashed(odd.delete(later, created.ID)[0])
		}
	}},
}

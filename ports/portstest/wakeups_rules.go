package portstest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var wakeupRules = []wakeupRule{
	{"Wake reaches everybody who listens for the owner", func(t reporter, wakeups ports.Wakeups) {
		owner := freshOwner()
		one, two := listen(t, wakeups, owner), listen(t, wakeups, owner)
		defer one.stop()
		defer two.stop()
		for range 3 {
			rouse(t.Context(), wakeups, one, two)
		}
		late := listen(t, wakeups, owner)
		defer late.stop()
		for range 3 {
			rouse(t.Context(), wakeups, two, late, one)
		}
	}},
	{"Wake does not reach who listens for another owner", func(t reporter, wakeups ports.Wakeups) {
		owner := freshOwner()
		others := []domain.UserID{freshOwner(), owner + "x", owner[:len(owner)-1], domain.UserID(strings.ToLower(string(owner))), owner + " ", owner + "%"}
		mine := listen(t, wakeups, owner)
		defer mine.stop()
		for _, other := range others {
			theirs := listen(t, wakeups, other)
			defer theirs.stop()
			rouse(t.Context(), wakeups, mine)
			rouse(t.Context(), wakeups, mine)
			theirs.wantNothing("though another was woken")
			mine.heard()
			rouse(t.Context(), wakeups, theirs)
			rouse(t.Context(), wakeups, theirs)
			mine.wantNothing("though another was woken")
		}
	}},
	{"Any owner can be woken", func(t reporter, wakeups ports.Wakeups) {
		for _, tail := range []string{
			"'; --", `"`, `\`, "a b", "\n", "\t", ",", "%", "$1", "{}", "é", "e\u0301", "漢字", "👩‍👩‍👧‍👦", "\u2028", "\U0010FFFF", strings.Repeat("x", 900),
		} {
			owner := freshOwner()
			owner = (owner + domain.UserID(tail+tail))[:min(domain.MaxUserIDBytes, len(owner)+2*len(tail))]
			here := listen(t, wakeups, owner)
			rouse(t.Context(), wakeups, here)
			here.stop()
		}
	}},
	{"Wake never waits for who listens", func(t reporter, wakeups ports.Wakeups) {
		here := listen(t, wakeups, freshOwner())
		defer here.stop()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 1000 {
				wakeups.Wake(t.Context(), here.owner)
			}
		}()
		late := time.NewTimer(rousing)
		select {
		case <-done:
		case <-late.C:
			t.Errorf("Wake waits for who listens for %q", here.owner)
			for waiting := true; waiting; { // let it end
				select {
				case <-here.woken:
				case <-done:
					waiting = false
				}
			}
		}
	}},
	{"Wake reaches them though its context has ended", func(t reporter, wakeups ports.Wakeups) {
		here := listen(t, wakeups, freshOwner())
		defer here.stop()
		for _, ctx := range ended(t) {
			rouse(ctx, wakeups, here)
			here.heard()
		}
	}},
	{"Something comes for each who listens, on a channel of their own", func(t reporter, wakeups ports.Wakeups) {
		owner := freshOwner()
		one, two := listen(t, wakeups, owner), listen(t, wakeups, owner)
		defer one.stop()
		defer two.stop()
		if one.woken == two.woken {
			t.Errorf("two who listen have one channel")
		}
		one.wantNothing("before any wake")
		two.wantNothing("before any wake")
		rouse(t.Context(), wakeups, one, two)
	}},
	{"Wakes that nobody takes do not pile up", func(t reporter, wakeups ports.Wakeups) {
		const most = 10 // some, where wakes come from several sides
		here := listen(t, wakeups, freshOwner())
		defer here.stop()
		rouse(t.Context(), wakeups, here)
		for range 1000 {
			wakeups.Wake(t.Context(), here.owner)
		}
		if heard := here.heard(); heard > most {
			t.Errorf("of 1000 wakes that nobody took %d have piled up, want at most %d", heard, most)
		}
		rouse(t.Context(), wakeups, here)
	}},
	{"Nothing comes once stop was called", func(t reporter, wakeups ports.Wakeups) {
		owner := freshOwner()
		gone, here := listen(t, wakeups, owner), listen(t, wakeups, owner)
		defer here.stop()
		rouse(t.Context(), wakeups, gone, here)
		for range 3 {
			rouse(t.Context(), wakeups, here) // leaves a wake that is not taken
		}
		gone.stop()
		gone.wantNothing("who had stopped")
		for range 3 {
			rouse(t.Context(), wakeups, here)
			gone.wantNothing("who had stopped")
		}
	}},
	{"Others go on listening when one stops", func(t reporter, wakeups ports.Wakeups) {
		owner := freshOwner()
		first, second, third := listen(t, wakeups, owner), listen(t, wakeups, owner), listen(t, wakeups, owner)
		other := listen(t, wakeups, freshOwner())
		second.stop()
		rouse(t.Context(), wakeups, first, third)
		first.stop()
		third.heard()
		rouse(t.Context(), wakeups, third)
		third.stop()
		rouse(t.Context(), wakeups, other)
		again := listen(t, wakeups, owner)
		rouse(t.Context(), wakeups, again)
		again.stop()
		other.stop()
	}},
	{"Who has stopped can stop again", func(t reporter, wakeups ports.Wakeups) {
		owner := freshOwner()
		gone, here := listen(t, wakeups, owner), listen(t, wakeups, owner)
		gone.stop()
		gone.stop()
		rouse(t.Context(), wakeups, here)
		here.stop()
		gone.stop()
		here.stop()
		again := listen(t, wakeups, owner)
		here.stop()
		rouse(t.Context(), wakeups, again)
		again.stop()
	}},
	{"Many listen, are woken and stop at the same time", func(t reporter, wakeups ports.Wakeups) {
		owner := freshOwner()
		all := together(scene{t: t}, func(int) (listener, error) { return listen(t, wakeups, owner), nil })
		rouse(t.Context(), wakeups, all...)
		half := len(all) / 2
		together(scene{t: t}, func(member int) (struct{}, error) {
			if member < half {
				all[member].stop()
			} else if !roused(t.Context(), wakeups, owner, all[member]) {
				return struct{}{}, fmt.Errorf("member %d was not woken while others stopped", member)
			}
			return struct{}{}, nil
		})
		rouse(t.Context(), wakeups, all[half:]...)
		together(scene{t: t}, func(member int) (struct{}, error) {
			all[member].stop()
			return struct{}{}, nil
		})
		for _, gone := range all {
			gone.wantNothing("who had stopped")
		}
	}},
}

var closingWakeupsRule = struct {
	sentence string
	check    func(t reporter, wakeups ClosableWakeups)
}{"Who listens learns of a Close by the channel's end", func(t reporter, wakeups ClosableWakeups) {
	owner := freshOwner()
	one, two, other, gone := listen(t, wakeups, owner), listen(t, wakeups, owner), listen(t, wakeups, freshOwner()), listen(t, wakeups, owner)
	gone.stop()
	rouse(t.Context(), wakeups, one)
	if err := wakeups.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	wakeups.Wake(t.Context(), owner) // which reaches nobody any more
	for _, here := range []listener{one, two, other} {
		here.wantEnd()
	}
	for _, here := range []listener{one, two, other, gone} {
		here.stop()
	}
}}

var closedWakeupsRule = wakeupRule{"Who begins to listen after that learns of it, too", func(t reporter, wakeups ports.Wakeups) {
	for range 2 {
		here := listen(t, wakeups, freshOwner())
		wakeups.Wake(context.WithoutCancel(t.Context()), here.owner)
		here.wantEnd()
		here.stop()
	}
}}

var wakeupsTwiceRule = struct {
	sentence string
	check    func(t reporter, one, other ports.Wakeups)
}{"Two handles on one store wake each other's listeners", func(t reporter, one, other ports.Wakeups) {
	owner := freshOwner()
	for _, handles := range [][2]ports.Wakeups{{one, other}, {other, one}} {
		here, there := listen(t, handles[0], owner), listen(t, handles[1], owner)
		another := listen(t, handles[1], freshOwner())
		for range 3 {
			rouse(t.Context(), handles[0], there, here)
			there.heard()
			another.wantNothing("though another was woken through the other handle")
		}
		rouse(t.Context(), handles[0], another)
		here.stop()
		there.stop()
		another.stop()
	}
}}

func wakeupSentences() []string {
	sentences := []string{closingWakeupsRule.sentence, closedWakeupsRule.sentence, wakeupsTwiceRule.sentence}
	for _, rule := range wakeupRules {
		sentences = append(sentences, rule.sentence)
	}
	return sentences
}

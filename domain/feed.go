package domain

import (
	"cmp"
	"slices"
)

// Feed is what has changed of one owner's tasks since a [Mark]: each task that
// did, once, as it is now, in the order of the last changes. Who applies it to
// what they had has the tasks as of Until. What was deleted is there as well;
// of such a task only ID, DeletedAt and Sequence matter.
type Feed struct {
	Tasks []Task
	More  bool // there are further changes after Until
	Until Mark // go on from here
}

// Mark is how far somebody has come who follows an owner's changes. Its zero
// value is the beginning, of which all tasks are told.
type Mark struct {
	Sequence  Sequence // the last change that they know of
	Forgotten Sequence // that of [Counters] when they were told so; nothing before it is news to them
}

// NewFeed makes the feed since a mark, at most limit changes of it, from all
// of an owner's tasks in any order. It fails as [FeedOf] does.
func NewFeed(tasks []Task, counters Counters, since Mark, limit int) (Feed, error) {
	tasks = slices.DeleteFunc(slices.Clone(tasks), func(task Task) bool { return task.Sequence <= since.Sequence })
	slices.SortFunc(tasks, func(a, b Task) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return FeedOf(tasks, counters, since, limit)
}

// FeedOf makes the feed of the tasks whose sequences are above that of a mark,
// which are given in their order; where there are more than limit, at least one
// more. It fails with [ErrChangesForgotten] as [Counters.Remember] does.
func FeedOf(tasks []Task, counters Counters, since Mark, limit int) (Feed, error) {
	if err := counters.Remember(since); err != nil {
		return Feed{}, err
	}
	feed := Feed{Tasks: tasks[:min(len(tasks), limit)], More: len(tasks) > limit, Until: Mark{since.Sequence, counters.Forgotten}}
	if last := len(feed.Tasks) - 1; last >= 0 {
		feed.Until.Sequence = feed.Tasks[last].Sequence
	}
	return feed, nil
}

package bunstore

import (
	"cmp"
	"slices"

	"github.com/taskward/taskward/domain"
)

// Feed makes the lines that were fetched, in any order, the feed that was
// asked for. Each line tells what is forgotten; where nothing has changed, one
// without a task does.
func Feed(owner domain.UserID, since domain.Mark, limit int, lines Lines) (domain.Feed, error) {
	var counters domain.Counters
	tasks := []domain.Task{}
	for line, err := range lines {
		if err != nil {
			return domain.Feed{}, err
		}
		counters = line.counters()
		if line.ID == 0 {
			continue
		}
		task, err := line.Task(owner)
		if err != nil {
			return domain.Feed{}, err
		}
		tasks = append(tasks, task)
	}
	slices.SortFunc(tasks, func(a, b domain.Task) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return domain.FeedOf(tasks, counters, since, max(limit, 0))
}

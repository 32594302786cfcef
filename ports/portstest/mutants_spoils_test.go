package portstest

import (
	"github.com/taskward/taskward/domain"
)

// reading spoils each task that Get and List return.
func reading(spoil func(*domain.Task)) harness {
	return overriding(func() mutant { return mutant{get: spoiledGet(spoil), list: spoiledList(spoil)} })
}

// recalling spoils each task that Trash and Changes return.
func recalling(spoil func(*domain.Task)) harness {
	return overriding(func() mutant { return mutant{trash: spoiledTrash(spoil), changes: spoiledChanges(spoil)} })
}

// giving spoils each task that any method returns.
func giving(spoil func(*domain.Task)) harness {
	return overriding(func() mutant {
		return mutant{
			get: spoiledGet(spoil), list: spoiledList(spoil), trash: spoiledTrash(spoil), changes: spoiledChanges(spoil),
			apply: spoiledApply(spoil),
		}
	})
}

func spoiledGet(spoil func(*domain.Task)) func(c call, id domain.TaskID) (domain.Task, error) {
	return func(c call, id domain.TaskID) (domain.Task, error) {
		task, err := c.get(id)
		spoil(&task)
		return task, err
	}
}

func spoiledList(spoil func(*domain.Task)) func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
	return func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		page, err := c.list(query)
		page.Tasks = spoiled(page.Tasks, spoil)
		return page, err
	}
}

func spoiledTrash(spoil func(*domain.Task)) func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
	return func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
		page, err := c.trash(query)
		page.Tasks = spoiled(page.Tasks, spoil)
		return page, err
	}
}

func spoiledChanges(spoil func(*domain.Task)) func(c call, since domain.Mark, limit int) (domain.Feed, error) {
	return func(c call, since domain.Mark, limit int) (domain.Feed, error) {
		feed, err := c.changes(since, limit)
		feed.Tasks = spoiled(feed.Tasks, spoil)
		return feed, err
	}
}

func spoiledApply(spoil func(*domain.Task)) func(c call, batch domain.Batch) ([]domain.Task, error) {
	return func(c call, batch domain.Batch) ([]domain.Task, error) {
		results, err := c.apply(batch)
		return spoiled(results, spoil), err
	}
}

func spoiled(tasks []domain.Task, spoil func(*domain.Task)) []domain.Task {
	for i := range tasks {
		spoil(&tasks[i])
	}
	return tasks
}

// asking spoils what List is asked for.
func asking(spoil func(*domain.TaskQuery)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		spoil(&query)
		return c.list(query)
	})
}

// paging spoils what List answers.
func paging(spoil func(domain.TaskQuery, *domain.TaskPage)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		page, err := c.list(query)
		spoil(query, &page)
		return page, err
	})
}

// feeding spoils what Changes answers.
func feeding(spoil func(*domain.Feed)) harness {
	return telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
		feed, err := c.changes(since, limit)
		spoil(&feed)
		return feed, err
	})
}

// batching makes another batch of the one that Apply is given.
func batching(spoil func(domain.Batch) domain.Batch) harness {
	return applying(func(c call, batch domain.Batch) ([]domain.Task, error) { return c.apply(spoil(batch)) })
}

// changing makes another change of each that Apply is given.
func changing(spoil func(domain.Change) domain.Change) harness {
	return batching(func(batch domain.Batch) domain.Batch {
		changes := batch.Changes()
		for i := range changes {
			changes[i] = spoil(changes[i])
		}
		return with(batch, changes...)
	})
}

// resulting spoils what Apply returns.
func resulting(spoil func(changes []domain.Change, results []domain.Task) []domain.Task) harness {
	return applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
		results, err := c.apply(batch)
		if err != nil {
			return nil, err
		}
		return spoil(batch.Changes(), results), nil
	})
}

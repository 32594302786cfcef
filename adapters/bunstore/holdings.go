package bunstore

import (
	"context"
	"errors"

	"github.com/taskward/taskward/domain"
)

// Holdings is what a batch looks at: the tasks it targets, which were read at
// once, and what stands around positions, which is asked for where it was not
// read with them.
type Holdings struct {
	Counters domain.Counters
	tasks    map[domain.TaskID]domain.Task
	nearest  map[domain.Position]neighbours
	around   func(domain.Position) (below, above domain.Position, err error)
}

// neighbours stand next to a position, and are zero where nothing does.
type neighbours struct{ below, above domain.Position }

// Hold makes the lines that were read of the tasks a batch targets what it
// looks at. Each line has the owner's counters; where there is no task, one
// without a task has them.
func Hold(owner domain.UserID, lines Lines, around func(domain.Position) (below, above domain.Position, err error)) (Holdings, error) {
	holdings := Holdings{tasks: map[domain.TaskID]domain.Task{}, nearest: map[domain.Position]neighbours{}, around: around}
	for line, err := range lines {
		if err != nil {
			return Holdings{}, err
		}
		holdings.Counters = line.counters()
		if line.ID == 0 {
			continue
		}
		task, err := line.Task(owner)
		if err != nil {
			return Holdings{}, err
		}
		holdings.tasks[task.ID] = task
		if line.Anchor {
			if holdings.nearest[task.Position], err = restoreNeighbours(line.Below, line.Above); err != nil {
				return Holdings{}, err
			}
		}
	}
	return holdings, nil
}

// Task implements [domain.Holdings].
func (h Holdings) Task(id domain.TaskID) (domain.Task, error) {
	task, ok := h.tasks[id]
	if !ok {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, nil
}

// Around implements [domain.Holdings].
func (h Holdings) Around(position domain.Position) (below, above domain.Position, err error) {
	if read, known := h.nearest[position]; known {
		return read.below, read.above, nil
	}
	return h.around(position)
}

// Around sends the statement that gives the positions next to one of the
// owner's.
func Around(ctx context.Context, on Querier, statement string, owner domain.UserID, position domain.Position) (below, above domain.Position, err error) {
	rows, err := on.QueryContext(ctx, statement, string(owner), position.String())
	if err != nil {
		return below, above, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var texts [2]*string
		if err := rows.Scan(&texts[0], &texts[1]); err != nil {
			return below, above, err
		}
		found, err := restoreNeighbours(texts[0], texts[1])
		if err != nil {
			return below, above, err
		}
		below, above = found.below, found.above
	}
	return below, above, rows.Err()
}

func restoreNeighbours(below, above *string) (found neighbours, err error) {
	if found.below, err = restorePosition(below); err != nil {
		return neighbours{}, err
	}
	found.above, err = restorePosition(above)
	return found, err
}

// restorePosition is the zero position for null.
func restorePosition(text *string) (domain.Position, error) {
	if text == nil {
		return domain.Position{}, nil
	}
	position, err := domain.ParsePosition(*text)
	if err != nil {
		// As with a task, the cause blames the input of whoever asks.
		return domain.Position{}, errors.New("a stored task has a position that breaks a rule")
	}
	return position, nil
}

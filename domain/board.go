package domain

import "time"

// board holds the tasks that a batch has touched so far, as it left them.
type board struct {
	holdings  Holdings
	trashOver time.Time
	touched   map[TaskID]Task
}

// play makes one change and keeps what comes of it.
func (b board) play(change Change, target Target, at time.Time, sequence Sequence) (Task, error) {
	before, err := b.find(target, change.inTrash())
	if err != nil {
		return Task{}, err
	}
	after := change.act(before, at)
	if after.Due, err = NewDue(after.Due.date, after.Due.zone); err != nil {
		return Task{}, err
	}
	if place, moves := change.place().Get(); moves {
		if after.Position, err = b.at(place, after, before.Position); err != nil {
			return Task{}, err
		}
	}
	after.Sequence = sequence
	b.touched[after.ID] = after
	return after, nil
}

func (b board) find(target Target, inTrash bool) (Task, error) {
	found, err := b.task(target.ID)
	switch {
	case err != nil:
		return Task{}, err
	case inTrash && !found.inTrash(b.trashOver), !inTrash && !found.IsLive():
		return Task{}, ErrTaskNotFound
	case target.Expected != 0 && target.Expected != found.Sequence:
		return Task{}, ErrStaleTask
	}
	return found, nil
}

func (b board) task(id TaskID) (Task, error) {
	if task, touched := b.touched[id]; touched {
		return task, nil
	}
	return b.holdings.Task(id)
}

// at gives the position that a place means for a task, which stood at another
// before unless it is new. One that stood there already stays where it is, and
// so does one that is to stand next to itself.
func (b board) at(place Place, task Task, stood Position) (Position, error) {
	nowhere := Invalidity(Violation{"position", "must name a task that is there"})
	switch {
	case place.at != Position{}:
		return place.at, nil
	case place.anchor == 0:
		return Position{}, nowhere
	case place.anchor == task.ID:
		return task.Position, nil
	}
	anchor, err := b.task(place.anchor)
	switch {
	case err != nil && isDecision(err), err == nil && !anchor.IsLive():
		return Position{}, nowhere
	case err != nil:
		return Position{}, err
	}
	below, above, err := b.around(anchor.Position)
	switch {
	case err != nil:
		return Position{}, err
	case stood != Position{} && (place.behind && above == stood || !place.behind && below == stood):
		return stood, nil
	case place.behind:
		return anchor.Position.behind(above)
	}
	return anchor.Position.before(below)
}

// around is what stands next to a position, on the board or in the store.
// That tasks which are on the board may have left their places in the store
// does not matter: the way between two that stand is only narrower.
func (b board) around(position Position) (below, above Position, err error) {
	below, above, err = b.holdings.Around(position)
	for _, task := range b.touched {
		if task.IsLive() {
			below, above = nearer(position, below, above, task.Position)
		}
	}
	return below, above, err
}

// Nearest gives the positions of live tasks next to a position, from all of an
// owner's tasks in any order: what [Holdings] has to give.
func Nearest(position Position, tasks []Task) (below, above Position) {
	for _, task := range tasks {
		if task.IsLive() {
			below, above = nearer(position, below, above, task.Position)
		}
	}
	return below, above
}

func nearer(position, below, above, candidate Position) (Position, Position) {
	switch order := candidate.Compare(position); {
	case order < 0 && candidate.Compare(below) > 0:
		below = candidate
	case order > 0 && (above == Position{} || candidate.Compare(above) < 0):
		above = candidate
	}
	return below, above
}

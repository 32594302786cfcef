package faults_test

import (
	"strconv"

	"github.com/anishathalye/porcupine"
)

// tasksPerPerson is how many of a person's tasks are changed. More are made, and only counted.
const tasksPerPerson = 4

// A board is all that a person has, as it would be if one thing happened after the other.
type board struct {
	last  int // id
	cells [tasksPerPerson]cell
}

// A cell is a task.
type cell struct {
	place     place
	title     int
	completed bool
}

type place int

const (
	nowhere place = iota
	live
	trash
)

func cellOf(t task) cell {
	title, err := strconv.Atoi(t.Title)
	if err != nil {
		title = -1
	}
	return cell{live, title, t.Completed}
}

func (b *board) put(id int, c cell) {
	if id <= tasksPerPerson {
		b.cells[id-1] = c
	}
}

// sequential is what a service would be that did one thing after the other.
var sequential = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := make([][]porcupine.Operation, persons)
		for _, operation := range history {
			person := operation.Input.(input).person
			parts[person] = append(parts[person], operation)
		}
		return parts
	},
	Init: func() any { return board{} },
	Step: func(state, in, out any) (bool, any) { return state.(board).step(in.(input), out.(output)) },
}

// step tells whether the board allows for an output, and what it is then.
func (b board) step(in input, out output) (bool, board) {
	next, want := b, b.cells[in.id-1]
	switch in.verb {
	case create:
		next.last++
		want = cell{live, in.title, false}
		next.put(next.last, want)
		return out.unknown || out.id == next.last && out.cell == want, next
	case look:
		seen := board{}
		for i, c := range b.cells {
			if c.place == live {
				seen.cells[i] = c
			}
		}
		return out.board == seen, b
	case restore:
		if want.place != trash {
			return out.unknown || out.missing, b
		}
		want.place = live
	case get, patch, complete, reopen, remove:
		if want.place != live {
			return out.unknown || out.missing, b
		}
	}
	switch in.verb {
	case patch:
		want.title = in.title
	case complete, reopen:
		want.completed = in.verb == complete
	case remove:
		want.place = trash
		next.put(in.id, want)
		return out.unknown || !out.missing, next
	case create, get, look, restore:
	}
	next.put(in.id, want)
	return out.unknown || out.cell == want && out.id == in.id, next
}

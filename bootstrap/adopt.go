package bootstrap

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/taskward/taskward/adapters/legacytable"
	"github.com/taskward/taskward/domain"
)

// home is the part of a ports.TaskRepository that takes tasks in.
type home interface {
	Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error)
	State(ctx context.Context, owner domain.UserID) (domain.Counters, error)
}

// adoption copies the tasks of a table, and tells of each that does not come
// through as it was.
type adoption struct {
	from *legacytable.Table
	into home
	at   time.Time
	to   io.Writer
	far  *progress

	owner       domain.UserID   // whose rows are being copied
	began, last domain.Sequence // of the owner's: where that began, and that of the last task

	copied, known, deleted, unfit int
}

// introduce tells which columns are copied, and which are not.
func (a *adoption) introduce() error {
	_, err := fmt.Fprintf(a.to, "%s: %s\n", a.from, strings.Join(a.from.Mapping(), ", "))
	if rest := a.from.Rest(); err == nil && len(rest) > 0 {
		_, err = fmt.Fprintf(a.to, "columns that are not copied: %s\n", strings.Join(rest, ", "))
	}
	return err
}

// run copies all rows. What is wrong with one does not stop the others, but
// makes an error in the end.
func (a *adoption) run(ctx context.Context) error {
	err := a.copy(ctx)
	a.far.end()
	_, tellErr := fmt.Fprintf(a.to, "copied: %d, there already: %d, left out as deleted: %d, not copied: %d\n", a.copied, a.known, a.deleted, a.unfit)
	switch {
	case err != nil:
		return fmt.Errorf("not all rows were come to, run it again: %w", err)
	case a.unfit > 0:
		return errors.Join(fmt.Errorf("rows that cannot be copied: %d", a.unfit), tellErr)
	}
	return tellErr
}

func (a *adoption) copy(ctx context.Context) error {
	for record, err := range a.from.Read(ctx) {
		if err == nil {
			err = a.take(ctx, record)
		}
		if err != nil {
			return err
		}
		a.far.reach(int64(a.copied + a.known + a.deleted + a.unfit))
	}
	return nil
}

func (a *adoption) take(ctx context.Context, record legacytable.Record) error {
	switch {
	case record.Deleted:
		a.deleted++
		return nil
	case record.Unfit != nil:
		return a.refuse(record, record.Unfit)
	}
	if err := a.turnTo(ctx, record.Owner); err != nil {
		return err
	}
	results, err := a.into.Apply(ctx, record.Owner, domain.NewBatch(a.at, record.Task).Once(a.once(record)))
	switch {
	case domain.KindOf(err) == domain.Invalid:
		return a.refuse(record, err)
	case err != nil:
		return err
	}
	return a.note(record, results[0])
}

// turnTo notes how far the changes of the next owner have come.
func (a *adoption) turnTo(ctx context.Context, owner domain.UserID) error {
	if owner == a.owner {
		return nil
	}
	state, err := a.into.State(ctx, owner)
	a.owner, a.began, a.last = owner, state.Sequence, state.Sequence
	return err
}

// once has a row copied at most once, for ever.
func (a *adoption) once(record legacytable.Record) domain.Once {
	row := sha256.Sum256([]byte(a.from.String() + "\x00" + record.ID))
	return domain.Once{
		Key:     domain.OnceKey("adopt:" + hex.EncodeToString(row[:])), // an id may be longer than a key
		Request: row,
		Until:   time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC),
		Brief:   true, // the task may be purged long before that
	}
}

// note counts what a row has become, by its sequence: a task that was there
// already came with the one it got then.
func (a *adoption) note(record legacytable.Record, task domain.Task) error {
	switch {
	case task.Sequence > a.last:
		a.last = task.Sequence
		a.copied++
	case task.Sequence <= a.began:
		a.known++
	default:
		return a.refuse(record, errors.New("its id is that of a row before"))
	}
	if record.ID == strconv.FormatInt(int64(task.ID), 10) {
		return nil
	}
	_, err := fmt.Fprintf(a.to, "row %q of %q: is task %d\n", record.ID, record.Owner, task.ID)
	return err
}

func (a *adoption) refuse(record legacytable.Record, reason error) error {
	a.unfit++
	text := reason.Error()
	var failure *domain.Error
	if errors.As(reason, &failure) {
		text = failure.Detail
	}
	_, err := fmt.Fprintf(a.to, "row %q of %q: cannot be copied: %s\n", record.ID, record.Owner, text)
	return err
}

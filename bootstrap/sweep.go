package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// sweepBatch is how many owners a sweep looks at, or erases, between pauses.
const sweepBatch = 100

// sweep finds the owners who are no users any more, and erases what they have.
type sweep struct {
	tasks  ports.TaskRepository
	owners ports.Owners
	users  ports.UserDirectory
	audit  *application.Audit // nil: none
	pause  time.Duration
	to     io.Writer
	begin  func(doing string, total int64) *progress

	present int             // owners who are users
	gone    []domain.UserID // owners who are not, and have something left
	erased  int
}

// survey asks about every owner. It fails if none of them is a user: then the
// table of users is empty, or another app's.
func (s *sweep) survey(ctx context.Context) error {
	far, asked := s.begin("asking for owners", unknownTotal), int64(0)
	defer far.end()
	for last, more := domain.UserID(""), true; more; {
		batch, err := s.owners.Owners(ctx, last, sweepBatch)
		if err != nil {
			return err
		}
		for _, owner := range batch {
			if err := s.look(ctx, owner); err != nil {
				return err
			}
			last = owner
			asked++
			far.reach(asked)
		}
		if more = len(batch) == sweepBatch; more {
			if err := s.rest(ctx); err != nil {
				return err
			}
		}
	}
	if len(s.gone) > 0 && s.present == 0 {
		return errors.New("none of those who have tasks is in the table of users, so it must be another app's: look at TASKWARD_AUTH_DATABASE_URL and TASKWARD_AUTH_TABLES")
	}
	return nil
}

func (s *sweep) look(ctx context.Context, owner domain.UserID) error {
	gone, err := s.isGone(ctx, owner)
	switch {
	case err != nil:
		return err
	case !gone:
		s.present++
		return nil
	}
	state, err := s.tasks.State(ctx, owner)
	if err == nil && state.Forgotten < state.Sequence { // else the last that happened was that all was erased
		s.gone = append(s.gone, owner)
	}
	return err
}

// isGone takes the directory's word alone: as long as it does not answer
// nobody is gone.
func (s *sweep) isGone(ctx context.Context, owner domain.UserID) (bool, error) {
	_, err := s.users.Get(ctx, owner)
	if errors.Is(err, domain.ErrUserNotFound) {
		return true, nil
	}
	return false, err
}

// tell names those who are gone.
func (s *sweep) tell() error {
	for _, owner := range s.gone {
		if _, err := fmt.Fprintf(s.to, "gone: %q\n", owner); err != nil {
			return err
		}
	}
	next := ""
	if len(s.gone) > 0 {
		next = "\nTo erase for good what they have: taskward sweep --yes"
	}
	_, err := fmt.Fprintf(s.to, "owners who are users: %d, who are gone: %d; nothing was erased%s\n", s.present, len(s.gone), next)
	return err
}

// erase erases what those have who are gone still.
func (s *sweep) erase(ctx context.Context) error {
	far, asked := s.begin("erasing", int64(len(s.gone))), int64(0)
	defer far.end()
	to := far.over(s.to)
	for batch := range slices.Chunk(s.gone, sweepBatch) {
		if s.erased > 0 {
			if err := s.rest(ctx); err != nil {
				return err
			}
		}
		for _, owner := range batch {
			if err := s.eraseOne(ctx, to, owner); err != nil {
				return err
			}
			asked++
			far.reach(asked)
		}
	}
	_, err := fmt.Fprintf(to, "owners who are users: %d, erased: %d\n", s.present, s.erased)
	return err
}

func (s *sweep) eraseOne(ctx context.Context, to io.Writer, owner domain.UserID) error {
	gone, err := s.isGone(ctx, owner)
	if err != nil || !gone {
		return err
	}
	if err := s.tasks.Erase(ctx, owner); err != nil {
		return err
	}
	s.erased++
	s.audit.Swept(ctx, owner)
	_, err = fmt.Fprintf(to, "erased: %q\n", owner)
	return err
}

// rest leaves the databases to others for a while.
func (s *sweep) rest(ctx context.Context) error {
	select {
	case <-time.After(s.pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

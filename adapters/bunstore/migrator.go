package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Migrator brings a database to the shape that this version works on, and
// back. Each step is one transaction together with the note that it was done,
// so a crash leaves a step done or not begun. Any number of processes may
// migrate one database at the same time: one works and the others wait.
type Migrator struct {
	engine MigrationEngine
	logger *slog.Logger
}

// MigrationEngine is what a Migrator has to know of an engine.
type MigrationEngine struct {
	Dialect     goose.Dialect
	Steps       fs.FS  // the SQL files
	Table       string // where goose notes the steps that were done
	TableExists string // a statement that says whether it is there

	// Open connects to the database; the Migrator closes what it gets.
	Open func(ctx context.Context) (*sql.DB, error)
	// Lock waits until no other process migrates, and keeps others from it
	// until unlock is called or the process ends.
	Lock func(ctx context.Context, db *sql.DB) (unlock func() error, err error)
}

// NewMigrator returns the migrator of an engine. It logs each step that it
// takes to logger, unless that is nil.
func NewMigrator(engine MigrationEngine, logger *slog.Logger) *Migrator {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Migrator{engine: engine, logger: logger}
}

// Migration is one step and whether it was taken.
type Migration struct {
	Version   int64
	Name      string    // the SQL file's
	AppliedAt time.Time // zero while the step is pending
}

// Pending reports whether the step has not been taken yet.
func (m Migration) Pending() bool { return m.AppliedAt.IsZero() }

// Up takes all pending steps in their order. If there are none, which costs a
// quick statement to find out, it waits for nobody.
func (m *Migrator) Up(ctx context.Context) error {
	return m.run(ctx, "migrate up", func(run migration) error {
		pending, err := run.pending(ctx)
		if err != nil || len(pending) == 0 {
			return err
		}
		return run.locked(ctx, func() error {
			done, err := run.provider.Up(ctx)
			var partial *goose.PartialError
			if errors.As(err, &partial) {
				done = partial.Applied
			}
			m.log(ctx, done...)
			return err
		})
	})
}

// Down takes the last step back, with whatever data it holds.
func (m *Migrator) Down(ctx context.Context) error {
	return m.run(ctx, "migrate down", func(run migration) error {
		done, err := run.applied(ctx)
		if err != nil {
			return err
		}
		if len(done) == 0 {
			return errors.New("no step has been taken yet")
		}
		return run.locked(ctx, func() error {
			back, err := run.provider.Down(ctx)
			if err != nil {
				return err
			}
			m.log(ctx, back)
			return nil
		})
	})
}

// Status lists the steps that this version knows in their order. It changes
// nothing.
func (m *Migrator) Status(ctx context.Context) ([]Migration, error) {
	var steps []Migration
	err := m.run(ctx, "read the status of migrations", func(run migration) error {
		applied, err := run.applied(ctx)
		if err != nil {
			return err
		}
		for _, source := range run.provider.ListSources() {
			step := Migration{Version: source.Version, Name: path.Base(source.Path)}
			if applied[step.Version] {
				note, err := run.notes.GetMigration(ctx, run.db, step.Version)
				if err != nil {
					return err
				}
				step.AppliedAt = note.Timestamp.UTC()
			}
			steps = append(steps, step)
		}
		return nil
	})
	return steps, err
}

// Check returns an error that names the pending steps, if there are any. It
// changes nothing.
func (m *Migrator) Check(ctx context.Context) error {
	return m.run(ctx, "check migrations", func(run migration) error {
		pending, err := run.pending(ctx)
		if err == nil && len(pending) > 0 {
			err = fmt.Errorf("the database lacks %s", strings.Join(pending, ", "))
		}
		return err
	})
}

func (m *Migrator) log(ctx context.Context, done ...*goose.MigrationResult) {
	for _, step := range done {
		m.logger.InfoContext(ctx, "migrated", "direction", step.Direction, "migration", path.Base(step.Source.Path), "took", step.Duration)
	}
}

// migration is one run of a Migrator on an open database.
type migration struct {
	MigrationEngine
	db       *sql.DB
	provider *goose.Provider
	notes    database.Store
}

func (m *Migrator) run(ctx context.Context, attempt string, work func(migration) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", attempt, err)
		}
	}()
	db, err := m.engine.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(m.engine.Dialect, db, m.engine.Steps,
		goose.WithTableName(m.engine.Table), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	notes, err := database.NewStore(m.engine.Dialect, m.engine.Table)
	if err != nil {
		return err
	}
	return work(migration{m.engine, db, provider, notes})
}

// locked keeps goose from running twice at the same time. goose's own locks
// do not cover the making of its table, nor work behind a transaction pooler.
func (r migration) locked(ctx context.Context, work func() error) error {
	unlock, err := r.Lock(ctx, r.db)
	if err != nil {
		return fmt.Errorf("wait for other processes that migrate: %w", err)
	}
	return errors.Join(work(), unlock())
}

// pending names the steps that are yet to be taken.
func (r migration) pending(ctx context.Context) ([]string, error) {
	applied, err := r.applied(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, source := range r.provider.ListSources() {
		if !applied[source.Version] {
			names = append(names, path.Base(source.Path))
		}
	}
	return names, nil
}

// applied gives the versions of the steps that were taken, also of those that
// only a later version of Taskward knows. Unlike goose's provider it does not
// make the table to read it.
func (r migration) applied(ctx context.Context) (map[int64]bool, error) {
	notes, err := r.notes.ListMigrations(ctx, r.db)
	if err != nil {
		var exists bool
		if err := r.db.QueryRowContext(ctx, r.TableExists).Scan(&exists); err != nil || !exists {
			return nil, err
		}
		notes, err = r.notes.ListMigrations(ctx, r.db) // another process may have made it in between
	}
	if err != nil {
		return nil, err
	}
	applied := map[int64]bool{}
	for _, note := range notes {
		if note.Version != 0 { // goose's note that its table was made
			applied[note.Version] = true
		}
	}
	return applied, nil
}

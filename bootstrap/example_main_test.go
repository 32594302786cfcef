package bootstrap_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// A team's own main: Taskward on a store and a directory of users of theirs.
// With serve as its argument it serves tasks until ctx ends; sweep, which looks
// for tasks of users who are gone, ends by itself. A main that takes everything
// from its process is shorter still, see [bootstrap.Run].
func ExampleMain() {
	code := bootstrap.Main(context.Background(), bootstrap.Process{
		Args: []string{"sweep"}, Stdout: os.Stdout, Stderr: os.Stderr,
	},
		bootstrap.Use[ports.TaskRepository](openTeamTasks),
		bootstrap.Use[ports.UserDirectory](openTeam),
	)
	fmt.Println("exit code", code)
	// Output:
	// gone: "bob"
	// owners who are users: 1, who are gone: 1; nothing was erased
	// To erase for good what they have: taskward sweep --yes
	// the team's store is closed
	// exit code 0
}

// teamTasks is a store that tells when it is closed.
type teamTasks struct{ *memory.Tasks }

func (t teamTasks) Close() error {
	fmt.Println("the team's store is closed")
	return t.Tasks.Close()
}

func openTeamTasks(ctx context.Context) (ports.TaskRepository, error) {
	tasks := teamTasks{memory.NewTasks()}
	title, err := domain.DefaultLimits.ParseTitle("Water the plants")
	if err != nil {
		return nil, err
	}
	for _, owner := range []domain.UserID{"alice", "bob"} {
		batch := domain.NewBatch(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), domain.Create{Title: title})
		if _, err := tasks.Apply(ctx, owner, batch); err != nil {
			return nil, err
		}
	}
	return tasks, nil
}

func openTeam(context.Context) (ports.UserDirectory, error) {
	return memory.NewUsers(domain.User{ID: "alice", Name: "Alice"}), nil
}

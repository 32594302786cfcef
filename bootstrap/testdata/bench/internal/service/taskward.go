package service

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
)

// Secret is what HS256 tokens are signed with.
const Secret = "0123456789abcdef0123456789abcdef"

// Pool is how many connections to PostgreSQL each server has.
const Pool = 8

// Taskward is a server that checks HS256 tokens, unless the settings say
// otherwise.
func Taskward(name, program, database string, settings ...string) Spec {
	return Spec{
		Name: name, Program: program, Arguments: []string{"serve"}, AddressVariable: "TASKWARD_ADDR",
		Environment: append([]string{
			"DATABASE_URL=" + database, "BETTER_AUTH_SECRET=" + Secret,
			"TASKWARD_DB_POOL=" + strconv.Itoa(Pool), "TASKWARD_DRAIN_DELAY=0s",
		}, settings...),
	}
}

// Limit is the limit server.
func Limit(program, database string) Spec {
	return Spec{
		Name: "limit", Program: program, AddressVariable: "ADDR",
		Environment: []string{"DATABASE_URL=" + database, "SECRET=" + Secret, "POOL=" + strconv.Itoa(Pool)},
	}
}

// Migrate makes the tables.
func Migrate(ctx context.Context, program, database string, settings ...string) error {
	migrate := exec.CommandContext(ctx, program, "migrate", "up")
	migrate.Env = append([]string{"DATABASE_URL=" + database}, settings...)
	if output, err := migrate.CombinedOutput(); err != nil {
		return fmt.Errorf("taskward migrate up: %w\n%s", err, output)
	}
	return nil
}

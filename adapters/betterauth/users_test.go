package betterauth_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

func TestUsers(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	for mode, address := range map[string]string{"prepared": address, "unprepared": with(t, address, "default_query_exec_mode", "exec")} {
		t.Run(mode, func(t *testing.T) {
			db := connect(t, address)
			execute(t, db, `DROP TABLE IF EXISTS session, jwks, "user"; `+ownTables)
			portstest.TestUserDirectory(t, portstest.UserHarness{
				Directory: betterauth.NewUsers(db, betterauth.Names{}),
				Put: func(ctx context.Context, user domain.User) error {
					email := user.Email.String()
					if email == "" {
						email = "no address of " + string(user.ID) // Better Auth's column is NOT NULL and UNIQUE
					}
					_, err := db.ExecContext(ctx, `
						INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ($1, $2, $3, true, $4, $5)
						ON CONFLICT (id) DO UPDATE SET (name, email, "createdAt", "updatedAt") = (excluded.name, excluded.email, excluded."createdAt", excluded."updatedAt")`,
						string(user.ID), user.Name, email, user.CreatedAt, user.UpdatedAt)
					return err
				},
				Remove: func(ctx context.Context, id domain.UserID) error {
					_, err := db.ExecContext(ctx, `DELETE FROM "user" WHERE id = $1`, string(id))
					return err
				},
				Closed: betterauth.NewUsers(closed(t), betterauth.Names{}),
			})
		})
	}
}

// TestUsersOfOtherTables reads what no table of Better Auth's own making
// holds, but one that others make for it may.
func TestUsersOfOtherTables(t *testing.T) {
	t.Parallel()
	db := connect(t, with(t, postgrestest.Database(t), "timezone", "Asia/Tokyo"))
	for _, statement := range []string{
		`CREATE TABLE people (id varchar(40), mail varchar(500), name text, created_at timestamp, updated_at timestamp(3))`,
		`INSERT INTO people VALUES
			('whole', 'ada@example.test', 'Ada', '2026-02-03 12:04:05.678901', '2026-02-03 12:04:05.678'),
			('nulls', NULL, NULL, NULL, NULL),
			('no address', 'Ada <ada@example.test>', 'Ada', '2026-02-03 12:04:05', '2026-02-03 12:04:05'),
			('other eras', 'ada@example.test', 'Ada', '0044-03-15 12:00:00 BC', '10000-01-01 00:00:00'),
			('twice', 'ada@example.test', 'Ada', NULL, NULL),
			('', 'ada@example.test', 'Nobody', NULL, NULL)`,
	} {
		execute(t, db, statement)
	}
	users := betterauth.NewUsers(db, parseNames(t, "user=people, user.email=mail, snake_case"))
	for _, want := range []domain.User{
		userOf(t, "whole", "ada@example.test", "Ada", noon, noon.Truncate(time.Millisecond)),
		{ID: "nulls"},
		{ID: "no address", Name: "Ada", CreatedAt: noon.Truncate(time.Second), UpdatedAt: noon.Truncate(time.Second)},
		userOf(t, "other eras", "ada@example.test", "Ada", time.Time{}, time.Time{}),
	} {
		if got, err := users.Get(t.Context(), want.ID); err != nil || got != want {
			t.Errorf("Get gave\n\t%+v and error %v, want\n\t%+v", got, err, want)
		}
	}
	if got, err := users.Get(t.Context(), ""); !errors.Is(err, domain.ErrUserNotFound) {
		t.Errorf("the empty id is that of %+v, error %v", got, err)
	}
}

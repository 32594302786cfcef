package betterauth

import (
	"context"
	"database/sql"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Users is the [ports.UserDirectory] of Better Auth's table "user". It may be
// used by many goroutines.
type Users struct{ get *statement }

var _ ports.UserDirectory = (*Users)(nil)

// NewUsers returns the directory of the users in the database, a PostgreSQL
// through pgx. It does not connect yet.
func NewUsers(db *sql.DB, names Names) *Users {
	return &Users{newStatement(db, names, "get a user", `
SELECT `+userColumns+` FROM {user} AS u WHERE u.{user.id} = $1::text::{user.id type}`)}
}

// Get implements [ports.UserDirectory]. An email that is no mail address is
// left out, and so is a time that RFC 3339 cannot write: the user is there all
// the same.
func (u *Users) Get(ctx context.Context, id domain.UserID) (domain.User, error) {
	var user domain.User
	err := u.get.query(ctx, func(rows *sql.Rows) error {
		var row userRow
		if err := rows.Scan(row.columns()...); err != nil {
			return err
		}
		if row.id == string(id) { // of UUIDs and numbers PostgreSQL takes other spellings, too
			user = row.user()
		}
		return nil
	}, string(id))
	if isNoValue(err) || err == nil && user.ID == "" {
		return domain.User{}, domain.ErrUserNotFound
	}
	return user, err
}

// userColumns are those that [userRow] takes, of the user as u.
const userColumns = `u.{user.id}::text, u.{user.email}::text, u.{user.name}::text, u.{user.createdAt}, u.{user.updatedAt}`

// userRow is a user as the table has it.
type userRow struct {
	id                   string
	email, name          sql.NullString
	createdAt, updatedAt sql.NullTime
}

func (r *userRow) columns() []any {
	return []any{&r.id, &r.email, &r.name, &r.createdAt, &r.updatedAt}
}

func (r *userRow) user() domain.User {
	email, _ := domain.ParseEmail(r.email.String) // zero for what is no mail address
	return domain.User{
		ID: domain.UserID(r.id), Email: email, Name: r.name.String,
		CreatedAt: moment(r.createdAt), UpdatedAt: moment(r.updatedAt),
	}
}

// moment gives a column's time, and the zero time where there is none or one
// that RFC 3339 cannot write.
func moment(column sql.NullTime) time.Time {
	at := domain.Moment(column.Time)
	if at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}
	}
	return at
}

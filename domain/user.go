package domain

import "time"

// User is a person as Better Auth knows them. Taskward reads users and never
// writes them. What nobody told us is zero: no email, no name, no times.
type User struct {
	ID        UserID
	Email     Email
	Name      string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// UserID is Better Auth's id of a user, and so the owner of tasks. It is
// opaque: letters, a number, a UUID or anything else, compared byte for byte
// and never taken apart.
type UserID string

// MaxUserIDBytes bounds a [UserID], so that every store can index it.
const MaxUserIDBytes = 1024

// ParseUserID accepts any id of 1 to [MaxUserIDBytes] bytes of valid UTF-8
// without NUL, and nothing else. The error is [Invalid].
func ParseUserID(text string) (UserID, error) {
	if err := checkID("user_id", text, MaxUserIDBytes); err != nil {
		return "", err
	}
	return UserID(text), nil
}

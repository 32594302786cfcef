package memory

import (
	"context"
	"sync"

	"github.com/taskward/taskward/domain"
)

// Users is a ports.UserDirectory. It may be used by many goroutines.
type Users struct {
	mu     sync.RWMutex
	users  map[domain.UserID]domain.User
	closed bool
}

// NewUsers returns a directory of the given users.
func NewUsers(users ...domain.User) *Users {
	directory := &Users{users: map[domain.UserID]domain.User{}}
	for _, user := range users {
		directory.Put(user)
	}
	return directory
}

// Put adds a user, or takes the place of the one who has the same id.
func (u *Users) Put(user domain.User) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.users[user.ID] = user
}

// Remove forgets the user with this id, if there is one.
func (u *Users) Remove(id domain.UserID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.users, id)
}

// Close makes every later Get answer domain.ErrUnavailable. It never fails.
func (u *Users) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	return nil
}

// Get implements ports.UserDirectory.
func (u *Users) Get(ctx context.Context, id domain.UserID) (domain.User, error) {
	u.mu.RLock()
	defer u.mu.RUnlock()
	switch {
	case u.closed:
		return domain.User{}, domain.ErrUnavailable
	case ctx.Err() != nil:
		return domain.User{}, ctx.Err()
	}
	user, known := u.users[id]
	if !known {
		return domain.User{}, domain.ErrUserNotFound
	}
	return user, nil
}

package httpapi_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

// TestMeFromADirectory answers what the directory says, not what the token does.
func TestMeFromADirectory(t *testing.T) {
	directory := memory.NewUsers(domain.User{ID: "alice", Name: "Alice, married"})
	s := serve(t, func(s *setup) { s.directory = directory })
	want := `{"id":"alice","email":null,"name":"Alice, married","created_at":null,"updated_at":null}`
	if got := s.do("GET", "/api/me", as("alice")).want(200).body; string(got) != want {
		t.Errorf("GET /api/me answers %s, want %s", got, want)
	}
	s.do("GET", "/api/me", as("bob")).refused(404, "user_not_found")
	if err := directory.Close(); err != nil {
		t.Fatal(err)
	}
	s.do("GET", "/api/me", as("alice")).refused(503, "unavailable")
}

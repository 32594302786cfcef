package postgrestest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Service makes the database user that the guide at the path has
// administrators make for the service, by a name of its own, and gives the
// database's URL for that user. The user is gone at the end of the test.
func Service(t testing.TB, administrator, guide string) string {
	t.Helper()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sql\n(.*?)```").FindSubmatch(text)
	address, err := url.Parse(administrator)
	if block == nil || err != nil {
		t.Fatalf("%s has no SQL, or %q is no URL: %v", guide, administrator, err)
	}
	const named = "taskward_service"
	user := named + "_" + strings.ToLower(rand.Text())
	if err := execute(context.Background(), address, strings.ReplaceAll(string(block[1]), named, user)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := errors.Join(
			execute(context.Background(), address, "DROP OWNED BY "+user),
			execute(context.Background(), address, "DROP ROLE "+user))
		if err != nil {
			t.Errorf("drop the test's user of the database: %v", err)
		}
	})
	service := *address
	service.User = url.UserPassword(user, "change me")
	return service.String()
}

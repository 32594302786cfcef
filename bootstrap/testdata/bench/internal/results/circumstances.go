package results

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"example.com/bench/internal/database"
	"example.com/bench/internal/usage"
)

// Circumstances says on what something was measured, as the first lines of a
// section.
func Circumstances(ctx context.Context, root string, cluster *database.Cluster) (string, error) {
	version, err := cluster.Version(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, commit %s. %s, %s. PostgreSQL %s (%s).\n",
		time.Now().UTC().Format(time.DateOnly), commit(ctx, root), usage.Machine(), runtime.Version(), version, database.Durability), nil
}

// commit names what is checked out, and says whether it was changed since; the
// page that results are written to does not count.
func commit(ctx context.Context, root string) string {
	head, err := exec.CommandContext(ctx, "git", "-C", root, "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	name := strings.TrimSpace(string(head))
	changes, err := exec.CommandContext(ctx, "git", "-C", root, "status", "--porcelain", "--", ".", ":!.github/docs").Output()
	if err != nil || len(changes) > 0 {
		name += " with changes"
	}
	return name
}

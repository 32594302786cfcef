package bootstrap

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
)

// rotationInterval is how soon a secret counts that was put into its file.
const rotationInterval = 5 * time.Second

// followSecrets re-reads the files that secrets came from until ctx ends, and
// replaces the secrets when they have changed: a rotation needs no restart. A
// file that cannot be used changes nothing.
func followSecrets(ctx context.Context, config Config, secrets *jwtauth.Secrets, log *slog.Logger) {
	ticker := time.NewTicker(rotationInterval)
	defer ticker.Stop()
	current, _ := config.secrets()
	var told string // of what is wrong, once
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		next, err := config.reread()
		if err == nil && !slices.Equal(next, current) {
			if err = secrets.Replace(next...); err == nil {
				current = next
				log.InfoContext(ctx, "secrets replaced", "count", len(next))
			}
		}
		if err == nil {
			told = ""
		} else if told != err.Error() {
			told = err.Error()
			log.WarnContext(ctx, "secrets not replaced", "error", err)
		}
	}
}

// reread gives the secrets as their files have them now.
func (c Config) reread() ([]string, error) {
	var problems Problems
	for name, into := range map[string]*string{"BETTER_AUTH_SECRET": &c.Secret, "BETTER_AUTH_SECRETS": &c.Secrets} {
		path, ok := c.SecretFiles[name]
		if !ok {
			continue
		}
		text, err := readFile(path)
		problems.addError(name+"_FILE", err)
		*into = text
	}
	secrets, more := c.secrets()
	return secrets, append(problems, more...).err()
}

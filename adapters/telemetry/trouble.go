package telemetry

import (
	"context"
	"log/slog"
)

// trouble tells the log that something cannot be sent, and that it can again.
// It is used by one goroutine.
type trouble struct {
	log      *slog.Logger
	what     string
	failures int // in a row
}

func (t *trouble) note(ctx context.Context, err error) {
	switch failed := t.failures; {
	case err == nil && failed > 0:
		t.failures = 0
		t.log.InfoContext(ctx, "telemetry is taken again", "what", t.what, "failures", failed)
	case err != nil:
		t.failures++
		if failed&(failed+1) == 0 { // the 1st, 2nd, 4th, 8th …: an outage does not fill the log
			t.log.WarnContext(ctx, "telemetry was not taken and is lost", "what", t.what, "failures", failed+1, "error", err)
		}
	}
}

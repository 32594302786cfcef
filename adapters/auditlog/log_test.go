package auditlog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/auditlog"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

func TestAuditLog(t *testing.T) {
	lines := &lines{}
	portstest.TestAuditLog(t, portstest.AuditHarness{Log: auditlog.New(slog.NewJSONHandler(lines, nil)), Read: lines.read})
}

// lines are what was written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// read makes entries of the lines, as anybody might. A member that is not
// known would go unread.
func (l *lines) read(context.Context) (entries []domain.AuditEntry, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	decoder := json.NewDecoder(bytes.NewReader(l.text.Bytes()))
	decoder.DisallowUnknownFields()
	for {
		var line struct {
			Time      time.Time `json:"time"`
			Level     string    `json:"level"`
			Msg       string    `json:"msg"`
			Actor     string    `json:"actor"`
			Owner     string    `json:"owner"`
			Action    string    `json:"action"`
			Tasks     *[]int64  `json:"tasks"`
			Outcome   string    `json:"outcome"`
			TokenID   string    `json:"token_id"`
			RequestID string    `json:"request_id"`
		}
		if err := decoder.Decode(&line); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return entries, err
		}
		if line.Level != "INFO" || line.Msg != "audit" || line.Tasks == nil {
			return nil, errors.New("a line is not what it should be")
		}
		entry := domain.AuditEntry{
			At: line.Time, Actor: domain.UserID(line.Actor), Owner: domain.UserID(line.Owner), Action: domain.AuditAction(line.Action),
			Outcome: line.Outcome, TokenID: domain.TokenID(line.TokenID), RequestID: line.RequestID,
		}
		for _, id := range *line.Tasks {
			entry.Tasks = append(entry.Tasks, domain.TaskID(id))
		}
		entries = append(entries, entry)
	}
}

// full is where nothing more can be written.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestWhatCannotBeWrittenIsTold(t *testing.T) {
	err := auditlog.New(slog.NewJSONHandler(full{}, nil)).Record(t.Context(), domain.AuditEntry{At: time.Unix(1e9, 0)})
	if err == nil {
		t.Error("the entry is lost, and nobody is told")
	}
}

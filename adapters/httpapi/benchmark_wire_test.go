package httpapi

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
)

// BenchmarkDecode is what a body costs from its bytes to a draft.
func BenchmarkDecode(b *testing.B) {
	api, content := &API{}, []byte(`{"title":"Buy milk","description":"Two litres, and bread","priority":"high","tags":["home"],"due_date":"2026-11-28"}`)
	b.ReportAllocs()
	for b.Loop() {
		body, err := parseObject(content)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := api.parseDraft(body, true); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncode is what a list of 20 costs from tasks to bytes; encoding/json,
// which would write the same, is there to compare.
func BenchmarkEncode(b *testing.B) {
	title, err := domain.RestoreTitle("Buy milk")
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 11, 28, 9, 0, 0, 123456000, time.UTC)
	tasks := make([]domain.Task, 20)
	for i := range tasks {
		id := domain.TaskID(i + 1)
		tasks[i] = domain.Task{
			Owner: "OKe1q8kpYrBe5UzRIk0DeqyYyGUJgJQl", ID: id, Title: title, Priority: domain.Medium, Position: domain.PositionOf(id),
			CreatedAt: at, UpdatedAt: at, Sequence: domain.Sequence(id),
		}
	}
	api := &API{}
	written := api.appendTasks(nil, tasks)
	b.Run("appended", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			written = api.appendTasks(written[:0], tasks)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		var decoded []struct {
			ID          int64      `json:"id"`
			UserID      string     `json:"user_id"`
			Title       string     `json:"title"`
			Description *string    `json:"description"`
			Completed   bool       `json:"completed"`
			CompletedAt *time.Time `json:"completed_at"`
			Priority    string     `json:"priority"`
			Tags        []string   `json:"tags"`
			DueDate     *string    `json:"due_date"`
			DueZone     *string    `json:"due_zone"`
			Position    string     `json:"position"`
			Version     int64      `json:"version"`
			CreatedAt   time.Time  `json:"created_at"`
			UpdatedAt   time.Time  `json:"updated_at"`
		}
		if err := json.Unmarshal(written, &decoded); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(decoded); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package crowd

import (
	"encoding/json"
	"fmt"

	"example.com/bench/internal/generator"
)

// Page is how many tasks a list has.
const Page = 20

// Sampled is how many answers there are for one whose content is looked at.
const Sampled = 64

// Tasks is the path of the owner's tasks.
func (o Owner) Tasks() string { return "/api/" + o.ID + "/tasks" }

// FirstPage asks for the first of the owner's list.
func (o Owner) FirstPage() generator.Request {
	return generator.Request{Method: "GET", Path: o.Tasks() + "?limit=20", Token: o.Token, Status: 200}
}

// IsPage tells what is wrong with a full page of the owner's list.
func (o Owner) IsPage(answer *generator.Answer) error {
	var tasks []struct {
		ID     int64
		UserID string `json:"user_id"`
	}
	if err := json.Unmarshal(answer.Body, &tasks); err != nil {
		return err
	}
	if len(tasks) != Page {
		return fmt.Errorf("%d tasks, want %d", len(tasks), Page)
	}
	for i, task := range tasks {
		if task.UserID != o.ID || i > 0 && task.ID >= tasks[i-1].ID {
			return fmt.Errorf("task %d of %s is not next of %s", task.ID, task.UserID, o.ID)
		}
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	"example.com/bench/internal/generator"
	"example.com/bench/internal/service"
	"example.com/bench/internal/stand"
)

// alike is how many owners' lists are compared.
const alike = 100

// compare has servers answer with the same tasks.
func (b *bench) compare(ctx context.Context, servers ...*service.Process) error {
	var requests []generator.Request
	for _, owner := range b.owners[:alike] {
		requests = append(requests, owner.FirstPage())
	}
	return stand.Compare(ctx, requests, sameTasks, servers...)
}

// sameTasks tells whether answers say the same, in whatever words JSON has for
// that.
func sameTasks(one, other *generator.Answer) bool {
	tasks, err := tasksIn(one)
	others, otherErr := tasksIn(other)
	return err == nil && otherErr == nil && reflect.DeepEqual(tasks, others)
}

// tasksIn gives the members of each task, with times as numbers.
func tasksIn(answer *generator.Answer) (tasks []map[string]any, err error) {
	if err := json.Unmarshal(answer.Body, &tasks); err != nil {
		return nil, err
	}
	for _, task := range tasks {
		for _, name := range []string{"completed_at", "created_at", "updated_at"} {
			if text, some := task[name].(string); some {
				at, err := time.Parse(time.RFC3339, text)
				if err != nil {
					return nil, err
				}
				task[name] = at.UnixMicro()
			}
		}
	}
	return tasks, nil
}

package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
)

// Times of the rules. Microseconds are there to be lost by a careless store.
var (
	noon    = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	later   = noon.Add(time.Hour + time.Microsecond)
	earlier = noon.Add(-time.Hour)
)

// plenty is more than any rule makes of anything.
const plenty = 1000

// rich is a create that leaves out nothing but the completion.
func rich(name string) domain.Create {
	return domain.Create{
		Title:       title(name),
		Description: description("about " + name),
		Priority:    domain.High,
		Tags:        tags("home", "by the way"),
		Due:         due("2026-11-22T17:00:00+01:00", "Europe/Berlin"),
	}
}

// bare is a create that leaves out all it can.
func bare(name string) domain.Create { return domain.Create{Title: title(name)} }

// on targets the task with the given id, at whatever sequence it is.
func on(id domain.TaskID) domain.Target { return domain.Target{ID: id} }

func title(text string) domain.Title { return must(domain.DefaultLimits.ParseTitle(text)) }

func description(text string) domain.Description {
	return must(domain.DefaultLimits.ParseDescription(text))
}

func tags(names ...string) domain.Tags { return must(domain.ParseTags(names)) }

func dueDate(text string) domain.DueDate { return must(domain.ParseDueDate(text)) }

func zone(name string) domain.Zone { return must(domain.RestoreZone(name)) }

func due(date, zoneName string) domain.Due {
	return must(domain.NewDue(dueDate(date), zone(zoneName)))
}

func position(text string) domain.Position { return must(domain.ParsePosition(text)) }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

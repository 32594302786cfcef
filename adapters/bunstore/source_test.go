package bunstore_test

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

// source gives a value as it is written in a test of this package.
func source(value any) string {
	switch value := value.(type) {
	case time.Time:
		if value.IsZero() {
			return "time.Time{}"
		}
		return fmt.Sprintf("at(%q)", value.Format(time.RFC3339Nano))
	case domain.Title:
		return fmt.Sprintf("title(%q)", value)
	case domain.Description:
		if text, present := value.Text(); present {
			return fmt.Sprintf("description(%q)", text)
		}
	case domain.Tags:
		names := value.Names()
		for i, name := range names {
			names[i] = strconv.Quote(name)
		}
		return "tags(" + strings.Join(names, ", ") + ")"
	case domain.DueDate:
		return fmt.Sprintf("dueDate(%q)", value)
	case domain.Zone:
		return fmt.Sprintf("zone(%q)", value)
	case domain.Due:
		return fmt.Sprintf("due(%q, %q)", value.Date(), value.Zone())
	case domain.Position:
		return fmt.Sprintf("position(%q)", value)
	case domain.Priority:
		return []string{"0", "domain.Low", "domain.Medium", "domain.High"}[value]
	case domain.Sort:
		return []string{"domain.ByCreation", "domain.ByChange", "domain.ByDue", "domain.ByPriority", "domain.ByTitle", "domain.ByPosition"}[value]
	case domain.Order:
		return []string{"domain.Descending", "domain.Ascending"}[value]
	case [sha256.Size]byte:
		return fmt.Sprintf("request(%d)", value[0])
	case domain.Place:
		return placeSource(value)
	case domain.Batch:
		return batchSource(value)
	}
	return plainSource(reflect.ValueOf(value))
}

// plainSource is for values that show all they have.
func plainSource(value reflect.Value) string {
	if some := value.MethodByName("Or"); some.IsValid() { // a domain.Optional that holds something
		return "domain.Some(" + source(value.MethodByName("Get").Call(nil)[0].Interface()) + ")"
	}
	if value.Kind() != reflect.Struct {
		return fmt.Sprintf("%#v", value)
	}
	var fields []string
	for i := range value.NumField() {
		if field := value.Field(i); !field.IsZero() {
			fields = append(fields, value.Type().Field(i).Name+": "+source(field.Interface()))
		}
	}
	return value.Type().String() + "{" + strings.Join(fields, ", ") + "}"
}

func placeSource(place domain.Place) string {
	switch spot := spotOf(place); {
	case spot.anchor == 0:
		return "domain.At(" + source(spot.at) + ")"
	case spot.behind:
		return fmt.Sprintf("domain.Behind(%d)", spot.anchor)
	default:
		return fmt.Sprintf("domain.Before(%d)", spot.anchor)
	}
}

// spot is what a place is about.
type spot struct {
	anchor domain.TaskID // 0 for a position
	behind bool
	at     domain.Position
}

// spotOf looks into a place, which only domain has to do otherwise.
func spotOf(place domain.Place) spot {
	value := reflect.ValueOf(place)
	found := spot{anchor: domain.TaskID(value.FieldByName("anchor").Int()), behind: value.FieldByName("behind").Bool()}
	if found.anchor == 0 {
		found.at = position(value.FieldByName("at").FieldByName("key").String())
	}
	return found
}

func batchSource(batch domain.Batch) string {
	text := "domain.NewBatch(" + source(batch.At())
	for _, change := range batch.Changes() {
		text += ", " + source(change)
	}
	text += ")"
	if over := batch.TrashOver(); !over.IsZero() {
		text += ".ForgettingTrash(" + source(over) + ")"
	}
	if once, keyed := batch.OnlyOnce().Get(); keyed {
		text += ".Once(" + source(once) + ")"
	}
	return text
}

// What programs say values with.
func at(text string) time.Time { return must(time.Parse(time.RFC3339Nano, text)).UTC() }

func title(text string) domain.Title { return must(domain.DefaultLimits.ParseTitle(text)) }

func description(text string) domain.Description {
	return must(domain.DefaultLimits.ParseDescription(text))
}

func tags(names ...string) domain.Tags { return must(domain.ParseTags(names)) }

func dueDate(text string) domain.DueDate {
	if text == "" {
		return domain.DueDate{}
	}
	return must(domain.ParseDueDate(text))
}

func zone(name string) domain.Zone { return must(domain.RestoreZone(name)) }

func due(date, zoneName string) domain.Due {
	return must(domain.NewDue(dueDate(date), zone(zoneName)))
}

func position(text string) domain.Position { return must(domain.ParsePosition(text)) }

// request tells one request from another.
func request(number byte) [sha256.Size]byte { return [sha256.Size]byte{number} }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

package application

import (
	"strconv"
	"time"

	"github.com/taskward/taskward/domain"
)

// Draft is what somebody asks to be created, not yet parsed. What is nil is
// not there.
type Draft struct {
	Title       string
	Description *string
	Completed   bool
	Priority    *string
	Tags        []string
	DueDate     *string
	DueZone     *string
	Place       domain.Optional[domain.Place]
}

// Revision is what somebody asks to be changed, not yet parsed. What is left
// out stays; what is nil is cleared, and a priority becomes the default one.
type Revision struct {
	Title       domain.Optional[string]
	Description domain.Optional[*string]
	Completed   domain.Optional[bool]
	Priority    domain.Optional[*string]
	Tags        domain.Optional[[]string]
	DueDate     domain.Optional[*string]
	DueZone     domain.Optional[*string]
	Place       domain.Optional[domain.Place]
}

// Record is a task that somebody asks to be imported, not yet parsed. Times
// that are zero are not there.
type Record struct {
	Draft
	CreatedAt   time.Time
	UpdatedAt   time.Time
	CompletedAt time.Time
}

// Operation is one of several things that somebody asks to be done at once,
// not yet parsed: [CreateTask], [UpdateTask], [CompleteTask] or [DeleteTask].
type Operation interface {
	parse(limits domain.Limits) (domain.Change, error)
}

// CreateTask is the operation that [Tasks.Create] is by itself.
type CreateTask struct{ Draft Draft }

// UpdateTask is the operation that [Tasks.Update] is by itself.
type UpdateTask struct {
	Target   domain.Target
	Revision Revision
}

// CompleteTask is the operation that [Tasks.Complete] is by itself.
type CompleteTask struct {
	Target    domain.Target
	Completed domain.Optional[bool]
}

// DeleteTask is the operation that [Tasks.Delete] is by itself.
type DeleteTask struct{ Target domain.Target }

func (c CreateTask) parse(limits domain.Limits) (domain.Change, error) { return c.Draft.parse(limits) }

func (u UpdateTask) parse(limits domain.Limits) (domain.Change, error) {
	edit, err := u.Revision.parse(limits)
	edit.Target = u.Target
	return edit, err
}

func (c CompleteTask) parse(domain.Limits) (domain.Change, error) { //nolint:unparam // Operation wants the error
	return completion(c.Target, c.Completed), nil
}

func (d DeleteTask) parse(domain.Limits) (domain.Change, error) { //nolint:unparam // Operation wants the error
	return domain.Delete{Target: d.Target}, nil
}

func completion(target domain.Target, completed domain.Optional[bool]) domain.Change {
	if to, given := completed.Get(); given {
		return domain.SetCompleted{Target: target, Completed: to}
	}
	return domain.ToggleCompleted{Target: target}
}

func parseOperations(operations []Operation, limits domain.Limits) ([]domain.Change, error) {
	return parseEach("operations", operations, func(operation Operation) (domain.Change, error) { return operation.parse(limits) })
}

func parseRecords(records []Record, limits domain.Limits) ([]domain.Change, error) {
	return parseEach("records", records, func(record Record) (domain.Change, error) {
		create, err := record.parse(limits)
		imported := domain.Import{Create: create, CreatedAt: record.CreatedAt, UpdatedAt: record.UpdatedAt, CompletedAt: record.CompletedAt}
		return imported, domain.Violated(err,
			datable("created_at", record.CreatedAt), datable("updated_at", record.UpdatedAt), datable("completed_at", record.CompletedAt))
	})
}

// datable refuses times that have no form in RFC 3339 once they are in UTC.
func datable(field string, at time.Time) error {
	if year := at.UTC().Year(); year < 1 || year > 9999 {
		return domain.Invalidity(domain.Violation{Field: field, Detail: "must be in the years 1 to 9999"})
	}
	return nil
}

// parseEach parses all inputs and names those that break rules, by their
// places counted from 0.
func parseEach[T any](name string, inputs []T, parse func(T) (domain.Change, error)) ([]domain.Change, error) {
	changes, errs := make([]domain.Change, len(inputs)), make([]error, len(inputs))
	for i, input := range inputs {
		changes[i], errs[i] = parse(input)
		errs[i] = domain.Within(name+"/"+strconv.Itoa(i), errs[i])
	}
	return changes, domain.Violated(errs...)
}

func (d Draft) parse(limits domain.Limits) (domain.Create, error) {
	var p parsing
	create := domain.Create{
		Title:       parsed(&p, d.Title, limits.ParseTitle),
		Description: parsedOrNone(&p, d.Description, limits.ParseDescription),
		Completed:   d.Completed,
		Priority:    parsedOrNone(&p, d.Priority, domain.ParsePriority),
		Tags:        parsed(&p, d.Tags, domain.ParseTags),
		Place:       d.Place,
	}
	date, zone := parsedOrNone(&p, d.DueDate, domain.ParseDueDate), parsedOrNone(&p, d.DueZone, parseZone)
	if p.errs == nil {
		due, err := domain.NewDue(date, zone)
		create.Due = due
		p.note(err)
	}
	return create, domain.Violated(p.errs...)
}

func (r Revision) parse(limits domain.Limits) (domain.Edit, error) {
	var p parsing
	edit := domain.Edit{
		Title:       optional(r.Title, func(text string) domain.Title { return parsed(&p, text, limits.ParseTitle) }),
		Description: optional(r.Description, func(text *string) domain.Description { return parsedOrNone(&p, text, limits.ParseDescription) }),
		Completed:   r.Completed,
		Priority:    optional(r.Priority, func(text *string) domain.Priority { return priorityOrDefault(&p, text) }),
		Tags:        optional(r.Tags, func(names []string) domain.Tags { return parsed(&p, names, domain.ParseTags) }),
		DueDate:     optional(r.DueDate, func(text *string) domain.DueDate { return parsedOrNone(&p, text, domain.ParseDueDate) }),
		DueZone:     optional(r.DueZone, func(text *string) domain.Zone { return parsedOrNone(&p, text, parseZone) }),
		Place:       r.Place,
	}
	return edit, domain.Violated(p.errs...)
}

func priorityOrDefault(p *parsing, text *string) domain.Priority {
	if text == nil {
		return domain.DefaultPriority
	}
	return parsed(p, *text, domain.ParsePriority)
}

func parseZone(name string) (domain.Zone, error) { return domain.ParseZone(name, time.LoadLocation) }

// parsing notes everything that is wrong with an input.
type parsing struct{ errs []error }

func (p *parsing) note(err error) {
	if err != nil {
		p.errs = append(p.errs, err)
	}
}

func parsed[In, Out any](p *parsing, input In, parse func(In) (Out, error)) Out {
	output, err := parse(input)
	p.note(err)
	return output
}

// parsedOrNone is the zero value for what is not there.
func parsedOrNone[In, Out any](p *parsing, input *In, parse func(In) (Out, error)) Out {
	if input == nil {
		var none Out
		return none
	}
	return parsed(p, *input, parse)
}

func optional[In, Out any](input domain.Optional[In], parse func(In) Out) domain.Optional[Out] {
	if value, given := input.Get(); given {
		return domain.Some(parse(value))
	}
	return domain.Optional[Out]{}
}

package application

import "github.com/taskward/taskward/domain"

// Draft is what somebody asks to be created, not yet parsed.
type Draft struct {
	Title       string
	Description *string // nil if there is none
	Completed   bool
}

// Revision is what somebody asks to be changed, not yet parsed. What is left
// out stays; a description that is nil is cleared.
type Revision struct {
	Title       domain.Optional[string]
	Description domain.Optional[*string]
	Completed   domain.Optional[bool]
}

func (d Draft) parse(limits domain.Limits) (domain.Create, error) {
	title, titleErr := limits.ParseTitle(d.Title)
	description, descriptionErr := parseDescription(limits, d.Description)
	return domain.Create{Title: title, Description: description, Completed: d.Completed},
		domain.Violated(titleErr, descriptionErr)
}

func (r Revision) parse(limits domain.Limits) (domain.Edit, error) {
	edit := domain.Edit{Completed: r.Completed}
	var titleErr, descriptionErr error
	if text, ok := r.Title.Get(); ok {
		var title domain.Title
		title, titleErr = limits.ParseTitle(text)
		edit.Title = domain.Some(title)
	}
	if text, ok := r.Description.Get(); ok {
		var description domain.Description
		description, descriptionErr = parseDescription(limits, text)
		edit.Description = domain.Some(description)
	}
	return edit, domain.Violated(titleErr, descriptionErr)
}

func parseDescription(limits domain.Limits, text *string) (domain.Description, error) {
	if text == nil {
		return domain.Description{}, nil
	}
	return limits.ParseDescription(*text)
}

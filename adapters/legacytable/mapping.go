package legacytable

import (
	"fmt"
	"slices"
	"strings"
)

// column is a column of a table.
type column struct {
	name   string
	quoted string // as SQL takes it letter by letter
	kind   string // its type
}

func (c column) isNumber() bool {
	return slices.Contains([]string{"smallint", "integer", "bigint", "numeric", "real", "double precision"}, c.kind)
}

// mapping says which column is what of a task.
type mapping map[field]column

// newMapping finds the columns of the fields: those that are given, and of the
// others those with a well-known name.
func newMapping(all []column, options Options) (mapping, error) {
	m := make(mapping)
	for _, entry := range options.Map {
		if err := m.give(entry, all); err != nil {
			return nil, fmt.Errorf("map %q: %w", entry, err)
		}
	}
	for _, name := range options.Ignore {
		if _, err := find(all, name); err != nil {
			return nil, fmt.Errorf("ignore %q: %w", name, err)
		}
	}
	for _, known := range fields {
		if _, given := m[known.field]; !given {
			m.recognise(known.field, known.names, all, options.Ignore)
		}
	}
	for _, needed := range []field{id, owner, title} {
		if _, ok := m[needed]; !ok {
			return nil, fmt.Errorf("no column is known to be the %s: map %s=COLUMN", needed, needed)
		}
	}
	return m, nil
}

func (m mapping) give(entry string, all []column) error {
	name, to, assigned := strings.Cut(entry, "=")
	if !assigned || !isField(name) {
		return fmt.Errorf("it has to be FIELD=COLUMN, and the field one of %s", strings.Join(Fields(), ", "))
	}
	if _, twice := m[field(name)]; twice {
		return fmt.Errorf("%s is mapped twice", name)
	}
	found, err := find(all, to)
	if err == nil {
		m[field(name)] = found
	}
	return err
}

func (m mapping) recognise(what field, names []string, all []column, ignored []string) {
	for _, name := range names {
		for _, candidate := range all {
			switch {
			case plain(candidate.name) != name, m.has(candidate), slices.Contains(ignored, candidate.name):
			case what == priority && candidate.isNumber(): // 1 is the highest to some and the lowest to others
			default:
				m[what] = candidate
				return
			}
		}
	}
}

// has reports whether a column is already something of a task.
func (m mapping) has(one column) bool {
	for _, column := range m {
		if column == one {
			return true
		}
	}
	return false
}

func find(all []column, name string) (column, error) {
	for _, column := range all {
		if column.name == name {
			return column, nil
		}
	}
	return column{}, fmt.Errorf("there is no column %q; case counts", name)
}

package legacytable

import (
	"strings"

	"github.com/taskward/taskward/domain"
)

// RecordOf makes a row, a JSON array of the values of the named fields, a
// record of a table whose ids are numbers.
func RecordOf(names, row string) Record {
	table := Table{limits: domain.DefaultLimits, mapping: make(mapping)}
	table.mapping[id] = column{kind: "bigint"}
	var order []field
	for name := range strings.SplitSeq(names, " ") {
		order = append(order, field(name))
	}
	return table.record(order, row)
}

// MappingOf finds the columns of a table, all of them numbers or all of them
// text.
func MappingOf(columns []string, numbers bool, options Options) ([]string, error) {
	table := Table{}
	for _, name := range columns {
		one := column{name: name, quoted: name, kind: "text"}
		if numbers {
			one.kind = "bigint"
		}
		table.all = append(table.all, one)
	}
	var err error
	table.mapping, err = newMapping(table.all, options)
	return table.Mapping(), err
}

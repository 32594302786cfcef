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

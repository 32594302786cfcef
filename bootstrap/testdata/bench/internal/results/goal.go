package results

import (
	"fmt"
	"slices"
	"strings"
)

// Spread is the median of values, and how far they lie apart.
type Spread struct{ Median, Least, Most float64 }

// SpreadOf gives that of values, of which there is one at least.
func SpreadOf(values ...float64) Spread {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + median) / 2
	}
	return Spread{median, sorted[0], sorted[len(sorted)-1]}
}

// Goal is what a figure is meant to be.
type Goal struct {
	What     string
	Bound    float64
	AtLeast  bool   // and else at most
	Unit     string // " ×" for a ratio
	Decimals int
	Measured Spread
}

// AtLeast is a goal for a ratio.
func AtLeast(what string, bound float64, measured Spread) Goal {
	return Goal{What: what, Bound: bound, AtLeast: true, Unit: " ×", Decimals: 2, Measured: measured}
}

// AtMost is one too.
func AtMost(what string, bound float64, measured Spread) Goal {
	return Goal{What: what, Bound: bound, Unit: " ×", Decimals: 2, Measured: measured}
}

// Met tells whether the median is what it should be, as precisely as it is told.
func (g Goal) Met() bool {
	slack := 0.5
	for range g.Decimals {
		slack /= 10
	}
	if g.AtLeast {
		return g.Measured.Median >= g.Bound-slack
	}
	return g.Measured.Median <= g.Bound+slack
}

// Table gives the goals as Markdown.
func Table(goals []Goal) string {
	var table strings.Builder
	table.WriteString("| what | goal | measured | rounds | met |\n|---|---|---|---|---|\n")
	for _, g := range goals {
		sign, met := "≤", "no"
		if g.AtLeast {
			sign = "≥"
		}
		if g.Met() {
			met = "yes"
		}
		number := func(value float64) string { return fmt.Sprintf("%.*f", g.Decimals, value) }
		fmt.Fprintf(&table, "| %s | %s %s%s | %s%s | %s – %s | %s |\n", g.What, sign, number(g.Bound), g.Unit,
			number(g.Measured.Median), g.Unit, number(g.Measured.Least), number(g.Measured.Most), met)
	}
	return table.String()
}

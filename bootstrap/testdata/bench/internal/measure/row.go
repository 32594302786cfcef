package measure

import "fmt"

// Headings are those of [Series.Figures] and [Series.Ratios], as cells of a
// Markdown table.
const Headings = " requests a second | server CPU | PostgreSQL CPU | p99 |"

// Figures are the medians.
func (s Series) Figures() string {
	return fmt.Sprintf(" %.0f | %.0f µs | %.0f µs | %.2f ms |", s.Median(Rate), s.Median(ServerCPU), s.Median(DatabaseCPU), s.Median(P99))
}

// Ratios are those to another side.
func (s Series) Ratios(to Series) string {
	of := func(m Metric) float64 { return s.Against(to, m).Median }
	return fmt.Sprintf(" %.2f × | %.2f × | %.2f × | %.2f × |", of(Rate), of(ServerCPU), of(DatabaseCPU), of(P99))
}

// Package measure has servers answer the same load in turns.
package measure

import "example.com/bench/internal/results"

// Sample is what one round came to.
type Sample struct {
	rate        float64 // requests a second
	p99         float64 // milliseconds
	serverCPU   float64 // microseconds a request
	databaseCPU float64 // microseconds a request
}

// Metric is one of the figures of a sample.
type Metric func(Sample) float64

// Rate is the number of requests a second.
func Rate(s Sample) float64 { return s.rate }

// P99 is the latency of the slowest hundredth, in milliseconds.
func P99(s Sample) float64 { return s.p99 }

// ServerCPU is what a request costs the server, in microseconds.
func ServerCPU(s Sample) float64 { return s.serverCPU }

// DatabaseCPU is what a request costs PostgreSQL, in microseconds.
func DatabaseCPU(s Sample) float64 { return s.databaseCPU }

// AllCPU is what a request costs both.
func AllCPU(s Sample) float64 { return s.serverCPU + s.databaseCPU }

// Series are the samples of one side, round after round.
type Series []Sample

// Spread is that of one figure.
func (s Series) Spread(of Metric) results.Spread {
	values := make([]float64, len(s))
	for i, sample := range s {
		values[i] = of(sample)
	}
	return results.SpreadOf(values...)
}

// Median is that of one figure.
func (s Series) Median(of Metric) float64 { return s.Spread(of).Median }

// Against gives the ratios to another side, each within one round.
func (s Series) Against(other Series, of Metric) results.Spread {
	values := make([]float64, len(s))
	for i := range s {
		values[i] = of(s[i]) / of(other[i])
	}
	return results.SpreadOf(values...)
}

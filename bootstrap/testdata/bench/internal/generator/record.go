package generator

import (
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// record keeps how answers came back. Its pages spare clients each other's lock.
type record struct {
	pages [16]page
}

type page struct {
	mu        sync.Mutex
	latencies *hdrhistogram.Histogram
	wrong     int64
	fault     error
}

func newRecord() *record {
	r := &record{}
	for i := range r.pages {
		r.pages[i].latencies = newLatencies()
	}
	return r
}

func newLatencies() *hdrhistogram.Histogram {
	return hdrhistogram.New(int64(time.Microsecond), int64(time.Minute), 3)
}

func (r *record) add(client int, latency time.Duration, fault error) {
	p := &r.pages[client%len(r.pages)]
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.latencies.RecordValue(min(int64(latency), p.latencies.HighestTrackableValue())) // which is within its bounds
	if fault != nil {
		p.wrong++
		if p.fault == nil {
			p.fault = fault
		}
	}
}

func (r *record) outcome() Outcome {
	total := Outcome{Latencies: newLatencies()}
	for i := range r.pages {
		p := &r.pages[i]
		total.Latencies.Merge(p.latencies)
		total.Wrong += p.wrong
		if total.Fault == nil {
			total.Fault = p.fault
		}
	}
	total.Requests = total.Latencies.TotalCount()
	return total
}

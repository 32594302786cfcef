package generator

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sync/errgroup"
)

// Script makes the next request of a client.
type Script func(draw *rand.Rand, request *Request)

// Clients are so many connections to one server.
type Clients struct {
	clients []*Client
	draws   []*rand.Rand
}

// Outcome is what became of a load.
type Outcome struct {
	Requests  int64
	Wrong     int64
	Fault     error // what was wrong first
	Took      time.Duration
	Latencies *hdrhistogram.Histogram // in nanoseconds
}

// DialAll connects so many clients to host:port. The same seed makes them draw
// the same requests.
func DialAll(ctx context.Context, address string, number int, seed uint64) (*Clients, error) {
	all := &Clients{}
	for i := range number {
		client, err := Dial(ctx, address)
		if err != nil {
			return nil, errors.Join(err, all.Close())
		}
		all.clients = append(all.clients, client)
		all.draws = append(all.draws, rand.New(rand.NewPCG(seed, uint64(i))))
	}
	return all, nil
}

// Close ends all connections.
func (c *Clients) Close() error {
	var failures []error
	for _, client := range c.clients {
		failures = append(failures, client.Close())
	}
	return errors.Join(failures...)
}

// Closed has each client send as soon as it has the answer before.
func (c *Clients) Closed(ctx context.Context, script Script, duration time.Duration) (Outcome, error) {
	return c.run(ctx, script, func(begin time.Time) func() (time.Time, bool) {
		end := begin.Add(duration)
		return func() (time.Time, bool) {
			now := time.Now()
			return now, now.Before(end) && ctx.Err() == nil
		}
	})
}

// Open has so many requests a second be due, each at its own time, whatever
// became of those before. A latency is counted from when the request was due,
// so that one which had to wait for a client, because the server held all of
// them up, is as late as its user would find it.
func (c *Clients) Open(ctx context.Context, script Script, duration time.Duration, rate float64) (Outcome, error) {
	return c.run(ctx, script, func(begin time.Time) func() (time.Time, bool) {
		var next atomic.Int64
		return func() (time.Time, bool) {
			after := time.Duration(float64(next.Add(1)-1) / rate * float64(time.Second))
			return begin.Add(after), after < duration && ctx.Err() == nil
		}
	})
}

// run sends what the script makes, each request when it is due.
func (c *Clients) run(ctx context.Context, script Script, schedule func(begin time.Time) func() (due time.Time, more bool)) (Outcome, error) {
	record := newRecord()
	begin := time.Now()
	due := schedule(begin)
	var group errgroup.Group
	for i, client := range c.clients {
		group.Go(func() error {
			alarm := time.NewTimer(0)
			defer alarm.Stop()
			var request Request
			for {
				at, more := due()
				if !more {
					return nil
				}
				if wait := time.Until(at); wait > 0 {
					alarm.Reset(wait)
					<-alarm.C
				}
				request = Request{}
				script(c.draws[i], &request)
				answer, err := client.Do(&request)
				if err != nil {
					return err
				}
				record.add(i, time.Since(at), request.hold(answer))
			}
		})
	}
	err := group.Wait()
	outcome := record.outcome()
	outcome.Took = time.Since(begin)
	return outcome, errors.Join(err, ctx.Err())
}

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/taskward/taskward/adapters/jwtauth"
	"golang.org/x/sync/errgroup"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/generator"
	"example.com/bench/internal/service"
)

const (
	contended = 50 // owners whose tasks everybody changes
	writers   = 16
	followers = 4
)

// measureReplicas has many clients change the tasks of the same owners through
// replicas on one database, and then holds what there is against what they
// were told.
func (b *bench) measureReplicas(ctx context.Context, r *report) error {
	b.Say("write to %d replicas for %v", b.replicas, b.contention)
	owners, err := crowd.Owners(b.plan.owners, contended, jwtauth.SecretIssuer{Secret: service.Secret})
	if err != nil {
		return err
	}
	c := &contest{books: make([]*book, contended)}
	for range b.replicas {
		replica, err := b.Start(ctx, b.plain(), owners[0])
		if err != nil {
			return err
		}
		c.replicas = append(c.replicas, replica)
	}
	for i, owner := range owners {
		c.books[i] = &book{owner: owner, copied: map[int64]string{}}
	}
	if err := c.play(ctx, b); err != nil {
		return err
	}
	r.requests, r.wrong = c.requests.Load(), c.wrong
	for _, fault := range c.faults {
		b.Say("wrong: %v", fault)
	}
	b.Say("replicas: %d, requests: %d, wrong: %d", b.replicas, r.requests, r.wrong)
	if r.wrong > 0 {
		return fmt.Errorf("%d answers of replicas were wrong or changes lost, such as: %w", c.wrong, c.faults[0])
	}
	return b.Stop(c.replicas...)
}

// contest is what goes on between clients and replicas.
type contest struct {
	replicas []*service.Process
	books    []*book
	requests atomic.Int64

	mu     sync.Mutex
	wrong  int
	faults []error // the first few
}

func (c *contest) blame(fault error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong++
	if len(c.faults) < 10 {
		c.faults = append(c.faults, fault)
	}
}

func (c *contest) play(ctx context.Context, b *bench) error {
	if err := c.begin(ctx); err != nil {
		return err
	}
	writing, stop := context.WithTimeout(ctx, b.contention)
	defer stop()
	var all, writes errgroup.Group
	over := make(chan struct{})
	for i := range writers {
		writes.Go(func() error {
			return c.on(ctx, i, func(b *branches) error {
				for writing.Err() == nil {
					if err := c.write(b); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	for i := range followers {
		all.Go(func() error {
			return c.on(ctx, writers+i, func(b *branches) error { return c.follow(b, i, over) })
		})
	}
	err := writes.Wait()
	close(over)
	if err := errors.Join(err, all.Wait(), ctx.Err()); err != nil {
		return err
	}
	return c.on(ctx, 0, func(b *branches) error {
		for _, book := range c.books {
			if err := c.audit(b, book); err != nil {
				return err
			}
		}
		return nil
	})
}

// begin gives each owner the task that is counted in.
func (c *contest) begin(ctx context.Context) error {
	return c.on(ctx, 0, func(b *branches) error {
		for _, book := range c.books {
			answer, err := b.do(&generator.Request{Method: "POST", Path: book.owner.Tasks(), Token: book.owner.Token, Body: `{"title":"0"}`})
			if err != nil {
				return err
			}
			if answer.Status != 201 {
				return fmt.Errorf("a counter could not be made: %d %s", answer.Status, answer.Body)
			}
		}
		return nil
	})
}

// on does something with a connection to each replica.
func (c *contest) on(ctx context.Context, seed int, do func(*branches) error) (err error) {
	b := &branches{contest: c, draw: rand.New(rand.NewPCG(uint64(seed), 0))} //nolint:gosec // G115: there are few
	defer func() {
		for _, client := range b.clients {
			err = errors.Join(err, client.Close())
		}
	}()
	for _, replica := range c.replicas {
		client, err := generator.Dial(ctx, replica.Address)
		if err != nil {
			return err
		}
		b.clients = append(b.clients, client)
	}
	return do(b)
}

// branches are one client's connections to all replicas.
type branches struct {
	contest *contest
	clients []*generator.Client
	draw    *rand.Rand
}

// do sends a request to any of the replicas.
func (b *branches) do(request *generator.Request) (*generator.Answer, error) {
	b.contest.requests.Add(1)
	return b.clients[b.draw.IntN(len(b.clients))].Do(request)
}

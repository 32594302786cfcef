package generator

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"
)

// Gather connects so many clients to host:port in the course of the duration,
// one after another, while those before send what the script makes. Of workers
// that take connections from one socket, one that is at work leaves the next
// to another; of those that come at once, the first to wake takes all.
func Gather(ctx context.Context, address string, number int, seed uint64, script Script, duration time.Duration) (*Clients, error) {
	all := &Clients{}
	end := time.Now().Add(duration)
	ticker := time.NewTicker(duration / time.Duration(number))
	defer ticker.Stop()
	var group errgroup.Group
	for i := range number {
		client, err := Dial(ctx, address)
		if err != nil {
			return nil, errors.Join(err, group.Wait(), all.Close())
		}
		draw := rand.New(rand.NewPCG(seed, uint64(i)))
		all.clients, all.draws = append(all.clients, client), append(all.draws, draw)
		alone := &Clients{clients: []*Client{client}, draws: []*rand.Rand{draw}}
		group.Go(func() error {
			_, err := alone.Closed(ctx, script, time.Until(end))
			return err
		})
		<-ticker.C
	}
	if err := group.Wait(); err != nil {
		return nil, errors.Join(err, all.Close())
	}
	return all, nil
}

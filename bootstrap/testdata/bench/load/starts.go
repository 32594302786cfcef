package main

import (
	"context"
	"time"

	"example.com/bench/internal/results"
	"example.com/bench/internal/service"
)

// measureStarts starts and stops the servers in turns.
func (b *bench) measureStarts(ctx context.Context, r *report) error {
	b.Say("start and stop the servers")
	for _, of := range []struct {
		spec service.Spec
		got  *footprint
	}{{b.limitServer(), &r.limit}, {b.plain(), &r.taskward}} {
		size, err := service.Size(of.spec.Program)
		if err != nil {
			return err
		}
		of.got.binary = megabytes(size)
		var ready, idle []float64
		for range b.starts {
			process, err := b.Start(ctx, of.spec, b.owners[0])
			if err != nil {
				return err
			}
			memory, err := process.Memory()
			if err != nil {
				return err
			}
			ready = append(ready, float64(process.Ready)/float64(time.Millisecond))
			idle = append(idle, megabytes(memory))
			if err := b.Stop(process); err != nil {
				return err
			}
		}
		of.got.ready, of.got.idle = results.SpreadOf(ready...), results.SpreadOf(idle...)
	}
	return nil
}

func megabytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

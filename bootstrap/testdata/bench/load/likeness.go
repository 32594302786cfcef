package main

import (
	"bytes"
	"context"
	"math/rand/v2"

	"example.com/bench/internal/generator"
	"example.com/bench/internal/service"
	"example.com/bench/internal/stand"
)

// alike is how many requests are compared.
const alike = 100

// compare has servers answer alike, byte for byte.
func (b *bench) compare(ctx context.Context, servers ...*service.Process) error {
	everybody := crew{b.owners, b.tasks}
	var requests []generator.Request
	draw := rand.New(rand.NewPCG(0, 0))
	for range alike {
		var list, get generator.Request
		everybody.list(draw, &list)
		everybody.get(draw, &get)
		requests = append(requests, list, get)
	}
	return stand.Compare(ctx, requests, func(one, other *generator.Answer) bool {
		return bytes.Equal(one.Body, other.Body) && one.Tag == other.Tag
	}, servers...)
}

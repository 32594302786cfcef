package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"example.com/bench/internal/generator"
	"example.com/bench/internal/service"
)

// alike is how many requests are compared.
const alike = 100

// compare holds the answers of servers against each other: what does less is
// not to be measured against.
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
	var first []generator.Answer
	for i, server := range servers {
		answers, err := answersOf(ctx, server, requests)
		if err != nil {
			return err
		}
		if i == 0 {
			first = answers
		}
		for j, answer := range answers {
			if !bytes.Equal(answer.Body, first[j].Body) || answer.Tag != first[j].Tag {
				return fmt.Errorf("GET %s: %s answers\n%s %s\nand %s\n%s %s", requests[j].Path, servers[0].Name, first[j].Tag, first[j].Body, server.Name, answer.Tag, answer.Body)
			}
		}
	}
	return nil
}

func answersOf(ctx context.Context, server *service.Process, requests []generator.Request) (answers []generator.Answer, err error) {
	client, err := generator.Dial(ctx, server.Address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	for i := range requests {
		answer, err := client.Right(&requests[i])
		if err != nil {
			return nil, err
		}
		kept := *answer
		kept.Body = bytes.Clone(answer.Body)
		answers = append(answers, kept)
	}
	return answers, nil
}

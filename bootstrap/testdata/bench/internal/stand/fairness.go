package stand

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"example.com/bench/internal/generator"
	"example.com/bench/internal/service"
)

// Compare holds the answers of servers against each other: what does less is
// not to be measured against.
func Compare(ctx context.Context, requests []generator.Request, alike func(one, other *generator.Answer) bool, servers ...*service.Process) error {
	var first []generator.Answer
	for i, server := range servers {
		answers, err := answersOf(ctx, server, requests)
		if err != nil {
			return err
		}
		if i == 0 {
			first = answers
		}
		for j := range answers {
			if one, other := &first[j], &answers[j]; !alike(one, other) {
				return fmt.Errorf("GET %s: %s answers\n%s %s\nand %s\n%s %s", requests[j].Path, servers[0].Name, one.Tag, one.Body, server.Name, other.Tag, other.Body)
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

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/generator"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// cell is what was measured of owners with so many tasks in a table of so many.
type cell struct {
	rows, tasks int
	columns     []measure.Series // by [questions]; nil where owners have too few tasks to be asked that
}

// Questions, by their columns.
const (
	first = iota
	deeper
	unfinished
	changes
	nothing
	questions
)

// headings of the columns.
var headings = [questions]string{"first page", "page at 0.9 of the depth", "open tasks", "a page of changes", "no changes"}

// hasTasks are what the answers have to have.
var hasTasks = [questions]func(*generator.Answer) error{
	first: has(crowd.Page), deeper: has(crowd.Page), unfinished: has(open), changes: has(crowd.Page), nothing: has(0),
}

func has(tasks int) func(*generator.Answer) error {
	return func(answer *generator.Answer) error {
		if got := bytes.Count(answer.Body, []byte(`{"id":`)); got != tasks {
			return fmt.Errorf("%d tasks, want %d", got, tasks)
		}
		return nil
	}
}

// paths are what one owner is asked.
type paths [questions]string

// cell measures all questions of the owners in turns.
func (g *growth) cell(ctx context.Context, server *service.Process, c cell, owners []crowd.Owner) (_ cell, err error) {
	client, err := generator.Dial(ctx, server.Address)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	asked := make([]paths, len(owners))
	for i, owner := range owners {
		if asked[i], err = pathsOf(client, owner, c.tasks); err != nil {
			return c, err
		}
	}
	match := measure.Match{Name: fmt.Sprintf("%d tasks, %d an owner", c.rows, c.tasks), Connections: connections}
	var columns []int
	for column := range questions {
		if asked[0][column] == "" {
			continue
		}
		columns = append(columns, column)
		match.Sides = append(match.Sides, measure.Side{Name: headings[column], Server: server, Script: func(draw *rand.Rand, request *generator.Request) {
			at := draw.IntN(len(owners))
			*request = generator.Request{Method: "GET", Path: asked[at][column], Token: owners[at].Token, Status: 200, Check: hasTasks[column]}
		}})
	}
	got, err := g.Interleave(ctx, match)
	if err != nil {
		return c, err
	}
	c.columns = make([]measure.Series, questions)
	for i, column := range columns {
		c.columns[column] = got[i]
	}
	return c, nil
}

// pathsOf finds out what to ask an owner.
func pathsOf(client *generator.Client, owner crowd.Owner, tasks int) (asked paths, err error) {
	asked[first] = owner.FirstPage().Path
	asked[unfinished] = owner.FirstPage().Path + "&status=pending"
	asked[changes] = fmt.Sprintf("/api/%s/changes?limit=%d", owner.ID, crowd.Page)
	answer, err := client.Right(&generator.Request{Method: "GET", Path: "/api/" + owner.ID + "/changes?since=now", Token: owner.Token, Status: 200})
	if err != nil {
		return asked, err
	}
	var feed struct{ Next string }
	if err := json.Unmarshal(answer.Body, &feed); err != nil {
		return asked, err
	}
	asked[nothing] = "/api/" + owner.ID + "/changes?since=" + url.QueryEscape(feed.Next)
	asked[deeper], err = deepPage(client, owner, tasks)
	return asked, err
}

// deepPage walks down an owner's list, and gives the path of where it comes
// to; none for a list of few pages.
func deepPage(client *generator.Client, owner crowd.Owner, tasks int) (string, error) {
	const step = 100
	if tasks <= step {
		return "", nil
	}
	large := fmt.Sprintf("limit=%d", step)
	path := owner.Tasks() + "?" + large
	for depth := step; depth <= int(deep*float64(tasks)); depth += step {
		answer, err := client.Right(&generator.Request{Method: "GET", Path: path, Token: owner.Token, Status: 200})
		if err != nil {
			return "", err
		}
		if path = answer.Next(); path == "" {
			return "", fmt.Errorf("the list of %s ends at %d, before %d", owner.ID, depth, tasks)
		}
	}
	if !strings.Contains(path, large) {
		return "", fmt.Errorf("a link without the limit: %s", path)
	}
	return strings.Replace(path, large, fmt.Sprintf("limit=%d", crowd.Page), 1), nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/url"

	"github.com/jackc/pgx/v5"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/generator"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// measureChecks compares what clients ask who have everything already to W1.
func (b *bench) measureChecks(ctx context.Context, r *report) error {
	server, err := b.Start(ctx, b.plain(), b.owners[0])
	if err != nil {
		return err
	}
	tags, err := b.tags(ctx)
	if err != nil {
		return err
	}
	marks, err := marks(ctx, server, b.owners)
	if err != nil {
		return err
	}
	known := func(draw *rand.Rand, request *generator.Request) {
		owner := b.owners[draw.IntN(len(b.owners))]
		*request = generator.Request{Method: "GET", Path: owner.Tasks() + "?limit=20", Token: owner.Token, Condition: "If-None-Match: " + tags[owner.ID], Status: 304}
	}
	nothing := func(draw *rand.Rand, request *generator.Request) {
		owner := b.owners[draw.IntN(len(b.owners))]
		*request = generator.Request{Method: "GET", Path: changesOf(owner) + "?since=" + marks[owner.ID], Token: owner.Token, Status: 200}
		if draw.IntN(crowd.Sampled) == 0 {
			request.Check = func(answer *generator.Answer) error {
				feed, err := feedOf(answer)
				if err == nil && (len(feed.Changes) > 0 || feed.More) {
					err = errors.New("there is something new")
				}
				return err
			}
		}
	}
	got, err := b.Interleave(ctx, measure.Match{Name: "checks", Connections: few, Sides: []measure.Side{
		{Name: "W1", Server: server, Script: crew{b.owners, b.tasks}.list}, {Name: "a list that is known", Server: server, Script: known}, {Name: "no changes", Server: server, Script: nothing},
	}})
	if err != nil {
		return err
	}
	r.page, r.known, r.nothing = got[0], got[1], got[2]
	return b.Stop(server)
}

// tags are those of the owners' lists.
func (b *bench) tags(ctx context.Context) (map[string]string, error) {
	tags := map[string]string{}
	err := b.Cluster.With(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `SELECT user_id, '"' || sequence || '"' FROM taskward.owners`)
		if err != nil {
			return err
		}
		var owner, tag string
		_, err = pgx.ForEachRow(rows, []any{&owner, &tag}, func() error {
			tags[owner] = tag
			return nil
		})
		return err
	})
	return tags, err
}

// marks are those from which nothing has changed.
func marks(ctx context.Context, server *service.Process, owners []crowd.Owner) (marks map[string]string, err error) {
	client, err := generator.Dial(ctx, server.Address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	marks = map[string]string{}
	for _, owner := range owners {
		answer, err := client.Right(&generator.Request{Method: "GET", Path: changesOf(owner) + "?since=now", Token: owner.Token, Status: 200})
		if err != nil {
			return nil, err
		}
		feed, err := feedOf(answer)
		if err != nil {
			return nil, err
		}
		marks[owner.ID] = feed.Next
	}
	return marks, nil
}

func changesOf(owner crowd.Owner) string { return "/api/" + owner.ID + "/changes" }

// feed is an answer about changes.
type feed struct {
	Changes []struct {
		Type    string
		Task    json.RawMessage // of one that is there
		ID      int64           // of one that was deleted
		Version int64           // of that one
	}
	Next string // as it stands in a URL
	More bool
}

func feedOf(answer *generator.Answer) (f feed, err error) {
	err = json.Unmarshal(answer.Body, &f)
	f.Next = url.QueryEscape(f.Next)
	return f, err
}

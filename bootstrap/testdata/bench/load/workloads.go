package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/generator"
)

// task is what is looked at.
type task struct {
	ID      int64
	UserID  string `json:"user_id"`
	Title   string
	Version int64
}

// crew are the owners whom the requests of a script are about.
type crew struct {
	owners []crowd.Owner
	tasks  int // that each has at least
}

func (c crew) draw(draw *rand.Rand) crowd.Owner { return c.owners[draw.IntN(len(c.owners))] }

// list is W1: the first page.
func (c crew) list(draw *rand.Rand, request *generator.Request) {
	owner := c.draw(draw)
	*request = owner.FirstPage()
	if draw.IntN(crowd.Sampled) == 0 {
		request.Check = func(answer *generator.Answer) error {
			if answer.Tag == "" {
				return errors.New("there is no tag")
			}
			return owner.IsPage(answer)
		}
	}
}

// create is W2.
func (c crew) create(draw *rand.Rand, request *generator.Request) {
	owner := c.draw(draw)
	title := "Buy milk and bread, round " + strconv.FormatUint(draw.Uint64(), 36)
	*request = generator.Request{
		Method: "POST", Path: owner.Tasks(), Token: owner.Token, Status: 201,
		Body: `{"title":"` + title + `","description":"Two litres, and the one with seeds."}`,
	}
	if draw.IntN(crowd.Sampled) == 0 {
		request.Check = func(answer *generator.Answer) error {
			return isTask(answer, owner, func(made task) bool { return made.Title == title })
		}
	}
}

// complete is W3: it toggles a task.
func (c crew) complete(draw *rand.Rand, request *generator.Request) {
	c.one(draw, request, "PATCH", "/complete")
}

// get is W4.
func (c crew) get(draw *rand.Rand, request *generator.Request) { c.one(draw, request, "GET", "") }

func (c crew) one(draw *rand.Rand, request *generator.Request, method, action string) {
	owner, id := c.draw(draw), 1+draw.Int64N(int64(c.tasks))
	*request = generator.Request{
		Method: method, Path: owner.Tasks() + "/" + strconv.FormatInt(id, 10) + action, Token: owner.Token, Status: 200,
	}
	if draw.IntN(crowd.Sampled) == 0 {
		request.Check = func(answer *generator.Answer) error {
			return isTask(answer, owner, func(got task) bool { return got.ID == id })
		}
	}
}

func isTask(answer *generator.Answer, owner crowd.Owner, wanted func(task) bool) error {
	var got task
	if err := json.Unmarshal(answer.Body, &got); err != nil {
		return err
	}
	if got.UserID != owner.ID || !wanted(got) || answer.Tag != `"`+strconv.FormatInt(got.Version, 10)+`"` {
		return fmt.Errorf("not the task of %s, or the tag %s", owner.ID, answer.Tag)
	}
	return nil
}

// Shares of the mix in per cent: a page is looked at, a task opened, now and
// then one done and one made.
const (
	listed    = 60
	opened    = 25
	completed = 10
)

func (c crew) mix(draw *rand.Rand, request *generator.Request) {
	switch lot := draw.IntN(100); {
	case lot < listed:
		c.list(draw, request)
	case lot < listed+opened:
		c.get(draw, request)
	case lot < listed+opened+completed:
		c.complete(draw, request)
	default:
		c.create(draw, request)
	}
}

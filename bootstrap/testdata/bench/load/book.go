package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/generator"
)

// counter is the id of the task whose title is a number that is counted up.
const counter = 1

// book is what clients were told of an owner's tasks.
type book struct {
	owner crowd.Owner

	mu      sync.Mutex
	counted int
	made    []int64 // that nobody has begun to delete

	// What a follower has copied, who alone looks at it: JSON by id, and the
	// version up to which that is all.
	copied map[int64]string
	since  string
	upTo   int64
}

// write changes something of somebody's.
func (c *contest) write(b *branches) error {
	book := c.books[b.draw.IntN(len(c.books))]
	switch lot := b.draw.IntN(100); {
	case lot < 50:
		return c.count(b, book)
	case lot < 80:
		return c.make(b, book)
	}
	return c.delete(b, book)
}

// count reads the counter and writes it anew, unless it has changed since.
func (c *contest) count(b *branches, book *book) error {
	path := book.owner.Tasks() + "/" + strconv.Itoa(counter)
	answer, err := b.do(&generator.Request{Method: "GET", Path: path, Token: book.owner.Token})
	if err != nil {
		return err
	}
	number, err := numberIn(answer)
	if err != nil {
		c.blame(err)
		return nil
	}
	answer, err = b.do(&generator.Request{
		Method: "PATCH", Path: path, Token: book.owner.Token,
		Condition: "If-Match: " + answer.Tag, Body: `{"title":"` + strconv.Itoa(number+1) + `"}`,
	})
	switch {
	case err != nil:
		return err
	case answer.Status == 412: // somebody was faster
		return nil
	}
	switch got, err := numberIn(answer); {
	case err != nil:
		c.blame(err)
		return nil
	case got != number+1:
		c.blame(fmt.Errorf("the counter became %d after %d", got, number))
	}
	book.mu.Lock()
	defer book.mu.Unlock()
	book.counted++
	return nil
}

func numberIn(answer *generator.Answer) (int, error) {
	var got task
	if err := json.Unmarshal(answer.Body, &got); err != nil || answer.Status != 200 {
		return 0, fmt.Errorf("answered %d: %.300s", answer.Status, answer.Body)
	}
	return strconv.Atoi(got.Title)
}

func (c *contest) make(b *branches, book *book) error {
	answer, err := b.do(&generator.Request{Method: "POST", Path: book.owner.Tasks(), Token: book.owner.Token, Body: `{"title":"Water the plants"}`})
	if err != nil {
		return err
	}
	var made task
	if err := json.Unmarshal(answer.Body, &made); err != nil || answer.Status != 201 {
		c.blame(fmt.Errorf("a create was answered %d: %.300s", answer.Status, answer.Body))
		return nil
	}
	book.mu.Lock()
	defer book.mu.Unlock()
	book.made = append(book.made, made.ID)
	return nil
}

func (c *contest) delete(b *branches, book *book) error {
	id, some := book.take(b.draw)
	if !some {
		return nil
	}
	answer, err := b.do(&generator.Request{Method: "DELETE", Path: book.owner.Tasks() + "/" + strconv.FormatInt(id, 10), Token: book.owner.Token})
	if err == nil && answer.Status != 204 {
		c.blame(fmt.Errorf("a delete of task %d was answered %d: %.300s", id, answer.Status, answer.Body))
	}
	return err
}

// take takes any task out of those that were made.
func (b *book) take(draw *rand.Rand) (id int64, some bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.made) == 0 {
		return 0, false
	}
	at, last := draw.IntN(len(b.made)), len(b.made)-1
	id = b.made[at]
	b.made[at] = b.made[last]
	b.made = b.made[:last]
	return id, true
}

// audit holds what there is against what was told.
func (c *contest) audit(b *branches, book *book) error {
	answer, err := b.do(&generator.Request{Method: "GET", Path: book.owner.Tasks() + "/" + strconv.Itoa(counter), Token: book.owner.Token})
	if err != nil {
		return err
	}
	switch number, err := numberIn(answer); {
	case err != nil:
		c.blame(err)
	case number != book.counted:
		c.blame(fmt.Errorf("the counter of %s is at %d after %d changes", book.owner.ID, number, book.counted))
	}
	there, err := c.listed(b, book.owner)
	if err != nil {
		return err
	}
	if want := append([]int64{counter}, book.made...); !slices.Equal(slices.Sorted(maps.Keys(there)), slices.Sorted(slices.Values(want))) {
		c.blame(fmt.Errorf("%s has %d tasks, and should have %d", book.owner.ID, len(there), len(want)))
	}
	if !maps.Equal(there, book.copied) {
		c.blame(fmt.Errorf("the changes of %s came to %d tasks, not the %d that there are", book.owner.ID, len(book.copied), len(there)))
	}
	return nil
}

// listed gives an owner's tasks as JSON by their ids.
func (c *contest) listed(b *branches, owner crowd.Owner) (map[int64]string, error) {
	there := map[int64]string{}
	path := owner.Tasks() + "?limit=200"
	for path != "" {
		answer, err := b.do(&generator.Request{Method: "GET", Path: path, Token: owner.Token})
		if err != nil {
			return nil, err
		}
		var tasks []json.RawMessage
		if err := json.Unmarshal(answer.Body, &tasks); err != nil || answer.Status != 200 {
			return nil, fmt.Errorf("a list was answered %d: %.300s", answer.Status, answer.Body)
		}
		for _, text := range tasks {
			var got task
			if err := json.Unmarshal(text, &got); err != nil {
				return nil, err
			}
			there[got.ID] = string(text)
		}
		path = answer.Next()
	}
	return there, nil
}

package main

import (
	"encoding/json"
	"fmt"

	"example.com/bench/internal/generator"
)

// batch is how many changes a follower takes at a time: so few that there are
// more than that.
const batch = "10"

// follow keeps copies of the tasks of a part of the owners until writing is
// over and nothing is new.
func (c *contest) follow(b *branches, part int, over <-chan struct{}) error {
	for {
		last := isClosed(over)
		for i := part; i < len(c.books); i += followers {
			for more := true; more; {
				var err error
				if more, err = c.copy(b, c.books[i]); err != nil {
					return err
				}
			}
		}
		if last {
			return nil
		}
	}
}

// copy takes the next changes over and reports whether more are known of.
func (c *contest) copy(b *branches, book *book) (more bool, err error) {
	path := changesOf(book.owner) + "?limit=" + batch
	if book.since != "" {
		path += "&since=" + book.since
	}
	answer, err := b.do(&generator.Request{Method: "GET", Path: path, Token: book.owner.Token})
	if err != nil {
		return false, err
	}
	news, err := feedOf(answer)
	if err != nil || answer.Status != 200 {
		c.blame(fmt.Errorf("changes were answered %d: %.300s", answer.Status, answer.Body))
		return false, nil
	}
	for _, change := range news.Changes {
		id, version := change.ID, change.Version
		if change.Type == "task" {
			var got task
			if err := json.Unmarshal(change.Task, &got); err != nil {
				return false, err
			}
			id, version = got.ID, got.Version
			book.copied[id] = string(change.Task)
		} else {
			delete(book.copied, id)
		}
		if version <= book.upTo {
			c.blame(fmt.Errorf("a change of %s to version %d was told behind %d", book.owner.ID, version, book.upTo))
		}
		book.upTo = version
	}
	book.since = news.Next
	return news.More, nil
}

func isClosed(over <-chan struct{}) bool {
	select {
	case <-over:
		return true
	default:
		return false
	}
}

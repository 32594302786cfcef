package httpapi

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/taskward/taskward/domain"
)

// A cursor is the place in a list at which a page ended, sealed with the owner
// and all that makes the list what it is.

// encodeCursor is the cursor of the page of the owner's list that ends at a place.
func encodeCursor(owner domain.UserID, query domain.TaskQuery, end domain.Bookmark) string {
	content := binary.AppendVarint(nil, int64(end.ID))
	content = binary.AppendVarint(content, end.Number)
	return seal(append(content, end.Text...), listIdentity(owner, query))
}

// decodeCursor gives the place after which the owner's list is to go on.
func decodeCursor(text string, owner domain.UserID, query domain.TaskQuery) (domain.Bookmark, error) {
	content, ok := unseal(text, listIdentity(owner, query))
	if !ok {
		return domain.Bookmark{}, invalidCursor
	}
	id, idBytes := binary.Varint(content)
	if idBytes <= 0 || id < 1 {
		return domain.Bookmark{}, invalidCursor
	}
	number, numberBytes := binary.Varint(content[idBytes:])
	if numberBytes <= 0 {
		return domain.Bookmark{}, invalidCursor
	}
	end := domain.Bookmark{ID: domain.TaskID(id), Number: number, Text: string(content[idBytes+numberBytes:])}
	if !isText(end.Text) {
		return domain.Bookmark{}, invalidCursor
	}
	return end, nil
}

// listIdentity tells any two lists apart.
func listIdentity(owner domain.UserID, query domain.TaskQuery) []byte {
	identity := append(make([]byte, 0, 256), "list "...)
	completed, chosen := query.Completed.Get()
	identity = strconv.AppendBool(strconv.AppendBool(identity, chosen), completed)
	for _, number := range []int64{int64(query.Priority.Or(0)), int64(query.Sort), int64(query.Order)} {
		identity = binary.AppendVarint(identity, number)
	}
	for _, bound := range []time.Time{query.DueFrom, query.DueBefore, query.UpdatedSince} {
		identity = binary.AppendVarint(binary.AppendVarint(identity, bound.Unix()), int64(bound.Nanosecond()))
	}
	for _, text := range append(query.Tags.Names(), domain.Fold(query.Search), string(owner)) {
		identity = strconv.AppendQuote(identity, text)
	}
	return identity
}

// encodeTrashCursor is the cursor of a page of the owner's trash that ends
// with a sequence.
func encodeTrashCursor(owner domain.UserID, end domain.Sequence) string {
	return seal(binary.AppendVarint(nil, int64(end)), trashIdentity(owner))
}

func decodeTrashCursor(text string, owner domain.UserID) (domain.Sequence, error) {
	numbers, ok := unsealNumbers(text, trashIdentity(owner), 1)
	if !ok || numbers[0] < 1 {
		return 0, invalidCursor
	}
	return domain.Sequence(numbers[0]), nil
}

func trashIdentity(owner domain.UserID) []byte { return fmt.Appendf(nil, "trash %q", owner) }

// encodeFeedToken is the token with which an owner's changes go on after a mark.
func encodeFeedToken(owner domain.UserID, since domain.Mark) string {
	content := binary.AppendVarint(nil, int64(since.Sequence))
	return seal(binary.AppendVarint(content, int64(since.Forgotten)), feedIdentity(owner))
}

func decodeFeedToken(text string, owner domain.UserID) (domain.Mark, error) {
	numbers, ok := unsealNumbers(text, feedIdentity(owner), 2)
	if !ok || numbers[0] < 0 || numbers[1] < 0 {
		return domain.Mark{}, invalidFeedToken
	}
	return domain.Mark{Sequence: domain.Sequence(numbers[0]), Forgotten: domain.Sequence(numbers[1])}, nil
}

func feedIdentity(owner domain.UserID) []byte { return fmt.Appendf(nil, "changes %q", owner) }

// unsealNumbers gives a content that is so many numbers and nothing else.
func unsealNumbers(text string, belongsTo []byte, count int) ([]int64, bool) {
	content, ok := unseal(text, belongsTo)
	numbers := make([]int64, count)
	for i := range numbers {
		number, length := binary.Varint(content)
		if length <= 0 {
			return nil, false
		}
		numbers[i], content = number, content[length:]
	}
	return numbers, ok && len(content) == 0
}

package boltstore

import (
	"bytes"
	"crypto/sha256"
	"math"
	"time"

	"github.com/taskward/taskward/domain"
)

// answerRecord is what a batch with a key came to, as a row holds it.
type answerRecord struct {
	Request [sha256.Size]byte `json:"request"`
	Until   time.Time         `json:"until"`
	Results []taskRecord      `json:"results"`
}

func answerKey(key domain.OnceKey) []byte { return append([]byte("answer/"), key...) }

// answered gives what a batch with this key came to, if there was one and its
// key is not free again at that time.
func (l *ledger) answered(once domain.Once, at time.Time) (results []domain.Task, known bool, err error) {
	var record answerRecord
	if err := l.rows.get(answerKey(once.Key), &record); err != nil || !record.Until.After(at) {
		return nil, false, err
	}
	given := domain.Once{Request: record.Request}
	if err := given.Matches(once.Request); err != nil {
		return nil, true, err
	}
	for _, result := range record.Results {
		task, err := result.task(l.owner)
		if err != nil {
			return nil, true, err
		}
		results = append(results, task)
	}
	return results, true, nil
}

// putAnswer stores what a batch with a key came to.
func (l *ledger) putAnswer(once domain.Once, results []domain.Task) {
	record := answerRecord{Request: once.Request, Until: once.Until}
	for _, task := range once.Kept(results) {
		record.Results = append(record.Results, recordOf(task))
	}
	key := answerKey(once.Key)
	l.rows.put(key, record, byExpiry.entry(once.Until.UnixMicro(), key))
}

// dropAnswers removes the answers whose keys are free at that time.
func (l *ledger) dropAnswers(at time.Time) {
	var free [][]byte
	for entry, key := range l.rows.span(byExpiry, math.MinInt64, at.UnixMicro()+1) {
		free = append(free, bytes.Clone(entry), bytes.Clone(key))
	}
	l.rows.remove(free...)
}

package main

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// api answers the four requests that are measured.
type api struct {
	db     *pgxpool.Pool
	tokens *tokens
}

func (a *api) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/{user}/tasks", a.owned(a.list))
	mux.HandleFunc("POST /api/{user}/tasks", a.owned(a.create))
	mux.HandleFunc("GET /api/{user}/tasks/{id}", a.owned(a.get))
	mux.HandleFunc("PATCH /api/{user}/tasks/{id}/complete", a.owned(a.complete))
	return mux
}

// owned lets nobody but the owner pass.
func (a *api) owned(handle func(w http.ResponseWriter, r *http.Request, owner string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		subject, err := a.tokens.subject(token)
		switch {
		case err != nil:
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		case subject != r.PathValue("user"):
			http.Error(w, "somebody else's", http.StatusForbidden)
			return
		}
		err = handle(w, r, subject)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			http.Error(w, err.Error(), http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

func (a *api) list(w http.ResponseWriter, r *http.Request, owner string) error {
	limit, err := strconv.ParseInt(r.URL.Query().Get("limit"), 10, 64)
	if err != nil {
		return err
	}
	rows, err := a.db.Query(r.Context(), list, owner, int64(math.MaxInt64), limit+1, int64(0))
	if err != nil {
		return err
	}
	defer rows.Close()
	body := append(make([]byte, 0, taskBytes*(limit+1)), '[')
	var sequence int64
	for n := int64(0); n < limit && rows.Next(); n++ {
		if n > 0 {
			body = append(body, ',')
		}
		values := rows.RawValues()
		body = appendTask(body, owner, values)
		sequence = integer(values[ownerSequence])
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return err
	}
	return answer(w, http.StatusOK, sequence, append(body, ']'))
}

func (a *api) get(w http.ResponseWriter, r *http.Request, owner string) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return err
	}
	return a.one(w, r, http.StatusOK, owner, get, owner, id)
}

func (a *api) create(w http.ResponseWriter, r *http.Request, owner string) error {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var draft struct {
		Title       string
		Description *string
	}
	if err := json.Unmarshal(content, &draft); err != nil {
		return err
	}
	now := moment()
	const medium, noTags = int64(2), "[]"
	return a.one(w, r, http.StatusCreated, owner, create, owner, draft.Title, draft.Description, false, nil, medium, noTags,
		nil, nil, now, now, nil, nil, nil)
}

func (a *api) complete(w http.ResponseWriter, r *http.Request, owner string) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return err
	}
	return a.one(w, r, http.StatusOK, owner, complete, owner, id, int64(0), moment(), (*bool)(nil))
}

// one answers the task that a statement gives.
func (a *api) one(w http.ResponseWriter, r *http.Request, status int, owner, statement string, args ...any) error {
	rows, err := a.db.Query(r.Context(), statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		rows.Close()
		return errors.Join(rows.Err(), pgx.ErrNoRows)
	}
	values := rows.RawValues()
	body := appendTask(make([]byte, 0, taskBytes), owner, values)
	sequence := integer(values[taskSequence])
	rows.Close() // the change is made when all has been read
	if err := rows.Err(); err != nil {
		return err
	}
	return answer(w, status, sequence, body)
}

func answer(w http.ResponseWriter, status int, sequence int64, body []byte) error {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("ETag", `"`+strconv.FormatInt(sequence, 10)+`"`)
	w.WriteHeader(status)
	_, err := w.Write(body) //nolint:gosec // G705: it is JSON, and says so
	return err
}

func moment() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

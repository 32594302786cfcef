package bootstrap_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// inquiry is a request, and below whose path it is made.
type inquiry struct {
	episode
	user    string // the path's beginning: /api/me
	foreign bool   // its cursor or token is another's
}

func (q *inquiry) String() string {
	return fmt.Sprintf("%s %s%s %s %s", q.method, q.user, q.path, q.header, q.body)
}

func (q *inquiry) send(t *testing.T, c client) answer {
	t.Helper()
	var headers []string
	if q.header != "" {
		headers = append(headers, q.header)
	}
	if strings.Contains(q.path, "/import") {
		headers = append(headers, "Content-Type: application/x-ndjson")
	}
	return c.do(t, q.method, q.user+q.path, q.body, headers...)
}

// mentions reports whether a text is in the request already, so that an answer
// that repeats it tells nothing.
func (q *inquiry) mentions(text string) bool {
	path := q.user + q.path
	if decoded, err := url.QueryUnescape(path); err == nil {
		path += decoded
	}
	return strings.Contains(path, text)
}

var placeInPath = regexp.MustCompile(`\b(cursor|since)=[^&]*`)

// madeUp is the same with a cursor or token that nobody ever got.
func (q *inquiry) madeUp() *inquiry {
	made := *q
	made.path = placeInPath.ReplaceAllString(q.path, "$1=bWFkZSB1cCBieSBub2JvZHk")
	return &made
}

// own makes a request of a resident's for what is theirs.
func (r *resident) own(rt *rapid.T, request episode) *inquiry {
	request.body = strings.NewReplacer(
		`"title":"`, `"title":"`+r.word+" ", `"description":"`, `"description":"`+r.word+" ", `["home"`, `["`+r.word+`","home"`,
	).Replace(request.body)
	user := rapid.SampledFrom([]string{"/api/me", "/api/" + url.PathEscape(r.id), "/api/" + percent(r.id)}).Draw(rt, "own path")
	if rest, tasks := strings.CutPrefix(request.path, "/tasks"); tasks && rapid.IntRange(1, 5).Draw(rt, "alias") == 1 {
		user, request.path = "/api/todos", rest
	}
	return &inquiry{episode: request, user: user}
}

// draw draws a request of any sort.
func (h *house) draw(rt *rapid.T, who *resident) *inquiry {
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(rt, "choice") }
	other := h.residents[(slices.Index(h.residents, who)+rapid.IntRange(1, len(h.residents)-1).Draw(rt, "other"))%len(h.residents)]
	request := drawRequest(rt)
	if request.method == "GET" {
		request.method = pick("GET", "GET", "GET", "HEAD")
	}
	switch rapid.IntRange(0, 13).Draw(rt, "sort") {
	case 0, 1, 2:
		if request.method == "GET" && request.path == "/export" && rapid.Bool().Draw(rt, "calendar") {
			request.header = "Accept: text/calendar"
		}
		return who.own(rt, request)
	case 3: // what others send under the same key
		body := pick(`{"title":"same"}`, `{"operations":[{"op":"create","title":"same"}]}`)
		return &inquiry{episode: episode{"POST", pick("/tasks", "/tasks/batch"), body, "Idempotency-Key: same"}, user: "/api/me"}
	case 4:
		return &inquiry{episode: episode{pick("GET", "HEAD"), pick("", "/session"), "", ""}, user: "/api/me"}
	case 5: // of what is nobody's
		return &inquiry{episode: episode{"GET", pick("/health", "/livez", "/readyz", "/api", "/api/"+who.word), "", ""}}
	case 6: // as another, with one's own signature
		claims, signature := strings.Split(other.token, ".")[:2], strings.Split(who.token, ".")[2]
		request.header = "Authorization: Bearer " + strings.Join(append(claims, signature), ".")
		return &inquiry{episode: request, user: "/api/" + url.PathEscape(other.id)}
	case 7, 8:
		if rapid.Bool().Draw(rt, "another route") {
			path := pick("", "/session", "/session?all=true", "/changes?since=now", "/trash", "/export", "/import?dry_run=true", "/tasks?confirm=all")
			request = episode{pick("GET", "HEAD", "POST", "DELETE"), path, "", ""}
		}
		return &inquiry{episode: request, user: "/api/" + drawUser(rt, who, other)}
	case 9:
		return &inquiry{episode: episode{pick("GET", "HEAD"), "/events", "", ""}, user: "/api/" + url.PathEscape(other.id)}
	case 10: // with another's words
		query := url.Values{"limit": {pick("1", "200")}, "count": {"true"}}
		query.Set(pick("search", "tag", "user_id", "owner", "sub"), pick(other.word, other.id))
		header := pick("", "Prefer: handling=strict", "X-User-Id: "+url.PathEscape(other.id), "X-Forwarded-User: "+url.PathEscape(other.id), `If-None-Match: "3", "5"`)
		path := pick("/tasks?", "/trash?", "/changes?", "/export?") + query.Encode()
		return &inquiry{episode: episode{"GET", path, "", header}, user: "/api/me"}
	default:
		return h.drawLead(rt, who)
	}
}

// drawLead follows a lead, one's own or another's.
func (h *house) drawLead(rt *rapid.T, who *resident) *inquiry {
	if len(h.leads) == 0 {
		return &inquiry{episode: episode{"GET", "/tasks?limit=1", "", ""}, user: "/api/me"}
	}
	found := h.leads[rapid.IntRange(0, len(h.leads)-1).Draw(rt, "lead")]
	request := &inquiry{episode: episode{"GET", found.path, "", ""}, user: "/api/me", foreign: found.to != who}
	if feed, isFeed := strings.CutPrefix(found.path, "/changes"); isFeed && request.foreign && rapid.Bool().Draw(rt, "events") {
		request.method, request.path = "HEAD", "/events"+feed // which ends, even if it is let in
	}
	return request
}

// drawUser draws what somebody could write in the place of a user, to get at
// another's: not all of it is well-formed, and some is the user who asks.
func drawUser(rt *rapid.T, who, other *resident) string {
	own, id := url.PathEscape(who.id), url.PathEscape(other.id)
	return rapid.SampledFrom([]string{
		id, percent(other.id), strings.ToLower(percent(other.id)), url.PathEscape(id), url.PathEscape(percent(other.id)),
		strings.ToUpper(id), strings.ToLower(id), id + "%00", id + "%20", "%20" + id, id + "/", id + "%2F", id + ".", id + ";", id + "%0A", id + "%EF%BB%BF",
		own + "," + id, own + "%00" + id, own + "/../" + id, own + "%2F..%2F" + id, id + "/../" + own, "../api/" + id, "%2e%2e%2f" + id, own + "/" + id, own + own,
		"", ".", "..", "%2e", "%2e%2e", "/", "%2F", "%00", "%FF", "%25", "*", "%", "_", "'%20OR%20''='",
		"me", "ME", "Me", "m%65", "me%00", "me%20", "me/" + id, "todos", "nobody", "undefined", "null", "0", "1", "-1",
		"00000000-0000-4000-8000-000000000000", "507f1f77bcf86cd799439011", url.PathEscape(other.word + "@example.com"), other.word,
		strings.Repeat("x", 1025), url.PathEscape(strings.Repeat(other.id, 100)),
	}).Filter(func(user string) bool { _, err := url.Parse("/api/" + user); return err == nil }).Draw(rt, "user")
}

// percent encodes every byte.
func percent(text string) string {
	return "%" + strings.ReplaceAll(fmt.Sprintf("% X", text), " ", "%")
}

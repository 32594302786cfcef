package bootstrap_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestNothingTellsOfOthers has several people use one service, and each of them
// a service of their own, for the same requests. The answers have to be the
// same, byte for byte but for the times: then no answer depends on what others
// have, nor on whether they exist.
func TestNothingTellsOfOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out the tests that need PostgreSQL")
	}
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			serve := func() string {
				return host(t, []string{"DATABASE_URL=" + engine.database(t), "TASKWARD_REVOCATION=jti", "TASKWARD_ALIASES=/api/todos"})
			}
			shared, alone := serve(), []string{serve(), serve(), serve()}
			var histories atomic.Int64
			rapid.Check(t, func(rt *rapid.T) {
				house := newHouse(t, histories.Add(1), shared, alone)
				for _, who := range house.residents {
					for _, request := range rapid.SliceOfN(rapid.Custom(drawCreate), 2, 4).Draw(rt, "beginning") {
						house.ask(t, rt, who, who.own(rt, request))
					}
				}
				for range rapid.IntRange(15, 30).Draw(rt, "requests") {
					who := house.residents[rapid.IntRange(0, len(house.residents)-1).Draw(rt, "who")]
					house.ask(t, rt, who, house.draw(rt, who))
				}
				house.signOut(t, rt)
			})
		})
	}
}

// house is the people of one history.
type house struct {
	residents []*resident
	leads     []lead
}

// resident is a person who has a service to themselves beside the one that
// all share.
type resident struct {
	person
	word          string // is in whatever they write, and in nothing else
	shared, alone client
}

// lead is a path to more of what is somebody's, as an answer to them gave it:
// it has a cursor, or the token of a feed.
type lead struct {
	to   *resident
	path string // behind the user
}

// newHouse invents people whose ids are easily taken for one another, and
// whose tokens have the same jti.
func newHouse(t *testing.T, history int64, shared string, alone []string) *house {
	t.Helper()
	house := &house{}
	for i, id := range []string{"ada-%d", "ADA-%d", "ada/%d é%%"} {
		who := &resident{word: fmt.Sprintf("word%dof%d", i, history)}
		who.id = fmt.Sprintf(id, history)
		who.token = mintToken(t, secret, map[string]any{"sub": who.id, "jti": "1", "email": who.word + "@example.com", "name": who.word})
		who.shared, who.alone = client{shared, who.person}, client{alone[i], who.person}
		house.residents = append(house.residents, who)
	}
	return house
}

// ask sends a request to both services of a resident.
func (h *house) ask(t *testing.T, rt *rapid.T, who *resident, request *inquiry) {
	t.Helper()
	rt.Logf("%s: %s", who.id, request)
	got, want := request.send(t, who.shared), request.send(t, who.alone)
	if diff := cmp.Diff(whole(want), whole(got)); diff != "" {
		rt.Fatalf("%s: %s\nis not answered as if there were nobody else (-alone +shared):\n%s", who.id, request, diff)
	}
	for _, other := range h.residents {
		if other == who {
			continue
		}
		for _, secret := range []string{other.word, other.id} {
			if strings.Contains(whole(got), secret) && !request.mentions(secret) {
				rt.Fatalf("%s: %s\nis answered with %q, which is another's:\n%s", who.id, request, secret, whole(got))
			}
		}
	}
	if request.foreign {
		if diff := cmp.Diff(whole(request.madeUp().send(t, who.shared)), whole(got)); diff != "" {
			rt.Fatalf("%s: %s\nis not answered as if the cursor or token were made up (-made up +another's):\n%s", who.id, request, diff)
		}
	}
	h.collect(who, request, got)
}

// collect remembers where an answer leads to.
func (h *house) collect(who *resident, request *inquiry, got answer) {
	if link := nextLink.FindStringSubmatch(got.header.Get("Link")); link != nil {
		if _, path, found := strings.Cut(link[1], request.user); found && strings.HasPrefix(path, "/") {
			h.leads = append(h.leads, lead{who, path})
		}
	}
	if token := anyFeedToken.FindStringSubmatch(got.body); token != nil {
		h.leads = append(h.leads, lead{who, "/changes?limit=2&since=" + token[1]})
	}
}

// signOut ends the token of one, or all that they have. The others' go on.
func (h *house) signOut(t *testing.T, rt *rapid.T) {
	t.Helper()
	path := rapid.SampledFrom([]string{"/session", "/session?all=true"}).Draw(rt, "sign out")
	one := h.residents[rapid.IntRange(0, len(h.residents)-1).Draw(rt, "who signs out")]
	for _, who := range slices.Concat([]*resident{one}, h.residents) {
		request := &inquiry{episode: episode{method: "GET", path: "/session"}, user: "/api/me"}
		if who == one {
			request.method, request.path = "DELETE", path
		}
		h.ask(t, rt, who, request)
	}
}

var (
	anyFeedToken = regexp.MustCompile(`"next":"([^"]+)"`)
	anyStamp     = regexp.MustCompile(`\d{8}T\d{6}Z`)
)

// whole is an answer with all its headers, but for what the moment decides and
// the length, which the digits of a time change.
func whole(a answer) string {
	header := a.header.Clone()
	for _, name := range []string{"Date", "X-Request-Id", "Content-Length"} {
		header.Del(name)
	}
	return anyStamp.ReplaceAllString(canonical(a), "(time)") + fmt.Sprintf("\n%v", header)
}

package portstest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var revocationIsolationRules = []revocationRule{
	{"What is written about one owner changes nothing about another's tokens", func(t reporter, revocations ports.Revocations) {
		wantApart(t, revocations, "@-one", "@-other")
		// Owner and token together are the same text.
		short := newRegister(t, revocations)
		long := short.of(short.owner + "x")
		short.revoke("xy")
		long.wantToken(false, "y")
		short.wantFirst(true, "xy")
		long.wantSpent(false, "y")
		long.wantFirst(true, "y")
	}},
	{"Owners are compared byte for byte", func(t reporter, revocations ports.Revocations) {
		for _, pair := range alikeUserIDs {
			wantApart(t, revocations, pair[0], pair[1])
		}
	}},
	{"Token ids are compared byte for byte", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		for _, pair := range alikeTokenIDs {
			for one := range pair {
				fresh := string(freshToken())
				named := func(pattern string) domain.TokenID {
					return domain.TokenID(strings.ReplaceAll(pattern, "@", fresh))
				}
				r.revoke(named(pair[one]))
				r.wantToken(false, named(pair[1-one]))
				r.wantFirst(true, named(pair[one]))
				r.wantSpent(false, named(pair[1-one]))
				r.wantFirst(true, named(pair[1-one]))
			}
		}
	}},
	{"Any owner id and any token id are kept as they are", func(t reporter, revocations ports.Revocations) {
		for _, odd := range hostileUserIDs {
			r := newRegister(t, revocations)
			r.owner += domain.UserID(odd)
			r.owner = r.owner[:min(len(r.owner), domain.MaxUserIDBytes)]
			token := domain.TokenID(odd[:min(len(odd), domain.MaxSessionIDBytes)])
			r.wantFirst(true, token)
			r.wantSpent(true, token)
			r.wantFirst(false, token)
			r.wantToken(false, token)
			r.revoke(token)
			r.wantToken(true, token)
			r.revokeBefore(noon)
			r.wantIssued(true, earlier)
		}
	}},
}

// alikeTokenIDs are the alike ids of users that can be a token's as well, and
// two of a token's full length.
var alikeTokenIDs = append(slices.DeleteFunc(slices.Clone(alikeUserIDs), func(pair [2]string) bool {
	return len(pair[0])+len(freshToken()) > domain.MaxSessionIDBytes
}), [2]string{"@" + strings.Repeat("x", 222) + "1", "@" + strings.Repeat("x", 222) + "2"})

// wantApart writes all there is to write about one of two owners, and fails
// the test if that shows with the other, who has the same tokens; both ways,
// for a store may hide only later owners from earlier ones. In the owners'
// names @ stands for a fresh one.
func wantApart(t reporter, revocations ports.Revocations, one, other string) {
	t.Helper()
	for _, pair := range [][2]string{{one, other}, {other, one}} {
		fresh := newRegister(t, revocations)
		named := func(pattern string) register {
			return fresh.of(domain.UserID(strings.ReplaceAll(pattern, "@", string(fresh.owner))))
		}
		mine, theirs := named(pair[0]), named(pair[1])
		over, token := freshToken(), freshToken()
		mine.revokeAt(earlier, over, noon)
		mine.spendAt(earlier, over, noon)

		theirs.revoke(token)
		theirs.wantFirst(true, token)
		theirs.revokeBefore(later)

		// What of mine is over is not theirs to forget.
		mine.wantToken(true, over)
		if mine.spendAt(earlier, over, noon) {
			t.Errorf("of %.40q, a spent token was forgotten when %.40q spent one", mine.owner, theirs.owner)
		}
		mine.wantToken(false, token)
		mine.wantSpent(false, token)
		mine.wantFirst(true, token)
		mine.wantIssued(false, earlier)
	}
}

var forgettingRules = []revocationRule{
	{"Revoke forgets the owner's revoked tokens whose entries are over, at least a hundred at a time", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		tokens := manyTokens()
		for _, token := range tokens {
			r.revokeAt(earlier, token, noon)
		}
		r.revokeAt(noon.Add(-time.Microsecond), freshToken(), later)
		for _, token := range tokens {
			r.wantToken(true, token)
		}
		r.revokeAt(noon, freshToken(), later)
		for _, token := range tokens {
			r.wantToken(false, token)
		}
	}},
	{"Spend forgets the owner's spent tokens whose entries are over, at least a hundred at a time", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		tokens := manyTokens()
		for _, token := range tokens {
			r.spendAt(earlier, token, noon)
		}
		r.spendAt(noon, freshToken(), later)
		// Asked at a time when the entries were not over yet, only a store
		// that has forgotten them takes the tokens for unspent.
		for _, token := range tokens {
			if !r.spendAt(earlier, token, noon) {
				t.Errorf("a spent token was not forgotten")
			}
		}
	}},
	{"What is not over is not forgotten", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		revoked, spent := freshToken(), freshToken()
		r.revokeAt(earlier, revoked, noon.Add(time.Microsecond))
		r.spendAt(earlier, spent, noon.Add(time.Microsecond))
		r.revokeBefore(earlier)
		for range 3 {
			r.revokeAt(noon, freshToken(), later)
			r.spendAt(noon, freshToken(), later)
			r.revokeBefore(earlier)
		}
		r.wantToken(true, revoked)
		if r.spendAt(noon, spent, later) {
			t.Errorf("a spent token was forgotten before its entry was over")
		}
		r.revokeAt(evening, freshToken(), evening.Add(time.Hour))
		r.spendAt(evening, freshToken(), evening.Add(time.Hour))
		r.wantIssued(true, earlier.Add(-time.Microsecond))
	}},
}

// manyTokens gives as many as are to be forgotten at a time.
func manyTokens() []domain.TokenID {
	fresh := freshToken()
	tokens := make([]domain.TokenID, 100)
	for i := range tokens {
		tokens[i] = domain.TokenID(fmt.Sprintf("%s-%d", fresh, i))
	}
	return tokens
}

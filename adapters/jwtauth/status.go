package jwtauth

import (
	"maps"
	"slices"
	"time"
)

// ServerStatus is how it stands with the keys of one auth server.
type ServerStatus struct {
	Issuers  []string
	LoadedAt time.Time   // when the set in use was fetched; zero if none ever was
	TooOld   bool        // no token is checked with that set any more
	Keys     []KeyStatus // of the set, in its order
	Ignored  []string    // why other keys of the set are not used, a sentence each
	Failures int         // of fetches, since the last that succeeded
	Failure  error       // of the last of them; nil if there is none
	Fetches  Fetches     // ever
}

// Fetches are how many fetches of a key set came to what.
type Fetches struct{ Succeeded, Failed uint64 }

func (f *Fetches) count(err error) {
	if err == nil {
		f.Succeeded++
	} else {
		f.Failed++
	}
}

// KeyStatus is a key that tokens are checked with.
type KeyStatus struct {
	ID   string   // kid, empty if it has none
	Algs []string // that a token signed with it may name, sorted
}

// Status tells how it stands with the keys of each auth server, in the order
// of [Options].
func (v *Verifier) Status() []ServerStatus {
	all := make([]ServerStatus, len(v.serverKeys))
	for i, keys := range v.serverKeys {
		all[i] = keys.status()
		all[i].Issuers = slices.Clone(keys.issuers)
	}
	return all
}

// Recalled tells how many tokens were known from before, and how many were not
// and had to be checked.
func (v *Verifier) Recalled() (hits, misses uint64) {
	if v.examiner.accepted == nil {
		return 0, 0
	}
	return v.examiner.accepted.hits.Load(), v.examiner.accepted.misses.Load()
}

func (f *keyFetcher) status() ServerStatus {
	f.mu.Lock()
	status := ServerStatus{Failures: f.failures, Failure: f.failure, Fetches: f.fetches}
	f.mu.Unlock()
	set := f.set.Load()
	if set == nil {
		return status
	}
	status.LoadedAt, status.TooOld, status.Ignored = set.fetched, f.current() == nil, slices.Clone(set.ignored)
	for _, k := range set.keys {
		status.Keys = append(status.Keys, KeyStatus{k.id.Or(""), k.algs()})
	}
	return status
}

// algs names the algorithms that the key fits.
func (k *key) algs() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(algorithms)) {
		if k.fits(algorithms[name]) {
			names = append(names, name)
		}
	}
	return names
}

package jwtauth

import (
	"sync"
	"time"
)

const (
	maxAbsentKeys      = 1024
	maxAbsentKeyIDSize = 128 // bytes; Better Auth's kids have 32
)

// absentKeys remembers for a while which keys a fetch has shown an auth server
// not to have. A client that goes on sending a token of a key that is gone
// would otherwise have the set fetched once a cooldown for as long as it tries.
type absentKeys struct {
	life time.Duration // how long a kid is remembered

	mu      sync.Mutex
	fetched map[string]time.Time // by kid: when the fetch began that did not show it
}

func newAbsentKeys(life time.Duration) *absentKeys {
	return &absentKeys{life: life, fetched: map[string]time.Time{}}
}

// note remembers that a fetch did not show a key of this id. If there is no
// room another one is forgotten: chance says which, so that junk cannot choose.
func (a *absentKeys) note(kid string, fetched time.Time) {
	if len(kid) > maxAbsentKeyIDSize {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for other := range a.fetched {
		if len(a.fetched) < maxAbsentKeys {
			break
		}
		delete(a.fetched, other)
	}
	a.fetched[kid] = fetched
}

// since gives when the fetch began that did not show the key, and false if
// none is remembered.
func (a *absentKeys) since(kid string, now time.Time) (time.Time, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fetched, remembered := a.fetched[kid]
	if remembered && now.Sub(fetched) >= a.life {
		delete(a.fetched, kid)
		return time.Time{}, false
	}
	return fetched, remembered
}

// forget drops the keys that a set has.
func (a *absentKeys) forget(set *keySet) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for kid := range set.byID {
		delete(a.fetched, kid)
	}
}

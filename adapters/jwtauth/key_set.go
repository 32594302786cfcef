package jwtauth

import (
	"fmt"
	"time"
)

// keySet is a JWK set as it was at one time.
type keySet struct {
	keys    []*key
	byID    map[string][]*key
	ignored []string  // why keys of the set cannot be used, a sentence each
	fetched time.Time // when the fetch that gave it began
}

// parseKeySet reads a JWK set (RFC 7517 section 5). It leaves out keys that
// cannot be used: one bad key must not take the others with it.
func parseKeySet(document []byte, fetched time.Time) (*keySet, error) {
	members, err := parseObject(document)
	if err != nil {
		return nil, fmt.Errorf("the key set is %w", err)
	}
	elements, err := parseArray(members["keys"])
	if err != nil {
		return nil, fmt.Errorf("the key set's keys are %w", err)
	}
	set := &keySet{byID: map[string][]*key{}, fetched: fetched}
	for i, element := range elements {
		key, err := parseKeyElement(element)
		if err != nil {
			set.ignored = append(set.ignored, fmt.Sprintf("key %d: %v", i+1, err))
			continue
		}
		set.keys = append(set.keys, key)
		if id, named := key.id.Get(); named {
			set.byID[id] = append(set.byID[id], key)
		}
	}
	return set, nil
}

func parseKeyElement(element []byte) (*key, error) {
	members, err := parseObject(element)
	if err != nil {
		return nil, fmt.Errorf("it is %w", err)
	}
	return parseKey(members)
}

// find looks up the one key that a token with this header may be signed with.
// There is no trying of several.
func (s *keySet) find(h header) (*key, error) {
	candidates := s.keys
	id, named := h.keyID.Get()
	if named {
		candidates = s.byID[id]
	}
	var found *key
	for _, candidate := range candidates {
		switch {
		case !candidate.fits(h.algorithm):
		case found != nil:
			return nil, errAmbiguousKey
		default:
			found = candidate
		}
	}
	switch {
	case found == nil && named && len(candidates) > 0:
		return nil, errKeyMismatch
	case found == nil:
		return nil, errUnknownKey
	}
	return found, nil
}

package jwtauth

import (
	"fmt"
	"time"
)

// keySet is a JWK set as it was at one time.
type keySet struct {
	keys    []key
	byID    map[string][]key
	fetched time.Time // when the fetch that gave it began
}

// parseKeySet reads a JWK set (RFC 7517 section 5). It leaves out keys that
// cannot be used, and says why, one error a key.
func parseKeySet(document []byte, fetched time.Time) (*keySet, []error, error) {
	members, err := parseObject(document)
	if err != nil {
		return nil, nil, fmt.Errorf("the key set is %w", err)
	}
	elements, err := parseArray(members["keys"])
	if err != nil {
		return nil, nil, fmt.Errorf("the key set's keys are %w", err)
	}
	set := &keySet{byID: map[string][]key{}, fetched: fetched}
	var ignored []error
	for i, element := range elements {
		key, err := parseKeyElement(element)
		if err != nil {
			ignored = append(ignored, fmt.Errorf("key %d: %w", i+1, err))
			continue
		}
		set.keys = append(set.keys, key)
		if id, named := key.id.Get(); named {
			set.byID[id] = append(set.byID[id], key)
		}
	}
	return set, ignored, nil
}

func parseKeyElement(element []byte) (key, error) {
	members, err := parseObject(element)
	if err != nil {
		return key{}, fmt.Errorf("it is %w", err)
	}
	return parseKey(members)
}

// checkSignature looks up the one key that the token may be signed with. It
// never tries several.
func (s *keySet) checkSignature(t token) error {
	candidates := s.keys
	id, named := t.header.keyID.Get()
	if named {
		candidates = s.byID[id]
	}
	var fitting []key
	for _, candidate := range candidates {
		if candidate.fits(t.header.algorithm) {
			fitting = append(fitting, candidate)
		}
	}
	switch {
	case len(fitting) > 1:
		return errAmbiguousKey
	case len(fitting) == 0 && named && len(candidates) > 0:
		return errKeyMismatch
	case len(fitting) == 0:
		return errUnknownKey
	}
	if t.header.algorithm.method.Verify(t.signed, t.signature, fitting[0].public) != nil {
		return errInvalidSignature
	}
	return nil
}

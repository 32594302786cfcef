package jwtauth_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/jwtauth"
)

func TestNearMiss(t *testing.T) {
	for _, test := range []struct{ found, expected, want string }{
		{"http://x/", "http://x", "trailing slash"},
		{"http://x", "http://x/", "trailing slash"},
		{" http://x", "http://x", "white space"},
		{"http://x\n", "http://x", "white space"},
		{"http://X", "http://x", "upper and lower case"},
		{"My-API", "my-api", "upper and lower case"},
		{"http://x", "https://x", "http and https"},
		{"http://x:3000", "https://x:3000", "http and https"},
		{"http://x/api/auth", "http://x", "path"},
		{"http://x", "http://x/api/auth", "path"},
		{"http://x:3000", "http://x:8000", "port"},
		{"http://x", "http://x:8000", "port"},
		{"https://x:443", "https://x", "a port that goes without saying"},
		{"http://x", "http://x:80", "a port that goes without saying"},
		{"http://localhost:3000", "http://127.0.0.1:3000", "two names of this machine"},
		{"http://[::1]:3000", "http://localhost:3000", "two names of this machine"},
		{"https://www.x", "https://x", "www"},
		{"https://x", "https://y", ""},
		{"http://localhost:3000", "http://127.0.0.1:8000", ""},
		{"UKUQRQbQQsiikTgJrfCqIGNYmqXQQosH", "https://x", ""},
		{"http://[::1", "http://x", ""},
		{"", "https://x", ""},
	} {
		if got := jwtauth.NearMiss(test.found, test.expected); got != test.want {
			t.Errorf("%q for %q: %q, want %q", test.found, test.expected, got, test.want)
		}
	}
}

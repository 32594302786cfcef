package jwtauth

import (
	"net/url"
	"strings"
)

// nearMiss names what is different between two issuers or audiences that only
// differ by a usual mistake, and gives nothing for any others.
func nearMiss(found, expected string) string {
	switch {
	case strings.TrimSuffix(found, "/") == strings.TrimSuffix(expected, "/"):
		return "trailing slash"
	case strings.TrimSpace(found) == strings.TrimSpace(expected):
		return "white space"
	case strings.EqualFold(found, expected):
		return "upper and lower case"
	}
	a, errA := url.Parse(found)
	b, errB := url.Parse(expected)
	if errA != nil || errB != nil || a.Host == "" || b.Host == "" {
		return ""
	}
	sameHost, samePort := a.Hostname() == b.Hostname(), port(a) == port(b)
	switch {
	case a.Host == b.Host && a.Scheme != b.Scheme:
		return "http and https"
	case a.Host == b.Host:
		return "path"
	case sameHost && samePort:
		return "a port that goes without saying"
	case sameHost:
		return "port"
	case samePort && isLoopback(a.Hostname()) && isLoopback(b.Hostname()):
		return "two names of this machine"
	case strings.TrimPrefix(a.Hostname(), "www.") == strings.TrimPrefix(b.Hostname(), "www."):
		return "www"
	}
	return ""
}

// port gives the port of a URL, written or not.
func port(u *url.URL) string {
	if written := u.Port(); written != "" {
		return written
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

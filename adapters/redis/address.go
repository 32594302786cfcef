package redis

import (
	"errors"
	"net/url"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Address says where Redis is. Its zero value is nowhere.
type Address struct {
	url   string // of the first node
	nodes []string
}

// ParseAddress accepts redis://user:password@host:6379/0, or rediss:// for TLS.
// Of a cluster it takes some nodes, at least two: ?addr=host:port names each
// further one. Errors do not repeat the text, which may hold a password.
func ParseAddress(text string) (Address, error) {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Hostname() == "" || parsed.Scheme != "redis" && parsed.Scheme != "rediss" || parsed.Fragment != "" {
		return Address{}, errors.New("must be like redis://user:password@host:6379/0 or rediss://host:6379, with special characters percent-encoded")
	}
	query, err := url.ParseQuery(parsed.RawQuery)
	nodes := query["addr"]
	delete(query, "addr")
	if err != nil || len(query) > 0 {
		return Address{}, errors.New("must have no parameters but addr=host:port, for each further node of a cluster")
	}
	parsed.RawQuery = ""
	options, err := goredis.ParseURL(parsed.String())
	switch {
	case err != nil:
		return Address{}, errors.New("must end with the number of a database, if there is to be a path")
	case len(nodes) > 0 && options.DB != 0:
		return Address{}, errors.New("must not name a database of a cluster, which has but one")
	}
	return Address{parsed.String(), nodes}, nil
}

// String names the nodes without user and password.
func (a Address) String() string {
	parsed, err := url.Parse(a.url)
	if err != nil || a.url == "" {
		return ""
	}
	nodes := append([]string{parsed.Scheme + "://" + parsed.Host + parsed.Path}, a.nodes...)
	return strings.Join(nodes, ",")
}

// connect opens a client that nothing is asked of yet.
func (a Address) connect(timeout time.Duration) (goredis.UniversalClient, error) {
	options, err := goredis.ParseURL(a.url)
	if err != nil {
		return nil, err
	}
	return goredis.NewUniversalClient(&goredis.UniversalOptions{
		Addrs: append([]string{options.Addr}, a.nodes...),
		DB:    options.DB, Username: options.Username, Password: options.Password, TLSConfig: options.TLSConfig,
		Protocol: 2, DisableIdentity: true, // no more commands than it takes to connect
		DialTimeout: timeout, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout, ContextTimeoutEnabled: true,
		MaxRetries: -1, DialerRetries: 1, // who asks has better things to do than to try again
	}), nil
}

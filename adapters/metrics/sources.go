package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Sources are where numbers are read that somebody keeps anyway. Each may be
// called at any time, and is nil where there is no such thing.
type Sources struct {
	Pools   func() []Pool
	KeySets func() []KeySet
	Tokens  func() (hits, misses uint64) // how many were known from before, and how many not
	Streams func() int                   // of events, open at the moment
	Now     func() time.Time
}

// Pool is one of connections to a database.
type Pool struct {
	Name            string
	Size            int
	InUse, Idle     int
	Waiting         int
	Waited, Refused uint64
}

// KeySet is the public keys of one auth server.
type KeySet struct {
	Server            string    // its first issuer
	Fetched           time.Time // zero if there is none yet
	Succeeded, Failed uint64    // fetches
}

func description(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("taskward_"+name, help, labels, nil)
}

var (
	poolConnections = description("db_pool_connections", "Connections to the database that there are.", "pool", "state")
	poolSize        = description("db_pool_max_connections", "Connections to the database that there may be.", "pool")
	poolWaiting     = description("db_pool_waiting", "Calls that wait for a connection at the moment.", "pool")
	poolWaits       = description("db_pool_waits_total", "Calls that had to wait for a connection.", "pool")
	poolRefused     = description("db_pool_refused_total", "Calls that were told to come again because no connection was to be had.", "pool")
	keySetAge       = description("key_set_age_seconds", "Since when the public keys in use are known; none while there are no keys.", "server")
	keySetRefreshes = description("key_set_refreshes_total", "Fetches of public keys.", "server", "result")
	tokenHits       = description("token_cache_hits_total", "Tokens that were known from before.")
	tokenMisses     = description("token_cache_misses_total", "Tokens that were not known and had to be checked.")
	streamsOpen     = description("streams_open", "Streams of events that are open.")
)

// Describe implements [prometheus.Collector].
func (s Sources) Describe(to chan<- *prometheus.Desc) {
	for _, one := range []*prometheus.Desc{
		poolConnections, poolSize, poolWaiting, poolWaits, poolRefused, keySetAge, keySetRefreshes, tokenHits, tokenMisses, streamsOpen,
	} {
		to <- one
	}
}

// Collect implements [prometheus.Collector].
func (s Sources) Collect(to chan<- prometheus.Metric) {
	gauge := func(what *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(what, prometheus.GaugeValue, value, labels...)
	}
	counter := func(what *prometheus.Desc, value uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(what, prometheus.CounterValue, float64(value), labels...)
	}
	if s.Pools != nil {
		for _, pool := range s.Pools() {
			gauge(poolConnections, float64(pool.InUse), pool.Name, "in_use")
			gauge(poolConnections, float64(pool.Idle), pool.Name, "idle")
			gauge(poolSize, float64(pool.Size), pool.Name)
			gauge(poolWaiting, float64(pool.Waiting), pool.Name)
			counter(poolWaits, pool.Waited, pool.Name)
			counter(poolRefused, pool.Refused, pool.Name)
		}
	}
	if s.KeySets != nil {
		for _, keys := range s.KeySets() {
			if !keys.Fetched.IsZero() {
				gauge(keySetAge, s.Now().Sub(keys.Fetched).Seconds(), keys.Server)
			}
			counter(keySetRefreshes, keys.Succeeded, keys.Server, "success")
			counter(keySetRefreshes, keys.Failed, keys.Server, "failure")
		}
	}
	if s.Tokens != nil {
		hits, misses := s.Tokens()
		counter(tokenHits, hits)
		counter(tokenMisses, misses)
	}
	if s.Streams != nil {
		gauge(streamsOpen, float64(s.Streams()))
	}
}

package bootstrap

import (
	"runtime"
	"strings"
	"time"

	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/metrics"
	"github.com/taskward/taskward/ports"
)

// newMetrics gives none where nobody can ask for them.
func newMetrics(config Config) *metrics.Metrics {
	if config.AdminAddress == "" && config.OTLPEndpoint == "" {
		return nil
	}
	return metrics.New(releaseOf(build()), runtime.Version())
}

// counting has requests counted, where there are metrics.
func counting(counted *metrics.Metrics) httpapi.Watch {
	if counted == nil {
		return httpapi.Watch{}
	}
	return httpapi.Watch{
		Answered: func(answered httpapi.Answered) {
			request := metrics.Request{Method: answered.Method, Route: answered.Route, Status: answered.Status, Took: answered.Took}
			if answered.Refused {
				request.Refusal = answered.Code
			}
			counted.Count(request)
		},
		Delivered: counted.Delivered,
	}
}

// watched is where the metrics read what nobody has to count for them.
type watched struct {
	fx.In
	Metrics  *metrics.Metrics // nil: none
	API      *httpapi.API
	Verifier ports.TokenVerifier
	Store    *shippedStore
	Auth     *authTables
}

// watch has the metrics tell of all that is wired. Of adapters that others
// brought along they tell nothing.
func watch(all watched) {
	if all.Metrics == nil {
		return
	}
	sources := metrics.Sources{Pools: all.pools, Streams: all.API.Streams, Now: time.Now}
	if ours, ok := all.Verifier.(*verifier); ok && ours.jwt != nil {
		sources.KeySets, sources.Tokens = ours.keySets, ours.jwt.Recalled
	}
	all.Metrics.Watch(sources)
}

func (w watched) pools() []metrics.Pool {
	var pools []metrics.Pool
	if w.Store.opened != nil {
		for _, use := range w.Store.opened.Pools() {
			pools = append(pools, metrics.Pool{
				Name: poolName(use), Size: use.Size, InUse: use.InUse, Idle: use.Idle,
				Waiting: use.Waiting, Waited: use.Waited, Refused: use.Refused,
			})
		}
	}
	if w.Auth.db != nil {
		stats := w.Auth.db.Stats()
		pools = append(pools, metrics.Pool{
			Name: "auth", Size: stats.MaxOpenConnections, InUse: stats.InUse, Idle: stats.Idle, Waited: uint64(max(stats.WaitCount, 0)),
		})
	}
	return pools
}

func poolName(use bunstore.PoolUse) string {
	if use.Name == "" {
		return "store"
	}
	return "store_" + use.Name
}

func (v *verifier) keySets() []metrics.KeySet {
	var sets []metrics.KeySet
	for _, status := range v.jwt.Status() {
		sets = append(sets, metrics.KeySet{
			Server: strings.ToValidUTF8(status.Issuers[0], "?"), Fetched: status.LoadedAt,
			Succeeded: status.Fetches.Succeeded, Failed: status.Fetches.Failed,
		})
	}
	return sets
}

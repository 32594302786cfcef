package redis_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/taskward/taskward/adapters/redis/redistest"
	"github.com/taskward/taskward/ports"
)

// TestRateLimiterOnACluster runs the suite where the buckets are spread over
// three nodes, of which the address names two.
func TestRateLimiterOnACluster(t *testing.T) {
	nodes := startCluster(t)
	url := nodes[0].URL + "?addr=" + nodes[1].Address
	testSuite(t, url, func(t *testing.T) (ports.RateLimiter, func() int) {
		for _, node := range nodes {
			if keptBy(t, node) == 0 {
				t.Errorf("the other rules have left no bucket at %s, so that they have shown nothing of it", node.Address)
			}
			if err := connect(t, node).FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
		}
		return open(t, url), func() int { return keptBy(t, nodes...) }
	})
}

// keptBy counts the keys of nodes.
func keptBy(t *testing.T, nodes ...*redistest.Server) (kept int) {
	t.Helper()
	for _, node := range nodes {
		size, err := connect(t, node).DBSize(t.Context()).Result()
		if err != nil {
			t.Fatal(err)
		}
		kept += int(size)
	}
	return kept
}

// startCluster starts three nodes with a third of the slots each.
func startCluster(t *testing.T) []*redistest.Server {
	t.Helper()
	const slots = 16384
	var nodes []*redistest.Server
	for i := range 3 {
		node := redistest.Start(t, "--cluster-enabled", "yes")
		nodes = append(nodes, node)
		client := connect(t, node)
		if err := client.ClusterAddSlotsRange(t.Context(), i*slots/3, (i+1)*slots/3-1).Err(); err != nil {
			t.Fatal(err)
		}
		host, port, err := net.SplitHostPort(node.Address)
		if err != nil {
			t.Fatal(err)
		}
		if err := connect(t, nodes[0]).Do(t.Context(), "CLUSTER", "MEET", host, port, node.Bus).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, node := range nodes {
		awaitCluster(t, connect(t, node))
	}
	return nodes
}

// awaitCluster waits until a node knows of all slots and all other nodes.
func awaitCluster(t *testing.T, node *goredis.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		info, err := node.ClusterInfo(ctx).Result()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3") {
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("the cluster does not come about:\n%s", info)
		}
	}
}

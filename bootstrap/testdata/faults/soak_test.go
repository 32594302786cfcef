package faults_test

import (
	"testing"
)

// A service that works for long, errors included, takes no more than one that has just warmed up.
func TestSoak(t *testing.T) {
	requests := times(60_000, 6000)
	d := newDatabase(t)
	r := serve(t, d.url)
	load := startLoad(t, r.url)
	load.awaitRequests(t, requests/3)
	warm := r.process.resources(t)
	for part := range 4 {
		load.awaitRequests(t, requests/3+part*requests/6)
		d.killBackends(t)
	}
	load.awaitRequests(t, requests)
	load.audit(t, r.url)
	late := r.process.resources(t)
	t.Logf("warm: %+v, after %d requests: %+v", warm, requests, late)
	if late.descriptors > warm.descriptors+8 || late.threads > warm.threads+8 {
		t.Errorf("%+v became %+v", warm, late)
	}
	// What the collector of garbage has given back to the system and what not is its own affair, within limits.
	if late.kilobytes > warm.kilobytes*3/2+16<<10 {
		t.Errorf("%d KB became %d KB", warm.kilobytes, late.kilobytes)
	}
	load.tally.expectIntact(t, "long work with errors", 1)
}

package bunstore

import "database/sql"

// PoolUse is how much is made of a pool of connections.
type PoolUse struct {
	Name            string // which of a store's; empty if it has one
	Size            int    // how many connections there may be
	InUse, Idle     int    // how many there are
	Waiting         int    // calls that wait for one
	Waited, Refused uint64 // calls that ever had to wait, and those of them that waited in vain
}

// Use tells how the gate stands, and the pool behind it.
func (g *Gate) Use(name string, pool *sql.DB) PoolUse {
	stats := pool.Stats()
	return PoolUse{
		Name: name, Size: cap(g.seats), InUse: stats.InUse, Idle: stats.Idle,
		Waiting: int(g.waiting.Load()), Waited: g.waited.Load(), Refused: g.refused.Load(),
	}
}

// Package redis keeps in Redis, or Valkey, what all replicas of the service
// share and nobody misses when it is lost.
package redis

package memory

// MaxSubjects is the bound of Kept.
const MaxSubjects = maxSubjects

// Kept is how many buckets there are.
func (r *RateLimiter) Kept() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.young.buckets) + len(r.old.buckets)
}

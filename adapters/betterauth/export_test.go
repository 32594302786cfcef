package betterauth

// Quoted gives the name of a table or column as statements have it.
func (n Names) Quoted(key string) string { return quote(n.of(key)) }

// Remembered tells how many sessions are remembered.
func (s *Sessions) Remembered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.known)
}

package postgres

import "time"

// OpenWakeupsTrying is OpenWakeups with a connection that is tried more often.
func OpenWakeupsTrying(url string, local localWakeups, every time.Duration) (*Wakeups, error) {
	return openWakeups(url, local, nil, every)
}

// Untold is how many owners other processes are yet to be told of.
func (w *Wakeups) Untold() int {
	w.untold.mu.Lock()
	defer w.untold.mu.Unlock()
	return len(w.untold.owners)
}

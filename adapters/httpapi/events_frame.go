package httpapi

import "github.com/taskward/taskward/domain"

// The frames of a stream of events. Each id is a token to go on from. There are
// clients that take any empty line for an event, so a frame without data is none.
const (
	// startFrame tells, in milliseconds, how soon to come back after the end.
	startFrame = "retry: 3000\nevent: start\ndata: {\"type\":\"start\"}\nid: "
	// resetFrame has an empty id: who comes back comes without one.
	resetFrame = "event: reset\ndata: {\"type\":\"reset\"}\nid\n\n"
	// heartbeat is a comment.
	heartbeat = ":\n"
)

// appendStart writes the frame from which on a client knows where to go on,
// though nothing has happened yet.
func appendStart(dst []byte, token string) []byte {
	dst = append(dst, startFrame...)
	dst = append(dst, token...)
	return append(dst, "\n\n"...)
}

// appendEvents writes a frame for each task of a feed. What is forgotten is the
// same for all of them: the feed was told as of one moment.
func (a *API) appendEvents(dst []byte, owner domain.UserID, feed domain.Feed) []byte {
	for _, task := range feed.Tasks {
		name := "task"
		if !task.IsLive() {
			name = "deleted"
		}
		dst = append(dst, "event: "...)
		dst = append(dst, name...)
		dst = append(dst, "\nid: "...)
		dst = append(dst, encodeFeedToken(owner, domain.Mark{Sequence: task.Sequence, Forgotten: feed.Until.Forgotten})...)
		dst = append(dst, "\ndata: "...)
		dst = a.appendChange(dst, task)
		dst = append(dst, "\n\n"...)
	}
	return dst
}

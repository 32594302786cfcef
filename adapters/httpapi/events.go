package httpapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

const (
	eventStreamType = "text/event-stream"
	// maxEvents is how many events are held in memory for a client.
	maxEvents = 100
	// silence is how long nothing is sent before a comment is, so that nobody
	// on the way takes the connection for dead.
	silence = 15 * time.Second
	// recheckAfter is how long a stream goes on at most with a token that is not
	// accepted any more. (It ends at once when the token expires.)
	recheckAfter = time.Minute
)

// followChanges sends what has changed of the owner's tasks, and then whatever
// changes, as Server-Sent Events (HTML standard, section 9.2).
func (a *API) followChanges(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	since, err := a.followedSince(c, actor, owner)
	if err != nil {
		return err
	}
	ctx, leave, err := a.streams.take(c.Request().Context(), owner)
	if err != nil {
		return err
	}
	defer leave()
	events := &events{api: a, c: c, owner: owner, since: since}
	return events.end(a.tasks.Follow(unrecorded(ctx), actor, owner, since, maxEvents, events.deliver))
}

// followedSince is the mark from which on a client wants to know. One that was
// here before says so by the last id it got, whatever it said at first.
func (a *API) followedSince(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) (domain.Mark, error) {
	request := c.Request()
	parameters, err := parseParameters(request.URL.RawQuery)
	if err != nil {
		return domain.Mark{}, err
	}
	since, last := parameters.text("since"), parameters.text("last_event_id").Or("")
	if err := parameters.finish(prefersStrict(request.Header)); err != nil {
		return domain.Mark{}, err
	}
	if header := request.Header.Get("Last-Event-ID"); header != "" {
		last = header
	}
	if last != "" {
		since = domain.Some(last)
	}
	ctx, cancel := context.WithTimeout(request.Context(), a.options.Deadline)
	defer cancel()
	mark, err := a.since(ctx, actor, owner, since)
	return mark, givenUp(ctx, err)
}

// events is a stream of them to one client.
type events struct {
	api     *API
	c       echo.Context
	owner   domain.UserID
	since   domain.Mark
	stream  *stream // nil until the answer has begun
	opened  time.Time
	sent    time.Time
	checked time.Time
	lost    bool // there is no way to the client any more
}

// errHeadOnly ends what is asked for by HEAD.
var errHeadOnly = errors.New("a HEAD asks for no events")

// deliver sends what there is to be sent. Nothing more is fetched until that is
// done, and so a client that is slow keeps nobody busy but itself.
func (e *events) deliver(feed domain.Feed) error {
	var frames []byte
	switch {
	case e.stream == nil:
		if err := e.begin(); err != nil {
			return err
		}
		frames = appendStart(frames, encodeFeedToken(e.owner, e.since))
	case time.Since(e.checked) >= recheckAfter:
		if err := e.recheck(); err != nil {
			return err
		}
	}
	frames = e.api.appendEvents(frames, e.owner, feed)
	switch {
	case len(frames) > 0:
		if err := e.send(frames); err != nil {
			return err
		}
		e.tellLags(feed)
	case time.Since(e.sent) >= silence:
		return e.send([]byte(heartbeat))
	}
	return nil
}

func (e *events) begin() error {
	header := e.c.Response().Header()
	header.Set("X-Accel-Buffering", "no") // proxies of nginx's kind keep the stream back otherwise
	if e.c.Request().Method == http.MethodHead {
		header.Set(echo.HeaderContentType, eventStreamType)
		return errors.Join(errHeadOnly, e.c.NoContent(http.StatusOK))
	}
	e.opened = time.Now()
	e.checked = e.opened
	e.stream = openStream(e.c, eventStreamType)
	return nil
}

func (e *events) recheck() error {
	request := e.c.Request()
	token, err := bearerToken(request.Header)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(request.Context(), e.api.options.Deadline)
	defer cancel()
	e.checked = time.Now()
	return givenUp(ctx, e.api.sessions.Recheck(ctx, token))
}

func (e *events) send(frames []byte) error {
	_, err := e.stream.Write(frames)
	if err == nil {
		err = e.stream.Flush()
	}
	e.sent, e.lost = time.Now(), err != nil
	return err
}

// end brings a stream to an end for the reason that is given, which an answer
// that has begun can tell to the access log alone, and to the client only that
// it has to start over.
func (e *events) end(reason error) error {
	switch {
	case errors.Is(reason, errHeadOnly):
		return nil
	case e.lost:
		return clientGone.because(reason)
	case e.stream == nil && reason == nil: // the token has expired just now, or the service shuts down
		return cmp.Or(e.recheck(), error(draining))
	case e.stream == nil:
		return startOver(e.c, reason)
	case errors.Is(reason, domain.ErrChangesForgotten):
		reason = errors.Join(reason, e.send([]byte(resetFrame)))
	}
	return errors.Join(reason, e.stream.allow())
}

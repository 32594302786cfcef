package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// What a client can be slow or lavish at, and how much of it is borne.
const (
	headerTimeout  = 10 * time.Second  // to send the request's header
	bodyTimeout    = 30 * time.Second  // to send the whole request
	writeTimeout   = 60 * time.Second  // to take the answer, counted from the header on
	idleTimeout    = 120 * time.Second // between two requests of a connection
	maxHeaderBytes = 32 << 10          // request line included
)

// Server serves an [API] until it is shut down, once.
type Server struct {
	api  *API
	http *http.Server
}

// NewServer makes the server of api. It does not listen yet.
func NewServer(api *API) *Server {
	return &Server{api: api, http: &http.Server{
		Handler:           api,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       bodyTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes - 4096, // net/http lets this much more pass
		ErrorLog:          slog.NewLogLogger(api.options.Logger.Handler(), slog.LevelWarn),
	}}
}

// Serve answers what comes in on listener, on [Options].Connections at a time,
// and closes it in the end. It returns nil as soon as Shutdown has closed the
// listener; wait for Shutdown to return as well before the process exits.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.http.Serve(netutil.LimitListener(listener, s.api.options.Connections)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown ends the server without failing a request. First readiness answers
// 503 and each answer asks its client to open a new connection, which a load
// balancer takes elsewhere, and streams of events end; after
// [Options].DrainDelay the listener is closed and the requests under way come
// to their end. What is still under way when
// ctx ends is cut off, its own context with it, and Shutdown then returns the
// error of ctx.
func (s *Server) Shutdown(ctx context.Context) error {
	s.api.draining.Store(true)
	s.api.streams.close()
	delay := time.NewTimer(s.api.options.DrainDelay)
	defer delay.Stop()
	select {
	case <-delay.C:
	case <-ctx.Done():
	}
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(err, s.http.Close())
	}
	return nil
}

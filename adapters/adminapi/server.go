// Package adminapi is what operators alone may ask a running service, on a
// port of its own: it authenticates nobody, so that port has to be out of
// everybody else's reach.
package adminapi

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
)

// Server answers operators.
type Server struct{ http *http.Server }

// NewServer makes a server that logs what goes wrong to log.
func NewServer(log *slog.Logger) *Server {
	return &Server{&http.Server{
		Handler:           routes(),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}}
}

// routes are those of the profiler, as `go tool pprof` asks for them. That a
// command line is not among them keeps arguments where they are.
func routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// Serve answers what comes in on listener, until Close.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close cuts all answers off: a profile under way is worth no wait.
func (s *Server) Close() error { return s.http.Close() }

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

// NewServer makes a server that answers /metrics with metrics, where there are
// any, and logs what goes wrong to log.
func NewServer(metrics http.Handler, log *slog.Logger) *Server {
	mux := profiler()
	if metrics != nil {
		mux.Handle("GET /metrics", metrics)
	}
	return &Server{&http.Server{
		Handler:           mux,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}}
}

// profiler has its routes, as `go tool pprof` asks for them. That a
// command line is not among them keeps arguments where they are.
func profiler() *http.ServeMux {
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

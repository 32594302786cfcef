package bootstrap

import (
	"context"
	"log/slog"
	"net"

	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/adminapi"
	"github.com/taskward/taskward/adapters/metrics"
)

// newAdmin makes the server of what operators ask.
func newAdmin(counted *metrics.Metrics, log *slog.Logger) *adminapi.Server {
	if counted == nil {
		return adminapi.NewServer(nil, log)
	}
	return adminapi.NewServer(counted, log)
}

// serveAdmin answers operators at TASKWARD_ADMIN_ADDR, if that is set.
func (a *App) serveAdmin(ctx context.Context, config Config, log *slog.Logger, server *adminapi.Server, lifecycle fx.Lifecycle) error {
	if config.AdminAddress == "" {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", string(config.AdminAddress.orLoopback()))
	if err != nil {
		return addressFault("TASKWARD_ADMIN_ADDR", err)
	}
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			log.InfoContext(ctx, "listening for operators", "address", listener.Addr().String())
			go func() { a.failure <- server.Serve(listener) }()
			return nil
		},
		OnStop: func(context.Context) error { return server.Close() },
	})
	return nil
}

package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"runtime"
	"slices"

	"go.opentelemetry.io/otel/trace"
	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/ports"
)

// Module is an adapter and the port that it serves. [Use] makes one.
type Module struct {
	port  reflect.Type
	where string // file:line at which it was named
	fx    fx.Option
}

// Use makes an adapter of your own the one that serves port P:
//
//	bootstrap.Use[ports.TaskRepository](func(ctx context.Context) (ports.TaskRepository, error) {
//		return mystore.Open(ctx, "tasks.db")
//	})
//
// The shipped adapter for P is then not even opened. If yours is an io.Closer
// it is closed when the service stops; if it has a method
// Ping(context.Context) error, /readyz asks it.
func Use[P any](open func(ctx context.Context) (P, error)) Module {
	return module(1, func(ctx context.Context, _ parts) (P, error) { return open(ctx) })
}

// parts are what shipped adapters are made of.
type parts struct {
	fx.In
	Config  Config
	Log     *slog.Logger
	Store   *shippedStore
	Auth    *authTables
	Tracers trace.TracerProvider // nil: none
}

// module is [Use] for what is shipped, and so takes settings. skip is how many
// callers stand between it and the one to be named in errors.
func module[P any](skip int, open func(context.Context, parts) (P, error)) Module {
	_, file, line, _ := runtime.Caller(skip + 1)
	port, where := reflect.TypeFor[P](), fmt.Sprintf("%s:%d", file, line)
	type opened struct {
		fx.Out
		Adapter P
		Checks  []httpapi.Check `group:"readiness,flatten"`
	}
	return Module{port, where, fx.Provide(func(ctx context.Context, parts parts, lifecycle fx.Lifecycle) (opened, error) {
		adapter, err := opening(ctx, parts, open)
		if err != nil {
			return opened{}, &adapterError{port, where, err}
		}
		if closer, ok := any(adapter).(io.Closer); ok {
			lifecycle.Append(fx.StopHook(func() error {
				if err := closer.Close(); err != nil {
					return &adapterError{port, where, err}
				}
				return nil
			}))
		}
		out := opened{Adapter: adapter}
		if pinger, ok := any(adapter).(interface {
			Ping(ctx context.Context) error
		}); ok {
			out.Checks = []httpapi.Check{{Name: port.String(), Ready: pinger.Ping}}
		}
		return out, nil
	})}
}

// opening opens an adapter. One that panics, or gives none, has failed.
func opening[P any](ctx context.Context, parts parts, open func(context.Context, parts) (P, error)) (adapter P, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panicked: %v", panicked)
		}
	}()
	adapter, err = open(ctx, parts)
	if err != nil {
		return adapter, err
	}
	value := reflect.ValueOf(adapter)
	if !value.IsValid() || value.Kind() == reflect.Pointer && value.IsNil() {
		return adapter, errors.New("there is no adapter")
	}
	return adapter, nil
}

// welcome are the ports whose adapters in use serve whatever the settings say.
var welcome = []reflect.Type{reflect.TypeFor[ports.UserDirectory](), reflect.TypeFor[ports.AuditLog]()}

// choose gives the modules to wire: those in use, what is shipped for the ports
// that they leave, and nothing for the optional ports that then are left.
func choose(shipped, used []Module) (fx.Option, error) {
	var options []fx.Option
	served := map[reflect.Type]bool{}
	for i, module := range used {
		if module.port == nil {
			return nil, fmt.Errorf("module %d of those in use serves no port: Use did not make it", i+1)
		}
		same := func(other Module) bool { return other.port == module.port }
		if first := slices.IndexFunc(used, same); first != i {
			return nil, fmt.Errorf("%s is served twice: at %s and at %s", module.port, used[first].where, module.where)
		}
		if !slices.Contains(welcome, module.port) && !slices.ContainsFunc(shipped, same) {
			return nil, fmt.Errorf("with these settings nothing asks for %s, which %s serves", module.port, module.where)
		}
		served[module.port] = true
		options = append(options, module.fx)
	}
	for _, module := range shipped {
		if !served[module.port] {
			options = append(options, module.fx)
		}
		served[module.port] = true
	}
	for _, none := range []Module{absent[ports.Revocations](), absent[ports.SessionLookup](), absent[ports.UserDirectory](), absent[ports.RateLimiter](), absent[ports.AuditLog]()} {
		if !served[none.port] {
			options = append(options, none.fx)
		}
	}
	return fx.Options(options...), nil
}

// absent stands where the settings ask for no adapter: with nil.
func absent[P any]() Module {
	return Module{port: reflect.TypeFor[P](), fx: fx.Provide(func() (none P) { return none })}
}

// replaces reports whether a module in use serves port P.
func replaces[P any](use []Module) bool {
	return slices.ContainsFunc(use, func(module Module) bool { return module.port == reflect.TypeFor[P]() })
}

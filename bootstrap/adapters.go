package bootstrap

import (
	"context"
	"errors"
	"log/slog"

	"go.uber.org/fx"
)

// withAdapters opens the adapters that are the fields of Needs, an fx.In, as a
// service would, and closes them after the work.
func withAdapters[Needs any](ctx context.Context, config Config, log *slog.Logger, use []Module, work func(Needs) error) error {
	wiring, err := wire(ctx, config, log, use)
	if err != nil {
		return err
	}
	var needs Needs
	app := fx.New(wiring, fx.Invoke(func(opened Needs) { needs = opened }))
	if err := app.Err(); err != nil {
		return wiringCause(err)
	}
	if err := app.Start(ctx); err != nil {
		return wiringCause(err)
	}
	err = work(needs)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), app.StopTimeout())
	defer cancel()
	return errors.Join(err, app.Stop(stopping))
}

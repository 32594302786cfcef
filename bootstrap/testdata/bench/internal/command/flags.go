package command

import (
	"context"
	"flag"
	"path/filepath"

	"example.com/bench/internal/service"
)

// Flags are those that every program has, and what follows from them.
type Flags struct {
	*flag.FlagSet
	Quick bool
	Root  string // of Taskward's own module
	Into  string // the results file; empty: none
}

// NewFlags gives flags to which a program may add its own.
func NewFlags(name string) *Flags {
	f := &Flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError)}
	f.BoolVar(&f.Quick, "quick", false, "take a minute and few tasks, to see that it works; the figures mean nothing")
	f.StringVar(&f.Into, "into", "", "the results file; if not given that of the repository, and with -quick none")
	return f
}

// Read takes the flags from the arguments.
func (f *Flags) Read(ctx context.Context, args []string) (err error) {
	if err = f.Parse(args); err != nil {
		return err
	}
	if f.Root, err = service.Root(ctx); err != nil {
		return err
	}
	if f.Into == "" && !f.Quick {
		f.Into = filepath.Join(f.Root, ".github", "docs", "performance.md")
	}
	return nil
}

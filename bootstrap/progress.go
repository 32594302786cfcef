package bootstrap

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3" // knows the width of terminals, and what is left to wait
	"golang.org/x/term"
)

// unknownTotal is that of a progress whose end cannot be told.
const unknownTotal = -1

// progress tells on standard error how far a long command has come: with a bar
// where that is a terminal, and where it is none with a line of the log now and
// then.
type progress struct {
	ctx   context.Context // of the command, for the log
	log   *slog.Logger
	doing string
	unit  string
	every int64                    // of the unit, between two lines
	bar   *progressbar.ProgressBar // nil: no terminal
	done  int64
}

// isTerminal reports whether somebody looks at what is written there.
func isTerminal(to io.Writer) bool {
	file, ok := to.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func newProgress(ctx context.Context, process Process, log *slog.Logger, doing, unit string, every, total int64) *progress {
	p := &progress{ctx: ctx, log: log, doing: doing, unit: unit, every: every}
	if !isTerminal(process.Stderr) {
		return p
	}
	p.bar = progressbar.NewOptions64(
		total, progressbar.OptionSetWriter(process.Stderr), progressbar.OptionSetDescription(doing), progressbar.OptionShowCount(),
		progressbar.OptionShowBytes(unit == "bytes"), progressbar.OptionSetItsString(unit), progressbar.OptionFullWidth(),
		progressbar.OptionUseANSICodes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetSpinnerChangeInterval(0), // or it would draw on its own, between our lines
	)
	return p
}

// reach tells that so many are done.
func (p *progress) reach(done int64) {
	before := p.done
	p.done = done
	switch {
	case p.bar != nil:
		_ = p.bar.Set64(done) // there may have come more than there were at first
	case before/p.every < done/p.every:
		p.log.InfoContext(p.ctx, "under way", "doing", p.doing, p.unit, done)
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear() // a terminal that is gone shows nothing
		_ = p.bar.Exit()
	}
}

// over gives a writer of lines that come in the place of the bar, which is
// drawn again below them.
func (p *progress) over(to io.Writer) io.Writer {
	if p.bar == nil {
		return to
	}
	return overBar{p.bar, to}
}

type overBar struct {
	bar *progressbar.ProgressBar
	to  io.Writer
}

func (o overBar) Write(line []byte) (int, error) {
	_ = o.bar.Clear() // a terminal that is gone shows nothing
	return o.to.Write(line)
}

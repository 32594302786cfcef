package measure

import (
	"fmt"
	"io"
	"time"
)

// Progress tells with the time what is going on.
func Progress(to io.Writer) func(format string, values ...any) {
	return func(format string, values ...any) {
		_, _ = fmt.Fprintf(to, time.Now().Format(time.TimeOnly)+" "+format+"\n", values...) // nobody may be listening
	}
}

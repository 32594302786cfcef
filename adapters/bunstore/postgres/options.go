package postgres

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/trace"
)

// Options says which database a [Store] works on, and how. What the URL says
// itself goes before the defaults below.
type Options struct {
	// URL is like postgres://user:password@host:5432/database?sslmode=require.
	URL string

	// Prepare lets each connection prepare the statements that it sends, and
	// sets the time-outs below. Without it the store is slower, but works
	// behind poolers that hand a connection to another client after each
	// transaction and refuse what they do not know.
	Prepare bool

	// PoolSize is how many connections there may be. The default is 4 for
	// each processor.
	PoolSize int

	// Queue is how many calls may wait for a connection. The default is 1024.
	Queue int

	// Patience is how long a call waits for a connection. The default is 2 s.
	Patience time.Duration

	// RowSecurity is whether PostgreSQL is told whose rows a statement may
	// touch. The default is [RowSecurityOff].
	RowSecurity RowSecurity

	// StatementTimeout is when the server gives a statement up whose client
	// has not done so. The default is 10 s.
	StatementTimeout time.Duration

	// IdleInTransactionTimeout is when the server gives a transaction up that
	// waits for its client. The default is 10 s.
	IdleInTransactionTimeout time.Duration

	// Tracers make spans of the statements. The default is none.
	Tracers trace.TracerProvider
}

const (
	applicationName    = "taskward"
	connectTimeout     = 5 * time.Second
	defaultTimeout     = 10 * time.Second
	defaultQueue       = 1024
	defaultPatience    = 2 * time.Second
	connectionsPerCore = 4
)

func (o Options) poolSize() int { return cmp.Or(o.PoolSize, connectionsPerCore*runtime.GOMAXPROCS(0)) }

func (o Options) queue() int { return cmp.Or(o.Queue, defaultQueue) }

func (o Options) patience() time.Duration { return cmp.Or(o.Patience, defaultPatience) }

func (o Options) guarded() bool { return cmp.Or(o.RowSecurity, RowSecurityOff) != RowSecurityOff }

func (o Options) connection() (*pgx.ConnConfig, error) {
	config, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Tracers != nil {
		config.Tracer = newTracer(o.Tracers)
	}
	if !o.Prepare || o.RowSecurity == RowSecurityCitus { // SET LOCAL takes no parameters: it is another statement for each owner
		config.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	if !o.Prepare {
		return config, nil
	}
	// As parameters of the connection they hold for all of it: a SET could
	// get lost.
	preset(config, "statement_timeout", milliseconds(cmp.Or(o.StatementTimeout, defaultTimeout)))
	preset(config, "idle_in_transaction_session_timeout", milliseconds(cmp.Or(o.IdleInTransactionTimeout, defaultTimeout)))
	return config, nil
}

func milliseconds(duration time.Duration) string {
	return strconv.FormatInt(duration.Milliseconds(), 10)
}

func preset(config *pgx.ConnConfig, parameter, value string) {
	if _, given := config.RuntimeParams[parameter]; !given {
		config.RuntimeParams[parameter] = value
	}
}

// errMalformedURL does not say more where a parser would quote the password.
var errMalformedURL = errors.New("the database URL has to be like postgres://user:password@host:5432/database?sslmode=require, with anything unusual in user and password percent-encoded")

func parse(text string) (*pgx.ConnConfig, error) {
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "postgres" && address.Scheme != "postgresql" {
		return nil, errMalformedURL
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		// The error holds the URL, so only its reason, which comes after the
		// quoted URL, goes any further.
		message := err.Error()
		if quoted := strings.LastIndex(message, "`: "); quoted >= 0 {
			return nil, fmt.Errorf("the database URL: %s", message[quoted+len("`: "):])
		}
		return nil, errMalformedURL
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	preset(config, "application_name", applicationName)
	return config, nil
}

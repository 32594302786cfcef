package postgres_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

const guide = "../../../.github/docs/row-level-security.md"

// ways are those in which a store tells PostgreSQL whose rows there are.
var ways = map[string]postgres.Options{
	"prepared":   {Prepare: true, RowSecurity: postgres.RowSecurityOn},
	"unprepared": {RowSecurity: postgres.RowSecurityOn},
	"Citus":      {Prepare: true, RowSecurity: postgres.RowSecurityCitus},
}

// Behind both walls a store is what it is behind one.
func TestRowSecurity(t *testing.T) {
	for way, options := range ways {
		t.Run(way, func(t *testing.T) {
			var administrator string
			options.URL, administrator = walled(t)
			testBehindWall(t, administrator, func(t *testing.T) *postgres.Store { t.Helper(); return open(t, options) })
		})
	}
}

// The second wall stands alone: no owner sees, touches or counts what another
// has though no statement says whose rows it is about.
func TestRowSecurityAlone(t *testing.T) {
	for way, options := range ways {
		t.Run(way, func(t *testing.T) {
			var administrator string
			options.URL, administrator = walled(t)
			testBehindWall(t, administrator, func(t *testing.T) *postgres.Store { t.Helper(); return openUnfiltered(t, options) })
		})
	}
}

// testBehindWall holds stores to all that they promise. An administrator reads
// what they write and may not read.
func testBehindWall(t *testing.T, administrator string, open func(*testing.T) *postgres.Store) {
	t.Helper()
	shared := open(t)
	closed := func(t *testing.T) *postgres.Store {
		t.Helper()
		store := open(t)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		return store
	}
	portstest.TestTaskRepository(t,
		func(*testing.T) ports.TaskRepository { return shared },
		portstest.Twice(func(t *testing.T) (ports.TaskRepository, ports.TaskRepository) { return open(t), open(t) }),
		portstest.Closed(func(t *testing.T) ports.TaskRepository { return closed(t) }))
	portstest.TestRevocations(t,
		func(*testing.T) ports.Revocations { return shared },
		portstest.RevocationsTwice(func(t *testing.T) (ports.Revocations, ports.Revocations) { return open(t), open(t) }),
		portstest.ClosedRevocations(func(t *testing.T) ports.Revocations { return closed(t) }))
	portstest.TestAuditLog(t,
		portstest.AuditHarness{Log: shared, Read: reader(t, administrator)},
		portstest.ClosedAuditLog(func(t *testing.T) ports.AuditLog { return closed(t) }))
}

// The control: without the second wall the same store shows one owner what
// another has.
func TestWithoutAnyWall(t *testing.T) {
	store := openUnfiltered(t, postgres.Options{URL: migrated(t), Prepare: true})
	create(t, store)
	page, err := store.List(t.Context(), "another", domain.TaskQuery{Limit: 10})
	if err != nil || len(page.Tasks) != 1 {
		t.Errorf("another sees %+v and error %v, want the owner's task", page.Tasks, err)
	}
}

func openUnfiltered(t *testing.T, options postgres.Options) *postgres.Store {
	t.Helper()
	store, err := postgres.OpenUnfiltered(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // some are closed already
	return store
}

// walled gives the URL of a database whose tables have row-level security, for
// the user that the guide makes for the service, and for an administrator.
func walled(t *testing.T) (service, administrator string) {
	t.Helper()
	administrator = migrated(t)
	if err := postgres.EnforceRowSecurity(t.Context(), administrator); err != nil {
		t.Fatal(err)
	}
	return postgrestest.Service(t, administrator, guide), administrator
}

func TestEachOwnedTableHasItsPolicy(t *testing.T) {
	url := migrated(t)
	owned := list(t, url, `SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'taskward' AND column_name = 'user_id' ORDER BY 1`)
	policies := list(t, url, `SELECT tablename::text FROM pg_policies WHERE schemaname = 'taskward' AND qual = '(user_id = current_setting(''taskward.user_id''::text, true))' AND cmd = 'ALL' AND roles = '{public}' ORDER BY 1`)
	known := slices.Sorted(slices.Values(postgres.OwnedTables))
	if diff := cmp.Diff(owned, policies); diff != "" {
		t.Errorf("tables with owners - and with policies +:\n%s", diff)
	}
	if diff := cmp.Diff(owned, known); diff != "" {
		t.Errorf("tables with owners - and those that are administered +:\n%s", diff)
	}
}

func TestRowSecurityState(t *testing.T) {
	state := func(url string) postgres.RowSecurityState {
		t.Helper()
		for _, way := range []postgres.RowSecurity{postgres.RowSecurityOff, postgres.RowSecurityOn, postgres.RowSecurityCitus} {
			state, err := open(t, postgres.Options{URL: url, Prepare: true, RowSecurity: way}).RowSecurityState(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if way == postgres.RowSecurityCitus {
				return state
			}
		}
		return postgres.RowSecurityState{}
	}
	all := slices.Sorted(slices.Values(postgres.OwnedTables))
	administrator := migrated(t)
	service := postgrestest.Service(t, administrator, guide)
	user := regexp.MustCompile(`taskward_service_\w+`).FindString(service)
	if diff := cmp.Diff(postgres.RowSecurityState{User: user, Exposed: all}, state(service)); diff != "" {
		t.Errorf("before it is enforced (-want +got):\n%s", diff)
	}
	for range 2 {
		if err := postgres.EnforceRowSecurity(t.Context(), administrator); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(postgres.RowSecurityState{User: user, Held: all}, state(service)); diff != "" {
		t.Errorf("the service (-want +got):\n%s", diff)
	}
	if got := state(administrator); !got.Mighty || len(got.Held) > 0 {
		t.Errorf("an administrator: %+v", got)
	}
	exec(t, administrator, `ALTER TABLE taskward.trash NO FORCE ROW LEVEL SECURITY`, `ALTER TABLE taskward.trash OWNER TO `+user)
	if got := state(service); !slices.Equal(got.Exposed, []string{"trash"}) {
		t.Errorf("the owner of a table without FORCE: %+v", got)
	}
	exec(t, administrator, `ALTER TABLE taskward.trash OWNER TO CURRENT_USER`, `ALTER ROLE `+user+` BYPASSRLS`)
	if got := state(service); !got.Mighty || len(got.Held) > 0 {
		t.Errorf("a user with BYPASSRLS: %+v", got)
	}
}

// Whoever sees no owners must not take it for a database without any.
func TestOwnersAreNotSilentlyHidden(t *testing.T) {
	service, administrator := walled(t)
	for way, options := range ways {
		options.URL = service
		store := open(t, options)
		create(t, store)
		if owners, err := store.Owners(t.Context(), "", 10); err == nil || !strings.Contains(err.Error(), "row-level security") {
			t.Errorf("%s: got %v and error %v", way, owners, err)
		}
		create(t, store) // the connection is as good as before
		options.URL = administrator
		if owners, err := open(t, options).Owners(t.Context(), "", 10); err != nil || !slices.Equal(owners, []domain.UserID{owner}) {
			t.Errorf("%s: an administrator got %v and error %v", way, owners, err)
		}
	}
}

// Nobody is named once a transaction has ended, so whoever gets the connection
// next sees nothing unless they name somebody.
func TestNobodyIsNamedAfterwards(t *testing.T) {
	service, _ := walled(t)
	for way, options := range ways {
		options.URL, options.PoolSize = service, 1
		store := open(t, options)
		create(t, store)
		apply(t, store, domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title(t, "one")}, domain.Create{Title: title(t, "two")}))
		named, err := postgres.NamedOwner(t.Context(), store)
		if err != nil || named != "" {
			t.Errorf("%s: %q is named, error %v", way, named, err)
		}
	}
}

// What fails when it is committed has not happened, and its answer is not one.
func TestAFailedCommitIsNoSuccess(t *testing.T) {
	service, administrator := walled(t)
	exec(t, administrator, `CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too late'; END $$`,
		`CREATE CONSTRAINT TRIGGER late AFTER INSERT ON taskward.tasks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_late()`)
	for way, options := range ways {
		options.URL = service
		store := open(t, options)
		for range 3 {
			results, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title(t, "late")}))
			if err == nil || results != nil || !strings.Contains(err.Error(), "too late") {
				t.Errorf("%s: got %+v and error %v", way, results, err)
			}
		}
		if page, err := store.List(t.Context(), owner, domain.TaskQuery{Limit: 1}); err != nil || len(page.Tasks) > 0 {
			t.Errorf("%s: got %+v and error %v", way, page, err)
		}
	}
}

// However PostgreSQL reads backslashes, an owner is named as they are.
func TestOwnersAreNamedAsTheyAre(t *testing.T) {
	service, _ := walled(t)
	for _, setting := range []string{"on", "off"} {
		store := open(t, postgres.Options{URL: service + "&standard_conforming_strings=" + setting + "&backslash_quote=off&escape_string_warning=off", RowSecurity: postgres.RowSecurityCitus})
		for _, odd := range []domain.UserID{`'`, `\`, `\'`, `''; DROP TABLE taskward.tasks; --`, `\\''`, "$1", "\n\t\r", "😀", `E'`, `"`, "default", "-- ", "/*"} {
			if _, err := store.Apply(t.Context(), odd, domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title(t, "odd")})); err != nil {
				t.Errorf("%q, standard_conforming_strings %s: %v", odd, setting, err)
			}
			if page, err := store.List(t.Context(), odd, domain.TaskQuery{Limit: 10}); err != nil || len(page.Tasks) == 0 {
				t.Errorf("%q has %v and error %v", odd, page.Tasks, err)
			}
		}
	}
}

func TestRowSecurityIsASetting(t *testing.T) {
	for _, text := range []string{"on", "off", "citus"} {
		var mode postgres.RowSecurity
		if err := mode.UnmarshalText([]byte(text)); err != nil || string(mode) != text {
			t.Errorf("%q became %q with error %v", text, mode, err)
		}
	}
	var mode postgres.RowSecurity
	for _, text := range []string{"", "ON", "true", "force"} {
		if err := mode.UnmarshalText([]byte(text)); err == nil || mode != "" {
			t.Errorf("%q became %q", text, mode)
		}
	}
}

// exec sends statements as they are.
func exec(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn := connect(t, url)
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func TestDistributeWithoutCitus(t *testing.T) {
	url := migrated(t)
	spread, err := postgres.Distribute(t.Context(), url)
	if !errors.Is(err, postgres.ErrNoCitus) || spread != nil {
		t.Errorf("got %v and error %v", spread, err)
	}
}

package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
)

var (
	tableUse   = regexp.MustCompile(`\b(FROM|UPDATE|INTO|JOIN)\s+(tasks|owners|revoked_tokens|revoked_before|spent_tokens)\b`)
	ownerTest  = regexp.MustCompile(`\bWHERE user_id = \?1\b`)
	wholeTable = regexp.MustCompile(`\bSCAN (tasks|owners|revoked_tokens|revoked_before|spent_tokens)\b`)
	ownerRow   = regexp.MustCompile(`^INTO \w+ \(user_id, [^)]*\)\s+VALUES \(\?1,`)
)

// looseTables gives the uses of tables in the statement that are not held to
// the owner, ?1.
func looseTables(statement string) (loose []string) {
	uses := tableUse.FindAllStringIndex(statement, -1)
	for i, use := range uses {
		end := len(statement)
		if i+1 < len(uses) {
			end = uses[i+1][0]
		}
		clause := statement[use[0]:end]
		if !ownerTest.MatchString(clause) && !ownerRow.MatchString(clause) {
			loose = append(loose, statement[use[0]:use[1]])
		}
	}
	if len(uses) == 0 {
		loose = append(loose, "no table at all")
	}
	return loose
}

func TestEveryStatementKeepsToTheOwner(t *testing.T) {
	for name, statement := range sqlite.Statements() {
		if loose := looseTables(statement); loose != nil {
			t.Errorf("%s reaches beyond the owner by %q:\n%s", name, loose, statement)
		}
		for _, hold := range regexp.MustCompile(`user_id = \?1|\?1,`).FindAllStringIndex(statement, -1) {
			if broken := statement[:hold[0]] + "true" + statement[hold[1]:]; looseTables(broken) == nil {
				t.Errorf("this test does not notice when %s loses its owner:\n%s", name, broken)
			}
		}
	}
}

// An owner's tasks are found by an index, in the order of the list.
func TestStatementsUseIndexes(t *testing.T) {
	db, err := sql.Open("sqlite", migrated(t, filepath.Join(t.TempDir(), "tasks.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for name, statement := range sqlite.Statements() {
		plan := explain(t, db, statement)
		if wholeTable.MatchString(plan) {
			t.Errorf("%s reads a whole table:\n%s", name, plan)
		}
		if strings.HasPrefix(name, "list") && !strings.Contains(name, "counted") && strings.Contains(plan, "B-TREE") {
			t.Errorf("%s sorts:\n%s", name, plan)
		}
		if strings.HasPrefix(name, "forget") && !strings.Contains(plan, "_over") {
			t.Errorf("%s does not use the index on what is over:\n%s", name, plan)
		}
		if strings.HasPrefix(name, "list open") && !strings.Contains(plan, "tasks_open") {
			t.Errorf("%s does not use the index on open tasks:\n%s", name, plan)
		}
	}
}

func explain(t *testing.T, db *sql.DB, statement string) (plan string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, "user", 2, 3, 4, 5, 6, 7, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan += detail + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
}

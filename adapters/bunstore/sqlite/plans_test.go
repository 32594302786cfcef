package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
)

// An owner's rows are found by an index, and those of a list in the order of
// the list where that is one of an index.
func TestStatementsUseIndexes(t *testing.T) {
	db, err := sql.Open("sqlite", migrated(t, filepath.Join(t.TempDir(), "tasks.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for name, statement := range sqlite.Statements(everyList(t)) {
		plan := explain(t, db, statement)
		for _, problem := range problems(name, plan) {
			t.Errorf("%s %s:\n%s", name, problem, plan)
		}
	}
	if plan := explain(t, db, sqlite.Everybody); !strings.Contains(plan, "SEARCH owners USING") || strings.Contains(plan, "B-TREE") {
		t.Errorf("owners are not found in their order:\n%s", plan)
	}
}

var (
	wholeTable   = regexp.MustCompile(`\bSCAN (tasks|trash|answers|owners|revoked_tokens|revoked_before|spent_tokens)\b`)
	foreignRows  = regexp.MustCompile(`\bSEARCH (tasks|trash|answers|owners|revoked_tokens|revoked_before|spent_tokens) USING [^(]*\([^u]`)
	temporarySet = "B-TREE FOR ORDER BY"
)

// problems says what is wrong with the plan of a statement.
func problems(name, plan string) (problems []string) {
	if wholeTable.MatchString(plan) {
		problems = append(problems, "reads a whole table")
	}
	if foreignRows.MatchString(plan) {
		problems = append(problems, "reads rows of other owners")
	}
	inOrder := strings.Contains(name, "by creation") || strings.Contains(name, "by change") || name == "changes" || name == "trash" || name == "get"
	if inOrder && !strings.Contains(name, "counted") && strings.Contains(plan, temporarySet) {
		problems = append(problems, "sorts")
	}
	for statement, index := range map[string]string{
		"list all sorted by creation": "PRIMARY KEY", "list open sorted by creation": "tasks_open", "list all sorted by change": "tasks_sequence",
		"get": "PRIMARY KEY", "changes": "tasks_sequence", "trash": "trash_sequence", "forget": "_over",
	} {
		if strings.HasPrefix(name, statement) && !strings.Contains(plan, index) {
			problems = append(problems, "does not use the index "+index)
		}
	}
	return problems
}

func explain(t *testing.T, db *sql.DB, statement string) (plan string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, "user", 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
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

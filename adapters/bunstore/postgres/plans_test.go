package postgres_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
)

// However PostgreSQL plans, it finds an owner's rows by an index, and those of
// a list in the order of the list where that is one of an index.
func TestStatementsUseIndexes(t *testing.T) {
	ctx := t.Context()
	connection := connect(t, migrated(t))
	for _, preparation := range []string{
		`INSERT INTO taskward.owners SELECT 'user' || u, 1000, 1000 FROM generate_series(1, 10000) u`,
		`INSERT INTO taskward.tasks (user_id, id, title, completed, created_at, updated_at, sequence, due_at)
			SELECT 'user' || u, i, 'title ' || i, i % 10 <> 0, now(), now(), i, i FROM generate_series(1, 100) u, generate_series(1, 1000) i`,
		`INSERT INTO taskward.trash (user_id, id, title, completed, priority, tags, created_at, updated_at, sequence, deleted_at, purged)
			SELECT 'user' || u, i, 'title ' || i, false, 2, '[]', now(), now(), i, now() + i * interval '1 minute', i % 10 = 0
			FROM generate_series(1, 100) u, generate_series(1001, 2000) i`,
		`INSERT INTO taskward.answers SELECT 'user' || u, 'key' || i, '', '[]', now() + i * interval '1 minute' FROM generate_series(1, 100) u, generate_series(1, 1000) i`,
		`INSERT INTO taskward.revoked_before SELECT 'user' || u, now() FROM generate_series(1, 1000) u`,
		`INSERT INTO taskward.revoked_tokens SELECT 'user' || u, 'token' || i, now() + i * interval '1 minute' FROM generate_series(1, 100) u, generate_series(1, 1000) i`,
		`INSERT INTO taskward.spent_tokens SELECT * FROM taskward.revoked_tokens`,
	} {
		if _, err := connection.Exec(ctx, preparation); err != nil {
			t.Fatal(err)
		}
	}
	for i, mode := range []string{
		"SET plan_cache_mode = force_generic_plan", // while PostgreSQL knows nothing of the tables
		"ANALYZE",
		"SET plan_cache_mode = force_custom_plan",
	} {
		if _, err := connection.Exec(ctx, mode); err != nil {
			t.Fatal(err)
		}
		for name, statement := range postgres.Statements(everyList(t)) {
			plan := explain(t, connection, statement)
			for _, problem := range problems(name, plan) {
				t.Errorf("%s %s after %s:\n%s", name, problem, mode, plan)
			}
			byID := strings.Contains(plan, "tasks_pkey") && strings.Contains(plan, "trash_pkey")
			if analysed := i > 0; analysed && !byID && (name == "look" || name == "save") {
				t.Errorf("%s does not find tasks by their ids after %s:\n%s", name, mode, plan)
			}
		}
		if plan := explain(t, connection, postgres.Everybody); !strings.Contains(plan, "owners_bytes") || sortNode.MatchString(plan) {
			t.Errorf("owners are not found in their order after %s:\n%s", mode, plan)
		}
	}
}

var sortNode = regexp.MustCompile(`(?m)(^|-> +)(Incremental )?Sort$`)

// problems says what is wrong with the plan of a statement.
func problems(name, plan string) (problems []string) {
	for fault, sign := range map[string]string{"reads a whole table": "Seq Scan", "reads all that an owner has": "Hash Join"} {
		if strings.Contains(plan, sign) {
			problems = append(problems, fault)
		}
	}
	lines := strings.Split(plan, "\n")
	for i, line := range lines {
		isScan := strings.Contains(line, " using ") || strings.Contains(line, "Bitmap Index Scan")
		if isScan && !strings.Contains(lines[i+1], "Index Cond: (") || isScan && !strings.Contains(lines[i+1], "user_id = ") {
			problems = append(problems, "reads rows of other owners")
		}
	}
	inOrder := strings.Contains(name, "by creation") || strings.HasPrefix(name, "list all sorted by change") || name == "changes" || name == "trash" || name == "get"
	if inOrder && !strings.Contains(name, "counted") && sortNode.MatchString(plan) {
		problems = append(problems, "sorts")
	}
	for statement, index := range map[string]string{
		"list all sorted by creation": "tasks_pkey", "list open sorted by creation": "tasks_open", "list all sorted by change": "tasks_sequence",
		"get": "tasks_pkey", "changes": "tasks_sequence", "trash": "trash_sequence",
		"delete": "trash_over", "forget": "trash_over", "keep": "answers_over",
	} {
		if strings.HasPrefix(name, statement) && !strings.Contains(plan, index) {
			problems = append(problems, "does not use the index "+index)
		}
	}
	return problems
}

func explain(t *testing.T, connection *pgx.Conn, statement string) string {
	t.Helper()
	prepared, err := connection.Prepare(t.Context(), "explained", statement)
	if err != nil {
		t.Fatalf("%v:\n%s", err, statement)
	}
	values := make([]string, len(prepared.ParamOIDs))
	for i, oid := range prepared.ParamOIDs {
		switch oid {
		case pgtype.TextOID:
			values[i] = "'user7'"
		case pgtype.BoolOID:
			values[i] = "true"
		case pgtype.TimestamptzOID:
			values[i] = "'2026-02-03'"
		case pgtype.Int2OID:
			values[i] = "2"
		case pgtype.Int8OID:
			values[i] = "20"
			if i == 1 {
				values[i] = "500" // an id in the middle
			}
		case pgtype.Int8ArrayOID:
			values[i] = "'{7, 8}'"
		default:
			values[i] = "'{}'"
		}
	}
	rows, err := connection.Query(t.Context(), fmt.Sprintf("EXPLAIN (COSTS OFF) EXECUTE explained (%s)", strings.Join(values, ", ")), pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if err := connection.Deallocate(t.Context(), "explained"); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"modernc.org/sqlite"
)

// numbersTo counts to its parameter.
const numbersTo = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n"

func alonePreparing(t *testing.T) *sql.Conn {
	t.Helper()
	connector, err := sqlite.NewConnector("file:" + filepath.ToSlash(filepath.Join(t.TempDir(), "test.db")))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(preparing{connector})
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func kept(t *testing.T, conn *sql.Conn) (texts int) {
	t.Helper()
	err := conn.Raw(func(raw any) error {
		texts = len(raw.(*preparingConn).kept)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// numbers reads all that a statement answers.
func numbers(t *testing.T, conn *sql.Conn, statement string, args ...any) []int {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}()
	return rest(t, rows)
}

func rest(t *testing.T, rows *sql.Rows) (read []int) {
	t.Helper()
	for rows.Next() {
		var number int
		if err := rows.Scan(&number); err != nil {
			t.Fatal(err)
		}
		read = append(read, number)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestStatementsAreKept(t *testing.T) {
	conn := alonePreparing(t)
	for to := 1; to <= 3; to++ {
		if read := numbers(t, conn, numbersTo, to); len(read) != to {
			t.Errorf("to %d: %v", to, read)
		}
	}
	if texts := kept(t, conn); texts != 1 {
		t.Errorf("%d statements are kept, want one", texts)
	}
	for i := range 2 * maxPrepared {
		if read := numbers(t, conn, fmt.Sprintf("SELECT ?1 + %d", i), 1); !slices.Equal(read, []int{1 + i}) {
			t.Errorf("1 + %d is %v", i, read)
		}
	}
	if texts := kept(t, conn); texts != maxPrepared {
		t.Errorf("%d statements are kept, want %d", texts, maxPrepared)
	}
}

func TestAStatementThatIsBeingReadIsLeftAlone(t *testing.T) {
	conn := alonePreparing(t)
	outer, err := conn.QueryContext(t.Context(), numbersTo, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := outer.Close(); err != nil {
			t.Error(err)
		}
	}()
	if !outer.Next() {
		t.Fatal("there is nothing to read", outer.Err())
	}
	if read := numbers(t, conn, numbersTo, 5); len(read) != 5 {
		t.Errorf("the inner one reads %v", read)
	}
	if read := rest(t, outer); !slices.Equal(read, []int{2, 3}) {
		t.Errorf("the outer one goes on with %v", read)
	}
}

func TestAKeptStatementSeesANewSchema(t *testing.T) {
	conn := alonePreparing(t)
	do := func(statement string, args ...any) {
		t.Helper()
		if _, err := conn.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	do("CREATE TABLE things (id INTEGER)")
	do("INSERT INTO things VALUES (?1)", 1)
	const look = "SELECT * FROM things WHERE id = ?1"
	if read := numbers(t, conn, look, 1); !slices.Equal(read, []int{1}) {
		t.Fatalf("read %v", read)
	}
	do("ALTER TABLE things ADD COLUMN size INTEGER DEFAULT 7")
	var id, size int
	if err := conn.QueryRowContext(t.Context(), look, 1).Scan(&id, &size); err != nil || size != 7 {
		t.Errorf("size %d, error %v", size, err)
	}
}

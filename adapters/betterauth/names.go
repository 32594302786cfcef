package betterauth

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/taskward/taskward/domain"
)

// Names says what Better Auth's tables and columns are called in a database.
// The zero value has them called as Better Auth does by itself.
type Names struct {
	given     map[string]string // by what Better Auth calls a table or a column
	snakeCase bool              // of columns that are not given
}

// tables lists what is read, as Better Auth calls it.
var tables = map[string][]string{
	"jwks":    {"id", "publicKey", "createdAt", "expiresAt", "alg", "crv"},
	"session": {"id", "token", "userId", "createdAt", "expiresAt"},
	"user":    {"id", "email", "name", "createdAt", "updatedAt"},
}

// snakeCase stands for the names that Drizzle's schemas give to all columns.
const snakeCase = "snake_case"

// ParseNames reads what an operator sets: names as Better Auth has them and,
// after =, what they are in the database, with commas between. A table may
// have its schema in front, and is else looked for along the search path.
// snake_case by itself makes publicKey public_key, and so on for all columns
// that are not named one by one:
//
//	user=auth.users, session=auth.sessions, jwks=auth.jwks, snake_case
//	jwks.publicKey=public_key
//
// Names are taken letter by letter, without quotes; case counts. They may have
// letters, digits, _, $ and -, and up to 63 bytes. The error is
// [domain.Invalid] and has one violation for each entry that is wrong.
func ParseNames(text string) (Names, error) {
	names := Names{given: map[string]string{}}
	var errs []error
	for entry := range strings.SplitSeq(text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			errs = append(errs, names.add(entry))
		}
	}
	if err := domain.Violated(errs...); err != nil {
		return Names{}, err
	}
	return names, nil
}

func (n *Names) add(entry string) error {
	violation := func(format string, args ...any) error {
		return domain.Invalidity(domain.Violation{Field: "names", Detail: fmt.Sprintf(format, args...)})
	}
	if entry == snakeCase {
		n.snakeCase = true
		return nil
	}
	key, value, assigned := strings.Cut(entry, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	table, column, isColumn := strings.Cut(key, ".")
	columns, known := tables[table]
	_, twice := n.given[key]
	parts := strings.Split(value, ".")
	switch {
	case !assigned:
		return violation("has %q, which is neither name=name nor %s", entry, snakeCase)
	case !known:
		return violation("has %q, which is no table: it can be one of %s", key, strings.Join(slices.Sorted(maps.Keys(tables)), ", "))
	case isColumn && !slices.Contains(columns, column):
		return violation("has %q, which is no column: of %s it can be one of %s", key, table, strings.Join(columns, ", "))
	case twice:
		return violation("has %q twice", key)
	case isColumn && len(parts) > 1:
		return violation("has %q for %s, which has to be a column's name alone", value, key)
	case len(parts) > 2:
		return violation("has %q for %s, which has to be table or schema.table", value, key)
	case slices.ContainsFunc(parts, isUnfit):
		return violation("has %q for %s: a name has 1 to %d letters, digits, _, $ or -, and no quotes", value, key, maxNameBytes)
	}
	n.given[key] = value
	return nil
}

// maxNameBytes is what PostgreSQL keeps of a name; it cuts the rest off.
const maxNameBytes = 63

// isUnfit reports whether a name is one that we do not put between quotes:
// nobody has such names, and what could end the quotes is among them.
func isUnfit(name string) bool {
	return name == "" || len(name) > maxNameBytes || strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_$-", r)
	})
}

// isGiven reports whether the operator named this table or column.
func (n Names) isGiven(key string) bool {
	_, given := n.given[key]
	return given
}

// of gives the name, without quotes, that a table or column has in the database.
func (n Names) of(key string) string {
	_, column, isColumn := strings.Cut(key, ".")
	switch {
	case n.isGiven(key):
		return n.given[key]
	case isColumn && n.snakeCase:
		return toSnakeCase(column)
	case isColumn:
		return column
	}
	return key
}

func toSnakeCase(name string) string {
	var snake strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			snake.WriteByte('_')
		}
		snake.WriteRune(unicode.ToLower(r))
	}
	return snake.String()
}

// quote writes a name, or a schema and a name, as SQL takes it letter by letter.
func quote(name string) string { return `"` + strings.ReplaceAll(name, ".", `"."`) + `"` }

package sqlite_test

import (
	"regexp"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
)

var (
	tableUse  = regexp.MustCompile(`\b(FROM|UPDATE|INTO|JOIN)\s+(tasks|trash|answers|owners|revoked_tokens|revoked_before|spent_tokens)\b`)
	ownerTest = regexp.MustCompile(`\bWHERE user_id = \?1\b`)
	ownerRow  = regexp.MustCompile(`^INTO \w+ \(user_id, [^)]*\)\s+VALUES \(\?1,`)
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
	for name, statement := range sqlite.Statements(everyList(t)) {
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

// A plan for one value of LIMIT is thrown away when its parameter is bound again.
func TestNoPlanDependsOnTheLimit(t *testing.T) {
	planned := regexp.MustCompile(`LIMIT \?`)
	for name, statement := range sqlite.Statements(everyList(t)) {
		if planned.MatchString(statement) {
			t.Errorf("%s is planned anew each time:\n%s", name, statement)
		}
	}
}

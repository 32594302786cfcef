package bootstrap

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

// maxDrainDelay keeps the drain within what supervisors wait before they kill.
const maxDrainDelay = time.Minute

// Problem is what is wrong with one setting.
type Problem struct {
	Setting string
	Detail  string
}

// Problems is all that is wrong with the settings. It is an error if it is
// not empty.
type Problems []Problem

// Error names each problem on a line of its own.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Setting + " " + problem.Detail
	}
	slices.Sort(lines)
	return "the settings are not right:\n  " + strings.Join(slices.Compact(lines), "\n  ")
}

// err gives the problems as an error, nil if there are none.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

func (p *Problems) add(setting, detail string) {
	*p = append(*p, Problem{setting, detail})
}

// addError adds what an adapter says of a setting, if it says anything.
func (p *Problems) addError(setting string, err error) {
	var failure *domain.Error
	switch {
	case err == nil:
	case errors.As(err, &failure) && len(failure.Violations) > 0:
		for _, violation := range failure.Violations {
			p.add(setting, violation.Detail)
		}
	default:
		p.add(setting, err.Error())
	}
}

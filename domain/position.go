package domain

import (
	"strconv"
	"strings"
)

// Position is where a task stands in its owner's manual order. Positions
// compare byte for byte, and there is always one between two others, so a task
// is moved without touching the rest. Tasks at the same position stand in the
// order of their ids, and nothing can be put between them.
//
// A position is a number of sixteen hexadecimal digits and, behind it, a
// fraction in digits of base 62 that does not end in 0.
type Position struct{ key string }

const (
	wholeDigits      = 16
	firstWhole       = 1 << 62 // as much room before the first task as behind it
	fractionDigits   = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	maxPositionBytes = 1023 // enough to halve the way between two tasks some thousand times
)

// PositionOf is the position that a new task with this id gets: behind all
// that were there when it was created, wherever among them they had been moved.
func PositionOf(id TaskID) Position { return wholePosition(firstWhole + int64(id)) }

func wholePosition(whole int64) Position {
	digits := strconv.FormatInt(whole, 16)
	return Position{strings.Repeat("0", max(wholeDigits-len(digits), 0)) + digits}
}

// ParsePosition accepts what [Position.String] gives. The error is [Invalid].
func ParsePosition(text string) (Position, error) {
	if len(text) < wholeDigits || len(text) > maxPositionBytes || strings.HasSuffix(text[wholeDigits:], "0") ||
		strings.Trim(text[wholeDigits:], fractionDigits) != "" {
		return Position{}, errNoPosition()
	}
	whole, err := strconv.ParseUint(text[:wholeDigits], 16, 63)
	if err != nil || wholePosition(int64(whole)).key != text[:wholeDigits] {
		return Position{}, errNoPosition()
	}
	return Position{text}, nil
}

func errNoPosition() error {
	return Invalidity(Violation{"position", "must be the position of a task, or say before or after which task"})
}

// String gives the position in the form in which positions compare.
func (p Position) String() string { return p.key }

// Compare orders positions.
func (p Position) Compare(other Position) int { return strings.Compare(p.key, other.key) }

func (p Position) whole() string    { return p.key[:wholeDigits] }
func (p Position) fraction() string { return p.key[wholeDigits:] }

// behind is the position right behind p and before above, which is zero if
// nothing stands there. It fails with [ErrNoRoom].
func (p Position) behind(above Position) (Position, error) {
	if above == (Position{}) || above.whole() > p.whole() {
		return fitting(p.whole() + increment(p.fraction()))
	}
	return fitting(p.whole() + between(p.fraction(), above.fraction()))
}

// before is the position right before p and behind below, which is zero if
// nothing stands there. It fails with [ErrNoRoom].
func (p Position) before(below Position) (Position, error) {
	whole, err := strconv.ParseInt(p.whole(), 16, 64)
	switch previous := wholePosition(whole - 1); {
	case err != nil, whole == 0 && below == Position{}:
		return Position{}, ErrNoRoom
	case below == (Position{}) || below.whole() < previous.key:
		return previous, nil
	}
	return below.behind(p)
}

func fitting(key string) (Position, error) {
	if len(key) > maxPositionBytes {
		return Position{}, ErrNoRoom
	}
	return Position{key}, nil
}

// increment is the next fraction of the same length. Where there is none it has
// three times the length, so that counting on never comes to an end.
func increment(fraction string) string {
	counting := strings.TrimRight(fraction, fractionDigits[len(fractionDigits)-1:])
	if counting == "" {
		return fraction + zeros(2*len(fraction)) + fractionDigits[1:2]
	}
	last, full := len(counting)-1, len(fraction)-len(counting)
	digit := digitAt(counting, last)
	next := counting[:last] + fractionDigits[digit+1:digit+2]
	if full == 0 {
		return next
	}
	return next + zeros(full-1) + fractionDigits[1:2]
}

func zeros(count int) string { return strings.Repeat(fractionDigits[:1], count) }

// between is a fraction about halfway between low and high, which is above
// low; an empty high is 1.
func between(low, high string) string {
	shared := 0
	for shared < len(high) && digitAt(low, shared) == digitAt(high, shared) {
		shared++
	}
	if shared > 0 {
		return high[:shared] + between(low[min(shared, len(low)):], high[shared:])
	}
	lowDigit, highDigit := digitAt(low, 0), len(fractionDigits)
	if high != "" {
		highDigit = digitAt(high, 0)
	}
	switch middle := (lowDigit + highDigit) / 2; {
	case middle > lowDigit:
		return fractionDigits[middle : middle+1]
	case len(high) > 1:
		return high[:1]
	case low == "":
		return fractionDigits[:1] + between("", "")
	}
	return low[:1] + between(low[1:], "")
}

// digitAt is a digit of a fraction, which has zeros behind its last one.
func digitAt(fraction string, place int) int {
	if place >= len(fraction) {
		return 0
	}
	return strings.IndexByte(fractionDigits, fraction[place])
}

// Place says where a task is to stand: right before or right behind another
// one, or at a position.
type Place struct {
	anchor TaskID // 0 for a position
	behind bool
	at     Position
}

// Before is the place right before the task with this id.
func Before(id TaskID) Place { return Place{anchor: id} }

// Behind is the place right behind the task with this id.
func Behind(id TaskID) Place { return Place{anchor: id, behind: true} }

// At is the place at a position.
func At(position Position) Place { return Place{at: position} }

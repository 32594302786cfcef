package domain_test

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestPositionOf(t *testing.T) {
	for id, want := range map[domain.TaskID]string{
		1: "4000000000000001", 15: "400000000000000f", 16: "4000000000000010", domain.MaxTaskID: "401fffffffffffff",
	} {
		if got := domain.PositionOf(id); got.String() != want {
			t.Errorf("the position of %d is %q, want %q", id, got, want)
		}
		if parsed, err := domain.ParsePosition(want); err != nil || parsed != domain.PositionOf(id) {
			t.Errorf("ParsePosition(%q) = %q, %v", want, parsed, err)
		}
	}
}

func TestParsePosition(t *testing.T) {
	for _, text := range []string{
		"0000000000000000", "7fffffffffffffff", "4000000000000001V", "4000000000000001001", "4000000000000001zz",
		"4000000000000001" + strings.Repeat("0", 1006) + "1",
	} {
		if got, err := domain.ParsePosition(text); err != nil || got.String() != text {
			t.Errorf("ParsePosition(%q) = %q, %v", text, got, err)
		}
	}
}

func TestParsePositionRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                      "",
		"too few digits":               "400000000000001",
		"no room before it or behind":  "8000000000000000",
		"all ones":                     "ffffffffffffffff",
		"capital letters":              "400000000000000F",
		"a sign":                       "+000000000000001",
		"a minus":                      "-400000000000000",
		"a prefix":                     "0x40000000000001",
		"an underscore":                "4000_00000000001",
		"no number":                    "400000000000000g",
		"white space":                  " 4000000000000001",
		"a fraction that ends in zero": "4000000000000001V0",
		"a fraction of nothing":        "40000000000000010",
		"punctuation":                  "4000000000000001-",
		"punctuation in the middle":    "4000000000000001a.b",
		"NUL":                          "4000000000000001\x00",
		"other letters":                "4000000000000001é",
		"other digits":                 "４000000000000001",
		"no text":                      "4000000000000001\xff",
		"a new line":                   "4000000000000001\n",
		"one digit too many":           "4000000000000001" + strings.Repeat("0", 1007) + "1",
		"far too many":                 "4000000000000001" + strings.Repeat("z", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.ParsePosition(text)
			wantOnly(t, err, "position", "must be the position of a task, or say before or after which task")
			if got != (domain.Position{}) {
				t.Errorf("ParsePosition gave %q with its error", got)
			}
		})
	}
}

func TestPositionsCompareAsTheirTextDoes(t *testing.T) {
	inOrder := []string{
		"0000000000000000", "0000000000000001", "3fffffffffffffff", "4000000000000001", "400000000000000100V", "40000000000000011",
		"400000000000000111", "4000000000000001A", "4000000000000001a", "4000000000000001z", "4000000000000001z1", "4000000000000002",
	}
	for i, one := range inOrder {
		for j, other := range inOrder {
			if got, want := position(one).Compare(position(other)), cmp.Compare(i, j); got != want {
				t.Errorf("%s compares to %s as %d, want %d", one, other, got, want)
			}
		}
	}
	if (domain.Position{}).Compare(position(inOrder[0])) >= 0 {
		t.Error("no position does not come before the first")
	}
}

func TestPositionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		almost := rapid.StringMatching(`[0-9a-f]{15,17}[0-9A-Za-z]{0,5}`)
		checkPosition(t, rapid.OneOf(almost, anyText()).Draw(t, "text"))
	})
}

func FuzzParsePosition(f *testing.F) {
	for _, seed := range []string{"4000000000000001", "4000000000000001V", "4000000000000001V0", "", "ffffffffffffffff", "+000000000000001", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkPosition(t, text) })
}

// checkPosition holds what ParsePosition makes of a text against what is
// promised of positions: above all that tasks can be put on either side.
func checkPosition(t rapid.TB, text string) {
	t.Helper()
	got, err := domain.ParsePosition(text)
	if err != nil {
		wantInvalid(t, err, "position")
		return
	}
	if got.String() != text {
		t.Fatalf("ParsePosition(%q) = %q", text, got)
	}
	here := newShelf(0)
	here.must(t, domain.Create{Title: title("here"), Place: domain.Some(domain.At(got))})
	for _, beside := range []domain.Place{domain.Before(1), domain.Behind(1)} {
		switch results, err := here.play(noon, domain.Create{Title: title("beside"), Place: domain.Some(beside)}); {
		case errors.Is(err, domain.ErrNoRoom):
		case err != nil:
			t.Errorf("beside %q: %v", text, err)
		case (results[0].Position.Compare(got) < 0) != (beside == domain.Before(1)) || results[0].Position == got:
			t.Errorf("beside %q came %q", text, results[0].Position)
		default:
			position(results[0].Position.String())
		}
	}
}

// TestMovesKeepTheOrder moves tasks about and holds their positions against a
// plain list of ids.
func TestMovesKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		here := newShelf(0)
		here.must(t, domain.Create{Title: title("first")})
		order := []domain.TaskID{1}
		for range rapid.IntRange(1, 60).Draw(t, "batches") {
			var changes []domain.Change
			last := here.counters.LastTaskID
			for range rapid.IntRange(1, 4).Draw(t, "moves") {
				anchor := rapid.SampledFrom(order).Draw(t, "anchor")
				place, offset := domain.Before(anchor), 0
				if rapid.Bool().Draw(t, "behind") {
					place, offset = domain.Behind(anchor), 1
				}
				moved := rapid.SampledFrom(append([]domain.TaskID{0}, order...)).Draw(t, "moved")
				switch moved {
				case 0:
					last++
					moved = last
					changes = append(changes, domain.Create{Title: title("beside"), Place: domain.Some(place)})
				default:
					changes = append(changes, domain.Edit{Target: on(moved), Place: domain.Some(place)})
				}
				if moved != anchor {
					order = slices.DeleteFunc(order, func(id domain.TaskID) bool { return id == moved })
					order = slices.Insert(order, slices.Index(order, anchor)+offset, moved)
				}
				if rapid.IntRange(0, 9).Draw(t, "leaves") == 0 && len(order) > 1 {
					changes = append(changes, domain.Delete{Target: on(moved)})
					order = slices.DeleteFunc(order, func(id domain.TaskID) bool { return id == moved })
				}
			}
			here.must(t, changes...)
			if got := here.order(); !slices.Equal(got, order) {
				t.Fatalf("the order is %v, want %v", got, order)
			}
			places := map[domain.Position]domain.TaskID{}
			for _, task := range here.tasks {
				if !task.IsLive() {
					continue
				}
				if other, taken := places[task.Position]; taken {
					t.Fatalf("tasks %d and %d are both at %q", task.ID, other, task.Position)
				}
				places[task.Position] = task.ID
				if _, err := domain.ParsePosition(task.Position.String()); err != nil {
					t.Fatalf("task %d is at %q: %v", task.ID, task.Position, err)
				}
			}
		}
	})
}

// TestMovesThatDoNotGrowAPosition repeats what people do all the time.
func TestMovesThatDoNotGrowAPosition(t *testing.T) {
	const moves = 3_000
	place := func(make func(domain.TaskID) domain.Place) func([]domain.TaskID) (domain.TaskID, domain.Place) {
		return func(order []domain.TaskID) (domain.TaskID, domain.Place) { return order[1], make(order[0]) }
	}
	for name, test := range map[string]struct {
		longest int
		next    func(order []domain.TaskID) (domain.TaskID, domain.Place)
	}{
		"to the top":              {16, func(order []domain.TaskID) (domain.TaskID, domain.Place) { return order[3], domain.Before(order[0]) }},
		"to the end":              {20, func(order []domain.TaskID) (domain.TaskID, domain.Place) { return order[0], domain.Behind(order[3]) }},
		"before the last":         {20, func(order []domain.TaskID) (domain.TaskID, domain.Place) { return order[0], domain.Before(order[3]) }},
		"where it is, behind":     {17, place(domain.Behind)},
		"where it is, before":     {16, func(order []domain.TaskID) (domain.TaskID, domain.Place) { return order[1], domain.Before(order[2]) }},
		"behind itself":           {16, func(order []domain.TaskID) (domain.TaskID, domain.Place) { return order[1], domain.Behind(order[1]) }},
		"the first two by turns":  {16, place(domain.Before)},
		"the second, to the last": {20, func(order []domain.TaskID) (domain.TaskID, domain.Place) { return order[1], domain.Behind(order[3]) }},
	} {
		t.Run(name, func(t *testing.T) {
			here := newShelf(0)
			for range 4 {
				here.must(t, domain.Create{Title: title("task")})
			}
			longest := 0
			for range moves {
				moved, place := test.next(here.order())
				result := here.must(t, domain.Edit{Target: on(moved), Place: domain.Some(place)})[0]
				longest = max(longest, len(result.Position.String()))
			}
			if longest > test.longest {
				t.Errorf("after %d moves a position has %d bytes, want at most %d", moves, longest, test.longest)
			}
			created := here.must(t, domain.Create{Title: title("created after")})[0]
			if order := here.order(); order[len(order)-1] != created.ID {
				t.Errorf("the order is %v, want the new task %d behind all", order, created.ID)
			}
		})
	}
}

// TestNoRoom halves the way between two tasks for as long as that can be done.
func TestNoRoom(t *testing.T) {
	const least, most = 5_000, 100_000
	for name, upper := range map[string]func(step int) bool{
		"always the lower half": func(int) bool { return false },
		"always the upper half": func(int) bool { return true },
		"both by turns":         func(step int) bool { return step%2 == 0 },
		"two of three":          func(step int) bool { return step%3 == 0 },
	} {
		t.Run(name, func(t *testing.T) {
			here := newShelf(0)
			here.must(t, domain.Create{Title: title("low")}, domain.Create{Title: title("high"), Place: domain.Some(domain.Behind(1))})
			low, high := domain.TaskID(1), domain.TaskID(2)
			for step := range most {
				place := domain.Behind(low)
				if step%5 == 0 {
					place = domain.Before(high)
				}
				results, err := here.play(noon, domain.Create{Title: title("between"), Place: domain.Some(place)})
				if err != nil {
					if !errors.Is(err, domain.ErrNoRoom) || step < least {
						t.Errorf("after %d tasks between two: %v", step, err)
					}
					return
				}
				between := results[0]
				if between.Position.Compare(here.tasks[low].Position) <= 0 || between.Position.Compare(here.tasks[high].Position) >= 0 {
					t.Fatalf("between %q and %q came %q", here.tasks[low].Position, here.tasks[high].Position, between.Position)
				}
				if upper(step) {
					delete(here.tasks, low)
					low = between.ID
				} else {
					delete(here.tasks, high)
					high = between.ID
				}
			}
			t.Errorf("%d tasks came between two", most)
		})
	}
}

func TestTheEndsOfAllPositions(t *testing.T) {
	for _, test := range []struct {
		others []string
		at     string
		place  domain.Place
		want   string
	}{
		{nil, "0000000000000001", domain.Before(1), "0000000000000000"},
		{nil, "0000000000000000", domain.Before(1), ""},
		{nil, "0000000000000000V", domain.Before(1), ""},
		{[]string{"0000000000000000"}, "0000000000000000V", domain.Before(1), "0000000000000000F"},
		{nil, "7fffffffffffffff", domain.Behind(1), "7fffffffffffffff1"},
		{nil, "7fffffffffffffffz", domain.Behind(1), "7fffffffffffffffz001"},
		{nil, "7fffffffffffffff" + strings.Repeat("z", 400), domain.Behind(1), ""},
	} {
		here := newShelf(0)
		here.must(t, domain.Create{Title: title("anchor"), Place: domain.Some(domain.At(position(test.at)))})
		for _, other := range test.others {
			here.must(t, domain.Create{Title: title("other"), Place: domain.Some(domain.At(position(other)))})
		}
		results, err := here.play(noon, domain.Create{Title: title("task"), Place: domain.Some(test.place)})
		switch {
		case test.want == "" && !errors.Is(err, domain.ErrNoRoom), test.want != "" && err != nil:
			t.Errorf("%+v of %s: %v", test.place, test.at, err)
		case test.want != "" && results[0].Position.String() != test.want:
			t.Errorf("%+v of %s is %s, want %s", test.place, test.at, results[0].Position, test.want)
		}
	}
}

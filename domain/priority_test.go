package domain_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParsePriority(t *testing.T) {
	inOrder := []string{"low", "medium", "high"}
	for i, text := range inOrder {
		priority, err := domain.ParsePriority(text)
		if err != nil || priority != domain.Priority(i+1) || priority.String() != text {
			t.Errorf("ParsePriority(%q) = %d (%s), %v", text, priority, priority, err)
		}
	}
	for _, text := range []string{"", "Low", "HIGH", " low", "low ", "none", "urgent", "1", "0", "\x00", "low\x00", "\xff", "ｌｏｗ"} {
		priority, err := domain.ParsePriority(text)
		wantOnly(t, err, "priority", "must be one of low, medium, high")
		if priority != 0 {
			t.Errorf("ParsePriority(%q) gave %d with its error", text, priority)
		}
	}
}

func TestPriorityString(t *testing.T) {
	for _, none := range []domain.Priority{0, 4, 255} {
		if text := none.String(); text != "" {
			t.Errorf("priority %d, which is none, is %q", none, text)
		}
	}
	if domain.DefaultPriority != domain.Medium {
		t.Errorf("the default priority is %s", domain.DefaultPriority)
	}
}

func TestPriorityProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(anyText(), rapid.SampledFrom([]string{"low", "medium", "high"})).Draw(t, "text")
		switch priority, err := domain.ParsePriority(text); {
		case err != nil:
			wantInvalid(t, err, "priority")
		case priority.String() != text:
			t.Errorf("ParsePriority(%q) = %s", text, priority)
		}
	})
}

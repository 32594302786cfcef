package domain_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/taskward/taskward/domain"
)

func TestAuditActionOf(t *testing.T) {
	for change, want := range map[domain.Change]domain.AuditAction{
		domain.Create{}:          domain.AuditCreate,
		domain.Import{}:          domain.AuditImport,
		domain.Edit{}:            domain.AuditEdit,
		domain.SetCompleted{}:    domain.AuditComplete,
		domain.ToggleCompleted{}: domain.AuditComplete,
		domain.Delete{}:          domain.AuditDelete,
		domain.Restore{}:         domain.AuditRestore,
		domain.Purge{}:           domain.AuditPurge,
	} {
		if got := domain.AuditActionOf(change); got != want {
			t.Errorf("%T is told as %q, want %q", change, got, want)
		}
	}
}

// An entry has no member that its logs leave out, and whoever reads only some
// of them may stop.
func TestAuditEntryMembers(t *testing.T) {
	entry := domain.AuditEntry{Actor: "a", Owner: "o", Action: domain.AuditEdit, Tasks: []domain.TaskID{1}, Outcome: "done", TokenID: "t", RequestID: "r"}
	told := map[string]any{}
	for name, value := range entry.Members() {
		told[strings.ReplaceAll(name, "_", "")] = value
	}
	for field, value := range reflect.ValueOf(entry).Fields() {
		if field.Name == "At" {
			continue
		}
		got := reflect.ValueOf(told[strings.ToLower(field.Name)])
		if !got.IsValid() || !reflect.DeepEqual(got.Convert(value.Type()).Interface(), value.Interface()) {
			t.Errorf("%s is told as %v, want %v", field.Name, got, value)
		}
	}
	for name := range entry.Members() {
		if name == "action" {
			break
		}
	}
}

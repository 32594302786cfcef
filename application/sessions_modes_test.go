package application_test

import (
	"testing"

	"github.com/taskward/taskward/application"
)

func TestModes(t *testing.T) {
	for _, text := range []string{"off", "jti", "session", "allowed", "single-use", "", "OFF", "jti ", "on", "sid"} {
		var revocation application.RevocationMode
		known := text == "off" || text == "jti" || text == "session"
		if err := revocation.UnmarshalText([]byte(text)); (err == nil) != known || known && string(revocation) != text || !known && revocation != "" {
			t.Errorf("%q is the revocation mode %q, error %v", text, revocation, err)
		}
		var replay application.ReplayMode
		known = text == "allowed" || text == "single-use"
		if err := replay.UnmarshalText([]byte(text)); (err == nil) != known || known && string(replay) != text || !known && replay != "" {
			t.Errorf("%q is the replay mode %q, error %v", text, replay, err)
		}
	}
}

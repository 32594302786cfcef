package bunstore

import (
	"strconv"
	"time"
)

// Instant is a time as a column holds it, be that a type of the engine's or
// microseconds since the Unix epoch. The zero time is null.
type Instant struct{ time.Time }

// Nullable gives the time as a column takes it that may hold null.
func (i Instant) Nullable() *time.Time {
	if i.IsZero() {
		return nil
	}
	return &i.Time
}

// MarshalJSON implements [json.Marshaler], for any time there is: text would
// leave out what is not of the years 0 to 9999.
func (i Instant) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, i.UnixMicro(), 10), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (i *Instant) UnmarshalJSON(encoded []byte) error {
	micros, err := strconv.ParseInt(string(encoded), 10, 64)
	i.Time = time.UnixMicro(micros).UTC()
	return err
}

package bootstrap

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Database says where tasks are kept. Its zero value is nowhere.
type Database struct {
	Engine Engine
	At     string // for Postgres the URL, password included; for SQLite the path
}

// Engine is a kind of database.
type Engine string

// The engines that Taskward ships an adapter for.
const (
	Postgres Engine = "postgres"
	SQLite   Engine = "sqlite"
)

// UnmarshalText implements encoding.TextUnmarshaler. Its errors do not repeat
// the value, which may hold a password.
func (d *Database) UnmarshalText(text []byte) error {
	value := string(text)
	if path, ok := strings.CutPrefix(value, "sqlite:"); ok {
		if path == "" || strings.ContainsRune(path, 0) {
			return errors.New("lacks the path of the SQLite file")
		}
		*d = Database{SQLite, path}
		return nil
	}
	if strings.HasPrefix(value, "postgres://") || strings.HasPrefix(value, "postgresql://") {
		parsed, err := url.Parse(value)
		if err != nil || parsed.Path == "/" || parsed.Path == "" {
			return errors.New("must be like postgres://user:password@host:5432/database, with special characters percent-encoded")
		}
		*d = Database{Postgres, value}
		return nil
	}
	return errors.New("must begin with sqlite: or with postgres://")
}

// String names the database without its password.
func (d Database) String() string {
	switch d.Engine {
	case "":
		return ""
	case SQLite:
		return "sqlite:" + d.At
	case Postgres:
	}
	parsed, err := url.Parse(d.At)
	if err != nil { // cannot be: UnmarshalText has parsed it
		return string(d.Engine)
	}
	return parsed.Scheme + "://" + parsed.Host + parsed.Path
}

// Switch is on or off.
type Switch bool

// String gives on or off.
func (s Switch) String() string {
	if s {
		return "on"
	}
	return "off"
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Switch) UnmarshalText(text []byte) error {
	switch string(text) {
	case "on", "true":
		*s = true
	case "off", "false":
		*s = false
	default:
		return errors.New("must be on or off")
	}
	return nil
}

// MigrateMode says what to do about the schema at start.
type MigrateMode string

// The modes.
const (
	MigrateAuto  MigrateMode = "auto"
	MigrateCheck MigrateMode = "check"
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *MigrateMode) UnmarshalText(text []byte) error {
	switch mode := MigrateMode(text); mode {
	case MigrateAuto, MigrateCheck:
		*m = mode
		return nil
	}
	return errors.New("must be auto or check")
}

// Address is host:port to listen on; without a host, all of them.
type Address string

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Address) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return errors.New("must be host:port or :port")
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(number, 10) != port {
		return errors.New("must end with a port number, 0 to 65535")
	}
	*a = Address(text)
	return nil
}

// isLoopback reports whether only this machine can reach the address.
func (a Address) isLoopback() bool {
	host, _, err := net.SplitHostPort(string(a))
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// orLoopback is the address on this machine alone, unless it names a host.
func (a Address) orLoopback() Address {
	if strings.HasPrefix(string(a), ":") {
		return "127.0.0.1" + a
	}
	return a
}

// List is a comma-separated list without empty members.
type List []string

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *List) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return nil
	}
	var list List
	for member := range strings.SplitSeq(string(text), ",") {
		member = strings.TrimSpace(member)
		if member == "" {
			return errors.New("has an empty member")
		}
		list = append(list, member)
	}
	*l = list
	return nil
}

// WebURL is an absolute http or https URL, empty if it is not set.
type WebURL string

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *WebURL) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	parsed, err := url.Parse(string(text))
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return errors.New("must be a URL like https://app.example.com")
	}
	if parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
		return errors.New("must have no user, query or fragment")
	}
	*w = WebURL(text)
	return nil
}

// isOrigin reports whether text is an origin as browsers send it, RFC 6454
// section 6.2: scheme, host and port, nothing after.
func isOrigin(text string) bool {
	parsed, err := url.Parse(text)
	return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Host != "" &&
		!strings.Contains(text, "*") && text == parsed.Scheme+"://"+parsed.Host
}

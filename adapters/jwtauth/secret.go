package jwtauth

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/taskward/taskward/domain"
)

// MinSecretBytes is the length of the shortest secret that HS256 may have
// (RFC 7518 section 3.2), and of those that Better Auth asks for.
const MinSecretBytes = 32

// builtInSecret is what Better Auth signs with when nobody configured a
// secret. Everybody knows it.
const builtInSecret = "better-auth-secret-12345678901234567890" //nolint:gosec // refused, never used

// CheckSecret returns a [domain.Invalid] error for a secret that tokens cannot
// be trusted under: Better Auth's built-in default, or one that is too short.
func CheckSecret(secret string) error {
	if flaw := flawOf(secret); flaw != "" {
		return domain.Invalidity(domain.Violation{Field: "secret", Detail: flaw})
	}
	return nil
}

func flawOf(secret string) string {
	switch {
	case secret == builtInSecret:
		return "must not be Better Auth's built-in default, which everybody knows; make one with: openssl rand -base64 32"
	case len(secret) < MinSecretBytes:
		return "must have at least 32 bytes; make one with: openssl rand -base64 32"
	}
	return ""
}

// ParseSecrets reads secrets in the form of BETTER_AUTH_SECRETS, such as
// 2:NEW,1:OLD: version and secret, the current one first, white space around
// them ignored. The versions are numbers, none twice, and say nothing of the
// order. Each secret has to pass [CheckSecret]. A [domain.Invalid] error names
// entries by their place and repeats no secret.
func ParseSecrets(text string) ([]string, error) {
	var secrets []string
	var errs []error
	places := map[uint64]int{}
	for entry := range strings.SplitSeq(text, ",") {
		place := len(secrets) + 1
		number, secret, _ := strings.Cut(entry, ":")
		secret = strings.TrimSpace(secret)
		secrets = append(secrets, secret)
		version, err := strconv.ParseUint(strings.TrimSpace(number), 10, 53)
		first, taken := places[version]
		var flaw string
		switch {
		case strings.TrimSpace(entry) == "":
			flaw = "is empty"
		case err != nil:
			flaw = "must be like 2:SECRET, with a version that is a whole number"
		case taken:
			flaw = fmt.Sprintf("must not have the version of entry %d", first)
		case secret == "":
			flaw = "has a version and no secret"
		default:
			flaw = flawOf(secret)
			places[version] = place
		}
		if flaw != "" {
			errs = append(errs, domain.Invalidity(domain.Violation{Field: "secrets", Detail: fmt.Sprintf("entry %d %s", place, flaw)}))
		}
	}
	if err := domain.Violated(errs...); err != nil {
		return nil, err
	}
	return secrets, nil
}

package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
)

// A sealed text is opaque to the client: content, and a checksum over it and
// what it belongs to, so that one that was damaged, made up or taken elsewhere
// is noticed. It needs no key that replicas would have to share: that is
// integrity and not secrecy, and whoever computes a checksum of their own
// reaches their own tasks, as any sealed text does.

const (
	sealBytes     = 8
	maxSealedText = 8 << 10
)

func seal(content, belongsTo []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(content, checksum(content, belongsTo)...))
}

// unseal gives the content, and false if the text is not what seal made.
func unseal(text string, belongsTo []byte) (content []byte, ok bool) {
	if len(text) > maxSealedText {
		return nil, false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) < sealBytes || base64.RawURLEncoding.EncodeToString(sealed) != text { // the decoder skips line ends
		return nil, false
	}
	content, sum := sealed[:len(sealed)-sealBytes], sealed[len(sealed)-sealBytes:]
	return content, bytes.Equal(sum, checksum(content, belongsTo))
}

func checksum(content, belongsTo []byte) []byte {
	inner := sha256.Sum256(belongsTo) // of fixed length, so that the two cannot run into each other
	sum := sha256.Sum256(append(inner[:], content...))
	return sum[:sealBytes]
}

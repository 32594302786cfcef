package faults_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A keyServer serves the public key of an auth server, or what it serves instead.
type keyServer struct {
	issuer  string
	address string
	key     ed25519.PrivateKey
	bundle  string // a file with the certificate

	certificates struct{ good, bad tls.Certificate }
	forged       atomic.Bool // it shows the bad one
	answer       atomic.Pointer[http.HandlerFunc]
	server       *http.Server
}

const (
	keyHost = "keys.test"
	keyID   = "the-key"
)

func newKeyServer(t *testing.T) *keyServer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := &keyServer{address: freeAddress(t), key: key}
	_, port, err := net.SplitHostPort(k.address)
	if err != nil {
		t.Fatal(err)
	}
	host := keyHost
	if os.Geteuid() != 0 { // only root can give a service names
		host = "localhost"
	}
	k.issuer = "https://" + net.JoinHostPort(host, port)
	k.certificates.good, k.certificates.bad = certificate(t), certificate(t)
	k.bundle = filepath.Join(t.TempDir(), "bundle.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.certificates.good.Certificate[0]})
	if err := os.WriteFile(k.bundle, block, 0o600); err != nil {
		t.Fatal(err)
	}
	k.serve(k.keys)
	k.listen(t)
	t.Cleanup(func() { _ = k.server.Close() }) // a fault may have closed it
	return k
}

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: keyHost}, DNSNames: []string{keyHost, "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}
}

func (k *keyServer) listen(t *testing.T) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", k.address)
	if err != nil {
		t.Fatal(err)
	}
	k.server = &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*k.answer.Load())(w, r) }),
		ReadHeaderTimeout: time.Minute,
	}
	server := k.server
	secure := tls.NewListener(listener, &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if k.forged.Load() {
				return &k.certificates.bad, nil
			}
			return &k.certificates.good, nil
		},
	})
	server.ErrorLog = discard
	go func() { _ = server.Serve(secure) }() // ends when it is closed
}

func (k *keyServer) serve(answer http.HandlerFunc) { k.answer.Store(&answer) }

func (k *keyServer) document() string {
	public, _ := k.key.Public().(ed25519.PublicKey)
	return fmt.Sprintf(`{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":%q,"x":%q}]}`, keyID, base64url(string(public)))
}

func (k *keyServer) keys(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = strings.NewReader(k.document()).WriteTo(w) // the client may have gone
}

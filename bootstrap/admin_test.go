package bootstrap_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAdminHasAPortOfItsOwn asks each port for what the other has.
func TestAdminHasAPortOfItsOwn(t *testing.T) {
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	service := startService(t, []string{inFile(t), goodSecret, "TASKWARD_ADDR=127.0.0.1:0", "TASKWARD_ADMIN_ADDR=:" + port, promptly})
	service.ask(t, http.MethodGet, "/livez", "") // which is answered once all is started
	admin := "http://127.0.0.1:" + port
	for _, test := range []struct {
		address string
		status  int
	}{
		{admin + "/metrics", 200},
		{admin + "/debug/pprof/", 200},
		{admin + "/debug/pprof/goroutine?debug=1", 200},
		{admin + "/debug/pprof/symbol", 200},
		{admin + "/debug/pprof/cmdline", 404},
		{admin + "/livez", 404},
		{admin + "/api/me", 404},
		{service.address + "/metrics", 404},
		{service.address + "/debug/pprof/", 404},
		{service.address + "/debug/pprof/goroutine", 404},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, test.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close() // its status is what counts
		if response.StatusCode != test.status {
			t.Errorf("%s is answered %d, want %d", test.address, response.StatusCode, test.status)
		}
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() {
			if conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", net.JoinHostPort(network.IP.String(), port)); err == nil {
				t.Errorf("operators are answered at %s as well", network.IP)
				_ = conn.Close() // it should not have been opened
			}
		}
	}
}

func TestAdminPortTaken(t *testing.T) {
	code, _, stderr := command(t, []string{inFile(t), goodSecret, "TASKWARD_ADDR=127.0.0.1:0", "TASKWARD_ADMIN_ADDR=192.0.2.1:1"}, "serve")
	if code == 0 || !strings.Contains(stderr, "TASKWARD_ADMIN_ADDR: ") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

package bootstrap_test

import (
	"context"
	"debug/elf"
	"encoding/pem"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

// TestImageRuns makes the image's files as the Dockerfile says, and starts the binary as an engine would: in a root that holds nothing
// else, as the image's user, who can write to the volume alone, and without a shell. The machine's /proc, /dev and /tmp are not there,
// which is less than an engine gives.
func TestImageRuns(t *testing.T) {
	t.Parallel()
	needBinary(t)
	if os.Getuid() != 0 {
		t.Skip("only root may change the root")
	}
	auth := startKeyServer(t)
	image := makeImage(t, auth.certificate)
	before := image.files(t)

	address := freeAddress(t)
	settings := []string{"TASKWARD_ADDR=" + address, "BETTER_AUTH_URL=" + auth.url}
	deployed := fromDockerfile(t)
	server := &server{url: "http://" + address, process: image.start(t, settings, deployed.command)}
	server.await(t)
	for _, probe := range fromKubernetes(t).probes {
		server.as(person{}).get(t, probe).expect(t, 200)
	}
	image.run(t, settings, deployed.health)
	ada := server.as(auth.signUp(t))
	ada.post(t, ada.tasks(), `{"title":"Buy milk","due_date":"2026-12-24T18:00:00+01:00","due_zone":"Europe/Berlin"}`).expect(t, 201)
	image.run(t, nil, []string{deployed.command[0], "backup", "/data/copy.db"})
	image.expectBuild(t, image.run(t, nil, []string{deployed.command[0], "version"}))

	begun := ada.beginCreate(t, `{"title":"Begun before the end"}`)
	told := time.Now()
	server.process.terminate(t)
	begun.finish(t).expect(t, 201)
	server.process.expectCleanExit(t)
	if took := time.Since(told); took > fromKubernetes(t).grace {
		t.Errorf("it took %v to stop", took)
	}
	if diff := cmp.Diff(before, image.files(t)); diff != "" {
		t.Errorf("files outside the volume (-before +after):\n%s", diff)
	}
	for _, file := range []string{"taskward.db", "copy.db"} {
		if _, err := os.Stat(filepath.Join(image.root, "data", file)); err != nil {
			t.Errorf("the volume lacks it: %v", err)
		}
	}
	expectDiscretion(t, deployed.command[1:], "", server.process.printed.String())
}

// A keyServer publishes the key that it signs tokens with, over TLS.
type keyServer struct {
	url         string
	certificate []byte // of who vouches for it, as PEM
	issuer      *jwtauth.KeyIssuer
}

func startKeyServer(t *testing.T) *keyServer {
	t.Helper()
	var auth keyServer
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys, err := auth.issuer.KeySet(r.Context())
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(keys) // to who may have gone
	}))
	t.Cleanup(server.Close)
	key, err := jwtauth.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	auth.url = server.URL
	auth.certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if auth.issuer, err = jwtauth.NewKeyIssuer(key, server.URL, nil); err != nil {
		t.Fatal(err)
	}
	return &auth
}

func (k *keyServer) signUp(t *testing.T) person {
	t.Helper()
	token, err := k.issuer.Mint(domain.User{ID: "ada"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return person{id: "ada", token: token}
}

// A madeImage is a directory with what would be in the image.
type madeImage struct {
	root      string
	directory string // in which it starts
	user      uint32
}

// makeImage runs what the Dockerfile runs and copies what it copies, but for the certificates: the given one stands in for those of all
// the world.
func makeImage(t *testing.T, certificate []byte) *madeImage {
	t.Helper()
	built := t.TempDir()
	for _, step := range dockerfile(t) {
		if step.name != "RUN" || !strings.Contains(step.text, "go build") {
			continue
		}
		build := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(step.text, "/out/", built+"/"))
		build.Dir = ".."
		build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=auto", "TARGETOS="+runtime.GOOS, "TARGETARCH="+runtime.GOARCH,
			"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*") // whoever has cloned it
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", step.text, err, output)
		}
	}
	image := &madeImage{root: t.TempDir()}
	for _, step := range lastStage(t) {
		switch step.name {
		case "COPY":
			image.copy(t, strings.Fields(step.text), built, certificate)
		case "WORKDIR":
			image.directory = step.text
		case "USER":
			user, _, _ := strings.Cut(step.text, ":")
			number, err := strconv.ParseUint(user, 10, 32)
			if err != nil {
				t.Fatal(err)
			}
			image.user = uint32(number)
		}
	}
	return image
}

// copy is COPY --from=build, with or without --chown.
func (i *madeImage) copy(t *testing.T, args []string, built string, certificate []byte) {
	t.Helper()
	from, to := args[len(args)-2], filepath.Join(i.root, args[len(args)-1])
	name, isBuilt := strings.CutPrefix(from, "/out/")
	at := filepath.Join(built, name)
	err := os.MkdirAll(filepath.Dir(to), 0o755) //nolint:gosec // G301: it is entered by the image's user
	switch info, statErr := os.Stat(at); {
	case err != nil:
	case !isBuilt && strings.Contains(from, "/certs/"):
		err = os.WriteFile(to, certificate, 0o644) //nolint:gosec // G306: it is read by the image's user
	case !isBuilt || statErr != nil:
		t.Fatalf("COPY %s: there is no such file, %v", args, statErr)
	case info.IsDir():
		err = os.Mkdir(to, 0o755) //nolint:gosec // G301: as Docker makes it
	default:
		err = os.Rename(at, to)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, arg := range args {
		if owner, ok := strings.CutPrefix(arg, "--chown="); ok {
			user, group, _ := strings.Cut(owner, ":")
			if err := os.Chown(to, number(t, user), number(t, group)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func number(t *testing.T, text string) int {
	t.Helper()
	number, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("an image knows no names: %v", err)
	}
	return number
}

// start starts a command in the image, with no environment but the given one.
func (i *madeImage) start(t *testing.T, settings, args []string) *process {
	t.Helper()
	command := exec.CommandContext(context.WithoutCancel(t.Context()), args[0], args[1:]...)
	command.Env = append([]string{}, settings...) // not the test's
	command.Dir = i.directory
	command.SysProcAttr = &syscall.SysProcAttr{Chroot: i.root, Credential: &syscall.Credential{Uid: i.user, Gid: i.user}}
	return startCommand(t, command)
}

// run starts a command and waits for its end.
func (i *madeImage) run(t *testing.T, settings, args []string) (printed string) {
	t.Helper()
	p := i.start(t, settings, args)
	p.expectCleanExit(t)
	return p.printed.String()
}

// files lists all that is there but in the volume, with modes and times.
func (i *madeImage) files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(i.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == filepath.Join(i.root, "data") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		info, err := entry.Info()
		if err == nil {
			all[strings.TrimPrefix(path, i.root)] = info.Mode().String() + info.ModTime().String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// expectBuild holds the binary to what it says of itself, to what lies beside it, and to 30 MB; and it has to do without libraries.
func (i *madeImage) expectBuild(t *testing.T, version string) {
	t.Helper()
	commit := " of no commit"
	if head, err := exec.CommandContext(t.Context(), "git", "-c", "safe.directory=*", "rev-parse", "HEAD").Output(); err == nil {
		commit = ` commit ` + strings.TrimSpace(string(head)) + `(\+dirty)?`
	}
	if !regexp.MustCompile(`^taskward \S+` + commit + ` go1\.`).MatchString(version) {
		t.Errorf("it says that it is %s", version)
	}
	bill, err := os.ReadFile(filepath.Join(i.root, "usr/share/doc/taskward/sbom.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(version) {
		if module, ok := strings.CutPrefix(line, "  "); ok && !strings.Contains(string(bill), "\tdep\t"+strings.Join(strings.Fields(module), "\t")) {
			t.Errorf("the bill of materials lacks %s", module)
		}
	}
	path := filepath.Join(i.root, "taskward")
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the binary is not static")
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 30<<20 {
		t.Errorf("the binary has %d bytes, error %v", info.Size(), err)
	}
}

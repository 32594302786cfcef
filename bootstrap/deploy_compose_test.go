package bootstrap_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// composeFile is compose.yaml, as far as the tests look at it.
type composeFile struct {
	Services map[string]struct {
		Environment     map[string]string
		Secrets         []string
		Ports           []string
		User            string
		Healthcheck     struct{ Test []string }
		StopGracePeriod string `json:"stop_grace_period"`
		ReadOnly        bool   `json:"read_only"`
	}
	Secrets map[string]struct{ File string }
}

func readCompose(t *testing.T) (file composeFile) {
	t.Helper()
	readYAML(t, "deploy/compose.yaml", &file, 0)
	return file
}

func fromCompose(t *testing.T) deployment {
	t.Helper()
	service := readCompose(t).Services["taskward"]
	deployed := deployment{user: service.User}
	if test := service.Healthcheck.Test; len(test) > 0 && test[0] == "CMD" { // as opposed to CMD-SHELL
		deployed.health = test[1:]
	}
	for name, value := range service.Environment {
		if strings.HasPrefix(value, "${") {
			value = secondhand[name]
		}
		deployed.environ = append(deployed.environ, name+"="+value)
	}
	var err error
	if deployed.grace, err = time.ParseDuration(service.StopGracePeriod); err != nil {
		t.Errorf("compose.yaml: %v", err)
	}
	for _, port := range service.Ports {
		deployed.port = port[strings.LastIndex(port, ":")+1:]
	}
	return deployed
}

// TestComposeSecrets has every secret there is a file for, and no setting that
// names another.
func TestComposeSecrets(t *testing.T) {
	file := readCompose(t)
	for name, service := range file.Services {
		mounted := map[string]bool{}
		for _, secret := range service.Secrets {
			mounted["/run/secrets/"+secret] = true
			if at := file.Secrets[secret].File; filepath.Dir(at) != "secrets" {
				t.Errorf("the secret %s of %s is in %q", secret, name, at)
			}
		}
		for variable, value := range service.Environment {
			if strings.HasSuffix(variable, "_FILE") && !mounted[value] {
				t.Errorf("%s: %s=%s, which is not there", name, variable, value)
			}
			if strings.Contains(value, "://") && strings.Contains(value, "@") {
				t.Errorf("%s: %s has a password in it", name, variable)
			}
		}
	}
	if !file.Services["taskward"].ReadOnly {
		t.Error("the container can be written to")
	}
}

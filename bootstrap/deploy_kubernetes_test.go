package bootstrap_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The Deployment in kubernetes.yaml, as far as the tests look at it.
type kubernetesDeployment struct {
	Kind string
	Spec struct {
		Replicas int
		Selector struct{ MatchLabels map[string]string }
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				EnableServiceLinks            *bool
				TerminationGracePeriodSeconds int
				SecurityContext               struct {
					RunAsNonRoot          bool
					RunAsUser, RunAsGroup int
				}
				Containers []kubernetesContainer
			}
		}
	}
}

type kubernetesContainer struct {
	Name  string
	Env   []struct{ Name, Value string }
	Ports []struct {
		Name          string
		ContainerPort int
	}
	StartupProbe, LivenessProbe, ReadinessProbe struct {
		HTTPGet struct{ Path, Port string }
	}
	Resources       struct{ Limits map[string]string }
	SecurityContext struct {
		AllowPrivilegeEscalation *bool
		ReadOnlyRootFilesystem   bool
		Capabilities             struct{ Drop []string }
	}
}

func readKubernetes(t *testing.T) (kubernetesDeployment, kubernetesContainer) {
	t.Helper()
	var deployed kubernetesDeployment
	readYAML(t, "deploy/kubernetes.yaml", &deployed, 0)
	if containers := deployed.Spec.Template.Spec.Containers; deployed.Kind != "Deployment" || len(containers) != 1 {
		t.Fatalf("kubernetes.yaml begins with a %s of %d containers", deployed.Kind, len(containers))
	}
	return deployed, deployed.Spec.Template.Spec.Containers[0]
}

func fromKubernetes(t *testing.T) deployment {
	t.Helper()
	manifest, container := readKubernetes(t)
	pod := manifest.Spec.Template.Spec
	deployed := deployment{
		grace: time.Duration(pod.TerminationGracePeriodSeconds) * time.Second,
		user:  fmt.Sprintf("%d:%d", pod.SecurityContext.RunAsUser, pod.SecurityContext.RunAsGroup),
	}
	for _, variable := range container.Env {
		value := variable.Value
		if value == "" {
			value = secondhand[variable.Name]
		}
		deployed.environ = append(deployed.environ, variable.Name+"="+value)
	}
	for _, port := range container.Ports {
		deployed.port = fmt.Sprint(port.ContainerPort)
	}
	for _, probe := range []struct{ Path, Port string }{container.StartupProbe.HTTPGet, container.LivenessProbe.HTTPGet, container.ReadinessProbe.HTTPGet} {
		deployed.probes = append(deployed.probes, probe.Path)
		if probe.Port != container.Ports[0].Name {
			t.Errorf("kubernetes.yaml: a probe asks at port %q", probe.Port)
		}
	}
	return deployed
}

// TestKubernetesLeavesNoRights has the pod do nothing but what it is for.
func TestKubernetesLeavesNoRights(t *testing.T) {
	manifest, container := readKubernetes(t)
	pod := manifest.Spec.Template.Spec
	for what, holds := range map[string]bool{
		"enableServiceLinks: false":       pod.EnableServiceLinks != nil && !*pod.EnableServiceLinks,
		"runAsNonRoot":                    pod.SecurityContext.RunAsNonRoot,
		"readOnlyRootFilesystem":          container.SecurityContext.ReadOnlyRootFilesystem,
		"allowPrivilegeEscalation: false": container.SecurityContext.AllowPrivilegeEscalation != nil && !*container.SecurityContext.AllowPrivilegeEscalation,
		"a limit of memory":               container.Resources.Limits["memory"] != "",
		"two replicas":                    manifest.Spec.Replicas == 2,
	} {
		if !holds {
			t.Errorf("kubernetes.yaml lacks %s", what)
		}
	}
	if diff := cmp.Diff([]string{"ALL"}, container.SecurityContext.Capabilities.Drop); diff != "" {
		t.Errorf("capabilities that are dropped (-want +got):\n%s", diff)
	}
}

// TestKubernetesProbes has a pod that drains taken out of the Service, and not
// killed for it.
func TestKubernetesProbes(t *testing.T) {
	if diff := cmp.Diff([]string{"/livez", "/livez", "/readyz"}, fromKubernetes(t).probes); diff != "" {
		t.Errorf("start, life and readiness (-want +got):\n%s", diff)
	}
}

// TestKubernetesSelectors has the Service and the budget mean these pods.
func TestKubernetesSelectors(t *testing.T) {
	manifest, container := readKubernetes(t)
	labels := manifest.Spec.Template.Metadata.Labels
	var service struct {
		Spec struct {
			Selector map[string]string
			Ports    []struct{ TargetPort string }
		}
	}
	readYAML(t, "deploy/kubernetes.yaml", &service, 1)
	var budget struct {
		Spec struct {
			MinAvailable int
			Selector     struct{ MatchLabels map[string]string }
		}
	}
	readYAML(t, "deploy/kubernetes.yaml", &budget, 2)
	for what, selected := range map[string]map[string]string{
		"Deployment": manifest.Spec.Selector.MatchLabels, "Service": service.Spec.Selector, "PodDisruptionBudget": budget.Spec.Selector.MatchLabels,
	} {
		if diff := cmp.Diff(labels, selected); diff != "" || len(labels) == 0 {
			t.Errorf("the %s selects other pods (-labels +selected):\n%s", what, diff)
		}
	}
	if ports := service.Spec.Ports; len(ports) != 1 || ports[0].TargetPort != container.Ports[0].Name {
		t.Errorf("the Service leads to %v", ports)
	}
	if left := budget.Spec.MinAvailable; left < 1 || left >= manifest.Spec.Replicas {
		t.Errorf("the budget wants %d of %d replicas: no node could be drained, or all of them at once", left, manifest.Spec.Replicas)
	}
}

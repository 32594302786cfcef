package bootstrap

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// healthcheckTimeout is how long a healthy service may take to say so.
const healthcheckTimeout = 3 * time.Second

func newHealthcheck(process Process) *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the service at TASKWARD_ADDR whether it is ready",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, problems := ReadConfig(process.Environ)
			if err := problems.err(); err != nil {
				return err
			}
			return checkHealth(cmd.Context(), config.Address)
		},
	}
}

func checkHealth(ctx context.Context, address Address) error {
	host, port, err := net.SplitHostPort(string(address))
	if err != nil {
		return fmt.Errorf("address: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("healthcheck: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("not reachable: %w", err)
	}
	if err := response.Body.Close(); err != nil {
		return fmt.Errorf("healthcheck: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", response.Status)
	}
	return nil
}

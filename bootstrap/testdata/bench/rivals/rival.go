package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"example.com/bench/internal/service"
)

// rival is a server that Taskward is to be so much faster than.
type rival struct {
	service.Spec
	versions string
	bound    float64 // of Taskward's requests to its own
}

// output runs a program in a directory and gives what it prints.
func output(ctx context.Context, directory, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, arguments...)
	command.Dir = directory
	var said strings.Builder
	command.Stderr = &said
	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", command, err, printed, &said)
	}
	return strings.TrimSpace(string(printed)), nil
}

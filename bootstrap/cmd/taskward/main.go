// Command taskward is the task service behind a Better Auth app.
package main

import (
	"os"

	"github.com/taskward/taskward/bootstrap"
)

func main() { os.Exit(bootstrap.Run()) }

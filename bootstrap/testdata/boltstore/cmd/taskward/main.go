// Command taskward is Taskward with its tasks in a bbolt file.
package main

import (
	"os"

	"example.com/boltstore"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/ports"
)

func main() {
	os.Exit(bootstrap.Run(bootstrap.Use[ports.TaskRepository](boltstore.At(os.Getenv("TASKS_FILE")))))
}

// Package memory keeps everything in this process and forgets it at its end.
// Its adapters are real: they pass the same suites as those that keep data,
// and serve tests and throwaway demonstrations.
package memory

package jwtauth

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/taskward/taskward/ports"
)

// FileSource is a [ports.KeySource] that reads the set from a file, anew each
// time: for machines that must not or cannot ask the auth server.
type FileSource struct{ path string }

var _ ports.KeySource = (*FileSource)(nil)

// NewFileSource makes the source for a path. The file need not be there yet.
func NewFileSource(path string) *FileSource { return &FileSource{path} }

// KeySet implements [ports.KeySource]. It takes nothing but a regular file of
// at most 512 KiB: any other could keep the reader waiting for ever.
func (s *FileSource) KeySet(ctx context.Context) (document []byte, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("key set: %s is no regular file", s.path)
	}
	file, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if document, err = readKeySet(file); err != nil {
		return nil, fmt.Errorf("key set: %s: %w", s.path, err)
	}
	return document, nil
}

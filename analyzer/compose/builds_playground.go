//go:build playground

package compose

import "io/fs"

// Builds finds nothing: a page with one Dockerfile has no use for compose and bake files, and reading them would be a thirtieth of its program.
func Builds(fs.FS, string) []Build { return nil }

package compose

import "io/fs"

// bakeBuilds finds nothing: a page with one Dockerfile has no use for bake files, and reading them would be a fiftieth of its program.
func bakeBuilds(fs.FS, string) []Build { return nil }

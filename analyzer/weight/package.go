// Package weight tells about how many bytes packages take: OS packages with all that they bring on top of the official images, and what pip
// downloads. The figures are of the day that sizes.tsv names; a page in a browser goes without them.
package weight

// Package is an OS package that is installed.
type Package struct {
	Name       string
	Recommends bool // so is what it recommends
}

// The packages of these names stand for what no package is.
const (
	Lists = "=lists" // of apt, after apt-get update
	Full  = "=full"  // what python:X has more than python:X-slim
)

package installer

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestMoving(t *testing.T) {
	for _, test := range []struct {
		text, branch string
		moving       bool
	}{
		{"git+https://github.com/a/b", "", true},
		{"git+https://github.com/a/b.git#egg=b", "", true},
		{"git+ssh://git@github.com/a/b.git@main", "main", true},
		{"b @ git+https://github.com/a/b@develop", "develop", true},
		{"git+https://github.com/a/b@refs/heads/v1", "refs/heads/v1", true},
		{"https://github.com/a/b/archive/master.zip", "master", true},
		{"https://github.com/a/b/archive/refs/heads/main.tar.gz#egg=b", "main", true},
		{"https://gitlab.com/a/c/-/archive/main/b-main.tar.gz", "main", true},
		{"git+https://github.com/a/b@v1.2", "v1.2", false},
		{"git+https://github.com/a/b@deadbeef", "deadbeef", false},
		{"git+https://github.com/a/b@0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789", false},
		{"git+https://github.com/a/b@${REVISION}", "", false},
		{"https://github.com/a/b/archive/v2.0.zip", "v2.0", false},
		{"https://github.com/a/b/archive/refs/tags/stable.zip", "", false},
		{"https://example.com/archive/master.zip", "", false},
		{"flask", "", false},
		{"./main", "", false},
	} {
		branch, moving := ParseRequirement(test.text, source.Span{}).Moving()
		if branch != test.branch || moving != test.moving {
			t.Errorf("%s: %q %v, want %q %v", test.text, branch, moving, test.branch, test.moving)
		}
	}
}

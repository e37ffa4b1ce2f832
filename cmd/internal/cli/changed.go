package cli

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// onlyChanged leaves out the Dockerfiles that nothing has changed of since a commit.
func (s *session) onlyChanged(files []lint.Input, dir string) ([]lint.Input, error) {
	changed, err := changedSince(dir, s.flags.changedSince)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(files, func(in lint.Input) bool {
		if in.Embedded == nil && len(changed) > 0 {
			in.Content, in.Err = lint.ReadFile(in.Path)
		}
		return !s.linter.Concerned(in, changed)
	}), nil
}

// changedSince lists the absolute paths of the files that differ from the commit where the branch of dir left ref, and of those that git
// does not know yet.
func changedSince(dir, ref string) ([]string, error) {
	if strings.HasPrefix(ref, "-") {
		return nil, fmt.Errorf("--changed-since must be a commit or a branch, not %q", ref)
	}
	git := func(args ...string) (string, error) {
		out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).Output()
		var failed *exec.ExitError
		switch {
		case errors.As(err, &failed):
			said, _, _ := strings.Cut(strings.TrimSpace(string(failed.Stderr)), "\n")
			return "", fmt.Errorf("--changed-since %s: git says: %s", ref, said)
		case err != nil:
			return "", fmt.Errorf("--changed-since asks git, which could not be run: %w", err)
		}
		return string(out), nil
	}
	top, err := git("rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	base, err := git("merge-base", ref, "HEAD")
	if err != nil {
		if base, err = git("rev-parse", "--verify", ref+"^{commit}"); err != nil {
			return nil, err
		}
	}
	differ, err := git("diff", "--name-only", "--no-renames", "-z", strings.TrimSpace(base), "--")
	if err != nil {
		return nil, err
	}
	unknown, err := git("ls-files", "-z", "--others", "--exclude-standard", "--full-name", ":/")
	if err != nil {
		return nil, err
	}
	var paths []string
	for name := range strings.SplitSeq(differ+unknown, "\x00") {
		if name != "" {
			paths = append(paths, filepath.Join(strings.TrimRight(top, "\r\n"), filepath.FromSlash(name)))
		}
	}
	return paths, nil
}

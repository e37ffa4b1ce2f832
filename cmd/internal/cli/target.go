package cli

import (
	"fmt"
	"sync/atomic"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// targets counts the Dockerfiles that were analyzed, and those of them that have the stage of --target. Files are linted side by side.
type targets struct{ all, having atomic.Int32 }

func (t *targets) saw(build *analyzer.Build, target string) {
	t.all.Add(1)
	if isStage(build, target) {
		t.having.Add(1)
	}
}

// missTarget complains of a --target that no Dockerfile has: what was judged is the last stage of each, and nobody has asked for that.
func (s *session) missTarget() {
	if s.flags.target != "" && s.targets.all.Load() > 0 && s.targets.having.Load() == 0 {
		s.complain(fmt.Errorf("--target %s: no Dockerfile has such a stage; `pylint-docker graph DOCKERFILE` shows what stages there are", s.flags.target))
	}
}

package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// OutsideApp tells whether a path of sources names tests, documentation, tools or packages of others: not what the image runs.
func OutsideApp(p string) bool { return outsideApp.MatchString(p) }

var outsideApp = pattern.New(`(?i)(?:^|/)(?:tests?|testing|docs?|examples?|scripts|tools|bin|ci|\.[^/]*|build|dist|benchmarks?|setup\.py|conftest\.py|noxfile\.py|tasks\.py|node_modules|site-packages|_?vendor|v?env|[^/]*test[^/]*\.py)(?:/|$)`)

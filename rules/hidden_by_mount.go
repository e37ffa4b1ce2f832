package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// HiddenByMount finds a service of a compose file that mounts a directory of the host over the one that holds the packages which the image
// has installed.
//
// What the image has in that directory is not seen in the container: with `.:/app` the environment in /app/.venv is the host's own, made for
// another system, or none at all, and the container ends with "no such file or directory" or "ModuleNotFoundError". A further volume on the
// environment keeps it there, as uv's guide has it; so does an environment that lies elsewhere. A mount over sources alone is how people
// develop, and is not judged; nor are services whose command, entry point or environment say something of environments or installations.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.7 /uv /bin/
//	WORKDIR /app
//	COPY . .
//	RUN uv sync --locked --no-dev
//	CMD ["/app/.venv/bin/myapp"]
//	-- compose.yaml --
//	services:
//	  web:
//	    build: .
//	    volumes:
//	      - .:/app
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY --from=ghcr.io/astral-sh/uv:0.9.7 /uv /bin/
//	WORKDIR /app
//	COPY . .
//	RUN uv sync --locked --no-dev
//	CMD ["/app/.venv/bin/myapp"]
//	-- compose.yaml --
//	services:
//	  web:
//	    build: .
//	    volumes:
//	      - .:/app
//	      - /app/.venv
//
// # References
//
//   - https://docs.astral.sh/uv/guides/integration/docker/#mounting-the-project-with-docker-run
//   - https://docs.docker.com/engine/storage/bind-mounts/#mounting-over-existing-data
//   - https://docs.docker.com/reference/compose-file/services/#volumes
var HiddenByMount = register(&analyzer.Rule{
	Code: "PLD518", Name: "hidden-by-mount",
	Summary:  "a compose service mounts a host directory over the environment of the image",
	Do:       "give the environment a volume of its own in the compose file, such as /app/.venv, or put it elsewhere",
	Severity: analyzer.Warning, Check: checkHiddenByMount,
})

func checkHiddenByMount(p *analyzer.Pass) {
	for _, service := range p.Settings.Services {
		for _, mount := range service.Hosts {
			if c, ok := hiddenContent(p.Target, service, mount); ok {
				span := c.Install.Call.Span
				if c.Copy != nil {
					span = c.Source.Span
				}
				p.Report(analyzer.Diagnostic{
					Span: span,
					Message: fmt.Sprintf("the service %s mounts a directory of the host over %s (%s:%d), so the container does not see the packages in %s",
						service.Service, mount.Target, path.Base(mount.File), mount.Line, c.Dir),
				})
				return
			}
		}
	}
}

// hiddenContent is an environment or another directory of packages below the mount's target that no further volume keeps there, where there
// are no other packages that what starts may use.
func hiddenContent(s *analyzer.Stage, service analyzer.Service, mount analyzer.HostMount) (found analyzer.Content, ok bool) {
	if service.Unclear {
		return found, false
	}
	for _, word := range []string{"venv", "VIRTUAL_ENV", "UV_", "sync", "install", "PYTHONPATH", "PYTHONUSERBASE", "setup.py"} {
		if strings.Contains(service.Says, word) {
			return found, false
		}
	}
	for _, c := range s.Contents() {
		if !c.Libs || c.Install.Place == analyzer.ToolEnv || c.Install.Place == analyzer.RootDir || !installsMore(c.Install) {
			continue
		}
		kept := !analyzer.Under(mount.Target, c.Dir)
		for _, other := range service.Kept {
			kept = kept || len(other) > len(mount.Target) && (analyzer.Under(other, c.Dir) || analyzer.Under(c.Dir, other))
		}
		for _, other := range service.Hosts {
			kept = kept || other != mount && len(other.Target) > len(mount.Target) && analyzer.Under(other.Target, c.Dir)
		}
		switch {
		case !kept && !ok:
			found, ok = c, true
		case kept || c.Dir != found.Dir:
			return found, false // it may be what starts uses
		}
	}
	return found, ok
}

// installsMore tells whether an installation installs more than installers.
func installsMore(in *analyzer.Installation) bool {
	return len(in.Files) > 0 || len(in.Requirements) == 0 || in.NamesPackages() || len(in.ProjectDirs()) > 0
}

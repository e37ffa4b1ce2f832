package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/remote"
)

// RemoteBootstrap finds scripts from the network that install pip, setuptools, poetry, uv or pdm and are run as they come.
//
// Nobody has seen what the build runs that day, neither the script nor the version that it installs. python:* images have pip,
// `python -m ensurepip` brings it elsewhere, and poetry and uv come as pinned packages or files. get-poetry.py, ez_setup.py and
// get-pipenv.py are given up by their makers. Scripts that makers still recommend are advice only as long as the connection is safe,
// and no finding once they are pinned; a checksum in the same RUN settles every case.
//
// # Flagged
//
//	FROM ubuntu:24.04
//	RUN apt-get update && apt-get install -y --no-install-recommends curl python3 \
//	    && curl -sS https://bootstrap.pypa.io/get-pip.py | python3
//	RUN python3 -m pip install --no-cache-dir flask==3.1.0
//
// # Instead
//
//	FROM ubuntu:24.04
//	RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv \
//	    && python3 -m venv /opt/venv
//	RUN /opt/venv/bin/pip install --no-cache-dir flask==3.1.0
//
// # References
//
//   - https://docs.python.org/3/library/ensurepip.html
//   - https://python-poetry.org/docs/#ci-recommendations
//   - https://docs.astral.sh/uv/guides/integration/docker/#installing-uv
var RemoteBootstrap = register(&analyzer.Rule{
	Code: "PLD215", Name: "remote-bootstrap",
	Summary:  "a script from the network that installs an installer is run unchecked",
	Do:       "install the installer with pip at an exact version, or copy it from its image",
	Severity: analyzer.Warning, Security: 6.8, Allows: analyzer.HostWords, Check: checkRemoteBootstrap,
})

func checkRemoteBootstrap(p *analyzer.Pass) {
	var found findings
	for stage := range p.Feeding() {
		for _, download := range remote.Downloads(stage) {
			tool, current, pinned := download.Bootstrap()
			if tool == "" || pinned && !download.Unchecked || p.Allowed(download.Host) {
				continue
			}
			d := analyzer.Diagnostic{Span: download.Span, Severity: p.Rule.Severity}
			d.Message = fmt.Sprintf("the script that installs %s is run unchecked, so the build runs whatever %s sends that day", tool, download.Host)
			switch {
			case !download.Unchecked && !current && !download.Moving():
				d.Message = fmt.Sprintf("%s is run unchecked, and its maker has given it up", download.Name)
			case download.Unchecked:
				d.Message = fmt.Sprintf("the script that installs %s is fetched without a safe connection, so everyone on the way can run code in the build", tool)
			case current:
				d.Severity = analyzer.Info
				d.Message = fmt.Sprintf("the script installs whatever version of %s is newest that day, and nothing checks it", tool)
			}
			found.add(d)
		}
	}
	found.report(p)
}

package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/remote"
)

// UnverifiedDownload finds programs and archives that an ADD fetches without --checksum, and those that curl or wget fetch
// without a safe connection.
//
// Whoever controls the address, or the way to it when it is plain http or certificates are not checked, decides what runs in the
// image. With `ADD --checksum=sha256:...` the build stops when the file is another one. A digest or a signature that a RUN
// checks will do as well. For a file of a named version over https the finding is advice.
//
// # Flagged
//
//	FROM python:3.12-slim
//	ADD http://downloads.example.com/latest/tool.tar.gz /opt/
//	RUN pip install --no-cache-dir demo
//
// # Instead
//
//	FROM python:3.12-slim
//	ADD --checksum=sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 \
//	    https://downloads.example.com/1.4.2/tool.tar.gz /opt/
//	RUN pip install --no-cache-dir demo
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#add---checksum
var UnverifiedDownload = register(&analyzer.Rule{
	Code: "PLD224", Name: "unverified-download",
	Summary:  "a program or archive is downloaded and nothing checks that it is the right one",
	Do:       "compare it with a checksum that you wrote down: ADD --checksum, or sha256sum --check",
	Severity: analyzer.Warning, Security: 6.5, Allows: analyzer.HostWords, Check: checkUnverifiedDownload,
})

func checkUnverifiedDownload(p *analyzer.Pass) {
	var found findings
	for stage := range p.Feeding() {
		for _, download := range remote.Downloads(stage) {
			if tool, _, _ := download.Bootstrap(); tool != "" || !download.Code() || download.Command != nil && !download.Unchecked || p.Allowed(download.Host) {
				continue
			}
			d := analyzer.Diagnostic{Span: download.Span, Severity: p.Rule.Severity}
			switch {
			case download.Unchecked:
				d.Message = fmt.Sprintf("%s is fetched without a safe connection and not checked, so everyone on the way can replace it", download.Name)
			case download.Moving():
				d.Message = fmt.Sprintf("%s names no version and is not checked, so the image holds whatever %s sends that day", download.Name, download.Host)
			default:
				d.Severity = analyzer.Info
				d.Message = fmt.Sprintf("%s is not checked: --checksum would stop the build when %s sends another file", download.Name, download.Host)
			}
			found.add(d)
		}
	}
	found.report(p)
}

package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// GitLab's Code Quality report.
type gitlabFinding struct {
	Description string      `json:"description"`
	CheckName   string      `json:"check_name"`
	Fingerprint string      `json:"fingerprint"`
	Severity    string      `json:"severity"`
	Location    gitlabPlace `json:"location"`
}

type gitlabPlace struct {
	Path      string          `json:"path"`
	Positions gitlabPositions `json:"positions"`
}

type gitlabPositions struct {
	Begin gitlabPosition `json:"begin"`
	End   gitlabPosition `json:"end"`
}

type gitlabPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

func gitlab(w io.Writer, run *Run) error {
	list := []gitlabFinding{}
	seen := map[string]int{}
	for i := range run.Targets {
		t := &run.Targets[i]
		for _, d := range t.Diagnostics {
			file := t.file(d.Path)
			from, to := file.Position(d.Span.Start), file.Position(max(d.Span.Start, d.Span.End))
			path := run.fromRoot(file.Name())
			// GitLab takes findings of one fingerprint for one finding; a line number in it would make
			// every finding below an edit a new one.
			id := path + "\x00" + d.Rule.Code + "\x00" + file.Text(d.Span)
			seen[id]++
			sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", id, seen[id]))
			list = append(list, gitlabFinding{
				Description: d.Rule.Code + " " + d.Rule.Name + ": " + d.Message,
				CheckName:   d.Rule.Code,
				Fingerprint: hex.EncodeToString(sum[:16]),
				Severity:    map[analyzer.Severity]string{analyzer.Error: "major", analyzer.Warning: "minor"}[d.Severity],
				Location: gitlabPlace{path, gitlabPositions{
					gitlabPosition{from.Line, from.Column}, gitlabPosition{to.Line, to.Column}}},
			})
			if list[len(list)-1].Severity == "" {
				list[len(list)-1].Severity = "info"
			}
		}
	}
	return encode(w, list)
}

func junit(w io.Writer, run *Run) error {
	all := &element{name: "testsuites"}
	tests, failures := 0, 0
	for i := range run.Targets {
		t := &run.Targets[i]
		name := quiet(t.File.Name())
		suite := all.add("testsuite")
		if len(t.Diagnostics) == 0 {
			suite.add("testcase", "name", name, "classname", "pylint-docker", "file", name)
		}
		for _, d := range t.Diagnostics {
			file := t.file(d.Path)
			at := file.Position(d.Span.Start)
			failure := suite.add("testcase", "name", d.Rule.Code+" "+d.Rule.Name, "classname", "pylint-docker",
				"file", quiet(file.Name()), "line", itoa(at.Line)).add("failure", "message", quiet(d.Message), "type", d.Severity.String())
			failure.text = quiet(fmt.Sprintf("%s:%d:%d: %s", file.Name(), at.Line, at.Column, d.Message))
		}
		suite.attributes = []string{"name", name, "tests", itoa(len(suite.elements)), "failures", itoa(len(t.Diagnostics))}
		tests += len(suite.elements)
		failures += len(t.Diagnostics)
	}
	all.attributes = []string{"name", "pylint-docker", "tests", itoa(tests), "failures", itoa(failures)}
	return writeXML(w, all)
}

func checkstyle(w io.Writer, run *Run) error {
	all := &element{name: "checkstyle", attributes: []string{"version", "4.3"}}
	known := map[string]*element{} // by name: a compose file may hold several Dockerfiles, and several Dockerfiles share a requirements file
	for i := range run.Targets {
		t := &run.Targets[i]
		for _, d := range t.Diagnostics {
			file := t.file(d.Path)
			at := file.Position(d.Span.Start)
			name := quiet(file.Name())
			if known[name] == nil {
				known[name] = all.add("file", "name", name)
			}
			known[name].add("error", "line", itoa(at.Line), "column", itoa(at.Column), "severity", d.Severity.String(),
				"message", quiet(d.Rule.Name+": "+d.Message), "source", "pylint-docker."+d.Rule.Code)
		}
	}
	return writeXML(w, all)
}

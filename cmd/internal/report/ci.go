package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
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

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	Classname string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func junit(w io.Writer, run *Run) error {
	all := junitSuites{Name: "pylint-docker"}
	for i := range run.Targets {
		t := &run.Targets[i]
		name := quiet(t.File.Name())
		suite := junitSuite{Name: name}
		if len(t.Diagnostics) == 0 {
			suite.Cases = []junitCase{{Name: name, Classname: "pylint-docker", File: name}}
		}
		for _, d := range t.Diagnostics {
			file := t.file(d.Path)
			at := file.Position(d.Span.Start)
			suite.Cases = append(suite.Cases, junitCase{
				Name: d.Rule.Code + " " + d.Rule.Name, Classname: "pylint-docker", File: quiet(file.Name()), Line: at.Line,
				Failure: &junitFailure{Message: quiet(d.Message), Type: d.Severity.String(),
					Text: quiet(fmt.Sprintf("%s:%d:%d: %s", file.Name(), at.Line, at.Column, d.Message))},
			})
		}
		suite.Tests, suite.Failures = len(suite.Cases), len(t.Diagnostics)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Suites = append(all.Suites, suite)
	}
	return encodeXML(w, all)
}

type checkstyleReport struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

func checkstyle(w io.Writer, run *Run) error {
	all := checkstyleReport{Version: "4.3"}
	known := map[string]int{} // by name: a compose file may hold several Dockerfiles, and several Dockerfiles share a requirements file
	for i := range run.Targets {
		t := &run.Targets[i]
		for _, d := range t.Diagnostics {
			file := t.file(d.Path)
			at := file.Position(d.Span.Start)
			name := quiet(file.Name())
			index, there := known[name]
			if !there {
				index = len(all.Files)
				known[name] = index
				all.Files = append(all.Files, checkstyleFile{Name: name})
			}
			into := &all.Files[index]
			into.Errors = append(into.Errors, checkstyleError{at.Line, at.Column, d.Severity.String(),
				quiet(d.Rule.Name + ": " + d.Message), "pylint-docker." + d.Rule.Code})
		}
	}
	return encodeXML(w, all)
}

func encodeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

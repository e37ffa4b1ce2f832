package report

import "io"

// record is a line of `check --input ndjson`: what was found in one Dockerfile. Findings look as they do in the JSON format.
type record struct {
	Filename string        `json:"filename"`
	Findings []jsonFinding `json:"findings"`
	Error    string        `json:"error,omitempty"`
}

// Record writes the findings of one Dockerfile as one line of JSON under the name that it came with. failure says why
// it could not be linted, "" if it could.
func Record(w io.Writer, name string, t *Target, failure string) error {
	r := record{Filename: name, Findings: []jsonFinding{}, Error: failure}
	for _, d := range t.Diagnostics {
		r.Findings = append(r.Findings, jsonOf(t, d))
	}
	return encodeIndented(w, r, "")
}

package lsp

import (
	"context"
	"strings"
)

// SignatureHelp shows the form of what is being typed.
type SignatureHelp struct {
	Signatures      []Signature `json:"signatures"`
	ActiveSignature int         `json:"activeSignature"`
	ActiveParameter int         `json:"activeParameter"`
}

// Signature is one form.
type Signature struct {
	Label         string         `json:"label"`
	Documentation *MarkupContent `json:"documentation,omitempty"`
	Parameters    []Parameter    `json:"parameters"`
}

// Parameter is a part of the label of its Signature.
type Parameter struct {
	Label string `json:"label"`
}

func signatureHelp(_ context.Context, v *view) (any, error) {
	offset := v.encoding.offset(v.file, v.params.Position)
	number := v.file.LineOf(offset)
	text := v.before(number, offset)
	if strings.HasPrefix(strings.TrimSpace(text), "#") || v.inHeredoc(number, offset) {
		return nil, nil
	}
	w := readWritten(text)
	info, known := reference()[w.keyword]
	if !known {
		return nil, nil
	}
	help := SignatureHelp{}
	if name, _, isFlag := strings.Cut(w.last, "="); strings.HasPrefix(w.last, "--") && isFlag {
		for _, f := range info.flags {
			if f.name == name {
				value := "value"
				if len(f.values) > 0 {
					value = strings.Join(f.values, "|")
				}
				help.Signatures = []Signature{{name + "=" + value, &MarkupContent{"plaintext", f.what}, []Parameter{{value}}}}
				return help, nil
			}
		}
	}
	for i, form := range info.forms {
		s := Signature{Label: form, Documentation: &MarkupContent{"plaintext", info.what}, Parameters: []Parameter{}}
		for _, p := range parameters(form) {
			s.Parameters = append(s.Parameters, Parameter{p})
		}
		help.Signatures = append(help.Signatures, s)
		if isJSON := strings.Contains(form, `[ "`); i == 0 || isJSON && w.json {
			help.ActiveSignature, help.ActiveParameter = i, w.parameter(parameters(form))
		}
	}
	return help, nil
}

// parameter is the place of the cursor among the parameters of a form.
func (w written) parameter(list []string) int {
	if w.json {
		elements := strings.Count(w.body, ",")
		return min(1+elements, max(0, len(list)-2)) // the brackets are parameters, too
	}
	at := len(w.args)
	if strings.HasPrefix(list[0], "[--") {
		if strings.HasPrefix(w.last, "--") {
			return 0
		}
		at++
	}
	if at < len(list) && list[at] == "..." {
		at++ // the second source or the destination: nobody knows yet
	}
	if list[len(list)-1] == "..." {
		return min(at, len(list)-2)
	}
	return min(at, len(list)-1)
}

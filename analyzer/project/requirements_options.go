package project

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// requirementOptions are the options of a requirements file and whether they take a value: SUPPORTED_OPTIONS and
// SUPPORTED_OPTIONS_REQ of pip 26's req_file.py, and those that older versions had, since which pip will read the file is not known.
var requirementOptions = map[string]bool{
	"--index-url": true, "--pypi-url": true, "--extra-index-url": true, "--no-index": false,
	"--constraint": true, "--requirement": true, "--editable": true, "--find-links": true,
	"--no-binary": true, "--only-binary": true, "--prefer-binary": false,
	"--require-hashes": false, "--no-require-hashes": false, "--pre": false,
	"--all-releases": true, "--only-final": true, "--trusted-host": true, "--use-feature": true,
	"--hash": true, "--config-settings": true,
	// until 25.0, 23.0, 9.0, 7.0
	"--global-option": true, "--install-option": true,
	"--process-dependency-links": false, "--use-wheel": false, "--no-use-wheel": false, "--always-unzip": false,
	"--allow-external": true, "--allow-all-external": false, "--allow-unverified": true,
	// uv reads these too
	"--build-option": true,
}

var shortOptions = map[byte]string{
	'i': "--index-url", 'c': "--constraint", 'r': "--requirement", 'e': "--editable",
	'f': "--find-links", 'C': "--config-settings", 'Z': "--always-unzip",
}

// lineOption is an option of a line; value is empty for one that takes none.
type lineOption struct {
	name  string
	value mappedText
	span  source.Span
}

// breakOptions splits a line where pip's break_args_options does: before the first word, counted by blanks alone, that begins with "-".
func breakOptions(line mappedText) (args, options mappedText) {
	for at := 0; at <= len(line.text); {
		if strings.HasPrefix(line.text[at:], "-") {
			return line.slice(0, at).trim(), line.slice(at, len(line.text))
		}
		next := strings.IndexByte(line.text[at:], ' ')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return line.trim(), line.slice(len(line.text), len(line.text))
}

// shellToken is a word without its quotes; raw is where it stands with them.
type shellToken struct {
	mappedText
	raw source.Span
}

// shellWords is Python's shlex.split in POSIX mode without comments. ok is false for an open quote or a final backslash;
// words holds those before it.
func shellWords(m mappedText) (words []shellToken, ok bool) {
	for i := 0; i < len(m.text); {
		if strings.IndexByte(" \t\r\n", m.text[i]) >= 0 {
			i++
			continue
		}
		word, next, closed := shellWord(m, i)
		if !closed {
			return words, false
		}
		words = append(words, word)
		i = next
	}
	return words, true
}

func shellWord(m mappedText, first int) (word shellToken, next int, closed bool) {
	var text []byte
	quote := byte(0)
	i := first
	for ; i < len(m.text); i++ {
		b := m.text[i]
		if quote == 0 && strings.IndexByte(" \t\r\n", b) >= 0 {
			break
		}
		switch {
		case quote == 0 && (b == '\'' || b == '"'):
			quote = b
			continue
		case b == quote && quote != 0:
			quote = 0
			continue
		case b == '\\' && quote == 0:
			if i++; i == len(m.text) {
				return word, i, false
			}
		case b == '\\' && quote == '"' && i+1 < len(m.text) && (m.text[i+1] == '"' || m.text[i+1] == '\\'):
			i++
		}
		text = append(text, m.text[i])
		word.starts = append(word.starts, m.starts[i])
	}
	word.text = string(text)
	word.raw = source.Span{Start: m.starts[first], End: m.starts[i-1] + 1}
	word.end = word.raw.End
	if n := len(word.starts); n > 0 {
		word.end = word.starts[n-1] + 1
	}
	return word, i, quote == 0
}

// parseOptions reads options as optparse does: unique prefixes of long names, attached values. It stops at the
// first thing that optparse refuses.
func parseOptions(m mappedText) ([]lineOption, *Problem) {
	words, ok := shellWords(m)
	var options []lineOption
	for i := 0; i < len(words); i++ {
		word := words[i]
		if word.text == "--" {
			break
		}
		if !strings.HasPrefix(word.text, "-") || word.text == "-" {
			continue // pip drops words that are left over
		}
		o, takesValue, problem := readOption(word)
		if problem != "" {
			return options, &Problem{Span: word.raw, Message: problem}
		}
		if takesValue && o.value.starts == nil && o.value.end == 0 {
			if i++; i == len(words) {
				if !ok {
					break
				}
				return options, &Problem{Span: word.raw, Message: o.name + " needs a value"}
			}
			o.value = words[i].mappedText
			o.span = o.span.Join(words[i].raw)
		}
		options = append(options, o)
	}
	if !ok {
		return options, &Problem{Span: m.span(), Message: "a quote is not closed"}
	}
	return options, nil
}

func readOption(word shellToken) (o lineOption, takesValue bool, problem string) {
	o.span = word.raw
	if !strings.HasPrefix(word.text, "--") {
		name, known := shortOptions[word.text[1]]
		if !known {
			return o, false, "pip has no option " + word.text[:2] + " in a requirements file"
		}
		o.name = name
		if requirementOptions[name] && len(word.text) > 2 {
			o.value = word.slice(2, len(word.text))
		}
		return o, requirementOptions[name], ""
	}
	written, attached := word.text, -1
	if equals := strings.IndexByte(word.text, '='); equals >= 0 {
		written, attached = word.text[:equals], equals+1
	}
	name, problem := completeOption(written)
	if problem != "" {
		return o, false, problem
	}
	o.name = name
	switch {
	case attached >= 0 && !requirementOptions[name]:
		return o, false, name + " takes no value"
	case attached >= 0:
		o.value = word.slice(attached, len(word.text))
		if o.value.end == 0 {
			o.value.end = o.span.End
		}
		return o, false, ""
	}
	return o, requirementOptions[name], ""
}

// completeOption finds the option that written names or begins.
func completeOption(written string) (name, problem string) {
	if _, ok := requirementOptions[written]; ok {
		if written == "--pypi-url" {
			return "--index-url", ""
		}
		return written, ""
	}
	for candidate := range requirementOptions {
		if !strings.HasPrefix(candidate, written) {
			continue
		}
		if name != "" {
			return "", "the option " + written + " is ambiguous"
		}
		name = candidate
	}
	if name == "" {
		return "", "pip has no option " + written + " in a requirements file"
	}
	return name, ""
}

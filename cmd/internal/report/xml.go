package report

import (
	"io"
	"strconv"
	"strings"
)

// element is one of an XML file, with its attributes as name, value, name, value. It has a text or elements, not both.
type element struct {
	name       string
	attributes []string
	text       string
	elements   []*element
}

// add puts an element into this one, and gives it.
func (e *element) add(name string, attributes ...string) *element {
	in := &element{name: name, attributes: attributes}
	e.elements = append(e.elements, in)
	return in
}

// escapeXML writes what means something to XML, and line ends in attributes, as references, and U+FFFD for what XML does not have.
var escapeXML = strings.NewReplacer(`"`, "&#34;", "'", "&#39;", "&", "&amp;", "<", "&lt;", ">", "&gt;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")

func xmlText(text string) string {
	return escapeXML.Replace(strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
}

func (e *element) write(b *strings.Builder, indent string) {
	b.WriteString(indent + "<" + e.name)
	for i := 0; i+1 < len(e.attributes); i += 2 {
		b.WriteString(" " + e.attributes[i] + `="` + xmlText(e.attributes[i+1]) + `"`)
	}
	b.WriteString(">" + xmlText(e.text))
	for _, in := range e.elements {
		b.WriteString("\n")
		in.write(b, indent+"  ")
	}
	if len(e.elements) > 0 {
		b.WriteString("\n" + indent)
	}
	b.WriteString("</" + e.name + ">")
}

// writeXML writes a file with that element. encoding/xml would do it too, and make the program 60 kB larger.
func writeXML(w io.Writer, e *element) error {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	e.write(&b, "")
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}

func itoa(n int) string { return strconv.Itoa(n) }

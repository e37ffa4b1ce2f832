package dockerfile

import (
	"testing"
)

func TestShell(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"one line", "RUN --mount=type=cache,target=/x a b ", "a b"},
		{"continuation stays", "RUN a \\\n  b", "a \\\n  b"},
		{"blanks behind the escape, even number", "RUN a\\  \nb", "a\\\n\\\nb"},
		{"blanks behind the escape, odd number", "RUN a\\ \nb", "a\\\r\nb"},
		{"CRLF", "RUN a \\\r\n  b\r\n", "a \\\r\n  b"},
		{"comment line, in mid-word", "RUN a\\\n# bc\nd", "a\\\r\n\\\n\\\nd"},
		{"blank lines", "RUN a \\\n\n\n b", "a \\\n\\\n b"},
		{"backtick", "# escape=`\nRUN a `\n b", "a \\\n b"},
		{"backtick behind a backslash", "# escape=`\nRUN C:\\`\nb", "C:\\  b"},
		{"shell comment reaches to the end", "RUN a # b \\\n c", "a # b    c"},
		{"no shell comment in quotes", "RUN a '# b' \"# c\" d#e \\# f \\\n g", "a '# b' \"# c\" d#e \\# f \\\n g"},
		{"shell comment behind an operator", "RUN a;#b \\\n c", "a;#b    c"},
		{"heredoc for a program", "RUN python3 - <<EOF && b\nx\nEOF\n", "python3 -       && b"},
		{"two heredocs", "RUN cat 3<<-'A b' << B > f\n\tA b\nB\n", "cat                > f"},
		{"CMD in shell form", "CMD a && \\\n b", "a && \\\n b"},
	}
	for _, tt := range tests {
		d := mustParse(t, tt.text)
		in := d.Instructions[0]
		masked, span, ok := d.Shell(in)
		if !ok || span != in.Body || len(masked) != span.Len() || string(masked) != tt.want {
			t.Errorf("%s: Shell(%q) = %q, %v, %t, want %q", tt.name, tt.text, masked, span, ok, tt.want)
		}
		if string(d.File.Bytes()) != tt.text {
			t.Errorf("%s: the file itself was changed", tt.name)
		}
	}
}

func TestNoShell(t *testing.T) {
	for _, text := range []string{
		"RUN [\"a\"]", "CMD []", "RUN", "COPY a b", "USER a", "RUN <<E\na\nE", "RUN 3<<-\"E\"\na\nE",
		"HEALTHCHECK CMD a", "ONBUILD RUN a", // their triggers have shell code, they have not
	} {
		d := mustParse(t, text)
		if masked, _, ok := d.Shell(d.Instructions[0]); ok {
			t.Errorf("Shell(%q) = %q", text, masked)
		}
	}
	for _, text := range []string{"HEALTHCHECK CMD a", "ONBUILD RUN a"} {
		d := mustParse(t, text)
		if masked, _, ok := d.Shell(d.Instructions[0].Trigger); !ok || string(masked) != "a" {
			t.Errorf("Shell(trigger of %q) = %q, %t", text, masked, ok)
		}
	}
}

func TestScript(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"RUN <<E\na\nE", true},
		{"RUN --mount=type=tmpfs,target=/t <<-'E'\na\nE", true},
		{"RUN << E\na\nE", true},
		{"RUN <<E cat\na\nE", false},
		{"RUN python3 <<E\na\nE", false},
		{"RUN <<A <<B\nA\nB", false},
		{"COPY <<E /x\na\nE", false},
		{"RUN a", false},
	}
	for _, tt := range tests {
		d := mustParse(t, tt.text)
		if h, ok := d.Instructions[0].Script(); ok != tt.want || ok && h.Name != "E" {
			t.Errorf("Script(%q) = %v, %t", tt.text, h, ok)
		}
	}
}

func TestHeredocShell(t *testing.T) {
	tests := []struct {
		text, shebang, masked string
		ok                    bool
	}{
		{"RUN <<E\na\n\tb\nE", "", "a\n\tb\n", true},
		{"RUN <<-E\n\t\ta \t\n\tb\nE", "", "  a \t\n b\n", true},
		{"RUN <<E\nE", "", "", true},
		{"RUN <<E\n#!/bin/bash -e\na\nE", "/bin/bash -e", "#!/bin/bash -e\na\n", true},
		{"RUN <<E\n#!/usr/bin/env -S sh\na\nE", "/usr/bin/env -S sh", "#!/usr/bin/env -S sh\na\n", true},
		{"RUN <<E\r\n#! /usr/bin/env python3\r\na\r\nE", "/usr/bin/env python3", "", false},
		{"RUN <<-E\n\t#!/usr/bin/python\nE", "/usr/bin/python", "", false},
		{"RUN <<E\n #!/usr/bin/python\nE", "", " #!/usr/bin/python\n", true},
		{"RUN <<E\n#!\nE", "", "#!\n", true},
		{"RUN <<E\n#!/usr/bin/env\nE", "/usr/bin/env", "", false},
	}
	for _, tt := range tests {
		d := mustParse(t, tt.text)
		h := d.Instructions[0].Heredocs[0]
		if got := d.Shebang(h); got != tt.shebang {
			t.Errorf("Shebang(%q) = %q, want %q", tt.text, got, tt.shebang)
		}
		if masked, _, ok := d.HeredocShell(h); ok != tt.ok || string(masked) != tt.masked {
			t.Errorf("HeredocShell(%q) = %q, %t", tt.text, masked, ok)
		}
	}
}

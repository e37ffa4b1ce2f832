package shell

// Binds tells whether the script itself gives the variable values that can't be followed: the
// variable of a for loop, the names of read, getopts and mapfile, and positional parameters.
func (s *Script) Binds(name string) bool {
	if name == "" || name[0] < 'A' || name == "REPLY" || name == "RANDOM" {
		return true
	}
	for _, loop := range s.Loops {
		if loop.Variable == name {
			return true
		}
	}
	for _, c := range s.Commands {
		if len(c.Words) == 0 {
			continue
		}
		program, _ := c.Words[0].Literal()
		switch program {
		case "read", "getopts", "mapfile", "readarray", "select":
			for _, w := range c.Words[1:] {
				if text, ok := w.Literal(); !ok || text == name {
					return true
				}
			}
		}
	}
	return false
}

// Inner parses the script of an exec form such as ["sh", "-c", "..."]: argv are its elements. nil when
// it runs no POSIX shell with -c, when the element's bytes are not the script's (escapes), or when the script can't be read.
func Inner(argv []Field) *Script {
	_, _, rest, _ := Unwrap(argv)
	if len(rest) == 0 {
		return nil
	}
	dialect, isShell := dialectOfProgram(Program(rest[0]))
	if !isShell {
		return nil
	}
	i := scriptOfShell(rest)
	if i == 0 || !rest[i].Value.IsKnown() || rest[i].Span.Len() != len(rest[i].Text()) {
		return nil
	}
	script, err := Parse([]byte(rest[i].Text()), rest[i].Span.Start, dialect)
	if err != nil {
		return nil
	}
	return script
}

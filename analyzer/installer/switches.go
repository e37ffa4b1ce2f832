package installer

// Backwards tells whether an environment variable of pip does the opposite of what its name and value say: PIP_NO_COMPILE=1 means
// "compile", since the variable sets what the option clears. instead is the value that does what the option does.
func Backwards(variable, value string) (option, instead string, ok bool) {
	for name := range inverted {
		if variable != pipVariables(name)[0] {
			continue
		}
		on, valid := strtobool(value)
		return name, "0", valid && on
	}
	return "", "", false
}

package analyzer

// HeldByIndex tells whether the index can't bring anything newer: it is not asked, or only up to a date.
func (in *Installation) HeldByIndex() bool {
	call := in.Call
	return call.NoIndex() || in.Command.Setting("--no-index").Is("true") ||
		call.Has("--exclude-newer") || call.Has("--uploaded-prior-to") || in.Command.Setting("--exclude-newer").IsKnown()
}

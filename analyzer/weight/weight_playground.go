//go:build playground

package weight

// System is not known.
func System(string, bool, []Package) int64 { return 0 }

// Recommended is not known.
func Recommended(string, []Package) int64 { return 0 }

// Downloads is not known.
func Downloads(_, _ map[string]bool) int64 { return 0 }

// About is nothing.
func About(int64) string { return "" }

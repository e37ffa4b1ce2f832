// Package env holds what is known about environment variables: values that may be unknown,
// and Docker's own expansion of $VAR in instruction arguments.
package env

// Kind says how much is known of a Value.
type Kind uint8

const (
	// Unset means that the variable does not exist.
	Unset Kind = iota
	// Known means that Text is the value on every build.
	Known
	// Unknown means that the value depends on something outside the file: an ARG without a
	// default, an unfamiliar base image's ENV, the output of a command.
	Unknown
)

// Value is the three-valued content of a variable or of an expanded word. The zero Value is Unset.
type Value struct {
	Kind Kind
	Text string // only with Known
}

// Of is the known value text.
func Of(text string) Value { return Value{Known, text} }

// Doubtful is the unknown value.
func Doubtful() Value { return Value{Kind: Unknown} }

// IsKnown tells whether Text may be relied upon.
func (v Value) IsKnown() bool { return v.Kind == Known }

// Is tells whether the value is known to be exactly text.
func (v Value) Is(text string) bool { return v.Kind == Known && v.Text == text }

// MayBe tells whether the value is text or can't be told.
func (v Value) MayBe(text string) bool { return !v.IsKnown() || v.Text == text }

// Or is the known text, or fallback when the value is unset or unknown.
func (v Value) Or(fallback string) string {
	if v.Kind == Known {
		return v.Text
	}
	return fallback
}

// Lookup gives the value of a variable at one point of a build. It never fails: a name that
// nobody set is Unset, or Unknown where the base image may have set it.
type Lookup func(name string) Value

// Nothing is the Lookup of an environment in which every variable is Unset.
func Nothing(string) Value { return Value{} }

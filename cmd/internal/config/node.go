package config

// node is a value of a configuration file, whichever format it was written in.
type node struct {
	kind      nodeKind
	text      string // of a scalar: a string's content, anything else as written
	line, col int    // one-based; columns count characters
	items     []*node
	fields    []field
}

type field struct {
	key       string
	line, col int
	value     *node
}

type nodeKind uint8

const (
	isString nodeKind = iota
	isNumber
	isBool
	isNull
	isDate
	isList
	isTable
)

func (k nodeKind) String() string {
	return [...]string{"a string", "a number", "true or false", "nothing", "a date", "a list", "a table"}[k]
}

// maxNodes bounds a file that grows when its references are followed ("billion laughs").
const maxNodes = 20_000

//go:build playground

package needs

import _ "embed"

//go:embed selfcontained.txt
var selfContainedText string

// selfContainedData is selfcontained.txt.
func selfContainedData() string { return selfContainedText }

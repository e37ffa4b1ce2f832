//go:build playground

package rules

import _ "embed"

//go:embed comments.txt
var commentsText string

// commentData is comments.txt.
func commentData() string { return commentsText }

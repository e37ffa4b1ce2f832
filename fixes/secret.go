package fixes

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// NetrcMount takes the user and password out of the URLs of a RUN and lets pip, uv and git read them from a .netrc that is
// mounted as a secret. ok is false where the home directory is not known or the RUN mounts a secret already.
// https://pip.pypa.io/en/stable/topics/authentication/#netrc-support
func NetrcMount(c analyzer.Credential) (edits []analyzer.Edit, ok bool) {
	in, home := c.Step.Instruction, c.Step.Before.Home()
	if in.Keyword != "RUN" || c.UserInfo.Empty() || !home.IsKnown() {
		return nil, false
	}
	for _, m := range c.Step.Mounts() {
		if m.Type == "secret" {
			return nil, false
		}
	}
	mount := "--mount=type=secret,id=netrc,target=" + path.Join(home.Text, ".netrc")
	return []analyzer.Edit{InsertWord(in.KeywordSpan, mount), ReplaceSpan(c.UserInfo, "")}, true
}

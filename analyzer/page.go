package analyzer

// PageFolder holds the page of every rule, relative to the root of the repository.
const PageFolder = "docs/rules"

// Page is the name of the rule's page in PageFolder.
func (r *Rule) Page() string { return r.Name + ".md" }

// URL is where a user reads the rule's page.
func (r *Rule) URL() string {
	return "https://github.com/pylint-docker/pylint-docker/blob/main/" + PageFolder + "/" + r.Page()
}

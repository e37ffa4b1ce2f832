package rules

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// recommended are packages that others only recommend and that images need all the same, by the control files of Debian 11 to 13.
var recommended = []struct {
	name    string           // what is recommended
	by      []string         // the packages that do so
	bring   []string         // other packages that depend on it
	reason  *pattern.Pattern // what of the Dockerfile's text speaks for it; nil for any text
	sshAlso bool             // a requirement that is fetched by ssh speaks for it, too
}{
	{name: "ca-certificates", by: strings.Fields("curl wget git git-core python3 python nodejs aria2 apt-transport-https libcurl4"),
		bring: strings.Fields("ca-certificates python3-pip software-properties-common default-jre default-jre-headless default-jdk default-jdk-headless")},
	{name: "libc6-dev", by: strings.Fields("gcc clang"), bring: strings.Fields("libc6-dev build-essential g++")},
	{name: "openssh-client", by: strings.Fields("git git-core mercurial"), bring: strings.Fields("openssh-client openssh-server ssh"),
		reason: pattern.New(`git\+ssh|\bgit@|\bssh://|type=ssh|ssh-keyscan|\.ssh\b|GIT_SSH`), sshAlso: true},
	{name: "dirmngr", by: strings.Fields("gnupg gnupg2 gpg"), bring: strings.Fields("dirmngr"), reason: pattern.New(`--keyserver|--recv-keys?\b`)},
}

// recommendation is a package that has to be named once the recommended ones are left out.
type recommendation struct {
	command *analyzer.Command
	by      ospkg.Package // what recommends it
	name    string
}

// needsOfRecommended are the packages which only come as recommendations of what the commands install and which the file needs, or certainly
// may: certificates for https, the headers of the C library for gcc, ssh for git. refused says in a clause what else may be needed.
func needsOfRecommended(s *analyzer.Stage, commands []*analyzer.Command) (needs []recommendation, refused string) {
	text := string(s.Build().File.Bytes())
	named := map[string]bool{}
	for _, c := range s.ChainCommands() {
		if c.OS == nil || c.OS.Verb != ospkg.Install {
			continue
		}
		var names []string
		for _, p := range c.OS.Packages {
			named[p.Name] = true
			names = append(names, unversioned(p.Name))
		}
		if !slices.Contains(commands, c) {
			continue
		}
		for _, r := range recommended {
			has := slices.ContainsFunc(r.bring, func(name string) bool { return named[name] || s.Image.HasPackage(name) == image.Yes })
			i := slices.IndexFunc(names, func(name string) bool { return slices.Contains(r.by, name) })
			if has || i < 0 || r.reason != nil && !r.reason.MatchString(text) && !(r.sshAlso && fetchesBySSH(s)) {
				continue
			}
			needs = append(needs, recommendation{c, c.OS.Packages[i], r.name})
			named[r.name] = true
		}
	}
	switch {
	case (named["python3-pip"] || named["python-pip"]) && !named["gcc"] && !named["build-essential"] && !named["g++"] && s.Image.HasPackage("gcc") != image.Yes:
		if what := mayCompile(s); what != "" {
			return nil, what + " may be compiled, and only pip's package recommends compilers: name those that it needs"
		}
	case named["r-base"] && !named["r-base-dev"] && installsForR.MatchString(text):
		return nil, "packages of R may be compiled, and r-base only recommends the compilers: name r-base-dev"
	}
	return needs, ""
}

var (
	installsForR   = pattern.New(`install\.packages|install2\.r|installGithub|devtools::|remotes::|BiocManager|biocLite|\bRscript\b|\bR\s+(?:CMD|-e|--)`)
	versionOfTools = pattern.New(`^(gcc|clang|python3?|git)-?\d+(?:\.\d+)*$`)
)

// unversioned is "gcc" of gcc-12, "python3" of python3.11.
func unversioned(name string) string {
	if m := versionOfTools.FindStringSubmatch(name); m != nil && name != "python3" {
		if m[1] == "python" {
			return "python3"
		}
		return m[1]
	}
	return name
}

// fetchesBySSH tells whether a requirement of the stage's chain is fetched by ssh.
func fetchesBySSH(s *analyzer.Stage) bool {
	for _, c := range s.ChainCommands() {
		if c.Install == nil {
			continue
		}
		all, _ := c.Install.AllRequirements()
		if slices.ContainsFunc(all, func(r installer.Requirement) bool {
			return r.Kind == installer.VCS && (strings.Contains(r.Location, "ssh://") || strings.Contains(r.Location, "git@"))
		}) {
			return true
		}
	}
	return false
}

// mayCompile names the first thing that pip installs in the stage's chain and that may have to be compiled; "" where there is none.
func mayCompile(s *analyzer.Stage) string {
	for _, c := range s.ChainCommands() {
		if c.Install == nil || c.Installer.Tool != installer.Pip {
			continue
		}
		minor := ""
		if c.Install.Interpreter != nil {
			minor = c.Install.Interpreter.Minor
		}
		all, unread := c.Install.AllRequirements()
		if unread != "" {
			return unread
		}
		for _, r := range all {
			if !installer.IsInstaller(r.Name) && (r.Kind != installer.Named || !needs.IsSelfContained(r, minor)) {
				return r.Text
			}
		}
	}
	return ""
}

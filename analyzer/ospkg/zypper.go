package ospkg

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// zypper(8): global options stand before the subcommand, its own after it.
var zypperGrammar = grammar{
	manager: Zypper,
	before: newOptions("qvnAixhV", "cDRpCs",
		`quiet verbose no-abbrev non-interactive non-interactive-include-reboot-patches xmlout ignore-unknown
		 no-gpg-checks gpg-auto-import-keys disable-repositories no-refresh no-cd no-remote disable-system-resolvables
		 terse allow-unsigned-rpm help version color no-color`,
		`config userdata root installroot reposd-dir cache-dir raw-cache-dir solv-cache-dir pkg-cache-dir table-style
		 plus-repo plus-content releasever rug-compatible`),
	after: newOptions("nflydDCaguUh", "rtp",
		`name force auto-agree-with-licenses agree-to-third-party-licenses no-confirm recommends no-recommends
		 capability download-only dry-run details oldpackage replacefiles force-resolution no-force-resolution
		 allow-unsigned-rpm allow-downgrade no-allow-downgrade allow-name-change no-allow-name-change
		 allow-arch-change no-allow-arch-change allow-vendor-change no-allow-vendor-change clean-deps no-clean-deps
		 debug-solver solver-focus-update best-effort skip-interactive with-interactive force-download force-build
		 services all metadata raw-metadata help only-installed non-interactive gpg-auto-import-keys no-gpg-checks`,
		`repo type from download solver-focus plus-repo category`),
	verbs: map[string]Verb{
		"install": Install, "in": Install, "remove": Remove, "rm": Remove,
		"refresh": Update, "ref": Update,
		"update": Upgrade, "up": Upgrade, "dist-upgrade": Upgrade, "dup": Upgrade, "patch": Upgrade,
		"clean": Clean, "cc": Clean,
	},
	option: func(r *reader, name, _ string) {
		c := r.c
		switch name {
		case "--no-recommends":
			c.NoRecommends = true
		case "-y", "--no-confirm", "--non-interactive":
			c.AssumeYes = true
		case "-n": // before the subcommand --non-interactive, after it --name
			c.AssumeYes = c.AssumeYes || r.verb == ""
		}
	},
	split: splitZypper,
}

func splitZypper(_ *Command, text string) (Package, bool) {
	if p, ok := splitFile(text, ".rpm"); ok {
		return p, true
	}
	if strings.HasPrefix(text, "!") || strings.HasPrefix(text, "~") {
		return Package{}, false // removes it
	}
	p := Package{Name: rpmArch.ReplaceAllString(strings.TrimPrefix(text, "+"), "")}
	if i := strings.IndexAny(p.Name, "<>="); i > 0 {
		p.Name, p.Version = p.Name[:i], p.Name[i:]
	}
	if i := strings.LastIndex(p.Name, ":"); i >= 0 {
		p.Name = p.Name[i+1:] // repository:name
	}
	return p, p.Name != ""
}

// parseDpkg reads dpkg(1), whose verbs are options.
func parseDpkg(c *Command, args []shell.Field) {
	c.Manager = Dpkg
	seen := false
	for _, f := range args {
		text := f.Text()
		switch {
		case f.Many:
			if c.Verb != Other || !seen {
				c.Opaque = "an argument may become any number of words"
				return
			}
		case strings.HasPrefix(text, "-"):
			if verb, ok := dpkgVerbs[text]; ok {
				c.Verb, c.VerbSpan, seen = verb, f.Span, true
			}
		case c.Verb == Install && f.Value.IsKnown():
			p, _ := splitFile(text, ".deb")
			if p.File == "" {
				p.File = text
			}
			p.Span, p.Literal = f.Span, f.Literal
			c.Packages = append(c.Packages, p)
		case c.Verb == Remove && f.Value.IsKnown():
			name, _, _ := strings.Cut(text, ":")
			c.Packages = append(c.Packages, Package{Name: name, Span: f.Span, Literal: f.Literal})
		case c.Verb != Other:
			c.Packages = append(c.Packages, Package{Span: f.Span})
		}
	}
}

var dpkgVerbs = map[string]Verb{
	"-i": Install, "--install": Install, "--unpack": Install,
	"-r": Remove, "--remove": Remove, "-P": Remove, "--purge": Remove,
	"--configure": Other, "--add-architecture": Other, "--print-architecture": Other,
	"-l": Other, "--list": Other, "-s": Other, "--status": Other, "-L": Other, "-S": Other, "--get-selections": Other,
}

package ospkg

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// apt-get(8), apt(8) of apt 1.0 to 3.0.
var aptGrammar = grammar{
	manager: Apt,
	before:  aptOptions, after: aptOptions,
	verbs: map[string]Verb{
		"install": Install, "reinstall": Install,
		"remove": Remove, "purge": Remove,
		"update":  Update,
		"upgrade": Upgrade, "dist-upgrade": Upgrade, "full-upgrade": Upgrade, "dselect-upgrade": Upgrade,
		"clean": Clean, "autoclean": Clean, "auto-clean": Clean, "distclean": Clean, "dist-clean": Clean,
		"autoremove": AutoRemove, "auto-remove": AutoRemove, "autopurge": AutoRemove,
	},
	option: aptOption,
	split:  splitApt,
}

var aptOptions = func() *options {
	o := newOptions("ydqfmsuVbhvU", "toca",
		`yes assume-yes assume-no force-yes quiet download-only fix-broken fix-missing ignore-missing fix-policy
		 no-download simulate just-print dry-run recon no-act show-upgraded verbose-versions compile build
		 install-recommends install-suggests upgrade only-upgrade ignore-hold allow-downgrades
		 allow-remove-essential allow-change-held-packages print-uris purge reinstall list-cleanup trivial-only
		 remove auto-remove autoremove only-source diff-only dsc-only tar-only arch-only indep-only
		 allow-unauthenticated allow-insecure-repositories allow-weak-repositories allow-releaseinfo-change
		 allow-releaseinfo-change-origin allow-releaseinfo-change-suite allow-releaseinfo-change-label
		 show-progress with-new-pkgs download show-source update strict-pinning help version verbose`,
		`target-release default-release option config-file host-architecture build-profiles with-source solver
		 snapshot color planner`)
	o.boolValues = true
	return o
}()

// aptitude(8): its own long options, the short ones mostly apt-get's.
var aptitudeGrammar = grammar{
	manager: Apt,
	before:  aptitudeOptions, after: aptitudeOptions,
	verbs: map[string]Verb{
		"install": Install, "reinstall": Install, "remove": Remove, "purge": Remove, "update": Update,
		"upgrade": Upgrade, "safe-upgrade": Upgrade, "full-upgrade": Upgrade, "dist-upgrade": Upgrade,
		"clean": Clean, "autoclean": Clean,
	},
	option: aptOption,
	split:  splitApt,
}

var aptitudeOptions = func() *options {
	o := newOptions("ydqfsvVRrPDZhu", "towFOq",
		`assume-yes quiet download-only simulate verbose show-versions without-recommends with-recommends prompt
		 show-deps show-why allow-untrusted no-new-installs purge-unused full-resolver safe-resolver
		 disable-columns help`,
		`target-release default-release width display-format sort add-user-tag log-file log-level`)
	delete(o.shortValue, 'q')
	o.boolValues = true
	return o
}()

func aptOption(r *reader, name, value string) {
	c := r.c
	switch name {
	case "-y", "--yes", "--assume-yes":
		c.AssumeYes = truth(value)
	case "-q", "--quiet":
		// apt-get(8): quiet level 2, -qq or -q=2, implies -y.
		if value == "2" || r.quiet {
			c.AssumeYes = true
		}
		r.quiet = true
	case "--no-install-recommends", "--without-recommends", "-R":
		c.NoRecommends, c.Recommends = true, false
	case "--install-recommends", "--with-recommends", "-r":
		c.NoRecommends, c.Recommends = false, true
	case "--auto-remove", "--autoremove":
		c.AutoRemoves = truth(value)
	case "-U", "--update":
		c.UpdateCache = true
	case "-s", "--simulate", "--just-print", "--dry-run", "--recon", "--no-act", "-d", "--download-only", "--print-uris",
		"--assume-no", "--trivial-only", "-h", "--help", "-v", "--version":
		c.Simulates = true
	case "--force-yes": // of old: answers, too
		c.AssumeYes = true
	case "-o", "--option":
		aptConfiguration(c, value)
	}
}

// aptConfiguration is -o NAME=VALUE; names are case-insensitive (apt.conf(5)).
func aptConfiguration(c *Command, setting string) {
	name, value, _ := strings.Cut(setting, "=")
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "apt::install-recommends", "apt::get::install-recommends":
		c.NoRecommends, c.Recommends = !truth(value), truth(value)
	case "apt::get::assume-yes":
		c.AssumeYes = truth(value)
	}
}

// splitApt reads name[:arch][=version|/release], and the '+' and '-' that turn an action around.
func splitApt(c *Command, text string) (Package, bool) {
	if p, ok := splitFile(text, ".deb"); ok {
		return p, true
	}
	p := Package{Name: text}
	if i := strings.IndexAny(text, "=/"); i > 0 {
		p.Name, p.Version = text[:i], text[i:]
	}
	p.Name, _, _ = strings.Cut(p.Name, ":")
	switch {
	case strings.HasSuffix(p.Name, "-"): // no package's name ends in '-' (Debian Policy 5.6.1 allows it, nobody does it)
		p.Name = strings.TrimSuffix(p.Name, "-")
		return p, c.Verb == Remove
	case strings.HasSuffix(p.Name, "+") && !strings.HasSuffix(p.Name, "++"): // but g++ is a package
		p.Name = strings.TrimSuffix(p.Name, "+")
		return p, c.Verb != Remove
	}
	if p.Name != "" && strings.ContainsAny(p.Name[:1], "+._-") || strings.Trim(p.Name, debianLetters) != "" {
		p.Name = "" // a glob, a regular expression or a task ("lamp-server^")
	}
	return p, text != ""
}

// debianLetters are those of Debian Policy 5.6.1, and "_" and upper case, which no archive has but which are no pattern either.
const debianLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+._-"

var rpmFile = pattern.New(`^(.+)-[^-]+-[^-]+\.[^.-]+$`)

// splitFile reads the path or URL of a package file.
func splitFile(text, extension string) (Package, bool) {
	remote := strings.Contains(text, "://")
	if !remote && !strings.HasSuffix(text, extension) && !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "/") {
		return Package{}, false
	}
	p := Package{File: text}
	if !strings.HasSuffix(text, extension) {
		return p, true
	}
	base := strings.TrimSuffix(path.Base(text), extension)
	switch extension {
	case ".deb": // name_version_arch.deb
		if name, _, ok := strings.Cut(base, "_"); ok {
			p.Name = name
		}
	case ".rpm": // name-version-release.arch.rpm
		if m := rpmFile.FindStringSubmatch(base); m != nil {
			p.Name = m[1]
		}
	}
	return p, true
}

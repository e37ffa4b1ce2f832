package ospkg

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// dnf(8), dnf5(8), microdnf(8), yum(8).
var dnfGrammar = grammar{
	manager: Dnf,
	before:  dnfOptions, after: dnfOptions,
	verbs: map[string]Verb{
		"install": Install, "localinstall": Install, "reinstall": Install, "downgrade": Install,
		"in": Install, "install-n": Install, "install-na": Install, "install-nevra": Install,
		"groupinstall": Install, "groupupdate": Upgrade, "groupremove": Remove,
		"remove": Remove, "erase": Remove, "rm": Remove,
		// `yum update` installs newer packages; only makecache and check-update do no more than fetch indexes.
		"makecache": Update, "check-update": Update, "check-upgrade": Update,
		"update": Upgrade, "upgrade": Upgrade, "up": Upgrade, "upgrade-minimal": Upgrade, "update-minimal": Upgrade,
		"distro-sync": Upgrade, "distribution-synchronization": Upgrade, "dsync": Upgrade,
		"clean": Clean, "autoremove": AutoRemove,
	},
	option: dnfOption,
	split:  splitRPM,
}

var dnfOptions = newOptions("yqvCbtTh46", "cdexR",
	`assumeyes assumeno quiet verbose cacheonly best nobest no-best refresh skip-broken skip-unavailable allowerasing
	 nodocs no-docs nogpgcheck no-gpgchecks noplugins no-plugins obsoletes noobsoletes downloadonly security bugfix
	 enhancement newpackage showduplicates noautoremove no-autoremove allowdowngrade no-allow-downgrade tolerant
	 debugsolver rebuilddb help version with-optional allow-downgrade setopt-only disableexcludepkgs skip-file-locks
	 offline store nocrypto all installed available recent`,
	`config debuglevel errorlevel exclude excludepkgs disableexcludes enablerepo disablerepo repo repoid
	 repofrompath installroot releasever setopt forcearch comment downloaddir destdir color randomwait
	 rpmverbosity advisory advisories bz bzs cve cves sec-severity secseverity enableplugin disableplugin
	 enable-plugin disable-plugin enable-repo disable-repo arch noroot reposdir setvar use-host-config`)

func dnfOption(r *reader, name, value string) {
	c := r.c
	switch name {
	case "-y", "--assumeyes":
		c.AssumeYes = true
	case "--assumeno", "--downloadonly", "--help", "--version":
		c.Simulates = true
	case "--setopt":
		key, setting, _ := strings.Cut(value, "=")
		if key == "assumeyes" {
			c.AssumeYes = truth(setting)
		}
		if key == "install_weak_deps" {
			c.NoRecommends = !truth(setting)
		}
	}
}

func groupVerb(word string) Verb {
	switch word {
	case "install":
		return Install
	case "remove", "erase":
		return Remove
	case "update", "upgrade":
		return Upgrade
	}
	return Other
}

var (
	rpmArch    = pattern.New(`\.(x86_64|i[3-6]86|noarch|aarch64|ppc64le|s390x|armv7hl)$`)
	rpmVersion = pattern.New(`^(.+?)(-\d[\w~^]*\.[\w.~^+:]*(?:-\d[\w.~^+]*)?)$`)
)

// splitRPM reads name, name-version, name-version-release, all with or without ".arch". A version is
// taken off only when it has a dot: the name itself may end in "-7" ("epel-release-7").
func splitRPM(_ *Command, text string) (Package, bool) {
	if p, ok := splitFile(text, ".rpm"); ok {
		return p, true
	}
	if strings.HasPrefix(text, "@") {
		return Package{Name: text[1:], Group: true}, len(text) > 1
	}
	p := Package{Name: rpmArch.ReplaceAllString(text, "")}
	if i := strings.IndexAny(p.Name, "<>="); i > 0 {
		p.Name, p.Version = strings.TrimSpace(p.Name[:i]), p.Name[i:]
		return p, p.Name != ""
	}
	if m := rpmVersion.FindStringSubmatch(p.Name); m != nil {
		p.Name, p.Version = m[1], m[2]
	}
	return p, p.Name != ""
}

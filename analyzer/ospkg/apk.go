package ospkg

import "strings"

// apk(8) of apk-tools 2.6 to 3.0. It hands all arguments to getopt_long, so options may stand anywhere.
var apkGrammar = grammar{
	manager: Apk,
	before:  apkOptions, after: apkOptions,
	verbs: map[string]Verb{
		"add": Install, "del": Remove, "update": Update, "upgrade": Upgrade,
	},
	option: apkOption,
	split:  splitApk,
}

var apkOptions = func() *options {
	o := newOptions("qvifUhVulrsda", "pXt",
		`quiet verbose interactive no-interactive force force-binary-stdout force-broken-world force-missing-repositories
		 force-no-chroot force-non-repository force-old-apk force-overwrite force-refresh update-cache update progress
		 no-progress purge allow-untrusted no-network no-cache print-arch clean-protected overlay-from-stdin
		 simulate initdb latest upgrade no-chown usermode rdepends available self-upgrade-only no-self-upgrade
		 ignore prune no-scripts no-commit-hooks no-logfile logfile preserve-env no-check-certificate
		 cache-predownload cache-packages no-cache-packages sync help version legacy-info reinstall depends`,
		`root repository virtual progress-fd wait keys-dir repositories-file cache-dir cache-max-age arch timeout
		 repository-config`)
	o.abbreviations = true
	return o
}()

func apkOption(r *reader, name, value string) {
	c := r.c
	switch name {
	case "--no-cache":
		c.NoCache = true
	case "-U", "--update-cache", "--update":
		c.UpdateCache = true
	case "-t", "--virtual":
		c.Virtual = value
	}
}

// splitApk reads name[@tag][<=>~version]; apk-world(5).
func splitApk(_ *Command, text string) (Package, bool) {
	if p, ok := splitFile(text, ".apk"); ok {
		return p, true
	}
	if strings.HasPrefix(text, "!") {
		return Package{}, false // a conflict: the package shall not be there
	}
	p := Package{Name: text}
	if i := strings.IndexAny(text, "<>=~"); i > 0 {
		p.Name, p.Version = text[:i], text[i:]
		p.Version, _, _ = strings.Cut(p.Version, "@") // name=1.2@edge
	}
	p.Name, _, _ = strings.Cut(p.Name, "@")
	return p, p.Name != ""
}

package needs

import (
	"maps"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// CallsOut matches Python code that may run programs or load libraries of the system.
var CallsOut = pattern.New(`\bsubprocess\b|\bos\.(?:system|popen|exec|spawn)|\bctypes\b|\bpexpect\b|shutil\.which|\bcreate_subprocess|\bPopen\b|find_library`)

// fullTools are programs that full Python images have and slim ones lack, with the packages that bring them.
var fullTools = map[string]string{
	"curl": "curl", "wget": "wget", "git": "git", "hg": "mercurial", "svn": "subversion", "make": "make", "gcc": "gcc", "cc": "gcc", "g++": "g++",
	"convert": "imagemagick", "identify": "imagemagick", "ssh": "openssh-client", "scp": "openssh-client", "unzip": "unzip", "file": "file",
	"gpg": "gnupg", "ps": "procps", "top": "procps", "pkill": "procps", "free": "procps", "openssl": "openssl", "xz": "xz-utils", "bzip2": "bzip2",
	"patch": "patch", "mariadb_config": "libmariadb-dev", "mysql_config": "default-libmysqlclient-dev", "pg_config": "libpq-dev",
}

// namesTools matches their names as words of shell code.
var namesTools = pattern.New(`(?:^|[\s"'/|&;(\[=,])(` + strings.ReplaceAll(strings.Join(slices.Sorted(maps.Keys(fullTools)), "|"), "+", `\+`) + `)(?:$|[\s"'|&;)\],])`)

// NamesTool tells whether shell code names one of them.
func NamesTool(code []byte) bool { return namesTools.Match(code) }

// words are those of the names that texts have for other reasons; they count where a command begins.
var (
	words         = map[string]bool{"file": true, "free": true, "top": true, "identify": true, "patch": true, "convert": true, "make": true}
	startsCommand = pattern.New("(?:^|[;&|(`]\\s*|\\[\\s*[\"']|CMD\\s+|\\bRUN\\s+|\\n\\s*)$")
)

// ToolPackages are the OS packages of the programs that a text, such as a health check, names and that full Python images have but slim
// ones lack, in alphabetical order.
func ToolPackages(text string) []string {
	var packages []string
	for _, m := range namesTools.FindAllStringSubmatchIndex(text, -1) {
		tool := text[m[2]:m[3]]
		if words[tool] && !startsCommand.MatchString(text[:m[2]]) {
			continue
		}
		packages = append(packages, fullTools[tool])
	}
	slices.Sort(packages)
	return slices.Compact(packages)
}

package rules

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// secretLeak finds files with secrets that COPYs take into the layers of the final image: what they hold is looked at, so that an
// .env of settings or a public certificate is none. Detail says what the first one holds, without its text. An
// .env that is not there counts where .gitignore keeps it back and an example for it lies beside the place: then
// every checkout gets one, and Present is false.
func secretLeak(b *analyzer.Build) *contextLeak {
	leak := &contextLeak{build: b}
	note := func(t analyzer.ContextTree, p, detail string, present bool) {
		if t.Excludes(p) || slices.Contains(leak.probes, p) {
			return
		}
		leak.add(t, p, detail, present)
		if leak.needed == "" {
			leak.needed = needsKey(b, p)
		}
		lines := []string{p}
		if base := path.Base(p); base == ".env" {
			lines = []string{"**/.env"}
		} else if strings.HasPrefix(base, ".env.") {
			lines = []string{"**/" + base}
		}
		for _, line := range lines {
			if !slices.Contains(leak.lines, line) {
				leak.lines = append(leak.lines, line)
			}
		}
	}
	for _, tree := range shippedTrees(b) {
		for _, s := range secretsBelow(b, tree.Dir) {
			note(tree, s.path, s.detail, s.present)
		}
	}
	if len(leak.trees) == 0 {
		return nil
	}
	return leak
}

// needsKey says in a clause why the application may need a file of keys in the image: it lies in a Python package, whose data it may be, or code
// or a configuration names it. "" for an .env, whose settings can come when the container starts, and where nothing speaks for it.
func needsKey(b *analyzer.Build, p string) string {
	base := path.Base(p)
	if base == ".env" || strings.HasPrefix(base, ".env.") {
		return ""
	}
	if installerSettings[base] || strings.HasPrefix(base, "requirements") {
		return "installers read " + p
	}
	for dir := path.Dir(p); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if b.Context.Exists(path.Join(dir, "__init__.py")) {
			return p + " lies in the package " + dir + ", whose data it may be"
		}
	}
	names := b.Context.Remember("files that may name others", func() any {
		var texts []namedText
		b.Context.Walk(".", func(name string, isDir bool) bool {
			if !isDir && !project.OutsideApp(name) && !strings.Contains(name, "venv/") && naming[path.Ext(name)] && len(texts) < 2000 {
				texts = append(texts, namedText{name, content(b, name)})
			}
			return true
		})
		return texts
	}).([]namedText)
	for _, t := range names {
		if t.name != p && bytes.Contains(t.text, []byte(base)) {
			return t.name + " names " + base
		}
	}
	return ""
}

type namedText struct {
	name string
	text []byte
}

// naming are the endings of files in which an application, its start or its package names other files.
var naming = map[string]bool{
	".py": true, ".sh": true, ".toml": true, ".cfg": true, ".ini": true, ".conf": true, ".in": true, ".yaml": true, ".yml": true, ".json": true, ".js": true,
}

// contextSecret is a file with secrets in the build context, or one that every checkout gets.
type contextSecret struct {
	path, detail string
	present      bool
}

// secretsBelow are the secrets in a folder of the build context, looked for once for all Dockerfiles that share it.
func secretsBelow(b *analyzer.Build, dir string) []contextSecret {
	return b.Context.Remember("secrets below "+dir, func() any {
		var list []contextSecret
		b.Context.Walk(dir, func(p string, isDir bool) bool {
			if isDir || inSamples(p) || strings.Contains(p, "venv/") {
				return true
			}
			if detail := secretIn(b, p); detail != "" {
				list = append(list, contextSecret{p, detail, true})
			}
			if base := path.Base(p); strings.HasPrefix(base, ".env.") && exampleEnding.MatchString(base) {
				at := path.Join(path.Dir(p), ".env")
				if !b.Context.Exists(at) && !b.Context.Ignored(at) && b.Context.Untracked(at) {
					if detail := assignsSecret(content(b, p), true); detail != "" {
						list = append(list, contextSecret{at, detail, false})
					}
				}
			}
			return true
		})
		return list
	}).([]contextSecret)
}

// secretFile is a file with secrets that a COPY names and so brings into a layer of the final image.
type secretFile struct {
	source       analyzer.CopySource
	path, detail string
}

// copiedSecrets are the files with secrets that COPYs of the final image's stages name one by one.
func copiedSecrets(b *analyzer.Build) []secretFile {
	var found []secretFile
	for _, s := range b.Stages {
		if !s.Ships {
			continue
		}
		for _, step := range s.Steps {
			if step.Copy == nil || !step.Copy.FromContext() {
				continue
			}
			for _, source := range step.Copy.Sources {
				p := source.Text.Text
				if !source.Text.IsKnown() || source.Heredoc || source.Remote || b.Context.IsDir(p) || b.Context.Ignored(p) || inSamples(p) {
					continue
				}
				if detail := secretIn(b, p); detail != "" {
					found = append(found, secretFile{source, p, "holds " + detail})
				} else if detail := secretToCome(b, p); detail != "" {
					found = append(found, secretFile{source, p, "is to hold " + detail})
				}
			}
		}
	}
	return found
}

// secretToCome says what secret an .env will hold that every checkout gets: .gitignore keeps it back, and an example for it lies beside its place.
func secretToCome(b *analyzer.Build, p string) string {
	if path.Base(p) != ".env" || b.Context.Exists(p) || !b.Context.Untracked(p) {
		return ""
	}
	for _, ending := range []string{"example", "sample", "template", "dist"} {
		if detail := assignsSecret(content(b, p+"."+ending), true); detail != "" {
			return detail
		}
	}
	return ""
}

var (
	exampleEnding = pattern.New(`(?i)(example|sample|template|tmpl|tpl|dist|default|defaults|ci|test|testing|schema)$`)
	envLine       = pattern.New(`(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*["']?([^\s"'#]+)`)
	secretKey     = pattern.New(`(?i)(secret|token|passw|pwd|api_?key|private_?key|credential|access_?key)`)
	noSecretKey   = pattern.New(`(?i)(expir|_ttl|_url|_uri|_host|_path|_file|_user|_id|_name|algorithm|lifetime|minutes|hours|days|length|_type|public|enable|limit|max_)`)
	dummy         = pattern.New(`(?i)change|example|dummy|placeholder|your|insert|replace|todo|secret|passw|xxx|test|local|admin|root|postgres|guest|dev|foo|none|null|true|false|[<>{}$]|^\d{1,4}$|^(.)$`)
)

// content is what a file holds, nothing when it is too large to be one of secrets.
func content(b *analyzer.Build, p string) []byte {
	content, ok := b.Context.Read(p)
	if !ok || len(content) > 1<<16 {
		return nil
	}
	return content
}

// secretIn says what secret the file of the build context holds, or "".
func secretIn(b *analyzer.Build, p string) string {
	base := path.Base(p)
	switch {
	case sampleKey.MatchString(base):
	case base == ".env" || strings.HasPrefix(base, ".env.") && !exampleEnding.MatchString(base):
		return assignsSecret(content(b, p), false)
	case strings.HasPrefix(base, "id_") && path.Ext(base) == "", slices.Contains([]string{".pem", ".key", ".json"}, path.Ext(base)):
		if base == "config.json" && path.Base(path.Dir(p)) == ".docker" && registryAuth.Match(content(b, p)) {
			return "a password"
		}
		if path.Ext(base) == ".json" && !strings.Contains(base, "credential") && !strings.Contains(base, "service") && !strings.Contains(base, "account") &&
			!strings.Contains(base, "client_secret") {
			return ""
		}
		switch content := content(b, p); {
		case privateKey.Match(content):
			return "a private key"
		case clientSecret.Match(content):
			return "a client secret"
		}
	case installerSettings[base], strings.HasPrefix(base, "requirements") && path.Ext(base) == ".txt":
		return settingsSecret(string(content(b, p)))
	case base == ".netrc" || base == ".pypirc" || base == ".git-credentials":
		if content := content(b, p); bytes.Contains(content, []byte("password")) || base == ".git-credentials" && bytes.Contains(content, []byte("@")) {
			return "a password"
		}
	case p == ".aws/credentials" || strings.HasSuffix(p, "/.aws/credentials"):
		if bytes.Contains(content(b, p), []byte("aws_secret_access_key")) {
			return "an access key"
		}
	}
	return ""
}

var (
	registryAuth = pattern.New(`"auth"\s*:\s*"[A-Za-z0-9+/=]{8,}"`)
	clientSecret = pattern.New(`"client_secret"\s*:\s*"[A-Za-z0-9_-]{16,}"`)
	// settingLine is a password or token in a file of settings that is none in a URL: poetry's auth.toml, npm's .npmrc.
	settingLine = pattern.New(`(?m)^\s*(?:password\s*=\s*"([^"\s]{6,})"|//\S+:_(?:authToken|password)\s*=\s*"?([^"\s]{8,}))`)
)

// installerSettings are the files in which installers keep the URLs of package indexes.
var installerSettings = map[string]bool{
	"pip.conf": true, "pip.ini": true, "uv.toml": true, "auth.toml": true, ".npmrc": true, ".condarc": true, "Pipfile": true, ".pdm.toml": true,
}

// settingsSecret says what secret a file of an installer's settings holds by its value: a password in a URL of another host that is neither
// the user's name nor a placeholder, or a token that its form shows.
func settingsSecret(text string) string {
	for _, m := range userInfo.FindAllStringSubmatch(text, -1) {
		user, password, host := m[2], m[3], m[4]
		if len(password) >= 4 && password != user && !strings.ContainsAny(password, "$%{") && !placeholder.MatchString(password) &&
			strings.Contains(host, ".") && !strings.HasPrefix(host, "127.") {
			return "a password for " + host
		}
	}
	for _, m := range settingLine.FindAllStringSubmatch(text, -1) {
		if value := m[1] + m[2]; !strings.Contains(value, "$") && !placeholder.MatchString(value) {
			return "a password"
		}
	}
	for _, token := range knownToken.FindAllString(text, -1) {
		if randomForm(token) {
			return "a token"
		}
	}
	return ""
}

// sampleKey are the names of keys that protect nothing.
var sampleKey = pattern.New(`(?i)localhost|self.?signed|snakeoil|dummy|sample|example|test`)

var privateKey = pattern.New(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/]{20}`)

// isPath tells values such as /run/secrets/token: where a secret is, not what it is.
func isPath(value string) bool {
	return strings.HasPrefix(value, "/") || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "~") || path.Ext(value) == ".json"
}

// assignsSecret names the first variable of an .env file whose name and value are those of a secret; in an example the name is enough.
func assignsSecret(content []byte, example bool) string {
	for _, m := range envLine.Regexp().FindAllSubmatch(content, -1) {
		name, value := string(m[1]), string(m[2])
		if !secretKey.MatchString(name) || noSecretKey.MatchString(name) {
			continue
		}
		if example || len(value) >= 8 && !dummy.MatchString(value) && !isPath(value) {
			return name
		}
	}
	if example {
		for _, line := range bytes.Split(content, []byte("\n")) {
			if name, _, ok := strings.Cut(string(line), "="); ok && secretKey.MatchString(name) && !noSecretKey.MatchString(name) && !strings.HasPrefix(name, "#") {
				return strings.TrimSpace(name)
			}
		}
	}
	return ""
}

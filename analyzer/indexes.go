package analyzer

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Index is a package index, or a page of links, that an installation asks, or a host that it trusts without a certificate.
type Index struct {
	// Role is the option that names it: "--index-url", "--extra-index-url", "--find-links", "--trusted-host". uv's names for
	// the same are given as these.
	Role string
	// Host is lower-case, without a user and a port; "" when it is not known. Plain tells that it is asked over http.
	Host  string
	Plain bool
	Span  source.Span // in the Dockerfile: the option's value, the ENV or ARG, or the -r option
	// Variable is the ENV or ARG that holds it, "" for an option.
	Variable string
	// Path and Line are the place in a requirements file that names it.
	Path string
	Line source.Span
}

// indexRoles maps options of the installers to those of pip.
var indexRoles = map[string]string{
	"--index-url": "--index-url", "--default-index": "--index-url", "--pypi-mirror": "--index-url",
	"--extra-index-url": "--extra-index-url", "--index": "--extra-index-url", "--find-links": "--find-links",
	"--trusted-host": "--trusted-host", "--allow-insecure-host": "--trusted-host",
}

var urlHost = pattern.New(`(?i)^(https?)://(?:[^/@\s]*@)?([^/:\s]+)`)

func newIndex(role, text string) Index {
	i := Index{Role: role}
	if role == "--trusted-host" {
		i.Host = strings.ToLower(strings.Split(text, ":")[0])
		return i
	}
	if m := urlHost.FindStringSubmatch(text); m != nil && !strings.Contains(m[2], "$") {
		i.Host, i.Plain = strings.ToLower(m[2]), strings.EqualFold(m[1], "http")
	}
	return i
}

// Indexes are what the installation asks, as options, variables and requirements files say, options first. An index whose URL is
// not known has no Host.
func (in *Installation) Indexes() []Index {
	var found []Index
	c := in.Command
	text := func(v env.Value, span source.Span) string {
		if v.IsKnown() {
			return v.Text
		}
		// The host stands there even where a part of the URL, such as a token, is not known.
		return strings.Trim(c.Step.Stage.build.File.Text(span), `"'`)
	}
	seen := map[string]bool{}
	for _, o := range in.Call.Options {
		role := indexRoles[o.Name]
		if role == "" || o.Value.Kind == env.Unset {
			continue
		}
		seen[o.Name] = true
		span := o.ValueSpan
		if span.Empty() {
			span = o.Span
		}
		i := newIndex(role, text(o.Value, span))
		i.Span = span
		found = append(found, i)
	}
	for _, name := range []string{"--index-url", "--default-index", "--extra-index-url", "--index", "--find-links", "--trusted-host", "--allow-insecure-host"} {
		if seen[name] {
			continue // an option replaces the variable
		}
		for _, variable := range installer.Variables(in.Call.Tool, name) {
			pair, ok := c.Step.setting(variable)
			if !ok {
				continue
			}
			raw := text(c.State.Lookup(variable), pair.ValueSpan)
			for _, one := range strings.Fields(raw) {
				i := newIndex(indexRoles[name], one)
				i.Span, i.Variable = pair.Span, variable
				found = append(found, i)
			}
		}
	}
	for _, use := range in.Files {
		if use.File == nil || use.Span.Empty() {
			continue
		}
		for _, o := range use.File.Options {
			if role := indexRoles[o.Name]; role != "" {
				i := newIndex(role, o.Value)
				i.Span, i.Path, i.Line = use.Span, use.File.Path, o.Span
				found = append(found, i)
			}
		}
	}
	return found
}

// setting finds the ENV, or else the ARG, of the stage's chain that gives a variable its value when the step runs.
func (step *Step) setting(name string) (pair dockerfile.Pair, ok bool) {
	if !step.Before.Sets(name) {
		return dockerfile.Pair{}, false
	}
	before := len(step.earlier())
	for _, keyword := range []string{"ENV", "ARG"} {
		for _, s := range slices.Backward(step.Stage.settingsOf(keyword, name)) {
			if s.at < before {
				return s.pair, true
			}
		}
	}
	return dockerfile.Pair{}, false
}

// setting is a value that an ENV or ARG gives to a variable.
type setting struct {
	at   int // of the step in its chain
	pair dockerfile.Pair
}

type settingKey struct{ keyword, name string }

// settingsOf are those of a variable in the chain of the stage, in order; of several in one instruction the first.
func (s *Stage) settingsOf(keyword, name string) []setting {
	if s.settings == nil || !s.complete() {
		s.settings = map[settingKey][]setting{}
		for at, step := range s.chain {
			for _, p := range step.Instruction.Pairs {
				key := settingKey{step.Instruction.Keyword, p.Key}
				list := s.settings[key]
				if p.HasValue && (len(list) == 0 || list[len(list)-1].at != at) {
					s.settings[key] = append(list, setting{at, p})
				}
			}
		}
	}
	return s.settings[settingKey{keyword, name}]
}

// Local tells whether the index is on the machine itself, where no certificate is needed.
func (i Index) Local() bool {
	if i.Host == "localhost" || i.Host == "host.docker.internal" || i.Host == "host.containers.internal" {
		return true
	}
	addr, err := netip.ParseAddr(i.Host)
	return err == nil && addr.IsLoopback()
}

// InsecureIndexes are those that are asked over http or whose certificate is not checked.
func (in *Installation) InsecureIndexes() []Index {
	var found []Index
	for _, i := range in.Indexes() {
		// "--trusted-host None" is a template's way to name none.
		if i.Host != "" && i.Host != "none" && !i.Local() && (i.Plain || i.Role == "--trusted-host") {
			found = append(found, i)
		}
	}
	return found
}

// Unasked tells whether the trusted host is the old name of PyPI, which pip does not ask since version 10.
// https://pip.pypa.io/en/stable/news/#b1-2018-03-31
func (i Index) Unasked() bool { return i.Role == "--trusted-host" && i.Host == "pypi.python.org" }

// publicIndexes are PyPI, its mirrors, and the indexes that makers of packages recommend as extra ones: what they hold is not taken
// for a package of one's own. Subdomains count.
var publicIndexes = []string{
	"pypi.org", "pypi.python.org", "files.pythonhosted.org", "mirrors.aliyun.com", "pypi.tuna.tsinghua.edu.cn", "mirrors.tuna.tsinghua.edu.cn",
	"mirrors.cloud.tencent.com", "mirrors.tencent.com", "mirrors.tencentyun.com", "pypi.douban.com", "pypi.doubanio.com",
	"pypi.mirrors.ustc.edu.cn", "mirrors.ustc.edu.cn", "repo.huaweicloud.com", "mirrors.huaweicloud.com", "mirrors.bfsu.edu.cn",
	"mirror.sjtu.edu.cn", "mirror.baidu.com", "mirrors.volces.com", "mirrors.163.com",
	"download.pytorch.org", "pypi.nvidia.com", "pypi.ngc.nvidia.com", "developer.download.nvidia.com", "www.piwheels.org", "piwheels.org",
	"abetlen.github.io", "wheels.vllm.ai", "flashinfer.ai", "pytorch-extension.intel.com", "repo.radeon.com", "wheels.galaxyproject.org",
	"wheels.home-assistant.io", "pypi.anaconda.org", "wheels.scipy.org", "nvidia.github.io", "triton-ascend.osinfra.cn",
	"girder.github.io", "data.pyg.org", "www.paddlepaddle.org.cn", "packages.dea.ga.gov.au", "wheelhouse.openquake.org", "mirrors.dea.ga.gov.au",
	"download.openmmlab.com", "google-coral.github.io", "alpine-wheels.github.io",
}

// Public tells whether the index is one of public packages.
func (i Index) Public() bool {
	for _, host := range publicIndexes {
		if i.Host == host {
			return true
		}
	}
	return false
}

// MixesIndexes finds an extra index that pip asks beside another one, without an order: the highest version wins, wherever it comes
// from. uv asks in order unless it is told otherwise. ok is false where hashes decide, where all indexes are public, and where
// one is not known.
// https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes
func (in *Installation) MixesIndexes() (extra Index, ok bool) {
	switch in.Call.Tool {
	case installer.Pip:
	case installer.Uv, installer.UvPip:
		strategy := in.Command.Setting("--index-strategy")
		if o, given := in.Call.Option("--index-strategy"); given {
			strategy = o.Value
		}
		if !strings.HasPrefix(strategy.Or(""), "unsafe-") {
			return Index{}, false
		}
	default:
		return Index{}, false
	}
	if in.Call.NoIndex() || in.Call.RequireHashes() || in.hashed() || in.fetchesNothing() {
		return Index{}, false
	}
	main := Index{Host: "pypi.org"}
	var extras []Index
	for _, i := range in.Indexes() {
		switch i.Role {
		case "--index-url":
			main = i
		case "--extra-index-url":
			extras = append(extras, i)
		}
	}
	public := main.Public()
	for _, i := range extras {
		public = public || i.Public()
	}
	for _, i := range extras {
		if i.Host == "" || main.Host == "" || !public {
			continue
		}
		if !i.Public() || !main.Public() {
			return i, true
		}
	}
	return Index{}, false
}

// hashed tells whether every requirements file of the installation has hashes and nothing else is installed.
func (in *Installation) hashed() bool {
	for _, use := range in.Files {
		if use.File == nil || !use.File.Hashed {
			return false
		}
	}
	return len(in.Files) > 0 && len(in.Requirements) == 0
}

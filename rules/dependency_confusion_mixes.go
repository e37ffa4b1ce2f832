package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/remote"
)

// mixesIndexes finds an extra index that pip asks beside another one, without an order: the highest version wins, wherever it comes
// from. uv asks in order unless it is told otherwise. ok is false where hashes decide, where all indexes are public, and where
// one is not known.
// https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes
func mixesIndexes(in *analyzer.Installation) (extra remote.Index, ok bool) {
	switch in.Call.Tool {
	case installer.Pip:
	case installer.Uv, installer.UvPip:
		strategy := in.Command.Setting("--index-strategy")
		if o, given := in.Call.Option("--index-strategy"); given {
			strategy = o.Value
		}
		if !strings.HasPrefix(strategy.Or(""), "unsafe-") {
			return remote.Index{}, false
		}
	default:
		return remote.Index{}, false
	}
	if in.Call.NoIndex() || in.Call.RequireHashes() || hashed(in) || in.FetchesNothing() {
		return remote.Index{}, false
	}
	main := remote.Index{Host: "pypi.org"}
	var extras []remote.Index
	for _, i := range remote.Indexes(in) {
		switch i.Role {
		case "--index-url":
			main = i
		case "--extra-index-url":
			extras = append(extras, i)
		}
	}
	public := isPublic(main)
	for _, i := range extras {
		public = public || isPublic(i)
	}
	for _, i := range extras {
		if i.Host == "" || main.Host == "" || !public {
			continue
		}
		if !isPublic(i) || !isPublic(main) {
			return i, true
		}
	}
	return remote.Index{}, false
}

// isPublic tells whether the index is one of public packages.
func isPublic(i remote.Index) bool {
	for _, host := range publicIndexes {
		if i.Host == host {
			return true
		}
	}
	return false
}

// hashed tells whether every requirements file of the installation has hashes and nothing else is installed.
func hashed(in *analyzer.Installation) bool {
	for _, use := range in.Files {
		if use.File == nil || !use.File.Hashed {
			return false
		}
	}
	return len(in.Files) > 0 && len(in.Requirements) == 0
}

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

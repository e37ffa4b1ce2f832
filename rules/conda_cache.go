package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// CondaCache finds a RUN with which conda, mamba or micromamba leaves its package cache in a layer of the final image.
//
// conda keeps every archive that it fetches, and the index of each channel, in its pkgs directory: often hundreds of megabytes that nothing reads
// again. A clean-up in another RUN does not take them out of this layer.
//
// # Flagged
//
//	FROM continuumio/miniconda3:25.3.1-1
//	RUN conda install --yes numpy=2.2.5
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM continuumio/miniconda3:25.3.1-1
//	RUN conda install --yes numpy=2.2.5 && conda clean -afy
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Appends `conda clean -afy` to the RUN, or `conda clean -tipy` where conda may be older than 4.6, which has no `-f`. Safe: it removes archives,
// indexes and packages that no environment uses.
//
// # References
//
//   - https://docs.conda.io/projects/conda/en/stable/commands/clean.html
//   - https://micromamba-docker.readthedocs.io/en/latest/
var CondaCache = register(&analyzer.Rule{
	Code: "PLD609", Name: "conda-cache",
	Summary:  "the package cache of conda or mamba stays in a layer of the final image",
	Do:       "end the same RUN with conda clean --all --yes",
	Severity: analyzer.Warning, Fix: analyzer.Safe, Check: checkCondaCache,
})

func checkCondaCache(p *analyzer.Pass) {
	for _, step := range p.Target.ChainSteps() {
		c := leavesCondaCache(step)
		if c == nil {
			continue
		}
		program := c.Installer.Program.Text()
		d := analyzer.Diagnostic{
			Span:    c.Installer.Span,
			Message: "the packages that " + program + " fetches stay in a layer of the final image a second time: nothing in this RUN cleans up",
		}
		if c.Installer.VerbSpan.End > c.Installer.Span.Start {
			d.Span.End = c.Installer.VerbSpan.End
		}
		d.Fix, d.NoFixReason = fixes.CleanConda(p.Build, c)
		p.Report(d)
	}
}

// leavesCondaCache gives the first command of a RUN with which conda, mamba or micromamba leaves the packages that it has fetched in
// the layer, nil when there is none: nothing later in the RUN cleans up, and no mount lies over a directory of packages.
func leavesCondaCache(step *analyzer.Step) *analyzer.Command {
	for _, m := range step.Mounts() {
		if (m.Type == "cache" || m.Type == "tmpfs") && (!m.Target.IsKnown() || strings.Contains(m.Target.Text, "pkgs") || strings.Contains(m.Target.Text, "conda") || strings.Contains(m.Target.Text, "mamba")) {
			return nil
		}
	}
	var found *analyzer.Command
	for _, c := range step.Commands {
		switch {
		case c.Installer != nil && c.Installer.Tool == installer.Conda && c.Install != nil && (c.Shell.Certain || c.Shell.Attempted):
			if found == nil && !c.Installer.Has("--dry-run") {
				found = c
			}
		case c.HasText("clean") || c.HasText("pkgs"):
			// conda clean, clean-layer.sh, rm -rf /opt/conda/pkgs
			return nil
		}
	}
	return found
}

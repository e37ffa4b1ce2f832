package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
)

// baseHas tells whether a place is in what the stage is built on: its base stage, or an image.
func (ix *index) baseHas(at *place, q *search) Answer {
	if base := ix.stage.Base; base != nil {
		return base.index().find(at.path, base.end(), q.outside())
	}
	return ix.imageHas(at)
}

// outside is the search going on in another stage.
func (q *search) outside() *search { return &search{steps: q.steps, depth: q.depth + 1} }

// rootDirs are directories of every image of a distribution.
// https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html
var rootDirs = []string{
	"/", "/bin", "/dev", "/etc", "/home", "/lib", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr",
	"/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/local/lib", "/usr/sbin", "/usr/share", "/var", "/var/cache", "/var/lib", "/var/log",
	"/var/tmp",
}

// imageHas tells whether p is in the image that the stage is built from.
func (s *Stage) imageHas(p string) Answer {
	f := &s.Image
	dir := Answer{Presence: Yes, Shape: Directory}
	switch {
	case f.Scratch || len(f.Files) > 0:
		for _, file := range f.Files {
			if file == p {
				return Answer{Presence: Yes, Shape: RegularFile}
			}
		}
		if p == "/" {
			return dir
		}
		return Answer{Presence: No}
	case lacksEnvironment(f, p):
		return Answer{Presence: No}
	case !f.Plain():
		if presence, ok := imageProgram(f, p); ok && f.Beside != nil && f.Deprecated == "" {
			return Answer{Presence: presence, Shape: RegularFile}
		}
		return Answer{} // what an unfamiliar image holds can't be told; those with -onbuild copy the context
	case slices.Contains(rootDirs, p):
		return dir
	}
	if presence, ok := imageProgram(f, p); ok {
		return Answer{Presence: presence, Shape: RegularFile}
	}
	if python := f.Python; python != nil && python.Prefix != "" {
		switch local := f.HasLocal(p); {
		case p == python.Path, p == python.Prefix:
			return Answer{Presence: Yes}
		case local == image.Yes:
			return dir
		case local == image.No:
			return Answer{Presence: No}
		}
	}
	packages := path.Base(path.Dir(p))
	if s.imageOwns(p) && !((packages == "site-packages" || packages == "dist-packages") && program.Sole(strings.TrimSuffix(path.Base(p), ".py")) &&
		(f.Official || plainDistribution(f))) {
		return Answer{}
	}
	return Answer{Presence: No}
}

// lacksEnvironment tells of a path in a known extended image that nothing is there: a conda environment beside that of the base, or a
// directory that neither the distribution nor the maker uses.
func lacksEnvironment(f *image.Facts, p string) bool {
	if f.Python != nil && f.Python.Conda && Under(path.Join(f.Python.Prefix, "envs"), path.Dir(p)) {
		return true
	}
	outside := func() bool { return !ospkg.SystemDir(p) || Under("/opt", path.Dir(p)) }
	return f.Beside != nil && f.Deprecated == "" && outside() && !slices.Contains(rootDirs, p) && !Under("/root", p) && !Under("/usr", p) && !imageMounts(p) &&
		!slices.ContainsFunc(f.Beside, func(dir string) bool { return Under(dir, p) || Under(p, dir) })
}

// imageMounts tells whether the engine puts something there.
func imageMounts(p string) bool {
	return Under("/dev", p) || Under("/proc", p) || Under("/sys", p) || Under("/run", p)
}

// plainDistribution tells the images of distributions that hold nothing else.
func plainDistribution(f *image.Facts) bool {
	distroless := strings.Contains(f.Reference.Path, "distroless/") && !strings.Contains(f.Reference.Tag, "debug") // which has /busybox
	return distroless || slices.Contains([]string{"library/debian", "library/ubuntu", "library/alpine"}, f.Reference.Path)
}

// imageOwns tells whether the image may have something at p that is not known here.
func (s *Stage) imageOwns(p string) bool {
	f := &s.Image
	if imageMounts(p) {
		return true
	}
	plain := f.Official || plainDistribution(f)
	switch {
	case Under("/usr/local", p):
		return f.Python != nil && f.Python.Prefix == "/usr/local" || !plain
	case Under("/usr/src", p), Under("/var/www", p):
		return !plain
	case ospkg.SystemDir(p) && !Under("/opt", p), Under("/root", p) && path.Dir(p) == "/root" && strings.HasPrefix(path.Base(p), ".") && !strings.HasPrefix(p, "/root/.local"):
		return true
	case plain:
		return false
	}
	for _, home := range f.Home {
		if home != "/" && Under(home, p) {
			return true
		}
	}
	return f.Workdir != "" && f.Workdir != "/" && Under(f.Workdir, p) || Under("/opt", p) || Under("/var", p) || Under("/home", p)
}

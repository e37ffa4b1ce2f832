package image

// movingDebian is the release that the tags of Docker's python image without a suite stand for: since August 2025, and still in
// November 2026 (docker-library/official-images, library/python).
const movingDebian = "13"

// NewestRelease is the release of Distro that a build of today gets: Release where it is known, else that which a moving tag
// such as python:3.12-slim stands for at the tables' date. "" when it can't be told. What depends on it may change
// without any change to the Dockerfile, and should say so.
func (f Facts) NewestRelease() string {
	ref := f.onHub()
	if f.Release != "" || !f.Official || f.Distro != "debian" || ref.Path != "library/python" || ref.Digest != "" {
		return f.Release
	}
	t, ok := parsePythonTag(ref.Tag)
	if !ok || t.codename != "" || t.alpine || t.windows || t.onbuild || t.rc {
		return ""
	}
	switch t.version {
	case "", "3", "3.10", "3.11", "3.12", "3.13", "3.14":
		return movingDebian
	}
	return ""
}

// PackageRelease is the release whose packages a build of today gets: NewestRelease, and for the Alpine variants of Docker's python image
// without a release one of those that are maintained, which have the same package names.
func (f Facts) PackageRelease() string {
	if f.Distro == "alpine" && f.Official && f.Release == "" {
		return movingAlpine
	}
	return f.NewestRelease()
}

// movingAlpine stands for the maintained releases of Alpine.
const movingAlpine = "3.22"

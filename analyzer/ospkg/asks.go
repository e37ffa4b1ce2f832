package ospkg

import "strings"

// Asks tells whether the call asks before it changes what is installed, when there is more to do than it was told, and
// gets no answer where standard input is empty, as in a build: apt-get(8) and apt(8) abort with status 1, dnf(8) and yum(8) too.
// apk, zypper's callers and microdnf ("we always assume yes") are none of these.
func (c *Command) Asks() bool {
	if c.Opaque != "" || c.AssumeYes || c.Simulates {
		return false
	}
	switch c.Program {
	case "apt-get", "apt", "dnf", "dnf-3", "dnf5", "yum":
	default:
		return false
	}
	switch c.Verb {
	case Install, Remove:
		return len(c.Packages) > 0
	case Upgrade, AutoRemove:
		return true
	}
	return false
}

// BringsOthers tells whether a package needs others that neither a bare Debian or Ubuntu image nor Docker's slim Python
// image has, so that apt asks before it installs them. Their Depends were read in the index of Debian 12, November 2026;
// names that later releases have given up are among them.
func BringsOthers(name string) bool { return bringsOthers[name] }

var bringsOthers = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(`build-essential gcc g++ gfortran cmake git curl wget python3 python3-pip python3-dev
		python3-venv python3-setuptools libpq-dev libpq5 postgresql-client default-libmysqlclient-dev libmariadb-dev libmariadb3
		default-mysql-client mariadb-client libxml2-dev libxslt1-dev libjpeg-dev zlib1g-dev libgl1 libgl1-mesa-glx libsm6 libxext6
		libxrender1 libxrender-dev ffmpeg nginx supervisor vim htop procps cron gnupg gnupg2 software-properties-common
		openssh-server openssh-client redis-server npm tesseract-ocr poppler-utils libreoffice imagemagick ghostscript
		chromium chromium-driver firefox-esr default-jre default-jdk openjdk-17-jre-headless libgdal-dev gdal-bin libmagic1
		libmagic-dev libcairo2 libpango-1.0-0 libpangocairo-1.0-0 libgdk-pixbuf-2.0-0 libgdk-pixbuf2.0-0 libldap2-dev
		libsasl2-dev pkg-config gettext netcat-openbsd iputils-ping dnsutils telnet portaudio19-dev libportaudio2 libsndfile1
		graphviz libgraphviz-dev libhdf5-dev libopenblas-dev liblapack-dev libatlas-base-dev automake libtool swig xvfb jq rsync
		subversion mercurial unixodbc-dev unixodbc libcurl4-openssl-dev libbz2-dev libsqlite3-dev libreadline-dev
		iproute2 file tmux screen watchman proj-bin binutils libzbar0 libnss3 libasound2 libmemcached-dev wkhtmltopdf
		python3-opencv texlive`) {
		set[name] = true
	}
	return set
}()

// SystemDir tells whether p lies where packages of a distribution put their files. They put nothing into /usr/local.
// https://www.debian.org/doc/debian-policy/ch-opersys.html#site-specific-programs
func SystemDir(p string) bool {
	first, rest, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	second, _, _ := strings.Cut(rest, "/")
	switch first {
	case "usr":
		return second != "local" && second != "src"
	case "var":
		return second != "task" && second != "www"
	case "etc", "opt", "lib", "lib64", "lib32", "bin", "sbin", "run":
		return true
	}
	return false
}

package image

import "strings"

// fullPackages are the packages that buildpack-deps names, on which Docker's full Python images are built, those that the template of the
// Python image adds, and build-essential, all of which is there. https://github.com/docker-library/buildpack-deps, bookworm, November 2026.
const fullPackages = `autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev libcurl4-openssl-dev
	libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev
	libmaxminddb-dev libncurses5-dev libncursesw5-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev libxml2-dev
	libxslt-dev libyaml-dev make patch unzip xz-utils zlib1g-dev ca-certificates curl gnupg netbase sq wget git mercurial openssh-client subversion
	procps libbluetooth-dev tk-dev uuid-dev build-essential cpp binutils libxslt1-dev libncurses-dev libmariadb-dev`

// InFullPython tells whether an OS package is in Docker's full Python images on Debian from the start.
func InFullPython(name string) bool {
	for word := range strings.FieldsSeq(fullPackages) {
		if word == name {
			return true
		}
	}
	return false
}

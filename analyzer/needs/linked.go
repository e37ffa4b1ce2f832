package needs

import "github.com/pylint-docker/pylint-docker/analyzer/pattern"

// Linkage is a Python package that is linked with a library of the system.
type Linkage struct {
	Name, Headers string
	Provider      *pattern.Pattern
}

// Linked are Python packages that PyPI has no wheels of for Linux, so that they are always built from source, with
// the headers that they are built with and what the OS packages that bring the library have in their names.
var Linked = []Linkage{
	{"psycopg2", "libpq-dev postgresql-dev", pattern.New(`pq|postgres|psql|pgpool|pgbouncer`)},
	{"psycopg-c", "libpq-dev postgresql-dev", pattern.New(`pq|postgres|psql|pgpool|pgbouncer`)},
	{"mysqlclient", "default-libmysqlclient-dev mariadb-connector-c-dev", pattern.New(`mysql|maria`)},
	{"python-ldap", "libldap2-dev openldap-dev", pattern.New(`ldap|curl|git|gnupg|samba`)},
	{"pygraphviz", "libgraphviz-dev graphviz-dev", pattern.New(`graphviz|gvc`)},
	{"pyaudio", "portaudio19-dev portaudio-dev", pattern.New(`portaudio|audio|ffmpeg`)},
	{"pyicu", "libicu-dev icu-dev", pattern.New(`icu|xml2|node|php|boost|postgres|git|qt|chromium`)},
}

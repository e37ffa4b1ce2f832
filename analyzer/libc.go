package analyzer

import "github.com/pylint-docker/pylint-docker/analyzer/installer"

// CompiledPackage is the first package of the installation that certainly has compiled modules.
func (in *Installation) CompiledPackage() string {
	all := append([]installer.Requirement(nil), in.Requirements...)
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			all = append(all, line.Requirement)
		}
	}
	for _, r := range all {
		if r.Marker == "" && CompiledPackages[r.Name] {
			return r.Name
		}
	}
	return ""
}

// CompiledPackages holds well-known packages that do not work without their compiled modules.
var CompiledPackages = map[string]bool{
	"argon2-cffi-bindings": true, "asyncpg": true, "bcrypt": true, "cffi": true, "confluent-kafka": true, "cryptography": true,
	"cx-oracle": true, "gevent": true, "greenlet": true, "grpcio": true, "h5py": true, "httptools": true, "lxml": true,
	"matplotlib": true, "mysqlclient": true, "numpy": true, "opencv-python": true, "opencv-python-headless": true,
	"orjson": true, "pandas": true, "pillow": true, "psutil": true, "psycopg2": true, "psycopg2-binary": true, "pyarrow": true,
	"pycryptodome": true, "pycurl": true, "pydantic-core": true, "pymssql": true, "pynacl": true, "pyodbc": true,
	"python-ldap": true, "pyzmq": true, "regex": true, "scikit-learn": true, "scipy": true, "shapely": true, "tensorflow": true,
	"tiktoken": true, "tokenizers": true, "torch": true, "ujson": true, "uvloop": true, "uwsgi": true, "xmlsec": true, "zstandard": true,
}

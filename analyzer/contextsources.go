package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// MadeName are names of things that builds make, and of secrets that stay on the machine.
var MadeName = pattern.New(`(?i)(^|/)(dist|build|out|output|target|public|static|assets|bin|vendor|wheels?|wheelhouse|packages|node_modules|venv|\.venv|artifacts?|models?|weights|data|certs?|keys?|ssl|tmp|logs?|cache|release|generated)(/|$)|` +
	`\.(whl|jar|war|tar|gz|tgz|xz|bz2|zip|deb|rpm|apk|so|exe|bin|pem|crt|cer|key|pub|env|db|sqlite3?|pkl|pt|pth|onnx|h5|egg|img|iso|log|pb|model|bundle)$|` +
	`(^|/)\.env|secret|credential|token|passw|id_[rd]sa|\.netrc|\.pypirc|pip\.conf|\.npmrc|version|revision|commit|local|_pb2`)

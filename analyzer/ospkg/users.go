package ospkg

import "strings"

// NoServiceUser tells whether a user name is one that applications take and no package of a distribution makes. Packages make users that
// are called like their service; of those of Debian 12 (the users and groups that base-passwd and maintainer scripts make) none is among these.
func NoServiceUser(name string) bool { return strings.Contains(applicationUsers, " "+name+" ") }

const applicationUsers = " app apps appuser app-user app_user application user myuser webapp webuser django flask fastapi python pyuser worker nonroot " +
	"non-root nonrootuser runner developer dev devuser deploy deployer service serviceuser api apiuser bot botuser default container docker dockeruser " +
	"streamlit celery uvicorn gunicorn appgroup myapp rootless unprivileged "

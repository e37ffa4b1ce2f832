SECRET_KEY = "only-for-development"
ALLOWED_HOSTS = ["*"]
DEBUG = True
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["notes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

"""Django's settings. What an installation chooses comes through `environment`."""

from __future__ import annotations

from pathlib import Path

from avrop.project import environment as env

AVROP_DIR = env.data_folder()
AVROP_DEMO = env.value("demo") == "1"
AVROP_STANDARDS = [Path(p) for p in env.value("standards").split(":") if p]
AVROP_OUTER_TRANSACTION = False  # only tests run operations inside a transaction of their own
AVROP_OPERATOR = env.value("operator", "plattform")
# The Peppol Service Provider ID of an installation that is an access point itself, e.g. 0242:000123; else empty.
AVROP_SPIS = env.value("spis")

SECRET_KEY = env.secret(AVROP_DIR)
DEBUG = env.value("debug") == "1"
ALLOWED_HOSTS = [h for h in env.value("hosts", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in env.value("origins").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "avrop.web",
    "avrop.tenancy",
    "avrop.journal",
    "avrop.messaging",
    "avrop.commitments",
    "avrop.coding",
    "avrop.suppliers",
    "avrop.agreements",
    "avrop.catalogue",
    "avrop.requisition",
    "avrop.approval",
    "avrop.ordering",
    "avrop.delivery",
    "avrop.invoicing",
    "avrop.matching",
    "avrop.accounting",
    "avrop.desk",
    "avrop.portal",
    "avrop.demo",
    "avrop.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "avrop.web.security.content_security_policy",
    "avrop.web.security.no_nul",
    "avrop.tenancy.middleware.viewer_middleware",
]

ROOT_URLCONF = "avrop.project.urls"
WSGI_APPLICATION = "avrop.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "avrop.web.context.page",
                "avrop.project.navigation.frame",
                "avrop.demo.context.year",
            ],
        },
    }
]

DATABASES = {"default": env.database(AVROP_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tenancy.Person"
AUTHENTICATION_BACKENDS = ["avrop.tenancy.login.LocalLogin"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.value("https") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "nn"
LANGUAGES = [("nn", "Nynorsk"), ("nb", "Bokmål"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "avrop_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": env.value("log", "WARNING")},
}

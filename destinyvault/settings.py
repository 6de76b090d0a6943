"""All settings of the site, read strictly from the environment (names and defaults: .env.example)."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from destinyvault import env

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
env.load(BASE_DIR / ".env")

VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
DEBUG = env.flag("DEBUG")

# Secrets: made by themselves on a development machine, required where DEBUG is off.
if DEBUG:
    _kept = env.kept_secrets(VAR_DIR / "secrets.json")
    SECRET_KEY = env.text("SECRET_KEY", _kept["SECRET_KEY"])
    TOKEN_KEYS = env.fernet_keys("TOKEN_KEYS", _kept["TOKEN_KEYS"])
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
else:
    _why = "With DEBUG off the site does not start without it."
    SECRET_KEY = env.required("SECRET_KEY", _why)
    TOKEN_KEYS = env.fernet_keys("TOKEN_KEYS", env.required("TOKEN_KEYS", _why))
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", env.required("ALLOWED_HOSTS", _why))

WEB_HOST = env.text("WEB_HOST", "127.0.0.1")
WEB_PORT = env.integer("WEB_PORT", 8000, 1, 65535)
_first_host = next((host.lstrip(".") for host in ALLOWED_HOSTS if host != "*"), "")
if not (DEBUG or _first_host):
    env.required("SITE_URL", "ALLOWED_HOSTS=* names no host that it could be made of.")
SITE_URL = env.origin("SITE_URL", f"http://127.0.0.1:{WEB_PORT}" if DEBUG else f"https://{_first_host}")

# Plain HTTP is for this machine alone: the loopback address that somebody wrote into SITE_URL.
_site = urlsplit(SITE_URL)
SITE_ON_LOOPBACK = _site.hostname in {"127.0.0.1", "localhost", "::1"}
if not DEBUG and _site.scheme != "https" and not SITE_ON_LOOPBACK:
    raise ImproperlyConfigured(f"SITE_URL={SITE_URL!r} does not fit: with DEBUG off it should begin with https://.")
SECURE = not DEBUG and _site.scheme == "https"

# Bungie.net, or the sandbox that stands for it.
BUNGIE_ROOT = env.address("BUNGIE_ROOT", "https://www.bungie.net")
BUNGIE_API_KEY = env.text("BUNGIE_API_KEY")
BUNGIE_CLIENT_ID = env.text("BUNGIE_CLIENT_ID")
BUNGIE_CLIENT_SECRET = env.text("BUNGIE_CLIENT_SECRET")
MANIFEST_LANGUAGES = env.words("MANIFEST_LANGUAGES", "en")
MANIFEST_CHECK_MINUTES = env.integer("MANIFEST_CHECK_MINUTES", 5, 1, 1440)
MANIFEST_KEEP_REVISIONS = env.integer("MANIFEST_KEEP_REVISIONS", 10, 1, 1000)
TRANSFERS_KEEP_DAYS = env.integer("TRANSFERS_KEEP_DAYS", 90, 1, 3650)

INSTALLED_APPS = [
    "destinyvault",
    "accounts",
    "manifest",
    "inventory",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "csp",
    "django_htmx",
    "django_q",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "destinyvault.compressing.Gzip",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ManifestLanguage",
    "manifest.middleware.ImportedLanguages",
    "destinyvault.middleware.BungieErrors",
]

ROOT_URLCONF = "destinyvault.urls"
WSGI_APPLICATION = "destinyvault.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "destinyvault.context.site",
            ],
        },
    }
]

# One dialect: Postgres. Without DATABASE_URL it is the embedded server under var/, started when somebody connects.
if env.text("DATABASE_URL"):
    _database = env.parsed("DATABASE_URL", dj_database_url.parse, "postgres://user:password@host:5432/name")
    if _database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL does not fit: it should begin with postgres://. See .env.example.")
else:
    _name = env.text("EMBEDDED_DATABASE", "destinyvault")
    _database = {
        "ENGINE": "destinyvault.embedded_postgres",
        "NAME": _name,
        "CREATE": _name,
        "DATA": VAR_DIR / "postgres",
    }
# A host that swallows packets is noticed within seconds, not hours: by us, and by Postgres, which would else keep a
# dead worker's hold on its account as long. However slow a query is, a host that lives answers the probes. Unix sockets
# need none of this. An option in the URL itself wins.
_given = _database.get("OPTIONS", {})
_server_side = (
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000"
)
_database["OPTIONS"] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30000,  # milliseconds
    **_given,
    "options": f"{_server_side} {_given.get('options', '')}".strip(),  # of one given twice the later one counts
}
DATABASES = {"default": {**_database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis("REDIS_URL")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

# The broker is Postgres: a row and its task commit together, and a killed worker's task is handed out again.
Q_CLUSTER = {
    "name": "destinyvault",
    "orm": "default",
    "broker_class": "inventory.transfers.sweeping.Broker",  # the same, and jobs of dead workers are taken up again
    "workers": env.integer("Q_WORKERS", 3, 1, 64),
    "recycle": 50,  # tasks, after which a worker begins anew, sharing again what it has copied (destinyvault/memory.py)
    "poll": 0.1,
    "timeout": 1500,  # seconds; a first import of all languages on a slow machine stays below
    "retry": 1600,
    "max_attempts": 3,
    "ack_failures": True,  # else a raising task is handed out for ever
    "catch_up": False,
    "save_limit": 250,
    "label": "Tasks",
}

# --- accounts: sign-in through Bungie.net only ---------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",  # staff, for the admin
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]
ACCOUNT_ADAPTER = "accounts.allauth_adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.allauth_adapters.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # why that is safe: accounts/sign_in_views.py
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_STORE_TOKENS = False  # ours are encrypted: accounts/tokens.py
ACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_URL = "/accounts/bungie/login/"
LOGIN_REDIRECT_URL = "/inventory/"
LOGOUT_REDIRECT_URL = "/"
# --- end of accounts -------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Everything comes from this site, save the pictures, which Bungie.net serves; forms may lead to its sign-in page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, BUNGIE_ROOT],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, BUNGIE_ROOT],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "destinyvault.views.stale_form"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: the site does not own its neighbours
    "security.W021",  # HSTS preloading is the owner's own decision, at their domain
    "security.W008",  # the redirect from http to https belongs to the proxy, which alone sees http
    *(["security.W004", "security.W012", "security.W016"] if SITE_ON_LOOPBACK else []),  # this machine alone
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from Bungie.net
SESSION_COOKIE_AGE = 90 * 24 * 3600  # as long as Bungie's refresh token lives
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# Not for localhost: browsers would then refuse plain http to every other program on this machine.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE and not SITE_ON_LOOPBACK else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the site does not own its neighbours
CSRF_TRUSTED_ORIGINS = [SITE_URL]

ANNOUNCE_WEBHOOK_URL = env.webhook("ANNOUNCE_WEBHOOK_URL")
DEFAULT_FROM_EMAIL = f"Destiny Vault <destiny-vault@{_site.hostname}>"
vars().update(env.email("EMAIL_URL"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))},
    "loggers": {"django-q": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}

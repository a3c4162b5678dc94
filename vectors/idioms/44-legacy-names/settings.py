"""Names that newer versions no longer read are settings all the same."""

MIDDLEWARE_CLASSES = ["django.middleware.common.CommonMiddleware"]
TEMPLATE_DIRS = ("templates",)
SECURE_BROWSER_XSS_FILTER = True
CSRF_COOKIE_MASKED = True
PASSWORD_RESET_TIMEOUT_DAYS = 3
USE_L10N = True
CORS_ORIGIN_ALLOW_ALL = True
CSP_DEFAULT_SRC = ("'self'",)
DEFAULT_HASHING_ALGORITHM = "sha1"

from shop import hosting

SECRET_KEY = "in the repository"
ALLOWED_HOSTS = ["shop.example"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
DEBUG = False

hosting.settings(locals(), staticfiles=True)

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
DATABASES["default"]["NAME"] = "live"

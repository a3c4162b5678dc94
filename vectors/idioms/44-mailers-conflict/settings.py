"""Old and new mail settings together: refused from the version that has both."""

EMAIL_HOST = "mail.example"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "mail.example"}}}

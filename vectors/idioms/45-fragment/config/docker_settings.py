DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db"}}
DEBUG = True

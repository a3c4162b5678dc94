"""Changes deep inside dictionaries."""

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {}}}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["OPTIONS"]["sslmode"] = "require"
DATABASES["replica"] = dict(DATABASES["default"], HOST="replica")
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"context_processors": ["a"]}}]
TEMPLATES[0]["OPTIONS"]["debug"] = True
TEMPLATES[0]["OPTIONS"]["context_processors"] += ["b"]
TEMPLATES[-1]["APP_DIRS"] = True
REST_FRAMEWORK = {"PAGE_SIZE": 10}
REST_FRAMEWORK.update({"PAGE_SIZE": 20, "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]})
REST_FRAMEWORK.setdefault("PAGE_SIZE", 99)
REST_FRAMEWORK.setdefault("DEFAULT_THROTTLE_RATES", {})["user"] = "100/day"
RATE = REST_FRAMEWORK.pop("PAGE_SIZE")
GONE = REST_FRAMEWORK.pop("MISSING", None)
STORAGES = {"default": {"BACKEND": "a"}} | {"staticfiles": {"BACKEND": "b"}}
STORAGES |= {"default": {"BACKEND": "c"}}
LOGGING = {**REST_FRAMEWORK, "version": 1}
del LOGGING["DEFAULT_THROTTLE_RATES"]
HAS = "default" in DATABASES, DATABASES.get("default", {}).get("PASSWORD", "")
for alias in DATABASES:
    DATABASES[alias]["ATOMIC_REQUESTS"] = True
for name, config in STORAGES.items():
    config["OPTIONS"] = {"name": name}

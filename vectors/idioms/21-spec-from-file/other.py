DEBUG = True
ALLOWED_HOSTS = ["other.example"]

"""Numbers that people compute instead of writing out."""

from datetime import timedelta

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SESSION_COOKIE_AGE = DAY * 7 * 2
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 << 20
PASSWORD_RESET_TIMEOUT = DAY // 4
HALF = 1 / 2
REST = 17 % 5
PERMISSIONS = 0o600 | 0o044
MAXIMUM = max(3, 10, 7)
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=1) * 7,
}
CSRF_COOKIE_AGE = int(timedelta(weeks=52).total_seconds())
REMAINING = timedelta(hours=2) - timedelta(minutes=30)
AXES_COOLOFF_TIME = timedelta(hours=1, seconds=30).total_seconds()

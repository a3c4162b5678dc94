"""Tabs, semicolons, backslashes and form feeds."""
import os; DEBUG = False; ALLOWED_HOSTS = ["a.example",
	"b.example"]
if not DEBUG:
	SECURE_SSL_REDIRECT = \
		True
if DEBUG: X_FRAME_OPTIONS = "SAMEORIGIN"
else: X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_SECURE = True

"""Strings put together in every usual way."""

DOMAIN = "shop.example"
SCHEME = "https"
STATIC_URL = SCHEME + "://" + "static." + DOMAIN + "/"
MEDIA_URL = f"{SCHEME}://media.{DOMAIN}/"
LOGIN_URL = "%s://%s/login/" % (SCHEME, DOMAIN)
LOGOUT_REDIRECT_URL = "{}://{}/".format(SCHEME, DOMAIN)
SERVER_EMAIL = "{name}@{domain}".format(name="errors", domain=DOMAIN)
EMAIL_SUBJECT_PREFIX = "[" "shop" "] "
CSRF_TRUSTED_ORIGINS = [f"https://{name}.{DOMAIN}" for name in ("www", "api")]
SESSION_COOKIE_NAME = "_".join(["shop", "session"])
CSRF_COOKIE_NAME = "SHOP-CSRF".lower().replace("-", "_")
CONTENT_SECURITY = """default-src 'self';
img-src *"""
PADDED = "  x ".strip()
FIRST = "a,b,c".split(",")[0]
LAST = "a.b.c".rsplit(".", 1)[-1]
REPEATED = "ab" * 3
NUMBERED = f"{8000 + 1}-{7:03d}-{True!s:>6}-{DOMAIN!r}"
STARTS = DOMAIN.startswith("shop")
TITLED = "shop".title() + "shop".upper() + "Shop".capitalize()
SLICED = DOMAIN[:4] + DOMAIN[-7:]
CONTAINS = "shop" in DOMAIN

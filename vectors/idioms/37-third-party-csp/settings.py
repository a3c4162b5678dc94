"""django-csp's constants."""

from csp.constants import NONCE, NONE, SELF, STRICT_DYNAMIC, UNSAFE_EVAL, UNSAFE_INLINE

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, STRICT_DYNAMIC, UNSAFE_EVAL],
        "style-src": [UNSAFE_INLINE],
        "object-src": [NONE],
    },
}
CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] = ["data:", *CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"]]
NONCES = [NONCE]

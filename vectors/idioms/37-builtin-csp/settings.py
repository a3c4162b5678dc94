"""Django's own CSP constants."""

from django.utils.csp import CSP

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE, CSP.STRICT_DYNAMIC],
    "style-src": [CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "object-src": [CSP.NONE],
    "frame-ancestors": CSP.SELF,
    "upgrade-insecure-requests": True,
}
SECURE_CSP_REPORT_ONLY = {"report-uri": "/csp/"}

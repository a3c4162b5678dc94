"""Decorates all views of a list of patterns."""

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver


def decorated(decorator, patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = decorator(pattern.callback)
        elif isinstance(pattern, URLResolver):
            decorated(decorator, pattern.url_patterns)
    return patterns


def required(patterns):
    return decorated(login_required, patterns)

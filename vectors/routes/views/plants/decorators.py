from functools import wraps

from django.contrib.auth.decorators import login_required, user_passes_test
from django.utils.decorators import decorator_from_middleware
from django.middleware.gzip import GZipMiddleware


def audited(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    return inner


def limited(times, per="minute"):
    def decorator(view):
        @wraps(view)
        def inner(request, *args, **kwargs):
            request.limit = (times, per)
            return view(request, *args, **kwargs)

        return inner

    return decorator


def unnamed(view):
    def inner(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    return inner


gardener_only = user_passes_test(lambda user: user.groups.filter(name="gardeners").exists())
zipped = decorator_from_middleware(GZipMiddleware)


def member(view):
    """One that is made of others."""
    return login_required(audited(view))

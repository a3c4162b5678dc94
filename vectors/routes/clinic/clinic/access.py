from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import AccessMixin, LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.utils.decorators import method_decorator


def role_required(*roles):
    """Only for people with one of these roles."""

    def decorator(view):
        @login_required
        @wraps(view)
        def checked(request, *args, **kwargs):
            if request.user.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorator


doctor_required = role_required("doctor")


class RoleMixin(AccessMixin):
    roles = ()

    def dispatch(self, request, *args, **kwargs):
        if request.user.role not in self.roles:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)


class DoctorMixin(LoginRequiredMixin, RoleMixin):
    roles = ("doctor",)


class DeskView:
    @classmethod
    def as_desk(cls, **initkwargs):
        return login_required(cls.as_view(**initkwargs))


def protected(cls):
    """A class decorator."""
    return method_decorator(login_required, name="dispatch")(cls)

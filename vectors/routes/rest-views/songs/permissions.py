from rest_framework.permissions import BasePermission


class IsListener(BasePermission):
    def has_permission(self, request, view):
        return bool(request.META.get("HTTP_X_LISTENER"))

from rest_framework.permissions import SAFE_METHODS, BasePermission


class IsCaptain(BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.captain == request.user


class ReadOnly(BasePermission):
    def has_permission(self, request, view):
        return request.method in SAFE_METHODS

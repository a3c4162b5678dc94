from rest_framework.permissions import BasePermission, IsAuthenticated


class IsStaffMember(IsAuthenticated):
    def has_permission(self, request, view):
        return super().has_permission(request, view) and request.user.is_staff


class HasSignature(BasePermission):
    def has_permission(self, request, view):
        return "signature" in request.headers

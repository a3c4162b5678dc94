from rest_framework import generics, permissions, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.response import Response

from clinic.apps.patients.models import Patient

from .permissions import HasSignature, IsStaffMember


class PublicMixin:
    permission_classes = [permissions.AllowAny]
    authentication_classes = []


class StrictMixin:
    permission_classes = (IsStaffMember, permissions.IsAdminUser)


class Me(generics.RetrieveUpdateAPIView):
    permission_classes = [permissions.IsAuthenticated]

    def get_object(self):
        return self.request.user


@api_view(["POST"])
@permission_classes([HasSignature])
def hook(request, partner):
    return Response({})


class PatientViewSet(StrictMixin, PublicMixin, viewsets.ModelViewSet):
    queryset = Patient.objects.all()
    http_method_names = ["get", "post", "delete"]

    @action(detail=True, methods=["post"], permission_classes=[*StrictMixin.permission_classes, HasSignature])
    def discharge(self, request, pk=None):
        return Response({})


class NewsViewSet(PublicMixin, StrictMixin, viewsets.ReadOnlyModelViewSet):
    queryset = Patient.objects.none()


VIEWSETS = [("patients", PatientViewSet), ("news", NewsViewSet)]

from rest_framework import mixins, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.viewsets import GenericViewSet, ModelViewSet, ReadOnlyModelViewSet, ViewSet

from .models import Cargo, Harbour, Ship
from .permissions import IsCaptain, ReadOnly
from .serializers import CargoSerializer, HarbourSerializer, ShipSerializer


class AuditMixin:
    @action(detail=False, methods=["get"], permission_classes=[IsAdminUser])
    def audit(self, request):
        return Response([])


class ShipViewSet(AuditMixin, ModelViewSet):
    queryset = Ship.objects.all()
    serializer_class = ShipSerializer
    permission_classes = [IsCaptain | ReadOnly]

    @action(detail=True, methods=["post"])
    def launch(self, request, pk=None):
        return Response({})

    @action(detail=True, methods=["POST", "DELETE"], url_path="set-sail", url_name="sail")
    def sail(self, request, pk=None):
        return Response({})

    @action(detail=True, url_path=r"decks/(?P<deck>\d+)", permission_classes=[AllowAny], authentication_classes=[])
    def deck(self, request, pk=None, deck=None):
        return Response({})

    @action(detail=True, methods=["get"])
    def papers(self, request, pk=None):
        return Response({})

    @papers.mapping.post
    def add_papers(self, request, pk=None):
        return Response({})

    @papers.mapping.delete
    def remove_papers(self, request, pk=None):
        return Response({})

    @action(detail=False)
    def latest_ships(self, request):
        return Response([])


class HarbourViewSet(mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    queryset = Harbour.objects.all()
    serializer_class = HarbourSerializer
    lookup_field = "code"
    lookup_value_regex = "[a-z]{3}"
    throttle_classes = [AnonRateThrottle]

    @action(methods=["put"], detail=True, throttle_classes=[])
    def close(self, request, code=None):
        return Response({})

    def bulk_destroy(self, request):
        return Response(status=204)


class CrewViewSet(ViewSet):
    permission_classes = ()
    authentication_classes = [SessionAuthentication]

    def list(self, request):
        return Response([])

    def retrieve(self, request, pk=None):
        return Response({})

    def destroy(self, request, pk=None):
        return Response(status=204)


class LogViewSet(viewsets.ModelViewSet):
    queryset = Ship.objects.none()
    serializer_class = ShipSerializer
    http_method_names = ["get", "post", "head"]

    def get_permissions(self):
        if self.action == "list":
            return [AllowAny()]
        return [IsAuthenticated()]


class ReadOnlyShips(AuditMixin, ReadOnlyModelViewSet):
    queryset = Ship.objects.all()
    serializer_class = ShipSerializer
    permission_classes = [~IsAuthenticated & ReadOnly]
    lookup_url_kwarg = "ship_id"


class PingViewSet(GenericViewSet):
    permission_classes = [AllowAny]

    @action(detail=False, methods=["get", "head"], url_path="ping")
    def pong(self, request):
        return Response("pong")


class CargoViewSet(viewsets.ModelViewSet):
    queryset = Cargo.objects.all()
    serializer_class = CargoSerializer
    lookup_field = "number"


class ConvertedCargo(CargoViewSet):
    lookup_value_converter = "uuid"

    @action(detail=True, url_path="box/<int:box>")
    def box(self, request, number=None, box=None):
        return Response({})

    @action(detail=False, methods=["post"])
    def weigh(self, request):
        return Response({})

from rest_framework import serializers

from .models import Cargo, Harbour, Ship


class ShipSerializer(serializers.ModelSerializer):
    class Meta:
        model = Ship
        fields = ["name", "captain"]


class HarbourSerializer(serializers.ModelSerializer):
    class Meta:
        model = Harbour
        fields = ["code"]


class CargoSerializer(serializers.ModelSerializer):
    class Meta:
        model = Cargo
        fields = "__all__"

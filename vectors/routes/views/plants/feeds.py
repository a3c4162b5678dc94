from django.contrib.syndication.views import Feed

from .models import Plant


class NewPlants(Feed):
    title = "New plants"
    link = "/plants/"

    def items(self):
        return Plant.objects.order_by("-pk")[:10]

from django.http import HttpResponse
from django.views.generic import DeleteView, DetailView, ListView

from depot.registry import page

from .models import Item, Shelf


@page("item", "list", url="", detail=False)
class ItemList(ListView):
    model = Item


@page("item", "", url="")
class ItemDetail(DetailView):
    model = Item


@page("item", "delete")
@page("item", "remove", success_url="/stock/items/")
class ItemDelete(DeleteView):
    model = Item


@page("item", "label", url="label.pdf")
def label(request, pk):
    return HttpResponse("label")


@page("shelf", "list", url="", detail=False)
class ShelfList(ListView):
    model = Shelf


@page("shelf", "")
class ShelfDetail(DetailView):
    model = Shelf


@page("shelf", "import", detail=False)
def bulk_import(request):
    return HttpResponse("imported")

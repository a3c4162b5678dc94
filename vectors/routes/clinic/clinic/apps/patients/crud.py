from django.urls import path
from django.views import generic

from clinic.access import doctor_required


def patterns_for(model, actions=("list", "create", "delete")):
    """Views made on the spot."""
    made = {
        "list": generic.ListView.as_view(model=model),
        "create": doctor_required(generic.CreateView.as_view(model=model, fields=["name"])),
        "delete": doctor_required(generic.DeleteView.as_view(model=model, success_url="/")),
    }
    urls = {"list": "", "create": "new/", "delete": "<int:pk>/delete/"}
    return [path(urls[action], made[action], name=action) for action in actions]

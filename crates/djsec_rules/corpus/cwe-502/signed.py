# What is signed was made by the server.
import pickle

from django.core import signing


def view(request):
    value = signing.loads(request.COOKIES["cart"])
    pickle.loads(value)  # ok: deserialize

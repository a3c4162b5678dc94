# A loader that makes any object, and the safe one.
import yaml


def view(request):
    yaml.load(request.body, Loader=yaml.UnsafeLoader)  # bad: deserialize
    yaml.load(request.body, Loader=yaml.SafeLoader)  # ok: deserialize
    yaml.safe_load(request.body)  # ok: deserialize
    yaml.unsafe_load(request.body)  # bad: deserialize

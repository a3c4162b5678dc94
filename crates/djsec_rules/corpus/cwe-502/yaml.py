# A loader that makes any object, and the safe one.
import yaml


def view(request):
    yaml.load(request.body, Loader=yaml.UnsafeLoader)  # bad: yaml
    yaml.load(request.body, Loader=yaml.SafeLoader)  # ok: yaml
    yaml.safe_load(request.body)  # ok: yaml
    yaml.unsafe_load(request.body)  # bad: yaml

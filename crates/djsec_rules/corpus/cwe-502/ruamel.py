# ruamel.yaml makes any object only where it is told to.
from ruamel.yaml import YAML, unsafe_load


def load(request):
    YAML(typ="unsafe").load(request.body)  # bad: yaml
    YAML(typ="safe").load(request.body)  # ok: yaml
    YAML().load(request.body)  # ok: yaml
    unsafe_load(request.body)  # bad: yaml


def prepared(request):
    yaml = YAML(typ="unsafe", pure=True)
    return list(yaml.load_all(request.body))  # bad: yaml


def by_line(request):
    yaml = YAML(typ="rt")
    return yaml.load(request.body)  # ok: yaml

# Which objects YAML can make is decided by the class of its loader, wherever that was named.
import yaml

try:
    from yaml import CSafeLoader as FastLoader
except ImportError:
    from yaml import SafeLoader as FastLoader


class Tolerant(yaml.SafeLoader):
    """Takes unknown tags as texts."""


class Reader(yaml.Loader):
    pass


class Wide(Reader):
    pass


class Settings:
    loader = yaml.SafeLoader

    def read(self, text):
        return yaml.load(text, Loader=self.loader)  # ok: yaml


def read(text, loader=yaml.SafeLoader):
    return yaml.load(text, loader)  # ok: yaml


def read_any(text, loader=yaml.SafeLoader):
    return yaml.load(text, loader)  # bad: yaml


def view(request):
    yaml.load(request.body, Loader=Tolerant)  # ok: yaml
    yaml.load(request.body, FastLoader)  # ok: yaml
    yaml.load(request.body, Loader=Reader)  # bad: yaml
    yaml.load(request.body, Wide)  # bad: yaml
    yaml.load(request.body, Loader=Tolerant if request.user.is_staff else yaml.SafeLoader)  # ok: yaml
    yaml.load(request.body, Loader=yaml.FullLoader)  # bad: yaml
    read(request.body)
    read_any(request.body, Reader)
    Settings().read(request.body)

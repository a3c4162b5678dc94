"""Views say themselves at which addresses they are."""

from collections import defaultdict

from django.urls import path

registry = defaultdict(list)


def page(model, action, url=None, detail=True, **arguments):
    """Puts a view among those of a model."""

    def decorator(view):
        registry[model].append(
            {
                "action": action,
                "url": action if url is None else url,
                "detail": detail,
                "view": view,
                "arguments": arguments,
            }
        )
        return view

    return decorator


def patterns(model, detail=True):
    found = []
    for entry in registry.get(model, []):
        if entry["detail"] is not detail:
            continue
        view = entry["view"]
        if isinstance(view, type):
            view = view.as_view(**entry["arguments"])
        name = f"{model}_{entry['action']}" if entry["action"] else model
        found.append(path(f"{entry['url']}/" if entry["url"] else "", view, name=name))
    return found

"""Records the routes that the real Django resolves for the projects of vectors/routes.

usage: routes.py vectors/routes [PROJECT ..]

Run by the python of the `routes` environment. Each project has a case.json: `settings` (the module),
`environments` (a list of variables to set) and, where the project stands elsewhere in the repository,
`source`. Each environment is loaded in a forked child with exactly these variables, started as a
server would be, in a copy of the project. The answer goes into the project's routes.json; what its
fields mean is said in vectors/README.md.
"""

import functools
import importlib
import importlib.metadata
import inspect
import json
import os
import platform
import shutil
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

ARGUMENTS = ["/usr/bin/gunicorn", "config.wsgi"]
# The packages whose version matters, by the name that projects import.
PACKAGES = {
    "allauth": "django-allauth",
    "channels": "channels",
    "debug_toolbar": "django-debug-toolbar",
    "dj_rest_auth": "dj-rest-auth",
    "django_filters": "django-filter",
    "drf_spectacular": "drf-spectacular",
    "graphene_django": "graphene-django",
    "ninja": "django-ninja",
    "rest_framework": "djangorestframework",
    "rest_framework_nested": "drf-nested-routers",
    "rest_framework_simplejwt": "djangorestframework-simplejwt",
    "strawberry": "strawberry-graphql",
}
# What a view class of DRF says about who may come in.
POLICIES = ("authentication_classes", "permission_classes", "throttle_classes")
# Methods that make the attributes above not the whole answer.
OVERRIDES = ("get_authenticators", "get_permissions", "get_throttles", "check_permissions", "initial", "dispatch")


def dotted(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


def policy(entry):
    """A class by its name, `A & B`, `A | B` and `~A` as DRF composes them."""
    operator = getattr(entry, "operator_class", None)
    if operator is None:
        return dotted(entry)
    sign = {"AND": "&", "OR": "|", "NOT": "~"}[operator.__name__]
    if sign == "~":
        return f"~{policy(entry.op1_class)}"
    return f"({policy(entry.op1_class)} {sign} {policy(entry.op2_class)})"


def free(function):
    """The variables that a closure holds."""
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None)
    found = {}
    for name, cell in zip(code.co_freevars if code else (), cells or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not filled
            pass
    return found


def is_end(view):
    return inspect.isclass(view) or inspect.ismethod(view) or any(
        name in getattr(view, "__dict__", {}) for name in ("view_class", "cls")
    )


def inside(view):
    """What a wrapper calls in the end, if it says so; `None` for the view itself."""
    if isinstance(view, functools.partial):
        return view.func
    if inspect.ismethod(view):
        return None
    if "__wrapped__" in getattr(view, "__dict__", {}):
        return view.__wrapped__
    # A decorator that forgot functools.wraps: its closure holds one function.
    if inspect.isfunction(view) and "<locals>" in view.__qualname__ and not is_end(view):
        held = [value for value in free(view).values() if callable(value) and not inspect.isclass(value)]
        if len(held) == 1:
            return held[0]
    return None


def layers(view):
    """The callback of a route and everything in it, outermost first."""
    found = [view]
    while len(found) < 50:
        # A view that DRF or Django made from a class says `__wrapped__` about the class's dispatch.
        following = inside(found[-1])
        if following is None or inspect.isfunction(found[-1]) and made_from_class(found[-1]):
            return found
        found.append(following)
    return found


def made_from_class(view):
    """Whether this is the function that `as_view()` defined, not a decorator around it."""
    return view.__code__.co_qualname.endswith("as_view.<locals>.view")


def wrappers(chain):
    """Which decorator each wrapper comes from, as far as its code says."""
    found = []
    for layer in chain[:-1]:
        if isinstance(layer, functools.partial):
            found.append("functools.partial")
        elif inspect.isfunction(layer):
            outer = layer.__code__.co_qualname.split(".<locals>")[0]
            found.append(f"{layer.__globals__['__name__']}.{outer}")
    return found


def allowed(chain):
    """The methods that decorators around the view let through; `None` for any."""
    methods = None
    for layer in chain:
        names = free(layer).get("request_method_list")
        if names is not None:
            methods = [name for name in names if methods is None or name in methods]
    return methods


def answered(handlers, chain):
    limit = allowed(chain)
    if handlers is None:
        return limit and sorted(limit)
    return sorted(method for method in handlers if limit is None or method in limit)


def class_methods(cls, arguments, actions):
    from django.views import View

    if actions is not None:
        names = [method for method in actions if method in cls.http_method_names]
        return {name.upper() for name in names} | ({"HEAD"} if "get" in actions else set()) | {"OPTIONS"}
    names = arguments.get("http_method_names", cls.http_method_names)
    methods = {name.upper() for name in names if hasattr(cls, name)}
    # One that answers in `dispatch` itself, as views of GraphQL do.
    if methods <= {"OPTIONS"} and cls.dispatch is not View.dispatch:
        return None
    return methods | ({"HEAD"} if "GET" in methods and "head" in names else set())


def described(route, view, classes):
    """What a callback is, and who may call it."""
    chain = layers(view)
    end = chain[-1]
    route["wrappers"] = wrappers(chain)
    cls = getattr(end, "view_class", None) or getattr(end, "cls", None)
    if operations(route, end):
        return
    if cls is not None:
        of_class(route, cls, end, chain, classes)
    elif inspect.ismethod(end):
        route["view"] = f"{dotted(type(end.__self__))}.{end.__name__}"
        route["methods"] = answered(None, chain)
    elif inspect.isfunction(end):
        route["view"] = dotted(end)
        route["methods"] = answered(None, chain)
    else:
        route["kind"] = "instance"
        route["view"] = dotted(type(end))
        route["methods"] = answered(None, chain)
        remember(type(end), classes)
    admin_page(route, chain)


def of_class(route, cls, end, chain, classes):
    arguments = getattr(end, "view_initkwargs", None) or getattr(end, "initkwargs", None) or {}
    actions = getattr(end, "actions", None)
    decorated = cls.__qualname__ == "WrappedAPIView"
    route["kind"] = "api_view" if decorated else "class" if actions is None else "viewset"
    route["view"] = f"{cls.__module__}.{cls.__name__}" if decorated else dotted(cls)
    if arguments:
        route["arguments"] = sorted(arguments)
    if actions is not None:
        route["actions"] = actions
    route["methods"] = answered(class_methods(cls, arguments, actions), chain)
    if hasattr(cls, "permission_classes") and hasattr(cls, "authentication_classes"):
        for name in POLICIES:
            route[name] = [policy(entry) for entry in arguments.get(name, getattr(cls, name))]
        from rest_framework.views import APIView

        overridden = [name for name in OVERRIDES if getattr(cls, name) is not getattr(APIView, name)]
        overridden = [name for name in overridden if not dotted(getattr(cls, name)).startswith("rest_framework.")]
        if overridden:
            route["overrides"] = overridden
    if not decorated:
        remember(cls, classes)


def remember(cls, classes):
    """The resolution order of a class of the project."""
    if cls.__module__ in sys.modules and own(sys.modules[cls.__module__]):
        classes[dotted(cls)] = [dotted(base) for base in cls.__mro__[1:-1]]


def own(module):
    return (getattr(module, "__file__", None) or "").startswith(os.getcwd() + os.sep)


def operations(route, end):
    """A path of Ninja, which holds one or more operations."""
    holder = free(end).get("self")
    if type(holder).__module__.split(".")[0] != "ninja" or not hasattr(holder, "operations"):
        return False
    route["kind"] = "operations"
    route["operations"] = [
        {
            "function": dotted(operation.view_func),
            "methods": sorted(operation.methods),
            "auth": [callback_name(callback) for callback in operation.auth_callbacks],
        }
        for operation in holder.operations
    ]
    return True


def callback_name(callback):
    return dotted(callback if inspect.isroutine(callback) else type(callback))


def admin_page(route, chain):
    """Which site, model and page of an admin a route belongs to."""
    from django.contrib.admin import AdminSite, ModelAdmin

    held = [getattr(layer, "__self__", None) for layer in chain]
    held += [value for layer in chain for value in free(layer).values()]
    held += [getattr(layer, "model_admin", None) for layer in chain]
    held += [getattr(layer, "admin_site", None) for layer in chain]
    admin = next((value for value in held if isinstance(value, ModelAdmin)), None)
    site = admin.admin_site if admin else next((value for value in held if isinstance(value, AdminSite)), None)
    # `admin.site` is a lazy object around the real one.
    site = getattr(site, "_wrapped", site)
    if site is None:
        return
    page = {"site": dotted(type(site))}
    if admin:
        page["model"], page["admin"] = dotted(admin.model), dotted(type(admin))
    route["admin"] = page
    # The same for all pages.
    del route["wrappers"]


def kind(pattern):
    names = {"RoutePattern": "path", "RegexPattern": "regex", "LocalePrefixPattern": "locale"}
    return names[type(pattern).__name__]


def walk(patterns, segments, namespaces, apps, routes, classes):
    for entry in patterns:
        here = [*segments, [kind(entry.pattern), str(entry.pattern)]]
        if hasattr(entry, "url_patterns"):
            spaces = [*namespaces, entry.namespace] if entry.namespace else namespaces
            names = [*apps, entry.app_name] if entry.app_name else apps
            walk(entry.url_patterns, here, spaces, names, routes, classes)
            continue
        route = {
            "segments": here,
            "name": entry.name,
            "namespaces": namespaces,
            "apps": apps,
            "kind": "function",
        }
        described(route, entry.callback, classes)
        if getattr(entry.callback, "csrf_exempt", False):
            route["csrf_exempt"] = True
        # What LoginRequiredMiddleware asks.
        if not getattr(entry.callback, "login_required", True):
            route["login_required"] = False
        if apps == namespaces:
            del route["apps"]
        routes.append({key: value for key, value in route.items() if value or key in KEPT})


def sockets(app, segments, protocol, wrappers, routes, classes, name=None):
    """The routes of an application of Channels; what is Django's own is left out."""
    from channels.routing import ProtocolTypeRouter, URLRouter
    from django.core.handlers.asgi import ASGIHandler

    consumer = getattr(app, "consumer_class", None)
    if isinstance(app, ProtocolTypeRouter):
        for spoken, inner in app.application_mapping.items():
            if spoken in ("http", "websocket"):
                sockets(inner, segments, spoken, [], routes, classes)
    elif isinstance(app, URLRouter):
        for entry in app.routes:
            here = [*segments, [kind(entry.pattern), str(entry.pattern)]]
            sockets(entry.callback, here, protocol, wrappers, routes, classes, entry.name)
    elif consumer is not None:
        route = {
            "segments": segments,
            "name": name,
            "kind": "consumer",
            "view": dotted(consumer),
            "protocol": protocol,
            "wrappers": wrappers,
            "arguments": sorted(app.consumer_initkwargs),
            "methods": None,
        }
        remember(consumer, classes)
        routes.append({key: value for key, value in route.items() if value or key in KEPT})
    elif not isinstance(app, ASGIHandler):
        inner = getattr(app, "inner", None) or getattr(app, "application", None) or getattr(app, "app", None)
        sockets(inner, segments, protocol, [*wrappers, dotted(type(app))], routes, classes, name)


# Fields that are written when they are empty, too.
KEPT = ("name", "methods", "login_required", *POLICIES)


def load(case, env, root):
    os.chdir(root)
    os.environ.clear()
    os.environ.update(env)
    os.environ["DJANGO_SETTINGS_MODULE"] = case["settings"]
    sys.argv = list(ARGUMENTS)
    sys.path.insert(0, root)
    try:
        import django
        import django.conf
        from django.urls import get_resolver

        django.setup()
        routes, classes = [], {}
        walk(get_resolver().url_patterns, [], [], [], routes, classes)
        application = getattr(django.conf.settings, "ASGI_APPLICATION", None)
        if application:
            module, _, name = application.rpartition(".")
            sockets(getattr(importlib.import_module(module), name), [], "", [], routes, classes)
        return {"routes": routes, "classes": dict(sorted(classes.items()))}
    except BaseException:
        traceback.print_exc()
        return None


def forked(case, env, project):
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(os.path.join(folder, "project"))
        left_out = shutil.ignore_patterns("case.json", "routes.json", "__pycache__")
        shutil.copytree(project / case.get("source", "."), root, ignore=left_out)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with os.fdopen(writer, "w") as out:
                json.dump(load(case, env, root), out)
                out.flush()
                sys.stderr.flush()
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as source:
            answer = json.load(source)
        os.waitpid(child, 0)
    if answer is None:
        sys.exit(f"{project.name} cannot be loaded with {env}")
    return answer


def used_packages(folder):
    text = "\n".join(path.read_text() for path in sorted(folder.rglob("*.py")))
    found = {"Django": importlib.metadata.version("django")}
    for module, package in PACKAGES.items():
        if module in text:
            found[package] = importlib.metadata.version(package)
    return dict(sorted(found.items()))


def layout(head, answers):
    """One line per route: easy to read, and to compare in a diff."""
    policies = numbered(answers)
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    blocks = []
    for env, answer in answers:
        routes = ",\n".join(f"      {json.dumps(route, ensure_ascii=False)}" for route in answer["routes"])
        blocks.append(f'    {{"env": {json.dumps(env)}, "routes": [\n{routes}\n    ]}}')
    body = ",\n".join(blocks)
    found = {name: bases for _, answer in answers for name, bases in answer["classes"].items()}
    classes = ",\n".join(f"    {json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found))
    lines += [f'  "environments": [\n{body}\n  ]', f'  "classes": {{\n{classes}\n  }}']
    if policies:
        listed = ",\n".join(f"    {json.dumps(entry)}" for entry in policies)
        lines.append(f'  "policies": [\n{listed}\n  ]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def numbered(answers):
    """Takes the policies out of the routes, which then have the place in the list that is returned."""
    policies = []
    for _, answer in answers:
        for route in answer["routes"]:
            if POLICIES[0] in route:
                entry = {name: route.pop(name) for name in POLICIES}
                if entry not in policies:
                    policies.append(entry)
                route["policy"] = policies.index(entry)
    return policies


def rewrite(project):
    case = json.loads((project / "case.json").read_text())
    answers = [(env, forked(case, env, project)) for env in case["environments"]]
    head = {
        "python": platform.python_version(),
        "packages": used_packages(project / case.get("source", ".")),
    }
    (project / "routes.json").write_text(layout(head, answers))
    print(f"{project.name}: {', '.join(str(len(answer['routes'])) for _, answer in answers)} routes")


def main():
    warnings.simplefilter("ignore")
    root, *only = sys.argv[1:]
    for project in sorted(Path(root).iterdir()):
        if (project / "case.json").exists() and (not only or project.name in only):
            rewrite(project)


if __name__ == "__main__":
    main()

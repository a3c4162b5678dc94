"""What packages put into a site: the patterns of their URLconfs, views that they name, and the models
that they register with the admin. Facts only: patterns, names and dotted paths.

usage: urlconfs.py
Runs in an environment with the packages of requirements-urlconfs.txt; writes JSON to the standard output.
"""

import functools
import importlib.util
import inspect
import json
import sys
import warnings

from routes import dotted, kind, layers, wrappers

warnings.simplefilter("ignore")

# Apps, in the order in which their admin modules are met.
APPS = """
django.contrib.admin django.contrib.admindocs django.contrib.auth django.contrib.contenttypes django.contrib.sessions
django.contrib.messages django.contrib.staticfiles django.contrib.sites django.contrib.flatpages
django.contrib.redirects rest_framework rest_framework.authtoken rest_framework_simplejwt.token_blacklist knox
allauth allauth.account allauth.socialaccount allauth.mfa allauth.usersessions dj_rest_auth dj_rest_auth.registration
oauth2_provider django_otp django_otp.plugins.otp_static django_otp.plugins.otp_totp two_factor debug_toolbar
social_django django_prometheus silk health_check hijack impersonate django_ckeditor_5 tinymce robots django_rq
mozilla_django_oidc django_celery_beat django_celery_results djoser taggit axes guardian
watchman drf_spectacular drf_yasg django_browser_reload wagtail.contrib.forms wagtail.contrib.redirects wagtail.embeds
wagtail.sites wagtail.users wagtail.snippets wagtail.documents wagtail.images wagtail.search wagtail.admin wagtail
modelcluster
""".split()

URLCONFS = """
django.contrib.auth.urls django.contrib.admindocs.urls django.contrib.flatpages.urls django.conf.urls.i18n
rest_framework.urls knox.urls allauth.urls allauth.account.urls allauth.socialaccount.urls allauth.mfa.urls
allauth.usersessions.urls dj_rest_auth.urls dj_rest_auth.registration.urls oauth2_provider.urls two_factor.urls
debug_toolbar.urls social_django.urls django_prometheus.urls silk.urls health_check.urls hijack.urls
impersonate.urls django_ckeditor_5.urls tinymce.urls robots.urls django_rq.urls 
mozilla_django_oidc.urls djoser.urls djoser.urls.base djoser.urls.authtoken djoser.urls.jwt djoser.social.urls
watchman.urls django_browser_reload.urls wagtail.urls wagtail.admin.urls wagtail.documents.urls wagtail.images.urls
""".split()

# Modules with views under names of their own: `login = LoginView.as_view()`.
VIEWS = """
rest_framework.authtoken.views rest_framework_simplejwt.views allauth.account.views allauth.socialaccount.views
dj_rest_auth.views dj_rest_auth.registration.views oauth2_provider.views social_django.views django_prometheus.exports
graphene_django.views wagtail.views mozilla_django_oidc.views
""".split()


def configure():
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="made-up",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SITE_ID=1,
        ROOT_URLCONF="urlconfs",
        STATIC_URL="/static/",
        MEDIA_URL="/media/",
        DEBUG=True,
        USE_I18N=True,
        RQ_QUEUES={},
        WAGTAIL_SITE_NAME="made-up",
        WAGTAILADMIN_BASE_URL="https://example.org",
        MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        OIDC_OP_AUTHORIZATION_ENDPOINT="",
    )
    settings.INSTALLED_APPS = installed()
    django.setup()


def installed():
    found = []
    for app in APPS:
        try:
            if importlib.util.find_spec(app) is None:
                raise ImportError("not found")
            found.append(app)
        except ImportError as error:
            print(f"{app}: {error}", file=sys.stderr)
    return found


urlpatterns = []


def view(callback):
    """What answers, in the words of the route vectors."""
    chain = layers(callback)
    end = chain[-1]
    found = {"wrappers": wrappers(chain)}
    cls = getattr(end, "view_class", None) or getattr(end, "cls", None)
    if cls is not None and cls.__qualname__ == "WrappedAPIView":
        found.update(type="function", view=f"{cls.__module__}.{cls.__name__}")
    elif cls is not None:
        arguments = getattr(end, "view_initkwargs", None) or getattr(end, "initkwargs", None) or {}
        found.update(type="class", view=dotted(cls), arguments=sorted(arguments))
        if getattr(end, "actions", None):
            found.update(type="viewset", actions=end.actions)
    elif inspect.isfunction(end):
        found.update(type="function", view=dotted(end))
    elif inspect.ismethod(end):
        found.update(type="function", view=f"{dotted(type(end.__self__))}.{end.__name__}")
    elif isinstance(end, functools.partial):
        found.update(type="function", view=dotted(end.func))
    else:
        found.update(type="instance", view=dotted(type(end)))
    return {key: value for key, value in found.items() if value}


def patterns(entries, modules, root):
    out = []
    for entry in entries:
        item = {"kind": kind(entry.pattern), "text": str(entry.pattern)}
        if not hasattr(entry, "url_patterns"):
            item.update(view(entry.callback))
            if entry.name:
                item["name"] = entry.name
            if root == "allauth.urls" and item["text"].startswith("social/"):
                item["app"] = "allauth.socialaccount"
            out.append(item)
            continue
        if entry.namespace:
            item["namespace"] = entry.namespace
        if inspect.ismodule(entry.urlconf_name):
            name = entry.urlconf_name.__name__
            item["include"] = name
            app = condition(name, root)
            if app:
                item["app"] = app
            record(name, modules)
        else:
            item["patterns"] = patterns(entry.url_patterns, modules, root)
        out.append(item)
    return out


def condition(name, root):
    """The app that must be installed for a URLconf of another app to be included."""
    owner = owning(name)
    return owner if owner and owner != owning(root) and "." in owner else None


def owning(name):
    apps = [app for app in APPS if name == app or name.startswith(f"{app}.")]
    return max(apps, key=len, default=None)


def record(name, modules):
    if name in modules:
        return
    try:
        module = importlib.import_module(name)
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return
    entries, app = module.urlpatterns, getattr(module, "app_name", None)
    if isinstance(entries, tuple) and len(entries) == 2 and isinstance(entries[1], str):
        entries, app = entries
    modules[name] = answer = {}
    if app:
        answer["app_name"] = app
    answer["patterns"] = patterns(entries, modules, name)


def named_views():
    found = {}
    for name in VIEWS:
        try:
            module = importlib.import_module(name)
        except Exception as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        for key, value in sorted(vars(module).items()):
            cls = getattr(value, "view_class", None) or getattr(value, "cls", None)
            if callable(value) and inspect.isclass(cls) and not inspect.isclass(value):
                if cls.__qualname__ != "WrappedAPIView":
                    found[f"{name}.{key}"] = dotted(cls)
    return found


def admin_models():
    from django.apps import apps
    from django.contrib import admin

    owners = {}
    for model, model_admin in admin.site._registry.items():
        owner = type(model_admin).__module__.removesuffix(".admin")
        if type(model_admin) is admin.ModelAdmin:
            owner = apps.get_app_config(model._meta.app_label).name
        names = [config.name for config in apps.get_app_configs()]
        owner = max((n for n in names if owner == n or owner.startswith(f"{n}.")), key=len, default=owner)
        owners.setdefault(owner, []).append([dotted(model), dotted(type(model_admin))])
    return owners


def lines(head, entries):
    """One entry a line, so that changes can be read."""
    body = ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(entries.items()))
    return f'  "{head}": {{\n{body}\n  }}'


def main():
    configure()
    modules = {}
    for name in URLCONFS:
        record(name, modules)
    parts = [lines("urlconfs", modules), lines("views", named_views()), lines("admin", admin_models())]
    print("{\n" + ",\n".join(parts) + "\n}")


if __name__ == "__main__":
    main()

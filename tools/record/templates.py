"""Asks Django's template parser, in the environment `templates`.

usage: templates.py django | packages | cases | random SEED COUNT | trees [--full]

`django` and `packages` print what the libraries of tags register (see template_libraries.py); `django` needs
nothing but Django, of any series.
`cases` prints the texts of template_cases.py with the tree or the error that Django makes of each.
`random` does so for texts that are put together by chance of pieces of these: they are not kept.
`trees` does so for every template of the installed packages: the texts are not printed, only their places,
a digest of each, and a digest of the tree; `--full` prints whole trees, to look for a difference.
One JSON object a line; the first names the versions.
"""

import importlib.metadata
import json
import platform
import sys
import warnings
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

APPS = {
    "Django": [
        "django.contrib.admin", "django.contrib.admindocs", "django.contrib.auth", "django.contrib.contenttypes",
        "django.contrib.flatpages", "django.contrib.humanize", "django.contrib.messages", "django.contrib.redirects",
        "django.contrib.sessions", "django.contrib.sitemaps",
        "django.contrib.sites", "django.contrib.staticfiles", "django.contrib.syndication",
    ],
    "crispy-bootstrap5": ["crispy_bootstrap5"],
    "django-allauth": [
        "allauth", "allauth.account", "allauth.mfa", "allauth.socialaccount", "allauth.usersessions",
    ],
    "django-compressor": ["compressor"],
    "django-crispy-forms": ["crispy_forms"],
    "django-debug-toolbar": ["debug_toolbar"],
    "django-filter": ["django_filters"],
    "django-widget-tweaks": ["widget_tweaks"],
    "djangorestframework": ["rest_framework"],
    "wagtail": [
        "modelcluster", "taggit", "wagtail", "wagtail.admin", "wagtail.contrib.forms", "wagtail.contrib.frontend_cache",
        "wagtail.contrib.redirects", "wagtail.contrib.routable_page", "wagtail.contrib.search_promotions",
        "wagtail.contrib.settings", "wagtail.contrib.simple_translation", "wagtail.contrib.styleguide",
        "wagtail.contrib.table_block", "wagtail.contrib.typed_table_block", "wagtail.documents", "wagtail.embeds",
        "wagtail.images", "wagtail.locales", "wagtail.search", "wagtail.sites", "wagtail.snippets", "wagtail.users",
    ],
}
# Gis asks for libraries of the system; its templates need none.
FOLDERS = ["contrib/gis/templates", "forms/templates", "views/templates"]
# The name of the template that a case stands for.
NAME = "shop/page.html"


def configure(packages):
    installed = [app for package in packages for app in APPS[package]]
    own = {"MIDDLEWARE": ["allauth.account.middleware.AccountMiddleware"]} if "django-allauth" in packages else {}
    settings.configure(
        INSTALLED_APPS=installed,
        CRISPY_ALLOWED_TEMPLATE_PACKS=["bootstrap5", "bootstrap4"],
        CRISPY_TEMPLATE_PACK="bootstrap5",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SECRET_KEY="recorded",
        USE_I18N=False,
        SITE_ID=1,
        STATIC_ROOT="/static",
        STATIC_URL="/static/",
        ROOT_URLCONF="django.contrib.auth.urls",
        WAGTAIL_SITE_NAME="recorded",
        WAGTAILADMIN_BASE_URL="http://localhost",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        **own,
    )
    django.setup()


def header():
    versions = {package: importlib.metadata.version(package) for package in APPS}
    return json.dumps({"python": platform.python_version(), "packages": versions})


def read(text, name):
    """The tree of a text, or what Django says against it and at which line."""
    import template_trees
    from django.template import engines
    from django.template.base import Origin, Template

    template_trees.NAMES.clear()
    engine = engines["django"].engine
    engine.debug = True
    try:
        template = Template(text, Origin(name, template_name=name), name, engine)
    except Exception as error:
        message = str(getattr(error, "raw_error_message", error)).partition(" Must be one of:\n")[0]
        kind = type(error).__name__
        place = error.token
        # Django counts characters; a byte is what we count.
        span = [len(text[:at].encode()) for at in place.position]
        kind = {} if kind == "TemplateSyntaxError" else {"exception": kind}
        return {"error": message, **kind, "line": place.lineno, "span": span}
    return {"tree": template_trees.nodes(template.nodelist)}


def cases(texts):
    yield header()
    for text in texts:
        yield json.dumps({"text": text, **read(text, NAME)}, ensure_ascii=False)


def templates():
    """Every template of the packages: its package, where it stands in the environment, and its name."""
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    folders += [Path(django.__file__).parent / folder for folder in FOLDERS]
    root = Path(django.__file__).parent.parent
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(root).as_posix(), path.relative_to(folder).as_posix(), path


def trees(full):
    import xxhash

    def digest(text):
        return xxhash.xxh3_64_hexdigest(text.encode())

    yield header()
    for place, name, path in templates():
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        answer = read(text, name)
        if "tree" in answer and not full:
            answer = {"tree": digest(answer["tree"])}
        yield json.dumps({"path": place, "name": name, "text": digest(text), **answer}, ensure_ascii=False)


def main(what, *options):
    warnings.simplefilter("ignore")
    configure(["Django"] if what == "django" else APPS)
    if what in ("django", "packages"):
        import template_libraries

        if what == "packages":
            print("# Recorded by `cargo xtask record templates` from", header())
            print("# library kind name …: of a tag what ends it and what divides it, of a filter its arguments")
        lines = template_libraries.of_django() if what == "django" else template_libraries.of_packages()
    else:
        import template_cases
        import template_trees

        template_trees.watch()
        if what == "trees":
            lines = trees("--full" in options)
        else:
            ours = what == "cases"
            lines = cases(template_cases.texts() if ours else template_cases.random_texts(*map(int, options)))
    for line in lines:
        print(line)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

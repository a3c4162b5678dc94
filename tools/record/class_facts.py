"""Which packages classes.py asks, and what of them is left out: written by hand."""

# The packages whose versions are recorded.
PACKAGES = [
    "channels", "dj-rest-auth", "Django", "django-allauth", "django-axes", "django-braces", "django-crispy-forms",
    "django-extra-views", "django-filter", "django-guardian", "django-hijack", "django-import-export", "django-mptt",
    "django-ninja", "django-oauth-toolkit", "django-otp", "django-polymorphic", "django-ratelimit", "django-rest-knox",
    "django-tables2", "django-taggit", "django-two-factor-auth", "djangorestframework", "djangorestframework-simplejwt",
    "drf-nested-routers", "drf-spectacular", "graphene", "graphene-django", "rules", "strawberry-graphql",
    "strawberry-graphql-django", "wagtail",
]
IMPORTED = [
    "allauth", "asgiref", "axes", "braces", "channels", "crispy_forms", "dj_rest_auth", "django", "django_filters",
    "django_otp", "django_ratelimit", "django_tables2", "drf_spectacular", "extra_views", "formtools", "graphene",
    "graphene_django", "guardian", "hijack", "import_export", "knox", "modelcluster", "mptt", "ninja", "oauth2_provider",
    "polymorphic", "rest_framework", "rest_framework_nested", "rest_framework_simplejwt", "rules", "strawberry",
    "strawberry_django", "taggit", "treebeard", "two_factor", "wagtail",
]
LEFT_OUT = [
    "django.bin", "django.conf.locale", "django.contrib.gis.gdal", "django.contrib.gis.geos", "django.contrib.postgres.aggregates",
    "django.db.backends", "django.contrib.gis.db.backends", "django.db.migrations", "django.db.models.functions",
    "django.contrib.gis.db.models.functions", "django.core.checks", "django.db.models.sql", "django.template.defaulttags",
    "django.template.loader_tags", "django.template.base", "django.templatetags", "django.db.models.lookups", "django.test",
    "django.contrib.gis.db.models.lookups", "django.contrib.postgres.lookups", "django.contrib.postgres.search",
    "django.db.models.expressions", "django.core.management.commands", "django.utils.translation", "django.contrib.gis.utils",
    "django.contrib.gis.geoip2", "django.__main__", "ninja.testing", "ninja.openapi", "ninja.signature", "strawberry.cli", "strawberry.codegen",
    "strawberry.ext", "strawberry.printer", "strawberry.schema_codegen", "strawberry.federation", "strawberry.experimental", "strawberry.aiohttp",
    "strawberry.chalice", "strawberry.fastapi", "strawberry.flask", "strawberry.litestar", "strawberry.quart", "strawberry.sanic",
    "strawberry.pyramid", "strawberry.tools", "strawberry.asgi", "strawberry.static", "strawberry.streamable", "wagtail.bin", "wagtail.test", "wagtail.utils.l10n",
    "wagtail.project_template", "wagtail.embeds.finders", "wagtail.images.rect", "wagtail.search.backends", "wagtail.contrib.search_promotions.sql",
    "strawberry.exceptions", "strawberry.subscriptions", "strawberry.relay", "strawberry.extensions", "strawberry.types", "strawberry.http",
    "strawberry.schema", "strawberry.codemods", "guardian.testapp", "rest_framework_nested.runtests", "django_otp.test_utils", "oauthlib", "wagtail.admin.panels.model_utils",
    # Pages of Wagtail's admin that nobody derives from.
    *(f"wagtail.admin.views.{name}" for name in ["pages", "workflows", "home", "collections", "bulk_action", "page_privacy", "tags"]),
    "wagtail.images.views.bulk_actions", "wagtail.documents.views.bulk_actions", "wagtail.users.views.bulk_actions", "wagtail.contrib.styleguide",
    "wagtail.contrib.simple_translation", "wagtail.contrib.search_promotions", "wagtail.contrib.redirects.views", "wagtail.admin.urls",
    "django.contrib.postgres.operations", "django.contrib.postgres.indexes", "django.contrib.postgres.constraints", "django.contrib.postgres.functions",
    "wagtail.actions", "wagtail.permission_policies", "wagtail.admin.staticfiles", "wagtail.admin.widgets", "wagtail.admin.forms.choosers",
    "wagtail.images.widgets", "wagtail.admin.localization", "wagtail.admin.compare", "wagtail.admin.rich_text", "wagtail.admin.ui", "django.utils.log",
    "wagtail.images.utils", "django.core.serializers", "django.core.cache.backends", "django.tasks", "django.template",
    "django.db.models.constraints", "django.db.models.options", "django.db.models.query_utils", "django.db.models.deletion",
    "django.forms.renderers", "django.utils.html", "import_export.formats", "drf_spectacular.plumbing", "drf_spectacular.contrib",
    "allauth.idp.oidc.internal", "allauth.headless.internal", "allauth.headless.spec", "wagtail.search.index", "wagtail.search.management", "rest_framework.compat", "rest_framework.schemas", "graphene.test", "graphene.pyutils", "asgiref.testing",
    "channels.testing", "wagtail.contrib.postgres_search", "wagtail.whitelist", "wagtail.rich_text", "wagtail.telepath",
    "wagtail.admin.telepath", "wagtail.coreutils", "wagtail.admin.rich_text.converters", "wagtail.contrib.typed_table_block.blocks_test",
]
LEFT_OUT_PARTS = {"wagtail_hooks", "checks", "app_settings", "signal_handlers", "menu", "jinja2tags", "internal", "rich_text", "compare", "ui", "collectors", "migrations", "tests", "test", "testing", "templatetags", "jinja2", "conftest", "commands", "locale"}
# Modules that are no package but from which people import functions defined elsewhere.
FACADES = {"django.shortcuts", "rest_framework.generics", "rest_framework.serializers", "django.contrib.gis.admin"}
# Packages whose other modules do not serve as places to import from.
ONLY_PACKAGES = {"allauth", "wagtail", "strawberry", "strawberry_django", "oauth2_provider", "graphene", "graphene_django", "polymorphic", "treebeard"}
# By package: the object that its classes read settings from, and how the setting is called.
SETTINGS = {
    "django": {"settings": ""},
    "rest_framework": {"api_settings": "REST_FRAMEWORK."},
    "rest_framework_simplejwt": {"api_settings": "SIMPLE_JWT.", "settings": ""},
    "drf_spectacular": {"spectacular_settings": "SPECTACULAR_SETTINGS."},
    "knox": {"knox_settings": "REST_KNOX.", "api_settings": "REST_FRAMEWORK."},
    "oauth2_provider": {"oauth2_settings": "OAUTH2_PROVIDER."},
}
PRIVATE_METHODS = {"__init__", "__call__", "__getattr__"}
PRIVATE_CLASSES = set()
# What the metaclass of models adds to each of them.
ADDED = {"DoesNotExist", "MultipleObjectsReturned", "NotUpdated", "base_fields", "declared_fields", "base_filters", "declared_filters", "media", "base_columns"}
MADE_BY_MODELS = {
    "DeferredAttribute", "ForeignKeyDeferredAttribute", "ForwardManyToOneDescriptor", "ForwardOneToOneDescriptor", "ManyToManyDescriptor",
    "ReverseManyToOneDescriptor", "ReverseOneToOneDescriptor", "ManagerDescriptor_", "FileDescriptor", "ImageFileDescriptor",
}
# Sign-in at a provider: one folder a provider, alike.
PROVIDERS = "allauth.socialaccount.providers."
PROVIDERS_KEPT = {"base", "oauth", "oauth2", "openid_connect", "saml"}
# Attributes of Wagtail's admin that only change what a page looks like.
LOOKS = {"wagtail"}
LOOKS_ALIKE = ("icon", "template", "_name", "url", "label", "title", "text", "message", "classname", "header", "ordering", "Meta", "Media")
LONGEST_TEXT = 80
LONGEST_LIST = 12
# Classes of the standard library that projects derive from; those that packages derive from are added.
STANDARD = [
    "abc.ABC", "argparse.Action", "argparse.ArgumentParser", "argparse.HelpFormatter", "collections.OrderedDict",
    "collections.UserDict", "collections.UserList", "collections.UserString", "collections.defaultdict", "collections.deque", "collections.Counter",
    "configparser.ConfigParser", "contextlib.ContextDecorator", "contextlib.ExitStack", "datetime.date", "datetime.datetime", "datetime.timedelta", "datetime.tzinfo",
    "decimal.Decimal", "enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum", "html.parser.HTMLParser",
    "http.server.BaseHTTPRequestHandler", "io.BytesIO", "io.StringIO", "json.decoder.JSONDecoder", "json.encoder.JSONEncoder", "logging.Filter",
    "logging.Formatter", "logging.Handler", "logging.Logger", "logging.LoggerAdapter", "logging.StreamHandler", "pathlib.Path", "string.Formatter",
    "string.Template", "threading.Thread", "typing.Generic", "typing.Protocol", "typing.Any", "unittest.case.TestCase", "ast.NodeVisitor", "ast.NodeTransformer",
    "json.JSONEncoder", "json.JSONDecoder", "threading.local", "unittest.TestCase", "collections.abc.Mapping", "collections.abc.MutableMapping",
    "collections.abc.Sequence", "pathlib.PurePath", "concurrent.futures.ThreadPoolExecutor",
    "builtins.dict", "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset", "builtins.str", "builtins.int", "builtins.float", "builtins.bytes",
    "builtins.type", "builtins.property", "builtins.BaseException", "builtins.Exception", "builtins.ValueError", "builtins.TypeError", "builtins.RuntimeError",
    "builtins.KeyError", "builtins.AttributeError", "builtins.LookupError", "builtins.IndexError", "builtins.NotImplementedError", "builtins.PermissionError",
    "builtins.OSError", "builtins.ConnectionError", "builtins.TimeoutError", "builtins.ImportError", "builtins.AssertionError", "builtins.Warning",
    "builtins.UserWarning", "builtins.DeprecationWarning", "builtins.ArithmeticError", "builtins.StopIteration",
]

APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
    "django.contrib.messages", "django.contrib.flatpages", "django.contrib.redirects", "django.contrib.postgres", "django.contrib.staticfiles",
    "django.contrib.humanize", "django.contrib.sitemaps", "django.contrib.syndication",
    "allauth", "allauth.account", "allauth.socialaccount", "allauth.mfa", "allauth.usersessions", "allauth.headless", "axes", "channels", "crispy_forms",
    "dj_rest_auth", "django_filters", "django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static", "django_otp.plugins.otp_email",
    "django_otp.plugins.otp_hotp", "django_tables2", "drf_spectacular", "extra_views", "formtools", "graphene_django", "guardian", "hijack", "import_export",
    "knox", "mptt", "ninja", "oauth2_provider", "phonenumber_field", "polymorphic", "rest_framework", "rest_framework.authtoken",
    "rest_framework_simplejwt", "rest_framework_simplejwt.token_blacklist", "rules", "strawberry_django", "taggit", "treebeard", "two_factor",
    "two_factor.plugins.phonenumber", "two_factor.plugins.email",
    "wagtail.contrib.forms", "wagtail.contrib.redirects", "wagtail.contrib.settings", "wagtail.contrib.search_promotions", "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block", "wagtail.contrib.simple_translation", "wagtail.contrib.frontend_cache", "wagtail.contrib.styleguide", "wagtail.contrib.routable_page", "wagtail.embeds", "wagtail.sites", "wagtail.users",
    "wagtail.snippets", "wagtail.documents", "wagtail.images", "wagtail.search", "wagtail.admin", "wagtail.locales", "wagtail.api.v2", "wagtail",
    "modelcluster",
]


def left_out(module):
    if any(module == out or module.startswith(f"{out}.") for out in LEFT_OUT):
        return True
    provider = module.removeprefix(PROVIDERS)
    if provider != module and provider.split(".")[0] not in PROVIDERS_KEPT:
        return True
    return any(part in LEFT_OUT_PARTS for part in module.split("."))


def configure():
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=APPS,
        SECRET_KEY="recorded",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        ROOT_URLCONF="class_facts",
        SITE_ID=1,
        STATIC_URL="/static/",
        MEDIA_URL="/media/",
        USE_TZ=True,
        WAGTAILADMIN_BASE_URL="https://example.org",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware", "allauth.account.middleware.AccountMiddleware"],
    )
    django.setup()


urlpatterns = []

"""Prints what each reader of environment variables makes of each text, one JSON object a line.

Run by the python of the `full-5.2` environment. The first line names the versions. A line has `reader`,
`input` (null when the variable is not set) and either `value` (as tagged.py writes it) or `error`
(the exception's class). The project of a reader with booleans is `vectors/idioms/*`; this is the table.
"""

import importlib.metadata
import json
import os
import platform
import sys
import warnings

import decouple
import dj_database_url
import environ
import environs
from everett.manager import ConfigManager, ConfigOSEnv
from prettyconf import config as prettyconf
from pydantic_settings import BaseSettings

from tagged import tagged

PACKAGES = [
    "dj-database-url", "django-configurations", "django-environ", "dynaconf", "environs", "everett", "prettyconf",
    "pydantic", "pydantic-settings", "python-decouple",
]
NAME = "DJSEC_VALUE"
BOOLEANS = [
    None, "true", "True", "TRUE", "tRuE", "1", "2", "01", "-1", "1.0", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "t", "T",
    "ok", "OK", "false", "False", "FALSE", "0", "00", "no", "No", "NO", "n", "N", "off", "Off", "OFF", "f", "F", "", " ", " true ",
    "true\n", "None", "null", "enabled", "disabled", "garbage", "'true'", '"false"', "@bool no", "@bool yes",
]
LISTS = [
    None, "", " ", ",", "a", "a,b", "a, b", " a , b ", "a,,b", "a,b,", "'a,b',c", '"a b",c', "[a,b]", '["a","b"]', "a;b", "a b", "*",
    "(a,b)", "a\\,b",
]
INTEGERS = [None, "", "0", "1", "-1", "+1", " 7 ", "1_000", "1.0", "1e3", "0x10", "010", "x", "true", "١"]
URLS = [
    None, "", "sqlite://", "sqlite://:memory:", "sqlite:///:memory:", "sqlite:///db.sqlite3", "sqlite:////srv/db.sqlite3",
    "postgres://h/n", "postgres://u:p@h:5433/n", "postgresql://u:p%40%23@h/n?sslmode=require", "postgis://u@h/n",
    "postgres://%2Fvar%2Frun%2Fpostgresql/n", "mysql://u:p@h:3306/n?charset=utf8mb4", "mysql2://u@h/n", "oracle://u:p@h:1521/n",
    "mssql://u:p@h/n", "psql://u:p@h/n", "postgres://u:p@h/n?conn_max_age=60&application_name=shop", "cockroach://u@h/n",
    "redshift://u@h/n", "nonsense", "http://h/n", "postgres://u:p@h:port/n", "postgres://u:p#x@h/n",
]


class Flag(BaseSettings):
    djsec_value: bool = False


class FlagRequired(BaseSettings):
    djsec_value: bool


class Names(BaseSettings):
    djsec_value: list[str] = ["default"]


class Number(BaseSettings):
    djsec_value: int = 5


def configurations_value(kind, default):
    from configurations import values

    # setup() reads the variable as the importer does for a class attribute of that name.
    return getattr(values, kind)(default, environ_prefix=None).setup(NAME)


def dynaconf_value():
    import dynaconf

    return dynaconf.LazySettings(ENVVAR_PREFIX_FOR_DYNACONF="DJSEC", VALUE="default").VALUE


def helper_true_one():
    return os.environ[NAME].lower() in ("true", "1") if NAME in os.environ else False


everett = ConfigManager([ConfigOSEnv()])
BOOL_READERS = {
    "os.environ.get truth": lambda: bool(os.environ.get(NAME, False)),
    "bool(os.environ.get(default 'False'))": lambda: bool(os.environ.get(NAME, "False")),
    "in os.environ": lambda: NAME in os.environ,
    "lower() == 'true'": lambda: os.environ.get(NAME, "").lower() == "true",
    "helper true/1": helper_true_one,
    "django-environ bool default": lambda: environ.Env().bool(NAME, default=False),
    "django-environ bool required": lambda: environ.Env().bool(NAME),
    "django-environ default False": lambda: environ.Env()(NAME, default=False),
    "django-environ no cast": lambda: environ.Env()(NAME),
    "python-decouple bool default": lambda: decouple.config(NAME, default=False, cast=bool),
    "python-decouple bool required": lambda: decouple.config(NAME, cast=bool),
    "environs bool default": lambda: environs.Env().bool(NAME, default=False),
    "environs bool required": lambda: environs.Env().bool(NAME),
    "django-configurations BooleanValue": lambda: configurations_value("BooleanValue", False),
    "dynaconf": dynaconf_value,
    "pydantic bool default": lambda: Flag().djsec_value,
    "pydantic bool required": lambda: FlagRequired().djsec_value,
    "everett bool default": lambda: everett(NAME, default="false", parser=bool),
    "everett bool required": lambda: everett(NAME, parser=bool),
    "prettyconf boolean default": lambda: prettyconf(NAME, default=False, cast=prettyconf.boolean),
    "prettyconf boolean required": lambda: prettyconf(NAME, cast=prettyconf.boolean),
}
LIST_READERS = {
    "split(',')": lambda: os.environ.get(NAME, "default").split(","),
    "split()": lambda: os.environ.get(NAME, "default").split(),
    "django-environ list": lambda: environ.Env().list(NAME, default=["default"]),
    "django-environ tuple": lambda: environ.Env().tuple(NAME, default=("default",)),
    "python-decouple Csv": lambda: decouple.config(NAME, default="default", cast=decouple.Csv()),
    "environs list": lambda: environs.Env().list(NAME, default=["default"]),
    "django-configurations ListValue": lambda: configurations_value("ListValue", ["default"]),
    "pydantic list[str]": lambda: Names().djsec_value,
    "prettyconf list": lambda: prettyconf(NAME, default=["default"], cast=prettyconf.list),
    "dynaconf": dynaconf_value,
}
INT_READERS = {
    "int(os.environ.get)": lambda: int(os.environ.get(NAME, "5")),
    "django-environ int": lambda: environ.Env().int(NAME, default=5),
    "python-decouple int": lambda: decouple.config(NAME, default=5, cast=int),
    "environs int": lambda: environs.Env().int(NAME, default=5),
    "django-configurations IntegerValue": lambda: configurations_value("IntegerValue", 5),
    "pydantic int": lambda: Number().djsec_value,
    "everett int": lambda: everett(NAME, default="5", parser=int),
    "dynaconf": dynaconf_value,
}
URL_READERS = {
    "dj_database_url.config": lambda: dj_database_url.config(env=NAME, default="sqlite://:memory:"),
    "django-environ db": lambda: environ.Env().db(NAME, default="sqlite://:memory:"),
    "environs dj_db_url": lambda: environs.Env().dj_db_url(NAME, default="sqlite://:memory:"),
}
TABLES = [
    ("bool", BOOL_READERS, BOOLEANS),
    ("list", LIST_READERS, LISTS),
    ("int", INT_READERS, INTEGERS),
    ("database", URL_READERS, URLS),
]


def read(reader, text):
    os.environ.pop(NAME, None)
    if text is not None:
        os.environ[NAME] = text
    try:
        value = reader()
        return {"value": tagged(list(value) if type(value).__name__ == "BoxList" else value)}
    except Exception as error:
        return {"error": type(error).__name__}


def main():
    warnings.simplefilter("ignore")
    versions = {package: importlib.metadata.version(package) for package in PACKAGES}
    print(json.dumps({"python": platform.python_version(), "packages": versions}))
    for kind, readers, inputs in TABLES:
        for name, reader in readers.items():
            for text in inputs:
                print(json.dumps({"kind": kind, "reader": name, "input": text, **read(reader, text)}))


if __name__ == "__main__":
    sys.exit(main())

# Classes whose fields packages fill: attrs, models of pydantic, namespaces.
import json
import os
from types import SimpleNamespace

import attr
import attrs
from pydantic import BaseModel


@attr.s
class Old:
    folder = attr.ib()
    other = attr.ib(default="")


@attrs.define
class New:
    folder: str
    _other: str = ""


class Inner(BaseModel):
    folder: str
    depth: int = 1


class Outer(BaseModel):
    inner: Inner
    folder: str
    depth: int = 1


def of_attrs(request):
    old = Old(folder=request.GET["folder"])
    os.system(old.folder)  # bad: command
    os.system(old.other)  # ok: command
    new = New(request.GET["folder"])
    os.system(new.folder)  # bad: command
    os.system(new._other)  # ok: command
    os.system(New("ls", other=request.GET["folder"])._other)  # bad: command


def of_pydantic(request):
    one = Outer(**request.GET.dict())
    os.system(one.folder)  # bad: command
    os.system("ls %s" % one.depth)  # ok: command
    two = Outer.model_validate(json.loads(request.body))
    os.system(two.folder)  # bad: command
    os.system(two.inner.folder)  # bad: command
    os.system("ls %s" % two.inner.depth)  # ok: command
    three = Outer.model_validate_json(request.body)
    os.system(three.inner.folder)  # bad: command
    os.system("ls %s" % three.depth)  # ok: command
    os.system(Outer(folder="ls", inner=Inner(folder=request.GET["folder"])).folder)  # ok: command


def of_namespace(request):
    space = SimpleNamespace(folder=request.GET["folder"], other="ls")
    os.system(space.folder)  # bad: command
    os.system(space.other)  # ok: command

# Parameters of operations by their types: in the query, in schemas, in lists of them.
import datetime
from typing import Optional
from uuid import UUID

import requests
from ninja import Router, Schema

router = Router()


class Part(Schema):
    host: str
    number: int


class Hook(Schema):
    name: Optional[str] = None
    day: datetime.date
    part: Part


@router.get("/hooks")
def search(request, q: str, page: int = 1, key: Optional[UUID] = None):
    requests.get("https://" + q)  # bad: ssrf
    requests.get("https://example.com:%s" % page)  # ok: ssrf
    requests.get("https://%s.example.com" % key)  # ok: ssrf


@router.post("/hooks")
def create(request, hook: Hook):
    requests.get("https://" + hook.name)  # bad: ssrf
    requests.get("https://%s.example.com" % hook.day)  # ok: ssrf
    requests.get("https://" + hook.part.host)  # bad: ssrf
    requests.get("https://example.com:%s" % hook.part.number)  # ok: ssrf


def no_operation(request, q: str):
    requests.get("https://" + q)  # ok: ssrf

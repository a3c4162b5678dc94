# What a response of the project's own class is for browsers is decided by its class.
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse


class TextResponse(HttpResponse):
    def __init__(self, content="", **options):
        super().__init__(content, content_type="text/plain", **options)  # ok: html


class TypedResponse(HttpResponse):
    content_type = "text/csv"

    def __init__(self, content="", **options):
        super().__init__(content, content_type=self.content_type, **options)  # ok: html


class DefaultsResponse(HttpResponse):
    def __init__(self, content="", **options):
        options["content_type"] = "text/css"
        super().__init__(content, **options)  # ok: html


class PageResponse(HttpResponse):
    def __init__(self, content="", **options):
        super().__init__(content, **options)  # bad: html


class Teapot(HttpResponse):
    status_code = 418


class Rows(StreamingHttpResponse):
    content_type = "text/plain"


class Answer(JsonResponse):
    pass


def view(request):
    name = request.GET["name"]
    if request.GET["as"] == "text":
        return TextResponse(name)
    if request.GET["as"] == "typed":
        return TypedResponse(name)
    if request.GET["as"] == "css":
        return DefaultsResponse(name)
    if request.GET["as"] == "teapot":
        return Teapot(name)  # bad: html
    if request.GET["as"] == "json":
        return Answer({"name": name})  # ok: html
    if request.GET["as"] == "rows":
        # Nothing asks for the attribute of that name.
        return Rows([name])  # bad: html
    return PageResponse(name, status=201)


def written(request):
    response = TextResponse()
    response.write(request.GET["name"])  # ok: html
    page = Teapot()
    page.write(request.GET["name"])  # bad: html
    other = PageResponse()
    other.write(request.GET["name"])  # bad: html
    table = TypedResponse()
    table.content = request.GET["name"]  # ok: html
    return response

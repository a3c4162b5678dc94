# What a view of REST framework renders with is said by `get_renderers`, or by the decorator of an action.
from django.utils.html import escape
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer, StaticHTMLRenderer, TemplateHTMLRenderer
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet


class Page(APIView):
    def get_renderers(self):
        return [StaticHTMLRenderer()]

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: html

    def post(self, request):
        return Response("<p>Hello " + escape(request.data["name"]))  # ok: html


class Data(APIView):
    renderer_classes = [StaticHTMLRenderer]

    def get_renderers(self):
        return [JSONRenderer()]

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: markup


class Filtered(APIView):
    renderer_classes = [JSONRenderer]

    def get_renderers(self):
        renderers = super().get_renderers()
        return [one for one in renderers if not isinstance(one, StaticHTMLRenderer)]

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: markup


class Added(APIView):
    renderer_classes = [JSONRenderer]

    def get_renderers(self):
        renderers = super().get_renderers()
        renderers.append(StaticHTMLRenderer())
        return renderers

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: html


class ByAction(ViewSet):
    renderer_classes = [JSONRenderer]

    def get_renderers(self):
        if self.action == "preview":
            return [StaticHTMLRenderer()]
        return super().get_renderers()

    def list(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: markup

    @action(detail=False)
    def preview(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: html

    @action(detail=False)
    def raw(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: markup


class ByMethod(APIView):
    renderer_classes = [JSONRenderer]

    def get_renderers(self):
        if self.request.method in ("GET", "HEAD"):
            return [one() for one in [StaticHTMLRenderer]]
        return [one() for one in self.renderer_classes]

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: html

    def post(self, request):
        return Response("<p>Hello " + request.data["name"])  # bad: markup


class Decorated(ViewSet):
    renderer_classes = [JSONRenderer]

    @action(detail=True, renderer_classes=[StaticHTMLRenderer])
    def page(self, request, pk):
        return Response("<p>Hello " + request.query_params["name"])  # bad: html

    @action(detail=True)
    def data(self, request, pk):
        return Response("<p>Hello " + request.query_params["name"])  # bad: markup


class Pages(ViewSet):
    renderer_classes = [StaticHTMLRenderer]

    @action(detail=True, renderer_classes=[JSONRenderer])
    def data(self, request, pk):
        return Response("<p>Hello " + request.query_params["name"])  # bad: markup


class Shown(APIView):
    renderer_classes = [TemplateHTMLRenderer]
    template_name = "shown.html"

    def get(self, request):
        return Response({"name": request.query_params["name"], "clean": "<b>Hello</b>"})


class Chosen(APIView):
    template_name = "data.html"

    def get_renderers(self):
        if self.request.method == "POST":
            return [JSONRenderer()]
        return [TemplateHTMLRenderer()]

    def get(self, request):
        return Response({"name": request.query_params["name"]}, template_name="chosen.html")

    def post(self, request):
        return Response({"name": request.data["name"]})
# --- templates/shown.html
<p>{{ name }}</p>
<p>{{ name|safe }}</p>  # bad: html
<p>{{ clean|safe }}</p>
# --- templates/chosen.html
<p>{{ name|safe }}</p>  # bad: html
# --- templates/data.html
<p>{{ name|safe }}</p>  # ok: html

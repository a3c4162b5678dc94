# What REST framework answers is a page where the view's renderer sends texts as they are.
from rest_framework.decorators import api_view, renderer_classes
from rest_framework.renderers import JSONRenderer, StaticHTMLRenderer
from rest_framework.response import Response
from rest_framework.views import APIView


class Page(APIView):
    renderer_classes = [StaticHTMLRenderer]

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: html


class Own(StaticHTMLRenderer):
    charset = "utf-8"


class OwnPage(APIView):
    renderer_classes = (JSONRenderer, Own)

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: html


class Data(APIView):
    renderer_classes = [JSONRenderer]

    def get(self, request):
        return Response("<p>Hello " + request.query_params["name"])  # bad: markup


class Default(APIView):
    def get(self, request):
        return Response({"name": request.query_params["name"]})  # ok: html


@api_view(["GET"])
@renderer_classes([StaticHTMLRenderer])
def page(request):
    return Response("<p>Hello " + request.query_params["name"])  # bad: html


@api_view(["GET"])
@renderer_classes([JSONRenderer])
def data(request):
    return Response("<p>Hello " + request.query_params["name"])  # bad: markup

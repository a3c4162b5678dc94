# Names of an address choose a template; a name that no address fills is never there.
from django.views.generic import TemplateView


class Page(TemplateView):
    code = "404"

    def get_template_names(self):
        return [str(self.kwargs.get("code", self.code)) + ".html"]  # ok: template-name


class Named(TemplateView):
    def get_template_names(self):
        return ["pages/%s.html" % self.kwargs["page"]]  # bad: template-name


class Slug(TemplateView):
    def get_template_names(self):
        return ["pages/%s.html" % self.kwargs["page"]]  # ok: template-name
# --- urls.py
from django.urls import path

from shop.views import Named, Page, Slug

urlpatterns = [
    path("page/", Page.as_view()),
    path("named/<path:page>", Named.as_view()),
    path("slug/<slug:page>", Slug.as_view()),
]

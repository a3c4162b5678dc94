# Template names from a table, and those of a class with another base.
from django.views.generic import DetailView, TemplateView

NAMES = {"a": "a.html", "b": "b.html"}


class Page(TemplateView):
    def get_template_names(self):
        return [NAMES.get(self.request.GET["page"], "a.html")]  # ok: template-name


class Checked(DetailView):
    def get_template_names(self):
        page = self.request.GET["page"]
        if page not in NAMES:
            return ["a.html"]
        return [page + ".html"]  # ok: template-name


class Other:
    def get_template_names(self):
        return [self.request.GET["page"]]  # ok: template-name

# A generic view that chooses its template by the request.
from django.views.generic import TemplateView


class Page(TemplateView):
    def get_template_names(self):
        return [self.request.GET["page"] + ".html"]  # bad: template-name

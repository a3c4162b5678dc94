from django.contrib.auth.decorators import login_not_required, login_required, permission_required
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin, UserPassesTestMixin
from django.forms import Form
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import CreateView, DeleteView, DetailView, FormView, ListView, TemplateView, UpdateView

from ..models import Plant


class OwnerMixin(LoginRequiredMixin):
    def get_queryset(self):
        return super().get_queryset().filter(owner=self.request.user)


class PlantList(ListView):
    model = Plant
    paginate_by = 20


class PlantDetail(DetailView):
    queryset = Plant.objects.all()


class PlantCreate(PermissionRequiredMixin, CreateView):
    permission_required = "plants.add_plant"
    model = Plant
    fields = ["name"]


class PlantUpdate(OwnerMixin, UpdateView):
    model = Plant
    fields = ["name"]


class PlantDelete(UserPassesTestMixin, OwnerMixin, DeleteView):
    model = Plant
    http_method_names = ["post", "delete"]

    def test_func(self):
        return self.get_object().owner == self.request.user


class Raw(View):
    def get(self, request):
        return HttpResponse("raw")

    def post(self, request):
        return HttpResponse("saved")

    patch = post


class ReadOnlyRaw(Raw):
    http_method_names = ["get", "head", "options"]


class Guarded(View):
    @method_decorator([login_required, never_cache])
    @method_decorator(csrf_exempt)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)

    def get(self, request):
        return HttpResponse("guarded")


class GuardedGet(View):
    @method_decorator(permission_required("plants.view_plant"))
    def get(self, request):
        return HttpResponse("guarded")


@method_decorator(login_not_required, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")
class PublicPage(TemplateView):
    template_name = "public.html"


class AskView(FormView):
    form_class = Form
    template_name = "ask.html"
    success_url = "/"


class AsyncView(View):
    async def get(self, request):
        return HttpResponse("later")

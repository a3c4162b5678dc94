from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, TemplateView

from clinic.access import DeskView, DoctorMixin, doctor_required, protected, role_required

from .models import Patient


@require_safe
@role_required("doctor", "nurse")
def search(request):
    return HttpResponse("found")


class Record(DoctorMixin, DetailView):
    model = Patient


@doctor_required
def note(request, pk):
    return HttpResponse("noted")


class Desk(DeskView, TemplateView):
    pass


@protected
class Closed(DetailView):
    model = Patient

# A decorated view is a view.
import os

from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_POST


@login_required
@require_POST
def view(request):
    os.system("ls " + request.POST["folder"])  # bad: command

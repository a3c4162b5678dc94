# The visitor says where to go.
from django.http import HttpResponseRedirect
from django.shortcuts import redirect


def view(request):
    if request.user.is_staff:
        return redirect(request.GET["next"])  # bad: redirect
    if request.user.is_active:
        return HttpResponseRedirect(request.POST.get("next", "/"))  # bad: redirect
    return redirect("/shop/")  # ok: redirect

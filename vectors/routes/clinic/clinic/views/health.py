from django.http import HttpResponse


def _answer(text):
    def view(request):
        return HttpResponse(text)

    return view


live = _answer("live")


async def ready(request):
    return HttpResponse("ready")

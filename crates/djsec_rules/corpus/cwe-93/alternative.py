# The HTML part of a mail with alternatives.
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def view(request):
    mail = EmailMultiAlternatives("Hello", "text")
    mail.attach_alternative("<p>" + request.POST["name"], "text/html")  # bad: mail
    page = render_to_string("mail.html", {"name": request.POST["name"]})
    mail.attach_alternative(page, "text/html")  # ok: mail

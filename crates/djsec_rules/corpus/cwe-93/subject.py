# Django refuses line ends in the subject of a mail.
from django.core.mail import EmailMessage, send_mail


def view(request):
    send_mail("Hello " + request.POST["name"], "text", None, ["a@example.com"])  # ok: mail
    send_mail("Hello", request.POST["text"], None, ["a@example.com"])  # ok: mail
    EmailMessage(subject=request.POST["subject"], body="x")  # ok: mail

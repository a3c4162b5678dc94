# A subject with line ends is refused.
from django.core.mail import send_mail


def view(request):
    subject = request.POST["subject"]
    if "\n" in subject or "\r" in subject:
        return None
    send_mail(subject, "text", None, ["a@example.com"])  # ok: mail
    send_mail(request.POST["other"], "text", None, ["a@example.com"])  # ok: mail

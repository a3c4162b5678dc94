# The HTML of a mail, escaped and not.
from django.core.mail import send_mail
from django.utils.html import escape


def view(request):
    name = request.POST["name"]
    send_mail("Hello", "text", None, ["a@example.com"], html_message="<p>" + name)  # bad: mail
    safe = "<p>" + escape(name)
    send_mail("Hello", "text", None, ["a@example.com"], html_message=safe)  # ok: mail

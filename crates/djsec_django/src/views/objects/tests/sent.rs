use super::found;
use crate::views::objects::KeyOrigin;

fn origin(origin: &KeyOrigin) -> String {
    format!("{origin:?}")
        .to_lowercase()
        .replace("some(", "")
        .replace([')', '"'], "")
        .replace('(', " ")
}

/// `cookie role = admin: refuses, opens 1` for each condition on what the client sends.
fn decisions(views: &str, target: &str) -> Vec<String> {
    let objects = found(views, target, &["pk"], None);
    let shown = objects.decisions.iter().map(|decision| {
        let sent: Vec<String> = decision.sent.iter().map(|sent| origin(&sent.origin)).collect();
        let refuses = if decision.refuses { " refuses," } else { "" };
        let words = decision.words.join(" ");
        format!("{} = {words}:{refuses} opens {}", sent.join(" "), decision.opens.len())
    });
    shown.collect()
}

/// `total < body total` for each field that is given what the client sends.
fn given(views: &str, target: &str) -> Vec<String> {
    let objects = found(views, target, &["pk"], None);
    let all = objects.accesses.iter().flat_map(|access| &access.given);
    all.map(|given| {
        let form = if given.sent.form.is_some() { " by a form" } else { "" };
        format!("{} < {}{form}", given.field, origin(&given.sent.origin))
    })
    .collect()
}

#[test]
fn conditions_on_what_the_client_sends_say_what_they_open() {
    let views = r#"
def refused(request):
    if request.COOKIES.get("role") != "admin":
        raise PermissionDenied
    return render(request, "x.html", {"orders": Order.objects.all()})

def other_way(request):
    if request.COOKIES.get("role") == "banned":
        raise PermissionDenied
    return render(request, "x.html", {"orders": Order.objects.all()})

def opened(request):
    if not request.META.get("HTTP_X_STAFF"):
        return render(request, "x.html")
    Order.objects.all().delete()

def widened(request):
    orders = Order.objects.filter(customer=request.user)
    if request.GET.get("all") == "1":
        orders = Order.objects.all()
    return render(request, "x.html", {"orders": orders})

def asked(request):
    if request.user.is_staff and request.GET.get("all"):
        Order.objects.all().delete()
    if request.session["role"] == "admin" or request.META["REMOTE_USER"] == "root":
        Order.objects.all().delete()
    if request.get_signed_cookie("role") == "admin":
        Order.objects.all().delete()
"#;
    assert_eq!(decisions(views, "refused"), ["cookie role = admin: refuses, opens 1"]);
    assert_eq!(decisions(views, "other_way"), ["cookie role = banned: opens 0"]);
    assert_eq!(decisions(views, "opened"), ["header x-staff = get: opens 1"]);
    assert_eq!(decisions(views, "widened"), ["query all = 1: opens 1"]);
    let opened: Vec<String> = decisions(views, "asked");
    assert_eq!(opened, ["query all = get: opens 0"]);
}

#[test]
fn fields_are_given_what_the_client_sends_unless_the_site_looks_at_it() {
    let views = r#"
import json
from django import forms
from decimal import Decimal

PRICES = {"small": 1}
PRICE = 2

class Choice(forms.Form):
    paid = forms.BooleanField()

def raw(request):
    data = json.loads(request.body)
    Order.objects.create(is_paid=Decimal(data["paid"].strip()))
    order = request.user.orders.first()
    order.is_paid = request.POST["paid"] == "on"
    order.save()
    Order.objects.filter(customer=request.user).update(is_paid=data.get("is_paid"))

def cleaned(request):
    form = Choice(request.POST)
    Order.objects.create(is_paid=form.cleaned_data["paid"])

def cleaned_somewhere(request):
    form = elsewhere.Form(request.POST)
    Order.objects.create(is_paid=form.cleaned_data["paid"])

def worked_on(request):
    Order.objects.create(is_paid=PRICES[request.POST["size"]])
    Order.objects.create(is_paid=int(request.POST["count"]) * PRICE)
    Order.objects.create(is_paid=gateway.ask(request.POST["paid"]))

def compared(request):
    order = request.user.orders.first()
    if request.POST["paid"] != order.paid_with:
        raise PermissionDenied
    Order.objects.create(is_paid=request.POST["paid"])
    if request.user.is_staff:
        Order.objects.create(is_paid=request.POST["is_paid"])
"#;
    assert_eq!(
        given(views, "raw"),
        ["is_paid < body paid", "is_paid < body paid", "is_paid < body is_paid"]
    );
    assert_eq!(given(views, "cleaned"), ["is_paid < body paid by a form"]);
    assert!(given(views, "cleaned_somewhere").is_empty());
    assert!(given(views, "worked_on").is_empty());
    assert!(given(views, "compared").is_empty());
}

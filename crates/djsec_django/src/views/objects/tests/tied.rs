//! What ties rows to who asks without naming them in the look-up.

use super::{found, seen};
use crate::views::objects::Operation;

#[test]
fn what_a_function_makes_at_random_is_not_guessed() {
    let views = r"
def good(request, key):
    a = Board.objects.get(anchor=key)
    b = Board.objects.get(place=key)
    c = Order.objects.get(pk=a.order_id)

def bad(request, key):
    a = Board.objects.get(short=key)
    b = Board.objects.get(title=key)
    c = Board.objects.get(seat=key)
";
    assert_eq!(
        seen(views, "good", &["key"]),
        [
            "fetch board anchor<url key: unguessable anchor",
            "fetch board place<url key: unguessable place",
            "fetch order pk<object: parent",
        ]
    );
    assert_eq!(
        seen(views, "bad", &["key"]),
        [
            "fetch board short<url key: unscoped",
            "fetch board title<url key: unscoped",
            "fetch board seat<url key: unscoped",
        ]
    );
}

#[test]
fn a_key_of_json_may_tell_that_nobody_else_knows_its_value() {
    let views = r"
def found(request, key):
    a = Share.objects.filter(extras__mail__confirmation_token=key).first()
    b = Share.objects.filter(extras__token__colour=key).first()
";
    assert_eq!(
        seen(views, "found", &["key"]),
        [
            "fetch share extras__mail__confirmation_token<url key: unknown",
            "fetch share extras__token__colour<url key: unscoped",
        ]
    );
}

#[test]
fn a_row_is_checked_by_what_its_key_leads_to() {
    let views = r#"
def checked(request, pk):
    line = Line.objects.get(pk=pk)
    order = Order.objects.get(pk=line.order_id)
    if order.customer != request.user:
        raise Http404
    return render(request, "a.html", {"line": line})

def loose(request, pk):
    line = Line.objects.get(pk=pk)
    order = Order.objects.filter(pk=line.order_id).first()
    if order and order.customer != request.user:
        raise Http404
    return render(request, "a.html", {"line": line})
"#;
    let found = seen(views, "checked", &["pk"]);
    assert_eq!(found.first().map(String::as_str), Some("fetch line pk<url pk: parent"));
    let found = seen(views, "loose", &["pk"]);
    assert_eq!(found.first().map(String::as_str), Some("fetch line pk<url pk: unscoped"));
}

#[test]
fn a_function_that_ends_in_an_exception_checks_by_what_it_returns_under() {
    let views = r#"
class Base:
    model = Order

    def get_object(self, queryset=None):
        order = super().get_object(queryset)
        if self.request.user.has_perm("shop.change_order"):
            return order
        if order.customer_id == self.request.profile.id:
            return order
        raise PermissionDenied

class Page(Base, DetailView):
    def post(self, request, *args, **kwargs):
        order = self.get_object()
        order.is_paid = True
        order.save()

class Open(DetailView):
    model = Order

    def get_object(self, queryset=None):
        order = super().get_object(queryset)
        if order.customer_id == self.request.profile.id:
            return order
        if self.request.GET.get("preview"):
            return order
        raise PermissionDenied

def ensure_owner(order, viewer):
    if not hasattr(order, "customer"):
        return
    if order.is_paid:
        return
    if order.customer == viewer:
        return
    raise PermissionDenied()

def remember(order, viewer):
    if order.customer == viewer:
        return
    print("somebody else")

def refused(request, pk):
    order = Order.objects.get(pk=pk)
    ensure_owner(order, request.user)
    order.delete()

def ensure_staff(order, viewer):
    if not hasattr(order, "customer") or not hasattr(order, "is_paid"):
        return
    if viewer.is_staff:
        return
    raise PermissionDenied()

def by_role(request, pk):
    order = Order.objects.get(pk=pk)
    ensure_staff(order, request.user)
    order.delete()

def only_noted(request, pk):
    order = Order.objects.get(pk=pk)
    remember(order, request.user)
    order.delete()
"#;
    let found = seen(views, "by_role", &["pk"]);
    assert_eq!(found[1], "delete order pk<url pk: unscoped [asker]");
    // A row that is for everybody is one for whom it is looked at, too.
    let found = seen(views, "refused", &["pk"]);
    assert!(found.iter().all(|one| one.contains("[condition]")), "{found:?}");
    let found = seen(views, "only_noted", &["pk"]);
    assert!(found[1].ends_with("unscoped"), "{found:?}");
    let found = seen(views, "Page", &["pk"]);
    assert!(!found.is_empty() && found.iter().all(|one| one.contains("[condition]")), "{found:?}");
    let found = seen(views, "Open", &["pk"]);
    assert!(!found.iter().any(|one| one.contains("[condition]")), "{found:?}");
}

#[test]
fn who_is_looked_up_as_a_member_first_may_ask_for_what_is_of_the_same_parent() {
    let views = r"
def plans(request, slug, pk):
    member = Member.objects.get(team__slug=slug, user=request.user)
    one = Plan.objects.get(team__slug=slug, pk=pk)
    other = Plan.objects.get(pk=pk)

def later(request, slug, pk):
    one = Plan.objects.get(team__slug=slug, pk=pk)
    member = Member.objects.filter(team__slug=slug, user=request.user).first()
";
    let found = seen(views, "plans", &["slug", "pk"]);
    assert!(found[1].ends_with("[key]"), "{found:?}");
    assert!(!found[2].contains("[key]"), "{found:?}");
    let found = seen(views, "later", &["slug", "pk"]);
    assert!(!found[0].contains("[key]"), "{found:?}");
}

#[test]
fn a_form_that_looks_rows_up_itself_is_not_what_was_sent() {
    let views = r#"
class Merge(forms.Form):
    names = forms.CharField()
    other = forms.CharField()

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_names(self):
        found = [Line.objects.get(text=name, order__customer=self.user) for name in self.cleaned_data["names"].split()]
        return found

    def clean_other(self):
        other = self.cleaned_data["other"]
        if not Line.objects.filter(text=other).exists():
            raise forms.ValidationError("unknown")
        return other

def merge(request):
    form = Merge(request.user, data=request.POST)
    if form.is_valid():
        Line.objects.filter(pk__in=form.cleaned_data["names"]).delete()
        Line.objects.filter(pk=form.cleaned_data["other"]).delete()
"#;
    let found = seen(views, "merge", &[]);
    let deleted: Vec<&String> = found.iter().filter(|one| one.starts_with("delete")).collect();
    assert!(deleted[0].ends_with("unknown"), "{found:?}");
    assert!(deleted[1].ends_with("unscoped"), "{found:?}");
}

#[test]
fn a_form_that_is_told_who_asks_may_refuse_to_save() {
    let views = r#"
class Checked(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["is_paid"]

    def save(self, request, *args, **kwargs):
        self.instance.check_owner(request.user)
        return super().save(*args, **kwargs)

class Noted(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["is_paid"]

    def save(self, user, *args, **kwargs):
        print(user)
        return super().save(*args, **kwargs)

def checked(request, pk):
    form = Checked(request.POST, instance=Order.objects.get(pk=pk))
    form.save(request)

def noted(request, pk):
    form = Noted(request.POST, instance=Order.objects.get(pk=pk))
    form.save(request.user)
"#;
    let found = seen(views, "checked", &["pk"]);
    assert!(found.len() == 2 && found.iter().all(|one| one.contains("[condition]")), "{found:?}");
    let found = seen(views, "noted", &["pk"]);
    assert!(found.len() == 2 && found.iter().all(|one| one.ends_with("unscoped")), "{found:?}");
}

#[test]
fn a_row_to_which_only_rows_of_who_asks_are_tied_is_not_read() {
    let views = r#"
def starred(request, pk):
    order = get_object_or_404(Order, pk=pk)
    Star.objects.create(order=order, user=request.user)
    return redirect(order.get_absolute_url())

def unstarred(request, pk):
    order = Order.objects.get(pk=pk)
    if not order.is_paid:
        raise Http404
    get_object_or_404(Star, order=order, user=request.user).delete()

def told(request, pk):
    order = get_object_or_404(Order, pk=pk)
    Star.objects.create(order=order, user=request.user)
    return render(request, "starred.html", {"order": order})

def told_by_name(request, pk):
    order = get_object_or_404(Order, pk=pk)
    star = Star.objects.create(order=order, user=request.user)
    return render(request, "starred.html", locals())

def extended(request, pk):
    order = get_object_or_404(Order, pk=pk)
    Line.objects.create(order=order, text="one more")

def kept(request, pk):
    order = get_object_or_404(Order, pk=pk)
"#;
    let only_joined = |view: &str| found(views, view, &["pk"], None).accesses[0].only_joined;
    assert!(only_joined("starred"));
    assert!(only_joined("unstarred"));
    assert!(!only_joined("told"));
    assert!(!only_joined("told_by_name"));
    assert!(!only_joined("extended"), "a line of somebody else's order");
    assert!(!only_joined("kept"), "nothing is known of what it is for");
}

#[test]
fn what_is_asked_of_a_row_by_the_way_it_was_found_is_asked_of_where_it_was_found() {
    let views = r#"
def back(request, pk, line):
    order = Order.objects.get(pk=pk)
    line = order.lines.get(pk=line)
    if line.order.customer != request.user:
        raise Http404
    return render(request, "a.html", {"order": order})

def beside(request, pk, line):
    order = Order.objects.get(pk=pk)
    line = Line.objects.get(pk=line)
    if line.order.customer != request.user:
        raise Http404
    return render(request, "a.html", {"order": order})
"#;
    let found = seen(views, "back", &["pk", "line"]);
    assert_eq!(
        found.first().map(String::as_str),
        Some("fetch order pk<url pk: unscoped [condition]")
    );
    let found = seen(views, "beside", &["pk", "line"]);
    assert_eq!(found.first().map(String::as_str), Some("fetch order pk<url pk: unscoped"));
}

#[test]
fn a_row_that_only_has_the_address_to_go_to_is_not_shown() {
    let views = r#"
def led(request, pk):
    order = get_object_or_404(Order, pk=pk)
    return redirect(order)

def led_by_name(request, pk):
    order = get_object_or_404(Order, pk=pk)
    return redirect(reverse("order", args=[order.customer.slug, order.pk]))

def told(request, pk):
    order = get_object_or_404(Order, pk=pk)
    messages.success(request, f"{order.note} is here now")
    return redirect(order)

def done(request, pk):
    order = get_object_or_404(Order, pk=pk)
    order.cancel_all()
    return redirect(order)

def opened(request, pk):
    order = get_object_or_404(Order, pk=pk)
    return redirect(order.note)

def with_key(request, pk):
    order = get_object_or_404(Order, pk=pk)
    return redirect(reverse("order", args=[order.pk]) + f"?key={order.note}")

def kept(request, pk):
    order = get_object_or_404(Order, pk=pk)
    order.is_paid = True
    order.save()
    return redirect(order)
"#;
    let views =
        format!("from django.contrib import messages\nfrom django.urls import reverse\n{views}");
    let only = |view: &str| found(&views, view, &["pk"], None).accesses;
    assert!(only("led")[0].only_joined);
    assert!(only("led_by_name")[0].only_joined);
    assert!(!only("told")[0].only_joined);
    assert!(!only("done")[0].only_joined, "nobody knows what that does");
    assert!(!only("opened")[0].only_joined, "whoever is sent to a file, or with a key, has it");
    assert!(!only("with_key")[0].only_joined);
    let kept = only("kept");
    assert!(kept.iter().any(|access| access.operation == Operation::Update && !access.only_joined));
}

#[test]
fn lists_that_are_made_longer_again_and_again_end() {
    let doubled = "    kinds += kinds\n".repeat(60);
    let views = format!(
        "def view(request, pk):\n    orders = Order.objects.filter(pk=pk)\n    kinds = [Order]\n{doubled}    orders.delete()\n"
    );
    let found = seen(&views, "view", &["pk"]);
    assert!(found.iter().any(|one| one.starts_with("delete order")), "{found:?}");
}

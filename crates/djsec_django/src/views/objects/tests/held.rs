//! Which checks hold for what is done to a row.

use super::seen;

/// Whether what is done to the row at last is looked at before.
fn is_checked(views: &str, view: &str) -> bool {
    let found = seen(views, view, &["pk"]);
    let done = found.iter().rfind(|one| one.starts_with("delete") || one.starts_with("update"));
    let done = done.unwrap_or_else(|| panic!("{view} does nothing: {found:?}"));
    ["condition", "call ", "key"].iter().any(|kind| done.contains(&format!("[{kind}")))
}

fn all_are(views: &str, checked: &[&str], open: &[&str]) {
    let wrong = |names: &[&str], wanted: bool| -> Vec<String> {
        let names = names.iter().filter(|name| is_checked(views, name) != wanted);
        names.map(|name| (*name).to_owned()).collect()
    };
    assert_eq!((wrong(checked, true), wrong(open, false)), (vec![], vec![]));
}

#[test]
fn a_check_holds_for_what_comes_after_it() {
    let views = r#"
def before(request, pk):
    order = Order.objects.get(pk=pk)
    if order.customer != request.user:
        raise PermissionDenied
    order.delete()

def behind(request, pk):
    order = Order.objects.get(pk=pk)
    order.delete()
    if order.customer != request.user:
        raise PermissionDenied

def last(request, pk):
    order = Order.objects.get(pk=pk)
    if request.method == "POST":
        order.is_paid = True
        order.save()
        return redirect("orders")
    if order.customer != request.user:
        raise PermissionDenied
    return render(request, "a.html", {"order": order})

class Page(View):
    def get(self, request, pk):
        order = Order.objects.get(pk=pk)
        if order.customer != request.user:
            raise PermissionDenied

    def post(self, request, pk):
        order = Order.objects.get(pk=pk)
        order.delete()
"#;
    all_are(views, &["before"], &["behind", "last", "Page"]);
}

#[test]
fn a_check_holds_for_the_methods_that_get_there() {
    let views = r#"
def shown_only(request, pk):
    order = Order.objects.get(pk=pk)
    if request.method == "GET":
        if order.customer != request.user:
            raise PermissionDenied
        return render(request, "a.html", {"order": order})
    order.delete()

def each(request, pk):
    order = Order.objects.get(pk=pk)
    if request.method == "POST":
        if order.customer != request.user:
            raise PermissionDenied
    form = OrderForm(request.POST, instance=order)
    if form.is_valid():
        order.save()

def together(request, pk):
    order = Order.objects.get(pk=pk)
    if request.method == "POST" and order.customer != request.user:
        raise PermissionDenied
    if request.method == "POST":
        order.save()

def other(request, pk):
    order = Order.objects.get(pk=pk)
    if request.method == "DELETE" and order.customer != request.user:
        raise PermissionDenied
    if request.method == "POST":
        order.save()

class Page(View):
    def dispatch(self, request, pk):
        self.order = Order.objects.get(pk=pk)
        if request.method == "POST" and self.order.customer != request.user:
            raise PermissionDenied
        return super().dispatch(request, pk)

    def post(self, request, pk):
        self.order.delete()
"#;
    all_are(views, &["each", "together", "Page"], &["shown_only", "other"]);
}

#[test]
fn a_check_that_the_client_can_go_around_does_not_hold() {
    let views = r#"
def asked_for(request, pk):
    order = Order.objects.get(pk=pk)
    if request.GET.get("careful"):
        order.check_owner(request.user)
    order.delete()

def waived(request, pk):
    order = Order.objects.get(pk=pk)
    if request.POST.get("force") != "yes" and order.customer != request.user:
        raise PermissionDenied
    order.delete()

def or_sent(request, pk):
    order = Order.objects.get(pk=pk)
    if order.customer == request.user or "force" in request.POST:
        order.delete()

def inside(request, pk):
    order = Order.objects.get(pk=pk)
    if request.POST.get("act") == "remove":
        order.check_owner(request.user)
        order.delete()

def twice(request, pk):
    order = Order.objects.get(pk=pk)
    act = request.POST.get("act")
    if act == "remove":
        order.check_owner(request.user)
    if act == "remove":
        order.delete()

def both(request, pk):
    order = Order.objects.get(pk=pk)
    if request.POST.get("act") == "remove":
        order.check_owner(request.user)
    else:
        if order.customer != request.user:
            raise PermissionDenied
    order.delete()

def with_key(request, pk):
    order = Order.objects.get(pk=pk)
    if request.headers.get("X-Key") != settings.INNER_KEY:
        order.check_owner(request.user)
    order.delete()

def paid(request, pk):
    order = Order.objects.get(pk=pk)
    if order.is_paid or order.customer != request.user:
        raise PermissionDenied
    order.delete()
"#;
    let checked = ["inside", "twice", "both", "with_key", "paid"];
    all_are(views, &checked, &["asked_for", "waived", "or_sent"]);
}

#[test]
fn what_the_client_has_chosen_says_more_than_it_says() {
    let views = r#"
def among(request, pk):
    order = Order.objects.get(pk=pk)
    act = request.POST.get("act")
    if act in ("edit", "remove"):
        order.check_owner(request.user)
    if act == "remove":
        order.delete()

def there(request, pk):
    order = Order.objects.get(pk=pk)
    act = request.POST.get("act")
    if act:
        order.check_owner(request.user)
    if act == "remove":
        order.delete()

def no_show(request, pk):
    order = Order.objects.get(pk=pk)
    act = request.POST.get("act")
    if act != "show":
        order.check_owner(request.user)
    if act == "remove":
        order.delete()

def made(request, pk):
    if request.POST.get("order"):
        order = Order.objects.get(pk=request.POST["order"])
        order.check_owner(request.user)
    else:
        order = Order(customer=request.user)
    order.save()

def others(request, pk):
    order = Order.objects.get(pk=pk)
    act = request.POST.get("act")
    if act in ("edit", "show"):
        order.check_owner(request.user)
    if act == "remove":
        order.delete()
"#;
    all_are(views, &["among", "there", "no_show", "made"], &["others"]);
}

#[test]
fn a_condition_that_everybody_passes_is_no_check() {
    let views = r"
def always(request, pk):
    order = Order.objects.get(pk=pk)
    if order.customer == request.user or True:
        order.delete()

def never(request, pk):
    order = Order.objects.get(pk=pk)
    if False and order.customer != request.user:
        raise PermissionDenied
    order.delete()

def logged_in(request, pk):
    order = Order.objects.get(pk=pk)
    if not any([request.user.is_authenticated, order.customer == request.user]):
        raise PermissionDenied
    order.delete()

def nobody_is(request, pk):
    order = Order.objects.get(pk=pk)
    if order.customer != request.user and not request.user.is_authenticated:
        raise PermissionDenied
    order.delete()

def staff(request, pk):
    order = Order.objects.get(pk=pk)
    if not any([request.user.is_staff, order.customer == request.user]):
        raise PermissionDenied
    order.delete()

def both(request, pk):
    order = Order.objects.get(pk=pk)
    if not (request.user.is_authenticated and order.customer == request.user):
        raise PermissionDenied
    order.delete()
";
    all_are(views, &["staff", "both"], &["always", "never", "logged_in", "nobody_is"]);
}

#[test]
fn what_is_caught_refuses_nobody_behind_it() {
    let views = r#"
def forgiven(request, pk):
    order = Order.objects.get(pk=pk)
    try:
        order.check_owner(request.user)
    except PermissionDenied:
        print("somebody else")
    order.delete()

def any_error(request, pk):
    order = Order.objects.get(pk=pk)
    try:
        order.check_owner(request.user)
    except Exception:
        pass
    order.delete()

def answered(request, pk):
    order = Order.objects.get(pk=pk)
    try:
        order.check_owner(request.user)
    except PermissionDenied:
        return redirect("orders")
    order.delete()

def within(request, pk):
    order = Order.objects.get(pk=pk)
    try:
        order.check_owner(request.user)
        order.delete()
    except PermissionDenied:
        print("somebody else")

def another(request, pk):
    order = Order.objects.get(pk=pk)
    try:
        order.check_owner(request.user)
    except ValueError:
        print("no number")
    order.delete()

def remembered(request, pk):
    order = Order.objects.get(pk=pk)
    allowed = True
    try:
        order.check_owner(request.user)
    except PermissionDenied:
        allowed = False
    if not allowed:
        return redirect("orders")
    order.delete()

def decided(request, pk):
    order = Order.objects.get(pk=pk)
    allowed = False
    if order.customer == request.user:
        allowed = True
    if allowed:
        order.delete()

def found(request, pk):
    try:
        order = Order.objects.get(pk=pk)
        order.check_owner(request.user)
    except Exception:
        order = None
    if order:
        order.delete()
"#;
    let checked = ["answered", "within", "another", "remembered", "decided", "found"];
    all_are(views, &checked, &["forgiven", "any_error"]);
}

#[test]
fn an_answer_that_nobody_looks_at_refuses_nobody() {
    let views = r"
def owner_is(order, user):
    return order.customer == user

def unseen(request, pk):
    order = Order.objects.get(pk=pk)
    owner_is(order, request.user)
    order.delete()

def unseen_method(request, pk):
    order = Order.objects.get(pk=pk)
    order.is_visible_to(request.user)
    order.delete()

def seen_one(request, pk):
    order = Order.objects.get(pk=pk)
    if not owner_is(order, request.user):
        raise PermissionDenied
    order.delete()

def elsewhere(request, pk):
    order = Order.objects.get(pk=pk)
    ensure_access(order, request.user)
    order.delete()
";
    all_are(views, &["seen_one", "elsewhere"], &["unseen", "unseen_method"]);
}

#[test]
fn having_no_privilege_lets_in_everybody_else() {
    let views = r#"
def for_staff(request, pk):
    order = Order.objects.get(pk=pk)
    if request.user.is_staff:
        order.delete()

def for_others(request, pk):
    order = Order.objects.get(pk=pk)
    if not request.user.is_staff:
        order.delete()

def after_staff(request, pk):
    order = Order.objects.get(pk=pk)
    if request.user.has_perm("shop.delete_order"):
        return redirect("desk")
    order.delete()

def or_sent(request, pk):
    order = Order.objects.get(pk=pk)
    if request.user.is_staff or request.POST.get("force"):
        order.delete()
"#;
    let asked = |view: &str| seen(views, view, &["pk"])[1].contains("[asker]");
    assert!(asked("for_staff"));
    assert!(!asked("for_others") && !asked("after_staff") && !asked("or_sent"));
}

#[test]
fn a_view_may_ask_its_permissions_nothing() {
    let views = r"
class IsOwner(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.customer == request.user

class Base(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [IsOwner]

class Mute(Base):
    def check_object_permissions(self, request, obj):
        pass

class Told(Base):
    def check_object_permissions(self, request, obj):
        print(obj)
        super().check_object_permissions(request, obj)

class Once(Base):
    permission_classes = []

    def get_permissions(self):
        permissions = super().get_permissions()
        if self.action in ['destroy', 'update']:
            if self.request.method == 'PUT':
                raise PermissionDenied()
            permissions.append(IsOwner())
        return permissions

    def check_object_permissions(self, request, obj):
        if obj.is_paid:
            print(obj)
        else:
            super().check_object_permissions(request, obj)
";
    let found = seen(views, "Once put:update", &["pk"]);
    assert!(found.iter().all(|one| one.contains("[permission")), "{found:?}");
    let found = seen(views, "Mute delete:destroy", &["pk"]);
    assert!(!found.iter().any(|one| one.contains("[permission")), "{found:?}");
    for view in ["Base", "Told"] {
        let found = seen(views, &format!("{view} delete:destroy"), &["pk"]);
        assert!(found.iter().all(|one| one.contains("[permission")), "{view}: {found:?}");
    }
}

#[test]
fn what_a_test_asks_of_who_asks_is_asked_before_anything_is_done() {
    let views = r#"
teachers_only = user_passes_test(lambda user: user.is_authenticated and user.is_teacher)

def knows(user):
    if not user.is_authenticated:
        return False
    return user.rank > 3

def ranked(view=None, url="/"):
    actual = user_passes_test(lambda user: user.is_active and user.rank > 3, login_url=url)
    return actual(view) if view else actual

@user_passes_test(lambda user: user.is_authenticated and user.is_teacher)
def here(request, pk):
    Order.objects.get(pk=pk).delete()

@teachers_only
def named(request, pk):
    Order.objects.get(pk=pk).delete()

@user_passes_test(knows)
def elsewhere(request, pk):
    Order.objects.get(pk=pk).delete()

@ranked
def wrapped(request, pk):
    Order.objects.get(pk=pk).delete()

@user_passes_test(lambda user: user.is_authenticated)
def known(request, pk):
    Order.objects.get(pk=pk).delete()

@user_passes_test(lambda user: user)
def anybody(request, pk):
    Order.objects.get(pk=pk).delete()

@user_passes_test(lambda user: not user.is_staff)
def all_others(request, pk):
    Order.objects.get(pk=pk).delete()

@user_passes_test(lambda user: True)
def everybody(request, pk):
    Order.objects.get(pk=pk).delete()
"#;
    let asked = |view: &str| seen(views, view, &["pk"])[1].contains("[asker]");
    for view in ["here", "named", "elsewhere", "wrapped"] {
        assert!(asked(view), "{view}");
    }
    for view in ["known", "anybody", "all_others", "everybody"] {
        assert!(!asked(view), "{view}");
    }
}

#[test]
fn a_check_that_the_settings_switch_off_is_none() {
    let views = r"
from django.conf import settings

def open_to(view):
    def wrapper(request, *args, **kwargs):
        if settings.DESK_IS_OPEN:
            return view(request, *args, **kwargs)
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)
    return wrapper

def shut_to(view):
    def wrapper(request, *args, **kwargs):
        if not settings.DESK_IS_SHUT:
            if not request.user.is_staff:
                raise PermissionDenied
        return view(request, *args, **kwargs)
    return wrapper

@open_to
def opened(request, pk):
    Order.objects.get(pk=pk).delete()

@shut_to
def shut(request, pk):
    Order.objects.get(pk=pk).delete()

def unknown(request, pk):
    if settings.ELSEWHERE or request.user.is_staff:
        Order.objects.get(pk=pk).delete()

def never(request, pk):
    if not settings.DESK_IS_SHUT:
        raise Http404
    Order.objects.get(pk=pk).delete()
";
    let asked = |view: &str| seen(views, view, &["pk"])[1].contains("[asker]");
    assert!(!asked("opened") && asked("shut") && asked("unknown") && !asked("never"));
}

//! Checks that refuse nobody.

use super::project;

const IMPORTS: &str = r"
from django.core.exceptions import PermissionDenied
from django.contrib.auth.decorators import user_passes_test
from django.http import HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.contrib import messages

def ensure_staff(user):
    if not user.is_staff:
        raise PermissionDenied
";

/// Who may come to each view of a module: `a: staff`.
fn levels(views: &str) -> Vec<String> {
    let names: Vec<&str> = views
        .lines()
        .filter_map(|line| line.strip_prefix("def ")?.split_once("(request)").map(|(name, _)| name))
        .collect();
    let routes: Vec<String> =
        names.iter().map(|name| format!("path('{name}/', views.{name})")).collect();
    let found = project("", &format!("{IMPORTS}{views}"), &format!("{},", routes.join(", ")));
    names.iter().map(|name| format!("{name}: {}", found.access(&format!("{name}/")))).collect()
}

#[test]
fn an_exception_that_somebody_catches_to_go_on_refuses_nobody() {
    let views = r#"
def forgiven(request):
    try:
        ensure_staff(request.user)
    except PermissionDenied:
        messages.error(request, "no")
    return render(request, "desk.html")

def any_error(request):
    try:
        if not request.user.is_staff:
            raise PermissionDenied
    except Exception:
        pass
    return render(request, "desk.html")

def answered(request):
    try:
        ensure_staff(request.user)
    except PermissionDenied:
        return HttpResponseForbidden()
    return render(request, "desk.html")

def sent_away(request):
    try:
        ensure_staff(request.user)
        messages.info(request, "done")
    except PermissionDenied:
        messages.error(request, "no")
    return redirect("home")

def other_error(request):
    try:
        ensure_staff(request.user)
    except ValueError:
        pass
    return render(request, "desk.html")
"#;
    assert_eq!(
        levels(views),
        [
            "forgiven: * public",
            "any_error: * public",
            "answered: * staff",
            "sent_away: * staff",
            "other_error: * staff",
        ]
    );
}

#[test]
fn being_sent_away_after_something_is_done_is_no_refusal() {
    let views = r#"
def acts(request):
    order = Order.objects.get(pk=request.POST["pk"])
    if not request.user.is_staff:
        order.delete()
        return redirect("home")
    return render(request, "desk.html")

def notes(request):
    if not request.user.is_staff:
        entry = Entry(text="denied")
        entry.save()
        messages.error(request, "no")
        return redirect("home")
    return render(request, "desk.html")
"#;
    assert_eq!(levels(views), ["acts: * public", "notes: * staff"]);
}

#[test]
fn a_condition_that_everybody_can_meet_lets_everybody_in() {
    let views = r#"
def sent(request):
    if request.POST.get("mode") == "desk" and not request.user.is_staff:
        raise PermissionDenied
    return render(request, "desk.html")

def always(request):
    if not any([request.user.is_staff, True]):
        raise PermissionDenied
    return render(request, "desk.html")

def either(request):
    if not any([request.user.is_staff, request.user.is_superuser]):
        raise PermissionDenied
    return render(request, "desk.html")

def both(request):
    if not all((request.user.is_authenticated, request.user.is_superuser)):
        raise PermissionDenied
    return render(request, "desk.html")

def not_called(request):
    if not request.user.has_perm:
        raise PermissionDenied
    return render(request, "desk.html")

@user_passes_test(lambda user: user)
def somebody(request):
    return render(request, "desk.html")

@user_passes_test(lambda user: not user.is_staff)
def no_staff(request):
    return render(request, "desk.html")

@user_passes_test(lambda user: user.is_active and user.rank > 3)
def ranked(request):
    return render(request, "desk.html")

def can_see(user):
    """Everybody may, for now."""
    return True

def stub(request):
    if not can_see(request.user):
        raise PermissionDenied
    return render(request, "desk.html")

def with_key(request):
    if request.headers.get("X-Key") != settings.INNER_KEY and not request.user.is_staff:
        raise PermissionDenied
    return render(request, "desk.html")
"#;
    let found = levels(views);
    let public: Vec<&str> = found.iter().filter_map(|one| one.strip_suffix(": * public")).collect();
    assert_eq!(
        public,
        ["sent", "always", "not_called", "somebody", "no_staff", "stub"],
        "{found:?}"
    );
    assert!(found.contains(&"either: * staff".to_owned()), "{found:?}");
    assert!(found.contains(&"both: * superuser".to_owned()), "{found:?}");
}

#[test]
fn many_refusals_after_each_other_are_looked_behind_in_bounds() {
    let block = "    try:\n        ensure_staff(request.user)\n    except PermissionDenied:\n        messages.error(request, 'no')\n";
    let views = |count: usize| {
        format!(
            "def many(request):\n{}    return render(request, 'desk.html')\n",
            block.repeat(count)
        )
    };
    assert_eq!(levels(&views(4)), ["many: * public"]);
    // Sixty of them would be looked at 2^60 times otherwise. What is left is not taken for open.
    assert_eq!(levels(&views(60)).len(), 1);
}

mod forms;
mod held;
mod hostile;
mod logins;
mod schemas;
mod sent;
mod tied;

use std::fmt::Write as _;
use std::sync::Arc;

use djsec_python::QualifiedName;

use super::{
    CheckKind, How, KeyOrigin, ObjectAccess, Objects, Scope, World, objects, objects_of_method,
};
use crate::hierarchy::Hierarchy;
use crate::models::{Apps, collect};
use crate::routes::Target;
use crate::trees::Tree;

const SETTINGS: (&str, &str) =
    ("settings.py", "INSTALLED_APPS = ['shop']\nDESK_IS_OPEN = True\nDESK_IS_SHUT = False\n");

const MODELS: (&str, &str) = (
    "shop/models.py",
    r#"
import secrets
import uuid
from django.contrib.auth.models import User
from django.db import models
from shop.texts import get_random_string

class OrderQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(customer=user)

    def paid(self):
        return self.filter(is_paid=True)

class CurrentManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(customer=get_current_user())

class Order(models.Model):
    customer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="orders")
    is_paid = models.BooleanField()
    objects = OrderQuerySet.as_manager()
    mine = CurrentManager()

    def is_visible_to(self, user):
        if user.is_superuser:
            return True
        return self.customer_id == user.id

    def check_owner(self, user):
        if self.customer != user:
            raise PermissionDenied

class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    text = models.CharField(max_length=9)

class Star(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

class Share(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    extras = models.JSONField(default=dict)
    order = models.ForeignKey(Order, on_delete=models.CASCADE)

class Team(models.Model):
    slug = models.SlugField(unique=True)

class Member(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

class Plan(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE)

def make_anchor():
    made = uuid.uuid4()
    return made.hex

def make_code():
    return uuid.uuid4().hex[:6]

class Board(models.Model):
    anchor = models.CharField(max_length=40, default=make_anchor, unique=True)
    short = models.CharField(max_length=40, default=make_code, unique=True)
    title = models.CharField(max_length=40, default=get_random_string, unique=True)
    place = models.CharField(max_length=40, default=lambda: secrets.token_urlsafe(16))
    seat = models.CharField(max_length=40, default=lambda: secrets.token_urlsafe(4))
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
"#,
);

const IMPORTS: &str = r"
from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views import View
from django.views.generic import *
from django.contrib.auth.decorators import login_required, user_passes_test
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from rest_framework import viewsets, generics, permissions
from rest_framework.response import Response
from .models import Board, Line, Member, Order, Plan, Share, Star, Team
";

/// `fetch Order pk<url pk: scoped(customer)` for each access of the view.
fn seen(views: &str, target: &str, parameters: &[&str]) -> Vec<String> {
    seen_for(views, target, parameters, None)
}

/// The same of one method alone.
fn seen_for(views: &str, target: &str, parameters: &[&str], method: Option<&str>) -> Vec<String> {
    found(views, target, parameters, method).accesses.iter().map(shown).collect()
}

fn found(views: &str, target: &str, parameters: &[&str], method: Option<&str>) -> Objects {
    let text = format!("{IMPORTS}{views}");
    let tree = Tree::of(&[SETTINGS, MODELS, ("shop/views.py", &text)]);
    let apps = Apps::new(&tree.settings, &tree.program, "".into());
    let hierarchy = Hierarchy::new(&tree.program);
    let models = collect(&tree.program, &hierarchy, &tree.modules(), &apps, &tree.settings);
    let world = World {
        program: &tree.program,
        hierarchy: &hierarchy,
        models: &models,
        known: &crate::views::effects::Known::default(),
        settings: Some(&tree.settings),
    };
    let module = tree.program.find("shop.views", "".into()).expect("shop.views");
    let (name, actions) = target.split_once(' ').unwrap_or((target, ""));
    let found = tree.program.resolve(module, name);
    let target = if tree.program.class(&found).is_none() {
        schemas::function(found, actions)
    } else if actions.is_empty() {
        Target::Class { class: found, arguments: Vec::new() }
    } else {
        let action = |action: &str| match action.split_once(':') {
            Some((method, action)) => (Arc::from(method), Arc::from(action)),
            None => (Arc::from("get"), Arc::from(action)),
        };
        Target::ViewSet {
            class: found,
            actions: actions.split(' ').map(action).collect(),
            arguments: Vec::new(),
        }
    };
    let names: Vec<Arc<str>> = parameters.iter().map(|name| Arc::from(*name)).collect();
    match method {
        None => objects(world, &target, Some(&names)),
        Some(method) => objects_of_method(world, &target, Some(&names), method),
    }
}

fn shown(access: &ObjectAccess) -> String {
    let name = match &access.model {
        QualifiedName::Project(_, path) => path.to_string(),
        QualifiedName::External(name) => name.rsplit('.').next().unwrap_or(name).to_owned(),
        other => format!("{other:?}"),
    };
    let mut text = format!("{:?} {name}", access.operation).to_lowercase();
    for key in &access.keys {
        let origin = match &key.origin {
            KeyOrigin::UrlParameter(name) => format!("url {name}"),
            KeyOrigin::Query(name) => format!("query {}", name.as_deref().unwrap_or("?")),
            KeyOrigin::Body(name) => format!("body {}", name.as_deref().unwrap_or("?")),
            other => format!("{other:?}").to_lowercase(),
        };
        write!(text, " {}<{origin}", key.lookup).unwrap();
    }
    text.push_str(": ");
    let scope = match &access.scope {
        Scope::Unscoped => "unscoped".to_owned(),
        Scope::Unknown(_) => "unknown".to_owned(),
        Scope::Scoped { how, .. } => match how {
            How::User(lookup) => format!("user {lookup}"),
            How::Method(name) => format!("method {name}"),
            How::Session(lookup) => format!("session {lookup}"),
            How::Signed(lookup) => format!("signed {lookup}"),
            How::Unguessable(field) => format!("unguessable {field}"),
            other => format!("{other:?}").to_lowercase(),
        },
    };
    text.push_str(&scope);
    for check in access.guards_after.iter().chain(&access.under) {
        let kind = match &check.kind {
            CheckKind::Condition => "condition".to_owned(),
            CheckKind::KeyCondition => "key".to_owned(),
            CheckKind::Call(name) => format!("call {name}"),
            CheckKind::Decorator(name) => format!("decorator {name}"),
            CheckKind::Permission(name) => format!("permission {name}"),
            CheckKind::Sibling => "sibling".to_owned(),
            CheckKind::Asker => "asker".to_owned(),
        };
        let flag = if check.enforced { "" } else { ", a flag" };
        write!(text, " [{kind}{flag}]").unwrap();
    }
    text
}

#[test]
fn a_row_fetched_by_the_address_alone_is_unscoped_and_so_is_what_is_done_to_it() {
    let views = r#"
def edit(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if request.method == "POST":
        order.is_paid = True
        order.save()
        return redirect("/")
    order.lines.all().delete()
    return render(request, "a.html", {"order": order, "all": Order.objects.paid()})
"#;
    assert_eq!(
        seen(views, "edit", &["pk"]),
        [
            "fetch order pk<url pk: unscoped",
            "update order pk<url pk: unscoped",
            "delete line: unscoped",
            "list order is_paid<constant: unscoped",
        ]
    );
}

#[test]
fn look_ups_by_who_asks_scope_a_query() {
    let views = r#"
def mine(request, pk):
    a = get_object_or_404(Order, pk=pk, customer=request.user)
    b = request.user.orders.get(pk=pk)
    c = Order.objects.for_user(request.user).filter(pk=pk).first()
    d = Line.objects.get(pk=pk, order__customer__id=request.user.pk)
    e = Order.mine.get(pk=pk)
    f = Line.objects.get(order=a, pk=request.POST["line"])
    g = Order.objects.get(pk=request.session["order_id"])
    h = Share.objects.get(pk=request.GET.get("share"))
"#;
    assert_eq!(
        seen(views, "mine", &["pk"]),
        [
            "fetch order pk<url pk customer<user: user customer",
            "fetch order pk<url pk: own",
            "fetch order customer<user pk<url pk: user customer",
            "fetch line pk<url pk order__customer__id<user: user order__customer__id",
            "fetch order customer<other pk<url pk: unknown [sibling] [sibling]",
            "fetch line order<object pk<body line: parent",
            "fetch order pk<session: session pk",
            "fetch share pk<query share: unguessable id",
        ]
    );
}

#[test]
fn checks_after_the_fetch_guard_it() {
    let views = r#"
def compared(request, pk):
    order = Order.objects.get(pk=pk)
    if order.customer != request.user:
        raise PermissionDenied
    order.delete()

def asked(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if not order.is_visible_to(request.user):
        raise Http404
    return render(request, "a.html", {"order": order})

def refused(request, pk):
    order = get_object_or_404(Order, pk=pk)
    order.check_owner(request.user)
    return render(request, "a.html", {"order": order})

def flagged(request, pk):
    order = get_object_or_404(Order, pk=pk)
    can_edit = False
    if order.customer == request.user:
        can_edit = True
    return render(request, "a.html", {"order": order, "can_edit": can_edit})

def logged_in(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if order.is_paid and request.user.is_authenticated:
        return redirect("/")
    return render(request, "a.html", {"order": order})
"#;
    assert_eq!(
        seen(views, "compared", &["pk"]),
        [
            "fetch order pk<url pk: unscoped [condition]",
            "delete order pk<url pk: unscoped [condition]",
        ]
    );
    let one = |name: &str| seen(views, name, &["pk"]);
    assert_eq!(one("asked"), ["fetch order pk<url pk: unscoped [condition]"]);
    assert_eq!(one("refused"), ["fetch order pk<url pk: unscoped [condition]"]);
    assert_eq!(one("flagged"), ["fetch order pk<url pk: unscoped [condition, a flag]"]);
    assert_eq!(one("logged_in"), ["fetch order pk<url pk: unscoped"]);
}

#[test]
fn a_child_is_as_scoped_as_the_parent_it_must_fit_to() {
    let views = r"
def tied(request, pk, line_pk):
    order = get_object_or_404(Order, pk=pk, customer=request.user)
    line = get_object_or_404(Line, pk=line_pk)
    if line.order != order:
        raise Http404
    line.delete()

def loose(request, pk, line_pk):
    order = get_object_or_404(Order, pk=pk, customer=request.user)
    line = get_object_or_404(Line, pk=line_pk)
    line.delete()
";
    let given = &["pk", "line_pk"];
    assert_eq!(seen(views, "tied", given)[2], "delete line pk<url line_pk: parent");
    assert_eq!(seen(views, "loose", given)[2], "delete line pk<url line_pk: unscoped");
}

#[test]
fn conditions_on_who_asks_alone_are_kept_apart() {
    let views = r#"
def staff(request, pk):
    if not request.user.is_staff:
        raise PermissionDenied
    Order.objects.get(pk=pk).delete()

def guarded(view):
    def wrapper(request, *args, **kwargs):
        order = Order.objects.get(pk=kwargs["pk"])
        if order.customer != request.user:
            raise PermissionDenied
        return view(request, *args, **kwargs)
    return wrapper

@guarded
def decorated(request, pk):
    Order.objects.get(pk=pk).delete()
"#;
    assert_eq!(
        seen(views, "staff", &["pk"]),
        ["fetch order pk<url pk: unscoped [asker]", "delete order pk<url pk: unscoped [asker]",]
    );
    assert_eq!(
        seen(views, "decorated", &["pk"])[2],
        "delete order pk<url pk: unscoped [condition]"
    );
}

#[test]
fn generic_views_do_what_django_does() {
    let views = r#"
class Open(LoginRequiredMixin, UpdateView):
    model = Order
    fields = ["is_paid"]

class Mine(LoginRequiredMixin, DeleteView):
    model = Order
    def get_queryset(self):
        return super().get_queryset().filter(customer=self.request.user)

class Tested(UserPassesTestMixin, DetailView):
    queryset = Order.objects.all()
    pk_url_kwarg = "order_pk"
    def test_func(self):
        return self.get_object().customer == self.request.user

class Lines(ListView):
    def get_queryset(self):
        self.order = get_object_or_404(Order, pk=self.kwargs["pk"], customer=self.request.user)
        return self.order.lines.all()

class Unknown(Mystery, DetailView):
    model = Order

class Add(CreateView):
    model = Line
    fields = ["text"]
    def form_valid(self, form):
        form.instance.order = get_object_or_404(Order, pk=self.kwargs["pk"])
        return super().form_valid(form)
"#;
    assert_eq!(
        seen(views, "Open", &["pk"]),
        [
            "fetch order pk<url pk: unscoped",
            "fetch order pk<url pk: unscoped",
            "update order pk<url pk: unscoped",
        ]
    );
    assert_eq!(
        seen(views, "Mine", &["pk"]).last().map(String::as_str),
        Some("delete order customer<user pk<url pk: user customer")
    );
    assert_eq!(
        seen(views, "Tested", &["order_pk"])[1],
        "fetch order pk<url order_pk: unscoped [condition]"
    );
    assert_eq!(seen(views, "Lines", &["pk"])[1], "list line: parent");
    assert!(seen(views, "Unknown", &["pk"]).iter().all(|access| access.contains(": unknown")));
    assert_eq!(
        seen(views, "Add", &["pk"]),
        ["fetch order pk<url pk: unscoped", "create line order<object: unscoped"]
    );
}

#[test]
fn viewsets_do_what_rest_framework_does() {
    let views = r"
class IsOwner(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.customer == request.user

class IsStaff(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return request.user.is_staff

class Open(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [permissions.IsAuthenticated]

class Owned(Open):
    permission_classes = [permissions.IsAuthenticated & IsOwner]

class Staff(Open):
    permission_classes = [IsStaff]

class Mine(Open):
    def get_queryset(self):
        return self.queryset.filter(customer=self.request.user)
    def perform_create(self, serializer):
        serializer.save(customer=self.request.user)
";
    assert_eq!(seen(views, "Open retrieve", &["pk"]), ["fetch order pk<url pk: unscoped"]);
    assert_eq!(seen(views, "Open list", &[]), ["list order: unscoped"]);
    assert_eq!(
        seen(views, "Open destroy", &["pk"]),
        ["fetch order pk<url pk: unscoped", "delete order pk<url pk: unscoped"]
    );
    assert_eq!(
        seen(views, "Owned retrieve", &["pk"]),
        ["fetch order pk<url pk: unscoped [permission shop.views.IsOwner]"]
    );
    assert_eq!(seen(views, "Staff retrieve", &["pk"]), ["fetch order pk<url pk: unscoped"]);
    assert_eq!(
        seen(views, "Mine update", &["pk"]),
        [
            "fetch order customer<user pk<url pk: user customer",
            "update order customer<user pk<url pk: user customer",
        ]
    );
    assert_eq!(seen(views, "Mine create", &[]), ["create order customer<user: user customer"]);
}

#[test]
fn secrets_and_signatures_are_no_free_choice() {
    let views = r#"
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core import signing

def signed(request, token):
    return Order.objects.get(pk=signing.loads(token)["order"]).delete()

def reset(request, uid, token):
    user = User.objects.get(pk=uid)
    if not default_token_generator.check_token(user, token):
        raise Http404
    user.save()

def by_slug(request, slug):
    return render(request, "a.html", {"line": Line.objects.get(text=slug)})
"#;
    assert_eq!(seen(views, "signed", &["token"])[0], "fetch order pk<signed: signed pk");
    assert_eq!(
        seen(views, "reset", &["uid", "token"]),
        [
            "fetch user pk<url uid: unscoped [condition]",
            "update user pk<url uid: unscoped [condition]",
        ]
    );
    assert_eq!(seen(views, "by_slug", &["slug"]), ["fetch line text<url slug: unscoped"]);
}

#[test]
fn permission_classes_that_fetch_for_the_view_guard_what_it_fetches_again() {
    let views = r#"
class MaySee(permissions.BasePermission):
    def has_permission(self, request, view):
        order = view.order()
        return order.is_paid or Order.objects.for_user(request.user).filter(pk=order.pk).exists()

class Page(generics.GenericAPIView):
    permission_classes = [MaySee]
    def order(self):
        return get_object_or_404(Order, pk=self.kwargs["pk"])
    def get(self, request, pk):
        return Response(self.order().lines.all())
"#;
    assert_eq!(
        seen(views, "Page", &["pk"]),
        [
            "fetch order pk<url pk: unscoped [condition]",
            "fetch order pk<url pk: unscoped [condition]",
            "list line: parent",
        ]
    );
}

#[test]
fn code_that_goes_round_or_on_and_on_ends() {
    let calls = "    again(request, pk)\n".repeat(40);
    let views = format!(
        "def again(request, pk):\n    Order.objects.get(pk=pk)\n    other(request, pk)\n{calls}\ndef other(request, pk):\n    again(request, pk)\n    third(request, pk)\n{calls}\ndef third(request, pk):\n    other(request, pk)\n    again(request, pk)\n"
    );
    assert_eq!(seen(&views, "again", &["pk"]), ["fetch order pk<url pk: unscoped"]);
}

#[test]
fn a_decorator_of_methods_may_call_the_view_as_it_likes() {
    let views = r#"
def member_required(roles):
    def decorator(view):
        def inner(instance, request, *args, **kwargs):
            if Order.objects.filter(pk=kwargs["pk"], customer=request.user).exists():
                return view(instance, request, *args, **kwargs)
            raise PermissionDenied
        return inner
    return decorator

class Detail(View):
    @member_required(["owner"])
    def get(self, request, pk):
        return Line.objects.get(order=pk)
"#;
    let all = seen(views, "Detail", &["pk"]);
    let line = all.iter().find(|access| access.starts_with("fetch line")).expect("it is fetched");
    assert_eq!(line, "fetch line order<url pk: unscoped [key]");
}

#[test]
fn rows_looked_up_by_the_id_of_one_that_was_fetched_hang_on_it() {
    let views = r"
def scoped(request, pk):
    order = get_object_or_404(Order, pk=pk, customer=request.user)
    Line.objects.filter(order_id=pk).delete()

def bare(request, pk):
    order = get_object_or_404(Order, pk=pk)
    Line.objects.filter(order__pk=pk).delete()

def may_be_missing(request, pk):
    order = Order.objects.filter(pk=pk, customer=request.user).first()
    Line.objects.filter(order=pk).delete()
";
    let last = |view: &str| seen(views, view, &["pk"]).last().cloned().unwrap_or_default();
    assert_eq!(last("scoped"), "delete line order_id<url pk: parent");
    assert_eq!(last("bare"), "delete line order__pk<url pk: unscoped");
    assert_eq!(last("may_be_missing"), "delete line order<url pk: unscoped");
}

#[test]
fn what_runs_for_one_method_can_be_asked_for_alone() {
    let view = r"
class Page(View):
    def dispatch(self, request, pk):
        self.order = Order.objects.get(pk=pk)
        return super().dispatch(request, pk)

    def get(self, request, pk):
        return render(request, 'order.html', {'lines': list(self.order.lines.all())})

    def post(self, request, pk):
        self.order.delete()
";
    let all = seen(view, "Page", &["pk"]);
    assert_eq!(all.len(), 3, "{all:?}");
    // What comes before the handlers is part of each.
    assert_eq!(seen_for(view, "Page", &["pk"], Some("GET")), all[..2]);
    let post = seen_for(view, "Page", &["pk"], Some("POST"));
    assert_eq!(post, [all[0].clone(), all[2].clone()]);

    let set = r"
class Orders(viewsets.GenericViewSet):
    def show(self, request, pk):
        return Response(Order.objects.get(pk=pk).pk)

    def wipe(self, request, pk):
        Order.objects.filter(pk=pk).delete()
";
    let all = seen(set, "Orders get:show delete:wipe", &["pk"]);
    let shown = seen_for(set, "Orders get:show delete:wipe", &["pk"], Some("GET"));
    assert_eq!(shown, all[..1]);
}

//! What DRF's generic views and viewsets do for the project.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::call::Args;
use super::class::Member;
use super::conditions::Raised;
use super::run::{Framework, Run};
use super::value::{Origin, Query, Value, What};
use super::{Check, CheckKind, Operation};
use crate::views::effects::Verbs;

impl Run<'_> {
    pub(super) fn is_drf(&self) -> bool {
        self.is_of(Framework::Rest)
    }

    pub(super) fn drf_builtin(&mut self, name: &str, args: &Args, place: Span) -> Option<Value> {
        Some(match name {
            "get_object" => self.drf_object(place),
            "filter_queryset" => self.drf_filter(args),
            "paginate_queryset" | "get_paginated_response" => {
                for value in args.values() {
                    self.escape(&value.clone());
                }
                Value::other()
            }
            "get_serializer_class" => {
                let this = Value::new(What::This);
                self.attribute(&this, "serializer_class", place)
            }
            "get_serializer" => {
                if args.get(1, "data").is_some() {
                    self.take_own();
                }
                for value in args.values() {
                    self.escape(&value.clone());
                }
                self.view_form(args.get(0, "instance").cloned())
            }
            "check_object_permissions" => {
                if let Some(row) = args.get(1, "obj").cloned() {
                    self.object_permissions(&row, place);
                }
                Value::default()
            }
            "get_permissions" => {
                let this = Value::new(What::This);
                let listed = self.attribute(&this, "permission_classes", place);
                // What the settings name is asked of no row.
                let listed = Some(listed).filter(is_of_classes);
                listed.unwrap_or_else(|| Value::new(What::Tuple(Rc::default())))
            }
            "check_permissions" | "perform_authentication" | "check_throttles" => Value::default(),
            _ => return self.drf_action(name, args, place),
        })
    }

    fn drf_action(&mut self, name: &str, args: &Args, place: Span) -> Option<Value> {
        let action = match name {
            "get" if self.has("list") && !self.has("retrieve") => "list",
            "get" if self.has("retrieve") => "retrieve",
            "post" if self.has("create") => "create",
            "put" | "patch" if self.has("update") => "update",
            "delete" if self.has("destroy") => "destroy",
            other => other,
        };
        if action != name {
            return Some(self.view_method(
                action,
                Args::of(vec![Value::new(What::Request)]),
                None,
                place,
            ));
        }
        match action {
            "list" => {
                let all = self.view_method("get_queryset", Args::default(), None, place);
                let all = self.view_method("filter_queryset", Args::of(vec![all]), None, place);
                self.escape(&all);
            }
            "retrieve" => {
                self.view_method("get_object", Args::default(), None, place);
            }
            "create" => {
                self.take_own();
                let form = self.view_form(None);
                self.view_method("perform_create", Args::of(vec![form]), None, place);
            }
            "update" | "partial_update" => {
                let object = self.view_method("get_object", Args::default(), None, place);
                self.take_own();
                let form = self.view_form(Some(object));
                self.view_method("perform_update", Args::of(vec![form]), None, place);
            }
            "destroy" => {
                let object = self.view_method("get_object", Args::default(), None, place);
                self.view_method("perform_destroy", Args::of(vec![object]), None, place);
            }
            "perform_create" | "perform_update" => {
                let form = args.get(0, "serializer").cloned().unwrap_or_default();
                self.method(&form, "save", Args::default(), place);
            }
            "perform_destroy" => {
                let object = args.get(0, "instance").cloned().unwrap_or_default();
                if let Some(row) = object.row() {
                    self.record_row(&Rc::clone(row), Operation::Delete, place);
                }
            }
            _ => return None,
        }
        Some(Value::default())
    }

    /// The view's own serializer is given what came in.
    fn take_own(&mut self) {
        if let Some(class) = self.view_serializer() {
            self.take(&class);
        }
    }

    fn has(&self, action: &str) -> bool {
        matches!(self.member_of_view(action, None), Member::Package | Member::Method(_))
    }

    fn drf_object(&mut self, place: Span) -> Value {
        let all = self.view_method("get_queryset", Args::default(), None, place);
        let all = self.view_method("filter_queryset", Args::of(vec![all]), None, place);
        let Some(query) = all.query() else { return Value::other() };
        let mut query = Query::clone(query);
        query.place = place;
        let this = Value::new(What::This);
        let lookup = Self::text(&self.attribute(&this, "lookup_field", place));
        let lookup = lookup.unwrap_or_else(|| Arc::from("pk"));
        let keyword = Self::text(&self.attribute(&this, "lookup_url_kwarg", place));
        let keyword = keyword.unwrap_or_else(|| Arc::clone(&lookup));
        self.narrow(&mut query, &lookup, &Value::from(Origin::Url(keyword)), place);
        let row = self.fetched(&query, place, true);
        let asked = Args::of(vec![Value::new(What::Request), row.clone()]);
        self.view_method("check_object_permissions", asked, None, place);
        row
    }

    /// What the view's filter backends leave of a query.
    fn drf_filter(&mut self, args: &Args) -> Value {
        let given = args.get(0, "queryset").cloned().unwrap_or_default();
        let Some(place) = given.query().map(|query| query.place) else { return given };
        let this = Value::new(What::This);
        let backends = self.attribute(&this, "filter_backends", place);
        let mut value = given;
        for class in classes(&backends) {
            if let Member::Method(method) = self.member(&class, "filter_queryset", None) {
                let args = Args::of(vec![Value::new(What::Request), value.clone(), this.clone()]);
                let filtered =
                    self.invoke_method(&method, &Value::new(What::Instance(class)), args);
                value = if filtered.query().is_some() { filtered } else { unclear(value) };
            }
        }
        let filterset = self.attribute(&this, "filterset_class", place);
        for class in classes(&filterset) {
            let own = ["qs", "filter_queryset", "__init__"];
            if own.iter().any(|name| matches!(self.member(&class, name, None), Member::Method(_))) {
                value = unclear(value);
            }
        }
        value
    }

    /// `has_permission` of the permission classes: it may bring the key and who asks together. One that asks nothing
    /// but who somebody is has been graded as a guard, for each method.
    pub(super) fn permissions_of_view(&mut self) {
        if !self.is_drf() {
            return;
        }
        let this = Value::new(What::This);
        for class in self.permission_classes() {
            if let Member::Method(method) = self.member(&class, "has_permission", None) {
                let args = Args::of(vec![Value::new(What::Request), this.clone()]);
                let before = self.accesses.len();
                let value = self.invoke_method(&method, &Value::new(What::Instance(class)), args);
                let graded = |origin: &Origin| matches!(origin, Origin::User | Origin::Constant);
                if self.accesses.len() > before || !value.from.iter().all(graded) {
                    self.demand(&value);
                }
            }
        }
    }

    fn permission_classes(&mut self) -> Vec<QualifiedName> {
        classes(&self.permissions())
    }

    fn permissions(&mut self) -> Value {
        let Some(place) = self.view_place() else { return Value::other() };
        let this = Value::new(What::This);
        if let Member::Method(method) = self.member_of_view("get_permissions", None) {
            let value = self.invoke_method(&method, &this, Args::default());
            if !classes(&value).is_empty() {
                return value;
            }
        }
        self.attribute(&this, "permission_classes", place)
    }

    /// `has_object_permission` of the permission classes on a row.
    fn object_permissions(&mut self, row: &Value, place: Span) {
        let rows: Vec<usize> = row.rows().collect();
        for at in &rows {
            if let Some(access) = self.accesses.get_mut(*at) {
                access.asked = true;
            }
        }
        let permissions = self.permissions();
        for class in asking(&permissions) {
            let checks = match self.member(&class, "has_object_permission", None) {
                Member::Method(method) => {
                    let this = Value::new(What::This);
                    let args = Args::of(vec![Value::new(What::Request), this, row.clone()]);
                    let owner = Value::new(What::Instance(class.clone()));
                    let value = self.invoke_method(&method, &owner, args);
                    let asks = value.is(&Origin::User) || value.is(&Origin::Request);
                    asks && value.rows().any(|at| rows.contains(&at))
                }
                Member::Package => {
                    self.is_kind(&class, &["rest_framework.permissions.DjangoObjectPermissions"])
                }
                Member::Unseen => true,
                _ => false,
            };
            let name = self.world.program.dotted(&class).unwrap_or_default();
            let kind = CheckKind::Permission(Arc::from(name));
            if checks {
                let check = Check { kind, enforced: true, place };
                let raises = Raised(Some(Arc::from("PermissionDenied")));
                let guard = self.guard_now(check, Verbs::ALL, Some(raises));
                for at in &rows {
                    self.guard(*at, guard.clone());
                }
            }
        }
    }
}

/// Classes in one list, and lists of them.
const MOST_CLASSES: usize = 200;

/// The classes that a value names, itself, by instances or in a sequence.
fn classes(value: &Value) -> Vec<QualifiedName> {
    match &value.what {
        What::Name(name) | What::Instance(name) => vec![name.clone()],
        What::Tuple(values) | What::AnyOf(values) => values.iter().flat_map(classes).collect(),
        _ => Vec::new(),
    }
}

/// What REST framework's own permissions are called that let whoever gets there have any row.
const OF_ANY_ROW: &[&str] = &[
    "rest_framework.permissions.AllowAny",
    "rest_framework.permissions.IsAuthenticated",
    "rest_framework.permissions.IsAuthenticatedOrReadOnly",
];

/// The classes whose answer about a row counts: none of `IsOwner | IsAuthenticated`, where the other says yes to all.
fn asking(permissions: &Value) -> Vec<QualifiedName> {
    match &permissions.what {
        What::Tuple(values) => values.iter().flat_map(asking).collect(),
        What::AnyOf(values) => {
            let all: Vec<QualifiedName> = values.iter().flat_map(classes).collect();
            let lets_all =
                |class: &QualifiedName| OF_ANY_ROW.iter().any(|one| class.is_external(one));
            if all.iter().any(lets_all) { Vec::new() } else { all }
        }
        _ => classes(permissions),
    }
}

/// Whether a value is a class, an instance of one, or a list of those: permissions, and how they are composed.
/// Of more than a view ever has nothing is said.
pub(super) fn is_of_classes(value: &Value) -> bool {
    is_of_classes_within(value, &mut { MOST_CLASSES })
}

/// The same, where lists in lists (`all += all`) may be looked at as often as there is something left.
fn is_of_classes_within(value: &Value, left: &mut usize) -> bool {
    let Some(fewer) = left.checked_sub(1) else { return false };
    *left = fewer;
    match &value.what {
        What::Name(_) | What::Instance(_) => true,
        What::Tuple(values) | What::AnyOf(values) => {
            values.iter().all(|one| is_of_classes_within(one, left))
        }
        _ => false,
    }
}

/// A list of classes with more of them behind.
pub(super) fn with_classes(list: &Value, more: &[Value]) -> Option<Value> {
    let What::Tuple(known) = &list.what else { return None };
    if !is_of_classes(list) || !more.iter().all(is_of_classes) {
        return None;
    }
    let all = known.iter().chain(more).cloned().collect();
    let from = more.iter().fold(list.clone(), |all, one| all.with(&one.from)).from;
    Some(Value { what: What::Tuple(Rc::new(all)), from })
}

/// A query that is filtered in a way that is not followed.
fn unclear(value: Value) -> Value {
    let Some(query) = value.query() else { return value };
    let mut query = Query::clone(query);
    query.unknown.get_or_insert_with(|| Arc::from("what its filters leave is not followed"));
    Value { what: What::Query(Rc::new(query)), from: value.from }
}

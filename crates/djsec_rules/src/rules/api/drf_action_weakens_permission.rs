use djsec_base::{Confidence, Severity};
use djsec_django::routes::Target;
use djsec_django::views::effects::EffectKind;
use djsec_python::code::{Code, Comparison, Expr, ExprId, Function};

use crate::own::{Kind, OwnClass, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds actions of viewsets that give away with `permission_classes=[]` or `AllowAny` what the
    /// class demands, where they change something, and branches on `self.action` for actions that the
    /// viewset does not have.
    ///
    /// ## Why it matters
    /// An action stands in the middle of a class that reads as protected. A branch for a name that is no
    /// action never runs: the action that was meant follows the other branch.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from rest_framework.decorators import action
    /// from rest_framework.permissions import IsAdminUser
    /// from rest_framework.viewsets import ModelViewSet
    ///
    ///
    /// class Orders(ModelViewSet):
    ///     permission_classes = [IsAdminUser]
    ///
    ///     @action(detail=True, methods=["post"], permission_classes=[])  # finding
    ///     def refund(self, request, pk=None): ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from rest_framework.decorators import action
    /// from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated
    /// from rest_framework.viewsets import ModelViewSet
    ///
    ///
    /// class Orders(ModelViewSet):
    ///     permission_classes = [IsAdminUser]
    ///
    ///     @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    ///     def cancel(self, request, pk=None): ...
    ///
    ///     @action(detail=False, permission_classes=[AllowAny])
    ///     def prices(self, request): ...
    /// ```
    ///
    /// ## How to fix
    /// Name who may call the action; use the name that the method has.
    ///
    /// ## Limits
    /// Actions that are public by their name (`login`, `register`, `reset_password`, `webhook`) are left
    /// out.
    ///
    /// ## References
    /// - [DRF: marking extra actions for routing](https://www.django-rest-framework.org/api-guide/viewsets/#marking-extra-actions-for-routing)
    RULE {
        id: "drf-action-weakens-permission",
        group: "api",
        summary: "an action asks for less than its viewset",
        severity: High,
        cwe: [863],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const ANYONE: &[&str] = &["rest_framework.permissions.AllowAny"];
const SETS: &[&str] = &["rest_framework.viewsets.ViewSetMixin"];
const STANDARD: &[&str] =
    &["list", "create", "retrieve", "update", "partial_update", "destroy", "metadata"];
const PUBLIC: &[&str] = &[
    "activat",
    "callback",
    "confirm",
    "forgot",
    "health",
    "login",
    "ping",
    "register",
    "reset",
    "signin",
    "signup",
    "sign_in",
    "sign_up",
    "subscribe",
    "token",
    "verif",
    "webhook",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::ApiView) {
        if class.position(SETS).is_none() {
            continue;
        }
        for id in class.at.code.methods(class.id) {
            if let Some(method) = class.at.code.function(id) {
                action(cx, &class, method, out);
            }
        }
        for name in ["get_permissions", "get_authenticators"] {
            if let Some(method) = class.method(name) {
                branches(cx, &class, method, out);
            }
        }
    }
}

fn action(cx: &Cx<'_>, class: &OwnClass<'_>, method: &Function, out: &mut Findings) {
    let (at, code) = (class.at, class.at.code);
    let name = code.text(method.name);
    for decorator in code.exprs(method.decorators) {
        let Some((callee, arguments)) = code.call(*decorator) else { continue };
        if !cx.names(at, callee, &["rest_framework.decorators.action"]) {
            continue;
        }
        let Some(given) = code.keyword(arguments, "permission_classes") else { continue };
        let methods =
            code.keyword(arguments, "methods").map(|e| Cx::texts(at, e)).unwrap_or_default();
        let writes = methods.iter().any(|(verb, _)| {
            !matches!(verb.to_ascii_lowercase().as_str(), "get" | "head" | "options")
        });
        let public = PUBLIC.iter().any(|word| name.contains(word));
        let open = writes && !public && everybody(cx, at, given) && class_demands(cx, class);
        if !open || is_proven(cx, class, name) {
            continue;
        }
        let message =
            format!("everybody may call `{name}`, though `{}` asks for more", class.path());
        out.found(&RULE, at.expr_span(given), class.path(), message)
            .confidence(Confidence::Medium)
            .help("name who may call the action")
            .done();
    }
}

/// Whether an action asks for a signature or a secret of its own: a webhook.
fn is_proven(cx: &Cx<'_>, class: &OwnClass<'_>, name: &str) -> bool {
    let answers = |target: &Target| {
        matches!(target, Target::ViewSet { class: of, actions, .. }
            if *of == class.name && actions.iter().any(|(_, action)| **action == *name))
    };
    let mut endpoints = cx
        .endpoints()
        .filter(|endpoint| endpoint.routes.iter().any(|route| answers(&route.target)));
    endpoints.any(|endpoint| {
        cx.deeds(&endpoint).has(&[EffectKind::Verifies, EffectKind::ComparesSecret])
    })
}

/// Whether a list of permission classes lets everybody in.
fn everybody(cx: &Cx<'_>, at: Site<'_>, list: ExprId) -> bool {
    at.code.elements(list).is_some_and(|all| all.iter().all(|class| cx.names(at, *class, ANYONE)))
}

/// Whether the class itself asks for more.
fn class_demands(cx: &Cx<'_>, class: &OwnClass<'_>) -> bool {
    cx.assigned(&class.name, "permission_classes")
        .is_some_and(|(at, list)| at.code.elements(list).is_some() && !everybody(cx, at, list))
}

/// Comparisons of `self.action` with names that are no actions.
fn branches(cx: &Cx<'_>, class: &OwnClass<'_>, method: &Function, out: &mut Findings) {
    // A class that others are derived from may branch for their actions.
    if !cx.classes.is_complete(&class.name) || cx.is_base(&class.name) {
        return;
    }
    let code = class.at.code;
    let mut named: Vec<ExprId> = Vec::new();
    code.each_expr(method.body, &mut |_, expr| {
        if let Expr::Compare(left, rest) = expr
            && code.is_dotted(left, "self.action")
        {
            for (how, right) in code.comparisons(rest) {
                if matches!(
                    how,
                    Comparison::Eq | Comparison::NotEq | Comparison::In | Comparison::NotIn
                ) {
                    collect(code, *right, &mut named);
                }
            }
        }
    });
    for place in named {
        let Some(name) = code.string(place) else { continue };
        if STANDARD.contains(&name) || cx.classes.attribute(&class.name, name).is_some() {
            continue;
        }
        let message = format!("`{}` has no action `{name}`: this branch never runs", class.path());
        out.found(&RULE, class.at.expr_span(place), class.path(), message)
            .severity(Severity::Medium)
            .help("use the name of the action's method")
            .done();
    }
}

fn collect(code: &Code, right: ExprId, out: &mut Vec<ExprId>) {
    match code.elements(right) {
        Some(all) => out.extend_from_slice(all),
        None => out.push(right),
    }
}

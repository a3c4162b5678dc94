use djsec_base::Fix;
use djsec_python::QualifiedName;

use crate::own::{Kind, OwnClass};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views whose login or permission mixin stands behind the view class among the bases, or
    /// comes behind it in the method resolution order.
    ///
    /// ## Why it matters
    /// Such a mixin checks in `dispatch()` and then passes on. `View.dispatch()` passes nothing on: where
    /// it comes first, the check never runs. The view reads as if it were protected, and is open.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.views.generic import ListView
    ///
    ///
    /// class Invoices(ListView, LoginRequiredMixin):  # finding
    ///     template_name = "invoices.html"
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.views.generic import ListView
    ///
    ///
    /// class Invoices(LoginRequiredMixin, ListView):
    ///     template_name = "invoices.html"
    /// ```
    ///
    /// ## How to fix
    /// Put the mixin first among the bases.
    ///
    /// ## Limits
    /// A class that inherits the order from another one of the project is not reported again, nor one
    /// that `method_decorator` guards as a whole.
    ///
    /// ## References
    /// - [Django: the LoginRequiredMixin mixin](https://docs.djangoproject.com/en/stable/topics/auth/default/#the-loginrequiredmixin-mixin)
    RULE {
        id: "mixin-order-ineffective",
        group: "access",
        summary: "a login or permission mixin comes too late to run",
        severity: High,
        cwe: [696, 862],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["views-require-auth", "permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const VIEW: &[&str] = &["django.views.generic.base.View"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::View).filter(|class| class.is(Kind::Access)) {
        let Some(guard) = late_guard(cx, &class.order) else { continue };
        let inherited = class.order.iter().skip(1).any(|base| {
            matches!(base, QualifiedName::Project(..))
                && late_guard(cx, &cx.classes.order(base)).is_some()
        });
        if inherited || decorated(&class) {
            continue;
        }
        let short = cx.short_name(&guard);
        let message = format!(
            "`{short}` comes after the view class, which answers before it: it checks nothing"
        );
        out.found(&RULE, class.span(), class.path(), message)
            .help(format!("put `{short}` first among the bases of `{}`", class.path()))
            .fix(reorder(cx, &class, &guard))
            .done();
    }
}

/// The first class with a check in `dispatch()` that stands behind `View`.
fn late_guard(cx: &Cx<'_>, order: &[QualifiedName]) -> Option<QualifiedName> {
    let is_view = |base: &QualifiedName| matches!(base, QualifiedName::External(name) if VIEW.contains(&&**name));
    let view = order.iter().position(is_view)?;
    let guards = ["django.contrib.auth.mixins.AccessMixin", "braces.views._access.AccessMixin"];
    order
        .iter()
        .skip(view + 1)
        .find(|base| {
            cx.classes.own(base, "dispatch").is_some()
                && cx.classes.derives_from(base, &guards) == Some(true)
        })
        .cloned()
}

fn decorated(class: &OwnClass<'_>) -> bool {
    let code = class.at.code;
    code.exprs(class.class.decorators).iter().any(|decorator| {
        code.call(*decorator).is_some_and(|(_, arguments)| {
            let name = code.argument(arguments, 1, "name").and_then(|name| code.string(name));
            name == Some("dispatch")
        })
    })
}

/// The bases anew with the mixin first, where it is one of them.
fn reorder(cx: &Cx<'_>, class: &OwnClass<'_>, guard: &QualifiedName) -> Option<Fix> {
    let bases = class.at.code.exprs(class.class.bases);
    let late = bases.iter().position(|base| {
        let name = cx.resolved(class.at, *base);
        name == *guard || cx.classes.order(&name).contains(guard)
    })?;
    let text = |base| cx.source(class.at.expr_span(base));
    let mut names: Vec<&str> = bases.iter().map(|base| text(*base)).collect();
    let first = names.remove(late);
    names.insert(0, first);
    let (from, to) = (class.at.expr_span(*bases.first()?), class.at.expr_span(*bases.last()?));
    let span = djsec_base::Span::new(from.file, from.range.cover(to.range));
    Some(Fix::unsafe_replace("Put the mixin first", span, names.join(", ")))
}

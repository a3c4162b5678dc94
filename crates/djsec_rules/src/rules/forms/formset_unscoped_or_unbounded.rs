use djsec_base::{Confidence, Severity};
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds model formsets that are filled from a request without a `queryset`, and formsets whose
    /// `absolute_max` is raised above ten thousand forms.
    ///
    /// ## Why it matters
    /// Without a `queryset`, a model formset is about every row of the table: it shows them all, and
    /// takes changes to each of them, whosever it is. `absolute_max` is what bounds the work that one
    /// request can ask for.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.forms import modelformset_factory
    ///
    /// from shop.models import Address
    ///
    /// Addresses = modelformset_factory(Address, fields=["street"])
    ///
    ///
    /// def edit(request):
    ///     formset = Addresses(request.POST)  # finding
    ///     if formset.is_valid():
    ///         formset.save()
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.forms import modelformset_factory
    ///
    /// from shop.models import Address
    ///
    /// Addresses = modelformset_factory(Address, fields=["street"])
    ///
    ///
    /// def edit(request):
    ///     mine = Address.objects.filter(user=request.user)
    ///     formset = Addresses(request.POST, queryset=mine)
    ///     if formset.is_valid():
    ///         formset.save()
    /// ```
    ///
    /// ## How to fix
    /// Give a `queryset` of the rows that the user may change, also where the form is sent.
    ///
    /// ## Limits
    /// Formsets with a class of their own (`formset=`) may narrow the rows there, and are left out.
    ///
    /// ## References
    /// - [Django: changing the queryset](https://docs.djangoproject.com/en/stable/topics/forms/modelforms/#changing-the-queryset)
    RULE {
        id: "formset-unscoped-or-unbounded",
        group: "forms",
        summary: "a formset takes changes to every row",
        severity: High,
        cwe: [639, 770],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2"],
        checklist: ["object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const MODEL: &[&str] =
    &["django.forms.modelformset_factory", "django.forms.models.modelformset_factory"];
const MOST: i64 = 10_000;

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        let words = ["modelformset_factory", "absolute_max"];
        if !words.iter().any(|word| at.code.symbol(word).is_some()) {
            continue;
        }
        for (_, stmt) in at.code.all_stmts() {
            let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
            let [target] = at.code.exprs(targets) else { continue };
            if let Some(name) = at.code.name(*target).filter(|_| is_plain(cx, at, value)) {
                filled(at, name, out);
            }
        }
        bounds(at, out);
    }
}

/// Whether it makes a model formset without a class of its own.
fn is_plain(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> bool {
    at.code.call(value).is_some_and(|(callee, arguments)| {
        cx.names(at, callee, MODEL)
            && at.code.keyword(arguments, "formset").is_none()
            && !arguments.iter().any(|argument| argument.spread)
    })
}

fn filled(at: Site<'_>, name: &str, out: &mut Findings) {
    for (id, expr) in at.code.all_exprs() {
        let Expr::Call(callee, _) = expr else { continue };
        let Some((_, arguments)) = at.code.call(id) else { continue };
        let data = at.code.argument(arguments, 0, "data");
        let post = data.is_some_and(|data| {
            at.code.dotted(data).is_some_and(|data| data.ends_with("request.POST"))
        });
        let scoped = at.code.keyword(arguments, "queryset").is_some()
            || arguments.iter().any(|argument| argument.spread);
        if at.code.name(callee) != Some(name) || !post || scoped {
            continue;
        }
        let message = "the formset takes changes to every row of its model";
        out.found(&RULE, at.expr_span(id), name, message)
            .confidence(Confidence::Medium)
            .help("give a `queryset` of the rows that the user may change")
            .done();
    }
}

fn bounds(at: Site<'_>, out: &mut Findings) {
    if at.code.symbol("absolute_max").is_none() {
        return;
    }
    for (id, expr) in at.code.all_exprs() {
        let Expr::Call(..) = expr else { continue };
        let Some((_, arguments)) = at.code.call(id) else { continue };
        let factory = at.called(id).is_some_and(|name| name.ends_with("formset_factory"));
        let Some(most) = at.code.keyword(arguments, "absolute_max").filter(|_| factory) else {
            continue;
        };
        if matches!(at.code.expr(most), Expr::Int(count) if count > MOST) {
            out.found(
                &RULE,
                at.expr_span(most),
                "absolute_max",
                "one request may send this many forms",
            )
            .severity(Severity::Low)
            .help("leave `absolute_max` at its default, `max_num` and a thousand")
            .done();
        }
    }
}

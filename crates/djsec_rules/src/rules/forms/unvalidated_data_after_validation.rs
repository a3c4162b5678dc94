use djsec_base::{Confidence, Severity, TextSize};
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Function, FunctionId, Stmt};

use super::fields::{self, Said};
use super::sent;
use super::validity::{self, asked, made};
use crate::own::Site;
use crate::requests::{is_source, item, key};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds code that validates a form or serializer and then stores what the request carried
    /// (`request.POST`, `request.data`, `initial_data`) instead of what came out of the validation; and code
    /// that calls `is_valid()` and saves without a look at the result, where `save()` does not look itself.
    ///
    /// ## Why it matters
    /// The form checks lengths, choices and ownership, and cleans. The raw value went through none of that:
    /// whatever the client sends is stored.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django import forms
    /// from django.shortcuts import redirect
    ///
    ///
    /// class PhoneForm(forms.Form):
    ///     phone = forms.RegexField(r"^\+?[0-9]+$")
    ///
    ///
    /// def phone(request):
    ///     form = PhoneForm(request.POST)
    ///     if form.is_valid():
    ///         request.user.phone = request.POST["phone"]  # finding
    ///         request.user.save()
    ///     return redirect("/")
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django import forms
    /// from django.shortcuts import redirect
    ///
    ///
    /// class PhoneForm(forms.Form):
    ///     phone = forms.RegexField(r"^\+?[0-9]+$")
    ///
    ///
    /// def phone(request):
    ///     form = PhoneForm(request.POST)
    ///     if form.is_valid():
    ///         request.user.phone = form.cleaned_data["phone"]
    ///         request.user.save()
    ///     return redirect("/")
    /// ```
    ///
    /// ## How to fix
    /// Read `form.cleaned_data`, or `serializer.validated_data`.
    ///
    /// ## Limits
    /// Only what is written to an object or handed to a query that writes counts; reading which button was
    /// pressed does not. `save()` of model forms and serializers refuses what is not valid, so that nobody has to
    /// look before; where the class is not seen, the confidence is low. Where the form is not seen to have a field of that name, the confidence is low.
    ///
    /// ## References
    /// - [Django: processing the data from a form](https://docs.djangoproject.com/en/stable/topics/forms/#the-view)
    RULE {
        id: "unvalidated-data-after-validation",
        group: "forms",
        summary: "what was validated is not what is stored",
        severity: Medium,
        cwe: [20],
        owasp: ["2025:A05"],
        asvs: ["5.0:2.2.1"],
        checklist: ["input-validated"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// Methods that run when a form or serializer is valid.
const VALID: &[&str] = &["form_valid", "perform_create", "perform_update"];
const WRITES: &[&str] =
    &["create", "acreate", "get_or_create", "save", "update", "aupdate", "update_or_create"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        if !["is_valid"].iter().chain(VALID).any(|word| at.code.symbol(word).is_some()) {
            continue;
        }
        for (id, function) in at.code.functions() {
            if let Some(valid) = validated(cx, at, id, function) {
                stored(cx, at, function, &valid, out);
            }
            unlooked(cx, at, function, out);
        }
    }
}

/// From where on a form or serializer is valid in a function.
struct Valid {
    from: TextSize,
    /// Its class, where that is known.
    class: Option<QualifiedName>,
    /// The name it has.
    name: String,
}

fn validated(cx: &Cx<'_>, at: Site<'_>, id: FunctionId, function: &Function) -> Option<Valid> {
    let code = at.code;
    if VALID.contains(&code.text(function.name)) {
        let given = code.text(function.parameters.get(1)?.name).to_owned();
        let class = code.function(id)?.class.and_then(|class| code.class(class));
        let view = cx.program.resolve(at.module, &class?.path);
        let class = ["form_class", "serializer_class"].iter().find_map(|n| cx.assigned(&view, n));
        let class = class.map(|(site, value)| cx.resolved(site, value));
        return Some(Valid { from: function.range.start(), class, name: given });
    }
    let (call, name) = at.calls_in(function).into_iter().find_map(|call| {
        let name = asked(at, call)?;
        Some((call, name.to_owned()))
    })?;
    let from = code.expr_range(call).end();
    let class = made(cx, at, function, (&name, from));
    Some(Valid { from, class, name })
}

fn stored(cx: &Cx<'_>, at: Site<'_>, function: &Function, valid: &Valid, out: &mut Findings) {
    for (value, whole) in written(cx, at, function) {
        let range = at.code.expr_range(value);
        if range.start() < valid.from {
            continue;
        }
        let raw = key(at, value).or_else(|| initial(at, value, &valid.name));
        let (what, confidence) = match raw {
            Some(field) => {
                let known = valid.class.as_ref().is_some_and(|class| has(cx, class, field));
                let confidence = if known { Confidence::High } else { Confidence::Low };
                (format!("`{field}`"), confidence)
            }
            None if whole && is_source(at, value) => ("everything".to_owned(), Confidence::Medium),
            None => continue,
        };
        let message = format!("{what} is stored as it came, though `{}` was validated", valid.name);
        out.found(&RULE, at.expr_span(value), &*function.path, message)
            .confidence(confidence)
            .help("take it from `cleaned_data` (a serializer's `validated_data`)")
            .done();
    }
}

/// The values that a function writes to objects, and those that it hands to queries that write; whether
/// each is handed over as a whole (`**request.data`).
fn written(cx: &Cx<'_>, at: Site<'_>, function: &Function) -> Vec<(ExprId, bool)> {
    let code = at.code;
    let mut found = Vec::new();
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, value: Some(value), .. } = stmt {
            let object = |target: &ExprId| {
                let Expr::Attribute(owner, _) = code.expr(*target) else { return false };
                !matches!(code.dotted(owner).as_deref(), Some("self" | "request" | "cls") | None)
            };
            if code.exprs(targets).iter().any(object) {
                found.push((value, false));
            }
        }
    });
    for call in at.calls_in(function) {
        let Some((callee, arguments)) = code.call(call) else { continue };
        let writes = at.called(call).is_some_and(|name| WRITES.contains(&name));
        let model = || cx.model_named(at, callee).is_some_and(|m| cx.models().get(&m).is_some());
        if writes || (code.call(callee).is_none() && code.string(callee).is_none() && model()) {
            let named = arguments.iter().filter(|a| a.keyword.is_some() || a.spread);
            found.extend(named.map(|argument| (argument.value, argument.spread)));
        }
    }
    found
}

/// The key under which the raw data of a form or serializer is read: `serializer.initial_data["x"]`.
fn initial<'a>(at: Site<'a>, value: ExprId, name: &str) -> Option<&'a str> {
    let code = at.code;
    let (owner, key) = item(at, value)?;
    let raw =
        ["initial_data", "data"].iter().any(|of| code.is_dotted(owner, &format!("{name}.{of}")));
    // What a serializer calls `data` after validation is its own output.
    let form = raw && !(code.is_dotted(owner, &format!("{name}.data")) && name.contains("serial"));
    if form { code.string(key) } else { None }
}

/// Whether a form or serializer has a field.
fn has(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> bool {
    if cx.classes.attribute(class, field).is_some() {
        return true;
    }
    let Some(meta) = sent::meta(cx, class) else { return false };
    let model = cx.assigned(&meta, "model").and_then(|(at, value)| cx.model_named(at, value));
    cx.assigned(&meta, "fields").is_some_and(|(at, value)| match fields::read(at, value) {
        Said::These(all) => all.iter().any(|(name, _)| *name == field),
        Said::All => model.is_some_and(|model| cx.models().field(&model, field).is_some()),
        Said::Except(_) | Said::Unknown => false,
    })
}

/// `form.is_valid()` as a statement of its own, before a `save()` that stores what is not valid, too.
fn unlooked(cx: &Cx<'_>, at: Site<'_>, function: &Function, out: &mut Findings) {
    for (call, name, sure) in validity::ignored(cx, at, function) {
        let message = format!("nothing looks at the result of `{name}.is_valid()` before `save()`");
        // Most forms that are saved are of a model.
        let confidence = if sure { Confidence::Medium } else { Confidence::Low };
        out.found(&RULE, at.expr_span(call), &*function.path, message)
            .severity(Severity::Low)
            .confidence(confidence)
            .help(format!("`if {name}.is_valid():`; a serializer's takes `raise_exception=True`"))
            .done();
    }
}

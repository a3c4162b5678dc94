use djsec_base::Confidence;
use djsec_django::models::{Why, is_secret_name};
use djsec_python::code::{Comparison, Expr, ExprId, Function};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds comparisons with `==` of what came with a request and a secret of the project: a key or token
    /// of the settings or of a row, or a signature that was computed.
    ///
    /// ## Why it matters
    /// `==` ends at the first difference, so it takes the longer the more of the secret is right. Who can
    /// ask often enough, and measure well enough, finds the secret piece by piece.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.conf import settings
    /// from django.http import HttpResponse
    ///
    ///
    /// def metrics(request):
    ///     if request.headers.get("X-Key") != settings.METRICS_KEY:  # finding
    ///         return HttpResponse(status=403)
    ///     return HttpResponse("ok")
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.conf import settings
    /// from django.http import HttpResponse
    /// from django.utils.crypto import constant_time_compare
    ///
    ///
    /// def metrics(request):
    ///     if not constant_time_compare(request.headers.get("X-Key", ""), settings.METRICS_KEY):
    ///         return HttpResponse(status=403)
    ///     return HttpResponse("ok")
    /// ```
    ///
    /// ## How to fix
    /// Use `django.utils.crypto.constant_time_compare()` or `hmac.compare_digest()`.
    ///
    /// ## Limits
    /// Two values of the same request, as passwords that are typed twice, may be compared with `==`.
    /// Passwords that are kept as text are another finding (`auth-backend-flaw`).
    ///
    /// ## References
    /// - [Python: hmac.compare_digest](https://docs.python.org/3/library/hmac.html#hmac.compare_digest)
    RULE {
        id: "secret-comparison-not-constant-time",
        group: "crypto",
        summary: "how long a comparison takes tells how much of a secret is right",
        severity: Low,
        cwe: [208],
        owasp: ["2025:A04"],
        asvs: ["5.0:11.2.4"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const HMACS: &[&str] = &[
    "django.core.signing.base64_hmac",
    "django.utils.crypto.salted_hmac",
    "hmac.HMAC",
    "hmac.digest",
    "hmac.new",
];
/// What a request carries.
const PARTS: &[&str] =
    &["COOKIES", "GET", "META", "POST", "body", "data", "headers", "query_params"];

/// Words of keys that are shown to others, or only name something.
const PUBLIC: &[&str] = &[
    "CACHE",
    "FIELD",
    "FOREIGN",
    "ORDER",
    "PARAM",
    "PRIMARY",
    "PUBLIC",
    "PUBLISHABLE",
    "QUERY",
    "SESSION",
    "SITE",
    "SORT",
];

/// A secret of the project.
struct Secret {
    words: String,
    sure: Confidence,
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let columns = columns(cx);
    for at in cx.sites().filter(|at| at.code.symbol("request").is_some()) {
        let signs = !cx.program.calls_to_any(at.module, HMACS).is_empty();
        for (id, expr) in at.code.all_exprs() {
            let Expr::Compare(left, rest) = expr else { continue };
            let [(operator @ (Comparison::Eq | Comparison::NotEq), right)] =
                at.code.comparisons(rest)
            else {
                continue;
            };
            let constant = |side| {
                matches!(
                    at.code.expr(side),
                    Expr::Str(_) | Expr::Int(_) | Expr::None | Expr::Bool(_) | Expr::Bytes
                )
            };
            if constant(left) || constant(*right) {
                continue;
            }
            let Some(function) = at.function_of(id) else { continue };
            let pair = [(left, *right), (*right, left)].into_iter().find_map(|(given, other)| {
                let secret = secret(cx, at, other, (&columns, signs))?;
                (comes_in(at, function, given) && !comes_in(at, function, other)).then_some(secret)
            });
            let Some(secret) = pair else { continue };
            let operator = if *operator == Comparison::Eq { "==" } else { "!=" };
            let message = format!(
                "{} is compared with `{operator}`, which takes the longer the more of it is right",
                secret.words
            );
            out.found(&RULE, at.expr_span(id), &*function.path, message)
                .confidence(secret.sure)
                .help("use `django.utils.crypto.constant_time_compare()`")
                .done();
        }
    }
}

/// The names of the columns that are secrets; passwords are left to the rules on them.
fn columns(cx: &Cx<'_>) -> Vec<String> {
    let models = cx.models();
    let secret = models.all.iter().flat_map(|model| models.sensitive(&model.class));
    let names = secret.filter(|field| field.why == Why::Secret).map(|field| field.name.to_string());
    names.filter(|name| !name.contains("password")).collect()
}

fn secret<'a>(
    cx: &Cx<'a>,
    at: Site<'a>,
    side: ExprId,
    (columns, signs): (&[String], bool),
) -> Option<Secret> {
    let code = at.code;
    if let Some(name) = cx.setting_read(at, side) {
        let public = PUBLIC.iter().any(|word| name.split('_').any(|part| part == *word));
        let last = name.rsplit('_').next().unwrap_or_default();
        let secret =
            matches!(last, "KEY" | "SECRET" | "SIGNATURE" | "TOKEN") || is_secret_name(&name);
        return (secret && !public)
            .then(|| Secret { words: format!("`settings.{name}`"), sure: Confidence::High });
    }
    if let Expr::Attribute(owner, name) = code.expr(side) {
        let name = code.text(name);
        let row = code
            .name(owner)
            .filter(|row| !matches!(*row, "self" | "cls" | "form" | "request" | "serializer"));
        // Many things have a `key`; only that of a token is secret.
        let meant = row.is_some_and(|row| name != "key" || row.contains("token"));
        if meant && columns.iter().any(|column| column == name) {
            let words = format!("`{}`", code.dotted(side).unwrap_or_default());
            return Some(Secret { words, sure: Confidence::Medium });
        }
    }
    let computed = |at: Site<'a>, value: ExprId| {
        let mut found = false;
        at.code.each_inner(value, &mut |id, _| {
            found |= at.code.call(id).is_some_and(|(callee, _)| cx.names(at, callee, HMACS))
                || digest_of(cx, at, id);
        });
        found
    };
    (signs && cx.surely(at, side, &computed))
        .then(|| Secret { words: "the right signature".to_owned(), sure: Confidence::High })
}

/// `made.hexdigest()` where `made` is an HMAC.
fn digest_of<'a>(cx: &Cx<'a>, at: Site<'a>, value: ExprId) -> bool {
    if !matches!(at.called(value), Some("digest" | "hexdigest")) {
        return false;
    }
    let Some((callee, _)) = at.code.call(value) else { return false };
    let Expr::Attribute(made, _) = at.code.expr(callee) else { return false };
    cx.surely(at, made, &|at, value| {
        at.code.call(value).is_some_and(|(callee, _)| cx.names(at, callee, HMACS))
    })
}

/// Whether a value came with a request: a part of it, a name with nothing but such values, or what the
/// address gives a view.
fn comes_in(at: Site<'_>, function: &Function, side: ExprId) -> bool {
    let code = at.code;
    let part = |value: ExprId| {
        let mut found = false;
        code.each_inner(value, &mut |id, expr| {
            if let Expr::Attribute(owner, name) = expr {
                let request =
                    code.name(owner) == Some("request") || code.is_dotted(owner, "self.request");
                found |= request && PARTS.contains(&code.text(name));
                found |= code.text(name) == "kwargs" && code.name(owner) == Some("self");
            }
            // `params = request.POST`
            found |= matches!(expr, Expr::Name(_))
                && at.given(id).is_some_and(|values| is_part(at, &values));
        });
        found
    };
    // What is computed over the body is not what came in.
    let computed = code.call(side).is_some()
        && !matches!(at.called(side), Some("get" | "pop" | "strip" | "decode" | "encode" | "str"));
    if !computed && part(side) {
        return true;
    }
    let Some(name) = code.name(side) else { return false };
    let named = |wanted: &str| function.parameters.iter().any(|p| code.text(p.name) == wanted);
    if named(name) {
        return named("request") && !matches!(name, "request" | "self");
    }
    at.given(side).is_some_and(|values| {
        !values.is_empty()
            && values.iter().all(|value| {
                let taken = matches!(at.called(*value), Some("get" | "pop" | "strip" | "decode"));
                (code.call(*value).is_none() || taken) && part(*value)
            })
    })
}

/// Whether all of these are what a request carries, as a whole.
fn is_part(at: Site<'_>, values: &[ExprId]) -> bool {
    let part = |value: &ExprId| match at.code.expr(*value) {
        Expr::Attribute(owner, name) => {
            let request =
                at.code.name(owner) == Some("request") || at.code.is_dotted(owner, "self.request");
            request && PARTS.contains(&at.code.text(name))
        }
        _ => false,
    };
    !values.is_empty() && values.iter().all(part)
}

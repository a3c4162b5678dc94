use djsec_base::{Confidence, Severity};
use djsec_django::settings::SettingRef;
use djsec_python::code::{Expr, ExprId, Stmt};
use djsec_python::value::Data;

use crate::classes::dotted;
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds API tokens that never end: those of `rest_framework.authtoken` among the default
    /// authentication classes, those of django-rest-knox with `TOKEN_TTL` set to `None`, and JSON web
    /// tokens that name a user, have no `exp`, and are read by the project itself.
    ///
    /// ## Why it matters
    /// A token in a log, a script or a lost laptop is a password that nobody changes. Those of
    /// `rest_framework.authtoken` also lie in the database as they are, so that a backup gives away
    /// all of them, and there is one for each user, good for everything.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "rest_framework.authtoken"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": [
    ///         "rest_framework.authentication.TokenAuthentication",  # finding
    ///     ],
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework", "knox"]
    /// REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["knox.auth.TokenAuthentication"]}
    /// ```
    ///
    /// ## How to fix
    /// Use tokens that are stored as hashes and end, such as those of django-rest-knox; or derive a
    /// class from `TokenAuthentication` that refuses old tokens.
    ///
    /// ## Limits
    /// Classes derived from `TokenAuthentication` are taken to bring an end of their own, and so are JSON web
    /// tokens whose claims are not all written in one place, or that are dated (`iat`).
    ///
    /// ## References
    /// - [DRF: TokenAuthentication](https://www.django-rest-framework.org/api-guide/authentication/#tokenauthentication)
    /// - [django-rest-knox: settings](https://jazzband.github.io/django-rest-knox/settings/)
    RULE {
        id: "api-token-never-expires",
        group: "auth",
        summary: "API tokens never end",
        severity: Low,
        cwe: [613, 256],
        owasp: ["2025:A07"],
        asvs: ["5.0:7.3.2"],
        checklist: ["tokens-sound"],
        since: "next",
        checks: [
            Check::Setting(&["REST_FRAMEWORK"], authtoken),
            Check::Setting(&["REST_KNOX"], knox),
            Check::Project(claims),
        ],
    }
}

const TOKEN: &str = "rest_framework.authentication.TokenAuthentication";

fn authtoken(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_AUTHENTICATION_CLASSES");
    let listed = classes.any(|data| match data {
        Data::Sym(_) => None,
        other => Some(dotted(other) == Some(TOKEN)),
    });
    let when = listed & cx.uses_app("rest_framework.authtoken");
    let message = "API tokens never end, and are stored as they are";
    out.judge(cx, &RULE, &classes, when, message)
        .at(classes.element_span(when, |data| dotted(data) == Some(TOKEN)))
        .help("use tokens that end and are stored as hashes, such as django-rest-knox's")
        .done();
}

fn knox(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let ttl = setting.entry("TOKEN_TTL");
    let never = ttl.is(|data| Some(matches!(data, Data::None))) & cx.uses_app("knox");
    out.judge(cx, &RULE, &ttl, never, "API tokens never end")
        .help("set `TOKEN_TTL` to a `timedelta`; the default is ten hours")
        .done();
}

const ENCODE: &[&str] = &["jose.jwt.encode", "jwt.encode"];
const DECODE: &[&str] = &["jose.jwt.decode", "jwt.decode"];
/// Claims that say whose a token is…
const WHOSE: &[&str] =
    &["email", "id", "sub", "uid", "user", "user_id", "userid", "username", "user_pk"];
/// …and when it ends, or how old it is.
const DATES: &[&str] = &["exp", "expires", "expires_at", "expiry", "iat", "nbf"];

/// Tokens of the project's own making. Those of others, as for a service that renders documents, are read there.
fn claims(cx: &Cx<'_>, out: &mut Findings) {
    if cx.calls_to(DECODE).is_empty() {
        return;
    }
    for call in cx.calls_to(ENCODE) {
        let at = call.at;
        let Some(given) = call.argument(0, "payload").or_else(|| call.argument(0, "claims")) else {
            continue;
        };
        let Some(entries) = written(at, given) else { continue };
        let names: Option<Vec<&str>> =
            entries.iter().map(|(key, _)| key.and_then(|key| at.code.string(key))).collect();
        let Some(names) = names else { continue };
        if names.iter().any(|name| WHOSE.contains(name))
            && !names.iter().any(|name| DATES.contains(name))
        {
            out.found(
                &RULE,
                at.expr_span(call.id),
                at.path_around(call.id),
                "this token never ends",
            )
            .severity(Severity::Medium)
            .confidence(Confidence::Medium)
            .help("give it `exp`, a few minutes or hours from now")
            .done();
        }
    }
}

/// The entries of a dictionary, where nothing is put into it afterwards.
fn written(at: Site<'_>, given: ExprId) -> Option<&[(Option<ExprId>, ExprId)]> {
    let code = at.code;
    let dict = match code.expr(given) {
        Expr::Dict(_) => given,
        Expr::Name(name) => {
            let changed = code.all_stmts().any(|(_, stmt)| match stmt {
                Stmt::Assign { targets, .. } => code.exprs(targets).iter().any(|target| {
                    matches!(code.expr(*target), Expr::Subscript(on, _)
                        if code.name(on) == Some(code.text(name)))
                }),
                _ => false,
            });
            let updated = code.all_exprs().any(|(id, _)| {
                code.call(id).is_some_and(|(callee, _)| {
                    matches!(code.expr(callee), Expr::Attribute(on, _)
                        if code.name(on) == Some(code.text(name)))
                })
            });
            let [one] = *at.given(given)? else { return None };
            (!changed && !updated).then_some(one)?
        }
        _ => return None,
    };
    match code.expr(dict) {
        Expr::Dict(entries) => Some(code.entries(entries)),
        _ => None,
    }
}

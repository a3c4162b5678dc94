use std::collections::BTreeSet;

use djsec_base::{FileKind, Span};
use djsec_django::settings::{Cond, Part, SettingRef};
use djsec_python::code::{Expr, ExprId, Stmt};
use djsec_python::value::Data;

use super::takes::{DATA, OF_MODULES, REQUESTS, SETTINGS, Takes, URLS, plausible};
use crate::calls::Called;
use crate::network::{Reach, reach, url};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords, keys and tokens that are written in the source and used: handed to what logs in, signs or
    /// calls an API (`boto3`, `psycopg2`, `smtplib`, `hmac`, `stripe`, `requests`, …), or kept in a setting that
    /// Django or a package logs in with.
    ///
    /// ## Why it matters
    /// Everybody who can read the repository, a copy of it or a backup can do what the project can: read its
    /// database, send its mail, pay with its account. What stands in the history of a repository cannot be
    /// taken back, and is the same on every machine.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// EMAIL_HOST_PASSWORD = "k3Jq9sPzT1vB"  # finding
    /// ```
    /// ```python storage.py
    /// import boto3
    ///
    /// KEY = "wB7alrXUtnF3MIK7MD9bPxRfiCYzqKQ1"
    ///
    ///
    /// def bucket():
    ///     return boto3.client("s3", aws_secret_access_key=KEY)  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// EMAIL_HOST_PASSWORD = os.environ["EMAIL_HOST_PASSWORD"]
    /// ```
    /// ```python storage.py
    /// import boto3
    /// from django.conf import settings
    ///
    ///
    /// def bucket():
    ///     return boto3.client("s3", aws_secret_access_key=settings.STORAGE_KEY)
    /// ```
    ///
    /// ## How to fix
    /// Make a new one, for the old one is known; read it from the environment or a store of secrets, without
    /// a default.
    ///
    /// ## Limits
    /// What nothing uses that djsec knows is not reported, and neither is what looks like a placeholder. Passwords of
    /// databases and brokers on the same machine are left alone. `SECRET_KEY`, keys of JSON web tokens and keys
    /// that encrypt data have rules of their own.
    ///
    /// ## References
    /// - [OWASP: secrets management](https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html)
    RULE {
        id: "credential-in-source",
        group: "crypto",
        summary: "a password, key or token is written in the source",
        severity: High,
        cwe: [798, 259, 321],
        owasp: ["2025:A02", "2025:A07"],
        asvs: ["5.0:13.3.1"],
        checklist: ["secrets-out-of-source"],
        since: "next",
        checks: [Check::Project(settings), Check::Project(code)],
    }
}

const HELP: &str = "make a new one, and read it from the environment without a default";

fn settings(cx: &Cx<'_>, out: &mut Findings) {
    for (name, what) in SETTINGS {
        kept(cx, &cx.setting(name), what, None, out);
    }
    for alias in cx.setting("DATABASES").keys() {
        let database = cx.setting("DATABASES").entry(&alias);
        let what = format!("the password of the database `{alias}`");
        let login = ["NAME", "USER"].map(|key| texts(&database.entry(key)));
        let own = |text: &str| login.iter().flatten().any(|other| other == text);
        let far = database.entry("HOST").is_raw(|data| match data {
            Data::Str(host) => Some(reach(host) != Reach::Local),
            _ => Some(false),
        });
        let password = database.entry("PASSWORD");
        let when = password.where_part(|part| {
            is_written(cx, part)
                && part.data.as_str().is_some_and(|text| plausible(text) && !own(text))
        });
        judge(cx, &password, (when & far, &what), None, out);
    }
    for name in URLS {
        in_address(cx, &cx.setting(name), "the broker", out);
    }
    for alias in cx.setting("CACHES").keys() {
        let cache = cx.setting("CACHES").entry(&alias);
        in_address(cx, &cache.entry("LOCATION"), &format!("the cache `{alias}`"), out);
    }
}

/// A setting that is nothing but a secret. `used`: where the code hands it on.
fn kept(cx: &Cx<'_>, setting: &SettingRef<'_>, what: &str, used: Option<Span>, out: &mut Findings) {
    if !setting.explicit {
        return;
    }
    let is = |part: &Part<'_>| is_written(cx, part) && part.data.as_str().is_some_and(plausible);
    judge(cx, setting, (setting.where_part(is), what), used, out);
}

/// The password in an address: `redis://:password@cache.example.com`.
fn in_address(cx: &Cx<'_>, setting: &SettingRef<'_>, of: &str, out: &mut Findings) {
    let has = |part: &Part<'_>| {
        let address = part.data.as_str().and_then(url);
        is_written(cx, part)
            && address.is_some_and(|url| plausible(url.password) && reach(url.host) != Reach::Local)
    };
    let mut when = setting.where_part(has);
    for part in setting.elements().into_iter().filter(has) {
        when = when | part.when;
    }
    judge(cx, setting, (when, &format!("the password of {of}")), None, out);
}

fn judge<'a>(
    cx: &Cx<'a>,
    setting: &SettingRef<'a>,
    (when, what): (Cond<'a>, &str),
    used: Option<Span>,
    out: &mut Findings,
) {
    let known = out.findings.iter().any(|finding| &*finding.subject == &*setting.path);
    if !known && !when.is_never() {
        out.judge(cx, &RULE, setting, when, format!("{what} is written in the source"))
            .related(used, "it is used here")
            .help(HELP)
            .done();
    }
}

fn texts(setting: &SettingRef<'_>) -> BTreeSet<String> {
    let parts = setting.alternatives();
    parts.iter().filter_map(|part| part.data.as_str().map(str::to_owned)).collect()
}

fn is_written(cx: &Cx<'_>, part: &Part<'_>) -> bool {
    let file = part.span.and_then(|span| cx.files.file(span.file));
    file.is_some_and(|file| file.kind == FileKind::Python)
}

fn code(cx: &Cx<'_>, out: &mut Findings) {
    let names: Vec<&'static str> = DATA.iter().map(|takes| takes.made_by).collect();
    for call in cx.calls_to(&names) {
        for takes in DATA.iter().filter(|takes| takes.made_by == call.name) {
            for secret in handed(&call, takes) {
                tell(cx, call.at, secret, takes.what, out);
            }
        }
    }
    for call in cx.calls_to(REQUESTS) {
        let login = call.keyword("auth").and_then(|login| call.at.code.elements(login));
        if let Some([_, password]) = login {
            tell(cx, call.at, *password, "a password", out);
        }
    }
    for at in cx.sites().filter(|at| at.code.symbol("api_key").is_some()) {
        for (_, stmt) in at.code.all_stmts() {
            let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
            if at.code.exprs(targets).iter().any(|target| cx.names(at, *target, OF_MODULES)) {
                tell(cx, at, value, "the key of an API", out);
            }
        }
    }
}

/// What a call is given as the secret, or a method of what it makes.
fn handed(call: &Called<'_>, takes: &Takes) -> Vec<ExprId> {
    let code = call.at.code;
    let Some(method) = takes.method else {
        return call.argument(takes.at, takes.name).into_iter().collect();
    };
    let calls = call.methods(method).into_iter();
    calls.filter_map(|(_, given)| code.argument(given, takes.at, takes.name)).collect()
}

/// A secret that is handed on, if it is written in the source.
fn tell<'a>(cx: &Cx<'a>, at: Site<'a>, secret: ExprId, what: &str, out: &mut Findings) {
    let given = encoded(at, secret);
    let is = |at: Site<'a>, id: ExprId| literal(cx, at, encoded(at, id)).is_some_and(plausible);
    let of_class = || of_class(at, given).filter(|id| is(at, *id)).map(|id| (at, id));
    if let Some((there, place)) = cx.origin(at, given, &is).or_else(of_class) {
        let elsewhere = (place != given).then(|| there.expr_span(place));
        out.found(
            &RULE,
            at.expr_span(secret),
            at.path_around(secret),
            format!("{what} is written in the source"),
        )
        .related(elsewhere, "it stands here")
        .help(HELP)
        .done();
    } else if let Some(name) = cx.setting_read(at, given).filter(|name| name != "SECRET_KEY") {
        kept(cx, &cx.setting(&name), what, Some(at.expr_span(secret)), out);
    }
}

/// The text of `text.encode()`.
fn encoded(at: Site<'_>, id: ExprId) -> ExprId {
    match at.code.call(id).map(|(callee, _)| at.code.expr(callee)) {
        Some(Expr::Attribute(object, name)) if at.code.text(name) == "encode" => object,
        _ => id,
    }
}

/// A text, or bytes, as they are written.
fn literal<'a>(cx: &Cx<'a>, at: Site<'a>, id: ExprId) -> Option<&'a str> {
    match at.code.expr(id) {
        Expr::Str(text) => Some(at.code.text(text)),
        Expr::Bytes => {
            let written = cx.source(at.expr_span(id)).trim_start_matches(['b', 'B', 'r', 'R']);
            Some(written.trim_matches(['"', '\'']))
        }
        _ => None,
    }
}

/// What the class around gives an attribute: `self.KEY`.
fn of_class(at: Site<'_>, id: ExprId) -> Option<ExprId> {
    let Expr::Attribute(object, name) = at.code.expr(id) else { return None };
    let own = matches!(at.code.name(object), Some("self" | "cls"));
    let class = at.code.class_around(at.code.expr_range(id).start()).filter(|_| own)?;
    at.code.class_attribute(class, at.code.text(name))
}

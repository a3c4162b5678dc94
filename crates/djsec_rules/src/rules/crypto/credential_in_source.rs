use std::collections::BTreeSet;

use djsec_base::{FileKind, Location, Span};
use djsec_django::settings::{Cond, Part, SettingRef};
use djsec_python::code::{Expr, ExprId, Stmt};
use djsec_python::value::Data;

use super::compared::keys;
use super::formats;
use super::takes::{
    DATA, OF_MODULES, REQUESTS, SETTINGS, URLS, encoded, handed, in_headers, literal, of_class,
    plausible,
};
use crate::network::{Reach, reach, url};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords, keys and tokens that are written in the source and used: handed to what logs in, signs or
    /// calls an API (`boto3`, `psycopg2`, `smtplib`, `hmac`, `stripe`, `requests`, …), compared with the key that
    /// somebody sends to be let in, or kept in a setting that Django or a package logs in with. What has the form that a service gives its keys (`sk_live_…`, `ghp_…`, a
    /// private key) is found wherever it stands.
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
    /// Other secrets that nothing uses that djsec knows are not reported, nor what looks like a placeholder. Passwords of
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
        checks: [Check::Project(settings), Check::Project(code), Check::Project(forms)],
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
    let known = out.findings.iter().any(|finding| *finding.subject == *setting.path);
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
        for (at, token) in in_headers(cx, &call) {
            tell(cx, at, token, "what logs in to an API", out);
        }
    }
    for (at, key) in keys(cx) {
        tell(cx, at, key, "a key that lets in whoever sends it", out);
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

/// What says by its form that it is the secret of a service, whoever uses it.
fn forms(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites().filter(|at| !cx.is_other_profile(*at)) {
        for (id, expr) in at.code.all_exprs() {
            let Expr::Str(text) = expr else { continue };
            let place = at.expr_span(id);
            let Some(what) = formats::named(at.code.text(text)).filter(|_| !is_told(place, out))
            else {
                continue;
            };
            out.found(&RULE, place, at.path_around(id), format!("{what} is written in the source"))
                .help(HELP)
                .done();
        }
    }
}

/// Whether a secret was told already, where it is used.
fn is_told(place: Span, out: &Findings) -> bool {
    let same = |at: &Location| matches!(at, Location::Span(span) if *span == place);
    out.findings.iter().any(|finding| {
        same(&finding.primary) || finding.related.iter().any(|note| same(&note.location))
    })
}

/// A secret that is handed on, if it is written in the source.
fn tell<'a>(cx: &Cx<'a>, at: Site<'a>, secret: ExprId, what: &str, out: &mut Findings) {
    let given = encoded(at, secret);
    let is = |at: Site<'a>, id: ExprId| {
        literal(cx, at, encoded(at, id)).map(formats::bare).is_some_and(plausible)
    };
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

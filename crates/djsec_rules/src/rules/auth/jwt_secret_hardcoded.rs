use djsec_base::FileKind;
use djsec_django::settings::{Part, SettingRef};
use djsec_python::code::ExprId;
use djsec_python::value::Data;

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds keys that sign JSON web tokens and are written in the source: those of Simple JWT, Ninja
    /// JWT, graphene's JWT package and drf-jwt, and what code hands to `jwt.encode()` and `jwt.decode()`.
    ///
    /// ## Why it matters
    /// With the key one makes a token for any user, administrators included, that the API takes for its
    /// own. Everybody who ever could read the repository has it.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SIMPLE_JWT = {"SIGNING_KEY": "c4YbRk2vT9wLq8ZsXn3Jm7Gd5Hf1PaEu"}  # finding
    /// ```
    /// ```python tokens.py
    /// import jwt
    ///
    /// KEY = "c4YbRk2vT9wLq8ZsXn3Jm7Gd5Hf1PaEu"
    ///
    ///
    /// def issue(user):
    ///     return jwt.encode({"sub": user.pk}, KEY, algorithm="HS256")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// SIMPLE_JWT = {"SIGNING_KEY": os.environ["JWT_SIGNING_KEY"]}
    /// ```
    /// ```python settings.py
    /// from pathlib import Path
    ///
    /// SIMPLE_JWT = {
    ///     "ALGORITHM": "RS256",
    ///     "SIGNING_KEY": Path("/run/secrets/jwt.pem").read_text(),
    ///     "VERIFYING_KEY": "-----BEGIN PUBLIC KEY-----...",
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Make a new key, put it into the environment or the secrets manager of the production process,
    /// and read it without a default. The old key is known: tokens that it signed must not be accepted
    /// any longer.
    ///
    /// ## Limits
    /// A key that is the project's `SECRET_KEY` is reported there.
    ///
    /// ## References
    /// - [Simple JWT: SIGNING_KEY](https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html#signing-key)
    RULE {
        id: "jwt-secret-hardcoded",
        group: "auth",
        summary: "a key that signs tokens is written in the source",
        severity: Critical,
        cwe: [798, 321],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:13.3.1", "5.0:9.1.1"],
        checklist: ["secrets-out-of-source", "tokens-sound"],
        since: "next",
        checks: [
            Check::Setting(&["SIMPLE_JWT", "NINJA_JWT"], signing_key),
            Check::Setting(&["GRAPHQL_JWT", "JWT_AUTH"], secret_key),
            Check::Project(in_code),
        ],
    }
}

const MESSAGE: &str =
    "the key that signs tokens is written in the source: who reads it can be any user";
const HELP: &str = "read a new key from the environment, without a default";

fn signing_key(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    check(cx, &setting.entry("SIGNING_KEY"), out);
}

fn secret_key(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    check(cx, &setting.entry("JWT_SECRET_KEY"), out);
}

fn check(cx: &Cx<'_>, key: &SettingRef<'_>, out: &mut Findings) {
    let secret = cx.setting("SECRET_KEY").alternatives();
    let written = |part: &Part<'_>| {
        let is_key = match &part.data {
            Data::Str(text) => !text.is_empty(),
            Data::Bytes(bytes) => !bytes.is_empty(),
            _ => false,
        };
        let in_source = part
            .span
            .and_then(|span| cx.files.file(span.file))
            .is_some_and(|file| file.kind == FileKind::Python);
        is_key && in_source && !secret.iter().any(|other| other.data == part.data)
    };
    let when = key.where_part(written);
    out.judge(cx, &RULE, key, when, MESSAGE).help(HELP).done();
}

/// Functions that sign a token or check one, with the key as their second argument.
const SIGNING: &[&str] = &[
    "jose.jwt.decode",
    "jose.jwt.encode",
    "jwt.api_jwt.decode",
    "jwt.api_jwt.encode",
    "jwt.decode",
    "jwt.encode",
];

fn in_code(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(SIGNING) {
        let Some(key) = call.argument(1, "key") else { continue };
        // Without a check there is no key; that is another rule's affair.
        let off = ["options", "verify"].iter().any(|name| call.keyword(name).is_some());
        if call.name.ends_with("decode") && off {
            continue;
        }
        let is_key = |text: &str| {
            let text = text.trim_start();
            let public = ["-----BEGIN PUBLIC", "-----BEGIN CERT", "-----BEGIN RSA PUBLIC"];
            !text.is_empty() && !public.iter().any(|start| text.starts_with(start))
        };
        let is_text = |at: Site<'_>, id: ExprId| at.code.string(id).is_some_and(is_key);
        let Some((there, place)) = cx.origin(call.at, key, &is_text) else { continue };
        let elsewhere = (place != key).then(|| there.expr_span(place));
        out.found(&RULE, call.at.expr_span(key), call.path_around(), MESSAGE)
            .related(elsewhere, "the key stands here")
            .help(HELP)
            .done();
    }
}

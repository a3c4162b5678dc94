//! Connections of the standard library for mail and FTP: without a context, no certificate is checked.
//!
//! `smtplib`, `imaplib`, `poplib` and `ftplib` make their own with `ssl._create_stdlib_context()`, which is
//! `ssl._create_unverified_context()`. `urllib` and `http.client` do check.

use djsec_python::code::{Expr, ExprId};

use crate::Cx;
use crate::calls::Called;

/// What opens an encrypted connection, and under which name it takes a context.
const ENCRYPTED: &[(&str, &str)] = &[
    ("ftplib.FTP_TLS", "context"),
    ("imaplib.IMAP4_SSL", "ssl_context"),
    ("poplib.POP3_SSL", "context"),
    ("smtplib.SMTP_SSL", "context"),
];

/// What opens one that is encrypted later, by which method, and under which name that takes a context.
const LATER: &[(&str, &str, &str)] = &[
    ("imaplib.IMAP4", "starttls", "ssl_context"),
    ("poplib.POP3", "stls", "context"),
    ("smtplib.SMTP", "starttls", "context"),
];

/// Where such connections are made without a context.
pub(super) fn unchecked<'a>(cx: &Cx<'a>) -> Vec<(Called<'a>, ExprId)> {
    let mut found = Vec::new();
    if !cx.mentions(&["smtplib", "imaplib", "poplib", "ftplib"]) {
        return found;
    }
    let names: Vec<&'static str> = ENCRYPTED.iter().map(|(name, _)| *name).collect();
    for call in cx.calls_to(&names) {
        let known = ENCRYPTED.iter().find(|(name, _)| *name == call.name);
        let Some((_, context)) = known else { continue };
        if is_bare(&call, call.arguments, context) && !is_near(&call) {
            found.push((call, call.id));
        }
    }
    let names: Vec<&'static str> = LATER.iter().map(|(name, ..)| *name).collect();
    for call in cx.calls_to(&names) {
        let known = LATER.iter().find(|(name, ..)| *name == call.name);
        let (Some((_, method, context)), Some(function)) = (known, call.function()) else {
            continue;
        };
        for id in call.at.calls_in(function) {
            let Some((callee, arguments)) = call.at.code.call(id) else { continue };
            let Expr::Attribute(on, _) = call.at.code.expr(callee) else { continue };
            let made = call.at.given(on).is_some_and(|values| values == [call.id]);
            if call.at.called(id) == Some(*method)
                && made
                && is_bare(&call, arguments, context)
                && !is_near(&call)
            {
                found.push((call, id));
            }
        }
    }
    found
}

/// Whether a call is given neither a context nor anything that may hold one.
fn is_bare(call: &Called<'_>, arguments: &[djsec_python::code::Argument], context: &str) -> bool {
    let code = call.at.code;
    // All of them take more by position than anybody writes.
    code.keyword(arguments, context).is_none() && !code.is_open(arguments) && arguments.len() < 5
}

/// Whether the other side is the same machine.
fn is_near(call: &Called<'_>) -> bool {
    let host = call.argument(0, "host").and_then(|host| call.at.code.string(host));
    matches!(host, Some("localhost" | "127.0.0.1" | "::1"))
}

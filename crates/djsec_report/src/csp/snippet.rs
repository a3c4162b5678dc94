//! The policy as it is pasted.

use std::fmt::Write as _;

use super::{CspView, DirectiveView, NONCE, Style};

/// Longer lists are written one entry a line.
const LINE: usize = 88;

/// The policy in the words of whoever sends it.
pub(super) fn snippet(view: &CspView) -> String {
    let mut out = String::new();
    for line in &view.wiring {
        let _infallible = writeln!(out, "# {line}");
    }
    match view.style {
        Style::Django => {
            out.push_str("from django.utils.csp import CSP\n\n");
            let suffix = if view.can_be_enforced() { "" } else { "_REPORT_ONLY" };
            let _infallible = writeln!(out, "SECURE_CSP{suffix} = {{");
            entries(&mut out, &view.directives, 4, &|name| format!("CSP.{name}"));
            out.push_str("}\n");
        }
        Style::DjangoCsp => {
            let names = imports(&view.directives);
            let _infallible = writeln!(out, "from csp.constants import {}\n", names.join(", "));
            let suffix = if view.can_be_enforced() { "" } else { "_REPORT_ONLY" };
            let _infallible = writeln!(out, "CONTENT_SECURITY_POLICY{suffix} = {{");
            out.push_str("    \"DIRECTIVES\": {\n");
            entries(&mut out, &view.directives, 8, &str::to_owned);
            out.push_str("    },\n}\n");
        }
        Style::DjangoCsp3 => old_settings(&mut out, view),
        Style::Nginx => {
            let header = header(view);
            let value: Vec<String> = view.directives.iter().map(sent).collect();
            let _infallible = writeln!(out, "add_header {header} \"{}\" always;", value.join("; "));
        }
    }
    out
}

/// The name of the header.
pub(super) fn header(view: &CspView) -> &'static str {
    if view.can_be_enforced() {
        "Content-Security-Policy"
    } else {
        "Content-Security-Policy-Report-Only"
    }
}

/// A directive as browsers get it.
fn sent(directive: &DirectiveView) -> String {
    format!("{} {}", directive.name, directive.sources.join(" "))
}

fn old_settings(out: &mut String, view: &CspView) {
    let mut with_nonce = Vec::new();
    for directive in &view.directives {
        let name = directive.name.to_ascii_uppercase().replace('-', "_");
        let (nonce, rest): (Vec<&String>, Vec<&String>) =
            directive.sources.iter().partition(|source| *source == NONCE);
        if !nonce.is_empty() {
            with_nonce.push(quoted(&directive.name));
        }
        let sources: Vec<String> = rest.into_iter().map(|source| quoted(source)).collect();
        list(out, 0, &format!("CSP_{name} = "), &sources, "");
    }
    if !with_nonce.is_empty() {
        list(out, 0, "CSP_INCLUDE_NONCE_IN = ", &with_nonce, "");
    }
    if !view.can_be_enforced() {
        out.push_str("CSP_REPORT_ONLY = True\n");
    }
}

fn entries(
    out: &mut String,
    directives: &[DirectiveView],
    indent: usize,
    constant: &dyn Fn(&str) -> String,
) {
    for directive in directives {
        let word = |source: &String| constant_of(source).map_or_else(|| quoted(source), constant);
        let sources: Vec<String> = directive.sources.iter().map(word).collect();
        list(out, indent, &format!("{}: ", quoted(&directive.name)), &sources, ",");
    }
}

/// `name = ["a", "b"]`, on one line if it fits.
fn list(out: &mut String, indent: usize, head: &str, items: &[String], end: &str) {
    let blank = " ".repeat(indent);
    let line = format!("{blank}{head}[{}]{end}", items.join(", "));
    if line.chars().count() <= LINE {
        let _infallible = writeln!(out, "{line}");
        return;
    }
    let _infallible = writeln!(out, "{blank}{head}[");
    for item in items {
        let _infallible = writeln!(out, "{blank}    {item},");
    }
    let _infallible = writeln!(out, "{blank}]{end}");
}

/// The constants of django-csp that the policy needs, in order.
fn imports(directives: &[DirectiveView]) -> Vec<&'static str> {
    let sources = directives.iter().flat_map(|directive| &directive.sources);
    let mut names: Vec<&'static str> = sources.filter_map(|source| constant_of(source)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What Django and django-csp call an entry.
fn constant_of(source: &str) -> Option<&'static str> {
    Some(match source {
        NONCE => "NONCE",
        "'self'" => "SELF",
        "'none'" => "NONE",
        "'strict-dynamic'" => "STRICT_DYNAMIC",
        "'unsafe-eval'" => "UNSAFE_EVAL",
        "'unsafe-inline'" => "UNSAFE_INLINE",
        _ => return None,
    })
}

/// A text as Python writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

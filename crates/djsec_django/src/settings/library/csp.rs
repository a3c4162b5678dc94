//! Constants of content security policies: django-csp's, and Django's own from 6.0 on.

use djsec_python::eval::{Args, At, Interp, Val};

use super::reader;

const NONCE: &str = "csp.constants.NONCE";

pub(super) fn value(it: &mut Interp<'_>, name: &str, at: At) -> Option<Val> {
    if name == NONCE {
        // An object of its own; the middleware puts the request's nonce in its place.
        return Some(it.external_instance("csp.constants.Nonce", &Args::default(), at));
    }
    let constant = name
        .strip_prefix("csp.constants.")
        .or_else(|| name.strip_prefix("django.utils.csp.CSP."))?;
    let constant = constant.strip_suffix(".value").unwrap_or(constant);
    let text = match constant {
        "NONE" => "'none'",
        "REPORT_SAMPLE" => "'report-sample'",
        "SELF" => "'self'",
        "STRICT_DYNAMIC" => "'strict-dynamic'",
        "UNSAFE_ALLOW_REDIRECTS" => "'unsafe-allow-redirects'",
        "UNSAFE_EVAL" => "'unsafe-eval'",
        "UNSAFE_HASHES" => "'unsafe-hashes'",
        "UNSAFE_INLINE" => "'unsafe-inline'",
        "WASM_UNSAFE_EVAL" => "'wasm-unsafe-eval'",
        "NONCE" => "<CSP_NONCE_SENTINEL>",
        "HEADER" | "HEADER_ENFORCE" => "Content-Security-Policy",
        "HEADER_REPORT_ONLY" => "Content-Security-Policy-Report-Only",
        _ => return None,
    };
    Some(reader::text(text, at))
}

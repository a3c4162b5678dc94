//! Calls that connect to others, and which of them take a switch for the check of certificates.

use djsec_python::code::Expr;

use crate::calls::Called;

/// Requests by the functions of requests.
pub(super) const REQUESTS: &[&str] = &[
    "requests.delete",
    "requests.get",
    "requests.head",
    "requests.options",
    "requests.patch",
    "requests.post",
    "requests.put",
    "requests.request",
];

/// The keyword that switches the check off, and the calls that take it.
pub(super) const SWITCHES: &[(&str, &[&str])] = &[
    ("verify", REQUESTS),
    (
        "verify",
        &[
            "boto3.client",
            "boto3.resource",
            "httpx.AsyncClient",
            "httpx.Client",
            "httpx.delete",
            "httpx.get",
            "httpx.head",
            "httpx.options",
            "httpx.patch",
            "httpx.post",
            "httpx.put",
            "httpx.request",
            "httpx.stream",
            "hvac.Client",
        ],
    ),
    ("ssl", &["aiohttp.TCPConnector", "aiohttp.request"]),
    ("verify_ssl", &["aiohttp.TCPConnector"]),
    ("verify_certs", &["elasticsearch.Elasticsearch", "opensearchpy.OpenSearch"]),
];

/// Whether a call goes to the same machine, or without TLS, so that there is nothing to check.
pub(super) fn is_local(call: &Called<'_>) -> bool {
    let code = call.at.code;
    let first = call.arguments.first().map(|argument| argument.value);
    let method = matches!(call.name, "requests.request" | "httpx.request" | "httpx.stream");
    let url = if method { call.argument(1, "url") } else { first };
    let text = url.and_then(|url| match code.expr(url) {
        Expr::Format(parts) => code.exprs(parts).first().and_then(|part| code.string(*part)),
        _ => code.string(url),
    });
    let rest = match text {
        Some(text) if text.starts_with("http://") => return true,
        Some(text) => text.strip_prefix("https://").unwrap_or_default(),
        None => return false,
    };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1" | "host.docker.internal") || rest.starts_with("[::1]")
}

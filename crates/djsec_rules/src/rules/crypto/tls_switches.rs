//! Calls that connect to others, and which of them take a switch for the check of certificates.

use djsec_python::code::{Expr, ExprId};

use crate::Cx;
use crate::calls::Called;
use crate::own::Site;

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
    ("assert_hostname", &["urllib3.HTTPSConnectionPool", "urllib3.PoolManager"]),
    ("ssl_verify", &["gitlab.Gitlab"]),
    ("cert_check", &["minio.Minio"]),
];

/// Calls that are told whether a certificate is required, and under which name.
const CERT_REQS: &[(&str, &str)] = &[
    ("ldap3.Tls", "validate"),
    ("redis.Redis", "ssl_cert_reqs"),
    ("redis.StrictRedis", "ssl_cert_reqs"),
    ("redis.Redis.from_url", "ssl_cert_reqs"),
    ("redis.from_url", "ssl_cert_reqs"),
    ("redis.asyncio.Redis", "ssl_cert_reqs"),
    ("redis.asyncio.from_url", "ssl_cert_reqs"),
    ("ssl.wrap_socket", "cert_reqs"),
    ("urllib3.HTTPSConnectionPool", "cert_reqs"),
    ("urllib3.PoolManager", "cert_reqs"),
    ("urllib3.ProxyManager", "cert_reqs"),
];

/// Switches of `MongoClient` that leave out checks where they are on.
const INSECURE: &[&str] =
    &["tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames", "tlsInsecure"];

/// `cert_reqs="CERT_NONE"`, and switches that are on: `tlsInsecure=True`.
pub(super) fn none<'a>(cx: &Cx<'a>) -> Vec<(Site<'a>, ExprId)> {
    let mut found = Vec::new();
    let names: Vec<&'static str> = CERT_REQS.iter().map(|(name, _)| *name).collect();
    for call in cx.calls_to(&names) {
        let known = CERT_REQS.iter().find(|(name, _)| *name == call.name);
        let value = known.and_then(|(_, keyword)| call.keyword(keyword));
        let off =
            |value: &ExprId| cx.surely(call.at, *value, &|at, id| says_none(cx, at, id, &call));
        found.extend(value.filter(off).map(|value| (call.at, value)));
    }
    for call in cx.calls_to(&["pymongo.MongoClient", "pymongo.mongo_client.MongoClient"]) {
        let values = INSECURE.iter().filter_map(|name| call.keyword(name));
        let on = values.filter(|value| call.at.code.bool(*value) == Some(true));
        found.extend(on.map(|value| (call.at, value)));
    }
    found.retain(|(at, value)| !at.is_chosen(*value));
    found
}

/// Whether a value says that no certificate is required. To Redis, `None` says so, too; to others it
/// is their default.
fn says_none(cx: &Cx<'_>, at: Site<'_>, value: ExprId, call: &Called<'_>) -> bool {
    match at.code.expr(value) {
        Expr::Str(text) => matches!(at.code.text(text), "none" | "CERT_NONE" | "NONE"),
        Expr::None => call.name.starts_with("redis."),
        _ => cx.names(at, value, &["ssl.CERT_NONE"]),
    }
}

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

//! What the proxies in the repository do before a request reaches Django: redirect to HTTPS, send
//! HSTS, set `X-Forwarded-Proto` and `Host`, limit the body.

mod apache;
mod caddy;
mod nginx;
mod orchestrated;
#[cfg(test)]
mod tests;

use djsec_base::{FileKind, Files, Span};

use super::names::is_development_path;
use super::{Speakers, Strength};

/// A proxy, or one of its virtual servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// What it is.
    pub kind: EdgeKind,
    /// [`Strength::Deployed`], or [`Strength::Development`] by the name of its file.
    pub strength: Strength,
    /// The server's names, or the service's; may be empty.
    pub name: String,
    /// Where it is described.
    pub location: Span,
    /// Where it passes requests on to an application; `None` when it only redirects or serves files.
    pub proxies: Option<Span>,
    /// Where it says that TLS ends here (nginx, Apache): no proxy before it could read or set headers.
    pub tls: Option<Span>,
    /// Where it redirects HTTP to HTTPS.
    pub https_redirect: Option<Span>,
    /// The `Strict-Transport-Security` header that it sends.
    pub hsts: Option<Hsts>,
    /// What it does with `X-Forwarded-Proto`; `None` when it passes the client's on by saying nothing.
    pub forwarded_proto: Option<ForwardedHeader>,
    /// What it does with `Host`; `None` when the configuration says nothing.
    pub host: Option<ForwardedHeader>,
    /// The largest body it lets through, if it says.
    pub body_limit: Option<BodyLimit>,
}

/// What kind of proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// nginx.
    Nginx,
    /// Apache.
    Apache,
    /// Caddy.
    Caddy,
    /// Traefik.
    Traefik,
    /// An ingress of Kubernetes.
    Ingress,
    /// Fly's proxy.
    Fly,
    /// Heroku's router.
    Heroku,
}

/// A `Strict-Transport-Security` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hsts {
    /// Seconds; `None` when they are not a number.
    pub max_age: Option<u64>,
    /// Whether subdomains are included.
    pub include_subdomains: bool,
    /// Whether preloading is asked for.
    pub preload: bool,
    /// Where it stands.
    pub span: Span,
}

/// A header that a proxy hands to the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardedHeader {
    /// The value as written; `automatic` when the proxy does it by itself.
    pub value: String,
    /// Whether what the client sent is replaced, so that Django may trust it.
    pub overwrites: bool,
    /// Where it stands.
    pub span: Span,
}

/// A limit on request bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyLimit {
    /// Bytes; `None` for no limit.
    pub bytes: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

impl Edge {
    fn new(kind: EdgeKind, location: Span) -> Self {
        Self {
            kind,
            strength: Strength::Deployed,
            name: String::new(),
            location,
            proxies: None,
            tls: None,
            https_redirect: None,
            hsts: None,
            forwarded_proto: None,
            host: None,
            body_limit: None,
        }
    }
}

/// The proxies that speak for a project, in order of their files.
pub fn edges(files: &Files, speakers: &Speakers) -> Vec<Edge> {
    let mut out = Vec::new();
    for (id, file) in files.iter() {
        if !speakers.have_role(file.role) || file.text.is_none() || !speakers.have(&file.path) {
            continue;
        }
        let mut found = match file.kind {
            FileKind::Nginx => nginx::read(files, id),
            FileKind::Apache => apache::read(files, id),
            FileKind::Caddy => caddy::read(files, id),
            FileKind::Compose => orchestrated::compose(files, id),
            FileKind::Yaml => orchestrated::yaml(files, id),
            FileKind::Toml => orchestrated::fly(files, id),
            FileKind::Json => orchestrated::heroku(files, id),
            _ => Vec::new(),
        };
        if is_development_path(&file.path, speakers.root()) {
            for edge in &mut found {
                edge.strength = Strength::Development;
            }
        }
        out.append(&mut found);
    }
    out
}

/// Reads the value of `Strict-Transport-Security`.
fn hsts(value: &str, span: Span) -> Hsts {
    let mut out = Hsts { max_age: None, include_subdomains: false, preload: false, span };
    for part in value.split(';') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "max-age" => out.max_age = value.trim().trim_matches('"').parse().ok(),
            "includesubdomains" => out.include_subdomains = true,
            "preload" => out.preload = true,
            _ => {}
        }
    }
    out
}

/// Reads a size such as `25m`, `1G`, `10MB`, `512`. Zero is no limit.
fn body_limit(text: &str, span: Span) -> Option<BodyLimit> {
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower.find(|c: char| !c.is_ascii_digit()).unwrap_or(lower.len());
    let number: u64 = lower.get(..digits)?.parse().ok()?;
    let scale: u64 = match lower.get(digits..)?.trim_end_matches("ib").trim_end_matches('b') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    let bytes = Some(number.saturating_mul(scale)).filter(|bytes| *bytes > 0);
    Some(BodyLimit { bytes, span })
}

//! What a directive lists, word by word.

use std::sync::Arc;

use djsec_base::Span;

use crate::settings::Cond;

/// One entry of a directive.
pub struct Source<'a> {
    /// As it is written.
    pub text: Arc<str>,
    /// What it means.
    pub token: Token,
    /// In which worlds it is there, given that the directive is.
    pub when: Cond<'a>,
    /// The expression that gives it.
    pub span: Option<Span>,
}

/// What an entry of a directive means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A nonce that is new in each response (and is left out where the page does not use it).
    Nonce,
    /// A nonce that stands in the settings.
    FixedNonce,
    /// A hash of a script or style.
    Hash,
    /// A keyword of the standard, in lower case, without its quotes.
    Keyword(Arc<str>),
    /// Something in single quotes that is no keyword.
    UnknownKeyword(Arc<str>),
    /// Any host over the page's own scheme: `*`.
    Star,
    /// Any host over a scheme: `https:`; without the colon.
    Scheme(Arc<str>),
    /// Hosts.
    Host(Host),
}

/// `https://*.example.com:443/static/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// `https`.
    pub scheme: Option<Arc<str>>,
    /// `example.com`, in lower case, without `*.`.
    pub name: Arc<str>,
    /// Whether it stands for all hosts under the name.
    pub wildcard: bool,
    /// `/static/`; empty if there is none.
    pub path: Arc<str>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: Arc<str>, when: Cond<'a>, span: Option<Span>) -> Self {
        Self { token: Token::parse(&text), text, when, span }
    }

    pub(super) fn nonce(when: Cond<'a>, span: Option<Span>) -> Self {
        Self { text: Arc::from("the nonce"), token: Token::Nonce, when, span }
    }
}

/// The keywords of CSP 3, without quotes.
const KEYWORDS: [&str; 14] = [
    "none",
    "self",
    "unsafe-inline",
    "unsafe-eval",
    "unsafe-hashes",
    "unsafe-allow-redirects",
    "wasm-unsafe-eval",
    "trusted-types-eval",
    "strict-dynamic",
    "report-sample",
    "report-sha256",
    "report-sha384",
    "report-sha512",
    "inline-speculation-rules",
];

impl Token {
    /// Reads one word of a source list.
    pub fn parse(word: &str) -> Self {
        let lower = word.to_ascii_lowercase();
        if let Some(inner) = lower.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            return Self::quoted(inner);
        }
        if word == "*" {
            return Self::Star;
        }
        if let Some(scheme) = lower.strip_suffix(':')
            && !scheme.contains(['/', '.', '*'])
        {
            return Self::Scheme(Arc::from(scheme));
        }
        let (scheme, rest) = match lower.split_once("://") {
            Some((scheme, rest)) => (Some(Arc::from(scheme)), rest),
            None => (None, lower.as_str()),
        };
        let (authority, path) = match rest.find('/') {
            Some(at) => (rest.get(..at).unwrap_or(rest), rest.get(at..).unwrap_or_default()),
            None => (rest, ""),
        };
        let host = authority.split(':').next().unwrap_or(authority);
        match (host, scheme) {
            ("*", Some(scheme)) => Self::Scheme(scheme),
            ("*", None) => Self::Star,
            (host, scheme) => {
                let name = host.strip_prefix("*.");
                Self::Host(Host {
                    scheme,
                    wildcard: name.is_some(),
                    name: Arc::from(name.unwrap_or(host)),
                    path: Arc::from(path),
                })
            }
        }
    }

    fn quoted(inner: &str) -> Self {
        if inner.starts_with("nonce-") {
            Self::FixedNonce
        } else if ["sha256-", "sha384-", "sha512-"].iter().any(|p| inner.starts_with(p)) {
            Self::Hash
        } else if KEYWORDS.contains(&inner) {
            Self::Keyword(Arc::from(inner))
        } else {
            Self::UnknownKeyword(Arc::from(inner))
        }
    }

    /// Whether it is this keyword.
    pub fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self, Self::Keyword(word) if &**word == keyword)
    }

    /// The keyword that a word would be with single quotes around it: `self` for `'self'`.
    pub fn keyword_without_quotes(word: &str) -> Option<String> {
        let bare = word.trim_matches(['\'', '"', '`', '\u{2018}', '\u{2019}']).to_ascii_lowercase();
        let quoted = word.len() > 2 && word.starts_with('\'') && word.ends_with('\'');
        let known = KEYWORDS.contains(&bare.as_str())
            || ["nonce-", "sha256-", "sha384-", "sha512-"].iter().any(|p| bare.starts_with(p));
        (known && !quoted).then(|| format!("'{bare}'"))
    }
}

/// Directives that list sources, and fall back to `default-src` or not.
const SOURCE_LISTS: [&str; 20] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "worker-src",
];

/// Directives that do not list sources.
const OTHER: [&str; 6] = [
    "report-to",
    "report-uri",
    "require-trusted-types-for",
    "sandbox",
    "trusted-types",
    "upgrade-insecure-requests",
];

/// Directives that browsers no longer act on.
const GONE: [&str; 9] = [
    "block-all-mixed-content",
    "navigate-to",
    "plugin-types",
    "prefetch-src",
    "referrer",
    "reflected-xss",
    "require-sri-for",
    "webrtc",
    "disown-opener",
];

/// Whether a directive lists sources.
pub fn is_source_list(name: &str) -> bool {
    SOURCE_LISTS.contains(&name)
}

/// Whether browsers no longer act on a directive that once was one.
pub fn is_gone(name: &str) -> bool {
    GONE.contains(&name)
}

/// Whether it is, or was, a directive.
pub fn is_known_directive(name: &str) -> bool {
    is_source_list(name) || OTHER.contains(&name) || is_gone(name)
}

/// All directives that browsers act on.
pub fn directive_names() -> impl Iterator<Item = &'static str> {
    SOURCE_LISTS.into_iter().chain(OTHER)
}

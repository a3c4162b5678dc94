//! What must not be told: passwords, keys, tokens, and what holds them.
//!
//! What comes from outside is untrusted and, with few exceptions, no secret. So all sources but those of
//! secrets are *safe* as [`Kind::Secret`] from the start, and what a function is given by its callers is
//! as they say. A whole that holds secrets (`request.POST`) is one; of its parts those are that their
//! names say it of.

use std::cell::OnceCell;
use std::sync::Arc;

use djsec_django::models::{ends_like_secret, is_secret_name};

use crate::taint::{Label, Origin, SEPARATOR, Source, Taint};
use crate::value::{Value, is_apart};
use crate::{Grade, Kind, Kinds};

/// Names of what is sent, besides those of columns, whose values nobody else may read.
const SENT: &[&str] = &[
    "authorization",
    "card_number",
    "cardnumber",
    "cookie",
    "credit_card",
    "creditcard",
    "csrftoken",
    "cvc",
    "cvv",
    "http_authorization",
    "http_cookie",
    "otp",
    "proxy_authorization",
    "sessionid",
    "totp",
];

/// Words at the beginning of names that say how something is used, and not what it is.
const ABOUT: &[&str] = &[
    "allow_", "enable_", "forgot_", "has_", "hide_", "is_", "max_", "min_", "need_", "needs_",
    "no_", "require_", "require", "reset_", "show_", "use_",
];

/// Parts of the names of functions that leave nothing of a secret to be read.
const MASKING: &[&str] = &[
    "anonymi",
    "censor",
    "cleanse",
    "encrypt",
    "filter",
    "hash",
    "hide",
    "mask",
    "obfuscat",
    "obscure",
    "redact",
    "sanitiz",
    "sanitis",
    "scrub",
    "strip_secret",
];

/// Whether what is sent under a name is a secret: a field of a form, a header, a cookie.
pub(crate) fn is_secret_key(key: &str) -> bool {
    let key = key.trim_end_matches(|c: char| c.is_ascii_digit());
    if !ends_like_secret(key) && !ends_like_sent(key) {
        return false;
    }
    let key = key.to_ascii_lowercase().replace('-', "_");
    let bare = key.strip_prefix("http_").unwrap_or(&key);
    let bare = bare.strip_prefix("x_").unwrap_or(bare);
    let about = ABOUT.iter().any(|word| bare.starts_with(word));
    !about && (SENT.contains(&bare) || is_secret_name(bare))
}

/// Whether a name ends as one of [`SENT`]: nearly none does, and every name is asked for.
fn ends_like_sent(key: &str) -> bool {
    let Some(last) = key.as_bytes().last_chunk::<3>() else { return false };
    let last = last.map(|byte| byte.to_ascii_lowercase());
    SENT.iter().any(|known| known.as_bytes().last_chunk::<3>() == Some(&last))
}

/// Whether a setting is one that opens something.
pub(crate) fn is_secret_setting(name: &str) -> bool {
    matches!(name, "SECRET_KEY_FALLBACKS" | "DATABASES")
        || is_secret_key(name) && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// Parts of the names of keys that are made to be given to browsers, or that name somebody rather than let them in.
const GIVEN: &[&str] = &[
    "anon",
    "browser",
    "client_id",
    "client_key",
    "clientid",
    "dsn",
    "frontend",
    "js_key",
    "public",
    "publishable",
    "site_key",
    "sitekey",
    "vapid",
    "web_key",
    "write_key",
];

/// Services whose keys stand in the pages that use them: maps, captchas, analytics, search, editors.
const IN_PAGES: &[&str] = &[
    "algolia",
    "amplitude",
    "analytics",
    "bugsnag",
    "captcha",
    "facebook_app",
    "filestack",
    "firebase",
    "ga4",
    "geocod",
    "giphy",
    "google_api",
    "google_browser",
    "google_maps",
    "googlemaps",
    "gmap",
    "here_api",
    "hotjar",
    "intercom_app",
    "liveblocks",
    "logrocket",
    "map_api",
    "mapbox",
    "mapquest",
    "maps_",
    "maptiler",
    "matomo",
    "mixpanel",
    "newrelic_browser",
    "paddle_client",
    "plausible",
    "posthog",
    "pusher_key",
    "rollbar_client",
    "segment",
    "sentry",
    "stadia",
    "thunderforest",
    "tinymce",
    "transloadit",
    "turnstile",
    "typekit",
    "uploadcare",
    "youtube",
];

/// Whether a key of this name is made for browsers: whatever they are told of it, no secret is. A secret of a service
/// that has keys for browsers, too (`RECAPTCHA_SECRET_KEY`), is one.
pub(crate) fn is_for_browsers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let secret = ["secret", "private", "passw"].iter().any(|word| name.contains(word));
    let named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    !secret && (named(GIVEN) || named(IN_PAGES))
}

/// Whether the name of a parameter says that a password is handed over, whoever calls.
pub(crate) fn is_password(parameter: &str) -> bool {
    matches!(
        parameter,
        "new_password"
            | "old_password"
            | "passphrase"
            | "passwd"
            | "password"
            | "password1"
            | "password2"
            | "raw_password"
    )
}

/// Whether a function of this name leaves nothing of a secret to be read.
pub(crate) fn is_masking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // `text.replace(password, "***")`, `re.sub(…)`.
    matches!(&*name, "replace" | "sub" | "subn" | "translate" | "keys")
        || MASKING.iter().any(|part| name.contains(part))
}

/// Attributes of exceptions that say what their text says. Others (`code`, `status_code`, `__class__`) are of a few
/// words that tell nothing.
const TEXTS: &[&str] = &[
    "__cause__",
    "__context__",
    "__traceback__",
    "args",
    "cmd",
    "filename",
    "message",
    "msg",
    "orig",
    "output",
    "pgerror",
    "reason",
    "stderr",
    "stdout",
    "strerror",
    "tb_frame",
    "tb_next",
];

/// Whether what stands under a name of what the program tells of itself still tells it. An exception has items in
/// places only, if it has any.
fn is_told_part(name: &str, trace: bool) -> bool {
    match name.strip_prefix('[') {
        Some(key) => trace || key.trim_end_matches(']').bytes().all(|byte| byte.is_ascii_digit()),
        None => is_apart(name) || TEXTS.contains(&name),
    }
}

/// Whether what stands under a name (`[password]`, `.token`) of a secret whole is a secret itself. Under
/// which number or unknown key something stands says nothing, and a secret in another writing is one.
pub(crate) fn is_secret_part(name: &str) -> bool {
    if is_apart(name) {
        return true;
    }
    match name.strip_prefix('[') {
        Some(key) => {
            let key = key.trim_end_matches(']');
            key.bytes().all(|byte| byte.is_ascii_digit()) || is_secret_key(key)
        }
        None => is_secret_key(name),
    }
}

impl Taint {
    /// Whether a secret is in it.
    pub(crate) fn tells_secret(&self) -> bool {
        self.labels().iter().any(|label| !label.safe.has(Kind::Secret))
    }

    /// Without secrets.
    pub(crate) fn untold(&self) -> Self {
        if self.tells_secret() { self.sanitized(Kinds::SECRETS) } else { self.clone() }
    }

    /// Without what others must not read.
    pub(crate) fn unread(&self) -> Self {
        let harmless = |label: &Label| label.safe.holds(Kinds::READ);
        if self.labels().iter().all(harmless) { self.clone() } else { self.sanitized(Kinds::READ) }
    }
}

impl Value {
    /// Without secrets in it.
    pub(crate) fn untold(&self) -> Self {
        self.map(&Taint::untold)
    }

    /// Whether something is in it that others must not read.
    pub(crate) fn tells(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        let mut labels = self.taint.labels().iter();
        labels.any(|label| !label.safe.holds(Kinds::READ)) || fields.any(Self::tells)
    }

    /// Without what others must not read in it.
    pub(crate) fn unread(&self) -> Self {
        self.map(&Taint::unread)
    }
}

/// A part of something, by its name (`token`, `[password]`), of which several things are asked.
pub(crate) struct Part<'a> {
    name: &'a str,
    /// Its name as a key, if it is one that says of what stands there that it is a secret.
    key: OnceCell<Option<&'a str>>,
    secret: OnceCell<bool>,
}

impl<'a> Part<'a> {
    pub(crate) fn of(name: &'a str) -> Self {
        Self { name, key: OnceCell::new(), secret: OnceCell::new() }
    }

    /// Where it comes from, being a part of this. A secret in a whole is told by its own name.
    pub(crate) fn origin(&self, source: &Arc<Source>, label: &Label) -> Origin {
        let secret_key = || {
            let key = self.name.strip_prefix('[').map(|key| key.trim_end_matches(']'));
            key.filter(|key| is_secret_key(key))
        };
        let entry = self.entry_of(source).filter(|_| !label.safe.has(Kind::Secret));
        let key = match &entry {
            Some(_) => &entry,
            None if label.safe.has(Kind::Secret) => &None,
            None => self.key.get_or_init(secret_key),
        };
        match key {
            Some(key) => {
                let words = format!("{}[\"{key}\"]", source.words).into();
                Origin::Source(Arc::new(Source { words, ..Source::clone(source) }))
            }
            None => Origin::Source(Arc::clone(source)),
        }
    }

    /// The name of one of several wholes: what is known of one database stands under its name.
    fn entry_of(&self, source: &Source) -> Option<&'a str> {
        let key = self.name.strip_prefix('[')?.strip_suffix(']')?;
        let several = source.grade == Grade::Own && source.words.ends_with(".DATABASES");
        (several && !key.is_empty()).then_some(key)
    }

    /// As what it can do no harm. What was not read from a whole with parts that are known keeps what is said
    /// of the whole.
    pub(crate) fn safe(&self, label: &Label) -> Kinds {
        if label.is_of_inside() {
            let trace = label.origin.grade() == Some(Grade::Trace);
            let told = is_told_part(self.name, trace);
            return if told { label.safe } else { label.safe.or(Kinds::TOLD) };
        }
        let is_secret = || *self.secret.get_or_init(|| is_secret_part(self.name));
        if label.safe.has(Kind::Secret) {
            return label.safe;
        }
        let is_whole = || match &label.origin {
            Origin::Source(source) => self.entry_of(source).is_some(),
            Origin::Parameter(..) => false,
        };
        match is_secret() || is_whole() {
            true if is_for_browsers(self.name) => label.safe.or(Kinds::just(Kind::Revealed)),
            true => label.safe,
            false => label.safe.or(Kinds::SECRETS),
        }
    }
}

impl Label {
    /// Whether it is what the program tells of itself.
    pub(crate) fn is_of_inside(&self) -> bool {
        matches!(self.origin.grade(), Some(Grade::Trace | Grade::Failure))
    }

    /// Whether a secret may be in it at all. Of what functions are given, the parts that are not named
    /// like one (`order.number`) rarely are, and they are most of what is written to logs.
    pub(crate) fn may_be_secret(&self) -> bool {
        match &self.origin {
            Origin::Parameter(_, Some(path)) => {
                let mut named = path.rsplit(SEPARATOR).filter(|name| !is_apart(name));
                named.next().is_none_or(is_secret_part)
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SENT, is_secret_key};

    #[test]
    fn what_is_sent_under_these_names_is_a_secret_however_it_is_written() {
        for name in SENT {
            assert!(is_secret_key(name), "{name}");
            assert!(is_secret_key(&format!("HTTP_X_{}2", name.to_uppercase())), "{name}");
        }
        for name in ["password", "X-Api-Key", "HTTP_X_APIKEY", "x-token", "new_password1"] {
            assert!(is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn what_only_tells_about_a_secret_is_none() {
        for name in ["reset_password", "is_token", "password_hint", "pk", "", "keyword"] {
            assert!(!is_secret_key(name), "{name}");
        }
    }
}

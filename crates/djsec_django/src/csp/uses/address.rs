//! Where addresses in templates lead to.

use std::sync::Arc;

use djsec_python::value::Data;
use djsec_templates::page::Part;

use crate::settings::Settings;

/// Where something comes from, or goes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The site itself.
    Own,
    /// Another host.
    Remote(Remote),
    /// The address itself: `data:`.
    Data,
    /// What a script made: `blob:`.
    Blob,
    /// Below an address that this setting decides on, and that is not known.
    Setting(&'static str),
    /// Not known: it is computed.
    Computed,
}

/// An address on a host that it names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remote {
    /// `https`; none where it is that of the page.
    pub scheme: Option<Arc<str>>,
    /// The host in lower case, with its port.
    pub host: Arc<str>,
    /// The path without the query, if it stands there whole.
    pub path: Option<Arc<str>>,
}

impl Remote {
    /// The host without its port.
    pub fn name(&self) -> &str {
        self.host.split(':').next().unwrap_or(&self.host)
    }

    /// Whether it is the machine of whoever develops the site.
    pub fn is_local(&self) -> bool {
        matches!(self.name(), "localhost" | "127.0.0.1" | "0.0.0.0")
    }
}

/// Where `{% static %}` and `MEDIA_URL` lead to in production.
#[derive(Debug, Clone)]
pub struct Roots {
    files: Origin,
    media: Origin,
}

impl Roots {
    /// Of the site's own host.
    pub const fn own() -> Self {
        Self { files: Origin::Own, media: Origin::Own }
    }

    /// As the settings say: not known where a storage decides that is not Django's or `WhiteNoise`'s.
    pub fn new(settings: &Settings) -> Self {
        let storage = |entry: &str, old: &'static str| {
            let setting = if settings.get("STORAGES").explicit { "STORAGES" } else { old };
            (!is_plain(settings, entry, old)).then_some(Origin::Setting(setting))
        };
        let files = storage("staticfiles", "STATICFILES_STORAGE");
        let media = storage("default", "DEFAULT_FILE_STORAGE");
        Self {
            files: files.unwrap_or_else(|| root(settings, "STATIC_URL")),
            media: media.unwrap_or_else(|| root(settings, "MEDIA_URL")),
        }
    }

    /// Where an address leads to; none for what is no request, such as `mailto:` and `#part`.
    pub fn origin(&self, parts: &[Part]) -> Option<Origin> {
        let (first, rest) = parts.split_first()?;
        match first {
            Part::Text(text) if text.trim().is_empty() && !rest.is_empty() => self.origin(rest),
            Part::Text(text) => of_text(text.trim_start(), rest.is_empty()),
            Part::Url(_) => Some(Origin::Own),
            Part::Static(_) => Some(self.files.clone()),
            Part::Nonce => Some(Origin::Computed),
            Part::Value(accesses) => Some(match accesses.as_slice() {
                [access] => match access.words().as_str() {
                    "STATIC_URL" => self.files.clone(),
                    "MEDIA_URL" => self.media.clone(),
                    "request.path"
                    | "request.path_info"
                    | "request.get_full_path"
                    | "request.build_absolute_uri" => Origin::Own,
                    _ => Origin::Computed,
                },
                _ => Origin::Computed,
            }),
        }
    }

    /// Where the addresses of a `srcset` lead to.
    pub(super) fn origins(&self, parts: &[Part]) -> Vec<Origin> {
        let [Part::Text(text)] = parts else { return self.origin(parts).into_iter().collect() };
        // A comma in `data:` does not end it.
        if text.trim_start().starts_with("data:") {
            return vec![Origin::Data];
        }
        let addresses = text.split(',').filter_map(|one| one.split_ascii_whitespace().next());
        addresses.filter_map(|address| of_text(address, true)).collect()
    }
}

fn of_text(text: &str, whole: bool) -> Option<Origin> {
    let lower = text.to_ascii_lowercase();
    let rest =
        |scheme: Option<&str>, at: usize| remote(scheme, text.get(at..).unwrap_or_default(), whole);
    if lower.starts_with("https://") {
        return Some(rest(Some("https"), 8));
    }
    if lower.starts_with("http://") {
        return Some(rest(Some("http"), 7));
    }
    if lower.starts_with("//") {
        return Some(rest(None, 2));
    }
    let scheme = lower.find([':', '/', '?', '#']).and_then(|at| {
        let (scheme, rest) = lower.split_at_checked(at)?;
        rest.starts_with(':').then_some(scheme)
    });
    match (scheme, text) {
        (Some("data"), _) => Some(Origin::Data),
        (Some("blob"), _) => Some(Origin::Blob),
        (Some("about" | "javascript" | "mailto" | "tel" | "sms"), _) => None,
        (Some(_), _) => Some(Origin::Computed),
        // What follows may be another slash and a host, or the rest of a scheme.
        (None, "/") if !whole => Some(Origin::Computed),
        (None, _) if text.starts_with('#') || text.is_empty() => None,
        (None, _) if !whole && !text.contains(['/', '?']) => Some(Origin::Computed),
        (None, _) => Some(Origin::Own),
    }
}

fn remote(scheme: Option<&str>, rest: &str, whole: bool) -> Origin {
    let end = rest.find(['/', '?', '#']);
    if end.is_none() && !whole {
        return Origin::Computed;
    }
    let (host, path) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or(host).trim().to_ascii_lowercase();
    let odd = |character: char| {
        !(character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ':' | '_'))
    };
    if host.is_empty() || host.contains(odd) {
        return Origin::Computed;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default().trim();
    Origin::Remote(Remote {
        scheme: scheme.map(Arc::from),
        host: Arc::from(host),
        path: whole.then(|| Arc::from(if path.is_empty() { "/" } else { path })),
    })
}

/// Whether an address is code that does something: `javascript:void(0)` does nothing.
pub(super) fn is_code(parts: &[Part]) -> bool {
    let Some((Part::Text(text), rest)) = parts.split_first() else { return false };
    let Some((scheme, code)) = text.split_once(':') else { return false };
    if !scheme.trim().eq_ignore_ascii_case("javascript") {
        return false;
    }
    let code: String = code.chars().filter(|it| !it.is_whitespace() && *it != ';').collect();
    !rest.is_empty() || !matches!(code.as_str(), "" | "void(0)" | "void0" | "//" | "undefined")
}

/// Where an address of the settings leads to.
fn root(settings: &Settings, name: &'static str) -> Origin {
    let setting = settings.get(name);
    let Some(Data::Str(text)) = setting.value().single().map(|it| &it.data) else {
        return Origin::Setting(name);
    };
    // Where it is empty, addresses are relative to the page.
    if text.is_empty() {
        return Origin::Own;
    }
    of_text(text, true).unwrap_or(Origin::Setting(name))
}

/// Whether files of this kind are kept by a storage that takes the address from the settings.
fn is_plain(settings: &Settings, entry: &str, before: &str) -> bool {
    let (new, old) = (settings.get("STORAGES"), settings.get(before));
    let setting = if new.explicit {
        new.entry(entry).entry("BACKEND")
    } else if old.explicit {
        old
    } else {
        return true;
    };
    let plain = |text: &str| ["django.", "whitenoise."].iter().any(|start| text.starts_with(start));
    match setting.value().single().map(|it| &it.data) {
        Some(Data::Str(text)) => plain(text),
        _ => false,
    }
}

//! What the values of attributes are, by their names and by other attributes of the tag.

use super::element::{Attribute, Name, Value};
use super::place::ScriptKind;

/// What the value of an attribute is, before it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Url,
    UrlList,
    Refresh,
    MetaContent,
    Srcdoc,
    Style,
    Handler,
    ClientCode,
    ClientJson,
    ClientUrl,
    Hyperscript,
    Class,
    Id,
    #[default]
    Other,
    Unknown,
}

/// Attributes with an address, whatever element they are on: elements of the page's own often hand them
/// on. From the HTML Standard's index of attributes, its obsolete features and SVG 2.
const ADDRESSES: [&str; 11] = [
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "xlink:href",
    "cite",
    "longdesc",
    "lowsrc",
    "dynsrc",
    "codebase",
];

/// Attributes with an address on these elements only.
const ADDRESSES_ON: [(&str, &[&str]); 5] = [
    ("data", &["object"]),
    ("background", &["body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"]),
    ("manifest", &["html"]),
    ("classid", &["object"]),
    ("profile", &["head"]),
];

const ADDRESS_LISTS: [&str; 4] = ["srcset", "imagesrcset", "ping", "archive"];

/// Names that begin with `on` and are no events.
const NOT_EVENTS: [&str; 5] = ["one", "once", "only", "online", "ongoing"];

/// What the attribute `name` of `element` holds. Where an insertion stands in the name, what stands
/// before it decides if it can.
pub(super) fn kind(element: &Name, name: &Name, deciding: &Deciding) -> Kind {
    if let Some(kind) = of_client(&name.text) {
        return kind;
    }
    if is_handler(&name.text, name.insertion.is_some()) {
        return Kind::Handler;
    }
    if name.whole().is_none() {
        let known = ["data-", "aria-"].iter().any(|prefix| name.text.starts_with(prefix));
        return if known || name.truncated { Kind::Other } else { Kind::Unknown };
    }
    match name.text.as_str() {
        "style" => Kind::Style,
        "class" => Kind::Class,
        "id" => Kind::Id,
        "srcdoc" => Kind::Srcdoc,
        "content" if element.is("meta") => deciding.meta_content(),
        text if ADDRESSES.contains(&text) => Kind::Url,
        text if ADDRESS_LISTS.contains(&text) => Kind::UrlList,
        text if ADDRESSES_ON.iter().any(|(name, on)| {
            *name == text && on.contains(&element.text.as_str()) && element.whole().is_some()
        }) =>
        {
            Kind::Url
        }
        _ => Kind::Other,
    }
}

/// Whether an attribute of this name, in lower case, is code that an event runs.
pub fn is_event_handler(name: &str) -> bool {
    is_handler(name, false)
}

/// Content attributes of events: `on` and letters. New events come, so the few words that begin so are
/// listed instead.
fn is_handler(name: &str, open: bool) -> bool {
    let Some(event) = name.strip_prefix("on") else { return false };
    (open || event.len() > 2)
        && event.bytes().all(|byte| byte.is_ascii_lowercase())
        && !NOT_EVENTS.contains(&name)
}

/// Attributes that libraries in the browser read: Alpine, Vue, `AngularJS`, htmx, hyperscript, Knockout.
fn of_client(name: &str) -> Option<Kind> {
    // All of them but Vue and Alpine take `data-` before their names.
    let bare = name.strip_prefix("data-").unwrap_or(name);
    if let Some(rest) = bare.strip_prefix("hx-") {
        return Some(match rest {
            "get" | "post" | "put" | "patch" | "delete" | "push-url" | "replace-url" => {
                Kind::ClientUrl
            }
            "vals" | "headers" | "request" => Kind::ClientJson,
            "vars" => Kind::ClientCode,
            _ if rest.starts_with("on") => Kind::ClientCode,
            _ => Kind::Other,
        });
    }
    let code = name.starts_with(['@', ':'])
        || ["x-", "v-"].iter().any(|prefix| name.starts_with(prefix))
        || bare.starts_with("ng-")
        || name == "data-bind";
    match name {
        "_" | "data-script" | "data-hs" => Some(Kind::Hyperscript),
        // Names of elements or of other things, never evaluated.
        "x-ref" | "x-cloak" | "x-ignore" | "x-teleport" | "v-cloak" | "v-pre" | "ng-app"
        | "ng-controller" => Some(Kind::Other),
        _ => code.then_some(Kind::ClientCode),
    }
}

/// Those attributes of a tag on which it depends what others are or what its element holds:
/// `type` and `language` of a script, `http-equiv` of a meta, `encoding` of `MathML`'s annotations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Deciding {
    first: Said,
    language: Said,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum Said {
    #[default]
    Nothing,
    /// An insertion is in it.
    Unknown,
    /// In lower case.
    This(String),
}

impl Deciding {
    /// Whether the value of this attribute of this element is taken note of.
    pub(super) fn takes(element: &Name, attribute: &Name) -> bool {
        Self::default().place(element, attribute).is_some()
    }

    fn place(&mut self, element: &Name, attribute: &Name) -> Option<&mut Said> {
        match (element.text.as_str(), attribute.text.as_str()) {
            ("script", "type") | ("meta", "http-equiv") | ("annotation-xml", "encoding") => {
                Some(&mut self.first)
            }
            ("script", "language") => Some(&mut self.language),
            _ => None,
        }
    }

    /// Takes note of an attribute that is not a duplicate.
    pub(super) fn note(&mut self, element: &Name, attribute: &Attribute) {
        let Some(said) = self.place(element, &attribute.name) else { return };
        let literal = attribute.value.as_ref().map_or(Some(String::new()), Value::literal);
        *said = match literal {
            Some(text) if attribute.name.whole().is_some() => Said::This(text.to_ascii_lowercase()),
            _ => Said::Unknown,
        };
    }

    fn meta_content(&self) -> Kind {
        match &self.first {
            Said::This(header) if header == "refresh" => Kind::Refresh,
            Said::This(_) => Kind::Other,
            Said::Nothing | Said::Unknown => Kind::MetaContent,
        }
    }

    /// Whether `MathML`'s annotation holds HTML; unknown counts as no.
    pub(super) fn is_html(&self) -> bool {
        matches!(&self.first, Said::This(encoding)
            if matches!(encoding.as_str(), "text/html" | "application/xhtml+xml"))
    }

    /// As the HTML Standard prepares the script element.
    pub(super) fn script_kind(&self) -> ScriptKind {
        match (&self.first, &self.language) {
            (Said::Unknown, _) | (Said::Nothing, Said::Unknown) => ScriptKind::Unknown,
            (Said::Nothing, Said::Nothing) => ScriptKind::JavaScript,
            (Said::Nothing, Said::This(language)) if language.is_empty() => ScriptKind::JavaScript,
            (Said::Nothing, Said::This(language)) => of_type(&format!("text/{language}")),
            (Said::This(written), _) if written.is_empty() => ScriptKind::JavaScript,
            (Said::This(written), _) => of_type(written.trim_ascii()),
        }
    }
}

/// From the MIME Sniffing Standard, "JavaScript MIME type" and "JSON MIME type".
fn of_type(written: &str) -> ScriptKind {
    match written {
        "application/ecmascript"
        | "application/javascript"
        | "application/x-ecmascript"
        | "application/x-javascript"
        | "text/ecmascript"
        | "text/javascript"
        | "text/javascript1.0"
        | "text/javascript1.1"
        | "text/javascript1.2"
        | "text/javascript1.3"
        | "text/javascript1.4"
        | "text/javascript1.5"
        | "text/jscript"
        | "text/livescript"
        | "text/x-ecmascript"
        | "text/x-javascript" => ScriptKind::JavaScript,
        "module" => ScriptKind::Module,
        "importmap" | "speculationrules" => ScriptKind::Json,
        _ => {
            let essence = written.split(';').next().unwrap_or_default().trim_ascii();
            let json = matches!(essence, "application/json" | "text/json")
                || (essence.ends_with("+json") && essence.contains('/'));
            if json { ScriptKind::Json } else { ScriptKind::Other }
        }
    }
}

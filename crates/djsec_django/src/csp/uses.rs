//! What pages do that a content security policy has a say in: code and styles that stand in them, and
//! what they load, frame and send.

mod address;
mod engine;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::Span;
use djsec_templates::html::{ScriptKind, is_event_handler};
use djsec_templates::page::{Element, Page, Part};

pub use address::{Origin, Remote, Roots};
pub use engine::Engine;

/// One thing that a page does, at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The tag, or the attribute.
    pub span: Span,
    /// What it does.
    pub what: What,
    /// Whether it carries the nonce of the page; absent for what cannot.
    pub nonce: Nonce,
}

/// What a page does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A script that stands in the page. Blocks of data are none.
    Script,
    /// A `<style>` that stands in the page.
    Style,
    /// A `style` attribute.
    StyleAttribute,
    /// An attribute with code that an event runs: `onclick`.
    Handler(Arc<str>),
    /// An address that is code: `javascript:…`. Those that do nothing are none.
    Address,
    /// Something is loaded, framed, or sent.
    Load(Fetch, Origin),
    /// A framework that makes code of texts, so that it does not run without `'unsafe-eval'`.
    Eval(Engine),
    /// A policy that stands in the page, with its text if that is known.
    Policy(Option<Arc<str>>),
}

/// What something is loaded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Fetch {
    Script,
    Style,
    Image,
    Font,
    Media,
    Frame,
    Object,
    Manifest,
    /// Where a form is sent to.
    Form,
    /// What `<base>` makes other addresses relative to.
    Base,
}

/// Whether an element carries the nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nonce {
    /// It does not.
    Absent,
    /// It may.
    Unknown,
    /// It does, at least on some page.
    Present,
}

impl Fetch {
    /// The directives that decide, the one that is asked first in front.
    pub fn directives(self) -> &'static [&'static str] {
        match self {
            Self::Script => &["script-src-elem", "script-src", "default-src"],
            Self::Style => &["style-src-elem", "style-src", "default-src"],
            Self::Image => &["img-src", "default-src"],
            Self::Font => &["font-src", "default-src"],
            Self::Media => &["media-src", "default-src"],
            Self::Frame => &["frame-src", "child-src", "default-src"],
            Self::Object => &["object-src", "default-src"],
            Self::Manifest => &["manifest-src", "default-src"],
            Self::Form => &["form-action"],
            Self::Base => &["base-uri"],
        }
    }

    /// The directive in which policies usually speak of it.
    pub fn directive(self) -> &'static str {
        match self {
            Self::Script => "script-src",
            Self::Style => "style-src",
            _ => self.directives().first().copied().unwrap_or_default(),
        }
    }
}

impl What {
    /// The directives that decide, the one that is asked first in front; none where no single one does.
    pub fn directives(&self) -> &'static [&'static str] {
        match self {
            Self::Script | Self::Address => Fetch::Script.directives(),
            Self::Handler(_) => &["script-src-attr", "script-src", "default-src"],
            Self::Style => Fetch::Style.directives(),
            Self::StyleAttribute => &["style-src-attr", "style-src", "default-src"],
            Self::Load(fetch, _) => fetch.directives(),
            Self::Eval(_) => &["script-src", "default-src"],
            Self::Policy(_) => &[],
        }
    }
}

/// What these pages do, in the order of the places, each once: with the nonce if it has one on any page.
pub fn uses<'p>(pages: impl IntoIterator<Item = &'p Page>, roots: &Roots) -> Vec<Use> {
    let mut found = Found::default();
    for page in pages {
        for element in &page.elements {
            found.element(element, roots);
        }
        for form in &page.forms {
            found.form(&form.tag, roots);
        }
    }
    let of = |((span, what), nonce)| Use { span, what, nonce };
    found.0.into_iter().map(of).collect()
}

#[derive(Default)]
struct Found(BTreeMap<(Span, What), Nonce>);

impl Found {
    fn add(&mut self, span: Span, what: What, nonce: Nonce) {
        let known = self.0.entry((span, what)).or_insert(nonce);
        *known = nonce.max(*known);
    }

    fn load(&mut self, element: &Element, name: &str, fetch: Fetch, roots: &Roots) {
        let Some(attribute) = element.attribute(name) else { return };
        let Some(parts) = attribute.value.as_deref() else { return };
        if let Some(origin) = roots.origin(parts) {
            self.add(element.span, What::Load(fetch, origin), nonce(element));
        }
    }

    fn list(&mut self, element: &Element, fetch: Fetch, roots: &Roots) {
        let Some(attribute) = element.attribute("srcset") else { return };
        for origin in roots.origins(attribute.value.as_deref().unwrap_or_default()) {
            self.add(element.span, What::Load(fetch, origin), Nonce::Absent);
        }
    }

    fn element(&mut self, element: &Element, roots: &Roots) {
        self.attributes(element, roots);
        match &*element.name {
            "script" => self.script(element, roots),
            "style" if element.filled => self.add(element.span, What::Style, nonce(element)),
            "link" => self.link(element, roots),
            "img" => {
                self.load(element, "src", Fetch::Image, roots);
                self.list(element, Fetch::Image, roots);
            }
            "input" if element.text("type").is_some_and(|it| it.eq_ignore_ascii_case("image")) => {
                self.load(element, "src", Fetch::Image, roots);
            }
            "audio" | "track" => self.load(element, "src", Fetch::Media, roots),
            "source" => {
                self.load(element, "src", Fetch::Media, roots);
                self.list(element, Fetch::Image, roots);
            }
            "video" => {
                self.load(element, "src", Fetch::Media, roots);
                self.load(element, "poster", Fetch::Image, roots);
            }
            "iframe" | "frame" => self.load(element, "src", Fetch::Frame, roots),
            "embed" => self.load(element, "src", Fetch::Object, roots),
            "object" => self.load(element, "data", Fetch::Object, roots),
            "base" => self.load(element, "href", Fetch::Base, roots),
            "meta" => self.meta(element),
            _ => {}
        }
    }

    fn attributes(&mut self, element: &Element, roots: &Roots) {
        for attribute in &element.attributes {
            let name = &*attribute.name;
            let filled = attribute.value.as_ref().is_some_and(|value| !value.is_empty());
            if name == "style" && filled {
                self.add(attribute.span, What::StyleAttribute, Nonce::Absent);
            } else if is_event_handler(name) && filled {
                self.add(attribute.span, What::Handler(Arc::clone(&attribute.name)), Nonce::Absent);
            } else if name.starts_with("hx-on") || name.starts_with("data-hx-on") {
                self.add(attribute.span, What::Eval(Engine::HtmxOn), Nonce::Absent);
            } else if matches!(name, "href" | "xlink:href" | "src" | "action" | "formaction")
                && address::is_code(attribute.value.as_deref().unwrap_or_default())
            {
                self.add(attribute.span, What::Address, Nonce::Absent);
            } else if name == "formaction" {
                self.load(element, "formaction", Fetch::Form, roots);
            }
        }
    }

    fn script(&mut self, element: &Element, roots: &Roots) {
        // An import map is no program, but decides which programs run.
        let is_map = || element.text("type").is_some_and(|it| it.eq_ignore_ascii_case("importmap"));
        let runs = match element.script {
            Some(ScriptKind::JavaScript | ScriptKind::Module) => true,
            Some(ScriptKind::Json) => is_map(),
            _ => false,
        };
        if !runs {
            return;
        }
        let Some(attribute) = element.attribute("src") else {
            if element.filled {
                self.add(element.span, What::Script, nonce(element));
            }
            return;
        };
        self.load(element, "src", Fetch::Script, roots);
        if let Some(engine) = Engine::of(attribute.value.as_deref().unwrap_or_default()) {
            self.add(element.span, What::Eval(engine), Nonce::Absent);
        }
    }

    fn link(&mut self, element: &Element, roots: &Roots) {
        let rel = element.text("rel").unwrap_or_default().to_ascii_lowercase();
        let kind = element.text("as").unwrap_or_default().to_ascii_lowercase();
        for word in rel.split_ascii_whitespace() {
            let fetch = match (word, kind.as_str()) {
                ("stylesheet", _) | ("preload", "style") => Fetch::Style,
                ("icon" | "apple-touch-icon" | "mask-icon", _) | ("preload", "image") => {
                    Fetch::Image
                }
                ("manifest", _) => Fetch::Manifest,
                ("modulepreload", _) | ("preload", "script") => Fetch::Script,
                ("preload", "font") => Fetch::Font,
                ("preload", "audio" | "video" | "track") => Fetch::Media,
                _ => continue,
            };
            self.load(element, "href", fetch, roots);
        }
    }

    fn meta(&mut self, element: &Element) {
        let header = element.text("http-equiv").unwrap_or_default();
        if header.eq_ignore_ascii_case("content-security-policy") {
            let text = element.text("content").map(Arc::from);
            self.add(element.span, What::Policy(text), Nonce::Absent);
        }
    }

    fn form(&mut self, tag: &Element, roots: &Roots) {
        match tag.attribute("action") {
            Some(_) => self.load(tag, "action", Fetch::Form, roots),
            None if tag.open => {}
            None => self.add(tag.span, What::Load(Fetch::Form, Origin::Own), Nonce::Absent),
        }
        self.attributes(tag, roots);
    }
}

/// Whether an element carries the nonce of Django or django-csp.
fn nonce(element: &Element) -> Nonce {
    let Some(attribute) = element.attribute("nonce") else {
        return if element.open { Nonce::Unknown } else { Nonce::Absent };
    };
    let is_nonce = |words: &str| {
        let last = words.rsplit('.').next().unwrap_or(words);
        last.eq_ignore_ascii_case("csp_nonce")
    };
    match attribute.value.as_deref() {
        Some([Part::Nonce]) => Nonce::Present,
        Some([Part::Value(accesses)]) if accesses.iter().any(|it| is_nonce(&it.words())) => {
            Nonce::Present
        }
        _ => Nonce::Unknown,
    }
}

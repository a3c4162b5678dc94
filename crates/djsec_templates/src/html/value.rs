//! A value that is being written: what it comes to, and what it means so far.

use std::ops::Range;

use super::LETTER;
use super::css::Css;
use super::element::Value;
use super::js::{Dialect, Js};
use super::place::{Client, JsPlace, Role};
use super::reference::Reference;
use super::role::Kind;
use super::scheme::Address;

/// Reads values, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Reader {
    kind: Kind,
    reference: Reference,
    language: Language,
}

/// What the value is written in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum Language {
    #[default]
    Text,
    Address(Address),
    Js(Js),
    Css(Css),
}

impl Reader {
    pub(super) fn begin(&mut self, kind: Kind) {
        self.kind = kind;
        self.language = match kind {
            Kind::Url => Language::Address(Address::default()),
            Kind::Handler => Language::Js(Js::new(Dialect::Script)),
            Kind::ClientCode | Kind::ClientJson => Language::Js(Js::new(Dialect::Expression)),
            Kind::Style => Language::Css(Css::default()),
            _ => Language::Text,
        };
    }

    /// Whether what the value holds so far changes nothing about what comes next.
    pub(super) const fn is_plain(&self) -> bool {
        matches!(self.kind, Kind::Class | Kind::Id | Kind::Other)
    }

    /// Reads on.
    pub(super) fn text(&mut self, text: &str, span: Range<u32>, value: &mut Value) {
        if text.is_empty() {
            return;
        }
        value.extend(span);
        let mut rest = text;
        loop {
            if self.reference.is_open() {
                rest = self.go_on(rest, value);
            }
            let Some((before, after)) = rest.split_once('&') else { break };
            self.push(before, value);
            self.reference.open();
            rest = after;
        }
        if !self.reference.is_open() {
            self.push(rest, value);
        }
    }

    /// Reads a reference on; what is left of the text.
    fn go_on<'a>(&mut self, text: &'a str, value: &mut Value) -> &'a str {
        let mut rest = text.chars();
        loop {
            let before = rest.as_str();
            let Some(character) = rest.next() else { return "" };
            if let Some((read, taken)) = self.reference.read(character) {
                self.push(&read, value);
                return if taken { rest.as_str() } else { before };
            }
        }
    }

    fn push(&mut self, text: &str, value: &mut Value) {
        value.push(text);
        match &mut self.language {
            Language::Text => {}
            Language::Address(address) => address.text(text),
            Language::Js(js) => js.text(text.as_bytes()),
            Language::Css(css) => css.text(text.as_bytes()),
        }
    }

    /// Ends a reference before an insertion, whose text goes on with it as a letter would.
    pub(super) fn cut(&mut self, value: &mut Value) {
        if self.reference.is_open() {
            let text = self.reference.cut();
            self.push(&text, value);
        }
    }

    /// Adds an insertion; what the value is there.
    pub(super) fn insertion(&mut self, id: u32, value: &mut Value) -> Role {
        match &mut self.language {
            Language::Text => {}
            Language::Address(address) => address.text(LETTER),
            Language::Js(js) => js.insertion(),
            Language::Css(css) => css.text(LETTER.as_bytes()),
        }
        value.insert(id);
        self.role()
    }

    pub(super) fn finish(&mut self, value: &mut Value) {
        if self.reference.is_open() {
            let text = self.reference.end();
            self.push(&text, value);
        }
    }

    fn role(&self) -> Role {
        match (self.kind, &self.language) {
            (_, Language::Address(address)) => {
                address.javascript().map_or(Role::Url, Role::JavascriptUrl)
            }
            (_, Language::Css(css)) => Role::Style(css.place()),
            (Kind::Handler, Language::Js(js)) => Role::Handler(js.place()),
            (Kind::ClientJson, Language::Js(js)) => Role::Client(Client::Json(js.place())),
            (_, Language::Js(js)) => Role::Client(Client::Code(js.place())),
            (kind, Language::Text) => plain(kind),
        }
    }
}

/// The roles of values that are not read further.
const fn plain(kind: Kind) -> Role {
    match kind {
        Kind::Url => Role::Url,
        Kind::UrlList => Role::UrlList,
        Kind::Refresh => Role::Refresh,
        Kind::MetaContent => Role::MetaContent,
        Kind::Srcdoc => Role::Srcdoc,
        Kind::Hyperscript => Role::Client(Client::Hyperscript),
        Kind::ClientUrl => Role::Client(Client::Url),
        Kind::Class => Role::Class,
        Kind::Id => Role::Id,
        Kind::Other => Role::Other,
        Kind::Unknown => Role::Unknown,
        Kind::Handler => Role::Handler(JsPlace::Unknown),
        Kind::ClientCode => Role::Client(Client::Code(JsPlace::Unknown)),
        Kind::ClientJson => Role::Client(Client::Json(JsPlace::Unknown)),
        Kind::Style => Role::Style(super::place::CssPlace::Unknown),
    }
}

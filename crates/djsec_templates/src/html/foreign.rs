//! SVG and `MathML` in a page, as far as they decide how tags and text are read: in them, `style`,
//! `title` and `script` hold tags, and in some of their elements HTML goes on.

use super::place::{CssPlace, JsPlace, Place, ScriptKind};
use super::tag::Tag;

/// Elements kept; deeper nesting counts as the deepest.
const LEVELS: usize = 64;

/// Where in SVG and `MathML` the page is.
///
/// There is no tree here, so two things are taken for granted. An end tag of SVG or `MathML` ends what it
/// names even where elements of HTML are open inside it, which a browser would keep. And an end tag of HTML
/// belongs to an element around the SVG or `MathML`, which is ended with it; a browser would pass over one
/// to which no start tag belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Foreign {
    levels: Vec<Level>,
    /// An SVG `script` or `style` whose text is read.
    text: Option<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Level {
    kind: Kind,
    name: &'static str,
    /// Where HTML goes on: an element of HTML has been opened in it.
    entered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Svg,
    MathMl,
    /// HTML inside one of them.
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Text {
    Script(ScriptKind),
    Style,
}

/// Start tags of HTML that end SVG and `MathML`, from "The rules for parsing tokens in foreign content".
const BREAKING: [&str; 44] = [
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

/// Other elements of HTML that stand around SVG and are no elements of it.
const AROUND: [&str; 32] = [
    "address",
    "article",
    "aside",
    "button",
    "caption",
    "details",
    "dialog",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "html",
    "label",
    "legend",
    "main",
    "nav",
    "object",
    "option",
    "search",
    "section",
    "select",
    "summary",
    "tbody",
    "td",
    "template",
    "tfoot",
    "th",
    "thead",
    "tr",
];

/// Elements of HTML that hold nothing.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

const SVG_POINTS: [&str; 3] = ["foreignobject", "desc", "title"];
const MATHML_POINTS: [&str; 5] = ["mi", "mo", "mn", "ms", "mtext"];

impl Foreign {
    fn kind(&self) -> Kind {
        self.levels.last().map_or(Kind::Html, |level| level.kind)
    }

    /// Whether text and tags are read as SVG or `MathML` here.
    pub(super) fn is_inside(&self) -> bool {
        self.kind() != Kind::Html
    }

    /// Whether `<![CDATA[` is text here: where the innermost open element is no element of HTML.
    pub(super) fn has_cdata(&self) -> bool {
        self.levels.last().is_some_and(|level| level.kind != Kind::Html || !level.entered)
    }

    /// A start tag; whether its element is one of SVG or `MathML`.
    pub(super) fn start(&mut self, tag: &Tag) -> bool {
        let Some(name) = tag.name.whole() else { return self.is_inside() };
        if self.is_inside() && is_breaking(tag, name) {
            self.leave();
        }
        let kind = self.kind();
        let annotation = self.levels.last().is_some_and(|level| level.name == "annotation-xml");
        let inner = match (kind, name) {
            (Kind::Html, "svg") => Some((Kind::Svg, "svg")),
            (Kind::MathMl, "svg") if annotation => Some((Kind::Svg, "svg")),
            (Kind::Html, "math") => Some((Kind::MathMl, "math")),
            (Kind::Html, _) => {
                self.enter(name);
                return false;
            }
            (_, "svg") => Some((kind, "svg")),
            (_, "math") => Some((kind, "math")),
            (Kind::Svg, _) => known(&SVG_POINTS, name).map(|name| (Kind::Html, name)),
            (Kind::MathMl, "annotation-xml") => {
                let html = tag.deciding.is_html();
                Some((if html { Kind::Html } else { Kind::MathMl }, "annotation-xml"))
            }
            (Kind::MathMl, _) => known(&MATHML_POINTS, name).map(|name| (Kind::Html, name)),
        };
        if let Some((kind, name)) = inner
            && !tag.self_closing
            && self.levels.len() < LEVELS
        {
            self.levels.push(Level { kind, name, entered: false });
        }
        if kind == Kind::Svg && !tag.self_closing {
            self.text = match name {
                "script" => Some(Text::Script(tag.script_kind())),
                "style" => Some(Text::Style),
                _ => self.text,
            };
        }
        true
    }

    /// An element of HTML is opened.
    fn enter(&mut self, name: &str) {
        if let Some(level) = self.levels.last_mut() {
            level.entered |= !VOID.contains(&name);
        }
    }

    /// An end tag.
    pub(super) fn end(&mut self, name: &str) {
        self.text = None;
        if self.levels.is_empty() {
            return;
        }
        if self.is_inside() && (BREAKING.contains(&name) || AROUND.contains(&name)) {
            return self.leave();
        }
        if let Some(at) = self.levels.iter().rposition(|level| level.name == name) {
            self.levels.truncate(at);
        }
    }

    /// Out to where HTML is read.
    fn leave(&mut self) {
        self.text = None;
        let html = self.levels.iter().rposition(|level| level.kind == Kind::Html);
        self.levels.truncate(html.map_or(0, |at| at + 1));
    }

    /// What text is here, where tags are read.
    pub(super) fn place(&self) -> Place {
        match self.text {
            None => Place::Text,
            Some(Text::Script(kind)) => Place::Script(kind, JsPlace::Unknown),
            Some(Text::Style) => Place::Style(CssPlace::Unknown),
        }
    }
}

fn is_breaking(tag: &Tag, name: &str) -> bool {
    let font = || {
        let named = |attribute: &str| tag.attributes.iter().any(|kept| kept.name.is(attribute));
        name == "font" && ["color", "face", "size"].into_iter().any(named)
    };
    BREAKING.contains(&name) || font()
}

fn known(names: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().find(|known| **known == name).copied()
}

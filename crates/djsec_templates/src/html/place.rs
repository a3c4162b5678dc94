//! Where on a page something is put in.

use super::element::{Name, Value};

/// Where an insertion stands, as a browser sees it once the page is written out, if what is inserted
/// begins like a word.
///
/// Names are those of elements and attributes in lower case; what they hold of insertions says [`Name`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Text between tags.
    Text,
    /// Text of `title` or `textarea`: references count, tags do not.
    RcData(RawElement),
    /// Text of an element in which neither references nor tags count; never `Script` or `Style`.
    RawText(RawElement),
    /// A style sheet in the page.
    Style(CssPlace),
    /// What stands in a `script` element.
    Script(ScriptKind, JsPlace),
    /// A value of an attribute.
    Attribute(Box<AttributePlace>),
    /// Between the attributes of a tag, or in the name of one: whole attributes can be written here.
    AttributeName(Box<AttributeNamePlace>),
    /// The name of a tag.
    TagName {
        /// What stands of it before the insertion.
        name: Name,
        /// Whether it is an end tag.
        end: bool,
    },
    /// A comment, also one that is none in HTML's eyes, such as `<?…>`.
    Comment,
    /// `<!doctype …>`.
    Doctype,
}

/// A value of an attribute in which an insertion stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributePlace {
    /// The element the tag is of.
    pub element: Name,
    /// The attribute.
    pub name: Name,
    /// What the value is to a browser or to the library that reads it.
    pub role: Role,
    /// The value as it stands before the insertion, with its quotes.
    pub before: Value,
    /// One of its name stands before it, so that a browser drops this one.
    pub duplicate: bool,
    /// In an end tag, whose attributes browsers throw away.
    pub end: bool,
}

impl AttributePlace {
    /// Whether a browser throws the attribute away.
    pub const fn is_dropped(&self) -> bool {
        self.duplicate || self.end
    }
}

/// A place for attributes, or in the name of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributeNamePlace {
    /// The element the tag is of.
    pub element: Name,
    /// What stands of the name before the insertion; nothing if the insertion begins an attribute.
    pub name: Name,
    /// In an end tag, whose attributes browsers throw away.
    pub end: bool,
}

/// What the value of an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// An address.
    Url,
    /// What follows `javascript:` in an address, at which percent signs are taken out.
    JavascriptUrl(JsPlace),
    /// Several addresses: `srcset`, `imagesrcset`, `ping`, `archive`.
    UrlList,
    /// `content` of a `meta` that is known to be a refresh: seconds and an address.
    Refresh,
    /// `content` of a `meta` that may yet become a refresh: `http-equiv` does not stand before it, or
    /// is not known. The finished tag tells.
    MetaContent,
    /// A whole document.
    Srcdoc,
    /// CSS declarations.
    Style(CssPlace),
    /// The body of an event handler.
    Handler(JsPlace),
    /// What a library reads in the browser.
    Client(Client),
    /// `class`.
    Class,
    /// `id`.
    Id,
    /// Plain text to all.
    Other,
    /// The attribute's name is not known.
    Unknown,
}

/// What a value is to a library in the browser: Alpine, Vue, `AngularJS`, htmx, hyperscript, Knockout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// An expression or statements, read as JavaScript or nearly so.
    Code(JsPlace),
    /// JSON that becomes code when it begins with `js:`, as `hx-vals`.
    Json(JsPlace),
    /// Hyperscript.
    Hyperscript,
    /// An address that is asked, as `hx-get`.
    Url,
}

/// A place in JavaScript or JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsPlace {
    /// Code.
    Bare,
    /// Between `'` and `'`.
    SingleString,
    /// Between `"` and `"`.
    DoubleString,
    /// Text between backticks.
    TemplateLiteral,
    /// Code between `${` and `}`.
    TemplateExpression,
    /// Between the slashes of a regular expression.
    RegExp,
    /// After `//`, or where browsers take `<!--` for it.
    LineComment,
    /// Between `/*` and `*/`.
    BlockComment,
    /// Not known: nested too deep, or not read as code.
    Unknown,
}

/// A place in CSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CssPlace {
    /// Selectors, declarations, values.
    Bare,
    /// Between `'` and `'`.
    SingleString,
    /// Between `"` and `"`.
    DoubleString,
    /// The address in `url(…)`, with its quotes.
    Url(Quote),
    /// Between `/*` and `*/`.
    Comment,
    /// Not known: a style sheet inside SVG, which is read as tags and text.
    Unknown,
}

/// What a `script` element is to a browser, by its `type` (or `language`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScriptKind {
    /// Runs.
    JavaScript,
    /// Runs as a module.
    Module,
    /// JSON of any kind, import maps and speculation rules among them.
    Json,
    /// A block of data, such as a template; its places are [`JsPlace::Unknown`].
    Other,
    /// The type is inserted; its places are those that it has if it is JavaScript.
    Unknown,
}

/// How a value is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quote {
    /// `"`
    Double,
    /// `'`
    Single,
    /// Not at all: white space ends it.
    Unquoted,
}

/// The elements whose content holds no tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of the elements")]
pub enum RawElement {
    Title,
    Textarea,
    Style,
    Xmp,
    Iframe,
    Noembed,
    Noframes,
    /// As it is read where scripts run; elsewhere it holds tags.
    Noscript,
    Script,
    /// The rest of the page, whatever follows.
    Plaintext,
}

impl RawElement {
    /// The element of this name in lower case.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "title" => Self::Title,
            "textarea" => Self::Textarea,
            "style" => Self::Style,
            "xmp" => Self::Xmp,
            "iframe" => Self::Iframe,
            "noembed" => Self::Noembed,
            "noframes" => Self::Noframes,
            "noscript" => Self::Noscript,
            "script" => Self::Script,
            "plaintext" => Self::Plaintext,
            _ => return None,
        })
    }

    /// Its name in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Textarea => "textarea",
            Self::Style => "style",
            Self::Xmp => "xmp",
            Self::Iframe => "iframe",
            Self::Noembed => "noembed",
            Self::Noframes => "noframes",
            Self::Noscript => "noscript",
            Self::Script => "script",
            Self::Plaintext => "plaintext",
        }
    }
}

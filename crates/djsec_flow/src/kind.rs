//! What untrusted data may do where it arrives, and sets of that.

use std::fmt;

/// What untrusted data does in a sink. One kind is one way to abuse it, and what makes a value safe for
/// one (escaping for HTML) does nothing for another (SQL).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// It becomes part of an SQL statement.
    Sql,
    /// It chooses the names of fields and look-ups in a query.
    Lookup,
    /// It chooses the names under which a query gives its columns.
    Alias,
    /// It chooses the field by which rows are ordered or that are shown.
    Order,
    /// It becomes part of a query for a database without SQL.
    Nosql,
    /// It becomes part of a shell command, or the program that is run.
    Command,
    /// It is run as code, or chooses what is imported.
    Code,
    /// It is compiled as a template.
    Template,
    /// It chooses which template is rendered.
    TemplateName,
    /// It is the format of a text.
    Format,
    /// It chooses a file.
    Path,
    /// Its archive is unpacked where its own names say.
    Archive,
    /// It chooses which address the server calls.
    Ssrf,
    /// It chooses where the visitor is sent.
    Redirect,
    /// It becomes part of a response's header or cookie.
    Header,
    /// It becomes part of an HTML page without being escaped.
    Html,
    /// It becomes part of a mail's headers, or of its HTML.
    Mail,
    /// It becomes part of a log line.
    Log,
    /// It becomes part of an LDAP filter or name.
    Ldap,
    /// It becomes part of an XPath expression.
    Xpath,
    /// It is parsed as XML by a parser that follows entities.
    Xml,
    /// It is unpickled, or loaded in another way that can make any object.
    Deserialize,
    /// It is compiled as a regular expression.
    Regex,
    /// It becomes a cell that a spreadsheet may run.
    Spreadsheet,
    /// It is loaded as YAML that can make any object.
    Yaml,
    /// It chooses which fields of a row are written.
    Assignment,
    /// It chooses of which model rows are read or written.
    Model,
    /// It chooses which sites are trusted: to read a response, or to be led to.
    Origin,
    /// It is matched against a pattern of the source.
    Matched,
    /// It is a secret, and is written where others read it.
    Secret,
    /// It becomes part of a script in a page, where escaping for HTML is undone or does nothing.
    Script,
    /// It becomes the address of a link, a frame or a form in a page, its scheme included.
    Link,
    /// It stands in a tag of a page without quotes around it, where a space ends it.
    Attribute,
    /// It says how much is done: how often, how long, how many. What is harmless as everything else, a
    /// number, is not as this.
    Amount,
    /// It is the key under which a cache keeps something.
    CacheKey,
    /// It is the host that the site is called by, and is put into an address.
    Host,
    /// It tells a language model what to do.
    Prompt,
    /// It is read as a number, which may be one that compares with none.
    Nan,
    /// It is a secret of the project itself, and is sent to whoever asks.
    Revealed,
    /// It says how the program works inside, or what went wrong there, and is sent to whoever asks.
    Told,
    /// It is an argument of a program that does harm by its options, and may begin like one: `--upload-pack=…`.
    Option,
    /// It is kept under a key that all visitors share.
    Cached,
    /// It is an argument of a database function that some versions of Django put into the SQL as it is.
    Function,
    /// It stands in a text with tags that a script gets, to be put into the page. Only what was put between tags
    /// does harm as this.
    Markup,
    /// It is the key under which a session keeps something that was sent, too.
    SessionKey,
}

/// Every kind with the name under which models and users know it, in the order of [`Kind`].
const NAMES: [(Kind, &str); 45] = [
    (Kind::Sql, "sql"),
    (Kind::Lookup, "lookup"),
    (Kind::Alias, "alias"),
    (Kind::Order, "order"),
    (Kind::Nosql, "nosql"),
    (Kind::Command, "command"),
    (Kind::Code, "code"),
    (Kind::Template, "template"),
    (Kind::TemplateName, "template-name"),
    (Kind::Format, "format"),
    (Kind::Path, "path"),
    (Kind::Archive, "archive"),
    (Kind::Ssrf, "ssrf"),
    (Kind::Redirect, "redirect"),
    (Kind::Header, "header"),
    (Kind::Html, "html"),
    (Kind::Mail, "mail"),
    (Kind::Log, "log"),
    (Kind::Ldap, "ldap"),
    (Kind::Xpath, "xpath"),
    (Kind::Xml, "xml"),
    (Kind::Deserialize, "deserialize"),
    (Kind::Regex, "regex"),
    (Kind::Spreadsheet, "spreadsheet"),
    (Kind::Yaml, "yaml"),
    (Kind::Assignment, "assignment"),
    (Kind::Model, "model"),
    (Kind::Origin, "origin"),
    (Kind::Matched, "matched"),
    (Kind::Secret, "secret"),
    (Kind::Script, "script"),
    (Kind::Link, "link"),
    (Kind::Attribute, "attribute"),
    (Kind::Amount, "amount"),
    (Kind::CacheKey, "cache-key"),
    (Kind::Host, "host"),
    (Kind::Prompt, "prompt"),
    (Kind::Nan, "nan"),
    (Kind::Revealed, "revealed"),
    (Kind::Told, "told"),
    (Kind::Option, "option"),
    (Kind::Cached, "cached"),
    (Kind::Function, "function"),
    (Kind::Markup, "markup"),
    (Kind::SessionKey, "session-key"),
];

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(kind, _)| *kind)
    }

    /// Whether data does harm as this whatever else there is: what is tried on a pattern only does if the
    /// pattern is a bad one, what is read as a number if something is decided by it.
    pub const fn is_harm_itself(self) -> bool {
        !matches!(self, Self::Matched | Self::Nan)
    }

    /// Whether templates are where it arrives, and no call: no model can name a sink of it.
    pub const fn is_of_templates(self) -> bool {
        matches!(self, Self::Script | Self::Link | Self::Attribute)
    }

    /// Whether it is a secret that does harm as this.
    pub(crate) const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::Revealed)
    }

    /// Whether it is about what others must not read, rather than about what others may have written.
    pub(crate) const fn is_about_readers(self) -> bool {
        matches!(self, Self::Secret | Self::Revealed | Self::Told)
    }

    /// Whether it is about names that are chosen, so that what stands under fixed names does no harm:
    /// `filter(**{"name": text})`.
    pub(crate) const fn is_of_names(self) -> bool {
        matches!(self, Self::Lookup | Self::Alias | Self::Assignment)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Kinds(u64);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Every kind.
    pub const ALL: Self = Self(u64::MAX);
    /// Only as a secret.
    pub(crate) const SECRET: Self = Self::just(Kind::Secret);
    /// As everything but a secret.
    pub(crate) const ONLY_SECRET: Self = Self::ALL.without(Self::SECRET);
    /// As a secret, wherever it is told.
    pub(crate) const SECRETS: Self = Self::SECRET.or(Self::just(Kind::Revealed));
    /// As what tells of the program's inside.
    pub(crate) const TOLD: Self = Self::just(Kind::Told);
    /// As what others must not read.
    pub(crate) const READ: Self = Self::SECRETS.or(Self::TOLD);
    /// As what breaks lines: a representation has no line ends.
    pub(crate) const REPRESENTED: Self = Self::just(Kind::Log).or(Self::just(Kind::Header));
    /// In pages, wherever it stands there.
    pub(crate) const IN_PAGES: Self = Self::just(Kind::Html)
        .or(Self::just(Kind::Markup))
        .or(Self::just(Kind::Script))
        .or(Self::just(Kind::Link))
        .or(Self::just(Kind::Attribute));
    /// No kind by itself: what is said of paths without `..` in them, of which it can be asked where
    /// they begin.
    pub const RESOLVED: Self = Self(1 << 63);

    /// No kinds by themselves: what is said of paths that do not begin with `../`, are not `..` itself, and do not begin
    /// at the root.
    pub(crate) const NOT_UP: Self = Self(1 << 61);
    /// See [`Self::NOT_UP`].
    pub(crate) const NOT_PARENT: Self = Self(1 << 60);
    /// See [`Self::NOT_UP`].
    pub(crate) const ROOTLESS: Self = Self(1 << 59);
    /// All that can be said of a path that leads to somewhere below.
    pub(crate) const BELOW: Self =
        Self::RESOLVED.or(Self::NOT_UP).or(Self::NOT_PARENT).or(Self::ROOTLESS);
    /// No kind by itself: what is said of a model that was looked up by its name.
    pub(crate) const LOOKED_UP: Self = Self(1 << 62);
    /// As what a number can do no harm: as everything but how much is done.
    pub(crate) const NUMBER: Self = Self::ALL.without(Self::just(Kind::Amount));
    /// As what no data does harm that is not known to: neither a secret, nor a trace, nor the host of the site, nor
    /// in a text with tags.
    pub(crate) const BORN: Self =
        Self::READ.or(Self::just(Kind::Host)).or(Self::just(Kind::Markup));
    /// As what a whole that holds secrets does no harm.
    pub(crate) const WHOLE: Self = Self::BORN.without(Self::SECRET);
    /// As what data from the database does no harm: whoever wrote it is not there to be served.
    pub(crate) const KEPT: Self = Self::just(Kind::Amount)
        .or(Self::just(Kind::CacheKey))
        .or(Self::just(Kind::Host))
        .or(Self::just(Kind::Nan))
        .or(Self::just(Kind::Option))
        .or(Self::just(Kind::Cached))
        .or(Self::just(Kind::SessionKey));
    /// As what the result of something unknown can do no harm: it is hardly the secret, the number or the
    /// host that went in.
    pub(crate) const UNTOLD: Self = Self::BORN.or(Self::just(Kind::Amount));
    /// As what a word can do no harm: only as the name of a model.
    pub(crate) const WORD: Self =
        Self::ALL.without(Self::just(Kind::Model)).without(Self::LOOKED_UP);
    /// As what a model can do no harm that was looked up by untrusted data: only as the choice of it.
    pub(crate) const CHOSEN_MODEL: Self = Self::WORD.or(Self::LOOKED_UP);

    /// A set of these kinds.
    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Self {
        kinds.into_iter().fold(Self::NONE, |all, kind| all.or(Self(1 << kind as u8)))
    }

    /// A set of one kind.
    pub(crate) const fn just(kind: Kind) -> Self {
        Self(1 << kind as u8)
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not of the other.
    #[must_use]
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether a kind is among them.
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Whether all of another set are among them.
    pub const fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether every kind is among them.
    pub fn is_all(self) -> bool {
        self == Self::ALL || Kind::all().all(|kind| self.has(kind))
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Kind::all().filter(|kind| self.has(*kind))).finish()
    }
}

//! What the words of Django's own tags mean.

mod condition;
mod i18n;
mod loader;
mod logic;
mod output;
mod reader;

use crate::error::Fault;
use crate::filter::{Filter, FilterExpression};
use crate::tree::Word;

pub use condition::{Comparison, Condition};
pub use loader::{relative_name, split_partial};
pub use reader::{Arguments, Assignment, arguments, arguments_alone, words};

pub(crate) use condition::condition;
pub(crate) use reader::{Memory, Reader, split_target};

/// What the words of a tag say.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A tag that is not Django's: see [`arguments`] for the usual reading of its words.
    Custom,
    /// A tag of Django with words that Django refuses.
    Malformed,
    /// A tag of Django whose words say nothing more: `if` (its branches have conditions), `spaceless`,
    /// `verbatim`, `comment`, `csrf_token`, `debug`.
    Plain,
    /// `{% autoescape on %}`, `{% localize on %}`, `{% localtime on %}`.
    Switch {
        /// `on`, or nothing where that is allowed.
        on: bool,
    },
    /// `{% block name %}`.
    Block {
        /// Its name.
        name: Word,
    },
    /// `{% blocktranslate … %}`.
    BlockTranslate(Box<BlockTranslate>),
    /// `{% cache timeout fragment vary… using="name" %}`.
    Cache {
        /// How long it is kept.
        timeout: FilterExpression,
        /// The name of the fragment.
        fragment: Word,
        /// What the fragment is kept by.
        vary: Vec<FilterExpression>,
        /// The cache.
        using: Option<FilterExpression>,
    },
    /// `{% cycle a b as name silent %}`.
    Cycle {
        /// The values; none where an earlier cycle is meant.
        values: Vec<FilterExpression>,
        /// The name that is given, or meant.
        name: Option<Word>,
        /// Whether it writes nothing.
        silent: bool,
    },
    /// `{% extends parent %}`; its branch is the rest of the template.
    Extends {
        /// The template; a relative name is made absolute where the template's own is known.
        parent: FilterExpression,
    },
    /// `{% filter a|b %}`.
    Filter {
        /// The filters, the first first.
        filters: Vec<Filter>,
    },
    /// `{% firstof a b as x %}`.
    FirstOf {
        /// The values.
        values: Vec<FilterExpression>,
        /// The variable that is set.
        target: Option<Word>,
    },
    /// `{% for a, b in sequence reversed %}`.
    For {
        /// The variables that are set.
        targets: Vec<Word>,
        /// What is gone through.
        sequence: FilterExpression,
        /// Whether from its end.
        reversed: bool,
    },
    /// `{% ifchanged a b %}`.
    IfChanged {
        /// The values; none means what is written out.
        values: Vec<FilterExpression>,
    },
    /// `{% include template with a=b only %}`.
    Include {
        /// The template; a relative name is made absolute where the template's own is known.
        template: FilterExpression,
        /// What it is given.
        with: Vec<Assignment>,
        /// Whether it is given nothing else.
        only: bool,
    },
    /// `{% language code %}`, `{% timezone name %}`.
    Value {
        /// The value.
        value: FilterExpression,
    },
    /// `{% load … %}`, see [`Template::loads`](crate::tree::Template::loads).
    Load,
    /// `{% lorem count w random %}`.
    Lorem {
        /// How many.
        count: FilterExpression,
        /// `w`, `p` or `b`.
        method: char,
        /// Whether at random.
        random: bool,
    },
    /// `{% now "format" as x %}`.
    Now {
        /// The word as it is written, with its quotes.
        format: Word,
        /// The variable that is set.
        target: Option<Word>,
    },
    /// `{% partial name %}`.
    Partial {
        /// The partial.
        name: Word,
    },
    /// `{% partialdef name inline %}`.
    PartialDef {
        /// Its name.
        name: Word,
        /// Whether it is written out where it stands.
        inline: bool,
    },
    /// `{% get_current_language as x %}` and its like, `{% get_static_prefix as x %}`.
    Set {
        /// The variable that is set; without it the value is written out.
        target: Option<Word>,
    },
    /// `{% get_language_info for value as x %}`, `{% get_language_info_list for values as x %}`.
    LanguageInfo {
        /// The code, or codes.
        value: FilterExpression,
        /// The variable that is set.
        target: Word,
    },
    /// `{% regroup source by path as x %}`.
    Regroup {
        /// The list.
        source: FilterExpression,
        /// What it is grouped by: a lookup on the target, with filters.
        by: FilterExpression,
        /// The variable that is set.
        target: Word,
    },
    /// `{% resetcycle name %}`.
    ResetCycle {
        /// The cycle; without it the last.
        name: Option<Word>,
    },
    /// `{% static path as x %}`.
    Static {
        /// The path.
        path: FilterExpression,
        /// The variable that is set.
        target: Option<Word>,
    },
    /// `{% templatetag openblock %}`.
    TemplateTag {
        /// What is written.
        text: &'static str,
        /// Its name.
        name: Word,
    },
    /// `{% translate "text" … %}`.
    Translate {
        /// The message.
        message: FilterExpression,
        /// Its context.
        context: Option<FilterExpression>,
        /// Whether it is only marked for translation.
        noop: bool,
        /// The variable that is set.
        target: Option<Word>,
    },
    /// `{% url name args… as x %}`.
    Url {
        /// The name of the route.
        name: FilterExpression,
        /// Positional arguments.
        args: Vec<FilterExpression>,
        /// Keyword arguments.
        kwargs: Vec<Assignment>,
        /// The variable that is set.
        target: Option<Word>,
    },
    /// `{% widthratio value max width as x %}`.
    WidthRatio {
        /// Value, greatest value and width.
        values: [FilterExpression; 3],
        /// The variable that is set.
        target: Option<Word>,
    },
    /// `{% with a=b %}`.
    With {
        /// What is set inside.
        assignments: Vec<Assignment>,
    },
    /// `{% querystring a b=c as x %}`, `{% csp_nonce_attr %}`: functions of Django.
    Call(Arguments),
    /// `{% macro name(a, b=value) %}` of Jinja.
    Macro {
        /// Its name.
        name: Word,
        /// Its parameters with what they are where nothing is given for them.
        parameters: Vec<Assignment>,
    },
    /// `{% call(a) name(value) %}` of Jinja: what is in it is written where the macro says `caller(a)`.
    MacroBlock {
        /// The macro that is called.
        call: FilterExpression,
        /// What `caller` is given.
        parameters: Vec<Assignment>,
    },
    /// `{% import "a.html" as a %}`, `{% from "a.html" import b as c with context %}` of Jinja.
    Import(Box<Import>),
}

/// What a template of Jinja takes from another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The other template.
    pub template: FilterExpression,
    /// The name of all that it has.
    pub module: Option<Word>,
    /// What is taken by name, with the name that it has here.
    pub names: Vec<(Word, Word)>,
    /// Whether what it has sees the context of the page.
    pub with_context: bool,
}

/// The options of `{% blocktranslate %}`. Its variables are keys of the context, not lookups.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BlockTranslate {
    /// What is set inside.
    pub with: Vec<Assignment>,
    /// The variable and the number that chooses between singular and plural.
    pub count: Option<Assignment>,
    /// The context of the message.
    pub context: Option<FilterExpression>,
    /// Whether white space is trimmed.
    pub trimmed: bool,
    /// The variable that is set.
    pub target: Option<Word>,
}

/// How a tag of Django goes on after itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Structure {
    Simple,
    /// It ends with the tag of that name, whatever stands behind the name.
    Until(&'static str),
    /// The same, and its words are read when it ends.
    LateUntil(&'static str),
    If,
    For,
    IfChanged,
    Block,
    PartialDef,
    Comment,
    Translate,
    Extends,
}

/// How a tag of Django goes on.
pub(crate) fn structure(name: &str) -> Structure {
    match name {
        "autoescape" => Structure::Until("endautoescape"),
        "block" => Structure::Block,
        "blocktrans" | "blocktranslate" => Structure::Translate,
        "cache" => Structure::LateUntil("endcache"),
        "comment" => Structure::Comment,
        "extends" => Structure::Extends,
        "filter" => Structure::Until("endfilter"),
        "for" => Structure::For,
        "if" => Structure::If,
        "ifchanged" => Structure::IfChanged,
        "language" => Structure::Until("endlanguage"),
        "localize" => Structure::Until("endlocalize"),
        "localtime" => Structure::Until("endlocaltime"),
        "partialdef" => Structure::PartialDef,
        "spaceless" => Structure::Until("endspaceless"),
        "timezone" => Structure::Until("endtimezone"),
        "verbatim" => Structure::Until("endverbatim"),
        "with" => Structure::Until("endwith"),
        _ => Structure::Simple,
    }
}

/// Reads the words of a tag of Django.
pub(crate) fn form(reader: &mut Reader<'_, '_>, name: &str) -> Result<Form, Fault> {
    match name {
        "autoescape" => logic::autoescape(reader),
        "block" => loader::block(reader),
        "blocktrans" | "blocktranslate" => i18n::block_translate(reader),
        "cache" => output::cache(reader),
        "csp_nonce_attr" => output::call(reader, name, &["media"], false),
        "cycle" => logic::cycle(reader),
        "extends" => loader::extends(reader),
        "filter" => output::filter(reader),
        "firstof" => output::firstof(reader),
        "for" => logic::for_loop(reader),
        "get_available_languages"
        | "get_current_language"
        | "get_current_language_bidi"
        | "get_current_timezone" => i18n::get_as(reader, name),
        "get_language_info" => i18n::language_info(reader, "string"),
        "get_language_info_list" => i18n::language_info(reader, "sequence"),
        "get_media_prefix" | "get_static_prefix" => output::prefix(reader),
        "ifchanged" => logic::ifchanged(reader),
        "include" => loader::include(reader),
        "language" => i18n::one_value(reader, "language"),
        "load" => loader::load(reader),
        "localize" | "localtime" => i18n::switch(reader),
        "lorem" => output::lorem(reader),
        "now" => output::now(reader),
        "partial" => loader::partial(reader),
        "partialdef" => loader::partialdef(reader),
        "querystring" => output::call(reader, name, &[], true),
        "regroup" => logic::regroup(reader),
        "resetcycle" => logic::resetcycle(reader),
        "static" => output::static_file(reader),
        "templatetag" => output::templatetag(reader),
        "timezone" => i18n::one_value(reader, "timezone"),
        "trans" | "translate" => i18n::translate(reader),
        "url" => output::url(reader),
        "widthratio" => output::widthratio(reader),
        "with" => logic::with(reader),
        "comment" | "csrf_token" | "debug" | "if" | "spaceless" | "verbatim" => Ok(Form::Plain),
        // Tags of the admin and the like: functions, as far as anybody looks at them.
        _ => Ok(Form::Custom),
    }
}

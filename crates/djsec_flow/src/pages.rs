//! Where templates put what they are given, as far as that may do harm.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::{AttributeValue, Hierarchy};
use djsec_django::routes::{Routes, Target};
use djsec_django::templates::{Environment, Libraries, OwnTagKind, Templates};
use djsec_django::views::{ShownRows, Views};
use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, QualifiedName};
use djsec_templates::html::{Client, JsPlace, Place, Quote, Role, ScriptKind};
use djsec_templates::jinja::{FILTER, FUNCTION, PREFIXED};
use djsec_templates::library::written_name;
use djsec_templates::page::{Access, Call, Insertion, Of, Page, Step};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::value::What;
use crate::{Kind, Kinds};

/// Where a template puts a value that may do harm there.
#[derive(Debug)]
pub(crate) struct PageSink {
    /// As what.
    pub(crate) kind: Kind,
    /// What the place is, in words.
    pub(crate) words: Arc<str>,
    /// The insertion.
    pub(crate) place: Span,
    /// What it may be.
    pub(crate) accesses: Vec<Asked>,
    /// Whether what arrives here surely does harm.
    pub(crate) sure: bool,
    pub(crate) reading: Reading,
}

/// A value that a page asks for, with what is made of its names: once, as many views show one page.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) access: Access,
    /// The key of its first name in a context: `[order]`.
    pub(crate) key: Box<str>,
    /// For each step the key of the name that it looks up; empty where it looks up none.
    pub(crate) keys: Box<[Box<str>]>,
    /// As it is written, for people.
    pub(crate) words: Arc<str>,
}

impl Asked {
    pub(crate) fn new(access: &Access) -> Self {
        let key = |name: &str| format!("[{name}]").into();
        let keys = access.steps.iter().map(|step| match step {
            Step::Get(name) => key(name),
            Step::Each | Step::Filter { .. } => Box::default(),
        });
        let (key, keys, words) = (key(&access.root), keys.collect(), access.words().into());
        Self { access: access.clone(), key, keys, words }
    }

    fn all(accesses: &[Access]) -> Vec<Self> {
        accesses.iter().map(Self::new).collect()
    }
}

/// How what filters write there is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reading {
    /// Only what surely is untrusted is followed into filters of the project: what went through something unknown
    /// need not be a text any more, but a date, or a row.
    pub(crate) sure: bool,
    /// Between the quotes of a script: backticks are none, `${` in them is code.
    in_string: bool,
    /// Percent signs are taken out first: in addresses that are run.
    decoded: bool,
}

impl Reading {
    /// In what filters of the project are handed, wherever they write it.
    pub(crate) const SURE: Self = Self { sure: true, in_string: false, decoded: false };
}

/// A page with what is done to what it is given.
#[derive(Debug, Default)]
pub(crate) struct Sinks {
    pub(crate) all: Vec<PageSink>,
    /// The calls of tags in it: each after those that it is given something of.
    pub(crate) calls: Vec<PageCall>,
    /// For each of them whether something that it gives is put where it may do harm.
    pub(crate) asked: Vec<bool>,
    /// What goes through filters of the project, which may do with it what they like.
    pub(crate) filtered: Vec<(Span, Asked)>,
}

/// A call of a tag of the project.
#[derive(Debug)]
pub(crate) struct PageCall {
    /// The name of the tag, as templates write it.
    pub(crate) name: Arc<str>,
    pub(crate) place: Span,
    /// What it is given, with the names of keywords.
    pub(crate) arguments: Vec<(Option<Arc<str>>, Vec<Asked>)>,
    /// Whether it sets a variable.
    pub(crate) sets: bool,
    pub(crate) tag: Option<Tag>,
}

/// A function of the project that is a tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag {
    pub(crate) function: (ModuleId, FunctionId),
    /// Whether it is given the context first.
    pub(crate) takes_context: bool,
    /// Whether it is given what stands up to its end, then.
    pub(crate) takes_content: bool,
    /// Whether it reads its words itself, and gives a node that writes.
    pub(crate) parses: bool,
}

/// A function of the project that is a filter, or that templates of Jinja may call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter {
    pub(crate) function: (ModuleId, FunctionId),
    /// How many things it is given first that no template says: the context of Jinja.
    pub(crate) passed: usize,
}

/// What a view hands to its templates without any code of the project.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) templates: Vec<Arc<str>>,
    pub(crate) class: Option<QualifiedName>,
    pub(crate) context: Vec<(Arc<str>, What)>,
    /// The view.
    pub(crate) place: Span,
    /// Whether it is not known who shows them, so that only what their tags read themselves counts.
    pub(crate) alone: bool,
}

/// The templates of a project, as the flow of data sees them.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    sinks: FxHashMap<Arc<str>, Sinks>,
    methods: FxHashMap<(ModuleId, FunctionId), Vec<Arc<str>>>,
    filters: FxHashMap<Arc<str>, Filter>,
    /// The functions that are filters of the project, and whether each knows what escaping is about.
    of_filters: FxHashMap<(ModuleId, FunctionId), bool>,
    /// The functions that give every page a context.
    processors: FxHashSet<(ModuleId, FunctionId)>,
    /// The functions that are tags and are given the context first.
    of_context: FxHashSet<(ModuleId, FunctionId)>,
    /// What views show by themselves.
    pub(crate) shown: Vec<Shown>,
}

impl Pages {
    pub(crate) fn new(
        templates: &Templates,
        hierarchy: &Hierarchy<'_>,
        routes: &Routes,
        views: &Views,
    ) -> Self {
        let mut this = Self::default();
        for (name, page) in templates.pages() {
            let sinks = sinks(page, &templates.libraries);
            if !sinks.is_empty() {
                this.sinks.insert(Arc::clone(name), sinks);
            }
        }
        let tags = || templates.libraries.tags.values();
        this.of_context.extend(tags().filter(|tag| tag.takes_context).map(|tag| tag.function));
        for filter in &templates.libraries.filters {
            let known = Filter { function: filter.function, passed: 0 };
            this.filters.insert(Arc::clone(&filter.name), known);
            this.of_filters.insert(filter.function, filter.needs_autoescape);
        }
        this.of_jinja(&templates.environment);
        this.contexts(hierarchy, routes, views);
        this.alone(templates);
        this
    }

    /// The functions that templates of Jinja call. What these hand over is followed; that it may be anything is not
    /// said of them, as many are made for the texts of the template.
    fn of_jinja(&mut self, environment: &Environment) {
        for (prefix, table) in [(FILTER, &environment.filters), (FUNCTION, &environment.functions)]
        {
            for (name, own) in table {
                let known = Filter { function: own.function, passed: usize::from(own.is_passed) };
                self.filters.insert(format!("{prefix}{name}").into(), known);
            }
        }
    }

    /// Pages whose tags give something that may do harm, whoever shows the pages.
    fn alone(&mut self, templates: &Templates) {
        for (name, page) in templates.whole() {
            let made =
                |sink: &PageSink| sink.accesses.iter().any(|asked| asked.access.of != Of::Page);
            let place = page.calls.first().map(|call| call.span);
            let some = self.sinks.get(name).is_some_and(|sinks| sinks.all.iter().any(made));
            if let Some(place) = place.filter(|_| some) {
                let (templates, context) = (vec![Arc::clone(name)], Vec::new());
                self.shown.push(Shown { templates, class: None, context, place, alone: true });
            }
        }
    }

    /// Which methods give the contexts of which templates.
    fn contexts(&mut self, hierarchy: &Hierarchy<'_>, routes: &Routes, views: &Views) {
        for (route, view) in routes.routes.iter().zip(&views.all) {
            let (Target::Class { class, .. } | Target::ViewSet { class, .. }) = &route.target
            else {
                continue;
            };
            let names: Vec<&Arc<str>> = view.templates.iter().collect();
            self.given_by_methods(hierarchy, class, &names);
            let names: Vec<&Arc<str>> =
                names.into_iter().filter(|name| self.sinks.contains_key(*name)).collect();
            if names.is_empty() {
                continue;
            }
            let place = view.place.unwrap_or(route.place);
            self.shown.push(Shown {
                templates: names.iter().copied().cloned().collect(),
                class: Some(class.clone()),
                context: view.shown.as_ref().map(rows).unwrap_or_default(),
                place,
                alone: false,
            });
        }
    }

    /// The methods of a view that give the contexts of its templates: each calls the next one.
    fn given_by_methods(
        &mut self,
        hierarchy: &Hierarchy<'_>,
        class: &QualifiedName,
        names: &[&Arc<str>],
    ) {
        if names.is_empty() {
            return;
        }
        for owner in hierarchy.order(class).iter() {
            let Some(found) = hierarchy.attribute(owner, "get_context_data") else { continue };
            let AttributeValue::Method(module, _, function) = found.value else { continue };
            let known = self.methods.entry((module, function)).or_default();
            known.extend(names.iter().copied().cloned());
            known.sort_unstable();
            known.dedup();
        }
    }

    /// Takes note of the functions that give every page a context.
    pub(crate) fn with_processors(
        mut self,
        found: impl IntoIterator<Item = (ModuleId, FunctionId)>,
    ) -> Self {
        self.processors.extend(found);
        self
    }

    /// Whether a function gives every page a context.
    pub(crate) fn is_processor(&self, module: ModuleId, function: FunctionId) -> bool {
        self.processors.contains(&(module, function))
    }

    /// Where a template, with what it extends and includes, puts what may do harm.
    pub(crate) fn sinks(&self, name: &str) -> Option<&Sinks> {
        self.sinks.get(name)
    }

    /// Whether a function is a tag that is given the context first.
    pub(crate) fn takes_context(&self, module: ModuleId, function: FunctionId) -> bool {
        self.of_context.contains(&(module, function))
    }

    /// The templates whose context a method gives.
    pub(crate) fn of_method(&self, module: ModuleId, function: FunctionId) -> Option<&[Arc<str>]> {
        self.methods.get(&(module, function)).map(Vec::as_slice)
    }

    /// Whether a function is a filter of the project, and asks then whether Django escapes for it.
    pub(crate) fn of_filter(&self, module: ModuleId, function: FunctionId) -> Option<bool> {
        self.of_filters.get(&(module, function)).copied()
    }

    /// The project's filters with their names, in no order.
    pub(crate) fn filters(&self) -> impl Iterator<Item = (&Arc<str>, (ModuleId, FunctionId))> {
        self.filters.iter().map(|(name, known)| (name, known.function))
    }

    /// The project's filter of that name.
    pub(crate) fn filter(&self, name: &str) -> Option<Filter> {
        self.filters.get(name).copied()
    }
}

/// The rows of a generic view under their names.
fn rows(shown: &ShownRows) -> Vec<(Arc<str>, What)> {
    let what = || {
        let model = shown.model.clone();
        if shown.many { What::Query(model) } else { What::Instance(model) }
    };
    shown.names.iter().map(|name| (Arc::clone(name), what())).collect()
}

impl Sinks {
    /// The functions of the project that are tags in it.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (ModuleId, FunctionId)> {
        self.calls.iter().filter_map(|call| call.tag).map(|tag| tag.function)
    }

    /// Whether nothing that is given to the page can do any harm.
    fn is_empty(&self) -> bool {
        let given = |one: &PageCall| {
            let some = one.arguments.iter().any(|(_, accesses)| !accesses.is_empty());
            one.tag.is_some_and(|tag| some || tag.takes_context || tag.parses)
        };
        self.all.is_empty() && self.filtered.is_empty() && !self.calls.iter().any(given)
    }
}

fn sinks(page: &Page, libraries: &Libraries) -> Sinks {
    let chosen = page.chosen.iter().map(|one| PageSink {
        kind: Kind::TemplateName,
        words: Arc::from("the template that is rendered"),
        place: one.span,
        accesses: Asked::all(&one.accesses),
        sure: true,
        reading: Reading::default(),
    });
    let followed = page.followed.iter().map(|one| PageSink {
        kind: Kind::Link,
        words: Arc::from("an address that a script opens, `javascript:` among others"),
        place: one.span,
        accesses: Asked::all(&one.accesses),
        sure: true,
        reading: Reading::default(),
    });
    let calls = page.calls.iter().map(|call| called(call, libraries));
    let all = page.insertions.iter().filter_map(sink).chain(chosen).chain(followed);
    let all: Vec<PageSink> = all.collect();
    let filtered = page.filtered.iter().map(|(span, access)| (*span, Asked::new(access)));
    let filtered: Vec<(Span, Asked)> = filtered.collect();
    let mut asked = vec![false; page.calls.len()];
    let values = all.iter().flat_map(|sink| &sink.accesses);
    mark(&mut asked, values.chain(filtered.iter().map(|(_, value)| value)));
    Sinks { all, calls: calls.collect(), asked, filtered }
}

fn called(call: &Call, libraries: &Libraries) -> PageCall {
    let tag = libraries.tags.get(&call.tag).map(|own| Tag {
        function: own.function,
        takes_context: own.takes_context,
        takes_content: matches!(own.kind, OwnTagKind::SimpleBlock(_)),
        parses: own.kind.parses(),
    });
    let arguments = call.arguments.iter();
    let arguments = arguments.map(|(name, accesses)| (name.clone(), Asked::all(accesses)));
    let (name, arguments) = (Arc::from(written_name(&call.tag)), arguments.collect());
    PageCall { name, place: call.span, arguments, sets: call.sets, tag }
}

/// Marks the calls of tags that gave these values.
pub(crate) fn mark<'a>(calls: &mut [bool], values: impl Iterator<Item = &'a Asked>) {
    for asked in values {
        if let Of::Call(at) | Of::Made(at) = asked.access.of
            && let Some(slot) = calls.get_mut(at as usize)
        {
            *slot = true;
        }
    }
}

/// As what a value does harm that is put in here; none where escaping suffices and is done.
fn sink(insertion: &Insertion) -> Option<PageSink> {
    let (kind, words, sure) = harm(&insertion.place, insertion.escaped)?;
    let accesses = Asked::all(&insertion.accesses);
    let decoded = is_decoded(&insertion.place);
    let in_string = !decoded && js(&insertion.place).is_some_and(is_string);
    (!accesses.is_empty()).then(|| PageSink {
        kind,
        words: Arc::from(words),
        place: insertion.span,
        accesses,
        sure,
        reading: Reading { in_string, decoded, sure: false },
    })
}

fn harm(place: &Place, escaped: bool) -> Option<(Kind, &'static str, bool)> {
    let unescaped = |words| (!escaped).then_some((Kind::Html, words, true));
    match place {
        Place::Text | Place::RcData(_) | Place::RawText(_) => {
            unescaped("an HTML page, without being escaped")
        }
        Place::Comment => unescaped("a comment of an HTML page, without being escaped"),
        Place::Doctype => None,
        Place::Style(_) => Some((Kind::Attribute, "a style sheet, which no escaping is for", true)),
        Place::TagName { .. } => Some((Kind::Attribute, "the name of a tag", true)),
        Place::AttributeName(name) if name.end => None,
        Place::AttributeName(_) => {
            Some((Kind::Attribute, "a tag, outside of any attribute's quotes", true))
        }
        Place::Script(ScriptKind::Json | ScriptKind::Other, _) => {
            unescaped("a `<script>` element, which `</script>` in it ends")
        }
        Place::Script(_, js) => script(*js, escaped, "a script"),
        Place::Attribute(attribute) if attribute.duplicate || attribute.end => None,
        Place::Attribute(attribute) => match attribute.role {
            Role::Handler(js) => handler(js, "an event handler"),
            Role::JavascriptUrl(js) => handler(js, "a `javascript:` address"),
            Role::Client(Client::Code(js)) => handler(js, "what a script library runs"),
            Role::Client(Client::Hyperscript) => {
                Some((Kind::Script, "what a script library runs", true))
            }
            Role::Srcdoc => Some((Kind::Attribute, "a document in `srcdoc`", true)),
            _ if attribute.before.quote == Quote::Unquoted => {
                Some((Kind::Attribute, "an attribute without quotes", true))
            }
            Role::Style(_) => Some((Kind::Attribute, "a style, which no escaping is for", false)),
            Role::Url if is_address(place) => {
                Some((Kind::Link, "a whole address, `javascript:` among others", true))
            }
            _ => unescaped("an attribute, without being escaped"),
        },
    }
}

/// Whether what stands there is a whole address, and a browser runs what it says.
pub(crate) fn is_address(place: &Place) -> bool {
    let Place::Attribute(attribute) = place else { return false };
    attribute.role == Role::Url && attribute.before.is_empty() && runs(place)
}

/// Whether a browser runs what an address of this attribute says.
fn runs(place: &Place) -> bool {
    let Place::Attribute(attribute) = place else { return false };
    let is = |names: &[&str]| names.iter().any(|name| attribute.element.is(name));
    let name = attribute.name.whole().unwrap_or_default();
    match name {
        "href" | "xlink:href" => is(&["a", "area", "base"]),
        "src" => is(&["iframe", "frame", "embed", "script"]),
        "action" | "formaction" => true,
        "data" => is(&["object"]),
        _ => false,
    }
}

/// In a script, where what escaping makes of quotes is not undone.
fn script(js: JsPlace, escaped: bool, words: &'static str) -> Option<(Kind, &'static str, bool)> {
    match js {
        // An escaped value cannot end the string or the comment; `\` can join a string with the next.
        JsPlace::LineComment
        | JsPlace::BlockComment
        | JsPlace::SingleString
        | JsPlace::DoubleString
            if escaped =>
        {
            None
        }
        _ => Some((Kind::Script, words, true)),
    }
}

/// In an attribute that is run, where the browser undoes what escaping did.
fn handler(js: JsPlace, words: &'static str) -> Option<(Kind, &'static str, bool)> {
    (!matches!(js, JsPlace::LineComment | JsPlace::BlockComment)).then_some((
        Kind::Script,
        words,
        true,
    ))
}

fn js(place: &Place) -> Option<JsPlace> {
    match place {
        Place::Script(_, js) => Some(*js),
        Place::Attribute(attribute) => match attribute.role {
            Role::Handler(js) | Role::JavascriptUrl(js) | Role::Client(Client::Code(js)) => {
                Some(js)
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_string(js: JsPlace) -> bool {
    matches!(js, JsPlace::SingleString | JsPlace::DoubleString)
}

fn is_decoded(place: &Place) -> bool {
    matches!(place, Place::Attribute(attribute) if matches!(attribute.role, Role::JavascriptUrl(_)))
}

/// What one of Django's filters does to untrusted data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is still in what comes out.
    Passes,
    /// What comes out is a number, a date, or made for any place.
    Harmless,
    /// One of several comes out.
    One,
    /// It can do no harm as these any more.
    Cleans(Kinds),
}

/// What a filter does to data that is put in here; none for filters that are not Django's.
/// From `django.template.defaultfilters` and `django.contrib.humanize` of Django 6.1.
pub(crate) fn effect(name: &str, argument: Option<&str>, reading: Reading) -> Option<Effect> {
    Some(match name {
        "length" | "length_is" | "wordcount" | "floatformat" | "filesizeformat" | "date"
        | "time" | "timesince" | "timeuntil" | "divisibleby" | "pluralize" | "yesno"
        | "slugify" | "naturaltime" | "naturalday" => Effect::Harmless,
        // It can do nothing there, and is read by whoever looks.
        "json_script" => Effect::Cleans(Kinds::ALL.without(Kinds::READ)),
        "stringformat" if argument.is_some_and(|a| a.ends_with(['d', 'i', 'f', 'x', 'e', 'g'])) => {
            Effect::Harmless
        }
        "escape" | "force_escape" | "escapeseq" | "linebreaks" | "linebreaksbr" | "urlize"
        | "urlizetrunc" | "unordered_list" | "linenumbers" => {
            Effect::Cleans(Kinds::just(Kind::Html))
        }
        // Only between quotes is what it writes what was meant.
        "escapejs" if reading.in_string => {
            Effect::Cleans(Kinds::just(Kind::Html).or(Kinds::just(Kind::Script)))
        }
        "escapejs" => Effect::Cleans(Kinds::just(Kind::Html)),
        "urlencode" if reading.decoded => Effect::Cleans(Kinds::just(Kind::Html)),
        "urlencode" => Effect::Cleans(Kinds::IN_PAGES),
        // A value of JavaScript, in which no tag begins and no string ends.
        "tojson" => Effect::Cleans(Kinds::just(Kind::Html).or(Kinds::just(Kind::Script))),
        PREFIXED => Effect::Cleans(Kinds::just(Kind::Link)),
        "first" | "last" | "random" => Effect::One,
        "safe" | "safeseq" | "add" | "addslashes" | "capfirst" | "center" | "cut" | "default"
        | "default_if_none" | "dictsort" | "dictsortreversed" | "get_digit" | "iriencode"
        | "join" | "ljust" | "lower" | "make_list" | "phone2numeric" | "pprint" | "rjust"
        | "slice" | "stringformat" | "striptags" | "title" | "truncatechars"
        | "truncatechars_html" | "truncatewords" | "truncatewords_html" | "upper" | "wordwrap"
        | "intcomma" | "intword" | "apnumber" | "ordinal" => Effect::Passes,
        _ => return None,
    })
}

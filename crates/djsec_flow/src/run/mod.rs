//! Running one function in the abstract.

mod addresses;
mod amounts;
mod apply;
mod attribute;
mod beneath;
mod bind;
mod call;
mod captured;
mod checks;
mod cleaned;
mod coded;
mod columns;
mod conditions;
mod construct;
mod containers;
mod debug;
mod declared;
mod decorated;
mod dispatched;
mod engines;
mod ensure;
mod exact;
mod expr;
mod facts;
mod filters;
mod format;
mod formatted;
mod forms;
mod generators;
mod graphql;
mod held;
mod higher;
mod host;
mod imported;
mod known;
mod loops;
mod made_up;
mod matching;
mod models;
mod names;
mod ninja;
mod nodes;
mod offered;
mod operators;
mod page;
mod parsers;
mod predicate;
mod prefix;
mod printed;
mod query;
mod raised;
mod records;
mod renderers;
mod response;
mod results;
mod secrets;
mod sets;
mod signal;
mod sinks;
mod stmt;
mod tags;
mod texts;
mod told;
mod under;
mod uploads;
mod waits;
mod within;

pub(crate) use imported::imported;
pub(crate) use page::shown;

use std::sync::Arc;

use djsec_base::{FileId, Span, TextRange, Utf8Path};
use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::Models;
use djsec_django::settings::Settings;
use djsec_django::templates::Templates;
use djsec_python::code::{Class, Code, ExprId, Function, FunctionId, ParameterKind, Symbol};
use djsec_python::{ModuleId, Program, QualifiedName};
use rustc_hash::FxHashMap;

pub(crate) use self::offered::Offered;
use crate::Catalog;
use crate::args::Args;
use crate::attributes::Attributes;
use crate::captured::Captured;
use crate::dispatch::Dispatch;
use crate::entry::Entries;
use crate::env::Env;
use crate::globals::Globals;
use crate::index::{FunctionKey, Index, owner};
use crate::listed::Listed;
use crate::pages::Pages;
use crate::parsing::Parsing;
use crate::registered::Registered;
use crate::summary::Summary;
use crate::taint::{Condition, Label, Origin, Taint};
use crate::trail::{Step, Trail};
use crate::value::{Value, What};
use crate::variants::Variants;
use crate::watch::{self, Line, Observed};

/// Expressions and statements that are run for one function at most.
const MOST_STEPS: usize = 60_000;
/// Expressions nest at most this deep.
const DEEPEST: usize = 120;

/// The class of requests, whatever they are called.
pub(crate) const REQUEST: &str = "django.http.request.HttpRequest";

/// What all functions are run with.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    pub(crate) program: &'a Program,
    pub(crate) hierarchy: &'a Hierarchy<'a>,
    pub(crate) models: &'a Models,
    pub(crate) catalog: &'a Catalog,
    pub(crate) index: &'a Index,
    pub(crate) entries: &'a Entries,
    pub(crate) globals: &'a Globals,
    pub(crate) captured: &'a Captured,
    pub(crate) dispatch: &'a Dispatch,
    pub(crate) pages: &'a Pages,
    pub(crate) templates: &'a Templates,
    pub(crate) parsing: &'a Parsing,
    pub(crate) registered: &'a Registered,
    pub(crate) settings: Option<&'a Settings>,
    pub(crate) listed: &'a Listed,
    pub(crate) offered: &'a Offered,
    pub(crate) root: &'a Utf8Path,
}

impl<'a> World<'a> {
    /// The bodies of a class and of those that it is derived from, the nearest first, each with its owner.
    pub(crate) fn bodies(
        &self,
        class: &QualifiedName,
    ) -> impl DoubleEndedIterator<Item = (QualifiedName, &'a Code, &'a Class)> + use<'a> {
        let program = self.program;
        let order = self.hierarchy.order(class);
        (0..order.len()).filter_map(move |at| {
            let owner = order.get(at)?;
            let (code, id) = program.class_code(owner)?;
            Some((owner.clone(), code, code.class(id)?))
        })
    }

    /// What a name, or a dotted one, means at the top of the module whose code this is; nothing for other
    /// expressions.
    pub(crate) fn named(
        &self,
        (module, code): (ModuleId, &Code),
        id: ExprId,
    ) -> Option<QualifiedName> {
        Some(self.program.resolve(module, &code.dotted(id)?))
    }

    /// The classes that a list of the settings may have in production: `REST_FRAMEWORK.DEFAULT_RENDERER_CLASSES`.
    pub(crate) fn listed(&self, path: &str) -> Arc<[QualifiedName]> {
        match self.settings {
            Some(settings) => self.listed.classes(settings, self.program, self.root, path),
            None => Arc::default(),
        }
    }
}

/// What is known of the other functions while one is run.
#[derive(Clone, Copy)]
pub(crate) struct Known<'k> {
    /// By number.
    pub(crate) summaries: &'k [Arc<Summary>],
    pub(crate) usable: Usable<'k>,
    pub(crate) attributes: &'k Attributes,
    pub(crate) variants: &'k Variants,
}

/// The functions whose summaries may be used.
#[derive(Clone, Copy)]
pub(crate) enum Usable<'k> {
    All,
    /// In order.
    These(&'k [FunctionKey]),
    /// Those that are marked, by number.
    Marked(&'k [bool]),
}

impl<'k> Known<'k> {
    /// What is known of a function.
    fn summary(&self, key: FunctionKey) -> Option<&'k Arc<Summary>> {
        let at = key.0 as usize;
        let usable = match self.usable {
            Usable::All => true,
            Usable::These(these) => these.binary_search(&key).is_ok(),
            Usable::Marked(marks) => marks.get(at) == Some(&true),
        };
        self.summaries.get(at).filter(|_| usable)
    }
}

/// One function being run.
pub(crate) struct Run<'a, 'k> {
    world: World<'a>,
    known: Known<'k>,
    module: ModuleId,
    file: FileId,
    code: &'a Code,
    function: &'a Function,
    id: FunctionId,
    /// Whether Django calls it with a request.
    is_view: bool,
    /// The class in whose body it stands.
    owner: Option<QualifiedName>,
    /// The class of its object, if that can be of no other.
    exactly: Option<QualifiedName>,
    env: Env,
    out: Summary,
    /// Whether something is given back already.
    returned: bool,
    steps: usize,
    depth: usize,
    /// Functions in it that are being run with its names.
    inner: Vec<FunctionId>,
    /// For each parameter whether data may be in it at all.
    began: Vec<bool>,
    /// Names that are given something else in the function.
    assigned: Vec<Symbol>,
    /// What `global` and `nonlocal` say of names.
    declared: Vec<(Symbol, names::Declared)>,
    /// What functions in it give names that are not their own.
    nonlocals: Vec<(FunctionId, Symbol, Value)>,
    /// What functions in it give back, as far as the names around them are in it.
    closures: FxHashMap<FunctionId, Value>,
    /// What names hold that functions share which calls gave back.
    cells: captured::Cells,
    /// The last call of a function of the project, if that never comes back.
    left_at: Option<Span>,
    /// The call that is being looked at.
    calling: ExprId,
    /// Calls that give back an object that they are given, and what that is: `query.where(text)`.
    given_back: FxHashMap<ExprId, ExprId>,
    /// What writers of tables write into: `csv.writer(out)`, by where that stands.
    written_through: FxHashMap<Arc<str>, ExprId>,
    /// Calls that other calls led to, and that are being looked at.
    invoking: usize,
    /// A text that is put together only to be compared, or looked for.
    compared: Option<ExprId>,
    /// What `:=` bound so far.
    walrus: Vec<(Symbol, Value)>,
    /// The tests whose answers are known where this is run, and their answers.
    under: Vec<(ExprId, bool)>,
    /// Conditions of a function that is called, while what it leaves to this one is looked at.
    beyond: Vec<Condition>,
    /// What tests ask that keep their answer.
    lasting: FxHashMap<ExprId, Option<Arc<str>>>,
    /// What may be raised in the `try` blocks around what is run.
    raised: Vec<Vec<raised::Raised>>,
    /// The loops around what is run.
    loops: Vec<loops::Ends>,
    /// What is looked at that this function has no expression for, in words, and where: something in a template,
    /// or a call that a callee has left to this one.
    told: Option<(Arc<str>, Span)>,
    watch: Option<Watch>,
}

/// Runs a function.
pub(crate) fn run(world: World<'_>, known: Known<'_>, key: FunctionKey) -> Summary {
    start(world, known, key, None).map(Run::whole).unwrap_or_default()
}

/// Runs a function and looks at one line more closely.
pub(crate) fn run_watched(
    world: World<'_>,
    known: Known<'_>,
    key: FunctionKey,
    line: Line,
) -> (Vec<Observed>, Vec<Step>) {
    let Some(mut run) = start(world, known, key, Some(line)) else { return Default::default() };
    run.bind();
    run.block(run.function.body);
    run.watch.map(|watch| (watch.calls, watch.cleaned)).unwrap_or_default()
}

/// What is looked at more closely, and what was seen.
struct Watch {
    line: Line,
    calls: Vec<Observed>,
    cleaned: Vec<Step>,
}

fn start<'a, 'k>(
    world: World<'a>,
    known: Known<'k>,
    key: FunctionKey,
    line: Option<Line>,
) -> Option<Run<'a, 'k>> {
    let variant = known.variants.behind(key);
    let key = variant.map_or(key, |(method, _)| *method);
    let place = world.index.place(key)?;
    let module = world.program.module(place.module)?;
    let code = world.program.code(place.module)?;
    let function = code.function(place.function)?;
    let mut run =
        blank(world, known, (place.module, module.file), (code, function, place.function));
    run.is_view = world.entries.functions.contains_key(&key);
    run.owner = owner(place.module, code, place.function);
    run.exactly = variant.map(|(_, class)| class.clone()).or_else(|| {
        // Nothing is derived from most classes.
        run.owner.clone().filter(|owner| world.index.derived(owner).is_empty())
    });
    run.watch = line.map(|line| Watch { line, calls: Vec::new(), cleaned: Vec::new() });
    Some(run)
}

/// Before anything is known of what is run.
fn blank<'a, 'k>(
    world: World<'a>,
    known: Known<'k>,
    (module, file): (ModuleId, FileId),
    (code, function, id): (&'a Code, &'a Function, FunctionId),
) -> Run<'a, 'k> {
    Run {
        world,
        known,
        module,
        file,
        code,
        function,
        id,
        is_view: false,
        owner: None,
        exactly: None,
        env: Env::default(),
        out: Summary::default(),
        returned: false,
        steps: 0,
        depth: 0,
        inner: Vec::new(),
        began: Vec::new(),
        assigned: Vec::new(),
        declared: Vec::new(),
        nonlocals: Vec::new(),
        closures: FxHashMap::default(),
        cells: Vec::new(),
        left_at: None,
        calling: code.no_expr(),
        given_back: FxHashMap::default(),
        written_through: FxHashMap::default(),
        invoking: 0,
        compared: None,
        walrus: Vec::new(),
        under: Vec::new(),
        beyond: Vec::new(),
        lasting: FxHashMap::default(),
        raised: Vec::new(),
        loops: Vec::new(),
        told: None,
        watch: None,
    }
}

impl Run<'_, '_> {
    fn whole(mut self) -> Summary {
        self.bind();
        if self.block(self.function.body) == stmt::Flow::Falls {
            self.ends();
        }
        if self.function.is_generator {
            let returns = std::mem::take(&mut self.out.returns);
            self.out.returns = generators::generator((self.module, self.id), returns);
        }
        self.out.cut |= self.steps >= MOST_STEPS;
        self.out
    }

    /// Remembers that something made data harmless, for who asks.
    fn note_cleaned(&mut self, place: Span, words: impl FnOnce() -> String) {
        if let Some(watch) = &mut self.watch {
            watch.cleaned.push(Step { place, words: Arc::from(words()) });
        }
    }

    /// Remembers a call on the line that is watched.
    fn note_call(
        &mut self,
        callee: impl FnOnce() -> String,
        models: &[&crate::catalog::Model],
        args: &Args,
        place: Span,
    ) {
        let Some(line) = self.watch.as_ref().map(|watch| watch.line) else { return };
        if line.file != place.file || line.range.intersect(place.range).is_none() {
            return;
        }
        let taint = args.everything();
        let parameter = |at: u16| {
            let parameter = self.function.parameters.get(usize::from(at));
            let name = parameter.map_or("?", |parameter| self.code.text(parameter.name));
            format!("parameter `{name}`")
        };
        let data = taint.labels().iter().map(|label| watch::data(label, parameter)).collect();
        let sinks = models.iter().flat_map(|model| &model.sinks);
        let sinks = sinks.map(|sink| (sink.kind, Arc::clone(&sink.words))).collect();
        let known = models.iter().filter_map(|model| model.words()).map(Arc::from).collect();
        let callee = Arc::from(callee());
        let seen = Observed { place, callee, sinks, known, data };
        if let Some(watch) = &mut self.watch {
            watch.calls.push(seen);
        }
    }

    /// Gives each parameter what its place, name and annotation say.
    fn bind(&mut self) {
        let is_static = is_decorated(self.code, self.function, "staticmethod");
        let is_class = is_decorated(self.code, self.function, "classmethod");
        let by_decorators = self.handed_by_decorators();
        for (at, parameter) in (0_u16..).zip(&self.function.parameters) {
            let name = self.code.text(parameter.name);
            let label = Label::new(Origin::Parameter(at, None), Trail::default());
            let mut value = Value::tainted(Taint::of(label));
            value.what = match (at, self.exactly.as_ref().or(self.owner.as_ref())) {
                (0, Some(class)) if is_class => What::Name(class.clone()),
                (0, Some(class)) if !is_static => self.this(class),
                _ => self.parameter(name, parameter.annotation),
            };
            if at == 0 && !is_static {
                value = self.exact_object(value);
            }
            if self.is_view && self.is_handed_request(at) && value.what == What::Unknown {
                // Whatever a view calls it, it is given the request first.
                value.what = What::Instance(QualifiedName::External(Arc::from(REQUEST)));
            }
            if is_request(&value.what) {
                // What a request brings comes in where it is read.
                value.taint = Taint::default();
            }
            if parameter.kind == ParameterKind::Variadic {
                value.what = What::Unknown;
            }
            if let Some(handed) = self.handed(at, name) {
                value.join(&handed);
            }
            if let Some(handed) = by_decorators.get(usize::from(at)).filter(|h| !h.is_plain()) {
                // Whatever is handed over, it is what the parameter says it is.
                let what = std::mem::take(&mut value.what);
                value.join(handed);
                value.what = what;
            }
            if at == 0 && self.world.pages.takes_context(self.module, self.id) {
                value = self.with_context(value);
            }
            value = self.given_by_parser(at, value);
            value.taint.merge(&self.uncaught(at, name));
            self.began.push(!value.taint.is_empty());
            self.env.set(parameter.name, value);
        }
        self.bind_captured();
    }

    fn parameter(&mut self, name: &str, annotation: Option<ExprId>) -> What {
        match annotation.map(|annotation| self.annotated(annotation)) {
            Some(What::Unknown) | None if name == "request" || name == "req" && self.may_ask() => {
                What::Instance(QualifiedName::External(Arc::from(REQUEST)))
            }
            found => found.unwrap_or_default(),
        }
    }

    /// Whether what is called `req` may be a request: in a function, or in a view. Elsewhere other things are called
    /// so.
    fn may_ask(&self) -> bool {
        self.owner.as_ref().is_none_or(|owner| self.world.entries.is_view(owner))
    }

    /// What an annotation says of a value.
    fn annotated(&mut self, annotation: ExprId) -> What {
        use djsec_python::code::Expr;
        let text = match self.code.expr(annotation) {
            Expr::Str(text) => Some(self.code.text(text).to_owned()),
            // `Order | None`, `Optional[Order]`.
            Expr::Binary(left, _, _) => return self.annotated(left),
            Expr::Subscript(base, inner) => {
                let optional =
                    self.code.dotted(base).is_some_and(|name| name.ends_with("Optional"));
                if optional {
                    return self.annotated(inner);
                }
                // `IO[bytes]`
                let what = self.annotated(base);
                return if sinks::is_open_file(&what) { what } else { What::Unknown };
            }
            _ => self.code.dotted(annotation),
        };
        let Some(text) = text else { return What::Unknown };
        let name = self.world.program.resolve(self.module, &text);
        let name = self.world.hierarchy.canonical(&name);
        match &name {
            QualifiedName::Project(..) if self.world.program.class_code(&name).is_some() => {
                What::Instance(name)
            }
            QualifiedName::External(external) => match &**external {
                "django.http.request.HttpRequest"
                | "rest_framework.request.Request"
                | "django.core.handlers.wsgi.WSGIRequest"
                | "django.core.handlers.asgi.ASGIRequest" => {
                    What::Instance(QualifiedName::External(Arc::from(REQUEST)))
                }
                "builtins.int" | "builtins.bool" | "builtins.float" | "uuid.UUID"
                | "builtins.str" | "builtins.bytes" | "typing.Any" | "builtins.object" => {
                    What::Unknown
                }
                _ => What::Instance(name),
            },
            _ => What::Unknown,
        }
    }

    fn span(&self, range: TextRange) -> Span {
        Span::new(self.file, range)
    }

    fn place(&self, expr: ExprId) -> Span {
        if let Some((_, place)) = self.told.as_ref().filter(|_| expr == self.code.no_expr()) {
            return *place;
        }
        self.span(self.code.expr_range(expr))
    }

    /// Counts a step; whether there are any left.
    fn step(&mut self) -> bool {
        self.steps += 1;
        let goes_on = self.steps < MOST_STEPS && self.depth < DEEPEST;
        self.out.cut |= !goes_on;
        goes_on
    }
}

/// Whether a function has a decorator of this name.
fn is_decorated(code: &Code, function: &Function, name: &str) -> bool {
    code.exprs(function.decorators).iter().any(|id| code.is_dotted(*id, name))
}

/// Whether a value is a request.
fn is_request(what: &What) -> bool {
    what.is_instance_of(REQUEST)
}

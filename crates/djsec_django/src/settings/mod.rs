//! The settings that production loads: every value in every world, with the words to ask about it.
//!
//! [`evaluate`] runs the abstract interpreter of `djsec_python` over the settings module with what
//! [`library`] knows of Django and the packages settings use. [`Settings::get`] answers for set and
//! unset settings alike (Django's default of the project's version fills the gap), questions give a
//! [`Cond`], and [`Settings::verdict`] turns a condition into what it means for production.

mod cond;
pub mod library;
mod query;
mod verdict;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8Path;
use djsec_base::{FileId, Files, Span};
use djsec_deps::Inventory;
use djsec_python::Program;
use djsec_python::eval::{At, Budget, Environment, Fact, Interp, NsId};
use djsec_python::value::{Alt, Data, Item, Map, Seq, Value};
use djsec_python::worlds::{Atom, Guard, Worlds};

pub use cond::Cond;
pub use query::{Part, SettingRef};
pub use verdict::{Kind, Verdict};

use crate::defaults::{self, DefaultValue, DjangoSeries};

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name.
    pub name: Arc<str>,
    /// Its value; worlds in which the project does not set it have Django's default.
    pub value: Value,
    /// Statements that set or changed it, in order.
    pub touched: Vec<Span>,
    /// Plain values that it had in every world and lost to a later statement, with the statements
    /// that had set them.
    pub replaced: Vec<(Span, Data)>,
    /// Those of them that only run in some worlds, with these.
    pub conditional: Vec<(Span, Guard)>,
    /// Whether the project sets it in some world.
    pub explicit: bool,
}

/// A world in which importing the settings fails.
#[derive(Debug, Clone)]
pub struct Failure {
    /// In which worlds.
    pub guard: Guard,
    /// The exception's class.
    pub kind: Arc<str>,
    /// Its message or cause.
    pub message: String,
    /// Where it is raised.
    pub span: Span,
}

/// A call that rules want to see, such as `sentry_sdk.init`.
#[derive(Debug, Clone)]
pub struct NotedCall {
    /// Qualified name.
    pub name: Arc<str>,
    /// Keyword arguments.
    pub keywords: Vec<(Arc<str>, Value)>,
    /// Where.
    pub span: Span,
}

/// The settings of one profile.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks, each set on its own")]
pub struct Settings {
    worlds: Mutex<Worlds>,
    by_name: BTreeMap<Arc<str>, Setting>,
    /// Worlds in which importing the settings succeeds.
    live: Guard,
    /// Live worlds with `DEBUG` off, where there are such: what rules other than those on `DEBUG`
    /// judge, so that one cause gives one finding.
    production: Guard,
    /// Dotted name of the module, with `:Class` for class-based settings.
    pub module: String,
    /// Its file.
    pub file: Option<FileId>,
    /// The Django series whose defaults count.
    pub series: DjangoSeries,
    /// Worlds in which importing fails, in order.
    pub failures: Vec<Failure>,
    /// Whether importing fails in every world: then nothing can be judged.
    pub never_imports: bool,
    /// Whether there were more conditions than djsec can tell apart.
    pub overflowed: bool,
    /// What the evaluation noticed.
    pub facts: Vec<Fact>,
    /// Calls that rules want to see.
    pub calls: Vec<NotedCall>,
    /// Whether more settings may come from a place djsec cannot see.
    pub open: bool,
    /// Whether they are read from a sample (`settings.py.example`), which whoever installs the project fills in.
    pub from_sample: bool,
    /// Files that give values to variables (`.env`, compose files), not code.
    variable_files: Vec<FileId>,
}

/// What to evaluate.
pub struct Request<'a> {
    /// The tree.
    pub files: &'a Files,
    /// Its modules.
    pub program: &'a Program,
    /// Its packages.
    pub inventory: &'a Inventory,
    /// Folder of the Django project.
    pub root: &'a Utf8Path,
    /// Dotted name of the settings module.
    pub module: &'a str,
    /// Class of class-based settings (`DJANGO_CONFIGURATION`).
    pub configuration: Option<&'a str>,
    /// What is known of the environment.
    pub environment: Environment,
    /// The Django series whose defaults count.
    pub series: DjangoSeries,
    /// The most work to do.
    pub budget: Budget,
}

/// Evaluates a settings module; `None` when the module is not in the tree.
pub fn evaluate(request: Request<'_>) -> Option<Settings> {
    let file = request
        .program
        .find(request.module, request.root)
        .and_then(|id| request.program.module(id))
        .map(|module| module.file)?;
    let library = library::Packages::new(request.files, request.inventory, request.series);
    let mut it = Interp::new(
        request.files,
        request.program,
        &library,
        request.root,
        request.environment,
        request.budget,
    );
    let variable_files = request
        .files
        .iter()
        .filter(|(_, f)| f.kind != djsec_base::FileKind::Python && f.text.is_some())
        .map(|(id, _)| id)
        .collect();
    let start = Span::new(file, djsec_base::TextRange::default());
    let at = At { pc: Guard::ALWAYS, span: start };
    let of_module = it.load_module(request.module, at)?;
    let ns = match request.configuration {
        Some(class) => library::class_settings(&mut it, of_module, class, at).unwrap_or(of_module),
        None => library::configured(&it).unwrap_or(of_module),
    };
    let mut facts = std::mem::take(&mut it.facts);
    facts.retain(|fact| match fact {
        Fact::LocalOverride { span, .. } => it.gives(span.file, of_module),
        _ => true,
    });
    it.facts = facts;
    library::refused::check(&mut it, ns, request.series, at);
    let mut settings =
        finish(&mut it, ns, file, request.module, request.configuration, request.series);
    settings.from_sample = crate::evidence::is_sample(request.files.path(file));
    settings.variable_files = variable_files;
    Some(settings)
}

fn finish(
    it: &mut Interp<'_>,
    ns: NsId,
    file: FileId,
    module: &str,
    configuration: Option<&str>,
    series: DjangoSeries,
) -> Settings {
    let failures: Vec<Failure> = it
        .uncaught()
        .iter()
        .map(|r| Failure {
            guard: r.guard,
            kind: Arc::clone(&r.kind),
            message: r.message.clone(),
            span: r.span,
        })
        .collect();
    // Where importing fails is a fact of the worlds; only where it always does, nothing is left.
    let never_imports = it.worlds.never_survives();
    let live = Guard::ALWAYS;
    let open = it.namespace(ns).is_some_and(|space| space.open) || it.exhausted();
    let exported = it.export(ns, live);
    let mut facts = std::mem::take(&mut it.facts);
    let overflowed = it.worlds.overflowed();
    if overflowed {
        let span = Span::new(file, djsec_base::TextRange::default());
        facts.push(Fact::Budget { what: "conditions", span });
    }
    let calls = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Call { name, keywords, span } => {
                let keywords = keywords
                    .iter()
                    .map(|(n, number)| (Arc::clone(n), it.export_noted(*number, live)))
                    .collect();
                Some(NotedCall { name: Arc::from(name.as_str()), keywords, span: *span })
            }
            _ => None,
        })
        .collect();
    let mut worlds = std::mem::take(&mut it.worlds);
    let mut settings = BTreeMap::new();
    for name in exported {
        if is_setting_name(&name.name) {
            let setting = with_default(&mut worlds, name, live, series);
            settings.insert(Arc::clone(&setting.name), setting);
        }
    }
    for (name, value) in defaults::all(series) {
        settings.entry(Arc::from(name)).or_insert_with(|| unset(name, value, open, file));
    }
    legacy_middleware(&mut settings, series);
    let module = match configuration {
        Some(class) => format!("{module}:{class}"),
        None => module.to_owned(),
    };
    let mut out = Settings {
        worlds: Mutex::new(worlds),
        by_name: settings,
        live,
        production: live,
        module,
        file: Some(file),
        series,
        failures,
        never_imports,
        overflowed,
        facts,
        calls,
        open,
        from_sample: false,
        variable_files: Vec::new(),
    };
    out.production = out.without_debug();
    out
}

/// Before Django 2.0, `MIDDLEWARE_CLASSES` counted where `MIDDLEWARE` was not set.
fn legacy_middleware(settings: &mut BTreeMap<Arc<str>, Setting>, series: DjangoSeries) {
    if series >= DjangoSeries::new(2, 0) {
        return;
    }
    let explicit = settings.get("MIDDLEWARE").is_some_and(|setting| setting.explicit);
    let Some(old) = settings.get("MIDDLEWARE_CLASSES").filter(|old| old.explicit && !explicit)
    else {
        return;
    };
    let name: Arc<str> = Arc::from("MIDDLEWARE");
    let (value, touched, replaced) = (old.value.clone(), old.touched.clone(), old.replaced.clone());
    let conditional = old.conditional.clone();
    let name_of = Arc::clone(&name);
    let setting = Setting { name: name_of, value, touched, replaced, conditional, explicit: true };
    settings.insert(name, setting);
}

/// A name that Django takes for a setting.
fn is_setting_name(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

fn with_default(
    worlds: &mut Worlds,
    mut exported: djsec_python::eval::Exported,
    live: Guard,
    series: DjangoSeries,
) -> Setting {
    let default = defaults::default(series, &exported.name).map(default_value);
    let mut covered = Guard::NEVER;
    let mut alts = Vec::new();
    let mut explicit = false;
    for alt in std::mem::take(&mut exported.value.alts) {
        if alt.data == Data::Absent {
            continue;
        }
        explicit = true;
        covered = worlds.or(covered, alt.guard);
        alts.push(alt);
    }
    let missing = worlds.minus(live, covered);
    if !worlds.impossible(missing) {
        let data = default.unwrap_or(Data::Absent);
        alts.push(Alt { guard: missing, data, span: None });
    }
    let djsec_python::eval::Exported { name, touched, replaced, conditional, .. } = exported;
    Setting { name, value: Value { alts }, touched, replaced, conditional, explicit }
}

fn unset(name: &str, value: &DefaultValue, open: bool, file: FileId) -> Setting {
    let default = default_value(value);
    let value = if open {
        let root = djsec_python::worlds::Root::Opaque {
            id: 0,
            reason: Arc::from("settings may come from a module djsec cannot see"),
        };
        let sym = djsec_python::worlds::Sym {
            root,
            ops: vec![],
            ty: djsec_python::worlds::Type::Any,
            span: Some(Span::new(file, djsec_base::TextRange::default())),
        };
        Value::known(Data::Sym(Arc::new(sym)), None)
    } else {
        Value::known(default, None)
    };
    let (touched, replaced, conditional) = (vec![], vec![], vec![]);
    Setting { name: Arc::from(name), value, touched, replaced, conditional, explicit: false }
}

/// A recorded default as a value.
pub fn default_value(value: &DefaultValue) -> Data {
    let seq = |items: &[DefaultValue]| Seq {
        items: items
            .iter()
            .map(|v| Item { guard: Guard::ALWAYS, value: Value::known(default_value(v), None) })
            .collect(),
        open: false,
    };
    match value {
        DefaultValue::None => Data::None,
        DefaultValue::Bool(b) => Data::Bool(*b),
        DefaultValue::Int(i) => Data::Int(*i),
        DefaultValue::Float(f) => Data::Float(*f),
        DefaultValue::Str(s) => Data::Str(Arc::from(s.as_str())),
        DefaultValue::List(items) => Data::List(seq(items)),
        DefaultValue::Tuple(items) => Data::Tuple(seq(items)),
        DefaultValue::Dict(entries) => Data::Dict(Map {
            entries: entries
                .iter()
                .map(|(k, v)| (default_value(k), Value::known(default_value(v), None)))
                .collect(),
            open: false,
        }),
        DefaultValue::Other(text) => Data::Object(Arc::new(djsec_python::value::Object {
            name: Arc::from(text.as_str()),
            kind: djsec_python::value::ObjectKind::External,
            args: vec![],
            keywords: vec![],
        })),
    }
}

impl Settings {
    /// Runs `f` on the decision diagram that gives the guards their meaning.
    pub fn with_worlds<T>(&self, f: impl FnOnce(&mut Worlds) -> T) -> T {
        let mut worlds = self.worlds.lock().unwrap_or_else(PoisonError::into_inner);
        f(&mut worlds)
    }

    /// A setting by name, set or not.
    pub fn get(&self, name: &str) -> SettingRef<'_> {
        let path = Arc::from(name);
        let (value, touched, conditional, explicit) = match self.by_name.get(name) {
            Some(s) => (
                Cow::Borrowed(&s.value),
                s.touched.as_slice(),
                s.conditional.as_slice(),
                s.explicit,
            ),
            None if self.open || self.may_be_set(name) => {
                (Cow::Owned(Self::unseen()), [].as_slice(), [].as_slice(), false)
            }
            None => {
                let absent = Value::known(Data::Absent, None);
                (Cow::Owned(absent), [].as_slice(), [].as_slice(), false)
            }
        };
        SettingRef { settings: self, path, value, touched, conditional, explicit }
    }

    /// Whether names that begin like this may be set by what djsec cannot see.
    fn may_be_set(&self, name: &str) -> bool {
        self.facts.iter().any(|fact| match fact {
            Fact::PrefixFamily { prefix, .. } => name.starts_with(prefix.as_str()),
            _ => false,
        })
    }

    fn unseen() -> Value {
        let root = djsec_python::worlds::Root::Opaque {
            id: 0,
            reason: Arc::from("settings may come from a module djsec cannot see"),
        };
        let ty = djsec_python::worlds::Type::Any;
        let sym = djsec_python::worlds::Sym { root, ops: vec![], ty, span: None };
        Value::known(Data::Sym(Arc::new(sym)), None)
    }

    /// The settings that the project sets, by name.
    pub fn explicit(&self) -> impl Iterator<Item = &Setting> {
        self.by_name.values().filter(|setting| setting.explicit)
    }

    /// The files of code with a statement that sets a setting.
    pub fn files(&self) -> BTreeSet<FileId> {
        let spans = self.explicit().flat_map(|setting| &setting.touched);
        spans.map(|span| span.file).chain(self.file).collect()
    }

    /// Whether a file gives values to variables rather than being code.
    pub fn is_variable_file(&self, file: FileId) -> bool {
        self.variable_files.contains(&file)
    }

    /// A condition that always holds.
    pub fn always(&self) -> Cond<'_> {
        Cond::new(self, Guard::ALWAYS, Guard::ALWAYS)
    }

    /// A condition that never holds.
    pub fn never(&self) -> Cond<'_> {
        Cond::new(self, Guard::NEVER, Guard::NEVER)
    }

    /// A condition that is not known.
    pub fn unknown(&self) -> Cond<'_> {
        Cond::new(self, Guard::NEVER, Guard::ALWAYS)
    }

    /// Worlds in which importing the settings succeeds.
    pub fn live(&self) -> Guard {
        self.live
    }

    /// The live worlds that rules judge: `DEBUG` is off, unless it never is.
    pub fn production(&self) -> Guard {
        self.production
    }

    /// Judges over all live worlds, `DEBUG` on or off: for the rules on `DEBUG` itself.
    pub fn verdict_with_debug(&self, cond: Cond<'_>) -> Verdict {
        self.verdict_in(cond, self.live)
    }

    fn without_debug(&self) -> Guard {
        let debug = self.get("DEBUG");
        let (on, live) = (debug.truthy(), self.live);
        self.with_worlds(|worlds| {
            let mut off = worlds.minus(live, on.yes);
            // What nobody can tell is off as well: what hangs on it is for development.
            for alt in &debug.value().alts {
                if let Data::Sym(sym) = &alt.data
                    && sym.variable().is_none()
                {
                    let holds = worlds.atom(Atom::Truthy(Arc::clone(sym)));
                    let holds = worlds.and(alt.guard, holds);
                    off = worlds.minus(off, holds);
                }
            }
            if worlds.impossible(off) { live } else { off }
        })
    }

    /// Whether an app is installed, by its package or its `AppConfig`.
    pub fn has_app(&self, app: &str) -> Cond<'_> {
        let prefix = format!("{app}.apps.");
        self.get("INSTALLED_APPS").any(|data| match data {
            Data::Str(s) => Some(&**s == app || s.starts_with(&prefix)),
            Data::Sym(_) => None,
            _ => Some(false),
        })
    }

    /// Conditions under which importing the settings fails, in words, with the exception.
    pub fn failure_words(&self) -> Vec<FailureWords> {
        let mut out: Vec<FailureWords> = Vec::new();
        let mut before: Vec<Guard> = Vec::new();
        for failure in &self.failures {
            let when = self.with_worlds(|worlds| {
                let mut reached = Guard::ALWAYS;
                for earlier in before.iter().rev().take(12) {
                    let rest = worlds.not(*earlier);
                    if shares_atoms(worlds, rest, failure.guard) {
                        reached = worlds.and(reached, rest);
                    }
                }
                worlds.describe_end(failure.guard, reached)
            });
            before.push(failure.guard);
            let error = if failure.message.is_empty() {
                failure.kind.to_string()
            } else {
                format!("{}: {}", failure.kind, failure.message)
            };
            let by_default =
                self.with_worlds(|worlds| !worlds.with_nothing_set(failure.guard).is_never());
            out.push(FailureWords { when, error, span: failure.span, by_default });
        }
        // A variable that must be set comes before values that must not be given.
        out.sort_by_key(|failure| !failure.by_default);
        out
    }
}

fn shares_atoms(worlds: &Worlds, a: Guard, b: Guard) -> bool {
    let of_a = worlds.support(a);
    worlds.support(b).iter().any(|atom| of_a.contains(atom))
}

/// A way in which importing the settings fails, for people.
#[derive(Debug, Clone)]
pub struct FailureWords {
    /// In which worlds (less those in which it failed before).
    pub when: String,
    /// The exception.
    pub error: String,
    /// Where it is raised.
    pub span: Span,
    /// Whether it fails when nobody sets anything.
    pub by_default: bool,
}

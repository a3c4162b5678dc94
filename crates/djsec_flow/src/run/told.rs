//! What the program tells of itself: texts of exceptions, traces, its environment; and for whom.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, List, Symbol};

use super::Run;
use super::response::is_response;
use crate::args::Args;
use crate::secret::is_secret_key;
use crate::taint::{Label, Origin, Taint};
use crate::value::{ANY, Fact, Value, What};
use crate::{Grade, Kind, Kinds};

/// The settings.
const SETTINGS: &str = "django.conf.settings";
/// The environment of the process.
const ENVIRONMENT: &str = "os.environ";
/// What REST framework asks for an answer to an exception, and answers itself where it is one of its own.
const ANSWERED: &str = "rest_framework.views.exception_handler";
/// The setting that names what does so instead.
const HANDLER: (&str, &str) = ("REST_FRAMEWORK", "EXCEPTION_HANDLER");
/// What prints a trace, into a file that it is given by name.
const PRINTING: &[&str] = &[
    "traceback.print_exc",
    "traceback.print_exception",
    "traceback.print_stack",
    "traceback.print_tb",
];

/// What makes a text of all names that there are: `str(locals())`.
const DUMPING: &[&str] = &["builtins.repr", "builtins.str", "json.dumps", "pprint.pformat"];

/// Functions and methods that read what was sent: whatever they raise is about that.
const READING: &[&str] = &[
    "Decimal",
    "UUID",
    "b64decode",
    "bool",
    "date",
    "datetime",
    "decode",
    "dict",
    "float",
    "fromisoformat",
    "get",
    "getlist",
    "int",
    "items",
    "keys",
    "len",
    "list",
    "loads",
    "lower",
    "parse_date",
    "parse_datetime",
    "pop",
    "replace",
    "set",
    "split",
    "str",
    "strip",
    "strptime",
    "tuple",
    "upper",
    "values",
];

/// What every exception is.
const ANY_EXCEPTION: [&str; 2] = ["builtins.Exception", "builtins.BaseException"];

/// Ends of the names of exceptions.
const ENDS: &[&str] = &["Error", "Exception", "Denied", "Failed", "Failure", "Http404"];

/// Attributes of users that say that they run the site.
const INSIDERS: &[&str] = &["is_staff", "is_superuser"];

impl Run<'_, '_> {
    /// What an exception says that a handler catches, where it was not written for people who use the site.
    pub(super) fn failure(
        &self,
        (class, name): (Option<ExprId>, Option<Symbol>),
        body: List,
        caught: &mut Value,
    ) {
        let Some(name) = name else { return };
        let leaks = class.is_none_or(|class| self.may_leak(class));
        if !leaks || self.only_reads(body) {
            return;
        }
        let place = class.map_or_else(|| self.span(self.function.name_range), |id| self.place(id));
        caught.taint.merge(&Taint::of_inside(place, Grade::Failure, self.code.text(name)));
        if caught.what == What::Unknown {
            let [any, _] = ANY_EXCEPTION;
            caught.what = Value::instance(any).what;
        }
    }

    /// Whether one of the exceptions that a handler names says what is inside.
    fn may_leak(&self, class: ExprId) -> bool {
        match self.code.expr(class) {
            Expr::Tuple(list) => self.code.exprs(list).iter().any(|one| self.may_leak(*one)),
            _ => self.named(class).is_some_and(|name| self.leaks(&name)),
        }
    }

    fn leaks(&self, name: &QualifiedName) -> bool {
        let catalog = self.world.catalog;
        let listed = |name: &QualifiedName| matches!(name, QualifiedName::External(name) if catalog.leaks(name));
        // A class of the project says what the project wrote.
        matches!(name, QualifiedName::External(_))
            && (listed(name) || listed(&self.world.hierarchy.canonical(name)))
    }

    /// Whether all that a block calls reads what was sent: its exceptions say what is wrong with that.
    fn only_reads(&self, body: List) -> bool {
        let code = self.code;
        let (mut calls, mut reads) = (0_usize, true);
        code.each_expr(body, &mut |_, expr| {
            let Expr::Call(callee, _) = expr else { return };
            let name = match code.expr(callee) {
                Expr::Name(name) | Expr::Attribute(_, name) => code.text(name),
                _ => "",
            };
            let own =
                self.named(callee).is_some_and(|name| matches!(name, QualifiedName::Project(..)));
            calls += 1;
            // `Model.objects.get(…)` asks the database.
            let asks = code.dotted(callee).is_some_and(|name| name.contains(".objects"));
            reads &= READING.contains(&name) && !own && !asks;
        });
        calls > 0 && reads
    }

    /// `isinstance(error, ValidationError)`: what is told then was written to be told. What is no exception at all tells
    /// nothing, either.
    pub(super) fn is_meant(&mut self, call: ExprId) -> Option<Fact> {
        let code = self.code;
        let (callee, [subject, types]) = code.call(call)? else { return None };
        if code.name(callee) != Some("isinstance") {
            return None;
        }
        let classes = match code.expr(types.value) {
            Expr::Tuple(list) => code.exprs(list),
            _ => std::slice::from_ref(&types.value),
        };
        let meant = |class: &ExprId| match self.named(*class) {
            Some(QualifiedName::Project(..)) => true,
            Some(name @ QualifiedName::External(_)) => {
                let last = code.dotted(*class).unwrap_or_default();
                ENDS.iter().any(|end| last.ends_with(end)) && !self.leaks(&name)
            }
            _ => false,
        };
        let any = |class: &ExprId| {
            let name = self.named(*class);
            name.is_some_and(|name| ANY_EXCEPTION.iter().any(|any| name.is_external(any)))
        };
        let leaks = |class: &ExprId| self.named(*class).is_some_and(|name| self.leaks(&name));
        let when = match () {
            () if classes.iter().all(meant) => true,
            () if classes.iter().all(any) => false,
            () if classes.iter().any(leaks) || !self.is_exception_itself(subject.value) => {
                return None;
            }
            () => true,
        };
        let subject = self.written(subject.value)?;
        Some(Fact { safe: Kinds::TOLD, ..Fact::harmless(subject, when) })
    }

    /// Whether an expression stands for an exception that was caught, rather than for its text.
    fn is_exception_itself(&mut self, expr: ExprId) -> bool {
        match self.eval(expr).what {
            What::Instance(class) => self.leaks(&class),
            _ => false,
        }
    }

    /// What a parameter is where a framework calls this for an exception that nobody has caught.
    pub(super) fn uncaught(&self, at: u16, name: &str) -> Taint {
        let handles = match (at, &self.owner) {
            (2, Some(_)) => self.code.text(self.function.name) == "process_exception",
            (0, None) => self.is_named_handler(),
            _ => false,
        };
        if !handles {
            return Taint::default();
        }
        Taint::of_inside(self.span(self.function.name_range), Grade::Failure, name)
    }

    /// Whether the settings name this function as what answers exceptions.
    fn is_named_handler(&self) -> bool {
        if self.function.parameters.len() != 2 {
            return false;
        }
        let Some(settings) = self.world.settings else { return false };
        let handler = settings.get(HANDLER.0).entry(HANDLER.1);
        let names = handler.value().alts.iter().filter_map(|alt| alt.data.as_str());
        let found = names.filter_map(|path| {
            let (module, function) = path.rsplit_once('.')?;
            let module = self.world.program.find(module, self.world.root)?;
            self.function_of(&self.world.program.resolve(module, function))
        });
        found.into_iter().any(|found| found == (self.module, self.id))
    }

    /// What some functions give of what the program knows of itself, or do with it.
    pub(super) fn tells(&mut self, name: &str, args: &Args) -> Option<Value> {
        let id = self.calling;
        let place = self.place(id);
        match name {
            ANSWERED => {
                // Where it has an answer, the exception is one of the framework's own.
                let subject = self.written(args.positional.first()?.expr)?;
                let fact = Fact { safe: Kinds::TOLD, ..Fact::harmless(subject, true) };
                Some(Value::of(What::Check(Arc::new(vec![fact]))))
            }
            // What kind of exception it is tells nothing.
            "sys.exc_info" => {
                let part = |grade| Value::tainted(Taint::of_inside(place, grade, &self.words(id)));
                let all = Value::default().with_field("[0]", Value::default());
                let all = all.with_field("[1]", part(Grade::Failure));
                Some(all.with_field("[2]", part(Grade::Trace)))
            }
            "os.getenv" | "os.environ.get" => {
                let key = args.positional.first()?.value.as_text().cloned()?;
                let taint = self.of_environment(&key, place, id);
                let mut value = Value::tainted(taint);
                if let Some(default) = args.positional.get(1) {
                    value.join(&default.value);
                }
                Some(value)
            }
            "os.environ.copy" | "os.environ.values" => {
                Some(Value::tainted(self.whole_environment(place)))
            }
            "os.environ.items" => {
                let values = Value::tainted(self.whole_environment(place));
                let pair = Value::default().with_field("[0]", Value::default());
                Some(Value::default().with_field(ANY, pair.with_field("[1]", values)))
            }
            "os.environ.keys" => Some(Value::default()),
            "builtins.vars" => {
                let on = &args.positional.first()?.value.what;
                let settings = matches!(on, What::Name(name) if name.is_external(SETTINGS));
                let whole = || self.unless_inside(Taint::of_settings(place, SETTINGS, SETTINGS));
                settings.then(|| Value::tainted(whole()))
            }
            _ if DUMPING.contains(&name) => {
                let (callee, []) = self.code.call(args.positional.first()?.expr)? else {
                    return None;
                };
                let named = self.code.name(callee)?;
                matches!(named, "globals" | "locals" | "vars")
                    .then(|| Value::tainted(Taint::of_inside(place, Grade::Trace, &self.words(id))))
            }
            _ if PRINTING.contains(&name) => {
                let file = args.keyword("file")?.clone();
                let taint = Taint::of_inside(place, Grade::Trace, &self.words(id));
                if is_response(&file.value.what) {
                    let words = Arc::from("what is sent to whoever asked");
                    self.into_place(Kind::Told, &taint, place, (name, &words), (true, false));
                } else {
                    self.store(file.expr, ANY, Value::tainted(taint), false);
                }
                Some(Value::default())
            }
            _ => None,
        }
    }

    /// What an operation of Ninja gives back is sent.
    pub(super) fn gives_answer(&mut self, value: &Value, id: ExprId) {
        if !self.inner.is_empty() || !value.tells() {
            return;
        }
        let key = self.world.index.key(self.module, self.id);
        if key.is_some_and(|key| self.world.entries.is_operation(key)) {
            let (words, place) = (Arc::from("whoever asked"), self.place(id));
            for kind in [Kind::Revealed, Kind::Told] {
                self.into_place(kind, &value.whole(), place, ("return", &words), (true, false));
            }
        }
    }

    fn of_environment(&self, key: &str, place: Span, id: ExprId) -> Taint {
        if is_secret_key(key) {
            Taint::of_settings(place, key, &self.words(id))
        } else {
            Taint::default()
        }
    }

    fn whole_environment(&self, place: Span) -> Taint {
        self.unless_inside(Taint::of_settings(place, ENVIRONMENT, ENVIRONMENT))
    }

    /// What a name of a package is where it holds something that must not be told.
    pub(super) fn told_by_name(&self, value: Value, id: ExprId) -> Value {
        let What::Name(QualifiedName::External(name)) = &value.what else { return value };
        if &**name != ENVIRONMENT || !value.taint.is_empty() {
            return value;
        }
        let taint = self.whole_environment(self.place(id));
        Value { taint, ..value }
    }

    /// Data, but not what others must not read where nobody else is shown this.
    fn unless_inside(&self, taint: Taint) -> Taint {
        if self.is_among_insiders() { taint.unread() } else { taint }
    }

    /// A value as it is kept in what is run here.
    pub(super) fn kept_here(&self, value: Value) -> Value {
        if self.under.is_empty() || !value.tells() || !self.is_among_insiders() {
            return value;
        }
        value.unread()
    }

    /// What one of both ways of `value if test else other` gives, where the test answers this.
    pub(super) fn given_under(&self, test: ExprId, holds: bool, value: Value) -> Value {
        if value.tells() && self.asks_insiders(test, holds) { value.unread() } else { value }
    }

    /// Whether what is run here is for people who run the site: in debug mode, or for its staff.
    pub(super) fn is_among_insiders(&self) -> bool {
        self.under.iter().any(|(test, holds)| self.asks_insiders(*test, *holds))
    }

    fn asks_insiders(&self, test: ExprId, holds: bool) -> bool {
        let code = self.code;
        let each = |list: List| code.exprs(list).iter();
        match code.expr(test) {
            Expr::Not(inner) => self.asks_insiders(inner, !holds),
            Expr::And(list) if holds => each(list).any(|part| self.asks_insiders(*part, true)),
            Expr::And(list) => each(list).all(|part| self.asks_insiders(*part, false)),
            Expr::Or(list) if holds => each(list).all(|part| self.asks_insiders(*part, true)),
            Expr::Or(list) => each(list).any(|part| self.asks_insiders(*part, false)),
            Expr::Attribute(_, name) if holds && INSIDERS.contains(&code.text(name)) => true,
            _ => self.asks_debug(test, holds),
        }
    }
}

/// What stands somewhere in a list, as it is put under one of several names: which place of the list the secret has
/// is not known, and most of what stands beside one is none.
pub(super) fn in_some_place(value: &Value) -> Value {
    let beside = |label: &Label| {
        let secret = matches!(label.origin, Origin::Source(_)) && !label.safe.has(Kind::Revealed);
        let safe = if secret { label.safe.or(Kinds::SECRETS) } else { label.safe };
        (!safe.is_all()).then(|| Label { safe, ..label.clone() })
    };
    value.map(&|taint| taint.map(beside))
}

/// An attribute, or what is given where there is none: `getattr(error, "message", str(error))`. Of that only counts
/// what others must not read, as most attributes are there.
pub(super) fn or_told(mut value: Value, args: &Args) -> Value {
    let default = args.positional.get(2).filter(|given| given.value.tells());
    if let Some(default) = default {
        let whole = default.value.whole();
        value.taint.merge(&whole.sanitized(Kinds::ALL.without(Kinds::READ)));
    }
    value
}

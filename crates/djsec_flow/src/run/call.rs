//! Calls: who is called, with what, and what comes back.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::code::{Expr, ExprId, FunctionId, List};
use djsec_python::{ModuleId, QualifiedName};

use super::coded::{read_from, written_in};
use super::ensure::strict;
use super::response::{is_response, typed};
use super::sinks::is_uploaded;
use super::{Run, is_decorated};
use crate::args::{Args, Given};
use crate::catalog::{CheckModel, Model, last};
use crate::taint::Taint;
use crate::value::{MADE, Value, What};
use crate::{Grade, Kind, Kinds};

/// Functions of the project that run another one later, with its arguments: Celery's tasks.
const LATER: &[&str] = &["delay", "delay_on_commit", "apply_async", "s", "si", "enqueue", "send"];

impl<'a> Run<'a, '_> {
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId, arguments: List) -> Value {
        let code = self.code;
        let place = self.place(id);
        let Expr::Attribute(base, name) = code.expr(callee) else {
            let function = self.eval(callee);
            let args = match &function.what {
                What::Name(QualifiedName::External(name)) if last(name) == "Q" => {
                    self.looked_for(arguments, None)
                }
                _ => self.args(arguments, None),
            };
            self.calling = id;
            return self.invoke(&function, args, place, id);
        };
        let name = code.text(name);
        if self.is_super(base) {
            let args = self.args(arguments, None);
            self.calling = id;
            return self.super_call(name, args, place, id);
        }
        let on = self.eval(base);
        if let What::Name(of) = &on.what {
            let of = of.clone();
            let args = self.args(arguments, None);
            self.calling = id;
            return self.call_in(&of, name, args, place, id);
        }
        let looks =
            matches!(on.what, What::Query(_)) && matches!(name, "filter" | "exclude" | "get");
        let receiver = Given { value: on, expr: base };
        let args = if looks {
            self.looked_for(arguments, Some(receiver))
        } else {
            self.args(arguments, Some(receiver))
        };
        self.calling = id;
        self.method(name, &args, place, id)
    }

    fn is_super(&self, base: ExprId) -> bool {
        self.code.call(base).is_some_and(|(callee, _)| self.code.name(callee) == Some("super"))
    }

    /// What comes out of something that is only compared, or looked for: nobody goes to an address in it.
    pub(super) fn eval_compared(&mut self, id: ExprId) -> Value {
        let before = self.compared.replace(id);
        let value = self.eval(id);
        self.compared = before;
        value
    }

    /// The arguments of a look-up among rows: `filter(origin=f"https://{host}")`.
    fn looked_for(&mut self, arguments: List, receiver: Option<Given>) -> Args {
        self.args_by(arguments, receiver, Self::eval_compared)
    }

    fn args(&mut self, arguments: List, receiver: Option<Given>) -> Args {
        self.args_by(arguments, receiver, Self::eval)
    }

    fn args_by(
        &mut self,
        arguments: List,
        receiver: Option<Given>,
        eval: impl Fn(&mut Self, ExprId) -> Value,
    ) -> Args {
        let code = self.code;
        let mut args = Args { receiver, ..Args::default() };
        for argument in code.arguments(arguments) {
            let value = eval(self, argument.value);
            let given = Given { value, expr: argument.value };
            match argument.keyword {
                Some(name) => args.keywords.push((Arc::from(code.text(name)), given)),
                None if argument.spread => args.options.push(given),
                None if matches!(code.expr(argument.value), Expr::Starred(_)) => {
                    args.spread.push(given);
                }
                None => args.positional.push(given),
            }
        }
        args
    }

    /// `module.function(…)`, `Class.method(…)`.
    pub(super) fn call_in(
        &mut self,
        of: &QualifiedName,
        name: &str,
        args: Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        match of {
            QualifiedName::Module(module) => {
                let found = self.world.program.resolve(*module, name);
                self.call_value(found, args, place, id)
            }
            // What the settings hold is theirs, whoever chooses among it.
            QualifiedName::External(external)
                if name == "get" && external.starts_with("django.conf.settings.") =>
            {
                args.positional.get(1).map(|default| default.value.clone()).unwrap_or_default()
            }
            QualifiedName::External(external) => {
                let dotted = Arc::from(format!("{external}.{name}"));
                self.call_name(&QualifiedName::External(dotted), args, place, id)
            }
            QualifiedName::Project(..) => self.call_of_class(of, name, args, place, id),
            QualifiedName::Unknown => unknown(&args, None, place),
        }
    }

    pub(super) fn call_value(
        &mut self,
        found: QualifiedName,
        args: Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        let value = self.global(found);
        match &value.what {
            What::Name(name) => {
                let name = name.clone();
                self.call_name(&name, args, place, id)
            }
            _ => unknown(&args, Some(&value), place),
        }
    }

    /// A method called on a class or on a function of the project.
    fn call_of_class(
        &mut self,
        of: &QualifiedName,
        name: &str,
        args: Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        if let Some((module, function)) = self.function_of(of) {
            // A task that runs later gets what it is given now.
            if LATER.contains(&name) {
                let mut args = later(name, args);
                let code = self.world.program.code(module);
                let first = code.and_then(|code| {
                    let parameter = code.function(function)?.parameters.first()?;
                    Some(code.text(parameter.name))
                });
                // A bound task gets itself first.
                let bound = first == Some("self");
                if bound {
                    args.receiver = Some(Given { value: Value::default(), expr: id });
                }
                self.apply(&args, (module, function), bound, place, None);
                return Value::default();
            }
            return unknown(&args, None, place);
        }
        let found = self.world.hierarchy.attribute(of, name).map(|found| found.value);
        let Some(AttributeValue::Method(module, code, function)) = found else {
            let on = Value::of(What::Instance(of.clone()));
            let args = Args { receiver: Some(Given { value: on, expr: id }), ..args };
            return self.method(name, &args, place, id);
        };
        let is =
            |name| code.function(function).is_some_and(|found| is_decorated(code, found, name));
        let is_class = is("classmethod");
        let mut args = args;
        if is_class {
            self.note_split(of, name);
            let class = self.exact_unless_own(of, Value::of(What::Name(of.clone())));
            args.receiver = Some(Given { value: class, expr: id });
        }
        self.apply(&args, (module, function), is_class && !is("staticmethod"), place, Some(name))
    }

    /// The function of the project behind a name.
    pub(super) fn function_of(&self, name: &QualifiedName) -> Option<(ModuleId, FunctionId)> {
        let QualifiedName::Project(module, _) = name else { return None };
        if self.world.program.class_code(name).is_some() {
            return None;
        }
        let (_, function) = self.world.program.function_code(name)?;
        Some((*module, function))
    }

    /// Calls something by its name.
    pub(super) fn call_name(
        &mut self,
        name: &QualifiedName,
        args: Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        match name {
            QualifiedName::External(external) => {
                let strict = strict(external, &args);
                let value = self.external(external, name, &args, place, id);
                self.raises_of(external, &args);
                self.after_strict(strict);
                value
            }
            QualifiedName::Project(..) => {
                if let Some(function) = self.function_of(name) {
                    let value = self.apply(&args, function, false, place, None);
                    let of_filter = self.world.pages.of_filter(function.0, function.1);
                    return if of_filter.is_some() { called_by_code(&value, &args) } else { value };
                }
                self.construct(name, args, place, id)
            }
            _ => unknown(&args, None, place),
        }
    }

    /// What the models say of a name of a package, under the name it is called by and the one that its
    /// definition gives it.
    pub(super) fn known_calls<'n>(
        &self,
        name: &'n str,
        canonical: &'n QualifiedName,
    ) -> impl Iterator<Item = &'a Model> + use<'a, 'n> {
        let other = match canonical {
            QualifiedName::External(other) if &**other != name => Some(&**other),
            _ => None,
        };
        let catalog = self.world.catalog;
        [Some(name), other].into_iter().flatten().filter_map(|name| catalog.call(name))
    }

    /// What the models say of a method of a class of packages, or of one that is derived from them:
    /// nearest first.
    pub(super) fn models_of<'n>(
        &self,
        class: &QualifiedName,
        name: &'n str,
    ) -> impl Iterator<Item = &'a Model> + use<'a, 'n> {
        let catalog = self.world.catalog;
        // Most names are of no model: their classes need no look.
        let bases = if catalog.names(name) { self.external_bases(class) } else { Vec::new() };
        bases.into_iter().filter_map(move |base| catalog.call(&format!("{base}.{name}")))
    }

    fn external(
        &mut self,
        external: &Arc<str>,
        name: &QualifiedName,
        args: &Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        if let Some(value) = self.higher(external, args, id) {
            return value;
        }
        let canonical = self.world.hierarchy.canonical(name);
        let models: Vec<&Model> = self.known_calls(external, &canonical).collect();
        if let Some(value) = self.shortcut(external, args) {
            for model in models {
                self.into_sinks(model, args, last(external));
            }
            return value;
        }
        if !models.is_empty() {
            self.linked_in(external, args, place);
            let written = self.renders(external, args, id);
            let value = self.modelled(&models, last(external), args, place, id);
            let value = self.writer_into(external, args, value);
            let value = Self::as_rendered(value, written);
            let mut value = Self::loaded(external, args, value);
            if let Some(path) = self.resolved_path(external, args) {
                value.what = What::Resolved(path);
            }
            if is_class_name(last(external)) {
                if value.what == What::Unknown {
                    value.what = What::Instance(canonical);
                }
                return made_with(value, args);
            }
            return value;
        }
        if is_class_name(last(external)) {
            let mut value = made_with(Value::of(What::Instance(canonical)), args);
            let taint = args.whole();
            // Exceptions keep what they are given.
            let taint = if is_exception(last(external)) { taint } else { taint.weakened() };
            value.taint = taint.stepped(place, || passed(last(external)));
            return value;
        }
        self.unknown_named(last(external), args, place)
    }

    /// Calls something that is known from the models.
    pub(super) fn modelled(
        &mut self,
        models: &[&Model],
        name: &str,
        args: &Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        let (mut safe, mut undoes) = (Kinds::NONE, Kinds::NONE);
        self.note_call(|| name.to_owned(), models, args, place);
        let (mut passes, mut itself, mut gives, mut source) = (false, false, None, None);
        let mut secret = false;
        for model in models {
            self.into_sinks(model, args, name);
            safe = safe.or(self.made_safe(model, args));
            undoes = undoes.or(model.undoes);
            passes |= model.passes;
            itself |= model.itself;
            gives = gives.or_else(|| model.gives.clone());
            source = source.or(model.source);
            secret |= model.secret;
        }
        self.row_written(name, args);
        if name == "sub"
            && args.receiver.is_some()
            && let Some(replaced) = self.replaced_by_function(args, 1)
        {
            return replaced;
        }
        if name == "sub" {
            safe = safe.or(self.cleaned_by(name, args));
        }
        if itself && let Some(receiver) = &args.receiver {
            return receiver.value.clone();
        }
        if let Some(known) = Self::read_back(models, name, args, place) {
            return known;
        }
        let mut value = gives.map(|class| Value::instance(&class)).unwrap_or_default();
        if is_response(&value.what) {
            value = typed(value, name, args);
        }
        if let Some(grade) = source {
            value.taint = Taint::coming(place, grade, secret, &self.words(id)).sanitized(safe);
            return value;
        }
        let is_file = |given: &Given| is_uploaded(&given.value.what);
        if !passes && safe == Kinds::NONE && is_asked(models) && !args.each().any(is_file) {
            return value;
        }
        let mut taint = read_from(models, args);
        if !passes && safe == Kinds::NONE && value.what == What::Unknown {
            taint = taint.weakened();
        }
        if safe != Kinds::NONE && !taint.is_empty() {
            self.note_cleaned(place, || {
                format!("`{name}()` gives what can do no harm{}", as_kinds(safe))
            });
        }
        value.taint = taint.undone(undoes).sanitized(safe).stepped(place, || match safe {
            Kinds::NONE => passed(name),
            _ => format!("changed by `{name}()`").into(),
        });
        written_in(models, args, value)
    }

    pub(super) fn unknown_named(&mut self, name: &str, args: &Args, place: Span) -> Value {
        self.note_call(|| format!("{name} (which djsec does not know)"), &[], args, place);
        // What renders something escapes what it is given: a template, a component, a table. What it is made
        // of may be anything.
        let taint = if name == "render" {
            let mut taint = args.whole().sanitized(Kinds::just(Kind::Html));
            if let Some(receiver) = &args.receiver {
                taint.merge(&receiver.value.whole());
            }
            taint.weakened()
        } else {
            args.everything().weakened()
        };
        Value::tainted(taint.stepped(place, || {
            format!("goes through `{name}()`, which djsec does not know").into()
        }))
    }

    /// The checks that a callee is known for, with what it is called on.
    pub(super) fn checks_of(&mut self, callee: ExprId) -> Vec<(&'a [CheckModel], Option<ExprId>)> {
        let code = self.code;
        let named = self.named(callee);
        if let Some(name @ QualifiedName::External(external)) = &named {
            let canonical = self.world.hierarchy.canonical(name);
            let found: Vec<_> =
                self.known_calls(external, &canonical).map(|m| (&*m.checks, None)).collect();
            if !found.is_empty() {
                return found;
            }
        }
        let Expr::Attribute(base, name) = code.expr(callee) else { return Vec::new() };
        let name = code.text(name);
        let on = self.eval(base);
        let What::Instance(class) = &on.what else { return Vec::new() };
        self.models_of(class, name).map(|model| (&*model.checks, Some(base))).collect()
    }
}

/// A call that nobody knows.
pub(super) fn unknown(args: &Args, function: Option<&Value>, place: Span) -> Value {
    let mut taint = args.everything();
    if let Some(function) = function {
        taint.merge(&function.taint);
    }
    Value::tainted(
        taint.weakened().stepped(place, || "goes through a call that djsec does not know".into()),
    )
}

/// An instance with what it was made with, as that may matter to what it does:
/// `XMLParser(resolve_entities=False)`.
fn made_with(mut value: Value, args: &Args) -> Value {
    let named = args.options.iter().flat_map(|options| options.value.items());
    let keywords = args.keywords.iter().map(|(name, given)| (&**name, &given.value));
    for (name, given) in keywords.chain(named) {
        if matches!(given.what, What::Bool(_) | What::Text(_)) {
            value = value.with_field(name, given.clone());
        }
    }
    // What stands in `**options` may be anything; without them, the rest has its default.
    if args.is_complete() { value.with_field(MADE, Value::default()) } else { value }
}

/// What a call of a task's `delay` or `apply_async` hands to the task.
fn later(name: &str, args: Args) -> Args {
    if name != "apply_async" {
        return args;
    }
    Args::unpacked(
        args.keyword("args").or_else(|| args.positional.first()),
        args.keyword("kwargs").or_else(|| args.positional.get(1)),
    )
}

pub(super) fn passed(name: &str) -> Arc<str> {
    format!("passes through `{name}()`").into()
}

/// As which kinds, for people.
pub(super) fn as_kinds(safe: Kinds) -> String {
    if safe.is_all() {
        return String::new();
    }
    let kinds: Vec<&str> = Kind::all().filter(|kind| safe.has(*kind)).map(Kind::name).collect();
    format!(" as {}", kinds.join(", "))
}

/// Whether functions are only asked for something: what is in a file or a table, what a server answers.
/// That is not what they are asked with.
fn is_asked(models: &[&Model]) -> bool {
    let asking = Kinds::of([
        Kind::Sql,
        Kind::Lookup,
        Kind::Alias,
        Kind::Order,
        Kind::Nosql,
        Kind::Path,
        Kind::Ssrf,
        Kind::Ldap,
        Kind::Xpath,
    ]);
    let mut sinks = models.iter().flat_map(|model| &model.sinks).peekable();
    sinks.peek().is_some() && sinks.all(|sink| asking.has(sink.kind))
}

fn is_exception(name: &str) -> bool {
    name.ends_with("Error") || name.ends_with("Exception")
}

pub(super) fn is_class_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// What a filter gives to code that calls it: made of what that hands it, not of what a template does.
fn called_by_code(value: &Value, args: &Args) -> Value {
    let given = args.positional.first().map(|given| given.value.whole()).unwrap_or_default();
    value.map(&|taint| {
        let mut all = Taint::default();
        for label in taint.labels() {
            if label.origin.grade() == Some(Grade::Shown) {
                all.merge(&given.sanitized(label.safe));
            } else {
                all.add(label.clone());
            }
        }
        all
    })
}

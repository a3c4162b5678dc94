//! Calling functions of the project: what their summaries say, in terms of what they are given.

use std::borrow::Cow;
use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::Attribute;
use djsec_python::code::{Expr, ExprId, FunctionId};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use super::call::unknown;
use super::captured::{of_site, with_shared};
use super::results::given_result;
use super::sinks::{is_as_given, is_open_file};
use super::waits::{filled, parameter};
use crate::args::{Args, Bound};
use crate::summary::{Hit, Summary};
use crate::taint::{Label, Origin, SEPARATOR, Taint};
use crate::value::{ANY, ANY_ATTRIBUTE, Value, What};
use crate::{Kind, Kinds};

/// So many calls that follow each other on one object are followed back to it.
const MOST_CALLS: usize = 32;

/// A method that several classes override is followed into this many of them.
const MOST_OVERRIDES: usize = 6;

impl Run<'_, '_> {
    /// Calls a function or method of the project.
    pub(super) fn apply(
        &mut self,
        args: &Args,
        (module, function): (ModuleId, FunctionId),
        receiver: bool,
        place: Span,
        name: Option<&str>,
    ) -> Value {
        let chosen = self.dispatched(args, (module, function), receiver, (place, name));
        chosen.unwrap_or_else(|| {
            self.apply_one(args, (module, function), (receiver, &[]), place, name)
        })
    }

    /// The same, with what the names are that it shares with others in the function around it.
    pub(super) fn apply_one(
        &mut self,
        args: &Args,
        (module, function): (ModuleId, FunctionId),
        (receiver, shared): (bool, &[Bound]),
        place: Span,
        name: Option<&str>,
    ) -> Value {
        let Some(code) = self.world.program.code(module) else {
            return unknown(args, None, place);
        };
        let name = match (name, code.function(function)) {
            (Some(name), _) => name,
            (None, Some(found)) => code.text(found.name),
            (None, None) => "",
        };
        let Some(key) = self.world.index.key(module, function) else {
            return self.unknown_named(name, args, place);
        };
        self.note_call(|| format!("`{name}` of the project"), &[], args, place);
        self.out.calls(key);
        let key = self.for_class(key, args.receiver.as_ref().filter(|_| receiver));
        let Some(summary) = self.known.summary(key) else { return Value::default() };
        let bound = with_shared(args.bound(code, function, receiver), shared);
        let runs_later = code.function(function).is_some_and(|found| found.is_generator);
        let mut value = self.applied(summary, &bound, place, name);
        if summary.closures {
            value = of_site(value, place);
        }
        self.left_at = (summary.never_ends() && !runs_later).then_some(place);
        value
    }

    /// What a summary says, in terms of what its parameters are given.
    pub(super) fn applied(
        &mut self,
        summary: &Summary,
        bound: &[Bound],
        place: Span,
        name: &str,
    ) -> Value {
        let with_results = self.with_results(summary, bound, place, name);
        let bound = with_results.as_deref().unwrap_or(bound);
        self.hits_of(summary, bound, place, name);
        self.writes_of(summary, bound, place, name);
        self.after_own(summary, bound);
        self.waits_of(summary, bound, place, name);
        self.raised_by(summary, bound, place, name);
        self.left_by(summary, bound, (place, name));
        if summary.returns.is_clean() {
            return summary.returns.clone();
        }
        let returned: Arc<str> = format!("given back by `{name}()`").into();
        let value = summary.returns.map(&|taint| substituted(taint, bound, place, &returned));
        let value = given_result(summary, bound, value);
        match same_object(summary, bound, place, &returned) {
            Some(same) if summary.returns.taint.labels().len() == 1 => {
                self.gives_back(summary, bound);
                same
            }
            Some(same) => {
                let mut value = value;
                value.join(&same);
                value
            }
            None => value,
        }
    }

    /// Puts something under a name of the object whose method this is.
    pub(super) fn keep_on_self(&mut self, name: &str, value: Value) {
        let Some(parameter) = self.function.parameters.first() else { return };
        let Some(Some(holder)) = self.env.get(parameter.name) else { return };
        let holder = holder.clone();
        if name.contains(SEPARATOR) {
            let path: Vec<&str> = name.split(SEPARATOR).collect();
            self.note_more(&holder.taint, &holder.what, &path, &value);
        } else {
            self.note_write(&holder, name, &value, false);
        }
        self.env.set(parameter.name, holder.with_written(name, value));
    }

    /// What a method writes into the object that it is called on.
    pub(super) fn written_to(
        &mut self,
        args: &Args,
        function: (ModuleId, FunctionId),
        place: Span,
    ) -> Vec<(Arc<str>, Value)> {
        self.written_into(args, function, place, 0)
    }

    /// What a method writes into one of its parameters.
    pub(super) fn written_into(
        &mut self,
        args: &Args,
        (module, function): (ModuleId, FunctionId),
        place: Span,
        parameter: u16,
    ) -> Vec<(Arc<str>, Value)> {
        let key = self.world.index.key(module, function);
        let key = key.map(|key| self.for_class(key, args.receiver.as_ref()));
        let summary = key.and_then(|key| self.known.summary(key).map(Arc::clone));
        let found = summary.zip(self.world.program.code(module));
        let Some((summary, code)) = found else { return Vec::new() };
        let bound = args.bound(code, function, true);
        let words: Arc<str> = Arc::from("kept by `__init__()`");
        let own = summary.writes.iter().filter(|(at, ..)| *at == parameter);
        let mut all: Vec<(Arc<str>, Value)> = Vec::new();
        for (_, name, value) in own {
            match unpacked(name, value, &bound) {
                Some(named) => all.extend(named),
                None => all.push((Arc::clone(name), filled(value, &bound, place, &words))),
            }
        }
        all
    }

    pub(super) fn summary(&self, module: ModuleId, function: FunctionId) -> Option<Arc<Summary>> {
        let key = self.world.index.key(module, function)?;
        self.known.summary(key).map(Arc::clone)
    }

    /// What ends in sinks there.
    fn hits_of(&mut self, summary: &Summary, bound: &[Bound], place: Span, name: &str) {
        if summary.hits.is_empty() {
            return;
        }
        let open: Vec<bool> = bound.iter().map(|given| !given.value.is_clean()).collect();
        if !open.contains(&true) {
            return;
        }
        let is_read = |hit: &Hit| hit.kind.is_about_readers();
        let closed =
            summary.hits.iter().any(is_read) && (self.only_in_debug() || self.is_among_insiders());
        let here = self.here();
        let words: Arc<str> = format!("passed to `{name}()`").into();
        for hit in summary.hits.iter() {
            let Origin::Parameter(at, path) = &hit.label.origin else { continue };
            if closed && self.is_for_insiders(hit.kind) {
                continue;
            }
            if open.get(usize::from(*at)) != Some(&true) {
                continue;
            }
            let given =
                bound.get(usize::from(*at)).map(|bound| &bound.value).filter(|_| hit.itself);
            let argument = given.map(|given| match path {
                Some(path) => Cow::Owned(given.at(path)),
                None => Cow::Borrowed(given),
            });
            // A file that is open already chooses no file, however far it is handed on.
            if argument.as_ref().is_some_and(|value| is_open_file(&value.what)) {
                continue;
            }
            let itself = argument.as_deref().is_some_and(is_as_given);
            let mut taint = Taint::default();
            add_given(&mut taint, &hit.label, &part(bound, *at, path.as_ref()), place, &words);
            if taint.is_empty() {
                continue;
            }
            let mut conditions = self.there(&hit.under, bound);
            conditions.extend_from_slice(&here);
            let under = self.outside(&conditions);
            let harmful =
                |label: &&Label| label.may(hit.kind) && !label.is_excused(hit.kind, &conditions);
            for label in taint.labels().iter().filter(harmful) {
                let (label, under) = (label.clone(), under.clone());
                self.out.hit(Hit { itself, under, label, ..hit.clone() });
            }
        }
    }

    /// Remembers what the call gives back, so that what is written into that is written into what it was given.
    fn gives_back(&mut self, summary: &Summary, bound: &[Bound]) {
        let [label] = summary.returns.taint.labels() else { return };
        let Origin::Parameter(at, None) = label.origin else { return };
        if let Some(given) = bound.get(usize::from(at)).and_then(|given| given.expr) {
            self.given_back.insert(self.calling, given);
        }
    }

    /// The object that an expression stands for, through calls that give back what they are given.
    fn object_of(&self, mut expr: ExprId) -> ExprId {
        for _ in 0..MOST_CALLS {
            match self.given_back.get(&expr) {
                Some(given) => expr = *given,
                None => break,
            }
        }
        expr
    }

    /// What is written into arguments there.
    fn writes_of(&mut self, summary: &Summary, bound: &[Bound], place: Span, name: &str) {
        if summary.writes.is_empty() {
            return;
        }
        let words: Arc<str> = format!("put there by `{name}()`").into();
        for (at, field, value) in &summary.writes {
            let Some(argument) = bound.get(usize::from(*at)) else { continue };
            let Some(expr) = argument.expr.map(|expr| self.object_of(expr)) else { continue };
            let value = filled(value, bound, place, &words);
            if value.is_plain() {
                continue;
            }
            if matches!(self.code.expr(expr), Expr::Name(_) | Expr::Attribute(..)) {
                match field.split_once(SEPARATOR) {
                    Some((first, rest)) => {
                        let more = Value::default().with_more(rest, &value);
                        self.store(expr, first, more, false);
                    }
                    None => self.store(expr, field, value, &**field != ANY),
                }
            }
        }
    }

    /// Remembers that something is written into a parameter, or into an attribute of the class.
    /// `shared`: it is the same thing for all functions.
    pub(super) fn note_write(&mut self, holder: &Value, name: &str, value: &Value, shared: bool) {
        let own = holder.taint.labels().iter().filter_map(|label| match &label.origin {
            Origin::Parameter(at, None) => Some(*at),
            _ => None,
        });
        // That something harmless is written matters where it hides what was there: in the function itself.
        if value.is_plain() {
            return;
        }
        let targets: Vec<u16> = own.collect();
        if !targets.is_empty() {
            let (name, value): (Arc<str>, Value) = (Arc::from(name), value.clone().outside());
            for at in targets {
                self.out.write(at, &name, &value);
            }
        }
        let (class, counts) = match &holder.what {
            What::Instance(class) => {
                let own = self.is_own(class);
                (class, shared || own || super::is_request(&holder.what))
            }
            What::Name(class @ QualifiedName::Project(..)) => (class, true),
            _ => return,
        };
        if counts && !name.starts_with('[') {
            let of_all = shared || matches!(holder.what, What::Name(_));
            if of_all {
                self.leave_for_all(&class.clone(), name, value);
            } else {
                self.leave(class, name, value);
            }
        }
    }

    /// The method of the project that a class has under a name, by itself or from its bases.
    pub(super) fn own_method(
        &self,
        class: &QualifiedName,
        name: &str,
    ) -> Option<(ModuleId, FunctionId)> {
        self.world.hierarchy.method(class, name)
    }

    /// The methods that `self.name()` may run: the one that counts for the class, and those of classes
    /// derived from it.
    pub(super) fn overrides(
        &self,
        class: &QualifiedName,
        name: &str,
    ) -> Vec<(ModuleId, FunctionId)> {
        self.methods_among(class, |class| self.world.hierarchy.attribute(class, name))
    }

    /// The methods that one call may run, by what `find` finds for the class that is known and for each that is
    /// derived from it: which of them an object is of is not known.
    pub(super) fn methods_among<'h>(
        &self,
        class: &QualifiedName,
        find: impl Fn(&QualifiedName) -> Option<Attribute<'h>>,
    ) -> Vec<(ModuleId, FunctionId)> {
        let mut all = Vec::new();
        let classes = std::iter::once(class).chain(self.world.index.derived(class));
        for class in classes.take(MOST_OVERRIDES * 4) {
            if let Some(method) = find(class).and_then(|found| found.method())
                && !all.contains(&method)
                && all.len() < MOST_OVERRIDES
            {
                all.push(method);
            }
        }
        all
    }
}

/// The object that a function was given, if that is what it gives back, with what it wrote into it.
fn same_object(summary: &Summary, bound: &[Bound], place: Span, words: &Arc<str>) -> Option<Value> {
    let returns = &summary.returns;
    let at = returns.taint.labels().iter().find_map(|label| match &label.origin {
        Origin::Parameter(at, None) if label.safe == Kinds::NONE => Some(*at),
        _ => None,
    })?;
    let mut value = bound.get(usize::from(at))?.value.clone();
    match (&returns.what, &value.what) {
        (What::Instance(_), What::Instance(_)) => {}
        // Nothing else is given back, and what stands in it is known apart.
        (What::Unknown, _) if value.fields.is_some() => {
            let [one] = returns.taint.labels() else { return None };
            if one.doubt > 0 || one.undone != Kinds::NONE {
                return None;
            }
        }
        _ => return None,
    }
    let own = returns.fields.iter().flat_map(|fields| fields.iter());
    for (name, given) in own.filter(|_| returns.what == What::Unknown) {
        let given = given.map(&|taint| substituted(taint, bound, place, words));
        value = value.with_field(name, given);
    }
    for (_, name, written) in summary.writes.iter().filter(|(to, ..)| *to == at) {
        let written = written.map(&|taint| substituted(taint, bound, place, words));
        value = value.with_written(name, written);
    }
    Some(value)
}

/// What data of a callee's parameters is here.
pub(super) fn substituted(taint: &Taint, bound: &[Bound], place: Span, words: &Arc<str>) -> Taint {
    let mut all = Taint::default();
    for label in taint.labels() {
        substitute(&mut all, label, bound, place, words);
    }
    all
}

/// Adds what one piece of a callee's data is here.
fn substitute(all: &mut Taint, label: &Label, bound: &[Bound], place: Span, words: &Arc<str>) {
    let Origin::Parameter(at, path) = &label.origin else {
        if all.takes(&label.origin) {
            let trail = label.trail.and_shared(place, || Arc::clone(words));
            all.add(Label { trail, ..label.clone() });
        }
        return;
    };
    add_given(all, label, &part(bound, *at, path.as_ref()), place, words);
}

/// What a parameter, or a part of it, is given.
fn part(bound: &[Bound], at: u16, path: Option<&Arc<str>>) -> Taint {
    let Some(argument) = bound.get(usize::from(at)) else { return Taint::default() };
    path.map_or_else(|| argument.data(), |path| argument.data_at(path))
}

/// Adds what was given, after what a callee does to it.
fn add_given(all: &mut Taint, label: &Label, given: &Taint, place: Span, words: &Arc<str>) {
    for given in given.labels() {
        // What is harmless in a page is so between tags.
        let escaped = given.safe.has(Kind::Html);
        let kept = if escaped { Kinds::just(Kind::Markup) } else { Kinds::NONE };
        let undone = label.undone.without(kept);
        let safe = given.safe.without(undone).or(label.safe);
        if safe.is_all() || !all.takes(&given.origin) {
            continue;
        }
        all.add(Label {
            origin: given.origin.clone(),
            safe,
            undone: given.undone.or(undone),
            doubt: given.doubt_and(label.doubt),
            proviso: given.proviso.clone(),
            trail: given.trail.and_shared(place, || Arc::clone(words)).then(&label.trail),
        });
    }
}

/// The attributes that an object is given by a mapping of which the keys are known: `setattr(self, name, value)`
/// for each of them.
fn unpacked(name: &str, value: &Value, bound: &[Bound]) -> Option<Vec<(Arc<str>, Value)>> {
    let Origin::Parameter(at, Some(path)) = &parameter(value)?.origin else { return None };
    let given = &bound.get(usize::from(*at))?.value;
    if name != ANY_ATTRIBUTE || &**path != ANY || given.known_field(ANY).is_some() {
        return None;
    }
    let named: Vec<(Arc<str>, Value)> =
        given.items().map(|(key, value)| (Arc::from(key), value.clone())).collect();
    (!named.is_empty() && given.taint.is_empty()).then_some(named)
}

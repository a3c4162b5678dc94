//! Functions that share names of the function around them, and change them: each name is one more parameter of
//! theirs, and who calls them says what it is. In the function around them that is its own name; for who was
//! given them by a call of that function, they share a cell of that call.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::ModuleId;
use djsec_python::code::{FunctionId, Symbol};

use super::Run;
use super::apply::substituted;
use crate::args::{Args, Bound};
use crate::captured::is_within;
use crate::summary::Summary;
use crate::taint::{Label, Origin, Taint};
use crate::trail::Trail;
use crate::value::{Value, What};

/// Under which name a function that was given back says which call made it.
const SITE: &str = "(site)";
/// Under which name a parameter is written to as a whole: `nonlocal kept`.
const WHOLE: &str = "";

/// What the names hold that functions share which one call gave back: by the call and the name.
pub(super) type Cells = Vec<((Arc<str>, Symbol), Value)>;

/// The number of the parameter that a shared name is. What a generator is sent stands before it.
pub(super) fn number(parameters: usize, at: usize) -> Option<u16> {
    u16::try_from(parameters + 1 + at).ok()
}

/// Under which name a function that is given back carries what a shared name held then.
fn carried(at: usize) -> String {
    format!("({at})")
}

impl Run<'_, '_> {
    /// Gives the shared names of this function what its callers say.
    pub(super) fn bind_captured(&mut self) {
        let names = self.world.captured.of(self.module, self.id);
        for (at, name) in names.iter().enumerate() {
            let Some(at) = number(self.function.parameters.len(), at) else { return };
            let label = Label::new(Origin::Parameter(at, None), Trail::default());
            self.env.set(*name, Value::tainted(Taint::of(label)));
        }
    }

    /// A name of a function around this one is given something else.
    pub(super) fn rebinds_captured(&mut self, name: Symbol, value: &Value) {
        let names = self.world.captured.of(self.module, self.id);
        let at = names.iter().position(|known| *known == name);
        if let Some(at) = at.and_then(|at| number(self.function.parameters.len(), at)) {
            self.out.write(at, &Arc::from(WHOLE), &value.clone().outside());
        }
    }

    /// Calls a function that stands in another.
    pub(super) fn apply_inner(
        &mut self,
        callee: &Value,
        args: &Args,
        (module, function): (ModuleId, FunctionId),
        place: Span,
    ) -> Value {
        let names = self.world.captured.of(module, function);
        let Some(code) = self.world.program.code(module).filter(|_| !names.is_empty()) else {
            return self.apply(args, (module, function), false, place, None);
        };
        let held = names
            .iter()
            .enumerate()
            .map(|(at, name)| Bound::nothing_but(self.held(callee, (module, function), at, *name)));
        let held: Vec<Bound> = held.collect();
        let parameters = code.function(function).map_or(0, |found| found.parameters.len());
        let value = self.apply_one(args, (module, function), (false, &held), place, None);
        if let Some(summary) = self.summary(module, function) {
            let bound = with_shared(args.bound(code, function, false), &held);
            for (at, name) in names.iter().enumerate() {
                let Some(number) = number(parameters, at) else { continue };
                let written = written(&summary, number, &bound, place);
                self.put_into(callee, (module, function), (at, *name), written);
            }
        }
        value
    }

    /// What a shared name holds for a function that is called.
    fn held(
        &self,
        callee: &Value,
        function: (ModuleId, FunctionId),
        at: usize,
        name: Symbol,
    ) -> Value {
        if self.is_around(function) {
            return self.env.get(name).flatten().cloned().unwrap_or_default();
        }
        let mut held = callee.known_field(&carried(at)).cloned().unwrap_or_default();
        if let Some(site) = callee.known_field(SITE).and_then(Value::as_text) {
            let cell = self.cells.iter().find(|((of, known), _)| known == &name && of == site);
            if let Some((_, cell)) = cell {
                held.join(cell);
            }
        }
        held
    }

    fn put_into(
        &mut self,
        callee: &Value,
        function: (ModuleId, FunctionId),
        (at, name): (usize, Symbol),
        written: Vec<(Arc<str>, Value)>,
    ) {
        if written.is_empty() {
            return;
        }
        let mut held = self.held(callee, function, at, name);
        for (field, value) in written {
            if &*field == WHOLE {
                held.join(&value);
            } else {
                let mut new = value;
                new.join(&held.field(&field));
                held = held.with_field(&field, new);
            }
        }
        if self.is_around(function) {
            self.env.change_in_place(name, held);
            return;
        }
        let Some(site) = callee.known_field(SITE).and_then(Value::as_text) else { return };
        let of = (Arc::clone(site), name);
        match self.cells.iter_mut().find(|(known, _)| *known == of) {
            Some((_, cell)) => *cell = held,
            None => self.cells.push((of, held)),
        }
    }

    /// Whether the function at hand is the one, or one of those, around another.
    fn is_around(&self, (module, function): (ModuleId, FunctionId)) -> bool {
        module == self.module && is_within(self.code, function, self.id)
    }

    /// What is given back: functions in it carry what the names hold that they share.
    pub(super) fn closed(&mut self, value: Value) -> Value {
        if !holds_function(&value) {
            return value;
        }
        let value = self.carrying(value);
        self.out.closures |= closes(&value, &|one| one.known_field(&carried(0)).is_some());
        value
    }

    fn carrying(&self, mut value: Value) -> Value {
        let names: Vec<(FunctionId, &[Symbol])> = value
            .what
            .alternatives()
            .iter()
            .filter_map(|what| match what {
                What::Function(module, function) if self.is_around((*module, *function)) => {
                    Some((*function, self.world.captured.of(*module, *function)))
                }
                _ => None,
            })
            .collect();
        // Of several functions it is not known which one it is.
        if let [(_, names)] = names.as_slice() {
            for (at, name) in names.iter().enumerate() {
                let held = self.env.get(*name).flatten().cloned().unwrap_or_default();
                value = value.with_field(&carried(at), held.outside());
            }
        }
        let Some(fields) = value.fields.take() else { return value };
        let fields = fields.iter().map(|(name, field)| {
            let field = field.clone();
            let field = if holds_function(&field) { self.carrying(field) } else { field };
            (Arc::clone(name), field)
        });
        value.fields = Some(Arc::new(fields.collect()));
        value
    }
}

/// What a function is given, and behind that what the names are that it shares. What a generator is sent stands
/// between these.
pub(super) fn with_shared(mut bound: Vec<Bound>, shared: &[Bound]) -> Vec<Bound> {
    if !shared.is_empty() {
        bound.push(Bound::nothing());
        bound.extend_from_slice(shared);
    }
    bound
}

/// What a call gave back, where functions are in it that share names: they are those of this call.
pub(super) fn of_site(mut value: Value, place: Span) -> Value {
    if value.known_field(&carried(0)).is_some() && value.known_field(SITE).is_none() {
        let site = format!("{}:{}", place.file.0, u32::from(place.range.start()));
        value = value.with_field(SITE, Value::text(&site));
    }
    let Some(fields) = value.fields.take() else { return value };
    let fields = fields.iter().map(|(name, field)| {
        let field = field.clone();
        let field = if holds_function(&field) { of_site(field, place) } else { field };
        (Arc::clone(name), field)
    });
    value.fields = Some(Arc::new(fields.collect()));
    value
}

fn holds_function(value: &Value) -> bool {
    closes(value, &|one| {
        one.what.alternatives().iter().any(|what| matches!(what, What::Function(..)))
    })
}

fn closes(value: &Value, is: &impl Fn(&Value) -> bool) -> bool {
    let mut fields = value.fields.iter().flat_map(|fields| fields.values());
    is(value) || fields.any(|field| closes(field, is))
}

/// What a function writes into one of its parameters, as it is where it is called.
fn written(
    summary: &Summary,
    parameter: u16,
    bound: &[Bound],
    place: Span,
) -> Vec<(Arc<str>, Value)> {
    let words: Arc<str> = Arc::from("put there by a function that shares it");
    let own = summary.writes.iter().filter(|(at, ..)| *at == parameter);
    let here = own.map(|(_, name, value)| {
        (Arc::clone(name), value.map(&|taint| substituted(taint, bound, place, &words)))
    });
    here.filter(|(_, value)| !value.is_plain()).collect()
}

//! The arguments of a call.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use djsec_python::code::{Code, ExprId, FunctionId, ParameterKind};
use rustc_hash::FxHashMap;

use crate::argv::{optional, script};
use crate::catalog::Slot;
use crate::taint::{Origin, Taint};
use crate::value::{ANY, KEYS, MADE, Value, What};

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) value: Value,
    /// The expression it is.
    pub(crate) expr: ExprId,
}

/// The arguments of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) positional: Vec<Given>,
    pub(crate) keywords: Vec<(Arc<str>, Given)>,
    /// `*values`.
    pub(crate) spread: Vec<Given>,
    /// `**options`.
    pub(crate) options: Vec<Given>,
    /// What it is called on.
    pub(crate) receiver: Option<Given>,
    /// What it gives back, where it is a method of the project that a framework calls.
    pub(crate) returned: Option<Given>,
}

impl Args {
    /// Every argument, without what it is called on.
    pub(crate) fn each(&self) -> impl Iterator<Item = &Given> {
        let keywords = self.keywords.iter().map(|(_, given)| given);
        self.positional.iter().chain(keywords).chain(&self.spread).chain(&self.options)
    }

    /// The same, to be changed.
    pub(crate) fn each_mut(&mut self) -> impl Iterator<Item = &mut Given> {
        let keywords = self.keywords.iter_mut().map(|(_, given)| given);
        let listed = self.positional.iter_mut().chain(keywords);
        listed.chain(&mut self.spread).chain(&mut self.options)
    }

    /// Everything that is in the arguments, without what it is called on.
    pub(crate) fn whole(&self) -> Taint {
        let mut all = Taint::default();
        for given in self.each() {
            all.merge(&given.value.whole());
        }
        all
    }

    /// Everything that a call is given, what it is called on among it.
    pub(crate) fn everything(&self) -> Taint {
        let mut all = self.whole();
        if let Some(receiver) = &self.receiver {
            all.merge(&receiver.value.whole());
        }
        all
    }

    /// Whether others are of the same things and hold the same data, whatever way that came.
    pub(crate) fn is_same_data(&self, other: &Self) -> bool {
        let all = |args: &Self| -> Vec<(What, Vec<Origin>)> {
            let given = args.each().chain(&args.receiver);
            let data = |given: &Given| {
                let origins =
                    given.value.whole().labels().iter().map(|l| l.origin.clone()).collect();
                (given.value.what.clone(), origins)
            };
            given.map(data).collect()
        };
        all(self) == all(other)
    }

    pub(crate) fn keyword(&self, name: &str) -> Option<&Given> {
        self.keywords.iter().find(|(known, _)| **known == *name).map(|(_, given)| given)
    }

    /// What stands under a name, also out of `**options` of which that is known.
    pub(crate) fn named(&self, name: &str) -> Option<&Value> {
        let key = || format!("[{name}]");
        let option = || self.options.iter().find_map(|options| options.value.known_field(&key()));
        self.keyword(name).map(|given| &given.value).or_else(option)
    }

    /// Whether every argument is known by its name: of `**options` all names are.
    pub(crate) fn is_complete(&self) -> bool {
        self.options.iter().all(|options| options.value.known_field(MADE).is_some())
    }

    /// What stands in one of some places, with its expression.
    pub(crate) fn at(&self, slot: &Slot) -> Vec<(Taint, ExprId)> {
        let whole = |given: &Given| (given.value.whole(), given.expr);
        match slot {
            Slot::At(at) => match self.positional.get(*at) {
                Some(given) => vec![whole(given)],
                // Which of `*values` stands there is not known.
                None => self.spread.iter().map(whole).collect(),
            },
            Slot::Named(name) => self
                .keyword(name)
                .map(whole)
                .into_iter()
                .chain(
                    self.options
                        .iter()
                        .map(|given| (given.value.field(&format!("[{name}]")).whole(), given.expr)),
                )
                .collect(),
            Slot::Suffix(end) => {
                let ends = |(name, _): &&(Arc<str>, Given)| name.ends_with(&**end);
                self.keywords.iter().filter(ends).map(|(_, given)| whole(given)).collect()
            }
            Slot::Receiver => self.receiver.iter().map(whole).collect(),
            Slot::Return => self.returned.iter().map(whole).collect(),
            Slot::Owner => Vec::new(),
            Slot::Entry(of, key) => {
                let given = self.given(std::slice::from_ref(of));
                let entry = |given: &Given| {
                    let known = given.value.known_field(&format!("[{key}]"))?;
                    Some((known.whole(), given.expr))
                };
                given.and_then(entry).into_iter().collect()
            }
            Slot::First(at) => {
                let first = |given: &Given| (given.value.field("[0]").whole(), given.expr);
                self.positional.get(*at).map(first).into_iter().collect()
            }
            Slot::Script(at) => {
                let listed = self.positional.get(*at).or_else(|| self.keyword("args"));
                let text = |given: &Given| Some((script(&given.value)?.whole(), given.expr));
                listed.and_then(text).into_iter().collect()
            }
            Slot::Options(at) => {
                let listed = self.positional.get(*at).or_else(|| self.keyword("args"));
                let given = |given: &Given| (optional(&given.value), given.expr);
                listed.map(given).into_iter().collect()
            }
            Slot::System => {
                let listed = self.keyword("messages").or_else(|| self.keyword("input"));
                let text = |given: &Given| (instructions(&given.value), given.expr);
                listed.map(text).into_iter().collect()
            }
            // The names of what is unpacked, not what is under them.
            Slot::Keywords => {
                self.options.iter().map(|g| (g.value.field(KEYS).whole(), g.expr)).collect()
            }
            Slot::Each => {
                let written = |given: &Given| (given.value.written(), given.expr);
                self.positional.iter().chain(&self.spread).map(written).collect()
            }
            Slot::Others(known) => {
                let other = |(name, _): &&(Arc<str>, Given)| !known.contains(name);
                let named = self.keywords.iter().filter(other).map(|(_, given)| given);
                named.chain(&self.options).map(whole).collect()
            }
        }
    }

    /// The value in one of some places.
    pub(crate) fn given(&self, slots: &[Slot]) -> Option<&Given> {
        slots.iter().find_map(|slot| match slot {
            Slot::At(at) | Slot::First(at) | Slot::Script(at) | Slot::Options(at) => {
                self.positional.get(*at)
            }
            Slot::Named(name) => self.keyword(name),
            Slot::Receiver => self.receiver.as_ref(),
            Slot::Return => self.returned.as_ref(),
            Slot::Entry(..)
            | Slot::Owner
            | Slot::Suffix(_)
            | Slot::Keywords
            | Slot::Each
            | Slot::Others(_)
            | Slot::System => None,
        })
    }

    /// Every argument changed, as if it stood at one place.
    pub(crate) fn map(&self, expr: ExprId, f: impl Fn(&Value) -> Value) -> Self {
        let given = |given: &Given| Given { value: f(&given.value), expr };
        Self {
            positional: self.positional.iter().map(given).collect(),
            keywords: self.keywords.iter().map(|(name, g)| (Arc::clone(name), given(g))).collect(),
            spread: self.spread.iter().map(given).collect(),
            options: self.options.iter().map(given).collect(),
            receiver: self.receiver.as_ref().map(given),
            returned: self.returned.as_ref().map(given),
        }
    }

    /// The arguments that stand in a list and a table: `args=(a, b), kwargs={…}`.
    pub(crate) fn unpacked(list: Option<&Given>, table: Option<&Given>) -> Self {
        let mut all = Self::default();
        if let Some(list) = list {
            let items = (0..8).map_while(|at| list.value.known_field(&format!("[{at}]")));
            all.positional =
                items.map(|item| Given { value: item.clone(), expr: list.expr }).collect();
            if all.positional.is_empty() {
                all.spread.push(list.clone());
            }
        }
        all.options.extend(table.cloned());
        all
    }

    /// These arguments, and then others.
    pub(crate) fn and(&self, more: Self) -> Self {
        let mut all = self.clone();
        all.positional.extend(more.positional);
        all.keywords.extend(more.keywords);
        all.spread.extend(more.spread);
        all.options.extend(more.options);
        all.receiver = all.receiver.or(more.receiver);
        all
    }

    /// What each parameter of a function is given, in their order.
    pub(crate) fn bound(&self, code: &Code, function: FunctionId, receiver: bool) -> Vec<Bound> {
        let Some(function) = code.function(function) else { return Vec::new() };
        let this = self.receiver.iter().filter(|_| receiver);
        let mut positional = this.chain(&self.positional);
        let mut taken: Vec<&str> = Vec::new();
        let mut bound = Vec::new();
        for parameter in &function.parameters {
            let name = code.text(parameter.name);
            let given = match parameter.kind {
                ParameterKind::Variadic => rest(positional.by_ref().chain(&self.spread)),
                ParameterKind::VariadicKeyword => self.named_rest(&taken),
                kind => {
                    taken.push(name);
                    let next = match kind {
                        ParameterKind::Positional => positional.next(),
                        _ => None,
                    };
                    let default = || parameter.default.map(|id| What::constant(code, id));
                    match next.or_else(|| self.keyword(name)) {
                        Some(given) => Bound::of(given),
                        None => self.perhaps(name, default().unwrap_or_default()),
                    }
                }
            };
            bound.push(given);
        }
        bound
    }

    /// What an argument that is not written out may get from `*values` and `**options`. `default`: what it is
    /// where nothing is given, as far as that is a constant.
    fn perhaps(&self, name: &str, default: What) -> Bound {
        let key = format!("[{name}]");
        // What is known to stand under the name is what is given: nothing else may be given besides.
        if let Some(known) = self.options.iter().find_map(|given| given.value.known_field(&key)) {
            return Bound::nothing_but(known.clone());
        }
        let mut taint = Taint::default();
        for given in &self.spread {
            taint.merge(&given.value.field(ANY).whole());
        }
        for given in &self.options {
            taint.merge(&given.value.field(&key).whole());
        }
        let known = self.spread.is_empty() && self.is_complete();
        let what = if known { default } else { What::Unknown };
        Bound::new(Value { what, ..Value::tainted(taint) }, None)
    }

    fn named_rest(&self, taken: &[&str]) -> Bound {
        let mut value = Value::default();
        for (name, given) in self.keywords.iter().filter(|(name, _)| !taken.contains(&&**name)) {
            value = value.with_field(&format!("[{name}]"), given.value.clone());
        }
        if self.options.is_empty() {
            // There are no others.
            value = value.with_field(MADE, Value::default());
        }
        for given in &self.options {
            value.join(&given.value);
        }
        Bound::new(value, None)
    }
}

/// What messages say that tell a language model what to do.
fn instructions(messages: &Value) -> Taint {
    let mut all = Taint::default();
    for item in messages.fields.iter().flat_map(|fields| fields.values()) {
        let role = item.known_field("[role]").and_then(Value::as_text);
        if role.is_some_and(|role| matches!(&**role, "system" | "developer")) {
            all.merge(&item.field("[content]").whole());
        }
    }
    all
}

/// What a parameter is given, and the expression, where it is one.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) value: Value,
    pub(crate) expr: Option<ExprId>,
    /// What [`Self::data`] and [`Self::data_at`] said: a callee does many things with one part of an argument.
    data: OnceCell<Taint>,
    parts: RefCell<FxHashMap<Arc<str>, Taint>>,
}

impl Bound {
    fn new(value: Value, expr: Option<ExprId>) -> Self {
        Self { value, expr, data: OnceCell::new(), parts: RefCell::default() }
    }

    pub(crate) fn of(given: &Given) -> Self {
        Self::new(given.value.clone(), Some(given.expr))
    }

    /// Something that no expression stands for.
    pub(crate) fn nothing_but(value: Value) -> Self {
        Self::new(value, None)
    }

    /// Nothing is given, or nothing that matters.
    pub(crate) fn nothing() -> Self {
        Self::new(Value::default(), None)
    }

    /// Everything that is in it.
    pub(crate) fn data(&self) -> Taint {
        self.data.get_or_init(|| self.value.whole()).clone()
    }

    /// Everything that is in a part of it.
    pub(crate) fn data_at(&self, path: &Arc<str>) -> Taint {
        if let Some(known) = self.parts.borrow().get(path) {
            return known.clone();
        }
        let found = self.value.at(path).whole();
        self.parts.borrow_mut().insert(Arc::clone(path), found.clone());
        found
    }
}

fn rest<'g>(given: impl Iterator<Item = &'g Given>) -> Bound {
    let mut value = Value::default();
    for given in given {
        let mut any = value.field(ANY);
        any.join(&given.value);
        value = value.with_field(ANY, any);
    }
    Bound::new(value, None)
}

//! Questions to a setting: each answer is a condition.

use std::borrow::Cow;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::value::{Alt, Data, Item, Map, Object, ObjectKind, Seq, Value};
use djsec_python::worlds::{Atom, Guard, Sym, Worlds};

use super::verdict::default_worlds;
use super::{Cond, Settings};

/// A setting, or a part of one (`DATABASES["default"]["PASSWORD"]`), to ask questions of.
#[derive(Clone)]
pub struct SettingRef<'a> {
    pub(super) settings: &'a Settings,
    /// Its name or path, as users write it.
    pub path: Arc<str>,
    pub(super) value: Cow<'a, Value>,
    pub(super) touched: &'a [Span],
    pub(super) conditional: &'a [(Span, Guard)],
    /// Whether the project sets it (in some world); otherwise Django's default counts.
    pub explicit: bool,
}

/// An element or entry with the worlds in which it is there.
pub struct Part<'a> {
    /// In which worlds it is there.
    pub when: Cond<'a>,
    /// What it is there.
    pub data: Data,
    /// The expression that made it.
    pub span: Option<Span>,
}

impl Settings {
    /// A value that is no setting, such as an argument of a noted call, to ask questions of.
    pub fn value_ref<'a>(&'a self, path: String, value: &'a Value) -> SettingRef<'a> {
        let value = Cow::Borrowed(value);
        let path = Arc::from(path);
        SettingRef { settings: self, path, value, touched: &[], conditional: &[], explicit: true }
    }
}

impl<'a> SettingRef<'a> {
    /// The value with its alternatives.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Statements that set or changed it, in order.
    pub fn touched(&self) -> &'a [Span] {
        self.touched
    }

    /// The last of several statements that set or changed it: where to report what is missing in the
    /// end. A single statement is better reported by the expression in it.
    pub fn last_change(&self) -> Option<Span> {
        if self.touched.len() > 1 { self.last_usual() } else { None }
    }

    /// The last statement that sets or changes it while no variable says otherwise.
    fn last_usual(&self) -> Option<Span> {
        let usual = self.usual(self.conditional.iter().map(|(_, guard)| *guard));
        let runs = |span: &&Span| {
            let known = self.conditional.iter().find(|(other, _)| other == *span);
            known.is_none_or(|(_, guard)| {
                self.settings.with_worlds(|worlds| {
                    let both = worlds.and(*guard, usual);
                    !worlds.impossible(both)
                })
            })
        };
        self.touched.iter().rev().find(runs).or(self.touched.last()).copied()
    }

    /// The worlds of production in which no variable is set that one of the guards depends on.
    fn usual(&self, guards: impl Iterator<Item = Guard>) -> Guard {
        let all = self.settings.production;
        self.settings
            .with_worlds(|w| guards.fold(all, |usual, guard| default_worlds(w, guard, usual)))
    }

    /// The plain value that it had last before a later statement gave it one of the other truth, and
    /// the statement that had set it; of what is judged in `when`. Nothing for a part of a setting.
    pub fn undone(&self, when: Cond<'a>) -> Option<(Span, &'a Data)> {
        let setting = self.settings.by_name.get(&*self.path)?;
        let (span, data) = setting.replaced.last()?;
        let was = match data {
            Data::Bool(on) => *on,
            Data::Int(number) => *number != 0,
            Data::Str(text) => !text.is_empty(),
            _ => return None,
        };
        let same = if was { self.truthy() } else { self.falsy() };
        (same.surely() & when).is_never().then_some((*span, data))
    }

    /// The settings it belongs to.
    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// In which worlds `test` holds; `None` from `test` means "cannot tell". Values that are not
    /// known before the process runs are not shown to `test`: they are "cannot tell".
    pub fn is(&self, test: impl Fn(&Data) -> Option<bool>) -> Cond<'a> {
        self.is_raw(|data| match data {
            Data::Sym(_) => None,
            Data::Object(object) if object.kind == ObjectKind::Instance => {
                test(data).filter(|yes| *yes)
            }
            _ => test(data),
        })
    }

    /// As [`Self::is`], but `test` also sees unknown values ([`Data::Sym`]).
    pub fn is_raw(&self, test: impl Fn(&Data) -> Option<bool>) -> Cond<'a> {
        self.fold(|_, alt| match test(&alt.data) {
            Some(true) => (alt.guard, alt.guard),
            Some(false) => (Guard::NEVER, Guard::NEVER),
            None => (Guard::NEVER, alt.guard),
        })
    }

    /// In which worlds one of its alternatives passes `test`, which sees where it was written too.
    /// Nothing is "cannot tell" here: values that are not known come as [`Data::Sym`].
    pub fn where_part(&self, test: impl Fn(&Part<'a>) -> bool) -> Cond<'a> {
        let parts = self.alternatives();
        let passing = parts.into_iter().filter(|part| test(part));
        passing.fold(self.settings.never(), |cond, part| cond | part.when)
    }

    /// In which worlds it is what somebody set in the environment, whatever that is.
    pub fn from_environment(&self) -> Cond<'a> {
        self.is_raw(|data| match data {
            Data::Sym(sym) => Some(sym.variable().is_some()),
            _ => Some(false),
        })
    }

    fn fold(&self, f: impl Fn(&mut Worlds, &Alt) -> (Guard, Guard)) -> Cond<'a> {
        self.settings.with_worlds(|worlds| {
            let (mut yes, mut maybe) = (Guard::NEVER, Guard::NEVER);
            for alt in &self.value.alts {
                let (y, m) = f(worlds, alt);
                yes = worlds.or(yes, y);
                maybe = worlds.or(maybe, m);
            }
            Cond::new(self.settings, yes, maybe)
        })
    }

    /// In which worlds it is truthy, by Python's rules.
    pub fn truthy(&self) -> Cond<'a> {
        self.fold(|worlds, alt| {
            let (yes, maybe) = truth(worlds, &alt.data);
            (worlds.and(alt.guard, yes), worlds.and(alt.guard, maybe))
        })
    }

    /// In which worlds it is not truthy.
    pub fn falsy(&self) -> Cond<'a> {
        !self.truthy()
    }

    /// In which worlds it is `None` or not there at all.
    pub fn is_none(&self) -> Cond<'a> {
        self.is(|data| Some(matches!(data, Data::None | Data::Absent)))
    }

    /// In which worlds it is not there: neither the project nor Django sets it. Not known where a
    /// module that djsec cannot see may set it.
    pub fn is_absent(&self) -> Cond<'a> {
        self.is_raw(|data| match data {
            Data::Absent => Some(true),
            Data::Sym(_) if !self.explicit => None,
            _ => Some(false),
        })
    }

    /// In which worlds it is this string.
    pub fn equals(&self, text: &str) -> Cond<'a> {
        self.is(|data| Some(data.as_str() == Some(text)))
    }

    /// In which worlds one of its elements (of a list, tuple or set) passes `test`.
    pub fn any(&self, test: impl Fn(&Data) -> Option<bool>) -> Cond<'a> {
        self.fold(|worlds, alt| {
            let (yes, maybe) = any_element(worlds, &alt.data, &test);
            (worlds.and(alt.guard, yes), worlds.and(alt.guard, maybe))
        })
    }

    /// In which worlds it has this string as an element.
    pub fn contains(&self, text: &str) -> Cond<'a> {
        self.any(|data| match data {
            Data::Sym(_) => None,
            other => Some(other.as_str() == Some(text)),
        })
    }

    /// In which worlds it is an empty list, tuple, set, dict or string, or `None`.
    pub fn is_empty(&self) -> Cond<'a> {
        !self.truthy()
    }

    /// Every element, of every alternative, with the worlds in which it is there. Elements that are
    /// unknown come as [`Data::Sym`].
    pub fn elements(&self) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for alt in &self.value.alts {
            let Some(seq) = alt.data.as_seq() else { continue };
            for item in &seq.items {
                for inner in &item.value.alts {
                    let guard = self.settings.with_worlds(|worlds| {
                        let there = worlds.and(alt.guard, item.guard);
                        worlds.and(there, inner.guard)
                    });
                    parts.push(Part {
                        when: Cond::new(self.settings, guard, guard),
                        data: inner.data.clone(),
                        span: inner.span,
                    });
                }
            }
        }
        parts
    }

    /// Every alternative with its worlds.
    pub fn alternatives(&self) -> Vec<Part<'a>> {
        let part = |alt: &Alt| Part {
            when: Cond::new(self.settings, alt.guard, alt.guard),
            data: alt.data.clone(),
            span: alt.span,
        };
        self.value.alts.iter().map(part).collect()
    }

    /// Whether it may have elements or entries that djsec does not see.
    pub fn is_open(&self) -> bool {
        self.value.alts.iter().any(|alt| match &alt.data {
            Data::Sym(_) => true,
            Data::Dict(map) => map.open,
            other => other.as_seq().is_some_and(|seq| seq.open),
        })
    }

    /// The entry under a key; [`Data::Absent`] where there is none.
    #[must_use]
    pub fn entry(&self, key: &str) -> Self {
        let path = format!("{}[{key:?}]", self.path);
        self.part(path, |_, alt| match &alt.data {
            Data::Dict(map) => match map.entry(key) {
                Some(value) => value.clone(),
                None if map.open => unknown_part(alt.span),
                None => Value::known(Data::Absent, None),
            },
            Data::Sym(sym) => symbol_part(sym, &format!("[{key:?}]"), alt.span),
            Data::Object(object) => keyword(object, key),
            _ => Value::known(Data::Absent, None),
        })
    }

    /// The element at a position, where that is certain.
    #[must_use]
    pub fn index(&self, at: usize) -> Self {
        let path = format!("{}[{at}]", self.path);
        self.part(path, |_, alt| match alt.data.as_seq() {
            Some(seq) => match seq.items.get(at) {
                Some(item) if seq.items.iter().take(at + 1).all(|i| i.guard.is_always()) => {
                    item.value.clone()
                }
                None if !seq.open => Value::known(Data::Absent, None),
                _ => unknown_part(alt.span),
            },
            None => unknown_part(alt.span),
        })
    }

    /// The keys of a dict (of any alternative), in order.
    pub fn keys(&self) -> Vec<Arc<str>> {
        let mut keys: Vec<Arc<str>> = Vec::new();
        for alt in &self.value.alts {
            if let Data::Dict(map) = &alt.data {
                for (key, _) in &map.entries {
                    if let Data::Str(key) = key
                        && !keys.contains(key)
                    {
                        keys.push(Arc::clone(key));
                    }
                }
            }
        }
        keys
    }

    fn part(&self, path: String, f: impl Fn(&mut Worlds, &Alt) -> Value) -> Self {
        let value = self.settings.with_worlds(|worlds| {
            let mut alts = Vec::new();
            for alt in &self.value.alts {
                for inner in f(worlds, alt).alts {
                    let guard = worlds.and(alt.guard, inner.guard);
                    if !worlds.impossible(guard) {
                        alts.push(Alt { guard, data: inner.data, span: inner.span.or(alt.span) });
                    }
                }
            }
            Value { alts }
        });
        Self {
            settings: self.settings,
            path: Arc::from(path),
            value: Cow::Owned(value),
            touched: self.touched,
            conditional: self.conditional,
            explicit: self.explicit,
        }
    }

    /// The worlds of which the first element `a` passes comes before the first that `b` passes
    /// (elements that are not certain count in their own worlds).
    pub fn before(
        &self,
        a: impl Fn(&Data) -> Option<bool>,
        b: impl Fn(&Data) -> Option<bool>,
    ) -> Cond<'a> {
        self.fold(|worlds, alt| {
            let Some(seq) = alt.data.as_seq() else { return (Guard::NEVER, alt.guard) };
            let mut seen_a = Guard::NEVER;
            let mut out = Guard::NEVER;
            for item in &seq.items {
                for inner in &item.value.alts {
                    let here = worlds.and(item.guard, inner.guard);
                    if b(&inner.data) == Some(true) {
                        let both = worlds.and(here, seen_a);
                        out = worlds.or(out, both);
                    }
                    if a(&inner.data) == Some(true) {
                        seen_a = worlds.or(seen_a, here);
                    }
                }
            }
            let out = worlds.and(out, alt.guard);
            (out, out)
        })
    }

    /// The expression that is the value in a world of `when`, wherever it stands (in a helper
    /// function, in an environment file).
    pub fn origin_when(&self, when: Cond<'a>) -> Option<Span> {
        let reach = self.settings.with_worlds(|w| w.and(when.maybe, self.settings.production));
        let usual = self.usual(self.value.alts.iter().map(|alt| alt.guard));
        let within = |worlds: &mut Worlds, alt: &&Alt, worlds_of: Guard| {
            let both = worlds.and(alt.guard, worlds_of);
            !worlds.impossible(both)
        };
        let alts = || self.value.alts.iter().filter(|alt| alt.span.is_some());
        self.settings.with_worlds(|worlds| {
            let usual = worlds.and(usual, reach);
            alts()
                .find(|alt| within(worlds, alt, usual))
                .or_else(|| alts().find(|alt| within(worlds, alt, reach)))
                .and_then(|alt| alt.span)
        })
    }

    /// The place to report: the expression that is the value in a world of `when` if it stands in a
    /// statement that sets the setting (or in a file of variables), else that statement.
    pub fn span_when(&self, when: Cond<'a>) -> Option<Span> {
        self.placed(self.origin_when(when))
    }

    /// Where to report a value that comes from `origin`, as [`Self::span_when`] says.
    pub fn placed(&self, origin: Option<Span>) -> Option<Span> {
        let last = self.last_usual();
        let Some(origin) = origin else { return last };
        let within = |statement: &Span| {
            statement.file == origin.file && statement.range.contains_range(origin.range)
        };
        let named = self.settings.is_variable_file(origin.file);
        if named || self.touched.iter().any(within) { Some(origin) } else { last.or(Some(origin)) }
    }

    /// The element that passes `test` in a world of `when`.
    pub fn element_span(&self, when: Cond<'a>, test: impl Fn(&Data) -> bool) -> Option<Span> {
        self.elements()
            .into_iter()
            .find(|part| test(&part.data) && !(part.when & when).is_never())
            .and_then(|part| part.span)
    }
}

fn keyword(object: &Object, key: &str) -> Value {
    object
        .keywords
        .iter()
        .find(|(name, _)| &**name == key)
        .map_or_else(|| Value::known(Data::Absent, None), |(_, value)| value.clone())
}

fn symbol_part(sym: &Arc<Sym>, op: &str, span: Option<Span>) -> Value {
    let part = sym.then(op, djsec_python::worlds::Type::Any);
    Value::known(Data::Sym(Arc::new(part)), span)
}

fn unknown_part(span: Option<Span>) -> Value {
    let root = djsec_python::worlds::Root::Opaque {
        id: 0,
        reason: Arc::from("part of a value that may hold more"),
    };
    let ty = djsec_python::worlds::Type::Any;
    Value::known(Data::Sym(Arc::new(Sym { root, ops: vec![], ty, span })), span)
}

/// Python's truth of a value: surely, possibly.
fn truth(worlds: &mut Worlds, data: &Data) -> (Guard, Guard) {
    let certain =
        |b: bool| if b { (Guard::ALWAYS, Guard::ALWAYS) } else { (Guard::NEVER, Guard::NEVER) };
    match data {
        Data::Absent | Data::None => certain(false),
        Data::Bool(b) => certain(*b),
        Data::Int(i) | Data::Delta(i) => certain(*i != 0),
        Data::Float(f) => certain(*f != 0.0),
        Data::Str(s) => certain(!s.is_empty()),
        Data::Bytes(b) => certain(!b.is_empty()),
        Data::Path(_) => certain(true),
        Data::List(seq) | Data::Tuple(seq) | Data::Set(seq) => some_element(worlds, seq),
        Data::Dict(map) => some_entry(worlds, map),
        Data::Sym(sym) if sym.variable().is_some() => {
            let holds = worlds.atom(Atom::Truthy(Arc::clone(sym)));
            (holds, holds)
        }
        Data::Sym(_) => (Guard::NEVER, Guard::ALWAYS),
        Data::Object(object) => match object.kind {
            ObjectKind::Instance | ObjectKind::External => (Guard::NEVER, Guard::ALWAYS),
            _ => certain(true),
        },
    }
}

fn some_element(worlds: &mut Worlds, seq: &Seq) -> (Guard, Guard) {
    let some = seq.items.iter().fold(Guard::NEVER, |g, item| worlds.or(g, item.guard));
    (some, if seq.open { Guard::ALWAYS } else { some })
}

fn some_entry(worlds: &mut Worlds, map: &Map) -> (Guard, Guard) {
    let mut some = Guard::NEVER;
    for (_, value) in &map.entries {
        for alt in &value.alts {
            if alt.data != Data::Absent {
                some = worlds.or(some, alt.guard);
            }
        }
    }
    (some, if map.open { Guard::ALWAYS } else { some })
}

fn any_element(
    worlds: &mut Worlds,
    data: &Data,
    test: &impl Fn(&Data) -> Option<bool>,
) -> (Guard, Guard) {
    let seq = match data {
        Data::Sym(_) | Data::Object(_) => return (Guard::NEVER, Guard::ALWAYS),
        other => match other.as_seq() {
            Some(seq) => seq,
            None => return (Guard::NEVER, Guard::NEVER),
        },
    };
    let (mut yes, mut maybe) = (Guard::NEVER, Guard::NEVER);
    for Item { guard, value } in &seq.items {
        for alt in &value.alts {
            let here = worlds.and(*guard, alt.guard);
            match test(&alt.data) {
                Some(true) => {
                    yes = worlds.or(yes, here);
                    maybe = worlds.or(maybe, here);
                }
                Some(false) => {}
                None => maybe = worlds.or(maybe, here),
            }
        }
    }
    if seq.open {
        maybe = Guard::ALWAYS;
    }
    (yes, maybe)
}

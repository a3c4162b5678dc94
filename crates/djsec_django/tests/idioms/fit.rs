//! Whether a guarded value contains a recorded one.

use std::collections::BTreeMap;

use djsec_django::settings::Settings;
use djsec_python::value::{Alt, Data, Item, Map, ObjectKind, Seq, Value};
use djsec_python::worlds::{Atom, Guard, Root, Sym, Type};

use crate::python::Py;
use crate::replay::replay;

/// How well a value fits a recorded one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    No,
    /// It may be that one.
    Maybe,
    /// It is that one.
    Exact,
}

/// The worlds of an evaluation that agree with one environment.
pub(crate) struct World<'a> {
    pub(crate) settings: &'a Settings,
    env: &'a BTreeMap<String, String>,
}

impl<'a> World<'a> {
    pub(crate) fn new(settings: &'a Settings, env: &'a BTreeMap<String, String>) -> Self {
        Self { settings, env }
    }

    /// The worlds that agree with the environment in all atoms of `guard` it decides.
    fn here(&self, guard: Guard) -> Guard {
        self.settings.with_worlds(|worlds| {
            let atoms: Vec<Atom> = worlds.support(guard).into_iter().cloned().collect();
            let mut here = Guard::ALWAYS;
            for atom in atoms {
                let Some(holds) = self.decide(&atom) else { continue };
                let is = worlds.atom(atom);
                here = if holds { worlds.and(here, is) } else { worlds.minus(here, is) };
            }
            here
        })
    }

    fn decide(&self, atom: &Atom) -> Option<bool> {
        match atom {
            // An attribute of a module that the operator supplies is no variable.
            Atom::EnvSet(name) if name.contains('.') => None,
            Atom::EnvSet(name) if name.ends_with("__*") => {
                let start = name.trim_end_matches('*');
                Some(self.env.keys().any(|key| key.starts_with(start)))
            }
            // Some readers do not mind the case of names.
            Atom::EnvSet(name) if self.in_other_case(name) => None,
            Atom::EnvSet(name) => Some(self.env.contains_key(&**name)),
            Atom::Truthy(sym) => match &sym.root {
                Root::Env(name) if name.contains('.') || self.in_other_case(name) => None,
                Root::Env(name) => match self.env.get(&**name) {
                    Some(_) => self.text_of(sym).map(|py| py.truth()),
                    None => Some(false),
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn in_other_case(&self, name: &str) -> bool {
        !self.env.contains_key(name) && self.env.keys().any(|k| k.eq_ignore_ascii_case(name))
    }

    fn text_of(&self, sym: &Sym) -> Option<Py> {
        let Root::Env(name) = &sym.root else { return None };
        let text = self.env.get(&**name)?;
        // Readers may take a text that starts so for the name of another variable.
        if text.starts_with('$') {
            return None;
        }
        replay(Py::Str(text.clone()), &sym.ops)
    }

    pub(crate) fn may(&self, guard: Guard) -> bool {
        let here = self.here(guard);
        self.settings.with_worlds(|worlds| {
            let both = worlds.and(here, guard);
            !worlds.impossible(both)
        })
    }

    pub(crate) fn surely(&self, guard: Guard) -> bool {
        let here = self.here(guard);
        self.settings.with_worlds(|worlds| {
            let rest = worlds.minus(here, guard);
            worlds.impossible(rest)
        })
    }

    /// As [`Self::may`], also for worlds in which importing fails.
    pub(crate) fn may_fail(&self, guard: Guard) -> bool {
        let here = self.here(guard);
        self.settings.with_worlds(|worlds| !worlds.and(here, guard).is_never())
    }

    /// As [`Self::surely`], also for worlds in which importing fails.
    pub(crate) fn surely_fails(&self, guard: Guard) -> bool {
        let here = self.here(guard);
        self.settings.with_worlds(|worlds| worlds.minus(here, guard).is_never())
    }

    fn reachable<'v>(&self, value: &'v Value) -> Vec<&'v Alt> {
        value.alts.iter().filter(|alt| self.may(alt.guard)).collect()
    }

    pub(crate) fn value(&self, value: &Value, py: &Py) -> Fit {
        let alts = self.reachable(value);
        let best = alts.iter().map(|alt| self.data(&alt.data, py)).max().unwrap_or(Fit::No);
        if alts.len() == 1 || best == Fit::No { best } else { Fit::Maybe }
    }

    fn data(&self, data: &Data, py: &Py) -> Fit {
        let exact = |yes: bool| if yes { Fit::Exact } else { Fit::No };
        match (data, py) {
            (Data::Sym(sym), _) => self.sym(sym, py),
            (_, Py::Volatile) => {
                exact(matches!(data, Data::Object(o) if o.kind == ObjectKind::Instance))
            }
            (Data::None, Py::None) => Fit::Exact,
            (Data::Bool(a), Py::Bool(b)) => exact(a == b),
            (Data::Int(a), Py::Int(b)) => exact(a == b),
            (Data::Float(a), Py::Float(b)) => exact(a.to_bits() == b.to_bits()),
            (Data::Bytes(a), Py::Bytes(b)) => exact(**a == **b),
            (Data::Str(a), Py::Str(b) | Py::Lazy(b)) | (Data::Path(a), Py::Path(b)) => {
                exact(**a == **b)
            }
            #[expect(clippy::cast_possible_truncation, reason = "recorded durations are small")]
            (Data::Delta(a), Py::Delta(b)) => exact(*a == (b * 1e6).round() as i64),
            (Data::List(seq), Py::List(items)) | (Data::Tuple(seq), Py::Tuple(items)) => {
                self.seq(&seq.items, seq.open, items)
            }
            (Data::Set(seq), Py::Set(items)) => self.set(seq, items),
            (Data::Dict(map), Py::Dict(entries)) => self.dict(map, entries),
            (Data::Object(object), Py::Pattern(text)) => {
                let pattern = object.args.first().and_then(Value::single);
                exact(
                    &*object.name == "re.Pattern"
                        && pattern.is_some_and(|alt| alt.data.as_str() == Some(text)),
                )
            }
            (Data::Object(object), Py::Lazy(text)) => {
                let first = object.args.first().and_then(Value::single);
                exact(first.is_some_and(|alt| alt.data.as_str() == Some(text)))
            }
            (Data::Object(object), Py::Object(class)) => exact(match object.kind {
                ObjectKind::Function => {
                    matches!(&**class, "builtins.function" | "builtins.method")
                }
                ObjectKind::Class => matches!(&**class, "builtins.type" | "enum.EnumType"),
                ObjectKind::Instance => *object.name == **class,
                ObjectKind::External => true,
                ObjectKind::Module => false,
            }),
            _ => Fit::No,
        }
    }

    fn sym(&self, sym: &Sym, py: &Py) -> Fit {
        if let Root::Env(name) = &sym.root
            && !name.contains('.')
            && !self.in_other_case(name)
        {
            if !self.env.contains_key(&**name) && !name.ends_with("__*") {
                return Fit::No;
            }
            if let Some(made) = self.text_of(sym) {
                return if made == *py { Fit::Exact } else { Fit::No };
            }
        }
        let fits = match sym.ty {
            Type::Any => true,
            Type::Str => matches!(py, Py::Str(_) | Py::Volatile),
            Type::Bool => matches!(py, Py::Bool(_)),
            Type::Int => matches!(py, Py::Int(_)),
            Type::Float => matches!(py, Py::Float(_)),
            Type::List => matches!(py, Py::List(_) | Py::Tuple(_) | Py::Set(_)),
            Type::Dict => matches!(py, Py::Dict(_)),
        };
        if fits { Fit::Maybe } else { Fit::No }
    }

    /// Elements in order; those that may be missing may be skipped, an open list may hold more.
    fn seq(&self, items: &[Item], open: bool, wanted: &[Py]) -> Fit {
        let Some((first, rest)) = items.split_first() else {
            return match (wanted.is_empty(), open) {
                (true, false) => Fit::Exact,
                (_, true) => Fit::Maybe,
                (false, false) => Fit::No,
            };
        };
        let (may, surely) = (self.may(first.guard), self.surely(first.guard));
        let mut best = Fit::No;
        if may && let Some((head, tail)) = wanted.split_first() {
            let fit = self.value(&first.value, head);
            if fit != Fit::No {
                let fit = fit.min(self.seq(rest, open, tail));
                best = if surely { fit } else { fit.min(Fit::Maybe) };
            }
        }
        if !surely && best == Fit::No {
            let fit = self.seq(rest, open, wanted);
            best = if may { fit.min(Fit::Maybe) } else { fit };
        }
        if open
            && best == Fit::No
            && let Some((_, tail)) = wanted.split_first()
        {
            best = self.seq(items, open, tail).min(Fit::Maybe);
        }
        best
    }

    fn set(&self, seq: &Seq, wanted: &[Py]) -> Fit {
        let mut fit = if seq.open { Fit::Maybe } else { Fit::Exact };
        for py in wanted {
            let best = seq
                .items
                .iter()
                .filter(|item| self.may(item.guard))
                .map(|item| self.value(&item.value, py))
                .max()
                .unwrap_or(Fit::No);
            fit = fit.min(if seq.open { best.max(Fit::Maybe) } else { best });
        }
        for item in &seq.items {
            let known = wanted.iter().any(|py| self.value(&item.value, py) != Fit::No);
            if !known && self.surely(item.guard) {
                return Fit::No;
            }
        }
        fit
    }

    fn dict(&self, map: &Map, wanted: &[(Py, Py)]) -> Fit {
        let mut fit = if map.open { Fit::Maybe } else { Fit::Exact };
        for (key, py) in wanted {
            let entry = map.entries.iter().find(|(k, _)| self.data(k, key) == Fit::Exact);
            let best = entry.map_or(Fit::No, |(_, value)| self.value(value, py));
            fit = fit.min(if map.open { best.max(Fit::Maybe) } else { best });
        }
        for (key, value) in &map.entries {
            if wanted.iter().any(|(k, _)| self.data(key, k) == Fit::Exact) {
                continue;
            }
            let alts = self.reachable(value);
            if alts.iter().all(|alt| is_url_part(&alt.data)) {
                fit = fit.min(Fit::Maybe);
                continue;
            }
            if alts.iter().all(|alt| alt.data != Data::Absent) && !alts.is_empty() {
                return Fit::No;
            }
            if alts.iter().any(|alt| alt.data != Data::Absent) {
                fit = fit.min(Fit::Maybe);
            }
        }
        fit
    }

    /// Whether a part that djsec cannot evaluate at all is reachable.
    pub(crate) fn has_opaque(&self, value: &Value) -> bool {
        self.reachable(value).into_iter().any(|alt| match &alt.data {
            Data::Sym(sym) => matches!(sym.root, Root::Opaque { .. }),
            Data::List(seq) | Data::Tuple(seq) | Data::Set(seq) => {
                seq.items.iter().any(|item| self.may(item.guard) && self.has_opaque(&item.value))
            }
            Data::Dict(map) => map.entries.iter().any(|(_, value)| self.has_opaque(value)),
            _ => false,
        })
    }

    /// The reachable alternatives, short.
    pub(crate) fn show(&self, value: &Value) -> String {
        let alts: Vec<String> =
            self.reachable(value).into_iter().map(|alt| self.show_data(&alt.data)).collect();
        alts.join(" | ")
    }

    fn show_data(&self, data: &Data) -> String {
        let seq = |seq: &Seq| {
            let items: Vec<String> = seq
                .items
                .iter()
                .filter(|item| self.may(item.guard))
                .map(|item| {
                    let maybe = if self.surely(item.guard) { "" } else { "?" };
                    format!("{maybe}{}", self.show(&item.value))
                })
                .collect();
            format!("{}{}", items.join(", "), if seq.open { ", …" } else { "" })
        };
        match data {
            Data::Sym(sym) => format!("<{}: {:?}>", sym.describe(), sym.ty),
            Data::List(s) => format!("[{}]", seq(s)),
            Data::Tuple(s) => format!("({})", seq(s)),
            Data::Set(s) => format!("{{{}}}", seq(s)),
            Data::Dict(map) => {
                let entries: Vec<String> = map
                    .entries
                    .iter()
                    .map(|(k, v)| format!("{}: {}", self.show_data(k), self.show(v)))
                    .collect();
                format!("{{{}{}}}", entries.join(", "), if map.open { ", …" } else { "" })
            }
            Data::Object(o) => format!("{:?} {}", o.kind, o.name),
            other => format!("{other:?}"),
        }
    }
}

/// A part of a URL that is not known may be missing from what its reader makes of it.
fn is_url_part(data: &Data) -> bool {
    matches!(data, Data::Sym(sym) if sym.ops.iter().any(|op| op.contains(" url['")))
}

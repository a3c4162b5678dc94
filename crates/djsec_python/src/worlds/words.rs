//! Guards in words: the shortest ways to get there, without what is understood.

use std::fmt::Write as _;

use super::{Atom, Guard, Root, Sym, Type, Worlds, level};

/// Ways to get there that are spelled out; the others are counted.
const WAYS: usize = 3;

/// What a condition on one thing says of it: "`ENV`" and "not 'prod'".
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// A variable is set, or not.
    Set(String, bool),
    /// A thing is, or is not, one of some constants.
    OneOf { thing: String, values: Vec<String>, holds: bool },
    /// A thing is something.
    Is(String, String),
    /// A sentence of its own.
    Whole(String),
}

/// How a condition is told.
#[derive(Clone, Copy)]
struct Style {
    /// Say of the first variable that it is one of the environment.
    spell: bool,
    /// The worlds in which nobody sets anything: only ways that lead there count.
    default: Option<Guard>,
}

/// One way to get there: facts that hold together.
type Cube = Vec<(u32, bool)>;

impl Atom {
    fn said(&self, holds: bool) -> Said {
        let no = if holds { "" } else { "not " };
        match self {
            Self::EnvSet(name) => Said::Set(format!("`{name}`"), holds),
            Self::Truthy(sym) => said_of(sym, holds),
            Self::Installed(name) => Said::Is(format!("`{name}`"), format!("{no}installed")),
            Self::Exists(name) | Self::KeyIn(name) if holds => {
                Said::Whole(format!("`{name}` exists"))
            }
            Self::Exists(name) | Self::KeyIn(name) => {
                Said::Whole(format!("`{name}` does not exist"))
            }
            Self::Unknown(_, what) if holds => Said::Whole(format!("({what})")),
            Self::Unknown(_, what) => Said::Whole(format!("not ({what})")),
        }
    }
}

/// The constant that the last operation compares with, and what it compares.
fn compared(sym: &Sym) -> Option<(Sym, String)> {
    let value = sym.ops.last()?.strip_prefix("== ")?;
    // `type(KEY) == str`
    let value = value.strip_prefix("builtins.").unwrap_or(value).to_owned();
    let mut base = sym.clone();
    base.ops.pop();
    Some((base, value))
}

fn said_of(sym: &Sym, holds: bool) -> Said {
    if let Some((base, value)) = compared(sym) {
        return Said::OneOf { thing: thing(&base), values: vec![value], holds };
    }
    let no = if holds { "" } else { "not " };
    let last = sym.ops.last().map_or("", |op| &**op);
    if let Some(part) = last.strip_prefix("contains ") {
        let mut base = sym.clone();
        base.ops.pop();
        let verb = if holds { "contains" } else { "does not contain" };
        return Said::Whole(format!("{} {verb} {part}", thing(&base)));
    }
    if let Some(class) = last.strip_prefix("is a ") {
        let mut base = sym.clone();
        base.ops.pop();
        return Said::Is(thing(&base), format!("{no}a {class}"));
    }
    if ["< ", "<= ", "> ", ">= "].iter().any(|order| last.starts_with(order)) {
        return Said::Whole(format!("{no}{}", thing(sym)));
    }
    let kind = match last {
        ".is_file()" | "names a file" => Some("a file"),
        ".is_dir()" => Some("a folder"),
        _ => None,
    };
    if let Some(kind) = kind {
        let mut base = sym.clone();
        base.ops.pop();
        return Said::Is(thing(&base), format!("{no}{kind}"));
    }
    if last == ".exists()" {
        let mut base = sym.clone();
        base.ops.pop();
        let verb = if holds { "exists" } else { "does not exist" };
        return Said::Whole(format!("{} {verb}", thing(&base)));
    }
    // `[name for name in NAMES.split(",") if name]`
    if last == "for each" {
        let mut base = sym.clone();
        base.ops.retain(|op| &**op != "for each");
        return Said::Is(
            format!("the list made of {}", thing(&base)),
            format!("{}empty", if holds { "not " } else { "" }),
        );
    }
    if last.starts_with('.') || last.ends_with(']') {
        return Said::Is(thing(sym), format!("{no}true"));
    }
    let from_file = sym.ops.iter().any(|op| &**op == "read");
    let state = match (sym.ty, &sym.root) {
        (Type::Bool, Root::Env(name)) => {
            let of = if from_file { "the content of " } else { "" };
            return Said::Is(format!("{of}`{name}`"), format!("{no}true"));
        }
        (_, Root::Env(_)) if sym.ops.is_empty() => {
            if holds {
                "set and not empty"
            } else {
                "unset or empty"
            }
        }
        (Type::Int | Type::Float, _) if holds => "not 0",
        (Type::Int | Type::Float, _) => "0",
        _ if holds => "true",
        _ => "false",
    };
    Said::Is(thing(sym), state.to_owned())
}

/// An unknown value as a reader looks for it: conversions are left out.
fn thing(sym: &Sym) -> String {
    let mut plain = sym.clone();
    let read = plain.ops.iter().any(|op| &**op == "read");
    plain.ops.retain(|op| !matches!(&**op, "read" | "int" | "float" | "bool"));
    let of = if read { "the content of " } else { "" };
    format!("{of}`{}`", plain.describe())
}

impl Worlds {
    /// The guard in words, at most three ways to get there, the shortest first. What `given` already
    /// decides is left out.
    pub fn describe(&mut self, guard: Guard, given: Guard) -> String {
        let care = self.with_facts(given, guard, false);
        self.describe_within(guard, care, Style { spell: false, default: None })
    }

    /// As [`Self::describe`], for worlds in which the program ends.
    pub fn describe_end(&mut self, guard: Guard, given: Guard) -> String {
        let care = self.with_facts(given, guard, true);
        self.describe_within(guard, care, Style { spell: false, default: None })
    }

    /// As [`Self::describe`], where nothing around says that names are those of environment variables.
    pub fn describe_spelled(&mut self, guard: Guard, given: Guard) -> String {
        let care = self.with_facts(given, guard, false);
        self.describe_within(guard, care, Style { spell: true, default: None })
    }

    /// What has to be left undone for the guard to hold, as a clause ("whenever `KEY` is not set",
    /// "unless `SECURE` is true"). Ways there that somebody would have to choose (`DEBUG` set to
    /// true) are left out: `default` are the worlds in which nobody sets anything.
    pub fn describe_omission(&mut self, guard: Guard, given: Guard, default: Guard) -> String {
        let care = self.with_facts(given, guard, false);
        let style = Style { spell: true, default: Some(default) };
        let ways = self.ways(guard, care, style);
        let other = self.minus(care, guard);
        let ends = self.ways(other, care, Style { spell: true, default: None });
        if let [end] = ends.as_slice() {
            let single = |cube: &Cube, want: bool| matches!(cube.as_slice(), [(id, holds)] if *holds == want && self.is_value(*id));
            let negative = matches!(ways.as_slice(), [way] if single(way, false));
            if ways.len() > 1 || (negative && single(end, true)) {
                let words = self.sentence(&ends, style, care);
                return format!("unless {words}");
            }
        }
        format!("whenever {}", self.sentence(&ways, style, care))
    }

    /// Whether an atom is about what a variable says, not about whether it says anything.
    fn is_value(&self, id: u32) -> bool {
        match self.atoms.get(id as usize) {
            Some(Atom::Truthy(sym)) => sym.ty == Type::Bool || !sym.ops.is_empty(),
            _ => false,
        }
    }

    fn describe_within(&mut self, guard: Guard, care: Guard, style: Style) -> String {
        let ways = self.ways(guard, care, style);
        if ways.iter().any(Vec::is_empty) {
            return "always".to_owned();
        }
        self.sentence(&ways, style, care)
    }

    /// The ways to get there, the shortest first, each without what is redundant in it.
    fn ways(&mut self, guard: Guard, care: Guard, style: Style) -> Vec<Cube> {
        let lower = self.and(guard, care);
        let unwanted = self.minus(care, guard);
        let upper = self.not(unwanted);
        if upper.is_always() {
            return vec![vec![]];
        }
        let mut budget = 2_000;
        let mut cubes = self.products(lower, upper, &mut budget).1;
        for cube in &mut cubes {
            for (at, _) in cube.iter_mut() {
                *at = level(*at);
            }
            cube.sort_unstable();
        }
        if let Some(default) = style.default {
            let reached: Vec<bool> = cubes
                .iter()
                .map(|cube| {
                    let way = self.cube(cube, default);
                    !self.impossible(way)
                })
                .collect();
            if reached.contains(&true) {
                let mut reached = reached.into_iter();
                cubes.retain(|_| reached.next().unwrap_or(true));
            }
        }
        for cube in &mut cubes {
            let whole = cube.clone();
            cube.retain(|(id, holds)| !self.redundant(*id, *holds, &whole));
        }
        cubes.sort_by_key(Vec::len);
        cubes
    }

    /// The worlds of `start` in which all facts of a cube hold.
    fn cube(&mut self, cube: &[(u32, bool)], start: Guard) -> Guard {
        let mut all = start;
        for (id, holds) in cube {
            let yes = self.node(level(*id), Guard::NEVER, Guard::ALWAYS);
            let fact = if *holds { yes } else { self.not(yes) };
            all = self.and(all, fact);
        }
        all
    }

    /// Ways as a sentence.
    fn sentence(&mut self, cubes: &[Cube], style: Style, care: Guard) -> String {
        let told: Vec<Vec<Said>> =
            cubes.iter().map(|cube| self.facts_said(cube, style, care)).collect();
        // Ways that differ in what is understood are one in words.
        let mut clauses: Vec<String> = Vec::new();
        for way in merged(told) {
            let clause = clause(&way);
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        let more = clauses.len().saturating_sub(WAYS);
        clauses.truncate(WAYS);
        let mut text = clauses.join(", or ");
        if more > 0 {
            let ways = if more == 1 { "way" } else { "ways" };
            let _ = write!(text, ", or {more} other {ways}");
        }
        if style.spell { self.spelled(&text) } else { text }
    }

    fn facts_said(&mut self, cube: &Cube, style: Style, care: Guard) -> Vec<Said> {
        let mut out = Vec::with_capacity(cube.len());
        for (id, holds) in cube {
            let Some(atom) = self.atoms.get(*id as usize).cloned() else { continue };
            // Where nobody sets anything, "unset or empty" is unset.
            if style.default.is_some()
                && !holds
                && !self.is_value(*id)
                && let Some(name) = atom.variable()
            {
                let set = self.atom(Atom::EnvSet(std::sync::Arc::clone(name)));
                let way = self.cube(cube, care);
                let unset = self.minus(way, set);
                if !self.impossible(unset) {
                    out.push(Said::Set(format!("`{name}`"), false));
                    continue;
                }
            }
            out.push(atom.said(*holds));
        }
        out
    }

    /// Says of the first name of an environment variable what it is.
    fn spelled(&self, text: &str) -> String {
        let variable = |name: &str| {
            !name.contains('.')
                && self.atoms.iter().any(|atom| atom.variable().is_some_and(|it| &**it == name))
        };
        let first = text.split('`').skip(1).step_by(2).find(|name| variable(name));
        match first {
            Some(name) => {
                let quoted = format!("`{name}`");
                text.replacen(&quoted, &format!("the environment variable {quoted}"), 1)
            }
            None => text.to_owned(),
        }
    }

    /// An irredundant sum of products between `lower` and `upper` (Minato and Morreale's
    /// algorithm), with the guard it covers.
    fn products(
        &mut self,
        lower: Guard,
        upper: Guard,
        budget: &mut u32,
    ) -> (Guard, Vec<Vec<(u32, bool)>>) {
        if lower.is_never() || *budget == 0 {
            return (Guard::NEVER, vec![]);
        }
        if upper.is_always() {
            return (Guard::ALWAYS, vec![vec![]]);
        }
        *budget -= 1;
        let (l, u) = (self.at(lower), self.at(upper));
        let top = l.level.min(u.level);
        let (l0, l1) = if l.level == top { (l.low, l.high) } else { (lower, lower) };
        let (u0, u1) = if u.level == top { (u.low, u.high) } else { (upper, upper) };
        let only_low = self.minus(l0, u1);
        let only_high = self.minus(l1, u0);
        let (cover0, cubes0) = self.products(only_low, u0, budget);
        let (cover1, cubes1) = self.products(only_high, u1, budget);
        let rest0 = self.minus(l0, cover0);
        let rest1 = self.minus(l1, cover1);
        let rest = self.or(rest0, rest1);
        let both = self.and(u0, u1);
        let (cover2, cubes2) = self.products(rest, both, budget);
        let mut cubes = Vec::with_capacity(cubes0.len() + cubes1.len() + cubes2.len());
        for (holds, part) in [(true, cubes1), (false, cubes0)] {
            for mut cube in part {
                cube.insert(0, (top, holds));
                cubes.push(cube);
            }
        }
        cubes.extend(cubes2);
        let split = self.node(top, cover0, cover1);
        (self.or(split, cover2), cubes)
    }

    /// "X is set" need not be said beside "X is true", nor "X is not true" beside "X is not set".
    fn redundant(&self, id: u32, holds: bool, cube: &[(u32, bool)]) -> bool {
        let Some(atom) = self.atoms.get(id as usize) else { return false };
        let Some(name) = atom.variable() else { return false };
        let other = |want_set: bool, want: bool| {
            cube.iter().any(|(o, h)| {
                *o != id
                    && *h == want
                    && self.atoms.get(*o as usize).is_some_and(|a| {
                        a.variable() == Some(name) && matches!(a, Atom::EnvSet(_)) == want_set
                    })
            })
        };
        match (atom, holds) {
            (Atom::EnvSet(_), true) => other(false, true),
            (Atom::Truthy(_), false) => other(true, false) || self.excluded(id, cube),
            _ => false,
        }
    }

    /// "X is not 'a'" need not be said beside "X is 'b'".
    fn excluded(&self, id: u32, cube: &[(u32, bool)]) -> bool {
        let sym = |id: u32| match self.atoms.get(id as usize) {
            Some(Atom::Truthy(sym)) => Some(sym),
            _ => None,
        };
        let Some(me) = sym(id) else { return false };
        me.ops.last().is_some_and(|op| op.starts_with("== "))
            && cube.iter().any(|(o, holds)| {
                *holds
                    && sym(*o).is_some_and(|s| {
                        s.root == me.root && s.ops.last().is_some_and(|op| op.starts_with("== "))
                    })
            })
    }
}

/// Ways that differ only in the constant one thing is compared with become one way.
fn merged(ways: Vec<Vec<Said>>) -> Vec<Vec<Said>> {
    let mut out: Vec<Vec<Said>> = Vec::with_capacity(ways.len());
    for way in ways {
        let joined = out.iter_mut().find_map(|other| {
            let at = differ_in_one_constant(other, &way)?;
            match (other.get_mut(at), way.get(at)) {
                (Some(Said::OneOf { values, .. }), Some(Said::OneOf { values: more, .. })) => {
                    values.extend(more.iter().cloned());
                    Some(())
                }
                _ => None,
            }
        });
        if joined.is_none() {
            out.push(way);
        }
    }
    out
}

fn differ_in_one_constant(a: &[Said], b: &[Said]) -> Option<usize> {
    let mut differ = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b);
    let (at, pair) = differ.next()?;
    let same = a.len() == b.len() && differ.next().is_none();
    match pair {
        (Said::OneOf { thing: a, holds: true, .. }, Said::OneOf { thing: b, holds: true, .. })
            if same && a == b =>
        {
            Some(at)
        }
        _ => None,
    }
}

/// Facts that hold together, as a clause; what is said of one thing is said once.
fn clause(facts: &[Said]) -> String {
    let mut unset: Vec<&str> = Vec::new();
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    let mut excluded: Vec<(String, Vec<String>)> = Vec::new();
    for fact in facts {
        let (thing, state) = match fact {
            Said::Set(thing, false) => {
                unset.push(thing);
                continue;
            }
            Said::OneOf { thing, values, holds: false } => {
                match excluded.iter_mut().find(|(it, _)| it == thing) {
                    Some((_, known)) => known.extend(values.iter().cloned()),
                    None => excluded.push((thing.clone(), values.clone())),
                }
                continue;
            }
            Said::Set(thing, true) => (thing.clone(), "set".to_owned()),
            Said::OneOf { thing, values, .. } => (thing.clone(), listed(values, "or")),
            Said::Is(thing, state) => (thing.clone(), state.clone()),
            Said::Whole(text) => (text.clone(), String::new()),
        };
        add(&mut said, thing, state);
    }
    for (thing, values) in excluded {
        let state = match values.as_slice() {
            [one] => format!("not {one}"),
            several => format!("neither {}", listed(several, "nor")),
        };
        add(&mut said, thing, state);
    }
    let mut parts: Vec<String> = Vec::new();
    match unset.as_slice() {
        [] => {}
        [one] => parts.push(format!("{one} is not set")),
        several => parts.push(format!("neither {} is set", listed(several, "nor"))),
    }
    let mut told: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (thing, states) in said {
        match told.iter_mut().find(|(_, known)| *known == states && known.as_slice() != [""]) {
            Some((things, _)) => things.push(thing),
            None => told.push((vec![thing], states)),
        }
    }
    parts.extend(told.into_iter().map(|(things, states)| {
        let state = states.join(", but ");
        match things.as_slice() {
            [one] if state.is_empty() => one.clone(),
            [one] => format!("{one} is {state}"),
            several => format!("{} are {state}", listed(several, "and")),
        }
    }));
    // What has an "and" or a "but" of its own is set apart by a comma.
    let long = parts.iter().any(|part| part.contains(" and ") || part.contains(", but "));
    parts.join(if long { ", and " } else { " and " })
}

fn add(said: &mut Vec<(String, Vec<String>)>, thing: String, state: String) {
    match said.iter_mut().find(|(it, _)| *it == thing) {
        Some((_, states)) => {
            let known_set = states.as_slice() == ["set"] && state == "unset or empty";
            states.push(if known_set { "empty".to_owned() } else { state });
        }
        None => said.push((thing, vec![state])),
    }
}

/// "a", "a or b", "a, b or c".
fn listed(parts: &[impl AsRef<str>], word: &str) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((last, [])) => last.as_ref().to_owned(),
        Some((last, rest)) => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            let glue = if word == "nor" { " nor " } else { ", " };
            format!("{} {word} {}", rest.join(glue), last.as_ref())
        }
    }
}

//! Guards in words: the shortest ways to get there, without what is understood.

use std::fmt::Write as _;

use super::{Atom, Guard, Root, Sym, Type, Worlds, level};

impl Atom {
    fn describe(&self, holds: bool) -> String {
        let not = if holds { "" } else { "not " };
        match self {
            Self::EnvSet(name) => format!("`{name}` is {not}set"),
            Self::Truthy(sym) => describe_truth(sym, holds),
            Self::Installed(name) => format!("`{name}` is {not}installed"),
            Self::Exists(name) if holds => format!("`{name}` exists"),
            Self::Exists(name) => format!("`{name}` does not exist"),
            Self::Unknown(_, what) if holds => format!("({what})"),
            Self::Unknown(_, what) => format!("not ({what})"),
        }
    }
}

fn describe_truth(sym: &Sym, holds: bool) -> String {
    let last = sym.ops.last().map_or("", |op| &**op);
    let text = sym.describe();
    if last.starts_with("== ") || last.starts_with('.') || last.starts_with("contains ") {
        return if holds { format!("`{text}`") } else { format!("not `{text}`") };
    }
    match (sym.ty, &sym.root, sym.ops.is_empty(), holds) {
        (Type::Bool, Root::Env(name), _, true) => format!("`{name}` is true"),
        (Type::Bool, Root::Env(name), _, false) => format!("`{name}` is not true"),
        (_, Root::Env(name), true, true) => format!("`{name}` is set and not empty"),
        (_, Root::Env(name), true, false) => format!("`{name}` is not set or empty"),
        (.., true) => format!("`{text}` is true"),
        (.., false) => format!("`{text}` is false"),
    }
}

impl Worlds {
    /// The guard in words, at most three ways to get there, the shortest first. What `given` already
    /// decides is left out.
    pub fn describe(&mut self, guard: Guard, given: Guard) -> String {
        let care = self.with_facts(given, guard, false);
        self.describe_within(guard, care)
    }

    /// As [`Self::describe`], for worlds in which the program ends.
    pub fn describe_end(&mut self, guard: Guard, given: Guard) -> String {
        let care = self.with_facts(given, guard, true);
        self.describe_within(guard, care)
    }

    fn describe_within(&mut self, guard: Guard, care: Guard) -> String {
        let lower = self.and(guard, care);
        let unwanted = self.minus(care, guard);
        let upper = self.not(unwanted);
        if upper.is_always() {
            return "always".to_owned();
        }
        let mut budget = 2_000;
        let mut cubes = self.products(lower, upper, &mut budget).1;
        for cube in &mut cubes {
            for (at, _) in cube.iter_mut() {
                *at = level(*at);
            }
            cube.sort_unstable();
        }
        cubes.sort_by_key(Vec::len);
        let more = cubes.len().saturating_sub(3);
        let mut text = String::new();
        for (at, cube) in cubes.iter().take(3).enumerate() {
            if at > 0 {
                text.push_str(", or ");
            }
            let words: Vec<String> = cube
                .iter()
                .filter(|(id, holds)| !self.redundant(*id, *holds, cube))
                .filter_map(|(id, holds)| Some(self.atoms.get(*id as usize)?.describe(*holds)))
                .collect();
            text.push_str(&words.join(" and "));
        }
        if more > 0 {
            let ways = if more == 1 { "way" } else { "ways" };
            let _ = write!(text, ", or {more} other {ways}");
        }
        text
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

//! What names of a template mean where it sets them itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::access::{Access, Of, Step};
use crate::filter::{Filter, FilterExpression, Operand, Value};

/// Names that Django sets itself: nothing of them comes from outside.
const OWN: [&str; 7] = ["forloop", "block", "True", "False", "None", "csrf_token", "csrf_input"];
/// A value is one of at most this many things.
const MOST: usize = 8;
/// A value that went further than this is not followed.
const MOST_STEPS: usize = 64;

/// The names that are set, the last first that counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    names: Vec<(Arc<str>, Vec<Access>)>,
    /// From where on names are seen, and whose those are that are not set: nobody's, if there is nothing else.
    walls: Vec<(usize, Option<Of>)>,
}

impl Scope {
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Forgets what was set since then.
    pub(super) fn cut(&mut self, to: usize) {
        self.names.truncate(to);
    }

    pub(super) fn set(&mut self, name: &str, accesses: Vec<Access>) {
        self.names.push((Arc::from(name), accesses));
    }

    /// Sets a name of Jinja for all that a macro is given besides its parameters: what stands under a key of it, and
    /// under which key something may stand.
    pub(super) fn pack(&mut self, name: &str, parts: &[(String, Vec<Access>)], rest: &[Access]) {
        let all = parts.iter().flat_map(|(_, accesses)| accesses).chain(rest);
        self.set(name, some(all.cloned().collect()));
        self.set(&format!("{name}."), rest.to_vec());
        for (key, accesses) in parts {
            self.set(&format!("{name}.{key}"), accesses.clone());
        }
    }

    /// Hides what is set so far: what is not set is of this context.
    pub(super) fn wall(&mut self, of: Option<Of>) {
        self.walls.push((self.names.len(), of));
    }

    pub(super) fn open(&mut self) {
        self.walls.pop();
    }

    /// Takes away what was set since then: of each name what it is now.
    pub(super) fn take(&mut self, to: usize) -> BTreeMap<Arc<str>, Vec<Access>> {
        self.names.drain(to.min(self.names.len())..).collect()
    }

    /// Sets what was set on several ways. On a way that sets a name not, it is what it was.
    pub(super) fn join(&mut self, ways: &[BTreeMap<Arc<str>, Vec<Access>>]) {
        let names: BTreeSet<&Arc<str>> = ways.iter().flat_map(BTreeMap::keys).collect();
        for name in names {
            let on = |way: &BTreeMap<Arc<str>, Vec<Access>>| {
                way.get(name).cloned().unwrap_or_else(|| self.name(name))
            };
            let accesses = some(ways.iter().flat_map(on).collect());
            self.names.push((Arc::clone(name), accesses));
        }
    }

    /// Whether the context has the token against forged requests here.
    pub(super) fn has_token(&self) -> bool {
        let (from, of) = self.here();
        let seen = self.names.get(from..).unwrap_or_default();
        of == Some(Of::Page) || seen.iter().any(|(name, _)| &**name == "csrf_token")
    }

    /// What a name is now.
    pub(super) fn name(&self, name: &str) -> Vec<Access> {
        let (from, of) = self.here();
        let seen = self.names.get(from..).unwrap_or_default();
        if let Some((_, accesses)) = seen.iter().rev().find(|(known, _)| **known == *name) {
            return accesses.clone();
        }
        match of {
            Some(of) if !OWN.contains(&name) && !is_packed(name) => vec![Access::of(of, name)],
            _ => Vec::new(),
        }
    }

    /// Whose the names are that are not set here.
    pub(super) fn context(&self) -> Option<Of> {
        self.here().1
    }

    fn here(&self) -> (usize, Option<Of>) {
        self.walls.last().copied().unwrap_or((0, Some(Of::Page)))
    }

    /// What an operand may be.
    fn operand(&self, operand: &Operand) -> Vec<Access> {
        match &operand.value {
            Value::Lookup(_) => {
                let mut names = operand.value.lookups();
                let Some(first) = names.next() else { return Vec::new() };
                if is_packed(first) {
                    return self.unpacked(first, names);
                }
                let rest: Vec<Step> = names.map(|name| Step::Get(Arc::from(name))).collect();
                let mut found = self.name(first);
                for access in &mut found {
                    access.steps.extend(rest.iter().cloned());
                }
                found
            }
            Value::Key(name) => self.name(name),
            Value::Any(all) => all.iter().flat_map(|one| self.accesses(one)).collect(),
            Value::Text { .. } | Value::Number(_) | Value::Macro(_) | Value::Missing => Vec::new(),
        }
    }

    /// What stands in a name of [`Self::pack`] under the next name.
    fn unpacked<'n>(&self, name: &str, mut names: impl Iterator<Item = &'n str>) -> Vec<Access> {
        let mut found = match names.next() {
            None | Some("items" | "values") => self.name(name),
            Some(key) => {
                let own = format!("{name}.{key}");
                let (from, _) = self.here();
                let seen = self.names.get(from..).unwrap_or_default();
                let is_known = seen.iter().any(|(known, _)| **known == *own);
                self.name(&if is_known { own } else { format!("{name}.") })
            }
        };
        let rest: Vec<Step> = names.map(|name| Step::Get(Arc::from(name))).collect();
        for access in &mut found {
            access.steps.extend(rest.iter().cloned());
        }
        found
    }

    /// Whether an expression is all that a macro is given besides its parameters, or its values or pairs.
    pub(super) fn is_packed(expression: &FilterExpression) -> bool {
        let Value::Lookup(path) = &expression.value.value else { return false };
        let (name, part) = path.split_once('.').unwrap_or((path, ""));
        is_packed(name) && expression.filters.is_empty() && matches!(part, "" | "items" | "values")
    }

    /// What an expression may be.
    pub(super) fn accesses(&self, expression: &FilterExpression) -> Vec<Access> {
        let mut found = some(self.operand(&expression.value));
        for filter in &expression.filters {
            found = through(found, filter);
            let other =
                matches!(&*filter.name.text, "default" | "default_if_none" | "add" | "join");
            if let (true, Some(argument)) = (other, &filter.argument) {
                found.extend(self.operand(argument));
            }
        }
        some(found)
    }

    /// One of what an expression holds, as a loop gives it.
    pub(super) fn each(&self, expression: &FilterExpression) -> Vec<Access> {
        if Self::is_packed(expression) {
            return self.accesses(expression);
        }
        self.accesses(expression).into_iter().map(|access| access.then(Step::Each)).collect()
    }
}

/// Whether a name is one of those under which a macro has what it is given besides its parameters.
fn is_packed(name: &str) -> bool {
    name.starts_with('*')
}

/// Each once, in order, and not too many.
pub(super) fn some(mut accesses: Vec<Access>) -> Vec<Access> {
    accesses.retain(|access| access.steps.len() <= MOST_STEPS);
    accesses.sort_unstable();
    accesses.dedup();
    accesses.truncate(MOST);
    accesses
}

/// What values are behind a filter.
pub(super) fn through(accesses: Vec<Access>, filter: &Filter) -> Vec<Access> {
    let step = filter_step(filter);
    accesses.into_iter().map(|access| access.then(step.clone())).collect()
}

/// What a filter does to a value.
fn filter_step(filter: &Filter) -> Step {
    let argument = filter.argument.as_ref().and_then(|argument| match &argument.value {
        Value::Text { text, .. } | Value::Number(text) => Some(Arc::from(&**text)),
        _ => None,
    });
    Step::Filter { name: Arc::from(&*filter.name.text), argument }
}

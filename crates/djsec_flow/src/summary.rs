//! What a function does with the data it is given, in terms of its parameters.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use crate::Kinds;
use crate::args::Args;
use crate::hits::Hits;
pub(crate) use crate::hits::{Hit, Under};
use crate::index::FunctionKey;
use crate::taint::Taint;
use crate::value::Value;
use crate::wait::Wait;

/// A function keeps at most this many calls of its parameters.
const MOST_INVOKES: usize = 8;
/// And this many calls that wait for what the caller knows.
const MOST_WAITS: usize = 12;
/// And this many names under which it leaves what it is given.
const MOST_LEFT: usize = 32;
/// And this many names that it looks up on its object.
const MOST_SPLITS: usize = 32;
/// And this many names that it writes to.
const MOST_WRITES: usize = 256;

/// What a function does.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
pub(crate) struct Summary {
    /// What it gives back.
    pub(crate) returns: Value,
    /// Untrusted data, or what parameters bring, in sinks.
    pub(crate) hits: Hits,
    /// What it writes into its parameters: which, under which name, what.
    pub(crate) writes: Vec<(u16, Arc<str>, Value)>,
    /// What it writes to attributes of its class's instances, without what parameters bring.
    pub(crate) attributes: Vec<(QualifiedName, Arc<str>, Value)>,
    /// What it leaves of its parameters for all functions: under a name of a class or of a module.
    pub(crate) left: Vec<(QualifiedName, Arc<str>, Value)>,
    /// As what parameters can do no harm where it gives something true.
    pub(crate) holds: Vec<(u16, Kinds)>,
    /// Whether that is the first of two: `return True, parsed`.
    pub(crate) pairs: bool,
    /// Whether it gives something true at all, as far as is known.
    pub(crate) always: bool,
    /// Where templates put in what it gives them, whatever that is: nobody has to guess what stands there.
    pub(crate) told: BTreeSet<Span>,
    /// The functions that it calls.
    pub(crate) callees: Vec<FunctionKey>,
    /// The attributes of instances that it reads from other methods.
    pub(crate) reads: Vec<(QualifiedName, Arc<str>)>,
    /// What the exceptions carry that it lets out.
    pub(crate) raises: Vec<(Option<QualifiedName>, Taint)>,
    /// The parameters that it calls, or parts of them, with what.
    pub(crate) invokes: Vec<Invoke>,
    /// The number of the parameter that the first of these gives it, if there is one.
    pub(crate) results: u16,
    /// The calls of which its callers have to tell what they do.
    pub(crate) waits: Vec<Wait>,
    /// As what each parameter can do no more harm, once the function has come back: it raises otherwise.
    pub(crate) ensures: Option<Vec<Kinds>>,
    /// Whether it raises that somebody else has to write it.
    pub(crate) abstracts: bool,
    /// Whether functions are in what it gives back that share names of it.
    pub(crate) closures: bool,
    /// Whether it was not run to its end.
    pub(crate) cut: bool,
    /// What is looked up on its object and depends on the class of that.
    pub(crate) splits: Vec<Split>,
    /// The methods that it calls on objects of which the class is known, and for which these depend on it.
    pub(crate) wants: Vec<(FunctionKey, QualifiedName)>,
}

/// A call of a parameter, or of a part of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Invoke {
    pub(crate) at: u16,
    pub(crate) path: Option<Arc<str>>,
    pub(crate) args: Args,
}

/// The name that says of which class the object is.
pub(crate) const CLASS: &str = "__class__";

/// A name that is looked up on the object of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) name: Arc<str>,
    /// Behind which class: `super().name` in that.
    pub(crate) behind: Option<QualifiedName>,
}

impl Summary {
    /// Whether a call of it never comes back: it raises on every way.
    pub(crate) fn never_ends(&self) -> bool {
        self.ensures.is_none() && !self.abstracts && !self.cut
    }

    pub(crate) fn hit(&mut self, hit: Hit) {
        self.cut |= !self.hits.add(hit);
    }

    pub(crate) fn calls(&mut self, callee: FunctionKey) {
        if !self.callees.contains(&callee) {
            self.callees.push(callee);
        }
    }

    pub(crate) fn splits(&mut self, split: Split) {
        if self.splits.len() < MOST_SPLITS && !self.splits.contains(&split) {
            self.splits.push(split);
        }
    }

    pub(crate) fn wants(&mut self, method: FunctionKey, class: &QualifiedName) {
        if !self.wants.iter().any(|(known, of)| *known == method && of == class) {
            self.wants.push((method, class.clone()));
        }
    }

    pub(crate) fn write(&mut self, parameter: u16, name: &Arc<str>, value: &Value) {
        let full = self.writes.len() >= MOST_WRITES;
        let same = self.writes.iter_mut().find(|(at, known, _)| *at == parameter && known == name);
        match same {
            Some((.., known)) => known.join(value),
            None if full => self.cut = true,
            None => self.writes.push((parameter, Arc::clone(name), value.clone())),
        }
    }

    pub(crate) fn leave(&mut self, holder: &QualifiedName, name: &str, value: Value) {
        let full = self.left.len() >= MOST_LEFT;
        let same = self.left.iter_mut().find(|(of, known, _)| of == holder && **known == *name);
        match same {
            Some((.., known)) => known.join(&value),
            None if full => self.cut = true,
            None => self.left.push((holder.clone(), Arc::from(name), value)),
        }
    }

    /// Notes a call of a parameter; which of them it is, if there is room for it.
    pub(crate) fn invoke(&mut self, call: Invoke) -> Option<u16> {
        let full = self.invokes.len() >= MOST_INVOKES;
        let known = self.invokes.iter().position(|known| *known == call);
        if known.is_none() && !full {
            self.invokes.push(call);
        }
        let last = || if full { None } else { self.invokes.len().checked_sub(1) };
        u16::try_from(known.or_else(last)?).ok()
    }

    /// Leaves a call to the callers; whether there is room for it.
    pub(crate) fn wait(&mut self, wait: Wait) -> bool {
        let full = self.waits.len() >= MOST_WAITS;
        match self.waits.iter_mut().find(|known| known.is_of(&wait)) {
            // The way there is longer with each turn of a function that calls itself.
            Some(_) if wait.handed_on => {}
            Some(known) => *known = wait,
            None if full => return false,
            None => self.waits.push(wait),
        }
        true
    }

    pub(crate) fn reads(&mut self, class: &QualifiedName, name: &str) {
        if !self.reads.iter().any(|(known, attribute)| known == class && **attribute == *name) {
            self.reads.push((class.clone(), Arc::from(name)));
        }
    }

    /// What it does by what was found before and by what was found now. What is told of data only grows this
    /// way, and what is proved only shrinks, so that going round comes to an end.
    pub(crate) fn with(&self, now: Self) -> Self {
        let mut both = Self {
            callees: now.callees,
            reads: now.reads,
            attributes: now.attributes,
            told: now.told,
            wants: now.wants,
            cut: now.cut,
            always: self.always && now.always,
            pairs: now.pairs,
            closures: self.closures || now.closures,
            results: self.results.max(now.results),
            ..self.clone()
        };
        both.returns.join(&now.returns);
        for hit in now.hits.into_all() {
            both.hit(hit);
        }
        for (parameter, name, value) in &now.writes {
            both.write(*parameter, name, value);
        }
        for (holder, name, value) in now.left {
            both.leave(&holder, &name, value);
        }
        for call in now.invokes {
            both.invoke(call);
        }
        for wait in now.waits {
            both.wait(wait);
        }
        for split in now.splits {
            both.splits(split);
        }
        both.holds.retain(|fact| self.pairs == now.pairs && now.holds.contains(fact));
        if both.ensures != now.ensures {
            both.ensures = None;
        }
        both
    }

    /// Whether it does with data what another does.
    pub(crate) fn does_the_same(&self, other: &Self) -> bool {
        self.same_outside(other) && self.attributes == other.attributes
    }

    /// Whether others see the same of it.
    pub(crate) fn same_outside(&self, other: &Self) -> bool {
        self.returns == other.returns
            && self.hits == other.hits
            && self.writes == other.writes
            && self.left == other.left
            && self.holds == other.holds
            && self.pairs == other.pairs
            && self.raises == other.raises
            && self.ensures == other.ensures
            && self.invokes == other.invokes
            && self.waits == other.waits
            && self.splits == other.splits
    }
}

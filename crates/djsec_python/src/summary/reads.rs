//! What is noted of single nodes while a tree is lowered: who reads which setting, which upper-case
//! names appear, and what is called. The walk itself is that of [`crate::code`].

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use djsec_base::TextRange;
use djsec_syntax::python::{Ranged, ast};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::collect::import_bindings;
use super::expression::{dotted, is_setting_name, string};
use super::{Binding, Condition};
use crate::calls::{Site, Sites};

/// What may be accesses to settings; whether they are is known after linking.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// The objects whose attributes are accessed, as dotted names in their module.
    pub(crate) bases: Vec<Box<str>>,
    /// The accesses, in source order.
    pub(crate) candidates: Vec<Candidate>,
    /// Hashes ([`mention_hash`]) of the upper-case names that appear, without duplicates.
    pub(crate) mentions: Vec<u64>,
}

/// An access to an upper-case attribute.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// Position in [`Reads::bases`].
    pub(crate) base: u32,
    /// The attribute; empty when it is computed.
    pub(crate) name: Box<str>,
    /// The whole expression.
    pub(crate) range: TextRange,
    /// What is done to it.
    pub(crate) access: Access,
}

/// What is done to an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// `settings.X`, `getattr(settings, "X")`.
    Read,
    /// `getattr(settings, "X", default)`, `hasattr(settings, "X")`.
    ReadOrDefault,
    /// `settings.X = …`, `setattr(settings, "X", …)`, `del settings.X`.
    Write,
}

/// Texts longer than this are not the name of a setting.
const LONGEST_TEXT: usize = 100;

/// Names are kept by hash: a collision can only make a name count as mentioned.
pub(crate) fn mention_hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    name.hash(&mut hasher);
    hasher.finish()
}

/// What the walk brings.
#[derive(Debug, Default)]
pub(crate) struct Visited {
    pub(super) reads: Reads,
    pub(super) local_imports: Vec<Binding>,
    pub(crate) calls: Sites,
    /// Whether `sys.path` or `site.addsitedir` appears.
    pub(super) edits_path: bool,
}

/// Takes notes; is to be shown every node once, outer ones before inner ones.
pub(crate) struct Reader<'a> {
    text: &'a str,
    bases: FxHashMap<Box<str>, u32>,
    mentions: FxHashSet<u64>,
    /// Positions of the callees in the index of calls.
    callees: FxHashMap<Cow<'a, str>, u32>,
    /// The function or class around the place, dotted…
    path: String,
    /// …and its position in the index, once it has a call in it.
    scope: Option<u32>,
    /// Whether calls are put into the index.
    indexes: bool,
    out: Visited,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            bases: FxHashMap::default(),
            mentions: FxHashSet::default(),
            callees: FxHashMap::default(),
            path: String::new(),
            scope: None,
            indexes: true,
            out: Visited::default(),
        }
    }

    /// One that leaves calls out of its notes.
    pub(crate) fn without_calls(text: &'a str) -> Self {
        Self { indexes: false, ..Self::new(text) }
    }

    /// Everything noted, when the walk is over.
    pub(crate) fn finish(mut self) -> Visited {
        self.out.calls.finish();
        let mut mentions: Vec<u64> = self.mentions.into_iter().collect();
        mentions.sort_unstable();
        self.out.reads.mentions = mentions;
        // Walks may differ in the order of what stands in one statement.
        self.out.reads.candidates.sort_by_key(|candidate| candidate.range.start());
        self.out
    }

    /// A name that is read, or a keyword.
    pub(crate) fn mention(&mut self, name: &str) {
        if is_setting_name(name) {
            self.mentions.insert(mention_hash(name));
        }
    }

    fn candidate(&mut self, base: &ast::Expr, name: &str, range: TextRange, access: Access) {
        let Some(base) = dotted(base, self.text) else { return };
        let next = u32::try_from(self.bases.len()).unwrap_or(u32::MAX);
        let at = self.bases.get(&*base).copied().unwrap_or(next);
        if at == next {
            self.bases.insert((&*base).into(), at);
            self.out.reads.bases.push(base.into());
        }
        self.out.reads.candidates.push(Candidate { base: at, name: name.into(), range, access });
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) {
        if text.len() <= LONGEST_TEXT {
            self.mention(text);
        }
    }

    pub(crate) fn attribute(&mut self, attribute: &'a ast::ExprAttribute) {
        let name = attribute.attr.as_str();
        if is_setting_name(name) {
            self.mentions.insert(mention_hash(name));
            let access = if attribute.ctx.is_load() { Access::Read } else { Access::Write };
            self.candidate(&attribute.value, name, attribute.range, access);
        } else if (name == "path" && is_name(&attribute.value, "sys")) || name == "addsitedir" {
            self.out.edits_path = true;
        }
    }

    /// Puts a call into the index.
    fn called(&mut self, callee: Cow<'a, str>, range: TextRange) {
        let Sites { callees, scopes, list, .. } = &mut self.out.calls;
        let callee = if let Some(known) = self.callees.get(&*callee) {
            *known
        } else {
            let position = callees.add(&callee);
            self.callees.insert(callee, position);
            position
        };
        let scope = *self.scope.get_or_insert_with(|| scopes.add(&self.path));
        list.push(Site { callee, scope, range });
    }

    pub(crate) fn call(&mut self, call: &'a ast::ExprCall) {
        if self.indexes {
            self.index(call);
        }
        self.built_in(call);
        for keyword in &call.arguments.keywords {
            if let Some(name) = &keyword.arg {
                self.mention(name.as_str());
            }
        }
    }

    fn index(&mut self, call: &'a ast::ExprCall) {
        let callee = match (dotted(&call.func, self.text), &*call.func) {
            (Some(name), _) => Some(name),
            (None, ast::Expr::Attribute(method)) => Some(Cow::Owned(format!(".{}", method.attr))),
            _ => None,
        };
        if let Some(callee) = callee {
            self.called(callee, call.range());
        }
    }

    /// `base[…] = …`.
    pub(crate) fn item(&mut self, item: &'a ast::ExprSubscript) {
        if item.ctx.is_store()
            && let Some(base) = dotted(&item.value, self.text)
        {
            self.called(Cow::Owned(format!("{base}.__setitem__")), item.range());
        }
    }

    /// An import statement, in a function or not.
    pub(crate) fn import(&mut self, stmt: &'a ast::Stmt, in_function: bool) {
        if let ast::Stmt::ImportFrom(import) = stmt {
            for alias in &import.names {
                self.mention(alias.name.as_str());
            }
        }
        if in_function {
            import_bindings(stmt, Condition::Branch, &mut self.out.local_imports);
        }
    }

    /// What follows is the body of a function or class, until it is left.
    pub(crate) fn enter(&mut self, name: &str) -> Outside {
        let outside = Outside { length: self.path.len(), scope: self.scope.take() };
        if outside.length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        outside
    }

    /// The end of a body.
    pub(crate) fn leave(&mut self, outside: &Outside) {
        self.path.truncate(outside.length);
        self.scope = outside.scope;
    }

    /// `getattr(settings, "X", default)` and its family.
    fn built_in(&mut self, call: &'a ast::ExprCall) {
        let ast::Expr::Name(function) = &*call.func else { return };
        let [object, name, rest @ ..] = &*call.arguments.args else { return };
        let access = match (function.id.as_str(), rest) {
            ("getattr", []) => Access::Read,
            ("getattr", _) | ("hasattr", []) => Access::ReadOrDefault,
            ("setattr", [_]) | ("delattr", []) => Access::Write,
            _ => return,
        };
        match string(name) {
            Some(name) if !is_setting_name(name) => {}
            Some(name) => self.candidate(object, name, call.range(), access),
            // Which setting it is stays open; the access itself is worth knowing.
            None => self.candidate(object, "", call.range(), access),
        }
    }
}

/// What stands around a body that was entered.
pub(crate) struct Outside {
    length: usize,
    scope: Option<u32>,
}

fn is_name(expr: &ast::Expr, name: &str) -> bool {
    matches!(expr, ast::Expr::Name(found) if found.id.as_str() == name)
}

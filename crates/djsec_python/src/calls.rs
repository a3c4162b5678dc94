//! Where what is called: the calls of every module, by the callee as written.
//!
//! The index is built with the summary and holds names and places only: what a callee means is asked
//! of [`Program::resolve`] for the few that a question is about, and the arguments of a call are read
//! again from the source by whoever wants them ([`Call::arguments`]).

#[cfg(test)]
mod tests;

use djsec_base::{Files, Span, TextRange, TextSize, last_part};
use djsec_syntax::python::{self, Ranged, ast};

use crate::names::Names;
use crate::summary::{Binding, dotted, mention_hash, string};
use crate::{BindingKind, ModuleId, Program, QualifiedName};

/// A call, or an assignment to an item, which is a call of `__setitem__`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'p> {
    /// The module it stands in.
    pub module: ModuleId,
    /// The callee as written (`os.environ.get`); `.save` for a method of what is not a plain name
    /// (`form().save()`), `os.environ.__setitem__` for `os.environ[…] = …`.
    pub callee: &'p str,
    /// The function or class around it (`Cart.total`); empty at module level.
    pub scope: &'p str,
    /// The whole call; of an assignment to an item, the item.
    pub span: Span,
}

/// One argument of a call, as far as it is plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name, where it is passed by name.
    pub keyword: Option<String>,
    /// Whether it is unpacked (`*args`, `**options`), so that it may be any number of them.
    pub unpacked: bool,
    /// Its text, for a plain string.
    pub text: Option<String>,
    /// The dotted name that it is, to be resolved in the call's module.
    pub name: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// The calls of one module.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    /// The different callees.
    pub(crate) callees: Names,
    /// The different functions and classes with calls in them.
    pub(crate) scopes: Names,
    /// The calls, outer before inner, otherwise in source order.
    pub(crate) list: Vec<Site>,
    /// Hashes of the callees' last names, sorted: nearly every question is about names that a module never calls.
    lasts: Box<[u64]>,
}

impl Sites {
    /// Notes what is called when all of it is known, and gives back what growing has left over.
    pub(crate) fn finish(&mut self) {
        for names in [&mut self.callees, &mut self.scopes] {
            names.shrink_to_fit();
        }
        self.list.shrink_to_fit();
        let mut lasts: Vec<u64> =
            self.callees.iter().map(|callee| mention_hash(last_part(callee))).collect();
        lasts.sort_unstable();
        lasts.dedup();
        self.lasts = lasts.into();
    }

    /// Whether something of this last name may be called.
    fn may_call(&self, last: &str) -> bool {
        self.lasts.binary_search(&mention_hash(last)).is_ok()
    }
}

/// A call, by positions in [`Sites`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site {
    pub(crate) callee: u32,
    pub(crate) scope: u32,
    pub(crate) range: TextRange,
}

impl Program {
    /// The calls in a module whose callee, as written, passes `wanted`.
    pub fn calls<'p>(
        &'p self,
        module: ModuleId,
        wanted: &dyn Fn(&str) -> bool,
    ) -> impl Iterator<Item = Call<'p>> + use<'p> {
        self.calls_if(true, module, wanted)
    }

    fn calls_if<'p>(
        &'p self,
        worthwhile: bool,
        module: ModuleId,
        wanted: &dyn Fn(&str) -> bool,
    ) -> impl Iterator<Item = Call<'p>> + use<'p> {
        let found = self.module(module).filter(|_| worthwhile);
        let file = found.map(|module| module.file);
        let sites = found.and_then(|module| module.calls());
        let passing: Vec<bool> =
            sites.map(|sites| sites.callees.iter().map(wanted).collect()).unwrap_or_default();
        let any = passing.contains(&true);
        let list = sites.filter(|_| any).map(|sites| sites.list.as_slice()).unwrap_or_default();
        list.iter().filter_map(move |site| {
            let sites = sites.filter(|_| passing.get(site.callee as usize) == Some(&true))?;
            Some(Call {
                module,
                callee: sites.callees.at(site.callee),
                scope: sites.scopes.at(site.scope),
                span: Span::new(file?, site.range),
            })
        })
    }

    /// The calls in a module of a method or function by its last name, whatever it belongs to: for
    /// methods of values whose type nobody wrote down.
    pub fn calls_named<'p>(
        &'p self,
        module: ModuleId,
        name: &str,
    ) -> impl Iterator<Item = Call<'p>> + use<'p> {
        let sites = || self.module(module)?.calls();
        let may = self.may_call(module, name) && sites().is_some_and(|sites| sites.may_call(name));
        self.calls_if(may, module, &|callee| last_part(callee) == name)
    }

    /// Whether a module's calls are worth to be looked at for one whose last name this is. What is written
    /// `base[key] = value` has no name in the source.
    fn may_call(&self, module: ModuleId, last: &str) -> bool {
        let found = self.module(module);
        found.is_some_and(|module| last == "__setitem__" || module.lowered.may_mention(last))
    }

    /// The calls in a module of something outside of the project, by its absolute dotted name
    /// (`os.environ.setdefault`, `builtins.eval`), however the module imports or renames it. A name
    /// that *another* module of the project renames is not followed: looking each of them up would
    /// cost more than parsing.
    pub fn calls_to<'p>(
        &'p self,
        module: ModuleId,
        name: &str,
    ) -> impl Iterator<Item = Call<'p>> + use<'p> {
        let last = last_part(name);
        self.calls_if(self.may_call(module, last), module, &|callee| {
            (last_part(callee) == last || self.renamed(module, callee))
                && !callee.starts_with('.')
                && self.resolve(module, callee).is_external(name)
        })
    }

    /// The calls in a module of any of these things outside of the project, each with the name that it
    /// was found under; see [`Self::calls_to`].
    pub fn calls_to_any<'p>(
        &'p self,
        module: ModuleId,
        names: &[&'static str],
    ) -> Vec<(&'static str, Call<'p>)> {
        let mut lasts: Vec<&str> = names.iter().map(|name| last_part(name)).collect();
        lasts.sort_unstable();
        lasts.dedup();
        if !lasts.iter().any(|last| self.may_call(module, last)) {
            return Vec::new();
        }
        let renames = self.renames(module, &lasts);
        let sites = self.module(module).and_then(|module| module.calls());
        let called = |last: &&str| sites.is_some_and(|sites| sites.may_call(last));
        if !lasts.iter().any(called) && !renames.iter().any(called) {
            return Vec::new();
        }
        let meant = |callee: &str| {
            let like = lasts.binary_search(&last_part(callee)).is_ok() || renames.contains(&callee);
            if callee.starts_with('.') || !like {
                return None;
            }
            let QualifiedName::External(found) = self.resolve(module, callee) else { return None };
            names.iter().copied().find(|name| *name == &*found)
        };
        let found = self.calls(module, &|callee| meant(callee).is_some());
        found.filter_map(|call| Some((meant(call.callee)?, call))).collect()
    }

    /// The names that a module gives to things that may be called one of `lasts` (sorted) elsewhere.
    fn renames(&self, module: ModuleId, lasts: &[&str]) -> Vec<&str> {
        let Some(module) = self.module(module) else { return Vec::new() };
        let may_be = |binding: &&Binding| match &binding.kind {
            BindingKind::From(_, original) => lasts.binary_search(&&**original).is_ok(),
            _ => true,
        };
        module.summary.renames().filter(may_be).map(|binding| &*binding.name).collect()
    }

    /// Whether a callee is a name that its module has given to something named otherwise.
    fn renamed(&self, module: ModuleId, callee: &str) -> bool {
        let Some(module) = self.module(module).filter(|_| !callee.contains('.')) else {
            return false;
        };
        let local = module.summary.local_imports.iter().filter(|found| *found.name == *callee);
        let bound = module.summary.named(callee).map(|(_, binding)| binding);
        bound.chain(local).any(Binding::renames)
    }
}

impl Call<'_> {
    /// The arguments in order; of an assignment to an item, its key. Read from the source anew, so
    /// only for the calls that matter.
    pub fn arguments(&self, files: &Files) -> Vec<Argument> {
        // In parentheses, because a call may go over several lines only inside some.
        let text = format!("({})", files.slice(self.span));
        let tree = python::parse(&text).tree;
        let Some(ast::Stmt::Expr(statement)) = tree.body.first() else { return Vec::new() };
        let argument = |expr: &ast::Expr, keyword: Option<&str>, unpacked: bool| Argument {
            keyword: keyword.map(str::to_owned),
            unpacked,
            text: string(expr).map(str::to_owned),
            name: dotted(expr, &text).map(String::from),
            span: self.inside(expr.range()),
        };
        match &*statement.value {
            ast::Expr::Call(call) => {
                let positional = call.arguments.args.iter().map(|arg| match arg {
                    ast::Expr::Starred(starred) => argument(&starred.value, None, true),
                    _ => argument(arg, None, false),
                });
                let named = call.arguments.keywords.iter().map(|keyword| {
                    let name = keyword.arg.as_ref().map(ast::Identifier::as_str);
                    argument(&keyword.value, name, name.is_none())
                });
                positional.chain(named).collect()
            }
            ast::Expr::Subscript(item) => vec![argument(&item.slice, None, false)],
            _ => Vec::new(),
        }
    }

    /// A place in the call's text, behind the parenthesis put before it.
    fn inside(&self, range: TextRange) -> Span {
        let start = self.span.range.start() + range.start();
        let start = start.checked_sub(TextSize::new(1)).unwrap_or_default();
        Span::new(self.span.file, TextRange::at(start, range.len()))
    }
}

impl Program {
    /// The text that an argument is: a plain string, or a name bound to one at module level.
    pub fn argument_text(&self, module: ModuleId, argument: &Argument) -> Option<String> {
        if argument.text.is_some() {
            return argument.text.clone();
        }
        let name: QualifiedName = self.resolve(module, argument.name.as_deref()?);
        match &self.binding(&name)?.kind {
            BindingKind::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }
}

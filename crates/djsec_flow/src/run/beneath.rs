//! Paths that lie beneath a folder: what `os.path.commonpath()` says of the names that they are made of.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use crate::args::Args;
use crate::value::Fact;
use crate::{Kind, Kinds};

/// Functions that take `..` out of a path.
const RESOLVE: &[&str] = &["os.path.abspath", "os.path.normpath", "os.path.realpath"];

impl Run<'_, '_> {
    /// The paths that `os.path.commonpath([…])` is called with.
    pub(super) fn common_path(&self, id: ExprId) -> &[ExprId] {
        let code = self.code;
        let Some((callee, arguments)) = code.call(id) else { return &[] };
        let common = self.named(callee).is_some_and(|name| name.is_external("os.path.commonpath"));
        let paths = arguments.first().filter(|_| common).map(|paths| paths.value);
        paths.and_then(|paths| code.elements(paths)).unwrap_or_default()
    }

    /// `commonpath([path, folder]) == folder`, where the folder is no constant: the others lie in it.
    pub(super) fn beneath_own(&self, (left, right): (ExprId, ExprId), when: bool) -> Vec<Fact> {
        let in_folder = |common: ExprId, folder: ExprId| {
            let folder = self.written(folder)?;
            let paths = self.common_path(common);
            let is_folder = |path: &ExprId| self.written(*path).as_ref() == Some(&folder);
            let others: Vec<ExprId> =
                paths.iter().copied().filter(|path| !is_folder(path)).collect();
            (others.len() < paths.len()).then_some(others)
        };
        let others = in_folder(left, right).or_else(|| in_folder(right, left));
        self.beneath(&others.unwrap_or_default(), when)
    }

    /// What it says of the names that paths are made of that these lie in a folder.
    pub(super) fn beneath(&self, paths: &[ExprId], when: bool) -> Vec<Fact> {
        let mut facts = Vec::new();
        for path in paths {
            self.made_of(*path, false, &mut |subject, resolved| {
                let safe = Kinds::of([Kind::Path]);
                let needs = if resolved { Kinds::NONE } else { Kinds::RESOLVED };
                facts.push(Fact { safe, needs, ..Fact::harmless(subject, when) });
            });
        }
        facts
    }

    /// The path as it is written that a function takes links and `..` out of.
    pub(super) fn resolved_path(&self, function: &str, args: &Args) -> Option<Arc<str>> {
        let given = args.positional.first().filter(|_| RESOLVE.contains(&function))?;
        if given.value.is_clean() { None } else { self.written(given.expr) }
    }

    /// The names that a path is put together of, and whether `..` is taken out of the whole.
    fn made_of(&self, path: ExprId, resolved: bool, f: &mut impl FnMut(Arc<str>, bool)) {
        if let Some(subject) = self.written(path) {
            f(subject, resolved);
            return;
        }
        let code = self.code;
        let Some((callee, arguments)) = code.call(path) else { return };
        let name = match self.named(callee) {
            Some(QualifiedName::External(name)) => name,
            _ => Arc::from(""),
        };
        // Where a storage keeps a file: it refuses what would lie outside of its folder.
        let of_storage = arguments.len() == 1
            && matches!(code.expr(callee), Expr::Attribute(_, name) if code.text(name) == "path");
        let resolves = of_storage || RESOLVE.contains(&&*name);
        if resolves || &*name == "os.path.join" {
            for argument in arguments {
                self.made_of(argument.value, resolved || resolves, f);
            }
        }
    }
}

//! Modules of installed packages: read for the classes in them, and for nothing else.
//!
//! They are modules beside those of the project. What is defined in them keeps its name as something
//! external, so that nothing that asks for names by their package sees a difference; only who asks for
//! the class behind such a name is led into its code. Which modules are there is decided from outside:
//! a question whose answer stands in a module that was not read yet names that module.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use djsec_base::{FileId, Utf8Path};
use djsec_syntax::python;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::code::{self, ClassId, Code};
use crate::module::{Lazy, Lowered};
use crate::resolve::is_builtin;
use crate::summary;
use crate::{Binding, BindingKind, ImportTarget, Module, ModuleId, Program, QualifiedName};

/// Ids from here on are those of installed modules.
const FIRST: u32 = 1 << 31;
/// Names that lead to other names are followed this often.
const MOST_HOPS: usize = 24;
/// Names looked at for one question.
const MOST_STEPS: usize = 500;

/// The file of every installed module: none of the tree.
const NO_FILE: FileId = FileId(u32::MAX);

/// The modules of installed packages that were read.
#[derive(Debug, Default)]
pub(crate) struct Library {
    modules: Vec<Module>,
    /// Modules by dotted name; `None` for one that is not installed.
    by_name: FxHashMap<Arc<str>, Option<ModuleId>>,
    /// Top-level packages of which classes are known from elsewhere; they are not read.
    closed: FxHashSet<Box<str>>,
}

/// Where the class behind a name of a package is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// In a module that was read, under its own name.
    Class(ModuleId, ClassId, Arc<str>),
    /// It is a class of a package that is known from elsewhere, under this name.
    Elsewhere(Arc<str>),
    /// Perhaps in this module, which was not read yet.
    Unread(Arc<str>),
    /// Nowhere, or it is no class.
    Nowhere,
}

impl Library {
    pub(crate) fn module(&self, id: ModuleId) -> Option<&Module> {
        self.modules.get(id.0.checked_sub(FIRST)? as usize)
    }

    /// The module whose name is the longest beginning of a name, with the rest of it; the last part is
    /// taken for a class.
    fn home<'n>(&self, name: &'n str) -> Result<(ModuleId, &'n str), Installed> {
        let mut found = None;
        for (end, _) in name.match_indices('.') {
            let prefix = name.get(..end).unwrap_or_default();
            match self.by_name.get(prefix) {
                None => return Err(Installed::Unread(prefix.into())),
                Some(None) => break,
                Some(Some(id)) => {
                    found = Some((*id, name.get(end + 1..).unwrap_or_default()));
                    if !self.module(*id).is_some_and(|module| module.is_package) {
                        break;
                    }
                }
            }
        }
        found.ok_or(Installed::Nowhere)
    }

    fn is_closed(&self, name: &str) -> bool {
        name.split('.').next().is_some_and(|top| self.closed.contains(top))
    }

    fn find(&self, name: &str) -> Installed {
        self.follow(name, 0, &mut 0)
    }

    /// `steps` are the names looked at so far: star imports may multiply them.
    fn follow(&self, name: &str, hops: usize, steps: &mut usize) -> Installed {
        *steps += 1;
        if *steps > MOST_STEPS {
            return Installed::Nowhere;
        }
        if self.is_closed(name) {
            return Installed::Elsewhere(name.into());
        }
        let (id, path) = match self.home(name) {
            Ok(found) => found,
            Err(other) => return other,
        };
        let Some(module) = self.module(id).filter(|_| hops < MOST_HOPS && !path.is_empty()) else {
            return Installed::Nowhere;
        };
        if let Some(class) = module.code().and_then(|code| code.class_at(path)) {
            return Installed::Class(id, class, format!("{}.{path}", module.name).into());
        }
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        if let Some((_, binding)) = module.summary.named(head).next_back() {
            return match leads_to(module, binding, head) {
                Some(next) => self.follow(&join(&next, rest), hops + 1, steps),
                None => Installed::Nowhere,
            };
        }
        for (_, star) in module.summary.star_imports().rev() {
            let BindingKind::Star(target) = &star.kind else { continue };
            let Some(target) = absolute(module, target) else { continue };
            match self.follow(&format!("{target}.{path}"), hops + 1, steps) {
                Installed::Nowhere => {}
                // Whether a package that is known from elsewhere has the name, who knows it says.
                found => return found,
            }
        }
        Installed::Nowhere
    }
}

/// The absolute name that a binding stands for, where it is an import or another name.
fn leads_to(module: &Module, binding: &Binding, head: &str) -> Option<String> {
    match &binding.kind {
        BindingKind::Import(name) => Some(name.to_string()),
        BindingKind::From(target, name) => Some(format!("{}.{name}", absolute(module, target)?)),
        BindingKind::Alias(other) if other.split('.').next() != Some(head) => {
            Some(format!("{}.{other}", module.name))
        }
        _ => None,
    }
}

fn absolute(module: &Module, target: &ImportTarget) -> Option<String> {
    let named = target.module.as_deref();
    let Some(above) = (target.level as usize).checked_sub(1) else {
        return named.map(str::to_owned);
    };
    let mut parts: Vec<&str> = module.name.split('.').collect();
    let above = above + usize::from(!module.is_package);
    parts.truncate(parts.len().checked_sub(above)?);
    parts.extend(named);
    (!parts.is_empty()).then(|| parts.join("."))
}

fn join(head: &str, rest: &str) -> String {
    if rest.is_empty() { head.to_owned() } else { format!("{head}.{rest}") }
}

impl Program {
    /// Names the top-level packages of which classes are known from elsewhere.
    pub fn close_packages<'n>(&mut self, packages: impl Iterator<Item = &'n str>) {
        self.library.closed.extend(packages.map(Box::from));
    }

    /// Adds a module of an installed package; no text where there is none of that name.
    pub fn add_installed(&mut self, name: &str, is_package: bool, text: Option<&str>) {
        let name: Arc<str> = name.into();
        let Some(text) = text else {
            self.library.by_name.insert(name, None);
            return;
        };
        let parsed = python::parse(text);
        let (code, mut visited) = code::lower(&parsed.tree, text);
        let calls = std::mem::take(&mut visited.calls);
        let digest = summary::digest(&parsed.tree, text, Utf8Path::new(""), visited);
        let id = FIRST + u32::try_from(self.library.modules.len()).unwrap_or(u32::MAX - FIRST);
        self.library.by_name.insert(Arc::clone(&name), Some(ModuleId(id)));
        let (file, summary) = (NO_FILE, digest.summary);
        self.library.modules.push(Module {
            name,
            file,
            is_package,
            summary,
            lowered: Lazy::known(Lowered { code, calls }),
        });
    }

    /// Where the class behind a name of a package is.
    pub fn installed(&self, name: &str) -> Installed {
        self.library.find(name)
    }

    /// The module and class behind a name, of the project or of an installed package.
    pub fn class_home(&self, name: &QualifiedName) -> Option<(ModuleId, &Code, ClassId)> {
        if let QualifiedName::External(external) = name {
            let Installed::Class(module, class, _) = self.installed(external) else { return None };
            return Some((module, self.code(module)?, class));
        }
        let QualifiedName::Project(module, _) = name else { return None };
        let (code, class) = self.class_code(name)?;
        Some((*module, code, class))
    }

    /// Whether a module is one of an installed package.
    pub fn is_installed(&self, module: ModuleId) -> bool {
        module.0 >= FIRST
    }

    /// What a name means in a module of an installed package.
    pub(crate) fn installed_name(&self, module: ModuleId, dotted: &str) -> QualifiedName {
        let Some(this) = self.library.module(module) else { return QualifiedName::Unknown };
        let (head, rest) = dotted.split_once('.').unwrap_or((dotted, ""));
        let external = |name: String| QualifiedName::External(name.into());
        let summary = &this.summary;
        let local = || summary.local_imports.iter().find(|import| *import.name == *head);
        if let Some(binding) =
            summary.named(head).next_back().map(|(_, found)| found).or_else(local)
        {
            return external(match leads_to(this, binding, head) {
                Some(name) => join(&name, rest),
                None => format!("{}.{dotted}", this.name),
            });
        }
        if is_builtin(head) {
            return external(format!("builtins.{dotted}"));
        }
        let stars = summary.star_imports().filter_map(|(_, star)| match &star.kind {
            BindingKind::Star(target) => absolute(this, target),
            _ => None,
        });
        let mut names: Vec<String> = stars.map(|from| format!("{from}.{dotted}")).collect();
        if names.len() > 1 {
            names.retain(|name| matches!(self.library.find(name), Installed::Class(..)));
        }
        match names.pop() {
            Some(name) if names.is_empty() => external(name),
            _ => QualifiedName::Unknown,
        }
    }
}

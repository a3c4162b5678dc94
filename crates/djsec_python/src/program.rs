//! All Python of the tree, linked.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aho_corasick::AhoCorasick;
use djsec_base::{
    File, FileId, FileKind, Files, Location, Notice, Role, Span, Utf8Path, Utf8PathBuf,
};
use djsec_syntax::python;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::code;
use crate::kept::KeptByText;
use crate::library::Library;
use crate::module::{Lazy, Lowered};
use crate::resolve::{Place, QualifiedName};
use crate::roots::{Candidate, Roots, Search};
use crate::summary::{self, Access, Digest, PathEdit, Reads, mention_hash};
use crate::{BindingKind, ImportTarget, Lowering, Module, ModuleId};

/// All Python modules of the tree, and what their names mean. Shared by all Django projects in it.
#[derive(Debug, Default)]
pub struct Program {
    modules: Vec<Module>,
    /// Paths of the modules, in the same order.
    paths: Vec<Utf8PathBuf>,
    by_file: FxHashMap<FileId, ModuleId>,
    roots: Roots,
    reads: Vec<LinkedRead>,
    mentions: FxHashSet<u64>,
    /// Modules of installed packages.
    pub(crate) library: Library,
    /// What names mean, as far as somebody has asked.
    pub(crate) kept: KeptByText<ModuleId, QualifiedName>,
    pub(crate) kept_bindings: KeptByText<ModuleId, Place>,
}

/// What parsing has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParseCoverage {
    /// Python files parsed.
    pub files: usize,
    /// Lines in them.
    pub lines: usize,
    /// Files with syntax errors, read as far as they can be.
    pub syntax_errors: usize,
    /// Files with statements that were left out because they nest too deep.
    pub too_deep: usize,
}

/// A place that accesses one of Django's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingsRead<'a> {
    /// The setting; empty when the name is computed (`getattr(settings, name)`).
    pub name: &'a str,
    /// The whole expression (`settings.NAME`, `getattr(settings, "NAME", …)`).
    pub span: Span,
    /// Whether an absent setting is provided for (`getattr` with a default, `hasattr`).
    pub has_default: bool,
}

#[derive(Debug)]
struct LinkedRead {
    name: Box<str>,
    span: Span,
    access: Access,
}

impl Program {
    /// Parses every Python file in parallel, keeps the summary and the code of each and drops the trees.
    pub fn build(files: &Files) -> (Self, Vec<Notice>, ParseCoverage) {
        Self::build_with(files, Lowering::AtOnce)
    }

    /// The same, with the code lowered when it is needed.
    pub fn build_with(files: &Files, lowering: Lowering) -> (Self, Vec<Notice>, ParseCoverage) {
        let all: Vec<(FileId, &File)> = files.iter().collect();
        let parse = |(id, file)| Some((id, Parsed::of(id, file, lowering)?));
        Self::assemble(files, &[], all.into_par_iter().with_max_len(8).filter_map(parse).collect())
    }

    /// Puts files together that were parsed, all Python files of these in their order. Those that are `placed`
    /// are modules of another path than the one they have in the tree.
    pub fn assemble(
        files: &Files,
        placed: &[(FileId, Utf8PathBuf)],
        parsed: Vec<(FileId, Box<Parsed>)>,
    ) -> (Self, Vec<Notice>, ParseCoverage) {
        let mut coverage = ParseCoverage::default();
        let mut notices = Vec::new();
        let mut this = Self::default();
        let mut reads = Vec::with_capacity(parsed.len());
        let mut edits = Vec::new();
        let mut own = Vec::new();
        this.modules.reserve_exact(parsed.len());
        this.paths.reserve_exact(parsed.len());
        for (file, facts) in parsed {
            let facts = *facts;
            let Some(source) = files.file(file) else { continue };
            coverage.files += usize::from(!facts.digest.summary.unread);
            coverage.lines += facts.lines;
            coverage.syntax_errors += usize::from(facts.broken);
            coverage.too_deep += usize::from(facts.too_deep);
            notices.extend(facts.notices);
            let id = ModuleId(u32::try_from(this.modules.len()).unwrap_or(u32::MAX));
            this.by_file.insert(file, id);
            let elsewhere = placed.iter().find(|(other, _)| *other == file).map(|(_, path)| path);
            let path = elsewhere.unwrap_or(&source.path);
            // A copy: what stood there is still there under its own name.
            if elsewhere.is_some() && source.path.extension() == Some("py") {
                own.push((id, &*source.path));
            }
            this.paths.push(path.clone());
            this.mentions.extend(&facts.digest.reads.mentions);
            reads.push(facts.digest.reads);
            edits.extend(facts.digest.folders.into_iter().map(|edit| (id, edit)));
            this.modules.push(Module {
                name: Arc::default(),
                file,
                is_package: matches!(path.file_name(), Some("__init__.py" | "__init__.pyw")),
                summary: facts.digest.summary,
                lowered: facts.lowered,
            });
        }
        this.link(files, &own, &edits);
        this.reads = this.linked_reads(reads);
        (this, gather_templates(notices, files), coverage)
    }

    /// Gives modules their names. `own`: the places in the tree of modules that have another path where they run.
    fn link(
        &mut self,
        files: &Files,
        own: &[(ModuleId, &Utf8Path)],
        edits: &[(ModuleId, PathEdit)],
    ) {
        let paths = self.paths.iter().map(|path| &**path);
        let candidates: Vec<Candidate<'_>> = (0_u32..)
            .map(ModuleId)
            .zip(paths)
            .chain(own.iter().copied())
            .map(|(module, path)| Candidate { module, path })
            .collect();
        let known = self.known_roots(files, edits);
        let mut roots = Roots::new(&candidates, known);
        for (module, path) in self.modules.iter().zip(&self.paths) {
            learn_imports(&module.summary, path, &mut roots);
        }
        for (module, path) in self.modules.iter_mut().zip(&self.paths) {
            module.name = roots.canonical_name(path).into();
        }
        self.roots = roots;
    }

    /// Folders that are source roots beyond doubt.
    fn known_roots(&self, files: &Files, edits: &[(ModuleId, PathEdit)]) -> FxHashSet<Utf8PathBuf> {
        // Folders with Python somewhere below, and those that are packages.
        let mut populated: FxHashSet<&Utf8Path> = FxHashSet::default();
        let mut packages: FxHashSet<&Utf8Path> = FxHashSet::default();
        for (module, path) in self.modules.iter().zip(&self.paths) {
            packages.extend(path.parent().filter(|_| module.is_package));
            for folder in path.ancestors().skip(1) {
                if !populated.insert(folder) {
                    break;
                }
            }
        }
        let mut known: FxHashSet<Utf8PathBuf> = FxHashSet::default();
        known.insert(Utf8PathBuf::new());
        for (_, file) in files.iter() {
            let Some(folder) = file.path.parent() else { continue };
            match file.path.file_name() {
                Some("manage.py") => known.insert(folder.to_owned()),
                Some("pyproject.toml" | "setup.py" | "setup.cfg")
                    if populated.contains(folder) && !packages.contains(folder) =>
                {
                    known.insert(folder.to_owned())
                }
                _ => false,
            };
        }
        let is_src =
            |folder: &&&Utf8Path| folder.file_name() == Some("src") && !packages.contains(**folder);
        known.extend(populated.iter().filter(is_src).map(|folder| (*folder).to_owned()));

        let projects = Roots::new(&[], known.clone());
        for (module, edit) in edits {
            let Some(path) = self.paths.get(module.0 as usize) else { continue };
            let places = match edit {
                PathEdit::InTree(folder) => [Some(folder.clone()), None],
                PathEdit::FromStart(folder) => [
                    summary::joined(projects.home(path), folder.as_str()),
                    path.parent().and_then(|parent| summary::joined(parent, folder.as_str())),
                ],
            };
            known.extend(
                places.into_iter().flatten().find(|folder| populated.contains(folder.as_path())),
            );
        }
        known
    }

    fn linked_reads(&self, reads: Vec<Reads>) -> Vec<LinkedRead> {
        let mut linked = Vec::new();
        for (id, reads) in (0_u32..).map(ModuleId).zip(reads) {
            let Some(module) = self.module(id) else { continue };
            let is_settings: Vec<bool> =
                reads.bases.iter().map(|base| self.is_settings(id, base)).collect();
            linked.extend(
                reads
                    .candidates
                    .into_iter()
                    .filter(|read| is_settings.get(read.base as usize) == Some(&true))
                    .map(|read| LinkedRead {
                        name: read.name,
                        span: Span::new(module.file, read.range),
                        access: read.access,
                    }),
            );
        }
        linked
    }

    fn is_settings(&self, module: ModuleId, base: &str) -> bool {
        let head = base.split('.').next().unwrap_or(base);
        let bound = self.module(module).is_some_and(|module| {
            module.summary.named(head).next().is_some()
                || module.summary.star_imports().next().is_some()
                || module.summary.local_imports.iter().any(|import| *import.name == *head)
        });
        bound
            && self
                .dotted(&self.resolve(module, base))
                .is_some_and(|name| name == "django.conf.settings")
    }

    /// The module with this id.
    pub fn module(&self, id: ModuleId) -> Option<&Module> {
        self.modules.get(id.0 as usize).or_else(|| self.library.module(id))
    }

    /// The path of a module's file where it runs, relative to the audited root; empty for an unknown id.
    pub fn path(&self, id: ModuleId) -> &Utf8Path {
        self.paths.get(id.0 as usize).map_or(Utf8Path::new(""), |path| path)
    }

    /// All modules of the project, in order of their files.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        (0_u32..).map(ModuleId).zip(&self.modules)
    }

    /// The module of a file.
    pub fn module_of(&self, file: FileId) -> Option<ModuleId> {
        self.by_file.get(&file).copied()
    }

    /// The module that a configuration means by an absolute dotted name, seen from a folder
    /// (a project root) or a file.
    pub fn find(&self, name: &str, near: &Utf8Path) -> Option<ModuleId> {
        self.roots.find(name, near, Search::Lenient)
    }

    /// The project module that `import name` would bring in `from` a module. Stricter than
    /// [`Self::find`]: `import stripe` never means the folder `integrations/stripe`.
    pub fn imported(&self, from: ModuleId, name: &str) -> Option<ModuleId> {
        self.roots.find(name, self.path(from), Search::Strict)
    }

    /// The absolute dotted name of a relative import; `None` when it leaves the tree.
    pub fn absolute(&self, from: ModuleId, level: u32, module: Option<&str>) -> Option<String> {
        if level == 0 {
            return module.map(str::to_owned);
        }
        if let Some(found) = self.import_target(from, level, module) {
            return self.module(found).map(|module| module.name.to_string());
        }
        let this = self.module(from)?;
        let mut parts: Vec<&str> = this.name.split('.').collect();
        let above = (level as usize).checked_sub(usize::from(this.is_package))?;
        parts.truncate(parts.len().checked_sub(above)?);
        parts.extend(module);
        (!parts.is_empty()).then(|| parts.join("."))
    }

    /// The project module that `from <level dots><module> import …` names.
    pub fn import_target(
        &self,
        from: ModuleId,
        level: u32,
        module: Option<&str>,
    ) -> Option<ModuleId> {
        if level == 0 {
            return self.imported(from, module?);
        }
        self.roots.at_path(&self.relative_place(from, level, module)?)
    }

    /// The module `name` in the package that `from <level dots><module> import name` names.
    pub(crate) fn submodule_target(
        &self,
        from: ModuleId,
        level: u32,
        module: Option<&str>,
        name: &str,
    ) -> Option<ModuleId> {
        if level == 0 {
            return self.imported(from, &format!("{}.{name}", module?));
        }
        self.roots.at_path(&self.relative_place(from, level, module)?.join(name))
    }

    /// The module `name` inside a package.
    pub(crate) fn submodule(&self, package: ModuleId, name: &str) -> Option<ModuleId> {
        let module = self.module(package).filter(|module| module.is_package)?;
        let folder = self.path(self.module_of(module.file)?).parent()?;
        self.roots.at_path(&folder.join(name))
    }

    /// The folder or module path that a relative import names; imports below are by path, so that
    /// packages of the same name do not get mixed up.
    fn relative_place(
        &self,
        from: ModuleId,
        level: u32,
        module: Option<&str>,
    ) -> Option<Utf8PathBuf> {
        let mut place = self.path(from).parent()?.to_owned();
        for _ in 1..level {
            if !place.pop() {
                return None;
            }
        }
        for part in module.into_iter().flat_map(|module| module.split('.')) {
            place.push(part);
        }
        Some(place)
    }

    /// Every read of a Django setting, in order of file and place.
    pub fn settings_reads(&self) -> impl Iterator<Item = SettingsRead<'_>> {
        self.accesses(|access| access != Access::Write)
    }

    /// Every place that sets or deletes a Django setting at run time (`settings.X = …`).
    pub fn settings_writes(&self) -> impl Iterator<Item = SettingsRead<'_>> {
        self.accesses(|access| access == Access::Write)
    }

    fn accesses(&self, wanted: fn(Access) -> bool) -> impl Iterator<Item = SettingsRead<'_>> {
        self.reads.iter().filter(move |read| wanted(read.access)).map(|read| SettingsRead {
            name: &read.name,
            span: read.span,
            has_default: read.access == Access::ReadOrDefault,
        })
    }

    /// Whether the code of a module of the project mentions one of these names.
    pub fn mentions_any(&self, names: &[&str]) -> bool {
        // All names in one pass: without their code, most modules are only text.
        let Ok(finder) = AhoCorasick::new(names) else { return true };
        self.modules.par_iter().any(|module| {
            module.lowered.may_hold(&finder) && names.iter().any(|name| module.mentions(name))
        })
    }

    /// Whether an upper-case name appears anywhere as a name that is read, an attribute, a keyword
    /// or a string: `false` means that nothing in the tree's Python reads it.
    pub fn mentions_name(&self, name: &str) -> bool {
        self.mentions.contains(&mention_hash(name))
    }
}

/// Notes which folders must be source roots because imports only work then.
fn learn_imports(summary: &crate::Summary, path: &Utf8Path, roots: &mut Roots) {
    for binding in summary.bindings.iter().chain(&summary.local_imports) {
        let (module, name) = match &binding.kind {
            BindingKind::From(ImportTarget { level: 0, module: Some(module) }, name) => {
                (module, Some(name))
            }
            BindingKind::Import(module)
            | BindingKind::Star(ImportTarget { level: 0, module: Some(module) }) => (module, None),
            _ => continue,
        };
        if roots.could_learn(module) {
            roots.learn(module, path);
            if let Some(name) = name {
                roots.learn(&format!("{module}.{name}"), path);
            }
        }
    }
}

/// What is known of one Python file after parsing.
#[derive(Debug)]
pub struct Parsed {
    digest: Digest,
    lowered: Lazy,
    lines: usize,
    broken: bool,
    too_deep: bool,
    notices: Vec<Notice>,
}

impl Parsed {
    /// Parses a file that is Python; `id` is its number among all files. Boxed: most files of a tree are none, and lists of
    /// what came of all files are moved as they grow.
    pub fn of(id: FileId, file: &File, lowering: Lowering) -> Option<Box<Self>> {
        (file.kind == FileKind::Python).then(|| Box::new(Self::parse(id, file, lowering)))
    }

    fn parse(id: FileId, file: &File, lowering: Lowering) -> Self {
        let Some(text) = &file.text else {
            let mut digest = Digest::default();
            digest.summary.unread = true;
            let notices = Vec::new();
            let lowered = Lazy::default();
            return Self { digest, lowered, lines: 0, broken: false, too_deep: false, notices };
        };
        let parsed = python::parse(text);
        // The code of tests, migrations and vendored packages is nobody's question.
        let own = file.role == Role::Application;
        let (lowered, visited) = if own && lowering == Lowering::AtOnce {
            let (code, mut visited) = code::lower(&parsed.tree, text);
            let calls = std::mem::take(&mut visited.calls);
            (Lazy::known(Lowered { code, calls }), visited)
        } else {
            (Lazy::of(Arc::clone(text), own), code::glance(&parsed.tree, text))
        };
        let digest = summary::digest(&parsed.tree, text, &file.path, visited);
        let first = |deep: bool| parsed.errors.iter().find(|error| python::too_deep(error) == deep);
        let (broken, too_deep) = (first(false), first(true));
        let notices = [(broken, false), (too_deep, true)]
            .into_iter()
            .filter_map(|(error, deep)| {
                let error = error?;
                Some(notice(file, &error.message, deep).at(Span::new(id, error.range)))
            })
            .collect();
        let (broken, too_deep) = (broken.is_some(), too_deep.is_some());
        Self { digest, lowered, lines: count_lines(text), broken, too_deep, notices }
    }
}

/// A file that Python itself could not load is no part of the running application, and is read as
/// far as it goes; statements that we left out are missing from the audit.
fn notice(file: &File, message: &str, too_deep: bool) -> Notice {
    if too_deep && !matches!(file.role, Role::Test | Role::Example) {
        Notice::incomplete("nested-too-deep", format!("{}: {message}", file.path))
    } else if too_deep {
        Notice::info("nested-too-deep", format!("{}: {message}", file.path))
    } else {
        Notice::info(
            "syntax-error",
            format!("{}: {message}; the file was read as far as possible", file.path),
        )
    }
}

/// One word for all files that a generator (cookiecutter, copier) fills in before they are Python.
fn gather_templates(mut notices: Vec<Notice>, files: &Files) -> Vec<Notice> {
    let folder = |notice: &Notice| match notice.location {
        Some(Location::Span(span)) if notice.id == "syntax-error" => {
            let path = files.path(span.file);
            path.ancestors().skip(1).find(|folder| {
                folder.file_name().is_some_and(|name| name.contains("{{"))
                    && folder.parent().is_none_or(|above| !above.as_str().contains("{{"))
            })
        }
        _ => None,
    };
    let found: Vec<&Utf8Path> = notices.iter().filter_map(folder).collect();
    let Some(first) = found.first() else { return notices };
    let message = format!(
        "{} Python files below {first} are templates that a generator fills in, and no Python yet; \
         to audit what it writes, generate a project and audit that",
        found.len()
    );
    let summary = notices.iter().find(|n| folder(n).is_some()).and_then(|n| n.location);
    let summary = Notice { location: summary, ..Notice::info("template-files", message) };
    if found.len() > 1 {
        notices.retain(|notice| folder(notice).is_none());
        notices.push(summary);
    }
    notices
}

fn count_lines(text: &str) -> usize {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    ends + usize::from(!text.is_empty() && !text.ends_with('\n'))
}

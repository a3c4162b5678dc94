//! Imports: project modules are executed once, others are names of the library.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::FileId;
use djsec_syntax::python::{self, ast};

use super::{At, Fact, Frame, Interp, Leaf, Loaded, NsId, Val};
use crate::summary::{BindingKind, Condition};
use crate::worlds::{Atom, Guard};
use crate::{ModuleId, Program};

impl Interp<'_> {
    /// A module of the project as the running module would import it; the first one by any name that
    /// fits.
    pub(super) fn find_module(&self, name: &str) -> Option<ModuleId> {
        let from = self.frames.last().and_then(|frame| self.program.module_of(frame.file));
        match from {
            Some(from) => self.program.imported(from, name),
            None => self.program.find(name, &self.root),
        }
    }

    /// Executes a project module by dotted name; its namespace, or nothing if there is no such file.
    pub fn load_module(&mut self, name: &str, at: At) -> Option<NsId> {
        let id = self.find_module(name)?;
        self.load_as(id, name, at)
    }

    /// Executes a project module under its own name.
    pub fn load(&mut self, id: ModuleId, at: At) -> Option<NsId> {
        let name = Arc::clone(&self.program.module(id)?.name);
        self.load_as(id, &name, at)
    }

    fn load_as(&mut self, id: ModuleId, name: &str, at: At) -> Option<NsId> {
        let file = self.program.module(id)?.file;
        // Parents run first, as in Python.
        if let Some((parent, _)) = name.rsplit_once('.')
            && self.modules.get(parent).is_none_or(|loaded| !loaded.running)
            && !self.defers(parent)
        {
            self.load_module(parent, at);
        }
        let key: Arc<str> = Arc::from(name);
        if let Some(loaded) = self.modules.get(&key) {
            let (ns, executed, running) = (loaded.ns, loaded.executed, loaded.running);
            let rest = self.worlds.minus(at.pc, executed);
            if running || self.worlds.impossible(rest) {
                return Some(ns);
            }
            self.execute(&key, file, ns, At { pc: rest, ..at });
            return Some(ns);
        }
        let ns = self.new_namespace();
        self.modules
            .insert(Arc::clone(&key), Loaded { ns, executed: Guard::NEVER, running: false });
        self.execute(&key, file, ns, at);
        Some(ns)
    }

    fn execute(&mut self, name: &Arc<str>, file: FileId, ns: NsId, at: At) {
        if let Some(loaded) = self.modules.get_mut(name) {
            loaded.running = true;
        }
        self.within_a_share(ns, |it| it.execute_file(name, file, ns, at));
        let before = self.modules.get(name).map_or(Guard::NEVER, |loaded| loaded.executed);
        let executed = self.worlds.or(before, at.pc);
        if let Some(loaded) = self.modules.get_mut(name) {
            loaded.running = false;
            loaded.executed = executed;
        }
    }

    /// Executes a file in a namespace (`import`, `include()` of split-settings, `exec(open(…))`).
    pub fn execute_file(&mut self, module: &Arc<str>, file: FileId, ns: NsId, at: At) {
        if self.frames.len() >= 64 {
            self.exhaust("nested imports", at.span);
            return;
        }
        let tree = self.syntax_tree(file);
        self.frames.push(Frame {
            file,
            module: Arc::clone(module),
            ns,
            outer: Vec::new(),
            globals: ns,
            declared_global: Vec::new(),
            returned: Vec::new(),
            returned_guard: Guard::NEVER,
            loops: Vec::new(),
            class: None,
            method_of: None,
            receiver: None,
            yields: None,
            function: None,
        });
        self.catching_outside.push(self.catching.len());
        self.ran.insert((file, ns));
        self.run_module(&tree.body, at);
        self.catching_outside.pop();
        if self.broken.contains(&file) {
            // What can be read of the file counts for reports; importing it fails all the same.
            self.raise(at.pc, "SyntaxError", "invalid syntax", at);
        }
        self.frames.pop();
    }

    /// Executes a file in the namespace of the running module, unless it was executed there before.
    pub fn include_once(&mut self, file: FileId, at: At) {
        let Some(frame) = self.frames.last() else { return };
        let (ns, module) = (frame.globals, Arc::clone(&frame.module));
        let done = self.included.iter().position(|(n, f, _)| *n == ns && *f == file);
        let before = done.and_then(|n| self.included.get(n)).map_or(Guard::NEVER, |d| d.2);
        let pc = self.worlds.minus(at.pc, before);
        if self.worlds.impossible(pc) {
            return;
        }
        let all = self.worlds.or(before, pc);
        match done.and_then(|n| self.included.get_mut(n)) {
            Some(slot) => slot.2 = all,
            None => self.included.push((ns, file, all)),
        }
        self.execute_file(&module, file, ns, At { pc, ..at });
    }

    pub(super) fn syntax_tree(&mut self, file: FileId) -> Rc<ast::ModModule> {
        if let Some(tree) = self.trees.get(&file) {
            return Rc::clone(tree);
        }
        let parsed = python::parse(self.files.text(file));
        if !parsed.errors.is_empty() {
            self.broken.push(file);
        }
        let tree = Rc::new(parsed.tree);
        self.trees.insert(file, Rc::clone(&tree));
        tree
    }

    /// The namespace of a module that was loaded.
    pub fn module_namespace(&self, name: &str) -> Option<NsId> {
        self.modules.get(name).map(|loaded| loaded.ns)
    }

    pub(super) fn import(&mut self, s: &ast::StmtImport, at: At) {
        for alias in &s.names {
            let name = alias.name.as_str();
            let found = self.import_module(name, at);
            match (&alias.asname, found) {
                (_, None) => {}
                (Some(asname), Some(val)) => self.bind(asname.as_str(), val, at),
                (None, Some(val)) => {
                    let first = name.split('.').next().unwrap_or(name);
                    let val = match val.single() {
                        Some(Leaf::Module(_)) if first != name => {
                            Val::of(Leaf::Module(Arc::from(first)), Some(at.span))
                        }
                        Some(Leaf::Ext(_)) if first != name => {
                            Val::of(Leaf::Ext(Arc::from(first)), Some(at.span))
                        }
                        _ => val,
                    };
                    self.bind(first, val, at);
                }
            }
        }
    }

    /// A module as a value; nothing when importing it fails in every world.
    pub fn import_module(&mut self, name: &str, at: At) -> Option<Val> {
        if !self.defers(name) {
            match self.load_module(name, at) {
                Some(from) => self.takes(from),
                None => return self.external_module(name, at),
            }
        }
        Some(Val::of(Leaf::Module(Arc::from(name)), Some(at.span)))
    }

    /// A module outside the tree: of a package, or of the project but not in the repository.
    fn external_module(&mut self, name: &str, at: At) -> Option<Val> {
        let top = name.split('.').next().unwrap_or(name);
        let ours = self.find_module(top).is_some();
        if ours {
            self.note_override(name, false, at);
            let there = self.tested_file(name);
            let missing = self.worlds.minus(at.pc, there);
            self.raise(missing, "ModuleNotFoundError", name, at);
            // Where the settings have looked for the file first, its import succeeds.
            let reach = self.worlds.and(at.pc, there);
            return (!self.worlds.impossible(reach))
                .then(|| Val::of(Leaf::Ext(Arc::from(name)), Some(at.span)));
        }
        if self.in_try() && !super::stdlib::is_module(top) {
            let there = match self.library.installed(top) {
                Some(true) => Guard::ALWAYS,
                Some(false) => Guard::NEVER,
                None => self.worlds.atom(Atom::Installed(Arc::from(top))),
            };
            let missing = self.worlds.minus(at.pc, there);
            self.raise(missing, "ModuleNotFoundError", name, at);
            if there.is_never() {
                return None;
            }
        }
        Some(Val::of(Leaf::Ext(Arc::from(name)), Some(at.span)))
    }

    /// The worlds in which the file of a module that is not in the tree exists, when the code has
    /// asked whether it does.
    fn tested_file(&mut self, name: &str) -> Guard {
        let Some((parent, last)) = name.rsplit_once('.') else { return Guard::NEVER };
        let Some(file) = self.module_file(parent) else { return Guard::NEVER };
        let path = self.files.path(file).as_str();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let slash = if folder.is_empty() { "" } else { "/" };
        let atom = Atom::Exists(Arc::from(format!("{folder}{slash}{last}.py")));
        self.worlds.known(&atom).unwrap_or(Guard::NEVER)
    }

    fn note_override(&mut self, name: &str, present: bool, at: At) {
        let fact = Fact::LocalOverride { name: name.to_owned(), present, span: at.span };
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    pub(super) fn import_from(&mut self, s: &ast::StmtImportFrom, at: At) {
        let module = s.module.as_ref().map(ast::Identifier::as_str);
        let Some(base) = self.absolute_name(s.level, module) else {
            self.raise(at.pc, "ImportError", "relative import outside a package", at);
            return;
        };
        if base == "__future__" {
            return;
        }
        let star = s.names.iter().any(|alias| alias.name.as_str() == "*");
        if !star && self.import_from_folder(&base, &s.names, at) {
            return;
        }
        if !star && self.defers(&base) {
            for alias in &s.names {
                self.import_reference(&base, alias, at);
            }
            return;
        }
        if star && !self.in_try() && self.defers(&base) && self.star_references(&base, at) {
            return;
        }
        let loaded = self.load_module(&base, at);
        if let Some(from) = loaded {
            self.takes(from);
        }
        if let (Some(_), true, true) = (loaded, star, self.in_own_try()) {
            self.note_override(&base, true, at);
            let there = self.worlds.atom(Atom::Exists(Arc::from(base.as_str())));
            self.optional_star(&base, there, at);
            return;
        }
        match loaded {
            Some(ns) => {
                for alias in &s.names {
                    if alias.name.as_str() == "*" {
                        self.import_star(ns, at);
                    } else {
                        self.import_name(&base, ns, alias, at);
                    }
                }
            }
            None => self.import_external(&base, s, star, at),
        }
    }

    /// Whether this is a module of the project that importing does not run.
    pub(super) fn defers(&self, name: &str) -> bool {
        self.find_module(name).is_some_and(|id| self.library.defers(self, id))
    }

    /// A name of a module that importing does not run: what it refers to, if that is known without
    /// running it.
    fn import_reference(&mut self, base: &str, alias: &ast::Alias, at: At) {
        let name = alias.name.as_str();
        let target = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        if let Some(val) = self.reference(base, name, at) {
            self.bind(target, val, at);
            return;
        }
        if let Some(sub) = self.deferred_submodule(base, name) {
            self.bind(target, Val::of(Leaf::Module(sub), Some(at.span)), at);
            return;
        }
        if let Some(ns) = self.load_module(base, at) {
            self.import_name(base, ns, alias, at);
        }
    }

    /// Binds what a star import brings of a module that importing does not run, if all of it can be known
    /// without running it; whether it could.
    fn star_references(&mut self, base: &str, at: At) -> bool {
        let program = self.program;
        if self.module_namespace(base).is_some() {
            return false;
        }
        let Some(id) = self.find_module(base) else { return false };
        let mut names = Vec::new();
        if !exported(program, &|id| self.library.defers(self, id), id, 0, &mut names) {
            return false;
        }
        let values = names.into_iter().map(|name| Some((name, self.reference(base, name, at)?)));
        let Some(values) = values.collect::<Option<Vec<_>>>() else { return false };
        for (name, value) in values {
            self.bind(name, value, at);
        }
        true
    }

    /// The module that `from base import name` gives because the package itself has no such name, where
    /// importing does not run that module either: its names are looked up when somebody asks for them.
    fn deferred_submodule(&self, base: &str, name: &str) -> Option<Arc<str>> {
        let package = self.program.module(self.find_module(base)?)?;
        let summary = &package.summary;
        let ns = self.module_namespace(base).and_then(|ns| self.namespace(ns));
        let bound = ns.is_some_and(|space| space.find(name).is_some())
            || summary.named(name).next().is_some()
            || summary.star_imports().next().is_some()
            || summary.unread;
        let sub = format!("{base}.{name}");
        (!bound && self.defers(&sub)).then(|| Arc::from(sub))
    }

    fn reference(&mut self, module: &str, name: &str, at: At) -> Option<Val> {
        let ns = self.module_namespace(module).and_then(|ns| self.namespace(ns));
        if ns.is_some_and(|space| space.find(name).is_some()) {
            return None;
        }
        let id = self.find_module(module)?;
        if !self.library.defers(self, id) {
            return None;
        }
        self.library.reference(self, id, name, at)
    }

    /// `try: from .local import * except ImportError: pass`, with the file in the tree: it may or
    /// may not be there where the process runs.
    fn optional_star(&mut self, base: &str, there: Guard, at: At) {
        let missing = self.worlds.minus(at.pc, there);
        self.raise(missing, "ImportError", base, at);
        let pc = self.worlds.and(at.pc, there);
        if let Some(ns) = self.module_namespace(base) {
            self.import_star(ns, At { pc, ..at });
        }
    }

    fn import_external(&mut self, base: &str, s: &ast::StmtImportFrom, star: bool, at: At) {
        if self.external_module(base, at).is_none() {
            return;
        }
        if star {
            let ns = self.globals();
            if self.library_star(base, at) {
                return;
            }
            let top = base.split('.').next().unwrap_or(base);
            if self.find_module(top).is_some() {
                // A local override, noted once; it does not make everything unknown.
                return;
            }
            if let Some(space) = ns.and_then(|ns| self.namespace_mut(ns)) {
                space.open = true;
            }
            return;
        }
        for alias in &s.names {
            let full: Arc<str> = Arc::from(format!("{base}.{}", alias.name));
            let val = self.external_value(&full, at);
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.bind(bound.as_str(), val, at);
        }
    }

    /// A star import of a module whose constants the library knows, such as Django's defaults.
    fn library_star(&mut self, base: &str, at: At) -> bool {
        let all: Arc<str> = Arc::from(format!("{base}.*"));
        let Some(names) = self.library.value(self, &all, at) else { return false };
        let names = self.elements(&names, at);
        for (_, name) in names.items {
            if let Some(name) = name.as_str() {
                let full: Arc<str> = Arc::from(format!("{base}.{name}"));
                let val = self.external_value(&full, at);
                self.bind(&name, val, at);
            }
        }
        true
    }

    /// The absolute name an import statement of the current module means.
    pub(super) fn absolute_name(&self, level: u32, module: Option<&str>) -> Option<String> {
        if level == 0 {
            return module.map(str::to_owned);
        }
        let frame = self.frames.last()?;
        let id = self.program.module_of(frame.file)?;
        let is_package = self.program.module(id)?.is_package;
        let mut base: Vec<&str> = frame.module.split('.').collect();
        let up = if is_package { level - 1 } else { level };
        for _ in 0..up {
            base.pop()?;
        }
        if let Some(module) = module {
            base.push(module);
        }
        (!base.is_empty()).then(|| base.join("."))
    }

    fn import_star(&mut self, from: NsId, at: At) {
        let Some(space) = self.namespace(from) else { return };
        let open = space.open;
        let names: Vec<(Arc<str>, Val)> =
            space.iter().map(|(name, bound)| (Arc::clone(name), bound.val.clone())).collect();
        let exported =
            names.iter().find(|(name, _)| &**name == "__all__").map(|(_, val)| val.clone());
        let exported: Option<Vec<Arc<str>>> = exported.map(|val| {
            let seq = self.elements(&val, at);
            seq.items.iter().filter_map(|(_, item)| item.as_str()).collect()
        });
        for (name, val) in names {
            let wanted = match &exported {
                Some(all) => all.contains(&name),
                None => !name.starts_with('_'),
            };
            if !wanted {
                continue;
            }
            self.copy_name(from, &name, &val, at);
        }
        if let (true, Some(ns)) = (open, self.globals())
            && let Some(space) = self.namespace_mut(ns)
        {
            space.open = true;
        }
    }

    /// Binds an imported value; its history comes along, so that reports can tell the whole way.
    fn copy_name(&mut self, from: NsId, name: &str, val: &Val, at: At) {
        let absent = self.absent(val);
        let pc = self.worlds.minus(at.pc, absent);
        if self.worlds.impossible(pc) {
            return;
        }
        let (history, conditional) = self
            .namespace(from)
            .and_then(|space| space.find(name))
            .map(|bound| {
                let history = (bound.touched.clone(), bound.replaced.clone());
                (history, bound.conditional.clone())
            })
            .unwrap_or_default();
        let (history, replaced) = history;
        self.bind(name, val.clone(), At { pc, ..at });
        let ns = self.frames.last().map(|frame| frame.ns);
        if let Some(bound) = ns.and_then(|ns| self.namespace_mut(ns)).and_then(|s| s.entry(name)) {
            // The import statement itself is no news; where the value was set is.
            if bound.touched.last() == Some(&at.span) {
                bound.touched.pop();
            }
            for known in conditional {
                if !bound.conditional.contains(&known) {
                    bound.conditional.push(known);
                }
            }
            for span in history {
                if !bound.touched.contains(&span) {
                    bound.touched.push(span);
                }
            }
            bound.replaced.extend(replaced);
        }
    }

    fn import_name(&mut self, base: &str, ns: NsId, alias: &ast::Alias, at: At) {
        let name = alias.name.as_str();
        let target = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        let found = self.namespace(ns).and_then(|s| s.find(name)).map(|b| b.val.clone());
        if let Some(val) = found {
            if target == name {
                self.copy_name(ns, name, &val, at);
            } else {
                let absent = self.absent(&val);
                let pc = self.worlds.minus(at.pc, absent);
                self.bind(target, val, At { pc, ..at });
            }
            return;
        }
        let sub = format!("{base}.{name}");
        if self.load_module(&sub, at).is_some() {
            self.bind(target, Val::of(Leaf::Module(Arc::from(sub)), Some(at.span)), at);
            return;
        }
        let open = self.namespace(ns).is_some_and(|space| space.open);
        if !open && self.in_try() {
            self.raise(at.pc, "ImportError", sub, at);
            return;
        }
        let val = self.unknown(format!("`{name}` from {base}"), at);
        self.bind(target, val, at);
    }

    /// The file of a module of the project.
    pub(super) fn module_file(&self, module: &str) -> Option<FileId> {
        let id = self.find_module(module)?;
        self.program.module(id).map(|module| module.file)
    }

    pub(super) fn module_attribute(&mut self, module: &Arc<str>, name: &str, at: At) -> Val {
        if let Some(val) = self.reference(module, name, at) {
            return val;
        }
        if self.module_namespace(module).is_none() && self.defers(module) {
            self.load_module(module, at);
        }
        let ns = self.module_namespace(module);
        if name == "__dict__" {
            return Val::of(Leaf::Module(Arc::clone(module)), Some(at.span));
        }
        if name == "__name__" {
            return Val::str(Arc::clone(module));
        }
        if name == "__file__"
            && let Some(file) = self.module_file(module)
        {
            return Val::str(format!("{}{}", super::paths::ROOT, self.files.path(file)));
        }
        let space = ns.and_then(|ns| self.namespace(ns));
        let open = space.is_none_or(|space| space.open);
        if let Some(val) = space.and_then(|space| space.find(name)).map(|b| b.val.clone()) {
            let val = self.narrow(&val, at.pc);
            return self.required(&val, "AttributeError", name, at);
        }
        let sub = format!("{module}.{name}");
        if self.load_module(&sub, at).is_some() {
            return Val::of(Leaf::Module(Arc::from(sub)), Some(at.span));
        }
        // `globals().update(…)`: the namespace is used as a dict.
        if super::methods::is_mapping_method(name) {
            let method =
                Leaf::BuiltinMethod(Rc::new((Leaf::Module(Arc::clone(module)), Arc::from(name))));
            return Val::of(method, Some(at.span));
        }
        if !open && self.in_try() {
            return self.fail("AttributeError", name, at);
        }
        self.unknown(format!("`{name}` of module {module}"), at)
    }
}

/// Star imports of star imports are followed this deep.
const MOST_STARS: u8 = 8;

/// Gathers the names that a star import of a module brings; whether that could be told from its outside,
/// and none of the modules that they come from has to be run (`defers`).
fn exported<'p>(
    program: &'p Program,
    defers: &dyn Fn(ModuleId) -> bool,
    id: ModuleId,
    depth: u8,
    names: &mut Vec<&'p str>,
) -> bool {
    let Some(module) = program.module(id) else { return false };
    let summary = &module.summary;
    if summary.unread || depth > MOST_STARS || !defers(id) {
        return false;
    }
    if let Some(exports) = &summary.exports {
        let plain = |name: &str| {
            summary.named(name).all(|(_, binding)| binding.condition == Condition::Always)
        };
        names.extend(exports.names.iter().map(|name| &**name));
        let known = !exports.partial && exports.included.is_empty();
        return known && exports.names.iter().all(|name| plain(name));
    }
    summary.bindings.iter().filter(|one| one.condition != Condition::TypeChecking).all(|binding| {
        if binding.condition != Condition::Always {
            return false;
        }
        let BindingKind::Star(target) = &binding.kind else {
            names.extend(Some(&*binding.name).filter(|name| !name.starts_with('_')));
            return true;
        };
        let target = program.import_target(id, target.level, target.module.as_deref());
        target.is_some_and(|target| exported(program, defers, target, depth + 1, names))
    })
}

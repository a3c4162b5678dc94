//! Names of the project as the evaluator meets them: references to classes and functions of modules
//! that were not run, and what their code looks like.

use std::cell::RefCell;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use djsec_base::{FileId, TextRange};
use djsec_python::code::{Code, Expr, ExprId, FunctionId, List, Stmt};
use djsec_python::{BindingKind, ModuleId, Program, QualifiedName};
use rustc_hash::FxHashMap;

use crate::hierarchy::Hierarchy;

/// From dotted names to what they are, and back.
pub(super) struct Names<'a> {
    pub(super) program: &'a Program,
    pub(super) hierarchy: &'a Hierarchy<'a>,
    root: Utf8PathBuf,
    known: RefCell<FxHashMap<Arc<str>, QualifiedName>>,
    running: RefCell<FxHashMap<ModuleId, bool>>,
}

/// What a call of a function of the project with a view gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A function around it: `def login_required(view): def inner(request): …; return inner`.
    Wraps,
    /// Anything else; to be run.
    Plain,
}

impl<'a> Names<'a> {
    pub(super) fn new(program: &'a Program, hierarchy: &'a Hierarchy<'a>, root: &Utf8Path) -> Self {
        Self {
            program,
            hierarchy,
            root: root.to_owned(),
            known: RefCell::default(),
            running: RefCell::default(),
        }
    }

    /// The folder of the Django project.
    pub(super) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// The dotted name of something defined in the project, to be understood by [`Self::qualify`].
    pub(super) fn dotted(&self, name: &QualifiedName) -> Option<Arc<str>> {
        let dotted: Arc<str> = Arc::from(self.program.dotted(name)?);
        self.known.borrow_mut().insert(Arc::clone(&dotted), name.clone());
        Some(dotted)
    }

    /// What a dotted name means; external when it is not in the project.
    pub(super) fn qualify(&self, dotted: &str) -> QualifiedName {
        if let Some(known) = self.known.borrow().get(dotted) {
            return known.clone();
        }
        let found = self.look_up(dotted);
        self.known.borrow_mut().insert(Arc::from(dotted), found.clone());
        found
    }

    fn look_up(&self, dotted: &str) -> QualifiedName {
        let mut end = dotted.len();
        while let Some(at) = dotted.get(..end).and_then(|head| head.rfind('.')) {
            let (Some(module), Some(path)) = (dotted.get(..at), dotted.get(at + 1..)) else {
                break;
            };
            if let Some(id) = self.program.find(module, &self.root) {
                let direct = QualifiedName::Project(id, Arc::from(path));
                if self.program.class_code(&direct).is_some()
                    || self.program.function_code(&direct).is_some()
                {
                    return direct;
                }
                return match self.program.resolve(id, path) {
                    QualifiedName::Unknown => direct,
                    found => found,
                };
            }
            end = at;
        }
        QualifiedName::External(Arc::from(dotted))
    }

    /// Whether this is a class of the project.
    pub(super) fn is_class(&self, name: &QualifiedName) -> bool {
        matches!(self.program.binding(name).map(|b| &b.kind), Some(BindingKind::Class(_)))
            || self.program.class_code(name).is_some()
    }

    /// Whether this is a function of the project.
    pub(super) fn is_function(&self, name: &QualifiedName) -> bool {
        matches!(self.program.binding(name).map(|b| &b.kind), Some(BindingKind::Function(_)))
            || self.program.function_code(name).is_some()
    }

    /// Whether a class, by its dotted name, is this external class or derived from it.
    pub(super) fn derives(&self, class: &QualifiedName, test: impl Fn(&str) -> bool) -> bool {
        self.hierarchy.order(class).iter().any(|base| match base {
            QualifiedName::External(name) => test(name),
            _ => false,
        })
    }

    /// The function of the project at a place.
    pub(super) fn function_at(&self, file: FileId, range: TextRange) -> Option<QualifiedName> {
        let module = self.program.module_of(file)?;
        let code = self.program.code(module)?;
        let (_, function) = code.functions().find(|(_, f)| f.range == range)?;
        Some(QualifiedName::Project(module, Arc::from(&*function.path)))
    }

    /// The class of the project at a place.
    pub(super) fn class_at(&self, file: FileId, range: TextRange) -> Option<QualifiedName> {
        let module = self.program.module_of(file)?;
        let code = self.program.code(module)?;
        let (_, class) = code.classes().find(|(_, c)| c.range == range)?;
        Some(QualifiedName::Project(module, Arc::from(&*class.path)))
    }

    /// Whether importing a module has effects that routes depend on: something of the project is
    /// called with the classes or functions it defines (`@register_model_view(Site, "edit")`,
    /// `@api.get("/x")`), or models are registered in the admin site (`admin.site.register(Order)`).
    pub(super) fn registers(&self, module: ModuleId) -> bool {
        if let Some(known) = self.running.borrow().get(&module) {
            return *known;
        }
        let found = self.has_registering_decorator(module) || self.fills_admin_site(module);
        self.running.borrow_mut().insert(module, found);
        found
    }

    fn has_registering_decorator(&self, module: ModuleId) -> bool {
        let Some(code) = self.program.code(module) else { return false };
        let functions = code.functions().filter(|(_, f)| f.class.is_none() && f.parent.is_none());
        let classes = code.classes().filter(|(_, c)| c.class.is_none() && c.parent.is_none());
        functions
            .map(|(_, f)| f.decorators)
            .chain(classes.map(|(_, c)| c.decorators))
            .flat_map(|list| code.exprs(list))
            .any(|decorator| self.decorator_registers(module, code, *decorator))
    }

    fn fills_admin_site(&self, module: ModuleId) -> bool {
        let Some(code) = self.program.code(module) else { return false };
        let fills = |stmt: Stmt| {
            let Stmt::Expr(call) = stmt else { return false };
            let Some((callee, _)) = code.call(call) else { return false };
            let Expr::Attribute(site, name) = code.expr(callee) else { return false };
            let site = code.dotted(site).filter(|_| code.text(name) == "register");
            site.is_some_and(|site| {
                let site = self.hierarchy.canonical(&self.program.resolve(module, &site));
                site.is_external("django.contrib.admin.sites.site")
                    || site.is_external("django.contrib.admin.site")
            })
        };
        let mut found = false;
        code.each_module_stmt(&mut |_, stmt| found = found || fills(stmt));
        found
    }

    fn decorator_registers(&self, module: ModuleId, code: &Code, decorator: ExprId) -> bool {
        let callee = match code.expr(decorator) {
            Expr::Call(callee, _) => callee,
            _ => decorator,
        };
        let Some(dotted) = code.dotted(callee) else { return false };
        let name = self.program.resolve(module, &dotted);
        if let QualifiedName::External(name) = &name {
            return matches!(&**name, "wagtail.hooks.register" | "wagtail.core.hooks.register");
        }
        if self.is_function(&name) {
            return self.shape(&name) == Shape::Plain;
        }
        // A method of an object: `@api.get("/x")`, `@router.register`.
        let Some((object, _)) = dotted.rsplit_once('.') else { return false };
        match self.program.resolve(module, object) {
            found @ QualifiedName::Project(..) => matches!(
                self.program.binding(&found).map(|binding| &binding.kind),
                Some(BindingKind::Call(_) | BindingKind::Other)
            ),
            _ => false,
        }
    }

    /// What a function of the project does when it is called with a view.
    pub(super) fn shape(&self, function: &QualifiedName) -> Shape {
        let Some((code, id)) = self.program.function_code(function) else { return Shape::Plain };
        let mut at = id;
        let mut nested = false;
        // From the factory to the decorator to the function that answers.
        for _ in 0..4 {
            let Some(inner) = returned_function(code, at) else { break };
            nested = true;
            at = inner;
        }
        if nested && !returns_parameter(code, at) { Shape::Wraps } else { Shape::Plain }
    }
}

/// The function defined inside another that it returns, as it is or wrapped in a call.
pub(super) fn returned_function(code: &Code, outer: FunctionId) -> Option<FunctionId> {
    let function = code.function(outer)?;
    let mut returned = Vec::new();
    returns(code, function.body, &mut returned, 0);
    for value in returned {
        let name = match code.expr(value) {
            Expr::Name(_) => code.name(value),
            Expr::Lambda(id) => return Some(id),
            Expr::Call(_, arguments) => code
                .arguments(arguments)
                .iter()
                .find_map(|a| code.name(a.value).filter(|name| inner(code, outer, name).is_some())),
            _ => None,
        };
        if let Some(found) = name.and_then(|name| inner(code, outer, name)) {
            return Some(found);
        }
    }
    None
}

fn inner(code: &Code, outer: FunctionId, name: &str) -> Option<FunctionId> {
    code.functions()
        .find(|(_, f)| f.parent == Some(outer) && code.text(f.name) == name)
        .map(|(id, _)| id)
}

/// Whether a function gives its first parameter back: it registers it and leaves it as it is.
fn returns_parameter(code: &Code, id: FunctionId) -> bool {
    let Some(function) = code.function(id) else { return false };
    let Some(first) = function.parameters.first().map(|p| code.text(p.name)) else { return false };
    let mut returned = Vec::new();
    returns(code, function.body, &mut returned, 0);
    returned.iter().any(|value| code.name(*value) == Some(first))
}

/// The values of the `return` statements of a block.
fn returns(code: &Code, block: List, out: &mut Vec<ExprId>, depth: u32) {
    if depth > 20 {
        return;
    }
    for id in code.stmts(block) {
        match code.stmt(*id) {
            Stmt::Return(Some(value)) => out.push(value),
            Stmt::If { then, otherwise, .. } => {
                returns(code, then, out, depth + 1);
                returns(code, otherwise, out, depth + 1);
            }
            Stmt::For { body, otherwise, .. } | Stmt::While { body, otherwise, .. } => {
                returns(code, body, out, depth + 1);
                returns(code, otherwise, out, depth + 1);
            }
            Stmt::With { body, .. } => returns(code, body, out, depth + 1),
            Stmt::Try(at) => {
                if let Some(parts) = code.try_parts(at) {
                    returns(code, parts.body, out, depth + 1);
                    returns(code, parts.otherwise, out, depth + 1);
                }
            }
            _ => {}
        }
    }
}

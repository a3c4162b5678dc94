//! The tags and filters that a project makes itself, as its code registers them.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::{Files, Utf8Path, last_part};
use djsec_python::code::{Argument, Code, Expr, ExprId, FunctionId, Stmt};
use djsec_python::{BindingKind, ModuleId, Program, QualifiedName};
use djsec_templates::library::Loaded;

use super::shared::{All, Names, Registered, Shared};
use crate::hierarchy::Hierarchy;
use crate::project::own_modules;

/// What a project adds to the language of templates. What several libraries have, or Django too, is there under its
/// name, as the later file has it, and under a name with that of each library.
#[derive(Debug, Default)]
pub struct Libraries {
    /// Filters, in order of their files and places.
    pub filters: Vec<OwnFilter>,
    /// Tags by name.
    pub tags: BTreeMap<Arc<str>, OwnTag>,
    shared: Shared,
}

/// Functions that hand the parser on are looked into this deep.
const DEEPEST: usize = 4;

/// A filter of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFilter {
    /// The name by which templates know it.
    pub name: Arc<str>,
    /// The module and the function that it is.
    pub function: (ModuleId, FunctionId),
    /// Whether it asks to be told whether Django escapes for it.
    pub needs_autoescape: bool,
}

/// A tag of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTag {
    /// The module and the function that make it: what it writes out, its context, or its node.
    pub function: (ModuleId, FunctionId),
    /// Whether the function is given the context first.
    pub takes_context: bool,
    /// How it is written, and what becomes of it.
    pub kind: OwnTagKind,
}

/// How a tag of the project is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnTagKind {
    /// `simple_tag`: what the function gives is written out, escaped.
    Simple,
    /// `inclusion_tag`: a template is rendered, with what the function gives.
    Inclusion(Option<Arc<str>>),
    /// `simple_block_tag`: what stands up to the tag of this name is given to the function before all else but
    /// the context.
    SimpleBlock(Arc<str>),
    /// A tag whose parser reads up to this tag.
    Block(Arc<str>),
    /// `tag`, of which no end is known.
    Parsed,
}

impl OwnTagKind {
    /// Whether the function reads the words of the tag itself, and gives a node.
    pub const fn parses(&self) -> bool {
        matches!(self, Self::Block(_) | Self::Parsed)
    }
}

impl Libraries {
    /// Reads every library of the project.
    pub(super) fn new(
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        names: &Names,
        root: &Utf8Path,
    ) -> Self {
        let mut found = All::default();
        for (id, module) in own_modules(files, program, root) {
            let Some(code) = module.code() else { continue };
            // A module that makes a library says so.
            if code.symbol("Library").is_some() {
                Reader { program, hierarchy, module: id, code, found: &mut found }.read();
            }
        }
        let shared = Shared::new(&found, program, names);
        let mut this = Self { shared, ..Self::default() };
        for Registered { name, what, .. } in &found.tags {
            this.tags.insert(Arc::clone(name), what.clone());
        }
        this.filters.extend(found.filters.iter().map(|one| one.what.clone()));
        let (filters, tags) = this.shared.apart(found, program);
        this.filters.extend(filters);
        this.tags.extend(tags);
        this
    }

    /// The name under which a tag is kept that a template means which has loaded these libraries, in order, where
    /// several have it.
    pub(super) fn own_tag(&self, name: &str, loaded: &[Loaded]) -> Option<&str> {
        self.shared.tag(name, loaded).map(|name| &**name)
    }

    /// The same of a filter.
    pub(super) fn own_filter(&self, name: &str, loaded: &[Loaded]) -> Option<&str> {
        self.shared.filter(name, loaded).map(|name| &**name)
    }
}

struct Reader<'a> {
    program: &'a Program,
    hierarchy: &'a Hierarchy<'a>,
    module: ModuleId,
    code: &'a Code,
    found: &'a mut All,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let code = self.code;
        for (id, function) in code.functions() {
            for decorator in code.exprs(function.decorators) {
                let (callee, arguments) = code.call(*decorator).unwrap_or((*decorator, &[]));
                if let Some((library, method)) = self.registration(callee) {
                    let name = code.text(function.name);
                    self.registered((library, method), arguments, (name, (self.module, id)));
                }
            }
        }
        let mut calls: Vec<ExprId> = Vec::new();
        code.each_module_stmt(&mut |_, stmt| match stmt {
            Stmt::Expr(value) => calls.push(value),
            Stmt::Assign { value, .. } => calls.extend(value),
            _ => {}
        });
        for call in calls {
            self.called(call);
        }
    }

    /// `register.filter("name", function)` and `register.inclusion_tag("x.html")(function)` as statements.
    fn called(&mut self, call: ExprId) {
        let code = self.code;
        let Some((callee, arguments)) = code.call(call) else { return };
        let (callee, said) = code.call(callee).unwrap_or((callee, arguments));
        let Some((library, method)) = self.registration(callee) else { return };
        let function = arguments.iter().find_map(|argument| self.function(argument.value));
        if let Some((name, function)) = function {
            self.registered((library, method), said, (&name, function));
        }
    }

    /// The method of a library that is called to make a tag or a filter, with the module of the library.
    fn registration(&self, callee: ExprId) -> Option<(ModuleId, &'a str)> {
        let Expr::Attribute(base, method) = self.code.expr(callee) else { return None };
        let method = self.code.text(method);
        let library = is_registration(method).then(|| self.library(base)).flatten()?;
        Some((library, method))
    }

    /// A function of the project that is named, with its own name.
    fn function(&self, named: ExprId) -> Option<(String, (ModuleId, FunctionId))> {
        let dotted = self.code.dotted(named)?;
        if let Some(id) = self.code.function_at(&dotted) {
            return Some((dotted, (self.module, id)));
        }
        let name = self.program.resolve(self.module, &dotted);
        let QualifiedName::Project(module, _) = &name else { return None };
        let (code, id) = self.program.function_code(&name)?;
        Some((code.text(code.function(id)?.name).to_owned(), (*module, id)))
    }

    /// The template of an inclusion tag: its name, the first of several, or what is looked up by one.
    fn template(&self, file: ExprId) -> Option<Arc<str>> {
        let code = self.code;
        let given = match code.call(file) {
            Some((callee, arguments)) => {
                let loader = code.dotted(callee)?;
                let loads = matches!(last_part(&loader), "get_template" | "select_template");
                arguments.first().filter(|_| loads)?.value
            }
            None => file,
        };
        let value = match code.name(given) {
            Some(name) if !code.is_rebound(name) => code.module_value(name)?,
            _ => given,
        };
        let first = code.elements(value).and_then(|all| all.first().copied()).unwrap_or(value);
        code.string(first).map(Arc::from)
    }

    fn registered(
        &mut self,
        (library, method): (ModuleId, &str),
        arguments: &[Argument],
        (own, function): (&str, (ModuleId, FunctionId)),
    ) {
        let code = self.code;
        let text = |at: usize, keyword: &str| {
            code.argument(arguments, at, keyword).and_then(|value| code.string(value))
        };
        let named = match method {
            "filter" | "tag" => text(0, "name"),
            _ => code.keyword(arguments, "name").and_then(|value| code.string(value)),
        };
        let name: Arc<str> = Arc::from(named.unwrap_or(own));
        if matches!(method, "filter" | "filter_function") {
            let needs_autoescape = code.keyword(arguments, "needs_autoescape").is_some();
            let what = OwnFilter { name: Arc::clone(&name), function, needs_autoescape };
            self.found.filters.push(Registered { library, by: self.module, name, what });
            return;
        }
        let takes_context = code
            .keyword(arguments, "takes_context")
            .is_some_and(|value| code.bool(value) != Some(false));
        let kind = match method {
            "inclusion_tag" => {
                let file = code.argument(arguments, 0, "filename");
                OwnTagKind::Inclusion(file.and_then(|file| self.template(file)))
            }
            "simple_block_tag" => {
                let end = code.keyword(arguments, "end_name").and_then(|value| code.string(value));
                OwnTagKind::SimpleBlock(end.map_or_else(|| format!("end{name}").into(), Arc::from))
            }
            "tag" => self.parsed_until(function, 0).map_or(OwnTagKind::Parsed, OwnTagKind::Block),
            _ => OwnTagKind::Simple,
        };
        let what = OwnTag { function, takes_context, kind };
        self.found.tags.push(Registered { library, by: self.module, name, what });
    }

    /// The last tag up to which a parser reads: `parser.parse(("endbox",))`, here or in a function of the project
    /// that is handed the parser.
    fn parsed_until(&self, (module, id): (ModuleId, FunctionId), depth: usize) -> Option<Arc<str>> {
        let code = self.program.code(module)?;
        let function = code.function(id).filter(|_| depth < DEEPEST)?;
        let body = function.body;
        let mut end = None;
        let mut others = Vec::new();
        let is_own = |argument: &Argument| {
            let mut own = function.parameters.iter().map(|parameter| Expr::Name(parameter.name));
            own.any(|name| name == code.expr(argument.value))
        };
        code.each_expr(body, &mut |_, expr| {
            let Expr::Call(callee, arguments) = expr else { return };
            if !matches!(code.expr(callee), Expr::Attribute(_, name) if code.text(name) == "parse")
            {
                if code.arguments(arguments).iter().any(is_own) {
                    others.push(callee);
                }
                return;
            }
            let Some(first) = code.arguments(arguments).first() else { return };
            let names = code.elements(first.value).unwrap_or_default();
            let mut ends = names.iter().filter_map(|name| code.string(*name));
            let last = ends.rfind(|name| name.starts_with("end"));
            end = last.map(Arc::from).or(end.take());
        });
        end.or_else(|| {
            others.into_iter().find_map(|callee| {
                let name = self.program.resolve(module, &code.dotted(callee)?);
                let QualifiedName::Project(module, _) = &name else { return None };
                let (_, function) = self.program.function_code(&name)?;
                self.parsed_until((*module, function), depth + 1)
            })
        })
    }

    /// The module of the library of tags and filters that an expression is: `register = template.Library()`.
    fn library(&self, id: ExprId) -> Option<ModuleId> {
        let name = self.program.resolve(self.module, &self.code.dotted(id)?);
        let QualifiedName::Project(module, _) = &name else { return None };
        let BindingKind::Call(made) = &self.program.binding(&name)?.kind else { return None };
        let made = self.program.resolve(*module, made);
        let is_library =
            self.hierarchy.canonical(&made).is_external("django.template.library.Library")
                || made.is_external("django.template.Library");
        is_library.then_some(*module)
    }
}

/// Whether a method of a library makes a tag or a filter.
fn is_registration(method: &str) -> bool {
    matches!(
        method,
        "filter"
            | "filter_function"
            | "tag"
            | "simple_tag"
            | "simple_block_tag"
            | "inclusion_tag"
            | "assignment_tag"
    )
}

//! The tags and filters that a project makes itself, as its code registers them.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::{Files, Utf8Path};
use djsec_python::code::{Argument, Code, Expr, ExprId, FunctionId, Stmt};
use djsec_python::{BindingKind, ModuleId, Program, QualifiedName};

use crate::hierarchy::Hierarchy;
use crate::project::own_modules;

/// What a project adds to the language of templates. Where two libraries have the same name, the one of
/// the later file counts: which of them a template loads is not told apart.
#[derive(Debug, Default)]
pub struct Libraries {
    /// Filters, in order of their files and places.
    pub filters: Vec<OwnFilter>,
    /// Tags by name.
    pub tags: BTreeMap<Arc<str>, OwnTag>,
}

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
    /// The function that makes it: what it writes out, its context, or its node.
    pub function: QualifiedName,
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
    /// `simple_block_tag`, or a tag whose parser reads up to this tag.
    Block(Arc<str>),
    /// `tag`, of which no end is known.
    Parsed,
}

impl Libraries {
    /// Reads every library of the project.
    pub fn new(
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        root: &Utf8Path,
    ) -> Self {
        let mut this = Self::default();
        for (id, module) in own_modules(files, program, root) {
            let Some(code) = module.code() else { continue };
            // A module that makes a library says so.
            if code.symbol("Library").is_some() {
                Reader { program, hierarchy, module: id, code, found: &mut this }.read();
            }
        }
        this
    }
}

struct Reader<'a> {
    program: &'a Program,
    hierarchy: &'a Hierarchy<'a>,
    module: ModuleId,
    code: &'a Code,
    found: &'a mut Libraries,
}

impl Reader<'_> {
    fn read(&mut self) {
        let code = self.code;
        for (id, function) in code.functions() {
            for decorator in code.exprs(function.decorators) {
                let (callee, arguments) = code.call(*decorator).unwrap_or((*decorator, &[]));
                let name = code.text(function.name);
                self.registered(callee, arguments, (name, id));
            }
        }
        let mut calls: Vec<ExprId> = Vec::new();
        code.each_module_stmt(&mut |_, stmt| {
            if let Stmt::Expr(value) = stmt {
                calls.push(value);
            }
        });
        for call in calls {
            self.called(call);
        }
    }

    /// `register.filter("name", function)` as a statement.
    fn called(&mut self, call: ExprId) {
        let code = self.code;
        let Some((callee, arguments)) = code.call(call) else { return };
        let function = arguments.iter().find_map(|argument| {
            let name = code.name(argument.value)?;
            Some((name, code.function_at(name)?))
        });
        if let Some(function) = function {
            self.registered(callee, arguments, function);
        }
    }

    fn registered(
        &mut self,
        callee: ExprId,
        arguments: &[Argument],
        (own, id): (&str, FunctionId),
    ) {
        let code = self.code;
        let Expr::Attribute(base, method) = code.expr(callee) else { return };
        let method = code.text(method);
        if !matches!(
            method,
            "filter"
                | "filter_function"
                | "tag"
                | "simple_tag"
                | "simple_block_tag"
                | "inclusion_tag"
                | "assignment_tag"
        ) || !self.is_library(base)
        {
            return;
        }
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
            let function = (self.module, id);
            self.found.filters.push(OwnFilter { name, function, needs_autoescape });
            return;
        }
        let Some(path) = code.function(id).map(|function| Arc::from(&*function.path)) else {
            return;
        };
        let function = QualifiedName::Project(self.module, path);
        let kind = match method {
            "inclusion_tag" => OwnTagKind::Inclusion(text(0, "filename").map(Arc::from)),
            "simple_block_tag" => {
                let end = code.keyword(arguments, "end_name").and_then(|value| code.string(value));
                OwnTagKind::Block(end.map_or_else(|| format!("end{name}").into(), Arc::from))
            }
            "tag" => self.parsed_until(id).map_or(OwnTagKind::Parsed, OwnTagKind::Block),
            _ => OwnTagKind::Simple,
        };
        self.found.tags.insert(name, OwnTag { function, kind });
    }

    /// The last tag up to which a parser reads: `parser.parse(("endbox",))`.
    fn parsed_until(&self, id: FunctionId) -> Option<Arc<str>> {
        let code = self.code;
        let body = code.function(id)?.body;
        let mut end = None;
        code.each_expr(body, &mut |_, expr| {
            let Expr::Call(callee, arguments) = expr else { return };
            if !matches!(code.expr(callee), Expr::Attribute(_, name) if code.text(name) == "parse")
            {
                return;
            }
            let Some(first) = code.arguments(arguments).first() else { return };
            let names = code.elements(first.value).unwrap_or_default();
            let mut ends = names.iter().filter_map(|name| code.string(*name));
            let last = ends.rfind(|name| name.starts_with("end"));
            end = last.map(Arc::from).or(end.take());
        });
        end
    }

    /// Whether an expression is a library of tags and filters: `register = template.Library()`.
    fn is_library(&self, id: ExprId) -> bool {
        let Some(dotted) = self.code.dotted(id) else { return false };
        let name = self.program.resolve(self.module, &dotted);
        let QualifiedName::Project(module, _) = &name else { return false };
        match self.program.binding(&name).map(|binding| &binding.kind) {
            Some(BindingKind::Call(made)) => {
                let made = self.program.resolve(*module, made);
                self.hierarchy.canonical(&made).is_external("django.template.library.Library")
                    || made.is_external("django.template.Library")
            }
            _ => false,
        }
    }
}

//! Where code stands, and what all analyses of views share.

use std::sync::Arc;

use djsec_base::Span;
pub(super) use djsec_base::last_part as last;
use djsec_python::code::{Code, Expr, ExprId, Function, FunctionId, Stmt};
use djsec_python::{Kept, ModuleId, Program, QualifiedName};

use super::Level;
use super::follow::Calls;
use super::reached::{Place, Reached};
use crate::hierarchy::Hierarchy;
use crate::models::{Models, Why};
use crate::settings::Settings;

/// What all analyses of views share.
pub(super) struct Cx<'a> {
    pub(super) program: &'a Program,
    pub(super) hierarchy: &'a Hierarchy<'a>,
    pub(super) settings: &'a Settings,
    /// The user model, where it is one of the project's own.
    pub(super) user: Option<&'a QualifiedName>,
    /// Its switches that say what somebody may do: `is_admin`.
    pub(super) privileges: Vec<Arc<str>>,
    /// Who gets through inherited methods.
    pub(super) reached: Reached,
    /// What permission classes answer.
    pub(super) permissions: Kept<Answer, Level>,
    /// What functions call.
    pub(super) calls: Kept<Place, Arc<Calls>>,
    /// What methods of the user model answer, and how deep they were asked for it.
    pub(super) accounts: Kept<(Place, bool, u8), Level>,
    /// Which of them give the groups of the user.
    pub(super) grouped: Kept<(Place, u8), bool>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(
        program: &'a Program,
        hierarchy: &'a Hierarchy<'a>,
        settings: &'a Settings,
        models: &'a Models,
    ) -> Self {
        let (reached, permissions, calls, accounts, grouped) = Default::default();
        let user = models.user.as_ref();
        let privileges = user.map_or_else(Vec::new, |user| privileges(models, user));
        Self {
            program,
            hierarchy,
            settings,
            user,
            privileges,
            reached,
            permissions,
            calls,
            accounts,
            grouped,
        }
    }
}

fn privileges(models: &Models, user: &QualifiedName) -> Vec<Arc<str>> {
    let mut found = models.sensitive(user);
    found.retain(|field| {
        let kind = models.field(user, &field.name).map(|field| &*field.kind);
        field.why == Why::Privilege && kind.is_some_and(|kind| kind.contains("Boolean"))
    });
    found.into_iter().map(|field| field.name).collect()
}

/// A permission class, the method and action that it is asked for, and what the address names of which it speaks.
pub(super) type Answer = (QualifiedName, Box<str>, Option<Box<str>>, Vec<Arc<str>>);

/// A module whose code is looked at.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) module: ModuleId,
    pub(super) code: &'a Code,
}

/// A function with the module it stands in.
#[derive(Clone, Copy)]
pub(super) struct Def<'a> {
    pub(super) site: Site<'a>,
    pub(super) id: FunctionId,
    pub(super) function: &'a Function,
}

impl Def<'_> {
    pub(super) fn place(&self) -> Place {
        (self.site.module, self.id)
    }

    /// Everything that the function assigns to a name.
    pub(super) fn assigned(&self, name: &str) -> Vec<ExprId> {
        let code = self.site.code;
        let mut values = Vec::new();
        code.each_stmt(self.function.body, &mut |_, stmt| {
            if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                && code.exprs(targets).iter().any(|target| code.name(*target) == Some(name))
            {
                values.push(value);
            }
        });
        values
    }
}

impl<'a> Cx<'a> {
    pub(super) fn site(&'a self, module: ModuleId) -> Option<Site<'a>> {
        Some(Site { cx: self, module, code: self.program.code(module)? })
    }

    /// The function or method behind a name of the project.
    pub(super) fn def(&'a self, name: &QualifiedName) -> Option<Def<'a>> {
        let QualifiedName::Project(module, path) = name else { return None };
        let site = self.site(*module)?;
        site.def(site.code.function_at(path)?)
    }

    /// A name as text, under the name that its definition gives it.
    pub(super) fn dotted(&self, name: &QualifiedName) -> String {
        self.program.dotted(&self.hierarchy.canonical(name)).unwrap_or_default()
    }

    /// Whether an operator decides about a setting. Debug mode is off in production, whoever decides.
    pub(super) fn is_switch(&self, name: &str) -> bool {
        name != "DEBUG" && self.settings.get(name).truthy().certain().is_none()
    }

    /// Whether a setting is on in production, where nobody sets it from outside: `None` where that is
    /// not known.
    pub(super) fn setting_truth(&self, name: &str) -> Option<bool> {
        let truthy = self.settings.get(name).truthy();
        if let Some(holds) = truthy.certain() {
            return Some(holds);
        }
        let switch =
            |alt: &djsec_python::value::Alt| matches!(alt.data, djsec_python::value::Data::Bool(_));
        if !self.settings.get(name).value().alts.iter().any(switch) {
            return None;
        }
        // What an operator may switch otherwise counts as the settings have it without that.
        self.settings.with_worlds(|worlds| {
            let off = worlds.not(truthy.yes);
            let (on, off) = (worlds.with_nothing_set(truthy.maybe), worlds.with_nothing_set(off));
            match (worlds.impossible(on), worlds.impossible(off)) {
                (true, false) => Some(false),
                (false, true) => Some(true),
                _ => None,
            }
        })
    }
}

impl<'a> Site<'a> {
    pub(super) fn def(self, id: FunctionId) -> Option<Def<'a>> {
        Some(Def { site: self, id, function: self.code.function(id)? })
    }

    pub(super) fn resolve(self, expr: ExprId) -> QualifiedName {
        let name = self
            .code
            .dotted(expr)
            .map_or(QualifiedName::Unknown, |dotted| self.cx.program.resolve(self.module, &dotted));
        self.cx.hierarchy.canonical(&name)
    }

    /// The absolute dotted name of what an expression names; as written where nobody knows more.
    pub(super) fn dotted(self, expr: ExprId) -> String {
        match self.cx.program.dotted(&self.resolve(expr)) {
            Some(name) => name,
            None => self.code.dotted(expr).unwrap_or_default(),
        }
    }

    /// Its place; absent for what stands in an installed package.
    pub(super) fn span(self, expr: ExprId) -> Option<Span> {
        self.span_of(self.code.expr_range(expr))
    }

    pub(super) fn span_of(self, range: djsec_base::TextRange) -> Option<Span> {
        if self.cx.program.is_installed(self.module) {
            return None;
        }
        Some(Span::new(self.cx.program.module(self.module)?.file, range))
    }

    /// Strings of a string, list, tuple or set display.
    pub(super) fn strings(self, expr: ExprId) -> Vec<String> {
        let text = |id: ExprId| self.code.string(id).map(str::to_owned);
        match self.code.elements(expr) {
            Some(elements) => elements.iter().filter_map(|id| text(*id)).collect(),
            None => text(expr).into_iter().collect(),
        }
    }

    /// In words what an expression is: the dotted name in it that says most.
    pub(super) fn words(self, expr: ExprId) -> String {
        let mut words = String::new();
        self.code.each_inner(expr, &mut |id, _| {
            if words.is_empty()
                && let Some(dotted) = self.code.dotted(id)
            {
                words = dotted;
            }
        });
        words
    }

    /// Whether a call calls the method of this name on `super()`.
    pub(super) fn is_super_call(self, expr: ExprId, method: &str) -> bool {
        let Some((callee, _)) = self.code.call(expr) else { return false };
        let Expr::Attribute(value, name) = self.code.expr(callee) else { return false };
        self.code.text(name) == method
            && self.code.call(value).is_some_and(|(callee, _)| self.code.is_dotted(callee, "super"))
    }
}

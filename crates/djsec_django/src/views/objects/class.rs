//! What classes of the project have under a name.

use djsec_python::code::{Code, Expr, ExprId, FunctionId, List, Stmt, Symbol};
use djsec_python::{ModuleId, QualifiedName};

use super::call::Args;
use super::run::{Frame, Run};
use super::value::{Env, Value};
use crate::hierarchy::{AttributeValue, KnownValue};

/// What every form has.
const OF_FORMS: &[&str] =
    &["add_error", "cleaned_data", "data", "error_class", "errors", "fields", "files"];

/// A method of a class of the project.
#[derive(Debug, Clone)]
pub(super) struct Method<'a> {
    pub(super) module: ModuleId,
    pub(super) code: &'a Code,
    pub(super) function: FunctionId,
    /// The class in whose body it stands.
    pub(super) owner: QualifiedName,
}

/// What a class has under a name.
#[derive(Debug, Clone)]
pub(super) enum Member<'a> {
    Method(Method<'a>),
    Assigned(ModuleId, &'a Code, ExprId),
    Known(&'a KnownValue),
    /// A method of a package.
    Package,
    /// A class that nobody knows may have it.
    Unseen,
    Absent,
}

impl<'a> Run<'a> {
    /// What a class has under a name; with `after`, behind that class in its order (`super()`).
    pub(super) fn member(
        &self,
        class: &QualifiedName,
        name: &str,
        after: Option<&QualifiedName>,
    ) -> Member<'a> {
        let hierarchy = self.world.hierarchy;
        let found = match after {
            Some(after) => {
                let order = hierarchy.order(class);
                let start = order.iter().position(|one| one == after).map_or(0, |at| at + 1);
                order.iter().skip(start).find_map(|owner| hierarchy.own(owner, name))
            }
            None => hierarchy.attribute(class, name),
        };
        let Some(found) = found else { return Member::Absent };
        match found.value {
            AttributeValue::Method(module, code, function) => {
                Member::Method(Method { module, code, function, owner: found.owner })
            }
            AttributeValue::Assigned(module, code, value) => Member::Assigned(module, code, value),
            AttributeValue::Known(value) => Member::Known(value),
            AttributeValue::KnownMethod => Member::Package,
            AttributeValue::Class(..) | AttributeValue::Unseen => Member::Unseen,
        }
    }

    /// The method that the first of some classes has, in the project itself.
    pub(super) fn own_method(&self, classes: &[QualifiedName], name: &str) -> Option<Method<'a>> {
        classes.iter().find_map(|class| match self.member(class, name, None) {
            Member::Method(method) => Some(method),
            _ => None,
        })
    }

    pub(super) fn invoke_method(&mut self, method: &Method<'a>, this: &Value, args: Args) -> Value {
        let this = (!method.has_decorator("staticmethod")).then(|| this.clone());
        self.invoke(method.module, method.function, this, Some(method.owner.clone()), args, None)
    }

    /// The value of an expression in a class body.
    pub(super) fn class_value(&mut self, module: ModuleId, code: &'a Code, id: ExprId) -> Value {
        let mut frame = Frame::new(module, code);
        self.eval(&mut frame, id)
    }

    /// `Meta.name` of a form, serializer or filterset, with those of its bases.
    pub(super) fn meta(&mut self, class: &QualifiedName, name: &str) -> Option<Value> {
        let order = self.world.hierarchy.order(class);
        for owner in order.iter() {
            let QualifiedName::Project(module, path) = owner else { continue };
            let Some(code) = self.world.program.code(*module) else { continue };
            let Some(meta) = code.class_at(&format!("{path}.Meta")) else { continue };
            if let Some(value) = code.class_attribute(meta, name) {
                return Some(self.class_value(*module, code, value));
            }
        }
        None
    }

    /// Whether a class is one of these, or derived from one.
    pub(super) fn is_kind(&self, class: &QualifiedName, names: &[&str]) -> bool {
        self.world.hierarchy.derives_from(class, names) == Some(true)
    }
}

impl Method<'_> {
    pub(super) fn name(&self) -> &str {
        self.code.function(self.function).map_or("", |function| self.code.text(function.name))
    }

    /// Whether its name or annotation lets expect a query.
    pub(super) fn gives_query(&self) -> bool {
        let code = self.code;
        let Some(id) = code.function(self.function).and_then(|function| function.returns) else {
            return may_give_query(self.name());
        };
        let text = match code.expr(id) {
            Expr::Subscript(base, _) => code.dotted(base).unwrap_or_default(),
            _ => code.dotted(id).unwrap_or_else(|| code.string(id).unwrap_or_default().to_owned()),
        };
        text.contains("QuerySet")
    }

    /// Whether it stands under a decorator of this name, last part.
    pub(super) fn has_decorator(&self, name: &str) -> bool {
        let Some(function) = self.code.function(self.function) else { return false };
        self.code.exprs(function.decorators).iter().any(|id| {
            let dotted = self.code.dotted(*id).unwrap_or_default();
            dotted.rsplit('.').next() == Some(name)
        })
    }

    /// Whether a `clean_name()` of a form gives something else than what was sent: it asks for rows, or for
    /// what the form was made with (`self.user`), and does not give back the text that it looked at.
    pub(super) fn gives_other(&self) -> bool {
        let code = self.code;
        let Some(function) = code.function(self.function) else { return false };
        let mut asks = false;
        code.each_expr(function.body, &mut |_, expr| {
            let Expr::Attribute(base, name) = expr else { return };
            let name = code.text(name);
            let own = code.name(base) == Some("self") && !OF_FORMS.contains(&name);
            asks |= name == "objects" || own;
        });
        let mut same = true;
        code.each_stmt(function.body, &mut |_, stmt| {
            if let Stmt::Return(value) = stmt {
                same &= value.is_some_and(|value| self.is_sent(function.body, value));
            }
        });
        asks && !same
    }

    /// Whether a value is the one that was sent (`self.cleaned_data["name"]`), or made of nothing else.
    fn is_sent(&self, body: List, value: ExprId) -> bool {
        let code = self.code;
        let of_text = |value: ExprId, itself: Option<Symbol>| {
            let (mut sent, mut other) = (false, false);
            code.each_inner(value, &mut |_, expr| match expr {
                Expr::Attribute(_, name) => {
                    sent |= code.text(name) == "cleaned_data";
                    other |= code.text(name) == "objects";
                }
                Expr::Name(name) => sent |= Some(name) == itself,
                _ => {}
            });
            sent && !other
        };
        let Expr::Name(name) = code.expr(value) else { return of_text(value, None) };
        let (mut any, mut all) = (false, true);
        code.each_stmt(body, &mut |_, stmt| {
            if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                && code.exprs(targets).iter().any(|id| code.expr(*id) == Expr::Name(name))
            {
                any = true;
                all &= of_text(value, Some(name));
            }
        });
        any && all
    }

    pub(super) fn is_property(&self) -> bool {
        ["property", "cached_property"].iter().any(|name| self.has_decorator(name))
    }
}

impl<'a> Frame<'a> {
    pub(super) fn new(module: ModuleId, code: &'a Code) -> Self {
        Self {
            module,
            code,
            owner: None,
            this: None,
            env: Env::new(),
            returned: None,
            plain: false,
            doubts: super::value::Origins::new(),
            outermost: false,
            decided: Vec::new(),
            ways: super::run::Ways::default(),
        }
    }
}

/// Whether a method of a manager or queryset may give a query, by its name.
pub(super) fn may_give_query(name: &str) -> bool {
    let other = ["count", "create", "get_", "has_", "is_", "max_", "min_", "total"];
    name == "get_queryset" || !other.iter().any(|start| name.starts_with(start))
}

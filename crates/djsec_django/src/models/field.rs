//! Fields from the assignments in a class body.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Argument, Code, ExprId};
use djsec_python::{ModuleId, Program, QualifiedName};

use super::random::{fills_secret, makes_secret};
use super::{Field, RelationKind};
use crate::hierarchy::Hierarchy;

/// A field whose relation still names its model as the source does.
#[derive(Debug, Clone)]
pub(super) struct RawField {
    pub(super) field: Field,
    pub(super) relation: Option<RawRelation>,
}

#[derive(Debug, Clone)]
pub(super) struct RawRelation {
    pub(super) to: RawModel,
    pub(super) kind: RelationKind,
    pub(super) related_name: Option<Arc<str>>,
    pub(super) through: Option<RawModel>,
}

/// How a model is named in a relation.
#[derive(Debug, Clone)]
pub(super) enum RawModel {
    /// By text: `"Order"`, `"shop.Order"`, `"self"`.
    Text(Arc<str>),
    /// By a class.
    Class(QualifiedName),
    /// `settings.AUTH_USER_MODEL` or `get_user_model()`.
    User,
    /// In a way that is not understood.
    Unknown,
}

/// Where code stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) program: &'a Program,
    pub(super) module: ModuleId,
    pub(super) code: &'a Code,
}

impl Place<'_> {
    pub(super) fn resolve(&self, expr: ExprId) -> QualifiedName {
        let dotted = self.code.dotted(expr);
        dotted.map_or(QualifiedName::Unknown, |dotted| self.program.resolve(self.module, &dotted))
    }

    /// Its place; absent for what stands in an installed package.
    pub(super) fn span(&self, expr: ExprId) -> Option<Span> {
        if self.program.is_installed(self.module) {
            return None;
        }
        let file = self.program.module(self.module)?.file;
        Some(Span::new(file, self.code.expr_range(expr)))
    }
}

/// A field, if the value assigned to `name` makes one.
pub(super) fn field(
    at: Place<'_>,
    hierarchy: &Hierarchy<'_>,
    owner: &QualifiedName,
    name: &str,
    value: ExprId,
) -> Option<RawField> {
    let (callee, arguments) = at.code.call(value)?;
    let class = at.resolve(callee);
    let kind = kind(&at, hierarchy, callee, &class)?;
    let flag = |keyword: &str, wanted: bool| {
        at.code.keyword(arguments, keyword).and_then(|e| at.code.bool(e)) == Some(wanted)
    };
    let relation = relation(at, &kind, arguments);
    let field = Field {
        name: Arc::from(name),
        relation: None,
        primary_key: flag("primary_key", true),
        unique: flag("unique", true) || kind.starts_with("OneToOne"),
        null: flag("null", true),
        uneditable: flag("editable", false) || flag("auto_now", true) || flag("auto_now_add", true),
        limited: at.code.keyword(arguments, "limit_choices_to").is_some(),
        has_choices: at.code.keyword(arguments, "choices").is_some(),
        unguessable: kind.contains("UUID")
            || at.code.keyword(arguments, "default").is_some_and(|made| makes_secret(at, made))
            || fills_secret(at, owner, name),
        owner: owner.clone(),
        place: at.span(value),
        kind,
    };
    Some(RawField { field, relation })
}

/// A field of a package's model. Options are not recorded: those that matter are known by name.
pub(super) fn recorded(
    owner: &QualifiedName,
    name: &str,
    class: &str,
    to: Option<&str>,
) -> RawField {
    let kind = class.rsplit('.').next().unwrap_or(class);
    let relation = relation_kind(kind).map(|kind| RawRelation {
        to: to.map_or(RawModel::Unknown, |to| match to.matches('.').count() {
            0 | 1 => RawModel::Text(Arc::from(to)),
            _ => RawModel::Class(QualifiedName::External(Arc::from(to))),
        }),
        kind,
        related_name: None,
        through: None,
    });
    let field = Field {
        name: Arc::from(name),
        kind: Arc::from(kind),
        relation: None,
        primary_key: kind.ends_with("AutoField"),
        unique: false,
        null: false,
        uneditable: false,
        limited: false,
        has_choices: false,
        unguessable: kind.contains("UUID"),
        owner: owner.clone(),
        place: None,
    };
    RawField { field, relation }
}

/// The class of a field by its last name: of a package by the ending that all of them have, of the
/// project by what it is derived from.
fn kind(
    at: &Place<'_>,
    hierarchy: &Hierarchy<'_>,
    callee: ExprId,
    class: &QualifiedName,
) -> Option<Arc<str>> {
    let written = at.code.dotted(callee)?;
    let last = written.rsplit('.').next().unwrap_or(&written);
    let known = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        let form = name.starts_with("django.forms") || name.contains("serializers");
        (!form && is_field_name(last)).then(|| Arc::from(last))
    };
    match class {
        QualifiedName::External(name) => known(name),
        QualifiedName::Project(..) => hierarchy.order(class).iter().find_map(|base| match base {
            QualifiedName::External(name) => known(name),
            _ => None,
        }),
        QualifiedName::Unknown => known(last),
        QualifiedName::Module(_) => None,
    }
}

fn is_field_name(name: &str) -> bool {
    name.ends_with("Field")
        || name.ends_with("ForeignKey")
        || matches!(
            name,
            "TaggableManager" | "GenericRelation" | "ParentalKey" | "HistoricForeignKey"
        )
}

fn relation(at: Place<'_>, kind: &str, arguments: &[Argument]) -> Option<RawRelation> {
    let kind = relation_kind(kind)?;
    let to = match at.code.argument(arguments, 0, "to") {
        _ if kind == RelationKind::Generic => RawModel::Unknown,
        Some(to) => model(at, to),
        None => RawModel::Unknown,
    };
    let related = at.code.keyword(arguments, "related_name");
    Some(RawRelation {
        to,
        kind,
        related_name: related.and_then(|e| at.code.string(e)).map(Arc::from),
        through: at.code.keyword(arguments, "through").map(|e| model(at, e)),
    })
}

fn relation_kind(field: &str) -> Option<RelationKind> {
    Some(match field {
        "GenericForeignKey" => RelationKind::Generic,
        name if name.contains("OneToOne") => RelationKind::OneToOne,
        name if name.contains("ManyToMany") => RelationKind::ManyToMany,
        name if name.ends_with("ForeignKey") || name == "ParentalKey" => RelationKind::ManyToOne,
        _ => return None,
    })
}

/// How an expression names a model.
pub(super) fn model(at: Place<'_>, expr: ExprId) -> RawModel {
    if let Some(text) = at.code.string(expr) {
        return RawModel::Text(Arc::from(text));
    }
    if let Some((callee, _)) = at.code.call(expr) {
        let name = at.resolve(callee);
        let user = name.is_external("django.contrib.auth.get_user_model");
        return if user { RawModel::User } else { RawModel::Unknown };
    }
    match at.resolve(expr) {
        QualifiedName::External(name) if &*name == "django.conf.settings.AUTH_USER_MODEL" => {
            RawModel::User
        }
        QualifiedName::Unknown | QualifiedName::Module(_) => RawModel::Unknown,
        class => RawModel::Class(assigned_user(at, &class).unwrap_or(class)),
    }
}

/// `User = get_user_model()` at module level.
fn assigned_user(at: Place<'_>, name: &QualifiedName) -> Option<QualifiedName> {
    let binding = at.program.binding(name)?;
    let djsec_python::BindingKind::Call(callee) = &binding.kind else { return None };
    let QualifiedName::Project(module, _) = name else { return None };
    let called = at.program.resolve(*module, callee);
    called.is_external("django.contrib.auth.get_user_model").then_some(called)
}

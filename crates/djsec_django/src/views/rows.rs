//! What the permission classes of a view of DRF say of single rows (`has_object_permission`), which
//! DRF asks only where a view fetches a row by its own `get_object`, or asks itself.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::Expr;
use djsec_python::{Program, QualifiedName};

use super::build::function_marks;
use super::classes::ClassView;
use super::drf;
use super::permissions::{Asked, Permission};
use super::site::{Cx, Def};
use super::{Level, View, ViewKind};
use crate::hierarchy::{AttributeValue, Hierarchy};
use crate::models::Models;
use crate::routes::Target;
use crate::settings::Settings;

/// DRF's base, whose methods let everybody in.
const BASE: &str = "rest_framework.permissions.BasePermission";

/// What permission classes are looked up in.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// All code.
    pub program: &'a Program,
    /// The classes.
    pub hierarchy: &'a Hierarchy<'a>,
    /// The settings, for the defaults.
    pub settings: &'a Settings,
    /// The models, for what users are.
    pub models: &'a Models,
}

/// A permission class in force with a say on single rows.
#[derive(Debug, Clone, PartialEq)]
pub struct RowPermission {
    /// The class.
    pub class: QualifiedName,
    /// Where the view or the settings name it.
    pub place: Option<Span>,
    /// Whom it lets in to a row, as far as that is said without the row; public where it lets
    /// everybody in for the method that was asked for.
    pub level: Level,
    /// Whether it says nothing where there is no row: lists and new rows are open to everybody.
    pub rows_only: bool,
    /// The attributes it takes of the row: `owner`.
    pub attributes: Vec<Arc<str>>,
}

/// The classes with a say on single rows that are surely in force for a method (upper case) and, in
/// a viewset, an action. Composed ones count where nobody but staff can come in without them.
pub fn row_permissions(
    source: Source<'_>,
    view: &View,
    target: &Target,
    method: &str,
    action: Option<&str>,
) -> Vec<RowPermission> {
    let Source { program, hierarchy, settings, models } = source;
    let cx = Cx::new(program, hierarchy, settings, models);
    let asked = Asked { method, action, object: true, named: &[] };
    let lists = match target {
        Target::Class { class, arguments } | Target::ViewSet { class, arguments, .. } => {
            drf::class_lists(&ClassView::new(&cx, class), arguments, asked).0
        }
        Target::Function(name) if view.kind == ViewKind::ApiFunction => match cx.def(name) {
            Some(def) => drf::function_lists(&cx, def.site, &function_marks(def)).0,
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let Some((first, others)) = lists.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    for permission in first.iter().filter(|one| others.iter().all(|list| list.contains(one))) {
        collect(&cx, permission, asked, &mut found);
    }
    found
}

fn collect(cx: &Cx<'_>, permission: &Permission, asked: Asked<'_>, out: &mut Vec<RowPermission>) {
    match permission {
        Permission::Class(class, place) => out.extend(row_permission(cx, class, *place, asked)),
        Permission::And(a, b) => {
            collect(cx, a, asked, out);
            collect(cx, b, asked, out);
        }
        Permission::Or(a, b) => {
            for (one, other) in [(a, b), (b, a)] {
                if other.level(cx, asked).needs_more_than_login() {
                    collect(cx, one, asked, out);
                }
            }
        }
        Permission::Not(_) | Permission::Unknown(..) => {}
    }
}

fn row_permission(
    cx: &Cx<'_>,
    class: &QualifiedName,
    place: Option<Span>,
    asked: Asked<'_>,
) -> Option<RowPermission> {
    let all = cx.hierarchy.attributes_all(class, "has_object_permission");
    let AttributeValue::Method(module, _, id) = all.first()?.value else { return None };
    let def = cx.site(module)?.def(id)?;
    let mut frame = asked.frame(def, class);
    frame.above = Some(match all.get(1) {
        Some(next) if next.owner.is_external(BASE) => Level::Public,
        _ => Level::Custom("super().has_object_permission()".into()),
    });
    let asks = cx.hierarchy.attribute(class, "has_permission");
    let rows_only = asks.is_some_and(|found| found.owner.is_external(BASE));
    let level = frame.reach();
    let attributes = def
        .function
        .parameters
        .get(3)
        .map_or_else(Vec::new, |row| attributes(def, def.site.code.text(row.name)));
    Some(RowPermission { class: class.clone(), place, level, rows_only, attributes })
}

/// The attributes that a function takes of one of its parameters.
fn attributes(def: Def<'_>, parameter: &str) -> Vec<Arc<str>> {
    let code = def.site.code;
    let mut found: Vec<Arc<str>> = Vec::new();
    code.each_expr(def.function.body, &mut |_, expr| {
        if let Expr::Attribute(value, name) = expr
            && code.name(value) == Some(parameter)
        {
            found.push(Arc::from(code.text(name)));
        }
    });
    found.sort();
    found.dedup();
    found
}

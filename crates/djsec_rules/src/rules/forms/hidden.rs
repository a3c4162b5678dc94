//! Fields of forms that the page does not let people edit, though whoever sends the form may: inputs that
//! are hidden, read-only, or disabled in HTML only.

use std::cell::Cell;

use djsec_base::{Span, TextRange};
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use super::decides::{any_method, mentions_besides};
use super::sent;
use crate::Cx;
use crate::own::Site;

/// In which way the page keeps people from editing an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Hidden,
    ReadOnly,
    Disabled,
}

impl Kept {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::ReadOnly => "read-only",
            Self::Disabled => "disabled",
        }
    }

    fn of_attribute(name: &str) -> Option<Self> {
        match name {
            "readonly" => Some(Self::ReadOnly),
            "disabled" => Some(Self::Disabled),
            _ => None,
        }
    }
}

const HIDDEN: &[&str] = &[
    "django.forms.widgets.HiddenInput",
    "django.forms.widgets.MultipleHiddenInput",
    "django.forms.widgets.SplitHiddenDateTimeWidget",
];

/// What of a field of a form (set in code) does not decide what may be sent in it.
const SHOWN: &[&str] = &["help_text", "initial", "label", "required", "widget"];

/// Where a form keeps people from editing a field, and how: by the field it declares, the widgets of its
/// `Meta`, or what its methods do.
pub(super) fn kept(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> Option<(Span, Kept)> {
    declared(cx, class, field).or_else(|| in_meta(cx, class, field)).or_else(|| {
        let found = Cell::new(None);
        any_method(cx, class, |at, function| {
            found.set(in_function(cx, at, function, field));
            found.get().is_some()
        });
        found.get()
    })
}

fn declared(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> Option<(Span, Kept)> {
    let found = cx.classes.attribute(class, field)?;
    let AttributeValue::Assigned(module, _, value) = found.value else { return None };
    let at = cx.site(module)?;
    let (_, arguments) = at.code.call(value)?;
    widget(cx, at, at.code.keyword(arguments, "widget")?)
}

fn in_meta(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> Option<(Span, Kept)> {
    let (at, widgets) = cx.assigned(&sent::meta(cx, class)?, "widgets")?;
    let Expr::Dict(entries) = at.code.expr(widgets) else { return None };
    let mut entries = at.code.entries(entries).iter();
    let (_, value) =
        entries.find(|(key, _)| key.and_then(|key| at.code.string(key)) == Some(field))?;
    widget(cx, at, *value)
}

/// What a widget does: `HiddenInput()`, `TextInput(attrs={"readonly": True})`.
fn widget(cx: &Cx<'_>, at: Site<'_>, widget: ExprId) -> Option<(Span, Kept)> {
    let code = at.code;
    let (class, arguments) = match code.call(widget) {
        Some((callee, arguments)) => (callee, arguments),
        None => (widget, &[][..]),
    };
    let place = at.expr_span(widget);
    if cx.classes.derives_from(&cx.resolved(at, class), HIDDEN) == Some(true) {
        return Some((place, Kept::Hidden));
    }
    attributes(at, code.argument(arguments, 0, "attrs")?).map(|kept| (place, kept))
}

/// What a dict of attributes does: `{"readonly": True}`.
fn attributes(at: Site<'_>, dict: ExprId) -> Option<Kept> {
    let Expr::Dict(entries) = at.code.expr(dict) else { return None };
    at.code.entries(entries).iter().find_map(|(key, value)| {
        let key = at.code.string((*key)?)?;
        match at.code.string(*value) {
            Some("hidden") if key == "type" => Some(Kept::Hidden),
            _ if is_off(at, *value) => None,
            _ => Kept::of_attribute(key),
        }
    })
}

/// What Django leaves out of the page: `False`, `None`.
fn is_off(at: Site<'_>, value: ExprId) -> bool {
    matches!(at.code.expr(value), Expr::Bool(false) | Expr::None)
}

/// What a function does to a field: `self.fields["total"].widget = HiddenInput()`,
/// `form.fields["total"].widget.attrs["readonly"] = True`, `….widget.attrs.update(readonly=True)`.
pub(super) fn in_function(
    cx: &Cx<'_>,
    at: Site<'_>,
    function: &Function,
    field: &str,
) -> Option<(Span, Kept)> {
    let code = at.code;
    code.symbol(field)?;
    let mut found = None;
    code.each_stmt(function.body, &mut |_, stmt| {
        let one = match stmt {
            Stmt::Assign { targets, value: Some(value), .. } => {
                code.exprs(targets).iter().find_map(|target| match code.expr(*target) {
                    Expr::Attribute(on, name)
                        if code.text(name) == "widget" && is_field(at, on, field) =>
                    {
                        widget(cx, at, value)
                    }
                    Expr::Subscript(on, key) if is_attributes(at, on, field) => {
                        let kept = Kept::of_attribute(code.string(key)?)?;
                        (!is_off(at, value)).then(|| (at.expr_span(*target), kept))
                    }
                    _ => None,
                })
            }
            Stmt::Expr(call) => updated(at, call, field),
            _ => None,
        };
        found = found.or(one);
    });
    found
}

/// `field.widget.attrs.update({"readonly": True})`.
fn updated(at: Site<'_>, call: ExprId, field: &str) -> Option<(Span, Kept)> {
    let (callee, arguments) = at.code.call(call)?;
    let Expr::Attribute(on, name) = at.code.expr(callee) else { return None };
    if at.code.text(name) != "update" || !is_attributes(at, on, field) {
        return None;
    }
    let kept = arguments.iter().find_map(|argument| match argument.keyword {
        Some(name) if !is_off(at, argument.value) => Kept::of_attribute(at.code.text(name)),
        Some(_) => None,
        None => attributes(at, argument.value),
    })?;
    Some((at.expr_span(call), kept))
}

/// `….fields["total"].widget.attrs`.
fn is_attributes(at: Site<'_>, expr: ExprId, field: &str) -> bool {
    let Expr::Attribute(widget, attrs) = at.code.expr(expr) else { return false };
    let Expr::Attribute(on, name) = at.code.expr(widget) else { return false };
    at.code.text(attrs) == "attrs" && at.code.text(name) == "widget" && is_field(at, on, field)
}

/// `….fields["total"]`.
fn is_field(at: Site<'_>, expr: ExprId, field: &str) -> bool {
    let Expr::Subscript(fields, key) = at.code.expr(expr) else { return false };
    let Expr::Attribute(_, name) = at.code.expr(fields) else { return false };
    at.code.text(name) == "fields" && at.code.string(key) == Some(field)
}

/// Whether a form decides what counts in a field: it ignores what is sent (`disabled=True`), looks at it, or
/// gives it a value of its own. How it is shown decides nothing.
pub(super) fn decides(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> bool {
    if let Some(found) = cx.classes.attribute(class, field) {
        let AttributeValue::Assigned(_, code, value) = found.value else { return true };
        let Some((_, arguments)) = code.call(value) else { return true };
        let set = |name: &str| {
            code.keyword(arguments, name).is_some_and(|value| code.bool(value) != Some(false))
        };
        if set("disabled") || set("validators") {
            return true;
        }
    }
    let own = format!("clean_{field}");
    any_method(cx, class, |at, function| {
        own == at.code.text(function.name) || looks(at, function, field)
    })
}

/// Whether a function looks at a field or gives it a value, rather than to say how it is shown.
pub(super) fn looks(at: Site<'_>, function: &Function, field: &str) -> bool {
    let shown = shown(at, function, field);
    mentions_besides(at, function, field, &shown)
}

/// Where a function says how a field is shown.
fn shown(at: Site<'_>, function: &Function, field: &str) -> Vec<TextRange> {
    let code = at.code;
    let mut found = Vec::new();
    code.each_stmt(function.body, &mut |id, stmt| {
        let shows = match stmt {
            Stmt::Assign { targets, .. } => {
                code.exprs(targets).iter().any(|target| match code.expr(*target) {
                    Expr::Attribute(on, name) => {
                        SHOWN.contains(&code.text(name)) && is_field(at, on, field)
                    }
                    Expr::Subscript(on, _) => is_attributes(at, on, field),
                    _ => false,
                })
            }
            Stmt::Expr(call) => updated(at, call, field).is_some(),
            _ => false,
        };
        if shows {
            found.push(code.stmt_range(id));
        }
    });
    found
}

//! Expressions of Jinja as Django's, as far as it matters where a value comes from and whether it is escaped.
//! What has several parts is a value that may be any of them.

use std::collections::BTreeSet;

use djsec_base::TextRange;

use super::Added;
use super::expr::{Arguments, Expr, ExprKind};
use crate::filter::{Filter, FilterExpression, MacroCall, Operand, Value};
use crate::tree::Word;

/// Names that Jinja sets itself.
const OWN: [&str; 8] = ["loop", "caller", "varargs", "kwargs", "self", "true", "cycler", "joiner"];

/// The name of what a macro is given besides its parameters, by its place…
pub(crate) const VARARGS: &str = "*varargs";
/// …and by its name.
pub(crate) const KWARGS: &str = "*kwargs";

/// What a value goes through that stands behind a text which says how it begins: an address of the site,
/// say.
pub const PREFIXED: &str = "+prefixed";
/// What it goes through that nobody here knows.
const UNKNOWN: &str = "+unknown";

/// What stands before the name of a filter that the project adds, so that it is not taken for one of Django.
pub const FILTER: &str = "jinja|";
/// And of a function. What goes through it is what it is given at the place, or under the name, that is the filter's
/// argument.
pub const FUNCTION: &str = "jinja()";

/// The name in templates of a filter or function that the project adds; nothing for another filter.
pub fn added_name(filter: &str) -> Option<&str> {
    filter.strip_prefix(FILTER).or_else(|| filter.strip_prefix(FUNCTION))
}

/// Lowers expressions.
pub(super) struct Lowering<'m> {
    /// What the project adds to the language.
    pub(super) added: &'m dyn Added,
    /// What stands for a macro, or for a template of them: what they give is escaped already.
    pub(super) macros: &'m BTreeSet<Box<str>>,
}

const fn plain(value: Value, span: TextRange) -> FilterExpression {
    FilterExpression { value: Operand { value, span }, filters: Vec::new(), span }
}

/// What comes from nowhere: a number, an answer, a name of Jinja.
pub(super) const fn nothing(span: TextRange) -> FilterExpression {
    plain(Value::Missing, span)
}

fn filter(name: &str, span: TextRange, argument: Option<Operand>) -> Filter {
    Filter { name: Word { text: name.into(), span }, argument }
}

/// A value that may be any of these. What the template says itself is left out, marked as it may be: it does not
/// mark the others, and what is joined to a text that is marked is escaped.
fn one_of(parts: impl Iterator<Item = FilterExpression>, span: TextRange) -> FilterExpression {
    let is_said = |part: &FilterExpression| {
        matches!(part.value.value, Value::Text { .. } | Value::Number(_) | Value::Missing)
    };
    let all: Vec<FilterExpression> = parts.filter(|part| !is_said(part)).collect();
    match <[FilterExpression; 1]>::try_from(all) {
        Ok([one]) => one,
        Err(all) if all.is_empty() => nothing(span),
        Err(all) => plain(Value::Any(all), span),
    }
}

/// What is put one after the other: of a sum its parts.
fn pieces(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Binary("Add", sides) => sides.iter().flat_map(pieces).collect(),
        ExprKind::Concat(parts) => parts.iter().flat_map(pieces).collect(),
        _ => vec![expr],
    }
}

/// Whether a value is a form, by its name: what stands in it under a name is a field, which writes itself.
fn is_form(expr: &Expr) -> bool {
    let (ExprKind::Name(name) | ExprKind::Attribute(_, name)) = &expr.kind else { return false };
    name.ends_with("form")
}

/// Whether a value is a list or a table that is written out.
const fn has_parts(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::List(..) | ExprKind::Dict(_))
}

/// What a name below a value is, where the value itself is a name.
fn below(base: &FilterExpression, name: &str, span: TextRange) -> Option<FilterExpression> {
    match &base.value.value {
        Value::Lookup(path) if base.filters.is_empty() => {
            Some(plain(Value::Lookup(format!("{path}.{name}").into()), span))
        }
        _ => None,
    }
}

impl Lowering<'_> {
    pub(super) fn value(&self, expr: &Expr) -> FilterExpression {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Name(name) if matches!(&**name, "varargs" | "kwargs") => {
                let name = if **name == *"varargs" { VARARGS } else { KWARGS };
                plain(Value::Lookup(name.into()), span)
            }
            ExprKind::Name(name) if OWN.contains(&&**name) => nothing(span),
            ExprKind::Name(name) => plain(Value::Lookup(name.clone()), span),
            ExprKind::Text(text) => {
                plain(Value::Text { text: text.clone(), translated: false }, span)
            }
            ExprKind::Number(number) => plain(Value::Number(number.clone()), span),
            ExprKind::Attribute(base, name) => self.part(base, name, span),
            ExprKind::Item(base, key) => match &key.kind {
                ExprKind::Text(name) | ExprKind::Number(name) if is_simple(name) => {
                    self.part(base, name, span)
                }
                _ if is_form(base) => nothing(span),
                _ => self.filtered(base, "first", span),
            },
            ExprKind::Slice(base) => self.filtered(base, "slice", span),
            ExprKind::Call(callee, arguments) => self.call(callee, arguments, span),
            ExprKind::Filter(value, name, arguments) => {
                self.filter(value.as_deref(), name, arguments, span)
            }
            ExprKind::Binary("Or", sides) => self.any(sides.iter(), span),
            // The left one only where it says no.
            ExprKind::Binary("And", sides) => self.any(sides.iter().skip(1), span),
            ExprKind::Binary("Add" | "Mod", sides) => self.joined(sides.as_slice(), span),
            ExprKind::Concat(parts) => self.joined(parts, span),
            ExprKind::Conditional(parts, other) => {
                self.any(parts.iter().take(1).chain(other.as_deref()), span)
            }
            ExprKind::List(_, all) => self.list(all, span),
            ExprKind::Dict(pairs) => self.any(pairs.iter().map(|(_, value)| value), span),
            ExprKind::Constant
            | ExprKind::Test(..)
            | ExprKind::Compare(..)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..) => nothing(span),
        }
    }

    /// One of several values.
    fn any<'e>(&self, parts: impl Iterator<Item = &'e Expr>, span: TextRange) -> FilterExpression {
        one_of(parts.map(|part| self.value(part)), span)
    }

    /// One of a list. Of lists in it nobody knows which part of which one is meant.
    fn list(&self, all: &[Expr], span: TextRange) -> FilterExpression {
        let value = |one: &Expr| {
            if has_parts(one) { self.filtered(one, UNKNOWN, one.span) } else { self.value(one) }
        };
        one_of(all.iter().map(value), span)
    }

    /// Values one after the other.
    fn joined(&self, parts: &[Expr], span: TextRange) -> FilterExpression {
        let mut behind = false;
        let mut values = Vec::new();
        for part in parts.iter().flat_map(pieces) {
            let mut value = self.value(part);
            if behind {
                value.filters.push(filter(PREFIXED, span, None));
            }
            behind |= matches!(&part.kind, ExprKind::Text(text) if !text.is_empty());
            values.push(value);
        }
        one_of(values.into_iter(), span)
    }

    /// `base.name`
    fn part(&self, base: &Expr, name: &str, span: TextRange) -> FilterExpression {
        let base = self.value(base);
        below(&base, name, span).unwrap_or(base)
    }

    fn filtered(&self, base: &Expr, name: &str, span: TextRange) -> FilterExpression {
        let mut value = self.value(base);
        value.filters.push(filter(name, span, None));
        value.span = span;
        value
    }

    fn call(&self, callee: &Expr, given: &Arguments, span: TextRange) -> FilterExpression {
        match &callee.kind {
            ExprKind::Name(name) => return self.function(name, given, span),
            ExprKind::Attribute(base, name) => {
                if let ExprKind::Name(module) = &base.kind
                    && self.macros.contains(module)
                {
                    return self.called(Some(module), name, given, span);
                }
                match (&**name, given.positional.first().map(|first| &first.kind)) {
                    // `request.GET.get("q")`: an item.
                    ("get", Some(ExprKind::Text(key))) if is_simple(key) => {
                        return self.part(base, key, span);
                    }
                    ("format" | "join", _) => {
                        let parts = std::iter::once(&**base).chain(given.all());
                        return self.any(parts, span);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        let mut value = self.value(callee);
        value.span = span;
        let mut given = self.handed(given).peekable();
        if given.peek().is_none() {
            return value;
        }
        one_of(std::iter::once(value).chain(given), span)
    }

    /// What a function of the project makes of each of its arguments.
    fn through(
        &self,
        function: &str,
        given: &Arguments,
        before: usize,
    ) -> impl Iterator<Item = FilterExpression> {
        let places = (before..).map(|at| at.to_string().into());
        let positional = given.positional.iter().zip(places);
        let keywords = given.keywords.iter().map(|(name, value)| (value, name.clone()));
        // Which part of a list or table ends where is not known here.
        let all = positional.chain(keywords).filter(|(value, _)| !has_parts(value));
        all.map(move |(value, text)| {
            let span = value.span;
            let text = Value::Text { text, translated: false };
            let mut value = self.value(value);
            value.filters.push(filter(function, span, Some(Operand { value: text, span })));
            value
        })
    }

    /// The call of a macro.
    fn called(
        &self,
        module: Option<&str>,
        name: &str,
        given: &Arguments,
        span: TextRange,
    ) -> FilterExpression {
        let values = |all: &[Expr]| all.iter().map(|one| self.value(one)).collect();
        let keywords = given.keywords.iter().map(|(name, value)| (name.clone(), self.value(value)));
        let call = MacroCall {
            module: module.map(Box::from),
            name: name.into(),
            positional: values(&given.positional),
            keywords: keywords.collect(),
            spread: values(&given.spread),
            span,
        };
        plain(Value::Macro(Box::new(call)), span)
    }

    /// What is handed to something of which nobody here knows what it gives back.
    fn handed(&self, given: &Arguments) -> impl Iterator<Item = FilterExpression> {
        given.all().map(|one| self.filtered(one, UNKNOWN, one.span))
    }

    fn function(&self, name: &str, given: &Arguments, span: TextRange) -> FilterExpression {
        match name {
            name if self.added.is_function(name) && !self.macros.contains(name) => {
                one_of(self.through(&format!("{FUNCTION}{name}"), given, 0), span)
            }
            "super" => plain(Value::Lookup("block.super".into()), span),
            "Markup" | "mark_safe" => match given.positional.first() {
                Some(value) => self.filtered(value, "safe", span),
                None => nothing(span),
            },
            // The number only chooses between the texts.
            "ngettext" => self.any(given.positional.iter().take(2), span),
            "npgettext" => self.any(given.positional.iter().take(3), span),
            "_" | "gettext" | "pgettext" | "dict" | "list" | "namespace" => {
                self.any(given.all(), span)
            }
            "range" | "lipsum" | "cycler" | "joiner" | "url" | "url_for" | "static" | "len" => {
                nothing(span)
            }
            name if name == "caller" || self.macros.contains(name) => {
                self.called(None, name, given, span)
            }
            name if OWN.contains(&name) => nothing(span),
            _ => one_of(self.handed(given), span),
        }
    }

    fn filter(
        &self,
        value: Option<&Expr>,
        name: &Word,
        given: &Arguments,
        span: TextRange,
    ) -> FilterExpression {
        let mut value = match value {
            Some(value) => self.value(value),
            None => nothing(span),
        };
        let first = given.positional.first().map(|first| &first.kind);
        match (&*name.text, first) {
            ("attr", Some(ExprKind::Text(part))) if is_simple(part) => {
                if let Some(part) = below(&value, part, span) {
                    return part;
                }
            }
            (name, _) if self.added.is_filter(name) => {
                let name = format!("{FILTER}{name}");
                value.filters.push(filter(&name, span, None));
                value.span = span;
                return one_of(std::iter::once(value).chain(self.through(&name, given, 1)), span);
            }
            ("default" | "d", Some(_)) | ("format", _) => {
                let given = given.all().map(|one| self.value(one));
                return one_of(std::iter::once(value).chain(given), span);
            }
            _ => {}
        }
        let argument = match first {
            Some(ExprKind::Text(text)) => {
                let value = Value::Text { text: text.clone(), translated: false };
                Some(Operand { value, span: name.span })
            }
            _ => None,
        };
        value.filters.push(filter(as_djangos(&name.text), name.span, argument));
        value.span = span;
        value
    }

    /// The filters of `{% filter a|b %}`.
    pub(super) fn chain(&self, expr: &Expr) -> Vec<Filter> {
        self.value(expr).filters
    }
}

/// The filter of Django that does to a value what a filter of Jinja does, as far as it matters here. What keeps a
/// text that is marked as safe marked does so there, too: a `Markup` does.
fn as_djangos(name: &str) -> &str {
    match name {
        "e" | "escape" => "escape",
        "forceescape" => "force_escape",
        "tojson" | "xmlattr" => "tojson",
        "upper" | "lower" | "capitalize" | "title" | "trim" | "center" | "wordwrap" | "string"
        | "indent" | "replace" | "truncate" => "lower",
        "length" | "count" | "wordcount" | "int" | "float" | "round" | "abs" | "sum"
        | "filesizeformat" => "length",
        "list" | "sort" | "unique" | "reverse" | "dictsort" | "select" | "reject"
        | "selectattr" | "rejectattr" | "map" | "batch" | "slice" | "items" | "groupby" => {
            "dictsort"
        }
        "first" | "last" | "random" | "min" | "max" => "first",
        // Names of Django that mean the same, and those that nobody here knows.
        "safe" | "striptags" | "urlencode" | "urlize" | "join" | "pprint" => name,
        _ => UNKNOWN,
    }
}

/// Whether a name can stand in a path.
fn is_simple(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

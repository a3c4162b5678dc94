//! Small questions about expressions.

use std::borrow::Cow;

use djsec_syntax::python::{Ranged, ast};

/// Chains longer than this are not names of anything.
const LONGEST: usize = 64;

/// `a.b.c` as text, for a name or a chain of attributes of a name.
pub(crate) fn dotted<'a>(expr: &ast::Expr, text: &'a str) -> Option<Cow<'a, str>> {
    let (mut parts, mut length) = (1, 0);
    let mut inner = expr;
    while let ast::Expr::Attribute(attribute) = inner {
        inner = &attribute.value;
        parts += 1;
        length += attribute.attr.len() + ".".len();
        if parts > LONGEST {
            return None;
        }
    }
    let ast::Expr::Name(head) = inner else { return None };
    let written = text.get(std::ops::Range::<usize>::from(expr.range())).unwrap_or_default();
    // Names that are not ASCII may mean others than are written.
    if written.len() == length + head.id.len() && written.is_ascii() {
        return Some(Cow::Borrowed(written));
    }
    // Spaces, line breaks, parentheses or comments stand between the parts.
    let mut names = Vec::with_capacity(parts);
    let mut inner = expr;
    while let ast::Expr::Attribute(attribute) = inner {
        names.push(attribute.attr.as_str());
        inner = &attribute.value;
    }
    names.push(head.id.as_str());
    names.reverse();
    Some(Cow::Owned(names.join(".")))
}

/// The text of a plain string.
pub(crate) fn string(expr: &ast::Expr) -> Option<&str> {
    match expr {
        ast::Expr::StringLiteral(literal) => Some(literal.value.to_str()),
        _ => None,
    }
}

/// Whether it looks like the name of a setting: upper case, digits and underscores.
pub(super) fn is_setting_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    (2..=100).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
}

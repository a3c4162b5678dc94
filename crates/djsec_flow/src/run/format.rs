//! The `%` operator on texts.

use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::prefix::{is_quoted_in, led_by_format, unquoted};
use crate::taint::Taint;
use crate::value::Value;
use crate::{Kind, Kinds};

impl Run<'_, '_> {
    /// `"… %s …" % values`: each value as the format has it, where that is known.
    pub(super) fn percent(&mut self, format: &Value, right: ExprId, values: &Value) -> Value {
        let mut taint = format.whole();
        let Some(conversions) = format.as_text().map(|text| conversions(text)) else {
            taint.merge(&values.whole());
            // The remainder of a number is less than what it is divided by.
            return Value::tainted(taint.sanitized(Kinds::of([Kind::Amount])));
        };
        self.into_percent(format, values, right);
        let several = matches!(self.code.expr(right), Expr::Tuple(_));
        let first = if several { values.field("[0]") } else { values.clone() };
        let led = led_by_format(format, Some(&first), '%');
        let quoted = is_quoted_in(format, '%');
        let values = &values.map(&|taint| {
            let taint = taint.sanitized(led);
            if quoted { unquoted(&taint) } else { taint }
        });
        let code = self.code;
        if let Expr::Tuple(list) = code.expr(right)
            && code.exprs(list).len() == conversions.len()
        {
            for (at, kind) in conversions.iter().enumerate() {
                taint.merge(&converted(&values.field(&format!("[{at}]")).written(), *kind));
            }
        } else if let Some(kind) = only(&conversions) {
            taint.merge(&converted(&values.whole(), kind));
        } else {
            taint.merge(&values.whole());
        }
        Value::tainted(taint)
    }
}

/// What a conversion leaves of data.
fn converted(taint: &Taint, kind: char) -> Taint {
    match kind {
        's' => taint.clone(),
        'r' | 'a' => taint.sanitized(Kinds::REPRESENTED),
        _ => Taint::default(),
    }
}

/// The one kind of conversion in a format, if there is only one.
fn only(conversions: &[char]) -> Option<char> {
    let first = conversions.first()?;
    conversions.iter().all(|other| other == first).then_some(*first)
}

/// The kinds of the conversions in a format, in order: `s`, `d`.
fn conversions(text: &str) -> Vec<char> {
    let mut found = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            continue;
        }
        let mut in_name = false;
        let kind = rest.by_ref().find(|c| {
            in_name = (in_name || *c == '(') && *c != ')';
            !in_name && (c.is_ascii_alphabetic() && !matches!(c, 'h' | 'l' | 'L') || *c == '%')
        });
        found.extend(kind.filter(|kind| *kind != '%'));
    }
    found
}

//! The `%` operator on texts.

use std::ops::Range;

use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::prefix::{between_tags, has_tag, is_quoted_in, led_by_format, led_in_each, unquoted};
use crate::taint::Taint;
use crate::value::Value;
use crate::{Kind, Kinds};

impl Run<'_, '_> {
    /// `"… %s …" % values`: each value as the format has it, where that is known.
    pub(super) fn percent(&mut self, format: &Value, right: ExprId, values: &Value) -> Value {
        let mut taint = format.whole();
        let Some((text, conversions)) = format.as_text().map(|text| (text, conversions(text)))
        else {
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
            let places: Vec<_> = conversions.iter().map(|(_, place)| place.clone()).collect();
            let led = led_in_each(text, &places);
            for (at, ((kind, _), led)) in conversions.iter().zip(led).enumerate() {
                let value = values.field(&format!("[{at}]")).written();
                taint.merge(&converted(&value.sanitized(led), *kind));
            }
        } else if let Some(kind) = only(&conversions) {
            taint.merge(&converted(&values.whole(), kind));
        } else {
            taint.merge(&values.whole());
        }
        Value::tainted(if has_tag(text) { between_tags(&taint) } else { taint })
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
fn only(conversions: &[(char, Range<usize>)]) -> Option<char> {
    let (first, _) = conversions.first()?;
    conversions.iter().all(|(other, _)| other == first).then_some(*first)
}

/// The kinds of the conversions in a format (`s`, `d`) and where they stand, in order.
fn conversions(text: &str) -> Vec<(char, Range<usize>)> {
    let mut found = Vec::new();
    let mut rest = text.char_indices();
    while let Some((start, c)) = rest.next() {
        if c != '%' {
            continue;
        }
        let mut in_name = false;
        let kind = rest.by_ref().find(|(_, c)| {
            in_name = (in_name || *c == '(') && *c != ')';
            !in_name && (c.is_ascii_alphabetic() && !matches!(c, 'h' | 'l' | 'L') || *c == '%')
        });
        let kind = kind.filter(|(_, kind)| *kind != '%');
        found.extend(kind.map(|(end, kind)| (kind, start..end + kind.len_utf8())));
    }
    found
}

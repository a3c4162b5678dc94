//! What stands in SQL that is written in the code.

use djsec_python::code::{Expr, ExprId, Operator};

use crate::own::Site;

/// Stands for what the code puts into a text, which is not known.
const UNKNOWN: char = '\u{0}';

/// A placeholder in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    /// The text around it with its quotes: `'%%%s%%'`.
    pub(super) literal: String,
    /// `%s` or `%(name)s`.
    pub(super) placeholder: String,
}

impl Quoted {
    /// Whether nothing else stands in the quotes.
    pub(super) fn is_bare(&self) -> bool {
        self.literal.len() == self.placeholder.len() + 2
    }
}

/// The text that an expression is, with gaps where something is put into it; nothing where it is no text.
pub(super) fn text(at: Site<'_>, id: ExprId) -> Option<String> {
    let code = at.code;
    match code.expr(id) {
        Expr::Str(text) => Some(code.text(text).to_owned()),
        Expr::Format(parts) => {
            let part = |id: &ExprId| code.string(*id).map_or(UNKNOWN.to_string(), str::to_owned);
            Some(code.exprs(parts).iter().map(part).collect())
        }
        Expr::Binary(left, Operator::Add, right) => {
            let (left, right) = (text(at, left), text(at, right));
            if left.is_none() && right.is_none() {
                return None;
            }
            let or = |side: Option<String>| side.unwrap_or_else(|| UNKNOWN.to_string());
            Some(or(left) + &or(right))
        }
        Expr::Call(callee, _) => match code.expr(callee) {
            Expr::Attribute(receiver, name) if code.text(name) == "format" => text(at, receiver),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a text is a statement of SQL.
pub(super) fn is_sql(text: &str) -> bool {
    const FIRST: &[&str] = &[
        "alter", "call", "create", "delete", "explain", "insert", "merge", "refresh", "replace",
        "select", "truncate", "update", "with",
    ];
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let word: String = first.chars().take_while(char::is_ascii_alphabetic).collect();
    FIRST.contains(&word.to_ascii_lowercase().as_str())
}

/// The placeholders of SQL that stand in quotes. Comments and dollar quotes are passed over; nothing where the
/// placeholders are of another style, so that `%s` is what it says.
pub(super) fn quoted(sql: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '-' if after.starts_with('-') => after.split_once('\n').map_or("", |(_, rest)| rest),
            '/' if after.starts_with('*') => after.split_once("*/").map_or("", |(_, rest)| rest),
            '$' if after.starts_with('$') => {
                let inner = after.get(1..).unwrap_or_default();
                inner.split_once("$$").map_or("", |(_, rest)| rest)
            }
            '\'' | '"' => {
                let Some(length) = closing(after, first) else { break };
                let inner = after.get(..length).unwrap_or_default();
                if let Some(placeholder) = placeholder(inner).filter(|_| !inner.contains(UNKNOWN)) {
                    let literal = format!("{first}{inner}{first}");
                    found.push(Quoted { literal, placeholder });
                }
                after.get(length + 1..).unwrap_or_default()
            }
            '?' => return Vec::new(),
            ':' if after.starts_with(':') => after.get(1..).unwrap_or_default(),
            '$' | ':' if after.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
                return Vec::new();
            }
            _ => after,
        };
    }
    found
}

/// Where the quotes end: not at one that is doubled, or behind a backslash.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut skip = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if std::mem::take(&mut skip) {
            continue;
        }
        let doubled = c == quote && chars.peek().is_some_and(|(_, next)| *next == quote);
        // Nothing in the quotes at all, or a quote in them.
        if doubled || c == '\\' {
            skip = true;
        } else if c == quote {
            return Some(at);
        }
    }
    None
}

/// The first placeholder in a text: `%s` or `%(name)s`, not `%%s`.
fn placeholder(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let (_, after) = rest.split_once('%')?;
        if let Some(after) = after.strip_prefix('%') {
            rest = after;
            continue;
        }
        if after.starts_with('s') {
            return Some("%s".to_owned());
        }
        let name = after.strip_prefix('(').and_then(|after| after.split_once(")s"));
        if let Some((name, _)) = name.filter(|(name, _)| !name.contains([')', ' '])) {
            return Some(format!("%({name})s"));
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    fn literals(sql: &str) -> Vec<String> {
        quoted(sql).into_iter().map(|found| found.literal).collect()
    }

    #[test]
    fn only_placeholders_in_quotes_are_found() {
        assert_eq!(literals("SELECT 1 WHERE a = '%s' AND b = %s"), ["'%s'"]);
        assert_eq!(literals("SELECT '%(a)s', \"%s\""), ["'%(a)s'", "\"%s\""]);
        assert_eq!(literals("SELECT a::text WHERE b = '%s'"), ["'%s'"]);
        assert_eq!(literals("WHERE a LIKE '%%%s%%'"), ["'%%%s%%'"]);
        for fine in [
            "WHERE a LIKE '%%sale%%' AND b = %s",
            "WHERE a = '' AND b = %s AND c = ''",
            "WHERE a = 'it''s' AND b = %s",
            "-- it's\nWHERE a = %s -- isn't",
            "WHERE a = %s /* 'x */ AND b = %s",
            "WHERE \"name\" = %s AND kind = 'a'",
            "SELECT $$ '%s' $$",
            "WHERE a = 'it\\'s' AND b = %s",
            "SELECT strftime('%s', a) WHERE b = ?",
            "SELECT date_format(a, '%s') WHERE b = :b AND c = $1",
        ] {
            assert!(literals(fine).is_empty(), "{fine}");
        }
    }
}

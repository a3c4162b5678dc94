//! `$X` and `${X:-default}` in values, as the shell and compose replace them.

/// A value after its variables were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expanded {
    /// Everything is known.
    Known(String),
    /// Known unless the outside sets one of these variables: the text uses their defaults.
    Default {
        /// The value with the defaults.
        value: String,
        /// The variables whose defaults were used.
        variables: Vec<String>,
    },
    /// It depends on variables without a default, or on a command's output.
    Unknown {
        /// The variables.
        variables: Vec<String>,
    },
}

/// Nested defaults deeper than this are taken as unknown.
const MAX_DEPTH: usize = 8;

/// Replaces the variables of a value. `known` gives the value of a variable that is set in sight;
/// `$$` is a dollar sign, as in compose.
pub fn expand(text: &str, known: &dyn Fn(&str) -> Option<String>) -> Expanded {
    let mut state = State { known, defaults: Vec::new(), unknown: Vec::new() };
    let value = state.expand(text, 0);
    if !state.unknown.is_empty() {
        return Expanded::Unknown { variables: state.unknown };
    }
    if state.defaults.is_empty() {
        Expanded::Known(value)
    } else {
        Expanded::Default { value, variables: state.defaults }
    }
}

struct State<'a> {
    known: &'a dyn Fn(&str) -> Option<String>,
    defaults: Vec<String>,
    unknown: Vec<String>,
}

impl State<'_> {
    fn expand(&mut self, text: &str, depth: usize) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(rest.get(..at).unwrap_or_default());
            let after = rest.get(at + 1..).unwrap_or_default();
            rest = self.one(after, depth, &mut out);
        }
        out.push_str(rest);
        out
    }

    /// Replaces what follows a `$`; returns the text after it.
    fn one<'t>(&mut self, after: &'t str, depth: usize, out: &mut String) -> &'t str {
        if let Some(rest) = after.strip_prefix('$') {
            out.push('$');
            return rest;
        }
        if after.starts_with('(') {
            self.unknown.push("a command".to_owned());
            return "";
        }
        if after.starts_with('{') {
            let length = super::balanced(after, '{', '}');
            let inner = after
                .get(1..length.saturating_sub(1))
                .filter(|_| after.get(..length).is_some_and(|whole| whole.ends_with('}')));
            if let Some(inner) = inner {
                self.braces(inner, depth, out);
                return after.get(length..).unwrap_or_default();
            }
        }
        let length = after.find(|c| !is_name(c)).unwrap_or(after.len());
        let name = after.get(..length).unwrap_or_default();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('$');
        } else {
            match (self.known)(name) {
                Some(value) => out.push_str(&value),
                None => self.unknown.push(name.to_owned()),
            }
        }
        after.get(length..).unwrap_or_default()
    }

    fn braces(&mut self, inner: &str, depth: usize, out: &mut String) {
        let length = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
        let name = inner.get(..length).unwrap_or_default().to_owned();
        let operator = inner.get(length..).unwrap_or_default();
        let known = (self.known)(&name);
        let filled = known.as_deref().is_some_and(|value| !value.is_empty());
        let (body, empty_counts) = match operator.strip_prefix(':') {
            Some(body) => (body, true),
            None => (operator, false),
        };
        let usable = if empty_counts { filled } else { known.is_some() };
        match body.chars().next() {
            None => match known {
                Some(value) => out.push_str(&value),
                None => self.unknown.push(name),
            },
            Some('-' | '=') if !usable && depth < MAX_DEPTH => {
                if known.is_none() {
                    self.defaults.push(name);
                }
                let default = body.get(1..).unwrap_or_default();
                let value = self.expand(default, depth + 1);
                out.push_str(&value);
            }
            Some('-' | '=' | '?') if usable => out.push_str(&known.unwrap_or_default()),
            Some(_) => self.unknown.push(name),
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

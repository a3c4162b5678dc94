//! Unknown values: where they come from, what was done to them since, and what is known of them.

use std::borrow::Cow;
use std::sync::Arc;

use djsec_base::Span;

/// Where an unknown value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Root {
    /// An environment variable that is set, or a name that the operator's own module sets
    /// (netbox's `configuration.DEBUG`).
    Env(Arc<str>),
    /// A key of a file outside the code.
    File {
        /// The file as the code names it.
        path: Arc<str>,
        /// The key in it.
        key: Arc<str>,
    },
    /// Something djsec cannot evaluate.
    Opaque {
        /// Distinguishes unknowns of one evaluation.
        id: u32,
        /// Why it is unknown, in words.
        reason: Arc<str>,
    },
}

/// What type an unknown value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Not known.
    Any,
    /// `str`.
    Str,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `float`.
    Float,
    /// `list` of strings.
    List,
    /// `dict`.
    Dict,
}

/// An unknown value: where it comes from, and what was done to it since.
#[derive(Debug, Clone)]
pub struct Sym {
    /// Where it comes from.
    pub root: Root,
    /// Operations in order, in Python's notation (`.lower()`, `== 'true'`).
    pub ops: Vec<Arc<str>>,
    /// Its type.
    pub ty: Type,
    /// Where it was read.
    pub span: Option<Span>,
}

impl PartialEq for Sym {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root && self.ops == other.ops && self.ty == other.ty
    }
}
impl Eq for Sym {}
impl std::hash::Hash for Sym {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.root.hash(state);
        self.ops.hash(state);
    }
}

/// Operations that a symbol keeps one by one, and how long each may be.
const MAX_OPS: usize = 40;
const MAX_OP: usize = 400;

/// The beginning of an operation, with a number that tells it from others that begin so.
fn shortened(op: &str) -> Arc<str> {
    use std::hash::{Hash as _, Hasher as _};
    let mut hasher = rustc_hash::FxHasher::default();
    op.hash(&mut hasher);
    let head: String = op.chars().take(40).collect();
    Arc::from(format!("{head}… {:x}", hasher.finish()))
}

impl Sym {
    /// The same unknown after one more operation.
    #[must_use]
    pub fn then(&self, op: impl Into<Arc<str>>, ty: Type) -> Self {
        let mut ops = self.ops.clone();
        let mut op = op.into();
        if op.len() > MAX_OP {
            op = shortened(&op);
        }
        if ops.len() >= MAX_OPS {
            // A loop piles up operations: the last stands for all that follow.
            let last = ops.pop();
            op = shortened(&format!("{} {op}", last.as_deref().unwrap_or_default()));
        }
        ops.push(op);
        Self { root: self.root.clone(), ops, ty, span: self.span }
    }

    /// The environment variable it comes from.
    pub fn variable(&self) -> Option<&Arc<str>> {
        match &self.root {
            Root::Env(name) => Some(name),
            _ => None,
        }
    }

    /// The value in words: `DEBUG.lower()`.
    pub fn describe(&self) -> String {
        let mut text = match &self.root {
            Root::Env(name) => name.to_string(),
            Root::File { path, key } => format!("{path}[{key}]"),
            Root::Opaque { reason, .. } => format!("<{reason}>"),
        };
        for op in &self.ops {
            // Conversions need not be said.
            if matches!(&**op, "Path" | "str") {
                continue;
            }
            if matches!(&**op, "len" | "type") {
                text = format!("{op}({text})");
                continue;
            }
            if !op.starts_with('.') && !op.starts_with('[') {
                text.push(' ');
            }
            text.push_str(&op.replace("== builtins.", "== "));
        }
        text
    }

    /// What is known of the text that it is, with braces in the place of what is not:
    /// `^{$URL_PREFIX}products/`.
    pub fn outline(&self) -> String {
        let unknown = self.variable().map_or("{…}".to_owned(), |name| format!("{{${name}}}"));
        let mut text = unknown.clone();
        for op in &self.ops {
            let head = op.strip_prefix("in '").and_then(|rest| rest.strip_suffix("{}'"));
            let tail = op.strip_prefix("+ '").and_then(|rest| rest.strip_suffix('\''));
            match (head, tail) {
                (Some(head), _) => text.insert_str(0, head),
                (None, Some(tail)) => text.push_str(tail),
                _ if &**op == "str" => {}
                // It is changed in another way, with all that was put around it.
                _ => text.clone_from(&unknown),
            }
        }
        text
    }
}

/// An outline ([`Sym::outline`]) without the braces that stand for what is not known.
pub fn without_unknown(outline: &str) -> Cow<'_, str> {
    let is_unknown = |inner: &str| {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        inner == "…" || inner.strip_prefix('$').is_some_and(|inner| inner.chars().all(name))
    };
    let mut known = String::new();
    let mut rest = outline;
    while let Some((before, after)) = rest.split_once('{') {
        known.push_str(before);
        let unknown = after.split_once('}').filter(|(inner, _)| is_unknown(inner));
        if unknown.is_none() {
            known.push('{');
        }
        rest = unknown.map_or(after, |(_, behind)| behind);
    }
    if known.is_empty() {
        return Cow::Borrowed(rest);
    }
    known.push_str(rest);
    Cow::Owned(known)
}

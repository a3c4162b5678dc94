//! Text: f-strings, `%`, `.format()`, and Python's notation of values.

use std::fmt::Write as _;
use std::sync::Arc;

use djsec_syntax::python::ast::{self, FStringPart, InterpolatedStringElement};

use super::format_spec::Spec;
use super::{At, Interp, Leaf, Object, Val};
use crate::worlds::{Sym, Type};

/// A piece of a text: constant, or a value to be put in.
enum Piece {
    Text(String),
    Value(Val),
}

impl Interp<'_> {
    pub(super) fn fstring(&mut self, e: &ast::ExprFString, at: At) -> Val {
        let mut pieces = Vec::new();
        for part in e.value.as_slice() {
            match part {
                FStringPart::Literal(literal) => {
                    pieces.push(Piece::Text(literal.value.to_string()));
                }
                FStringPart::FString(fstring) => {
                    for element in &fstring.elements {
                        match element {
                            InterpolatedStringElement::Literal(literal) => {
                                pieces.push(Piece::Text(literal.value.to_string()));
                            }
                            InterpolatedStringElement::Interpolation(inner) => {
                                let value = self.expr(&inner.expression, at);
                                let spec = self.spec_text(inner, at);
                                let repr = inner.conversion == ast::ConversionFlag::Repr;
                                let value = self.formatted(&value, repr, spec.as_deref(), at);
                                pieces.push(Piece::Value(value));
                            }
                        }
                    }
                }
            }
        }
        self.assemble(&pieces, at)
    }

    /// The text of a format specification; its own fields must be known. Empty where there is none.
    fn spec_text(&mut self, field: &ast::InterpolatedElement, at: At) -> Option<String> {
        let Some(spec) = &field.format_spec else { return Some(String::new()) };
        let mut text = String::new();
        for element in &spec.elements {
            match element {
                InterpolatedStringElement::Literal(literal) => text.push_str(&literal.value),
                InterpolatedStringElement::Interpolation(inner) => {
                    let value = self.expr(&inner.expression, at);
                    text.push_str(&self.display_text(value.single()?)?);
                }
            }
        }
        Some(text)
    }

    /// A value with its conversion (`!r`) and format specification applied.
    fn formatted(&mut self, value: &Val, repr: bool, spec: Option<&str>, at: At) -> Val {
        if !repr && spec == Some("") {
            return value.clone();
        }
        let parsed = spec.and_then(Spec::parse);
        self.map(value, at, |it, leaf, at| {
            let repr = repr && !matches!(leaf, Leaf::Sym(_));
            let leaf = if repr { Leaf::Str(Arc::from(it.repr(leaf))) } else { leaf.clone() };
            // A boolean with a specification is its text, when that asks for one.
            let leaf = match leaf {
                Leaf::Bool(b) if spec.is_some_and(|s| s.ends_with('s') || s.contains('>')) => {
                    Leaf::Str(Arc::from(if b { "True" } else { "False" }))
                }
                other => other,
            };
            match (&leaf, &parsed) {
                (_, _) if spec == Some("") => Val::of(leaf, Some(at.span)),
                (Leaf::Sym(sym), _) => it.symbol(sym.then("formatted", Type::Str), at),
                (leaf, Some(parsed)) => match parsed.apply(leaf) {
                    Some(text) => it.text(text, at),
                    None => it.unknown_of("a formatted value", Type::Str, at),
                },
                _ => it.unknown_of("a formatted value", Type::Str, at),
            }
        })
    }

    /// Puts pieces together, once per combination of their alternatives.
    fn assemble(&mut self, pieces: &[Piece], at: At) -> Val {
        let mut out = Val::of(Leaf::Str(Arc::from("")), Some(at.span));
        for piece in pieces {
            let next = match piece {
                Piece::Text(text) => Val::str(text.as_str()),
                Piece::Value(value) => self.printable(value, at),
            };
            if out.alts.len() * next.alts.len() > self.budget.alternatives {
                return self.unknown_of("a text with too many alternatives", Type::Str, at);
            }
            out = self.map(&out, at, |it, head, at| {
                it.map(&next, at, |it, tail, at| it.glue(head, tail, at))
            });
        }
        out
    }

    /// Objects whose class says how they are printed, as texts.
    fn printable(&mut self, value: &Val, at: At) -> Val {
        let objects = value.alts.iter().any(|alt| match &alt.leaf {
            Leaf::Ref(id) => matches!(self.object(*id), Some(Object::Inst(_))),
            _ => false,
        });
        if objects { self.make_text(value, at) } else { value.clone() }
    }

    pub(super) fn glue(&mut self, head: &Leaf, tail: &Leaf, at: At) -> Val {
        let tail_text = match tail {
            Leaf::Sym(_) => None,
            other => self.display_text(other),
        };
        match (head, tail, tail_text) {
            (Leaf::Str(head), _, Some(tail)) => self.text(format!("{head}{tail}"), at),
            (Leaf::Str(head), Leaf::Sym(sym), _) => {
                let sym = sym.then(format!("in '{head}{{}}'"), Type::Str);
                self.symbol(sym, at)
            }
            (Leaf::Sym(sym), _, Some(tail)) => {
                let sym = sym.then(format!("+ '{tail}'"), Type::Str);
                self.symbol(sym, at)
            }
            (Leaf::Sym(sym), Leaf::Sym(more), _) => {
                let sym = sym.then(format!("+ {}", more.describe()), Type::Str);
                self.symbol(sym, at)
            }
            _ => self.unknown_of("a text made of values djsec cannot print", Type::Str, at),
        }
    }

    /// `str(value)` as Python gives it, for values whose text is certain.
    pub(super) fn display_text(&mut self, leaf: &Leaf) -> Option<String> {
        match leaf {
            Leaf::Str(s) => Some(s.to_string()),
            Leaf::Path(p) => Some(p.to_string()),
            Leaf::None => Some("None".to_owned()),
            Leaf::Bool(b) => Some(if *b { "True" } else { "False" }.to_owned()),
            Leaf::Int(i) => Some(i.to_string()),
            Leaf::Float(f) => Some(float_repr(*f)),
            Leaf::Ref(_) | Leaf::Tuple(_) => Some(self.repr(leaf)),
            _ => None,
        }
    }

    /// Python's notation of a value; unknown parts are shown by name.
    pub fn repr(&mut self, leaf: &Leaf) -> String {
        self.repr_within(leaf, 0)
    }

    fn repr_within(&mut self, leaf: &Leaf, depth: u32) -> String {
        match leaf {
            Leaf::Str(s) => quote(s),
            Leaf::Path(p) => format!("Path({})", quote(p)),
            Leaf::Bytes(b) => format!("b'…{} bytes'", b.len()),
            Leaf::Delta(us) => format!("timedelta(microseconds={us})"),
            Leaf::Absent => "<absent>".to_owned(),
            Leaf::Sym(sym) => sym.describe(),
            Leaf::Ext(name) => name.to_string(),
            Leaf::Module(name) => format!("<module {name}>"),
            Leaf::Func(func) => func.name.to_string(),
            Leaf::Method(_) | Leaf::BuiltinMethod(_) => "<method>".to_owned(),
            Leaf::Tuple(_) | Leaf::Ref(_) if depth > 3 => "…".to_owned(),
            Leaf::Tuple(seq) => {
                let seq = std::rc::Rc::clone(seq);
                let inner = self.repr_items(&seq.items, depth);
                if seq.items.len() == 1 { format!("({inner},)") } else { format!("({inner})") }
            }
            Leaf::Ref(id) => match self.object(*id).cloned() {
                Some(Object::List(seq)) => format!("[{}]", self.repr_items(&seq.items, depth)),
                Some(Object::Set(seq)) => format!("{{{}}}", self.repr_items(&seq.items, depth)),
                Some(Object::Dict(dict)) => {
                    let mut text = String::from("{");
                    for (n, (key, value)) in dict.entries.iter().take(50).enumerate() {
                        let value = value.single().map(|v| self.repr_within(v, depth + 1));
                        let key = self.repr_within(key, depth + 1);
                        let comma = if n > 0 { ", " } else { "" };
                        let _ = write!(text, "{comma}{key}: {}", value.as_deref().unwrap_or("…"));
                    }
                    text.push('}');
                    text
                }
                Some(Object::Class(class)) => class.name.to_string(),
                Some(Object::Inst(inst)) => {
                    let class = inst.class;
                    format!("<{} object>", self.repr_within(&class, depth + 1))
                }
                None => "…".to_owned(),
            },
            Leaf::None | Leaf::Bool(_) | Leaf::Int(_) | Leaf::Float(_) => {
                self.display_text(leaf).unwrap_or_default()
            }
        }
    }

    fn repr_items(&mut self, items: &[(crate::worlds::Guard, Val)], depth: u32) -> String {
        let mut parts = Vec::with_capacity(items.len().min(50));
        for (_, item) in items.iter().take(50) {
            parts.push(match item.single() {
                Some(leaf) => {
                    let leaf = leaf.clone();
                    self.repr_within(&leaf, depth + 1)
                }
                None => "…".to_owned(),
            });
        }
        parts.join(", ")
    }

    /// `format % argument`.
    pub(super) fn percent(&mut self, format: &str, argument: &Leaf, at: At) -> Val {
        let mut values = match argument {
            Leaf::Tuple(seq) => seq.items.iter().map(|(_, v)| v.clone()).collect::<Vec<_>>(),
            other => vec![Val::of(other.clone(), None)],
        }
        .into_iter();
        let mapping = match argument {
            Leaf::Ref(id) if matches!(self.object(*id), Some(Object::Dict(_))) => Some(*id),
            _ => None,
        };
        let mut pieces = Vec::new();
        let mut rest = format;
        while let Some((head, tail)) = rest.split_once('%') {
            pieces.push(Piece::Text(head.to_owned()));
            if let Some(after) = tail.strip_prefix('%') {
                pieces.push(Piece::Text("%".to_owned()));
                rest = after;
            } else if let (Some(id), Some(inner)) = (mapping, tail.strip_prefix('(')) {
                let Some((key, after)) = inner.split_once(')') else { break };
                let value = self.dict_get(id, &Leaf::Str(Arc::from(key)), at);
                pieces.push(Piece::Value(value));
                rest = after.get(1..).unwrap_or_default();
            } else {
                let end = tail.find(|c: char| c.is_ascii_alphabetic());
                let Some((spec, after)) = end.and_then(|end| tail.split_at_checked(end + 1)) else {
                    return self.unknown_of("a formatted text", Type::Str, at);
                };
                let value = values.next().unwrap_or_default();
                pieces.push(Piece::Value(self.percent_field(&value, spec, at)));
                rest = after;
            }
        }
        pieces.push(Piece::Text(rest.to_owned()));
        self.assemble(&pieces, at)
    }

    /// `%s`, `%r`, `%05d`, `%.2f`.
    fn percent_field(&mut self, value: &Val, spec: &str, at: At) -> Val {
        match spec {
            "s" | "d" | "i" => value.clone(),
            "r" => self.formatted(value, true, Some(""), at),
            // Left is the default there, and text goes to the right.
            _ => match spec.strip_prefix('-') {
                Some(rest) => self.formatted(value, false, Some(&format!("<{rest}")), at),
                None if spec.ends_with('s') => {
                    self.formatted(value, false, Some(&format!(">{spec}")), at)
                }
                None => self.formatted(value, false, Some(&spec.replace('i', "d")), at),
            },
        }
    }

    /// `template.format(...)` for plain fields.
    pub(super) fn format(&mut self, template: &str, args: &super::Args, at: At) -> Val {
        let mut pieces = Vec::new();
        let mut next = 0;
        let mut rest = template;
        loop {
            let Some(open) = rest.find(['{', '}']) else {
                pieces.push(Piece::Text(rest.to_owned()));
                break;
            };
            let (head, tail) = rest.split_at_checked(open).unwrap_or((rest, ""));
            pieces.push(Piece::Text(head.to_owned()));
            if let Some(after) = tail.strip_prefix("{{").or_else(|| tail.strip_prefix("}}")) {
                let brace = tail.get(..1).unwrap_or_default();
                pieces.push(Piece::Text(brace.to_owned()));
                rest = after;
                continue;
            }
            let Some((field, after)) = tail.strip_prefix('{').and_then(|t| t.split_once('}'))
            else {
                return self.unknown_of("a formatted text", Type::Str, at);
            };
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let (field, repr) = match field.split_once('!') {
                Some((field, conversion)) => (field, conversion == "r"),
                None => (field, false),
            };
            let value = if field.is_empty() {
                next += 1;
                args.positional.get(next - 1).cloned()
            } else if let Ok(index) = field.parse::<usize>() {
                args.positional.get(index).cloned()
            } else {
                self.named_field(field, args, at)
            };
            let Some(value) = value else {
                return self.unknown_of("a formatted text", Type::Str, at);
            };
            pieces.push(Piece::Value(self.formatted(&value, repr, Some(spec), at)));
            rest = after;
        }
        self.assemble(&pieces, at)
    }

    /// `{name}`, `{name[key]}`, `{name.attribute}`.
    fn named_field(&mut self, field: &str, args: &super::Args, at: At) -> Option<Val> {
        if let Some((name, key)) = field.strip_suffix(']').and_then(|f| f.split_once('[')) {
            let container = args.keyword(name)?.clone();
            return Some(self.get_item(&container, &Val::str(key), at));
        }
        if let Some((name, attribute)) = field.split_once('.') {
            let object = args.keyword(name)?.clone();
            return Some(self.attribute(&object, attribute, at));
        }
        args.keyword(field).cloned()
    }

    /// A method of an unknown text, as a further operation on it.
    pub(super) fn symbol_method(
        &mut self,
        sym: &Arc<Sym>,
        name: &str,
        args: &super::Args,
        at: At,
    ) -> Val {
        let mut shown = Vec::new();
        for arg in &args.positional {
            let text = match arg.single() {
                Some(leaf) => {
                    let leaf = leaf.clone();
                    self.repr(&leaf)
                }
                None => "…".to_owned(),
            };
            shown.push(text);
        }
        for (name, arg) in &args.keywords {
            let text = arg.single().cloned().map(|leaf| self.repr(&leaf));
            shown.push(format!("{name}={}", text.as_deref().unwrap_or("…")));
        }
        let ty = match name {
            "lower" | "upper" | "strip" | "rstrip" | "lstrip" | "replace" | "title" | "join"
            | "format" | "removeprefix" | "removesuffix" | "capitalize" | "casefold" | "decode"
            | "as_posix" => Type::Str,
            "split" | "rsplit" | "splitlines" | "partition" | "rpartition" => Type::List,
            "startswith" | "endswith" | "isdigit" | "isnumeric" | "exists" | "is_file"
            | "is_dir" => Type::Bool,
            "find" | "count" | "index" => Type::Int,
            _ => Type::Any,
        };
        let next = sym.then(format!(".{name}({})", shown.join(", ")), ty);
        self.symbol(next, at)
    }
}

/// Python's notation of a string.
pub(super) fn quote(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Python's notation of a float.
fn float_repr(f: f64) -> String {
    let text = format!("{f}");
    if text.contains(['.', 'e', 'n', 'i']) { text } else { format!("{text}.0") }
}

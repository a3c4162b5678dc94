//! Methods of texts that are known.

use std::sync::Arc;

use super::{Args, At, Interp, Leaf, SeqVal, Val};
use crate::worlds::{Guard, Type};

impl Interp<'_> {
    pub(super) fn str_method(&mut self, text: &Arc<str>, name: &str, args: &Args, at: At) -> Val {
        let arg = |n: usize| args.positional.get(n).and_then(Val::as_str);
        let out = match (name, arg(0), arg(1)) {
            ("lower" | "casefold", ..) => text.to_lowercase(),
            ("upper", ..) => text.to_uppercase(),
            ("capitalize", ..) => {
                let mut chars = text.chars();
                chars.next().map_or(String::new(), |c| {
                    c.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect()
                })
            }
            ("title", ..) => title(text),
            ("swapcase", ..) => text
                .chars()
                .flat_map(|c| {
                    if c.is_uppercase() {
                        c.to_lowercase().collect()
                    } else {
                        c.to_uppercase().collect::<Vec<_>>()
                    }
                })
                .collect(),
            ("strip", None, _) if args.positional.is_empty() => text.trim().to_owned(),
            ("strip", Some(set), _) => text.trim_matches(|c| set.contains(c)).to_owned(),
            ("rstrip", None, _) if args.positional.is_empty() => text.trim_end().to_owned(),
            ("rstrip", Some(set), _) => text.trim_end_matches(|c| set.contains(c)).to_owned(),
            ("lstrip", None, _) if args.positional.is_empty() => text.trim_start().to_owned(),
            ("lstrip", Some(set), _) => text.trim_start_matches(|c| set.contains(c)).to_owned(),
            ("replace", Some(from), Some(to)) => text.replace(&*from, &to),
            ("removeprefix", Some(p), _) => text.strip_prefix(&*p).unwrap_or(text).to_owned(),
            ("removesuffix", Some(p), _) => text.strip_suffix(&*p).unwrap_or(text).to_owned(),
            ("format", ..) => {
                let text = Arc::clone(text);
                return self.format(&text, args, at);
            }
            ("join", ..) => return self.join_text(text, args, at),
            ("isupper" | "islower" | "isidentifier" | "isalpha", ..) => {
                return Val::of(Leaf::Bool(text_is(text, name)), Some(at.span));
            }
            ("find" | "rfind" | "index", Some(part), _) => {
                let found = if name == "rfind" { text.rfind(&*part) } else { text.find(&*part) };
                let before = found.and_then(|n| text.get(..n)).map(|head| head.chars().count());
                return match before.and_then(|n| i64::try_from(n).ok()) {
                    Some(n) => self.integer(Some(n), at),
                    None if name == "index" => self.fail("ValueError", "substring not found", at),
                    None => self.integer(Some(-1), at),
                };
            }
            ("zfill", ..) => match args.positional.first().and_then(Val::single) {
                Some(Leaf::Int(n)) if *n < 4096 => {
                    let width = usize::try_from(*n).unwrap_or(0);
                    format!("{text:0>width$}")
                }
                _ => return self.unknown_of("str.zfill()", Type::Str, at),
            },
            ("startswith" | "endswith" | "isdigit" | "isnumeric" | "isspace" | "isalnum", ..) => {
                return self.str_test(text, name, args, at);
            }
            ("split" | "rsplit" | "splitlines" | "partition" | "rpartition", ..) => {
                return self.str_split(text, name, args, at);
            }
            ("encode", ..) => {
                return Val::of(Leaf::Bytes(Arc::from(text.as_bytes())), Some(at.span));
            }
            ("count", Some(part), _) => {
                let n = text.matches(&*part).count();
                return self.integer(i64::try_from(n).ok(), at);
            }
            _ => return self.unknown_of(format!("str.{name}()"), Type::Any, at),
        };
        self.text(out, at)
    }

    fn str_test(&mut self, text: &str, name: &str, args: &Args, at: At) -> Val {
        let all = |f: fn(char) -> bool| !text.is_empty() && text.chars().all(f);
        let answer = match name {
            "isdigit" | "isnumeric" => all(char::is_numeric),
            "isspace" => all(char::is_whitespace),
            "isalnum" => all(char::is_alphanumeric),
            _ => {
                let Some(arg) = args.positional.first() else { return Val::nothing() };
                let prefixes: Vec<Arc<str>> = match arg.single() {
                    Some(Leaf::Tuple(seq)) => {
                        seq.items.iter().filter_map(|(_, v)| v.as_str()).collect()
                    }
                    _ => arg.as_str().into_iter().collect(),
                };
                if prefixes.is_empty() {
                    return self.unknown_of("a text test", Type::Bool, at);
                }
                prefixes.iter().any(|p| {
                    if name == "startswith" { text.starts_with(&**p) } else { text.ends_with(&**p) }
                })
            }
        };
        Val::of(Leaf::Bool(answer), Some(at.span))
    }

    pub(super) fn str_split(&mut self, text: &str, name: &str, args: &Args, at: At) -> Val {
        let sep = args.at(0, "sep").and_then(Val::as_str);
        let max = match args.at(1, "maxsplit").and_then(Val::single) {
            Some(Leaf::Int(n)) if *n >= 0 => usize::try_from(*n).unwrap_or(usize::MAX - 1),
            _ => usize::MAX - 1,
        };
        let parts: Vec<String> = match (name, sep) {
            ("splitlines", _) => text.lines().map(str::to_owned).collect(),
            ("partition" | "rpartition", Some(sep)) => {
                let found = if name == "partition" {
                    text.split_once(&*sep)
                } else {
                    text.rsplit_once(&*sep)
                };
                let (head, mid, tail) = match found {
                    Some((head, tail)) => (head, &*sep, tail),
                    None if name == "partition" => (text, "", ""),
                    None => ("", "", text),
                };
                vec![head.to_owned(), mid.to_owned(), tail.to_owned()]
            }
            ("rsplit", Some(sep)) => {
                let mut parts: Vec<String> =
                    text.rsplitn(max + 1, &*sep).map(str::to_owned).collect();
                parts.reverse();
                parts
            }
            (_, Some(sep)) if !sep.is_empty() => {
                text.splitn(max + 1, &*sep).map(str::to_owned).collect()
            }
            _ if args.positional.first().is_some_and(|v| v.as_str().is_none())
                && !matches!(args.positional.first().and_then(Val::single), Some(Leaf::None)) =>
            {
                return self.unknown_of("a split at an unknown separator", Type::List, at);
            }
            _ => text.split_whitespace().map(str::to_owned).collect(),
        };
        let span = Some(at.span);
        let items = parts
            .into_iter()
            .map(|p| (Guard::ALWAYS, Val::of(Leaf::Str(p.into()), span)))
            .collect();
        self.list(SeqVal { items, open: false }, at)
    }

    /// `separator.join(parts)`; parts that may be missing give one alternative each way.
    fn join_text(&mut self, separator: &str, args: &Args, at: At) -> Val {
        let seq = match args.positional.first() {
            Some(arg) => self.elements(arg, at),
            None => return Val::nothing(),
        };
        if seq.open {
            return self.unknown_of("a text joined from an unknown list", Type::Str, at);
        }
        let between = Val::str(separator);
        let mut out = Val::of(Leaf::Absent, None);
        for (guard, item) in &seq.items {
            let text = self.make_text(item, at);
            let longer = self.map(&out, at, |it, leaf, at| {
                if matches!(leaf, Leaf::Absent) {
                    return text.clone();
                }
                let head = Val::of(leaf.clone(), Some(at.span));
                let head = it.add(&head, &between, at);
                it.add(&head, &text, at)
            });
            let certain = self.surely(*guard, at);
            out = if certain { longer } else { self.merge(*guard, longer, &out) };
            out = self.join([out], at);
            if out.alts.len() > 16 {
                return self.unknown_of("a text with too many alternatives", Type::Str, at);
            }
        }
        self.or_default(&out, &Val::str(""), at)
    }
}

/// Each word with a capital.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    out
}

fn text_is(text: &str, name: &str) -> bool {
    match name {
        "isupper" => text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        "islower" => text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        "isalpha" => !text.is_empty() && text.chars().all(char::is_alphabetic),
        _ => {
            let head = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
            head && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        }
    }
}

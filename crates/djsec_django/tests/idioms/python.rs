//! Python values as the recordings write them.

use serde_json::Value as Json;

/// A Python value.
#[derive(Clone, PartialEq)]
pub(crate) enum Py {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    List(Vec<Self>),
    Tuple(Vec<Self>),
    Set(Vec<Self>),
    Dict(Vec<(Self, Self)>),
    Bytes(Vec<u8>),
    Path(String),
    Delta(f64),
    /// The argument of a lazy text.
    Lazy(String),
    Pattern(String),
    /// An object of a class.
    Object(String),
    /// A value that differs with each run.
    Volatile,
}

impl std::fmt::Debug for Py {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wrap = |f: &mut std::fmt::Formatter<'_>, open: &str, items: &[Self], close: &str| {
            f.write_str(open)?;
            for (n, item) in items.iter().enumerate() {
                write!(f, "{}{item:?}", if n > 0 { ", " } else { "" })?;
            }
            f.write_str(close)
        };
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(b) => f.write_str(if *b { "True" } else { "False" }),
            Self::Int(i) => write!(f, "{i}"),
            Self::Float(x) => write!(f, "{x:?}"),
            Self::Str(s) => write!(f, "{s:?}"),
            Self::List(items) => wrap(f, "[", items, "]"),
            Self::Tuple(items) => wrap(f, "(", items, ",)"),
            Self::Set(items) => wrap(f, "{", items, "}"),
            Self::Dict(entries) => {
                f.write_str("{")?;
                for (key, value) in entries {
                    write!(f, "{key:?}: {value:?}, ")?;
                }
                f.write_str("}")
            }
            Self::Bytes(b) => write!(f, "b{b:?}"),
            Self::Path(s) => write!(f, "Path({s:?})"),
            Self::Delta(s) => write!(f, "timedelta({s})"),
            Self::Lazy(s) => write!(f, "lazy({s:?})"),
            Self::Pattern(s) => write!(f, "re({s:?})"),
            Self::Object(s) => write!(f, "<{s}>"),
            Self::Volatile => f.write_str("<volatile>"),
        }
    }
}

impl Py {
    /// Reads the tagged form.
    pub(crate) fn read(json: &Json) -> Self {
        match json {
            Json::Null => Self::None,
            Json::Bool(b) => Self::Bool(*b),
            Json::Number(n) => {
                n.as_i64().map_or_else(|| Self::Float(n.as_f64().unwrap()), Self::Int)
            }
            Json::String(s) => Self::Str(s.clone()),
            Json::Array(items) => Self::List(items.iter().map(Self::read).collect()),
            Json::Object(map) => {
                let (tag, inner) = map.iter().next().unwrap();
                Self::tagged(tag, inner)
            }
        }
    }

    fn tagged(tag: &str, inner: &Json) -> Self {
        let items = || inner.as_array().unwrap().iter().map(Self::read).collect();
        let text = || inner.as_str().unwrap().to_owned();
        match tag {
            "tuple" => Self::Tuple(items()),
            "set" => Self::Set(items()),
            "dict" => Self::Dict(
                inner
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|pair| {
                        let pair = pair.as_array().unwrap();
                        (Self::read(pair.first().unwrap()), Self::read(pair.get(1).unwrap()))
                    })
                    .collect(),
            ),
            // Latin-1: each character is one byte.
            "bytes" => {
                Self::Bytes(text().chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect())
            }
            // The recordings put the project at `/project`, and what lies beside it at `//`.
            "path" => Self::Path(text().replace("//", "/")),
            "timedelta" => Self::Delta(inner.as_f64().unwrap()),
            "lazy" => Self::Lazy(text()),
            "pattern" => Self::Pattern(text()),
            "object" => Self::Object(text()),
            "float" => Self::Float(text().parse().unwrap()),
            "volatile" => Self::Volatile,
            other => panic!("unknown tag {other}"),
        }
    }

    pub(crate) fn truth(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(b) => *b,
            Self::Int(i) => *i != 0,
            Self::Float(x) | Self::Delta(x) => *x != 0.0,
            Self::Str(s) | Self::Lazy(s) => !s.is_empty(),
            Self::List(items) | Self::Tuple(items) | Self::Set(items) => !items.is_empty(),
            Self::Dict(entries) => !entries.is_empty(),
            Self::Bytes(b) => !b.is_empty(),
            Self::Path(_) | Self::Pattern(_) | Self::Object(_) | Self::Volatile => true,
        }
    }
}

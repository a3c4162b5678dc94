//! Paths: `pathlib` objects, and the files of the tree behind them.

use std::rc::Rc;
use std::sync::Arc;

use super::{Args, At, Fact, Interp, Leaf, SeqVal, Val, paths};
use crate::worlds::{Atom, Guard, Root, Sym, Type};

impl Interp<'_> {
    pub(super) fn path_property(&mut self, leaf: &Leaf, name: &str, at: At) -> Val {
        let Leaf::Path(path) = leaf else { return Val::nothing() };
        let span = Some(at.span);
        match name {
            "parent" => Val::of(Leaf::Path(paths::parent(path).into()), span),
            "name" => Val::str(paths::basename(path)),
            "stem" => {
                let base = paths::basename(path);
                Val::str(base.rsplit_once('.').map_or(base, |(stem, _)| stem))
            }
            "suffix" => {
                let base = paths::basename(path);
                Val::str(base.rsplit_once('.').map_or(String::new(), |(_, s)| format!(".{s}")))
            }
            "parents" => {
                let mut items = Vec::new();
                let mut current = path.to_string();
                while items.len() < 64 {
                    let up = paths::parent(&current);
                    if up == current || up == "." {
                        break;
                    }
                    items.push((Guard::ALWAYS, Val::of(Leaf::Path(up.as_str().into()), span)));
                    current = up;
                }
                Val::of(Leaf::Tuple(Rc::new(SeqVal { items, open: false })), span)
            }
            _ => self.unknown("parts of a path", at),
        }
    }

    pub(super) fn path_method(&mut self, path: &Arc<str>, name: &str, args: &Args, at: At) -> Val {
        let span = Some(at.span);
        match name {
            "resolve" | "absolute" | "expanduser" => {
                Val::of(Leaf::Path(paths::normalize(path).into()), span)
            }
            "joinpath" => {
                let mut out = path.to_string();
                for arg in &args.positional {
                    match arg.as_str() {
                        Some(part) => out = paths::join(&out, &part),
                        None => return self.unknown("a path with an unknown part", at),
                    }
                }
                Val::of(Leaf::Path(paths::pure(&out).into()), span)
            }
            "as_posix" | "__str__" | "__fspath__" => Val::str(Arc::clone(path)),
            "exists" | "is_file" => self.path_exists(path, at),
            "is_dir" => self.folder_exists(path, at),
            "read_text" | "read_bytes" | "open" => self.open_file(path, name == "open", at),
            "with_name" | "with_suffix" => match args.positional.first().and_then(Val::as_str) {
                Some(new) => {
                    let base = paths::parent(path);
                    let file = paths::basename(path);
                    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
                    let file =
                        if name == "with_name" { new.to_string() } else { format!("{stem}{new}") };
                    Val::of(Leaf::Path(paths::join(&base, &file).into()), span)
                }
                None => self.unknown("a path with an unknown name", at),
            },
            "mkdir" | "touch" | "chmod" | "write_text" => Val::of(Leaf::None, span),
            _ => self.unknown(format!("Path.{name}()"), at),
        }
    }

    /// Whether a folder exists: the tree's own are known.
    pub(super) fn folder_exists(&mut self, path: &str, at: At) -> Val {
        match paths::in_tree(path) {
            Some(inner) => {
                let start = format!("{inner}/");
                let there = inner.is_empty()
                    || self.files.iter().any(|(_, f)| f.path.as_str().starts_with(&start));
                Val::of(Leaf::Bool(there), Some(at.span))
            }
            None => self.path_exists(path, at),
        }
    }

    /// Whether a path exists: yes for files of the tree, unknown otherwise.
    pub fn path_exists(&mut self, path: &str, at: At) -> Val {
        let inner = paths::in_tree(path);
        let present = inner.as_deref().is_some_and(|inner| {
            inner.is_empty()
                || self.files.find(inner.into()).is_some()
                || self.files.iter().any(|(_, f)| f.path.as_str().starts_with(&format!("{inner}/")))
        });
        if present {
            return Val::of(Leaf::Bool(true), Some(at.span));
        }
        let shown = inner.unwrap_or_else(|| path.to_owned());
        let there = self.worlds.atom(Atom::Exists(Arc::from(shown)));
        self.boolean(there, at)
    }

    /// The text of a file of the tree; a file that is elsewhere may be missing.
    pub fn open_file(&mut self, path: &str, handle: bool, at: At) -> Val {
        let inner = paths::in_tree(path).unwrap_or_else(|| path.to_owned());
        let found = self.files.find(inner.as_str().into());
        let present = found.is_some();
        let shown = inner.clone();
        self.facts.push(Fact::ReadFile { path: shown, present, span: at.span });
        let read = found.and_then(|id| self.files.file(id)).and_then(|f| f.text.clone());
        let text = if let Some(text) = read {
            Val::of(Leaf::Str(text), Some(at.span))
        } else {
            if !present {
                let there = self.worlds.atom(Atom::Exists(Arc::from(inner.as_str())));
                let missing = self.worlds.minus(at.pc, there);
                self.raise(missing, "FileNotFoundError", inner.as_str(), at);
            }
            let root = Root::File { path: Arc::from(inner), key: Arc::from("") };
            let sym = Sym { root, ops: vec![], ty: Type::Any, span: Some(at.span) };
            self.symbol(sym, at)
        };
        if !handle {
            return text;
        }
        let args = Args::positional(vec![text, Val::str(path)]);
        self.external_instance("io.TextIOWrapper", &args, at)
    }
}

/// Attributes of a `Path` that are values, not methods.
pub(super) fn is_path_property(name: &str) -> bool {
    matches!(name, "parent" | "parents" | "name" | "stem" | "suffix" | "parts")
}

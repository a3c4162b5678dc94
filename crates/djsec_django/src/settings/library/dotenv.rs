//! `.env` files in the dialects of their readers, and python-dotenv itself.

use djsec_base::{FileId, Span, TextRange};
use djsec_python::eval::{Args, At, Fact, Interp, Leaf, Val, paths};
use djsec_python::worlds::{Atom, Guard};
use djsec_syntax::dotenv::{self as syntax, Quoting};

use super::reader;

/// Whose rules a file is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// django-environ: no comments after values.
    Environ,
    /// python-decouple: quotes stripped, nothing else.
    Decouple,
    /// python-dotenv (also environs and pydantic): comments, escapes, `${X}`.
    Dotenv,
    /// django-configurations' `DOTENV`.
    Configurations,
}

/// A variable of a file.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) value: String,
    /// Where it stands.
    pub(super) span: Span,
    /// Whether `${X}` in it is replaced.
    expands: bool,
}

/// The file of the tree at a path as settings write it.
pub(super) fn file_at(it: &Interp<'_>, path: &str) -> Option<FileId> {
    let start = format!("{}{}", paths::ROOT, it.root);
    let full = paths::join(&start, path);
    let inner = paths::in_tree(&full)?;
    let id = it.files.find(inner.as_str().into())?;
    it.files.file(id).and_then(|file| file.text.as_ref()).map(|_| id)
}

/// `.env` in the folder of the file being executed.
pub(super) fn beside_caller(it: &Interp<'_>, at: At) -> Val {
    let here = format!("{}{}", paths::ROOT, it.files.path(it.file()));
    reader::text(paths::join(&paths::dirname(&here), ".env"), at)
}

/// The first file called `name` in `folder` or above it.
pub(super) fn upwards(it: &Interp<'_>, folder: &str, name: &str) -> Option<String> {
    let mut folder = paths::normalize(folder);
    loop {
        let path = paths::join(&folder, name);
        if file_at(it, &path).is_some() {
            return Some(path);
        }
        let up = paths::parent(&folder);
        if up == folder || paths::in_tree(&up).is_none() {
            return None;
        }
        folder = up;
    }
}

/// Folder of the file being executed.
pub(super) fn caller_folder(it: &Interp<'_>) -> String {
    paths::dirname(&format!("{}{}", paths::ROOT, it.files.path(it.file())))
}

/// The variables of a file of the tree.
pub(super) fn lines(it: &Interp<'_>, file: FileId, dialect: Dialect) -> Vec<Line> {
    let text = it.files.text(file);
    if dialect == Dialect::Dotenv {
        return syntax::parse(text)
            .tree
            .into_iter()
            .filter_map(|entry| {
                let range = entry.name_range.cover(entry.value_range);
                Some(Line {
                    name: entry.name,
                    value: entry.value?,
                    span: Span::new(file, range),
                    expands: entry.quoting != Quoting::Single,
                })
            })
            .collect();
    }
    let mut out = Vec::new();
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let range = TextRange::at(offset(start), offset(raw.trim_end().len()));
        start += raw.len();
        if let Some((name, value)) = line(raw.trim_end_matches(['\r', '\n']), dialect) {
            out.push(Line { name, value, span: Span::new(file, range), expands: false });
        }
    }
    out
}

fn offset(n: usize) -> djsec_base::TextSize {
    djsec_base::TextSize::new(u32::try_from(n).unwrap_or(u32::MAX))
}

fn line(raw: &str, dialect: Dialect) -> Option<(String, String)> {
    if dialect == Dialect::Decouple {
        let raw = raw.trim();
        let (name, value) = raw.split_once('=').filter(|_| !raw.starts_with('#'))?;
        let value = value.trim();
        let quoted = |q: char| {
            value.strip_prefix(q).and_then(|rest| rest.strip_suffix(q)).filter(|_| value.len() >= 2)
        };
        let inner = quoted('\'').or_else(|| quoted('"')).unwrap_or(value);
        return Some((name.trim().to_owned(), inner.to_owned()));
    }
    let raw = match dialect {
        Dialect::Environ => raw.strip_prefix("export ").unwrap_or(raw),
        _ => raw,
    };
    let (name, value) = raw.split_once('=')?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !plain {
        return None;
    }
    let single = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let value = single.unwrap_or(value);
    let double = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let value = double.map_or_else(|| value.to_owned(), |inner| unescape(inner, dialect));
    Some((name.to_owned(), value))
}

/// Backslashes in double quotes go; django-environ keeps those of `\n`, `\r` and `\t`.
fn unescape(inner: &str, dialect: Dialect) -> String {
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => {
                let next = chars.next();
                let kept = matches!(next, None | Some('r' | 'n' | 't'));
                if kept && (dialect == Dialect::Environ || next.is_none()) {
                    out.push('\\');
                }
                out.extend(next);
            }
            (c, false) => out.push(c),
        }
    }
    out
}

/// Puts the variables of a file into the environment: where they are not set, or everywhere.
pub(super) fn load(
    it: &mut Interp<'_>,
    path: &Val,
    dialect: Dialect,
    overwrite: bool,
    at: At,
) -> bool {
    let mut any = false;
    for alt in path.alts.clone() {
        let pc = it.worlds.and(at.pc, alt.guard);
        if it.worlds.impossible(pc) {
            continue;
        }
        let path = match &alt.leaf {
            Leaf::Str(path) | Leaf::Path(path) => path.to_string(),
            Leaf::Ref(_) => match it.file_text(&Val::of(alt.leaf.clone(), None), at).as_str() {
                // An open file: its second argument is the path.
                Some(_) => handle_path(it, &alt.leaf).unwrap_or_default(),
                None => continue,
            },
            _ => continue,
        };
        any |= load_file(it, &path, dialect, overwrite, At { pc, ..at });
    }
    any
}

fn handle_path(it: &Interp<'_>, leaf: &Leaf) -> Option<String> {
    use djsec_python::eval::Object;
    let Leaf::Ref(id) = leaf else { return None };
    let Some(Object::Inst(inst)) = it.object(*id) else { return None };
    inst.args.get(1)?.as_str().map(|path| path.to_string())
}

pub(super) fn load_file(
    it: &mut Interp<'_>,
    path: &str,
    dialect: Dialect,
    overwrite: bool,
    at: At,
) -> bool {
    let file = file_at(it, path);
    let shown = paths::in_tree(path).unwrap_or_else(|| path.to_owned());
    let fact = Fact::ReadFile { path: shown, present: file.is_some(), span: at.span };
    if !it.facts.contains(&fact) {
        it.facts.push(fact);
    }
    let Some(file) = file else { return false };
    for line in lines(it, file, dialect) {
        let here = At { span: line.span, ..at };
        let value = expanded(it, &line, &[], here);
        set(it, &line.name, &value, overwrite, here);
    }
    true
}

/// Sets a variable as `os.environ.setdefault` or by assignment.
pub(super) fn set(it: &mut Interp<'_>, name: &str, value: &Val, overwrite: bool, at: At) {
    let pc = if overwrite {
        at.pc
    } else {
        let known = it.environ(name, at);
        let missing = it.absent(&known);
        it.worlds.and(at.pc, missing)
    };
    if !it.worlds.impossible(pc) {
        it.set_environ(name, value, At { pc, ..at });
    }
}

/// The value with `${X}` and `${X:-default}` replaced, by earlier lines first where there are any.
pub(super) fn expanded(it: &mut Interp<'_>, line: &Line, earlier: &[(String, Val)], at: At) -> Val {
    let mut out = reader::text("", at);
    let mut rest = line.value.as_str();
    if !line.expands || !rest.contains("${") {
        return reader::text(rest, at);
    }
    while let Some((head, tail)) = rest.split_once("${") {
        let Some((inner, after)) = tail.split_once('}') else { break };
        let (name, default) = inner.split_once(":-").unwrap_or((inner, ""));
        let value = match earlier.iter().rev().find(|(known, _)| known == name) {
            Some((_, val)) => val.clone(),
            None => it.environ(name, at),
        };
        let value = it.or_default(&value, &reader::text(default, at), at);
        out = glue(it, &out, &reader::text(head, at), at);
        out = glue(it, &out, &value, at);
        rest = after;
    }
    glue(it, &out, &reader::text(rest, at), at)
}

fn glue(it: &mut Interp<'_>, a: &Val, b: &Val, at: At) -> Val {
    it.add(a, b, at)
}

/// Functions of python-dotenv.
pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let function = name.strip_prefix("dotenv.")?;
    let function = function.strip_prefix("main.").unwrap_or(function);
    let given = args.at(0, "dotenv_path").filter(|v| !matches!(v.single(), Some(Leaf::None)));
    match function {
        "load_dotenv" | "read_dotenv" => {
            let overwrite = args.keyword("override").and_then(Val::as_bool) == Some(true);
            let path = given.cloned().unwrap_or_else(|| find(it, ".env", at));
            let loaded = load(it, &path, Dialect::Dotenv, overwrite, at);
            Some(if loaded {
                reader::boolean(true, at)
            } else {
                let there = it.worlds.atom(Atom::Exists(std::sync::Arc::from(".env")));
                it.boolean(there, at)
            })
        }
        "find_dotenv" => {
            let name = args.at(0, "filename").and_then(Val::as_str);
            Some(find(it, name.as_deref().unwrap_or(".env"), at))
        }
        "dotenv_values" => {
            let path = given.cloned().unwrap_or_else(|| find(it, ".env", at));
            Some(values(it, &path, at))
        }
        _ => None,
    }
}

fn find(it: &Interp<'_>, name: &str, at: At) -> Val {
    let folder = caller_folder(it);
    reader::text(upwards(it, &folder, name).unwrap_or_default(), at)
}

fn values(it: &mut Interp<'_>, path: &Val, at: At) -> Val {
    let dict = it.dict_of(vec![], at);
    let file = path.as_str().and_then(|path| file_at(it, &path));
    let (Some(file), Some(Leaf::Ref(id))) = (file, dict.single()) else {
        return dict;
    };
    let mut earlier = Vec::new();
    for line in lines(it, file, Dialect::Dotenv) {
        let here = At { pc: Guard::ALWAYS, span: line.span };
        let value = expanded(it, &line, &earlier, here);
        earlier.push((line.name.clone(), value.clone()));
        it.dict_set(*id, &Leaf::Str(line.name.as_str().into()), &value, here);
    }
    dict
}

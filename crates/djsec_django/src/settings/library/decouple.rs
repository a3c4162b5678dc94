//! python-decouple: `config`, `AutoConfig`, `Config` with its repositories, `Csv`, `Choices`.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, Val, paths};
use djsec_python::worlds::Type;

use super::reader::{self, Cast};
use super::{config_file, dotenv};

const TRUE: [&str; 6] = ["y", "yes", "t", "true", "on", "1"];
const FALSE: [&str; 7] = ["n", "no", "f", "false", "off", "0", ""];
const AUTO: &str = "decouple.AutoConfig";
const CONFIG: &str = "decouple.Config";

/// Where variables are looked for that the environment does not set.
enum Repository {
    Nothing,
    Env(djsec_base::FileId),
    Ini(djsec_base::FileId),
    /// A file that is not in the tree.
    Elsewhere(String),
}

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    match name {
        "decouple.config" | "decouple.config.get" => {
            let folder = dotenv::caller_folder(it);
            let repository = search(it, &folder);
            Some(read(it, &repository, args, at))
        }
        "decouple.strtobool" => {
            let val = args.positional.first()?.clone();
            Some(reader::cast(it, &val, &boolean(), at))
        }
        _ => None,
    }
}

pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    if !matches!(method, "__call__" | "get") {
        return None;
    }
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    let (own, named) = (inst.args.first().cloned(), inst.keywords.clone());
    match class {
        AUTO => {
            let named = named.iter().find(|(n, _)| &**n == "search_path").map(|(_, v)| v.clone());
            let folder = own.or(named).and_then(|path| path.as_str()).map_or_else(
                || dotenv::caller_folder(it),
                |path| paths::join(&format!("{}{}", paths::ROOT, it.root), &path),
            );
            let repository = search(it, &folder);
            Some(read(it, &repository, args, at))
        }
        CONFIG => {
            let repository = repository(it, own.as_ref());
            Some(read(it, &repository, args, at))
        }
        "decouple.Csv" => {
            let made = Args { positional: inst.args.clone(), keywords: named, open: false };
            Some(csv(it, &made, args.positional.first()?, at))
        }
        "decouple.Choices" => {
            let made = Args { positional: inst.args.clone(), keywords: named, open: false };
            Some(choice(it, &made, args.positional.first()?, at))
        }
        _ => None,
    }
}

/// `settings.ini`, then `.env`, in the folder or the nearest one above it.
fn search(it: &Interp<'_>, folder: &str) -> Repository {
    let mut folder = paths::normalize(folder);
    while let Some(inner) = paths::in_tree(&folder) {
        for (name, is_ini) in [("settings.ini", true), (".env", false)] {
            if let Some(file) = dotenv::file_at(it, &paths::join(&folder, name)) {
                return if is_ini { Repository::Ini(file) } else { Repository::Env(file) };
            }
        }
        if inner.is_empty() {
            break;
        }
        folder = paths::parent(&folder);
    }
    Repository::Nothing
}

/// `Config(RepositoryEnv("path"))`.
fn repository(it: &Interp<'_>, made: Option<&Val>) -> Repository {
    let Some(Leaf::Ref(id)) = made.and_then(Val::single) else { return Repository::Nothing };
    let Some(Object::Inst(inst)) = it.object(*id) else { return Repository::Nothing };
    let Leaf::Ext(class) = &inst.class else { return Repository::Nothing };
    let path = inst.args.first().or(inst.keywords.first().map(|(_, v)| v)).and_then(Val::as_str);
    let Some(path) = path else { return Repository::Nothing };
    match (&**class, dotenv::file_at(it, &path)) {
        ("decouple.RepositoryEnv", Some(file)) => Repository::Env(file),
        ("decouple.RepositoryIni", Some(file)) => Repository::Ini(file),
        ("decouple.RepositoryEnv" | "decouple.RepositoryIni", None) => {
            Repository::Elsewhere(path.to_string())
        }
        _ => Repository::Nothing,
    }
}

fn stored(it: &mut Interp<'_>, repository: &Repository, name: &str, at: At) -> Option<Val> {
    let (text, span): (String, Span) = match repository {
        Repository::Nothing => return None,
        Repository::Env(file) => {
            let lines = dotenv::lines(it, *file, dotenv::Dialect::Decouple);
            let line = lines.into_iter().rev().find(|line| line.name == name)?;
            (line.value, line.span)
        }
        Repository::Ini(file) => config_file::ini_value(it, *file, "settings", name)?,
        Repository::Elsewhere(path) => {
            return Some(config_file::unknown_key(it, path, name, at));
        }
    };
    Some(Val::of(Leaf::Str(Arc::from(text)), Some(span)))
}

fn read(it: &mut Interp<'_>, repository: &Repository, args: &Args, at: At) -> Val {
    let Some(name) = args.at(0, "option").cloned() else { return Val::nothing() };
    it.map(&name, at, |it, leaf, at| {
        let Leaf::Str(name) = leaf else {
            return it.unknown("a variable with an unknown name", at);
        };
        let mut val = it.environ(name, at);
        if let Some(stored) = stored(it, repository, name, at) {
            val = it.or_default(&val, &stored, at);
        }
        let default = args.at(1, "default");
        let message = format!("{name} not found");
        let val = reader::or_raise(it, &val, default, "UndefinedValueError", &message, at);
        match args.at(2, "cast") {
            Some(cast) => apply(it, cast, &val, at),
            None => val,
        }
    })
}

/// The cast also gets the default.
fn apply(it: &mut Interp<'_>, cast: &Val, val: &Val, at: At) -> Val {
    if reader::is(cast, "builtins.bool") {
        let texts = reader::each(it, val, at, |it, leaf, at| {
            // What is no text is turned into one first: 1, 0, True and None too.
            let one = Val::of(leaf.clone(), Some(at.span));
            match leaf {
                Leaf::Str(_) | Leaf::Sym(_) | Leaf::Bool(_) => one,
                _ => it.call_external("builtins.str", &Args::positional(vec![one]), at),
            }
        });
        return reader::cast(it, &texts, &boolean(), at);
    }
    if reader::is(cast, "decouple.Csv") {
        return csv(it, &Args::default(), val, at);
    }
    reader::each(it, val, at, |it, leaf, at| {
        let one = Val::of(leaf.clone(), Some(at.span));
        let mut cast_value = reader::call(it, cast, one, at);
        for alt in &mut cast_value.alts {
            alt.span = Some(at.span);
        }
        cast_value
    })
}

fn boolean() -> Cast<'static> {
    Cast {
        op: "decouple bool",
        ty: Type::Bool,
        parse: &|it, text, at| {
            reader::words(it, &text.to_lowercase(), &TRUE, &FALSE, "ValueError", at)
        },
    }
}

fn csv(it: &mut Interp<'_>, made: &Args, val: &Val, at: At) -> Val {
    let cast = made.at(0, "cast").cloned();
    let delimiter = made.at(1, "delimiter").and_then(Val::as_str).unwrap_or_else(|| ",".into());
    let post = made.at(3, "post_process").cloned();
    let op = match (&cast, &*delimiter) {
        (None, ",") => "decouple Csv".to_owned(),
        _ => format!("decouple Csv at {delimiter:?}"),
    };
    let parse = |it: &mut Interp<'_>, text: &str, at: At| {
        let Some(parts) = shell_split(text, &delimiter) else {
            return reader::fail(it, "ValueError", "No closing quotation", at);
        };
        let mut items = Vec::new();
        for part in parts {
            let item = reader::text(part.trim(), at);
            items.push(match &cast {
                Some(cast) => reader::call(it, cast, item, at),
                None => item,
            });
        }
        reader::sequence(it, items, at)
    };
    let empty = reader::each(it, val, at, |it, leaf, at| match leaf {
        Leaf::None => it.list(djsec_python::eval::SeqVal::default(), at),
        other => Val::of(other.clone(), Some(at.span)),
    });
    let list = reader::cast(it, &empty, &Cast { op: &op, ty: Type::List, parse: &parse }, at);
    match post {
        Some(post) if !reader::is(&post, "builtins.list") => reader::call(it, &post, list, at),
        _ => list,
    }
}

/// Elements between commas, quotes followed, blanks stripped (Starlette's `CommaSeparatedStrings`).
pub(super) fn comma_separated(it: &mut Interp<'_>, val: &Val, at: At) -> Val {
    csv(it, &Args::default(), val, at)
}

/// `shlex` with only the delimiters as blanks; nothing when a quote is not closed.
fn shell_split(text: &str, delimiters: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut current: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let part = current.get_or_insert_default();
                loop {
                    match chars.next()? {
                        end if end == c => break,
                        '\\' if c == '"' => {
                            let next = chars.next()?;
                            if next != '"' && next != '\\' {
                                part.push('\\');
                            }
                            part.push(next);
                        }
                        other => part.push(other),
                    }
                }
            }
            '\\' => current.get_or_insert_default().push(chars.next()?),
            // `shlex` takes the rest of the line for a comment.
            '#' if current.is_none() => {
                for skipped in chars.by_ref() {
                    if skipped == '\n' {
                        break;
                    }
                }
            }
            c if delimiters.contains(c) => parts.extend(current.take()),
            c => current.get_or_insert_default().push(c),
        }
    }
    parts.extend(current);
    Some(parts)
}

fn choice(it: &mut Interp<'_>, made: &Args, val: &Val, at: At) -> Val {
    let value = match made.at(1, "cast") {
        Some(cast) => reader::call(it, cast, val.clone(), at),
        None => val.clone(),
    };
    let Some(known) = made.at(0, "flat") else { return value };
    let within = it.contains_item(known, &value, at);
    let wrong = it.worlds.minus(at.pc, within);
    it.raise(wrong, "ValueError", "Value not in list", at);
    value
}

//! django-environ's path object: `environ.Path(__file__) - 3`, `root.path("media")`, `root("static")`.

use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, Val};

const PATH: &str = "environ.Path";

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    if !matches!(name, PATH | "environ.environ.Path") {
        return None;
    }
    let start = args.at(0, "start").cloned().unwrap_or_else(|| Val::str(""));
    let is_file = args.keyword("is_file").and_then(Val::as_bool) == Some(true);
    let start = if is_file {
        it.call_external("os.path.dirname", &Args::positional(vec![start]), at)
    } else {
        start
    };
    let mut parts = vec![start];
    parts.extend(args.positional.iter().skip(1).cloned());
    Some(made(it, &parts, at))
}

/// A path object at the joined, absolute path.
fn made(it: &mut Interp<'_>, parts: &[Val], at: At) -> Val {
    let joined = joined(it, parts, at);
    it.external_instance(PATH, &Args::positional(vec![joined]), at)
}

fn joined(it: &mut Interp<'_>, parts: &[Val], at: At) -> Val {
    let parts = parts.iter().map(|part| plain(it, part, at)).collect();
    let joined = it.call_external("os.path.join", &Args::positional(parts), at);
    it.call_external("os.path.abspath", &Args::positional(vec![joined]), at)
}

/// Path objects as texts.
fn plain(it: &mut Interp<'_>, val: &Val, at: At) -> Val {
    it.map(val, at, |it, leaf, at| match leaf {
        Leaf::Ref(id) => root(it, *id).unwrap_or_else(|| Val::of(leaf.clone(), Some(at.span))),
        _ => Val::of(leaf.clone(), Some(at.span)),
    })
}

fn root(it: &Interp<'_>, id: ObjId) -> Option<Val> {
    match it.object(id) {
        Some(Object::Inst(inst)) if inst.class == Leaf::Ext(PATH.into()) => {
            inst.args.first().cloned()
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
    if class != PATH {
        return None;
    }
    let root = root(it, object)?;
    let mut parts = vec![root.clone()];
    match method {
        "path" | "__add__" => {
            parts.extend(args.positional.iter().cloned());
            Some(made(it, &parts, at))
        }
        "__call__" => {
            parts.extend(args.positional.iter().cloned());
            Some(joined(it, &parts, at))
        }
        "__sub__" => match args.positional.first().and_then(Val::single) {
            Some(Leaf::Int(up)) => {
                let up = usize::try_from(*up).unwrap_or(0).min(64);
                parts.push(Val::str("../".repeat(up)));
                Some(made(it, &parts, at))
            }
            _ => None,
        },
        "__invert__" => {
            parts.push(Val::str(".."));
            Some(made(it, &parts, at))
        }
        "file" => {
            parts.extend(args.positional.first().cloned());
            let path = joined(it, &parts, at);
            Some(it.call_external("builtins.open", &Args::positional(vec![path]), at))
        }
        "__str__" | "__fspath__" => Some(root),
        "__getitem__" => Some(it.get_item(&root, args.positional.first()?, at)),
        _ => None,
    }
}

pub(super) fn attribute(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    name: &str,
) -> Option<Val> {
    if class == PATH && matches!(name, "root" | "__root__") { root(it, object) } else { None }
}

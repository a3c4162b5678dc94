//! django-split-settings: files that run in the including module's namespace, each once, in order.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Fact, Interp, Leaf, Object, Val, paths};
use djsec_python::worlds::{Atom, Sym, Type};

use super::reader;

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let function = name.strip_prefix("split_settings.tools.")?;
    match function {
        // A mark that survives until `include` sees it.
        "optional" => Some(it.external_instance("split_settings.tools.optional", args, at)),
        "include" => {
            for pattern in &args.positional {
                include(it, pattern, at);
            }
            Some(reader::none(at))
        }
        _ => None,
    }
}

fn include(it: &mut Interp<'_>, pattern: &Val, at: At) {
    for alt in pattern.alts.clone() {
        let pc = it.worlds.and(at.pc, alt.guard);
        if it.worlds.impossible(pc) {
            continue;
        }
        let here = At { pc, ..at };
        match &alt.leaf {
            Leaf::Str(text) | Leaf::Path(text) => files(it, text, false, here),
            Leaf::Ref(id) => {
                let inner = match it.object(*id) {
                    Some(Object::Inst(inst)) => inst.args.first().cloned(),
                    _ => None,
                };
                for alt in inner.map(|val| val.alts).unwrap_or_default() {
                    let pc = it.worlds.and(pc, alt.guard);
                    if let (Leaf::Str(text), false) = (&alt.leaf, it.worlds.impossible(pc)) {
                        files(it, text, true, At { pc, ..at });
                    }
                }
            }
            Leaf::Sym(sym) => chosen_by_variable(it, sym, here),
            _ => {}
        }
    }
}

fn note(it: &mut Interp<'_>, name: &str, at: At) {
    let fact = Fact::LocalOverride { name: name.to_owned(), present: false, span: at.span };
    if !it.facts.contains(&fact) {
        it.facts.push(fact);
    }
}

fn files(it: &mut Interp<'_>, pattern: &str, optional: bool, at: At) {
    if pattern.is_empty() {
        return;
    }
    let folder = super::dotenv::caller_folder(it);
    let full = paths::normalize(&paths::join(&folder, pattern));
    let Some(inner) = paths::in_tree(&full) else {
        note(it, pattern, at);
        return;
    };
    // Most files of a tree lie elsewhere.
    let place = inner.split(['*', '?', '[']).next().unwrap_or_default();
    let found: Vec<_> = it
        .files
        .iter()
        .filter(|(_, file)| file.path.as_str().starts_with(place))
        .filter(|(_, file)| matches_glob(&inner, file.path.as_str()))
        .map(|(id, _)| id)
        .collect();
    if found.is_empty() {
        if optional {
            note(it, pattern, at);
        } else {
            // A file that deployment brings counts as missing: Django does not start without it.
            let there = it.worlds.atom(Atom::Exists(inner.as_str().into()));
            let missing = if it.is_closed() { at.pc } else { it.worlds.minus(at.pc, there) };
            it.raise(missing, "OSError", format!("No such file: {full}"), at);
            if !it.is_closed() {
                note(it, pattern, at);
            }
        }
        return;
    }
    for file in found {
        it.include_once(file, at);
    }
}

/// `f"environments/{ENV}.py"` with an unknown variable: each file that it can name, in the worlds
/// in which the variable names it; no file of the tree, no start.
fn chosen_by_variable(it: &mut Interp<'_>, sym: &Arc<Sym>, at: At) {
    let parts = sym.ops.iter().position(|op| op.starts_with("in '"));
    let head = parts
        .and_then(|n| sym.ops.get(n))
        .and_then(|op| op.strip_prefix("in '").and_then(|op| op.strip_suffix("{}'")));
    let (Some(place), Some(head)) = (parts, head) else {
        note(it, &sym.describe(), at);
        return;
    };
    let tails: Option<Vec<&str>> = sym
        .ops
        .iter()
        .skip(place + 1)
        .map(|op| op.strip_prefix("+ '").and_then(|op| op.strip_suffix('\'')))
        .collect();
    let Some(tails) = tails else {
        note(it, &sym.describe(), at);
        return;
    };
    let tail = tails.concat();
    let folder = super::dotenv::caller_folder(it);
    let prefix = paths::in_tree(&paths::join(&folder, head));
    let prefix = prefix.map(|p| if head.ends_with('/') { format!("{p}/") } else { p });
    let names: Vec<(djsec_base::FileId, String)> = it
        .files
        .iter()
        .filter_map(|(id, file)| {
            let middle = file.path.as_str().strip_prefix(prefix.as_deref()?)?;
            let middle = middle.strip_suffix(&*tail)?;
            (!middle.contains('/') && middle != "__init__").then(|| (id, middle.to_owned()))
        })
        .collect();
    let base = Sym {
        root: sym.root.clone(),
        ops: sym.ops.iter().take(place).cloned().collect(),
        ty: Type::Str,
        span: sym.span,
    };
    let mut rest = at.pc;
    for (file, name) in names {
        let is = base.then(format!("== '{name}'"), Type::Bool);
        let is = it.worlds.atom(Atom::Truthy(Arc::new(is)));
        let pc = it.worlds.and(at.pc, is);
        rest = it.worlds.minus(rest, is);
        if !it.worlds.impossible(pc) {
            it.include_once(file, At { pc, ..at });
        }
    }
    it.raise(rest, "OSError", format!("No such file: {}", sym.describe()), at);
}

/// `glob.glob` for one pattern: `*` and `?` within a folder.
fn matches_glob(pattern: &str, path: &str) -> bool {
    let (mut p, mut s) = (pattern.split('/'), path.split('/'));
    loop {
        match (p.next(), s.next()) {
            (None, None) => return true,
            (Some(pattern), Some(name)) => {
                let hidden = name.starts_with('.') && !pattern.starts_with('.');
                let wild = pattern.contains(['*', '?', '[']);
                if hidden && wild || !wildcard(pattern.as_bytes(), name.as_bytes()) {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// The classic two-pointer match: linear in practice, never exponential.
fn wildcard(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = name.get(n) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(b'?') => (p, n) = (p + 1, n + 1),
            Some(wanted) if wanted == byte => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, n) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
}

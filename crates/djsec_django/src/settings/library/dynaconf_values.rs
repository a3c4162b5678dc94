//! What dynaconf makes of the text of a variable, and how values merge.

use djsec_python::eval::{Args, At, DictVal, Interp, Leaf, Object, SeqVal, Val, numbers};
use djsec_python::worlds::Guard;

use super::{config_file, reader};

/// The words of `@bool`.
const TRUE: [&str; 6] = ["t", "true", "enabled", "1", "on", "yes"];

/// The value of a text, and whether it merges into what is there.
pub(super) fn parse(it: &mut Interp<'_>, text: &str, at: At) -> (Val, bool) {
    let (mark, rest) = match text.split_once(' ') {
        Some((mark, rest)) if mark.starts_with('@') => (mark, rest),
        _ if text.starts_with('@') => (text, ""),
        _ => return (toml(it, text, at), false),
    };
    let val = match mark {
        "@merge" => return (elements(it, rest, at), true),
        "@str" => reader::text(rest, at),
        "@int" => reader::int(it, rest, "DynaconfParseError", at),
        "@float" => reader::float(it, rest, "DynaconfParseError", at),
        "@bool" => reader::boolean(TRUE.contains(&rest.trim().to_lowercase().as_str()), at),
        "@json" => it.call_external("json.loads", &Args::positional(vec![Val::str(rest)]), at),
        "@none" => reader::none(at),
        "@note" | "@comment" => reader::text(text, at),
        _ => it.unknown("a value that dynaconf computes", at),
    };
    (val, false)
}

/// `a = <text>` as TOML, or else the text itself: `no` and `off` stay texts.
fn toml(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    // A line end after the value is none of it; TOML reads one value of one line here.
    let line = text.trim_end_matches('\n');
    let spelled = match line {
        "True" => "true",
        "False" => "false",
        other => other,
    };
    if line.trim().is_empty() || line.contains('\n') {
        return reader::text(text, at);
    }
    // The tree does not tell `1.0` from `1`.
    if let Ok(f) = numbers::float(text)
        && numbers::integer(text).is_err()
        && text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' '))
    {
        return reader::leaf(Leaf::Float(f), at);
    }
    let parsed = djsec_syntax::toml::parse(&format!("key={spelled}"));
    match parsed.tree.get("key") {
        Some(node) if parsed.errors.is_empty() => {
            let node = node.clone();
            config_file::node(it, &node, false, None, at, 0)
        }
        _ => reader::text(text, at),
    }
}

/// What `@merge` adds: a list, a dict, or one or several plain elements.
fn elements(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    let val = toml(it, text, at);
    if let Some(Leaf::Ref(_)) = val.single() {
        return val;
    }
    let pairs: Option<Vec<(&str, &str)>> = text.split(',').map(|p| p.split_once('=')).collect();
    if let Some(pairs) = pairs {
        let mut dict = DictVal::default();
        for (key, value) in pairs {
            let value = toml(it, value.trim(), at);
            dict.entries.push((Leaf::Str(key.trim().into()), value));
        }
        return it.dict(dict, at);
    }
    let mut items = Vec::new();
    for part in text.split(',') {
        items.push(toml(it, part.trim(), at));
    }
    reader::sequence(it, items, at)
}

/// The new value with its merge mark (`dynaconf_merge`) followed.
pub(super) fn merged(it: &mut Interp<'_>, old: &Val, new: &Val, merge: bool, at: At) -> Val {
    let Some(Leaf::Ref(id)) = new.single().cloned() else { return new.clone() };
    match it.object(id).cloned() {
        Some(Object::List(seq)) => {
            let marks = |val: &Val| val.as_str().is_some_and(|t| t.starts_with("dynaconf_merge"));
            let marked = seq.items.iter().any(|(_, item)| marks(item));
            let added: Vec<(Guard, Val)> =
                seq.items.into_iter().filter(|(_, item)| !marks(item)).collect();
            if !marked && !merge {
                return new.clone();
            }
            let mut all = it.iterate(old, at);
            all.items.extend(added);
            it.list(SeqVal { items: all.items, open: all.open || seq.open }, at)
        }
        Some(Object::Dict(dict)) => {
            let mark = Leaf::Str("dynaconf_merge".into());
            let marked = dict.entries.iter().any(|(key, _)| *key == mark);
            if !marked && !merge {
                return new.clone();
            }
            let whole = At { pc: Guard::ALWAYS, ..at };
            let out = it.dict_of(vec![], at);
            if let Some(Leaf::Ref(target)) = out.single() {
                it.dict_update(*target, old, whole);
                for (key, val) in dict.entries.iter().filter(|(key, _)| *key != mark) {
                    it.dict_set(*target, key, val, whole);
                }
            }
            out
        }
        _ => new.clone(),
    }
}

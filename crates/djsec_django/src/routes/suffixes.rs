//! `format_suffix_patterns` of DRF: each address once more with `.json` and the like.

use std::sync::Arc;

use djsec_python::eval::{Args, At, InstVal, Interp, Leaf, Object, SeqVal, Val};

use super::library::{PATTERN, RESOLVER, UrlLibrary};
use super::urls::{REGEX_PATTERN, attr, class_of, text_pattern};

/// What is asked for.
#[derive(Debug, Default)]
pub(super) struct Suffix {
    required: bool,
    allowed: Vec<Arc<str>>,
}

/// A call by the project.
pub(super) fn call(it: &mut Interp<'_>, args: &Args, at: At) -> Option<Val> {
    let patterns = args.at(0, "urlpatterns").cloned()?;
    let seq = it.iterate(&patterns, at);
    let required = args.at(1, "suffix_required").and_then(Val::as_bool).unwrap_or(false);
    let allowed = args.at(2, "allowed").cloned().unwrap_or_default();
    let allowed = it.iterate(&allowed, at).items;
    let allowed = allowed.into_iter().filter_map(|(_, item)| item.as_str()).collect();
    let made = apply(it, &seq, &Suffix { required, allowed }, at);
    Some(it.list(made, at))
}

/// The patterns with their suffixed forms after them.
pub(super) fn apply(it: &mut Interp<'_>, seq: &SeqVal, suffix: &Suffix, at: At) -> SeqVal {
    let mut out = SeqVal { items: Vec::new(), open: seq.open };
    for (guard, item) in &seq.items {
        let leaf = item.single().cloned().unwrap_or(Leaf::Absent);
        match class_of(it, &leaf).as_deref() {
            Some(PATTERN) => {
                if !suffix.required {
                    out.items.push((*guard, item.clone()));
                }
                if let Some(more) = suffixed(it, &leaf, suffix, at) {
                    out.items.push((*guard, more));
                }
            }
            Some(RESOLVER) => {
                let inner = attr(it, &leaf, "urlconf_name").unwrap_or_default();
                let inner = UrlLibrary::patterns_of(it, &inner, at);
                let inner = it.iterate(&inner, at);
                let inner = apply(it, &inner, suffix, at);
                let list = it.list(inner, at);
                out.items.push((*guard, copy(it, &leaf, "urlconf_name", list, at)));
            }
            _ => out.items.push((*guard, item.clone())),
        }
    }
    out
}

fn suffixed(it: &mut Interp<'_>, leaf: &Leaf, suffix: &Suffix, at: At) -> Option<Val> {
    let pattern = attr(it, leaf, "pattern")?;
    let pattern = pattern.single()?.clone();
    let text = attr(it, &pattern, "djsec text")?.as_str()?;
    let regex = class_of(it, &pattern).as_deref() == Some(REGEX_PATTERN);
    let base = text.trim_end_matches('$').trim_end_matches('/');
    let joined = suffix.allowed.join("|");
    let end = match (regex, suffix.allowed.len()) {
        (true, 0) => r"\.(?P<format>[a-z0-9]+)/?$".to_owned(),
        (true, 1) => format!(r"\.(?P<format>{joined})/?$"),
        (true, _) => format!(r"\.(?P<format>({joined}))/?$"),
        (false, 0) => "<drf_format_suffix:format>".to_owned(),
        (false, _) => format!("<drf_format_suffix_{}:format>", suffix.allowed.join("_")),
    };
    let class = class_of(it, &pattern)?;
    let text = text_pattern(it, &class, Val::str(format!("{base}{end}")), at);
    Some(copy(it, leaf, "pattern", text, at))
}

/// A copy of an instance with another value for one attribute.
fn copy(it: &mut Interp<'_>, leaf: &Leaf, name: &str, val: Val, at: At) -> Val {
    let inst = match leaf {
        Leaf::Ref(id) => match it.object(*id) {
            Some(Object::Inst(inst)) => inst.clone(),
            _ => return Val::nothing(),
        },
        _ => return Val::nothing(),
    };
    let mut attrs = inst.attrs.clone();
    if let Some(slot) = attrs.iter_mut().find(|(known, _)| &**known == name) {
        slot.1 = val;
    }
    let id = it.alloc(Object::Inst(InstVal { attrs, ..inst }));
    Val::of(Leaf::Ref(id), Some(at.span))
}

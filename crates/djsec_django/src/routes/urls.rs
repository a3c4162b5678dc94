//! `path`, `re_path`, `url`, `include`, `i18n_patterns`, `static`: Django's words for URLconfs.

use std::rc::Rc;
use std::sync::Arc;

use djsec_python::eval::{Args, At, InstVal, Interp, Leaf, Object, SeqVal, Val};
use djsec_python::worlds::Guard;

use super::library::{PATTERN, RESOLVER, UrlLibrary};
use super::{made, packaged, suffixes};

pub(super) const ROUTE_PATTERN: &str = "django.urls.resolvers.RoutePattern";
pub(super) const REGEX_PATTERN: &str = "django.urls.resolvers.RegexPattern";
pub(super) const LOCALE_PATTERN: &str = "django.urls.resolvers.LocalePrefixPattern";
/// Class of an include around which stand decorators.
const DECORATED: &str = "djsec.DecoratedInclude";

/// A call of one of Django's functions for URLconfs.
pub(super) fn call(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    name: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    let (module, function) = name.rsplit_once('.')?;
    match (module, function) {
        ("django.urls" | "django.urls.conf", "path") => {
            Some(pattern(library, it, ROUTE_PATTERN, args, at))
        }
        ("django.urls" | "django.urls.conf", "re_path")
        | ("django.conf.urls" | "django.conf.urls.defaults" | "django.urls", "url") => {
            Some(pattern(library, it, REGEX_PATTERN, args, at))
        }
        (
            "django.urls" | "django.urls.conf" | "django.conf.urls" | "django.conf.urls.defaults",
            "include",
        ) => Some(include(it, args, at)),
        ("django.conf.urls" | "django.conf.urls.defaults", "patterns") => {
            Some(old_patterns(it, args, at))
        }
        ("django.conf.urls.i18n", "i18n_patterns") => Some(localized(library, it, args, at)),
        ("django.conf.urls.static", "static") => {
            let prefix = args.at(0, "prefix").cloned()?;
            let view = args.at(1, "view").cloned();
            let view = view.unwrap_or_else(|| external("django.views.static.serve", at));
            Some(static_files(library, it, &prefix, &view, at))
        }
        ("django.contrib.staticfiles.urls", "staticfiles_urlpatterns") => {
            let prefix = args.at(0, "prefix").cloned();
            let prefix = prefix.unwrap_or_else(|| library.setting(it, "STATIC_URL"));
            let view = external("django.contrib.staticfiles.views.serve", at);
            Some(static_files(library, it, &prefix, &view, at))
        }
        ("debug_toolbar.toolbar", "debug_toolbar_urls") => {
            Some(library.debug_toolbar_urls(it, args, at))
        }
        ("rest_framework.urlpatterns", "format_suffix_patterns") => suffixes::call(it, args, at),
        ("decorator_include", "decorator_include") => {
            let decorators = args.at(0, "decorators").cloned()?;
            let rest = Args {
                positional: args.positional.iter().skip(1).cloned().collect(),
                ..args.clone()
            };
            let included = include(it, &rest, at);
            let attrs = vec![("include", included), ("decorators", decorators)];
            Some(instance(it, DECORATED, attrs, at))
        }
        _ => made::call(it, name, args, at),
    }
}

fn external(name: &str, at: At) -> Val {
    Val::of(Leaf::Ext(Arc::from(name)), Some(at.span))
}

/// An instance with attributes.
pub(super) fn instance(it: &mut Interp<'_>, class: &str, attrs: Vec<(&str, Val)>, at: At) -> Val {
    let inst = InstVal {
        class: Leaf::Ext(Arc::from(class)),
        attrs: attrs.into_iter().map(|(name, val)| (Arc::from(name), val)).collect(),
        args: Vec::new(),
        keywords: Vec::new(),
    };
    let id = it.alloc(Object::Inst(inst));
    Val::of(Leaf::Ref(id), Some(at.span))
}

/// An attribute of an instance made here.
pub(super) fn attr(it: &Interp<'_>, leaf: &Leaf, name: &str) -> Option<Val> {
    let Leaf::Ref(id) = leaf else { return None };
    let Some(Object::Inst(inst)) = it.object(*id) else { return None };
    inst.attrs.iter().find(|(known, _)| &**known == name).map(|(_, val)| val.clone())
}

/// The class of an instance of an external class.
pub(super) fn class_of(it: &Interp<'_>, leaf: &Leaf) -> Option<Arc<str>> {
    let Leaf::Ref(id) = leaf else { return None };
    match it.object(*id)? {
        Object::Inst(inst) => match &inst.class {
            Leaf::Ext(class) => Some(Arc::clone(class)),
            _ => None,
        },
        _ => None,
    }
}

/// A pattern's text as Django keeps it.
pub(super) fn text_pattern(it: &mut Interp<'_>, class: &str, route: Val, at: At) -> Val {
    instance(it, class, vec![("djsec text", route)], at)
}

fn pattern(library: &UrlLibrary<'_>, it: &mut Interp<'_>, class: &str, args: &Args, at: At) -> Val {
    let first = if class == ROUTE_PATTERN { "route" } else { "regex" };
    let route = args.at(0, first).cloned().unwrap_or_default();
    let view = args.at(1, "view").cloned().unwrap_or_default();
    let kwargs = args.at(2, "kwargs").cloned();
    let name = args.at(3, "name").cloned();
    let text = text_pattern(it, class, route, at);
    it.map(&view, at, |it, leaf, at| {
        let view = Val::of(leaf.clone(), Some(at.span));
        pattern_of(library, it, text.clone(), &view, (kwargs.clone(), name.clone()), at)
    })
}

/// One pattern or, for what `include` gives, one resolver.
pub(super) fn pattern_of(
    _library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    text: Val,
    view: &Val,
    (kwargs, name): (Option<Val>, Option<Val>),
    at: At,
) -> Val {
    let none = Val::of(Leaf::None, None);
    let kwargs = kwargs.unwrap_or_else(|| none.clone());
    let leaf = view.single().cloned().unwrap_or(Leaf::Absent);
    let (included, decorators) = match class_of(it, &leaf).as_deref() {
        Some(DECORATED) => {
            let included = attr(it, &leaf, "include").unwrap_or_default();
            (included, attr(it, &leaf, "decorators"))
        }
        _ => (view.clone(), None),
    };
    let parts = match included.single() {
        Some(Leaf::Tuple(seq)) => seq.items.iter().map(|(_, item)| item.clone()).collect(),
        Some(Leaf::Ref(id)) if matches!(it.object(*id), Some(Object::List(_))) => {
            vec![included.clone()]
        }
        _ => {
            let name = name.unwrap_or(none);
            let attrs = vec![
                ("pattern", text),
                ("callback", included),
                ("default_args", kwargs),
                ("name", name),
            ];
            return instance(it, PATTERN, attrs, at);
        }
    };
    let mut parts: std::vec::IntoIter<Val> = Vec::into_iter(parts);
    let urlconf = parts.next().unwrap_or_default();
    let app_name = parts.next().unwrap_or_else(|| none.clone());
    let namespace = parts.next().unwrap_or_else(|| app_name.clone());
    let mut attrs = vec![
        ("pattern", text),
        ("urlconf_name", urlconf.clone()),
        ("url_patterns", urlconf),
        ("app_name", app_name),
        ("namespace", namespace),
        ("default_kwargs", kwargs),
    ];
    attrs.extend(decorators.map(|decorators| ("djsec decorators", decorators)));
    instance(it, RESOLVER, attrs, at)
}

/// `include(what, namespace)`: the three parts that `path` takes apart again.
pub(super) fn include(it: &mut Interp<'_>, args: &Args, at: At) -> Val {
    let what = args.at(0, "arg").cloned().unwrap_or_default();
    let namespace = args.at(1, "namespace").cloned();
    let given_app = args.at(2, "app_name").cloned();
    it.map(&what, at, |it, leaf, at| {
        let none = Val::of(Leaf::None, None);
        let (urlconf, app_name, own) = match leaf {
            Leaf::Tuple(seq) => {
                let part = |n: usize| seq.items.get(n).map(|(_, item)| item.clone());
                (part(0).unwrap_or_default(), part(1), part(2))
            }
            other => (Val::of(other.clone(), Some(at.span)), None, None),
        };
        let urlconf = load(it, &urlconf, at);
        let from_module = it.map(&urlconf, at, |it, leaf, at| match leaf {
            Leaf::Module(name) => it
                .module_namespace(name)
                .and_then(|ns| it.namespace(ns))
                .and_then(|space| space.find("app_name"))
                .map_or_else(|| Val::of(Leaf::None, Some(at.span)), |bound| bound.val.clone()),
            Leaf::Ext(name) => packaged::app_name(name)
                .map_or_else(|| Val::of(Leaf::None, Some(at.span)), Val::str),
            _ => Val::of(Leaf::None, Some(at.span)),
        });
        let is_none = matches!(from_module.single(), Some(Leaf::None | Leaf::Absent));
        let app_name = match (is_none, app_name.or_else(|| given_app.clone())) {
            (false, _) => from_module,
            (true, Some(given)) => given,
            (true, None) => none.clone(),
        };
        let namespace = namespace.clone().or(own);
        let namespace = match &namespace {
            Some(given) if !matches!(given.single(), Some(Leaf::None)) => given.clone(),
            _ => app_name.clone(),
        };
        let parts = [urlconf, app_name, namespace].map(|part| (Guard::ALWAYS, part)).to_vec();
        Val::of(Leaf::Tuple(Rc::new(SeqVal { items: parts, open: false })), Some(at.span))
    })
}

/// The module behind a text or a module that was not run yet.
pub(super) fn load(it: &mut Interp<'_>, urlconf: &Val, at: At) -> Val {
    it.map(urlconf, at, |it, leaf, at| match leaf {
        Leaf::Str(name) | Leaf::Module(name) | Leaf::Ext(name) => match it.load_module(name, at) {
            Some(_) => Val::of(Leaf::Module(Arc::clone(name)), Some(at.span)),
            None => Val::of(Leaf::Ext(Arc::clone(name)), Some(at.span)),
        },
        other => Val::of(other.clone(), Some(at.span)),
    })
}

/// `patterns("prefix", …)` of old Django: texts as views get the prefix.
fn old_patterns(it: &mut Interp<'_>, args: &Args, at: At) -> Val {
    let prefix = args.positional.first().and_then(Val::as_str).unwrap_or_default();
    let mut items = Vec::new();
    for item in args.positional.iter().skip(1) {
        let leaf = item.single().cloned();
        // Before there was `url()`, a tuple was enough.
        let item = match &leaf {
            Some(Leaf::Tuple(seq)) => {
                let positional = seq.items.iter().map(|(_, part)| part.clone()).collect();
                let args = Args { positional, ..Args::default() };
                it.call_external("django.conf.urls.url", &args, at)
            }
            _ => item.clone(),
        };
        if let (Some(leaf), false) = (item.single(), prefix.is_empty())
            && let Some(Leaf::Str(view)) = attr(it, leaf, "callback").as_ref().and_then(Val::single)
            && let Leaf::Ref(id) = leaf
        {
            let full = Val::str(format!("{prefix}.{view}"));
            let here = At { pc: Guard::ALWAYS, ..at };
            if let Some(Object::Inst(inst)) = it.object_mut(*id, here)
                && let Some(slot) = inst.attrs.iter_mut().find(|(name, _)| &**name == "callback")
            {
                slot.1 = full;
            }
        }
        items.push((Guard::ALWAYS, item));
    }
    it.list(SeqVal { items, open: args.open }, at)
}

/// `i18n_patterns(…)`: one resolver with the language's prefix, when languages are used.
fn localized(library: &UrlLibrary<'_>, it: &mut Interp<'_>, args: &Args, at: At) -> Val {
    let items: Vec<(Guard, Val)> =
        args.positional.iter().map(|item| (Guard::ALWAYS, item.clone())).collect();
    let on = library.setting(it, "USE_I18N");
    let on = it.truth(&on, at);
    let default = args.keyword("prefix_default_language").and_then(Val::as_bool).unwrap_or(true);
    let text = Val::of(Leaf::Bool(default), Some(at.span));
    let list = it.list(SeqVal { items: items.clone(), open: args.open }, at);
    let text = text_pattern(it, LOCALE_PATTERN, text, at);
    let resolver = pattern_of(library, it, text, &list, (None, None), at);
    let off = it.worlds.not(on);
    let mut all = vec![(on, resolver)];
    if !it.worlds.impossible(off) {
        all.extend(items.into_iter().map(|(_, item)| (off, item)));
    }
    it.list(SeqVal { items: all, open: args.open && !off.is_never() }, at)
}

/// `static(prefix)`: one pattern, and only while debugging.
fn static_files(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    prefix: &Val,
    view: &Val,
    at: At,
) -> Val {
    let debug = library.setting(it, "DEBUG");
    let debug = it.truth(&debug, at);
    let text = it.map(prefix, at, |_, leaf, at| match leaf {
        Leaf::Str(prefix) if prefix.contains("://") || prefix.starts_with("//") => {
            Val::of(Leaf::Absent, Some(at.span))
        }
        Leaf::Str(prefix) => {
            let escaped = escape(prefix.trim_start_matches('/'));
            Val::str(format!("^{escaped}(?P<path>.*)$"))
        }
        other => Val::of(other.clone(), Some(at.span)),
    });
    let elsewhere = it.absent(&text);
    let guard = it.worlds.minus(debug, elsewhere);
    let mut items = Vec::new();
    if !it.worlds.impossible(guard) {
        let text = text_pattern(it, REGEX_PATTERN, text, at);
        items.push((guard, pattern_of(library, it, text, view, (None, None), at)));
    }
    it.list(SeqVal { items, open: false }, at)
}

/// Python's `re.escape`.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

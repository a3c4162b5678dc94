//! Patterns and resolvers that a project makes itself: `URLResolver(LocalePrefixPattern(), […])`, which
//! is what `path`, `include` and `i18n_patterns` do inside.

use djsec_python::QualifiedName;
use djsec_python::eval::{Args, At, Interp, Leaf, Val};

use super::library::{PATTERN, RESOLVER, UrlLibrary};
use super::urls::{LOCALE_PATTERN, REGEX_PATTERN, ROUTE_PATTERN, instance, load, text_pattern};

/// A call of one of the classes of `django.urls.resolvers`, under any of their names.
pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let class = canonical(name)?;
    Some(match class {
        RESOLVER => resolver(it, args, at),
        PATTERN => pattern(it, args, at),
        _ => text(it, class, args, at),
    })
}

/// An instance of a project's own class of patterns: it matches as the one of Django that it is derived from.
pub(super) fn instance_of(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    class: &QualifiedName,
    args: &Args,
    at: At,
) -> Option<Val> {
    let known = [LOCALE_PATTERN, ROUTE_PATTERN, REGEX_PATTERN, PATTERN, RESOLVER];
    let base = known
        .into_iter()
        .find(|known| library.names.derives(class, |base| canonical(base) == Some(*known)))?;
    call(it, base, args, at)
}

/// The class of Django that a name means: `django.urls` has some of them, too.
fn canonical(name: &str) -> Option<&'static str> {
    let (module, class) = name.rsplit_once('.')?;
    if !matches!(module, "django.urls" | "django.urls.resolvers") {
        return None;
    }
    Some(match class {
        "URLPattern" => PATTERN,
        "URLResolver" => RESOLVER,
        "RoutePattern" => ROUTE_PATTERN,
        "RegexPattern" => REGEX_PATTERN,
        "LocalePrefixPattern" => LOCALE_PATTERN,
        _ => return None,
    })
}

fn text(it: &mut Interp<'_>, class: &str, args: &Args, at: At) -> Val {
    let name = match class {
        LOCALE_PATTERN => "prefix_default_language",
        REGEX_PATTERN => "regex",
        _ => "route",
    };
    let route = args.at(0, name).cloned();
    let route = route.unwrap_or_else(|| Val::of(Leaf::Bool(true), Some(at.span)));
    text_pattern(it, class, route, at)
}

fn pattern(it: &mut Interp<'_>, args: &Args, at: At) -> Val {
    let none = || Val::of(Leaf::None, None);
    let attrs = vec![
        ("pattern", args.at(0, "pattern").cloned().unwrap_or_default()),
        ("callback", args.at(1, "callback").cloned().unwrap_or_default()),
        ("default_args", args.at(2, "default_args").cloned().unwrap_or_else(none)),
        ("name", args.at(3, "name").cloned().unwrap_or_else(none)),
    ];
    instance(it, PATTERN, attrs, at)
}

fn resolver(it: &mut Interp<'_>, args: &Args, at: At) -> Val {
    let none = || Val::of(Leaf::None, None);
    let urlconf = args.at(1, "urlconf_name").cloned().unwrap_or_default();
    let urlconf = load(it, &urlconf, at);
    let attrs = vec![
        ("pattern", args.at(0, "pattern").cloned().unwrap_or_default()),
        ("urlconf_name", urlconf.clone()),
        ("url_patterns", urlconf),
        ("default_kwargs", args.at(2, "default_kwargs").cloned().unwrap_or_else(none)),
        ("app_name", args.at(3, "app_name").cloned().unwrap_or_else(none)),
        ("namespace", args.at(4, "namespace").cloned().unwrap_or_else(none)),
    ];
    instance(it, RESOLVER, attrs, at)
}

//! What django-cors-headers makes of the settings: each has an older name, and nothing happens
//! without the middleware.

use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::{Data, Object, ObjectKind};

use crate::Cx;

/// The middleware that sends the headers.
pub(super) const MIDDLEWARE: &str = "corsheaders.middleware.CorsMiddleware";

/// The list of origins; an older name is used where the project does not set the newer.
pub(super) fn origins<'a>(cx: &Cx<'a>) -> SettingRef<'a> {
    either(cx, "CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST")
}

/// The list of patterns.
pub(super) fn patterns<'a>(cx: &Cx<'a>) -> SettingRef<'a> {
    either(cx, "CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST")
}

/// The switch that allows every origin.
pub(super) fn allow_all<'a>(cx: &Cx<'a>) -> SettingRef<'a> {
    either(cx, "CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")
}

fn either<'a>(cx: &Cx<'a>, name: &str, older: &str) -> SettingRef<'a> {
    let newer = cx.setting(name);
    if newer.explicit { newer } else { cx.setting(older) }
}

/// In which worlds the headers are sent.
pub(super) fn active<'a>(cx: &Cx<'a>) -> Cond<'a> {
    cx.uses_middleware(MIDDLEWARE)
}

/// In which worlds lists and patterns of origins matter: not where every origin is allowed anyway.
pub(super) fn lists_count<'a>(cx: &Cx<'a>) -> Cond<'a> {
    active(cx) & !allow_all(cx).truthy().possibly()
}

/// In which worlds browsers may send cookies along.
pub(super) fn credentials<'a>(cx: &Cx<'a>) -> Cond<'a> {
    cx.setting("CORS_ALLOW_CREDENTIALS").truthy()
}

/// A pattern as text: a string, or a compiled one without flags that change its meaning.
pub(super) fn pattern(data: &Data) -> Option<&str> {
    match data {
        Data::Str(text) => Some(text),
        Data::Object(object) => compiled(object),
        _ => None,
    }
}

fn compiled(object: &Object) -> Option<&str> {
    if object.kind != ObjectKind::Instance || &*object.name != "re.Pattern" {
        return None;
    }
    let [pattern] = object.args.as_slice() else { return None };
    match &pattern.single()?.data {
        Data::Str(text) if object.keywords.is_empty() => Some(text),
        _ => None,
    }
}

/// Whether the headers are limited to some URLs: a `CORS_URLS_REGEX` that is more than "all".
pub(super) fn some_urls_only(cx: &Cx<'_>) -> bool {
    let urls = cx.setting("CORS_URLS_REGEX");
    let everything = |data: &Data| match pattern(data) {
        Some(text) => {
            matches!(text, "" | "^" | "/" | "^/" | ".*" | "^.*" | "^.*$" | "^/.*" | "^/.*$" | ".*$")
        }
        None => matches!(data, Data::Absent),
    };
    urls.is_raw(|data| Some(everything(data))).is_never()
}

/// Whether scripts may only read: every method in `CORS_ALLOW_METHODS` is a safe one.
pub(super) fn read_only(cx: &Cx<'_>) -> bool {
    let methods = cx.setting("CORS_ALLOW_METHODS");
    let writes = methods.any(|data| match data {
        Data::Str(method) => {
            Some(!["GET", "HEAD", "OPTIONS"].contains(&&*method.to_ascii_uppercase()))
        }
        Data::Sym(_) => None,
        _ => Some(false),
    });
    methods.truthy().is_always() && writes.is_never()
}

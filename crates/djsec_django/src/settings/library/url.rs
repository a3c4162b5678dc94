//! URLs as Python's `urllib.parse` splits them.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, Val};
use djsec_python::worlds::Type;

use super::reader::{self, Cast};

/// A URL in its parts; user, password and port come from `netloc`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) scheme: String,
    pub(super) netloc: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) fragment: String,
}

/// The port is not a number.
pub(super) struct BadPort;

impl Url {
    /// `urlsplit`.
    pub(super) fn split(text: &str) -> Self {
        let mut url = Self::default();
        let mut rest = text.trim_start_matches(|c: char| c <= ' ');
        if let Some((scheme, after)) = rest.split_once(':')
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        {
            url.scheme = scheme.to_lowercase();
            rest = after;
        }
        if let Some(after) = rest.strip_prefix("//") {
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            let (netloc, tail) = after.split_at_checked(end).unwrap_or((after, ""));
            netloc.clone_into(&mut url.netloc);
            rest = tail;
        }
        let (before, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        path.clone_into(&mut url.path);
        query.clone_into(&mut url.query);
        fragment.clone_into(&mut url.fragment);
        url
    }

    fn user_info(&self) -> Option<(&str, Option<&str>)> {
        let (info, _) = self.netloc.rsplit_once('@')?;
        Some(match info.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (info, None),
        })
    }

    pub(super) fn username(&self) -> Option<&str> {
        self.user_info().map(|(user, _)| user)
    }

    pub(super) fn password(&self) -> Option<&str> {
        self.user_info().and_then(|(_, password)| password)
    }

    fn host_info(&self) -> (&str, Option<&str>) {
        let info = self.netloc.rsplit_once('@').map_or(self.netloc.as_str(), |(_, tail)| tail);
        if let Some((_, bracketed)) = info.split_once('[') {
            let (host, tail) = bracketed.split_once(']').unwrap_or((bracketed, ""));
            return (host, tail.strip_prefix(':').filter(|port| !port.is_empty()));
        }
        match info.split_once(':') {
            Some((host, port)) => (host, Some(port).filter(|port| !port.is_empty())),
            None => (info, None),
        }
    }

    /// In lower case, up to a zone.
    pub(super) fn hostname(&self) -> Option<String> {
        let (host, _) = self.host_info();
        if host.is_empty() {
            return None;
        }
        Some(match host.split_once('%') {
            Some((name, zone)) => format!("{}%{zone}", name.to_lowercase()),
            None => host.to_lowercase(),
        })
    }

    pub(super) fn port(&self) -> Result<Option<i64>, BadPort> {
        let Some(port) = self.host_info().1 else { return Ok(None) };
        let plain = port.chars().all(|c| c.is_ascii_digit());
        let number: i64 = port.parse().ok().filter(|_| plain).ok_or(BadPort)?;
        if number <= 65_535 { Ok(Some(number)) } else { Err(BadPort) }
    }

    /// `geturl`.
    pub(super) fn whole(&self) -> String {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.push_str(&self.scheme);
            out.push(':');
        }
        if !self.netloc.is_empty() || self.path.starts_with("//") {
            out.push_str("//");
            out.push_str(&self.netloc);
        }
        out.push_str(&self.path);
        if !self.query.is_empty() {
            out.push('?');
            out.push_str(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push('#');
            out.push_str(&self.fragment);
        }
        out
    }

    /// `parse_qs`: keys in order with their values; empty values are left out.
    pub(super) fn parameters(&self) -> Vec<(String, Vec<String>)> {
        let mut out: Vec<(String, Vec<String>)> = Vec::new();
        for pair in self.query.split('&') {
            let Some((key, value)) = pair.split_once('=').filter(|(_, v)| !v.is_empty()) else {
                continue;
            };
            let (key, value) = (unquote_plus(key), unquote_plus(value));
            match out.iter_mut().find(|(known, _)| *known == key) {
                Some((_, values)) => values.push(value),
                None => out.push((key, vec![value])),
            }
        }
        out
    }
}

/// `unquote`: percent escapes resolved.
pub(super) fn unquote(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = escaped
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = byte {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `unquote_plus`.
pub(super) fn unquote_plus(text: &str) -> String {
    unquote(&text.replace('+', " "))
}

/// `quote(text, safe=…)`.
pub(super) fn quote(text: &str, safe: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "_.-~".contains(c) || byte < 128 && safe.contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

const PARSED: &str = "urllib.parse.ParseResult";

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let function = name.strip_prefix("urllib.parse.")?;
    let first = args.positional.first()?.clone();
    match function {
        // The result keeps the text; its parts are cut out when they are asked for.
        "urlparse" | "urlsplit" => {
            let args = Args::positional(vec![first]);
            Some(it.external_instance(PARSED, &args, at))
        }
        "unquote" | "unquote_plus" | "quote" | "quote_plus" => {
            let op = function.to_owned();
            let cast = Cast {
                op: &op,
                ty: Type::Str,
                parse: &|_, text, at| {
                    let done = match function {
                        "unquote" => unquote(text),
                        "unquote_plus" => unquote_plus(text),
                        "quote" => quote(text, "/"),
                        _ => quote(text, "").replace("%20", "+"),
                    };
                    reader::text(done, at)
                },
            };
            Some(reader::cast(it, &first, &cast, at))
        }
        _ => None,
    }
}

/// `urlparse(text).hostname` and its siblings.
pub(super) fn attribute(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    name: &str,
    at: At,
) -> Option<Val> {
    if class != PARSED {
        return None;
    }
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    let text = inst.args.first()?.clone();
    let ty = match name {
        "scheme" | "netloc" | "path" | "query" | "fragment" => Type::Str,
        "username" | "password" | "hostname" | "port" => Type::Any,
        _ => return None,
    };
    let op = format!(".{name}");
    let parse = |it: &mut Interp<'_>, text: &str, at: At| part(it, &Url::split(text), name, at);
    Some(reader::cast(it, &text, &Cast { op: &op, ty, parse: &parse }, at))
}

fn part(it: &mut Interp<'_>, url: &Url, name: &str, at: At) -> Val {
    let maybe = |part: Option<&str>| part.map_or_else(|| reader::none(at), |p| reader::text(p, at));
    match name {
        "scheme" => reader::text(url.scheme.as_str(), at),
        "netloc" => reader::text(url.netloc.as_str(), at),
        "path" => reader::text(url.path.as_str(), at),
        "query" => reader::text(url.query.as_str(), at),
        "fragment" => reader::text(url.fragment.as_str(), at),
        "username" => maybe(url.username()),
        "password" => maybe(url.password()),
        "hostname" => maybe(url.hostname().as_deref()),
        _ => match url.port() {
            Ok(Some(port)) => reader::leaf(Leaf::Int(port), at),
            Ok(None) => reader::none(at),
            Err(BadPort) => reader::fail(it, "ValueError", "the port is not a number", at),
        },
    }
}

/// `ParseResult.geturl()`.
pub(super) fn method(
    it: &mut Interp<'_>,
    object: ObjId,
    class: &str,
    method: &str,
    at: At,
) -> Option<Val> {
    if class != PARSED || method != "geturl" {
        return None;
    }
    let Some(Object::Inst(inst)) = it.object(object) else { return None };
    let text = inst.args.first()?.clone();
    let parse = |_: &mut Interp<'_>, text: &str, at: At| reader::text(Url::split(text).whole(), at);
    let cast = Cast { op: "geturl", ty: Type::Str, parse: &parse };
    Some(reader::cast(it, &text, &cast, at))
}

/// A dict made of a URL: known entries for a known text; for an unknown one the usual entries, each
/// a part of it (which may be missing), and perhaps more.
pub(super) fn dict_of(
    it: &mut Interp<'_>,
    url: &Val,
    what: &str,
    usual: &[&str],
    at: At,
    parse: &dyn Fn(&mut Interp<'_>, &str, At) -> Val,
) -> Val {
    reader::each(it, url, at, |it, leaf, here| match leaf {
        Leaf::Str(text) => parse(it, text, here),
        Leaf::Ref(id) => match it.object(*id) {
            Some(Object::Inst(inst)) if inst.class == Leaf::Ext(Arc::from(PARSED)) => {
                let text = inst.args.first().cloned().unwrap_or_default();
                dict_of(it, &text, what, usual, here, parse)
            }
            _ => Val::of(leaf.clone(), Some(here.span)),
        },
        Leaf::Sym(sym) => {
            let mut entries = Vec::new();
            for key in usual {
                // Parts of an e-mail URL may be `None`, ports are numbers, locations may be lists.
                let ty = match *key {
                    "PORT"
                    | "EMAIL_PORT"
                    | "LOCATION"
                    | "EMAIL_HOST"
                    | "EMAIL_HOST_USER"
                    | "EMAIL_HOST_PASSWORD" => Type::Any,
                    _ => Type::Str,
                };
                let part = it.symbol(sym.then(format!("{what} url['{key}']"), ty), here);
                entries.push((*key, part));
            }
            let dict = it.dict_of(entries, here);
            if what == "email" {
                email_extras(it, &dict, sym, here);
            } else if let Some(Leaf::Ref(id)) = dict.single()
                && let Some(Object::Dict(dict)) = it.object_mut(*id, here)
            {
                dict.open = true;
                dict.rest = Some(Arc::new(sym.then(format!("{what} url"), Type::Dict)));
            }
            dict
        }
        Leaf::None if what != "email" => reader::fail(it, "TypeError", "no URL", here),
        other => Val::of(other.clone(), Some(here.span)),
    })
}

/// What the URL of a mail server may set besides; the names are these and no others, since such a
/// dict is poured into the settings.
fn email_extras(it: &mut Interp<'_>, dict: &Val, sym: &Arc<djsec_python::worlds::Sym>, at: At) {
    use djsec_python::worlds::{Atom, Guard};
    let Some(Leaf::Ref(id)) = dict.single() else { return };
    for key in ["EMAIL_USE_TLS", "EMAIL_USE_SSL"] {
        let on = sym.then(format!("email url['{key}']"), Type::Bool);
        let on = it.worlds.atom(Atom::Truthy(Arc::new(on)));
        let val = reader::boolean(true, at);
        let val = it.merge(on, val, &Val::of(Leaf::Absent, None));
        it.dict_set(*id, &Leaf::Str(key.into()), &val, At { pc: Guard::ALWAYS, ..at });
    }
}

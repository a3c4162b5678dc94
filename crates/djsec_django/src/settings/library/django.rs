//! Django itself: its default settings, lazy translation, random keys.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, SeqVal, Val};
use djsec_python::worlds::Guard;

use super::{Packages, reader};
use crate::defaults::{self, DefaultValue};

const GLOBAL: &str = "django.conf.global_settings.";
/// What holds the settings that a program gives by `settings.configure`.
pub(super) const SETTINGS: &str = "django.conf.settings";

pub(super) fn value(
    packages: &Packages<'_>,
    it: &mut Interp<'_>,
    name: &str,
    at: At,
) -> Option<Val> {
    if let Some(setting) = name.strip_prefix(GLOBAL) {
        if setting == "*" {
            let names = defaults::all(packages.series)
                .map(|(name, _)| (Guard::ALWAYS, Val::str(name)))
                .collect();
            return Some(it.list(SeqVal { items: names, open: false }, at));
        }
        let value = defaults::default(packages.series, setting)?;
        return Some(to_val(it, value, at));
    }
    match name {
        // They are configured when all of them were read, or when a program gave them.
        "django.conf.settings.configured" => {
            let given = it.filled(SETTINGS).is_some();
            Some(Val::of(Leaf::Bool(given), Some(at.span)))
        }
        "django.VERSION" => {
            let series = packages.series;
            let parts = [i64::from(series.major), i64::from(series.minor)];
            let items = parts.map(|n| (Guard::ALWAYS, Val::of(Leaf::Int(n), None))).to_vec();
            let seq = SeqVal { items, open: true };
            Some(Val::of(Leaf::Tuple(std::rc::Rc::new(seq)), Some(at.span)))
        }
        _ => name
            .strip_prefix("django.contrib.messages.constants.")
            .or_else(|| name.strip_prefix("django.contrib.messages."))
            .and_then(message_level)
            .map(|level| Val::of(Leaf::Int(level), Some(at.span))),
    }
}

fn message_level(name: &str) -> Option<i64> {
    Some(match name {
        "DEBUG" => 10,
        "INFO" => 20,
        "SUCCESS" => 25,
        "WARNING" => 30,
        "ERROR" => 40,
        _ => return None,
    })
}

pub(super) fn call(
    _packages: &Packages<'_>,
    it: &mut Interp<'_>,
    name: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    match name {
        "django.conf.settings.configure" => {
            configure(it, args, at);
            Some(Val::of(Leaf::None, Some(at.span)))
        }
        "django.utils.translation.gettext_lazy"
        | "django.utils.translation.gettext_noop"
        | "django.utils.translation.gettext"
        | "django.utils.translation.ugettext_lazy"
        | "django.utils.translation.ugettext"
        | "django.utils.translation.ugettext_noop" => args.positional.first().cloned(),
        "django.utils.translation.pgettext_lazy" | "django.utils.translation.pgettext" => {
            args.positional.get(1).cloned()
        }
        // Resolved when it is used: rules see the name of the route in the instance.
        "django.http.request.split_domain_port" => {
            let host = args.positional.first()?.clone();
            Some(reader::each(it, &host, at, split_host))
        }
        "django.utils.functional.SimpleLazyObject" => {
            let made = args.positional.first()?.clone();
            Some(it.call_value(&made, &Args::default(), at))
        }
        "django.urls.reverse_lazy" | "django.urls.reverse" => {
            Some(it.external_instance(name, args, at))
        }
        // Another key in each process: rules look for the instance.
        "django.core.management.utils.get_random_secret_key"
        | "django.utils.crypto.get_random_string" => Some(it.external_instance(name, args, at)),
        _ => None,
    }
}

/// `settings.configure(default_settings, DEBUG=…)`: the settings are what it is given.
fn configure(it: &mut Interp<'_>, args: &Args, at: At) {
    let ns = it.to_fill(SETTINGS);
    for (name, val) in &args.keywords {
        let span = val.alts.iter().find_map(|alt| alt.span).unwrap_or(at.span);
        it.bind_in(ns, name, val.clone(), At { span, ..at });
    }
    // What an object holds that is given for defaults is not looked into.
    let more = args.open || !args.positional.is_empty();
    if let Some(space) = it.namespace_mut(ns) {
        space.open |= more;
    }
}

/// The domain and the port of a host.
fn split_host(it: &mut Interp<'_>, leaf: &Leaf, at: At) -> Val {
    let parts = match leaf {
        Leaf::Str(host) => {
            let host = host.to_lowercase();
            let port = host.rsplit_once(':').filter(|(_, p)| p.chars().all(|c| c.is_ascii_digit()));
            let (domain, port) = match port {
                Some((domain, port)) => (domain, port),
                None => (host.as_str(), ""),
            };
            let domain = domain.strip_suffix('.').unwrap_or(domain);
            vec![reader::text(domain, at), reader::text(port, at)]
        }
        Leaf::Sym(sym) => ["domain", "port"]
            .map(|part| it.symbol(sym.then(part, djsec_python::worlds::Type::Str), at))
            .to_vec(),
        _ => return it.unknown("a host split in two", at),
    };
    reader::tuple(parts, at)
}

/// A recorded default as a value of the evaluator.
pub(super) fn to_val(it: &mut Interp<'_>, value: &DefaultValue, at: At) -> Val {
    let span = Some(at.span);
    match value {
        DefaultValue::None => Val::of(Leaf::None, span),
        DefaultValue::Bool(b) => Val::of(Leaf::Bool(*b), span),
        DefaultValue::Int(i) => Val::of(Leaf::Int(*i), span),
        DefaultValue::Float(f) => Val::of(Leaf::Float(*f), span),
        DefaultValue::Str(s) => Val::of(Leaf::Str(Arc::from(s.as_str())), span),
        DefaultValue::List(items) | DefaultValue::Tuple(items) => {
            let mut seq = SeqVal::default();
            for item in items {
                let item = to_val(it, item, at);
                seq.items.push((Guard::ALWAYS, item));
            }
            match value {
                DefaultValue::List(_) => it.list(seq, at),
                _ => Val::of(Leaf::Tuple(std::rc::Rc::new(seq)), span),
            }
        }
        DefaultValue::Dict(entries) => {
            let mut dict = djsec_python::eval::DictVal::default();
            for (key, value) in entries {
                let key = to_val(it, key, at);
                let value = to_val(it, value, at);
                if let Some(key) = key.single() {
                    dict.entries.push((key.clone(), value));
                }
            }
            it.dict(dict, at)
        }
        DefaultValue::Other(text) => it.unknown(text.as_str(), at),
    }
}

//! Settings that packages read and that switch off the check of certificates.

use djsec_base::Span;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::Cx;

/// What a setting of Redis or a queue says with this in an address: `rediss://…?ssl_cert_reqs=none`.
const IN_ADDRESS: &[&str] = &["ssl_cert_reqs=none", "ssl_cert_reqs=cert_none"];

/// A setting, in which worlds it is off, and where.
pub(super) type Off<'a> = (SettingRef<'a>, Cond<'a>, Option<Span>);

pub(super) fn off<'a>(cx: &Cx<'a>) -> Vec<Off<'a>> {
    let mut all = Vec::new();
    for name in ["CELERY_BROKER_USE_SSL", "CELERY_REDIS_BACKEND_USE_SSL", "BROKER_USE_SSL"] {
        let setting = cx.setting(name).entry("ssl_cert_reqs");
        let when = none(&setting);
        all.push((setting, when, None));
    }
    for name in ["CELERY_BROKER_URL", "BROKER_URL", "CELERY_RESULT_BACKEND"] {
        addresses(&cx.setting(name), &mut all);
    }
    let caches = cx.setting("CACHES");
    for alias in caches.keys() {
        let cache = caches.entry(&alias);
        addresses(&cache.entry("LOCATION"), &mut all);
        let options = cache.entry("OPTIONS");
        for setting in [
            options.entry("ssl_cert_reqs"),
            options.entry("CONNECTION_POOL_KWARGS").entry("ssl_cert_reqs"),
        ] {
            let when = none(&setting);
            all.push((setting, when, None));
        }
    }
    all
}

/// An address, or a list of them, that says so itself.
fn addresses<'a>(setting: &SettingRef<'a>, all: &mut Vec<Off<'a>>) {
    for part in setting.alternatives().into_iter().chain(setting.elements()) {
        let says = part.data.as_str().is_some_and(|text| {
            let text = text.to_ascii_lowercase();
            IN_ADDRESS.iter().any(|part| text.contains(part))
        });
        if says {
            all.push((setting.clone(), part.when, part.span));
        }
    }
}

/// Where it is set to no check at all.
fn none<'a>(setting: &SettingRef<'a>) -> Cond<'a> {
    let is = setting.is(|data| {
        Some(match data {
            Data::None => true,
            Data::Object(object) => &*object.name == "ssl.CERT_NONE",
            Data::Str(text) => matches!(&**text, "none" | "CERT_NONE"),
            _ => false,
        })
    });
    is.surely() & !setting.is_absent()
}

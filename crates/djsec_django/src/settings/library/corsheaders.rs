//! django-cors-headers' defaults.

use djsec_python::eval::{At, Interp, Val};

use super::reader;

pub(super) fn value(_: &Interp<'_>, name: &str, at: At) -> Option<Val> {
    let parts: &[&str] = match name {
        "corsheaders.defaults.default_headers" => &[
            "accept",
            "authorization",
            "content-type",
            "user-agent",
            "x-csrftoken",
            "x-requested-with",
        ],
        "corsheaders.defaults.default_methods" => {
            &["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]
        }
        _ => return None,
    };
    Some(reader::tuple(parts.iter().map(|part| reader::text(*part, at)).collect(), at))
}

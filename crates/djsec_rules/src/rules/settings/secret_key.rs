//! What is wrong with a secret key. One key gives one finding: one that everybody knows, else one
//! written in the source, else one that falls back to the source, else a weak one.

use djsec_base::{FileKind, Span};
use djsec_django::settings::{Cond, Part, SettingRef};
use djsec_python::value::Data;
use xxhash_rust::xxh3::xxh3_64;

use crate::Cx;

/// Django's own limits (`django.core.checks.security.base`).
const MIN_LENGTH: usize = 50;
const MIN_DISTINCT: usize = 5;
const GENERATED: &str = "django-insecure-";

/// Whether a text is a gap that a generator or the shell fills in (`startproject`, cookiecutter), and
/// no key.
fn is_gap(text: &str) -> bool {
    let written_as = ["!!!SET ", "${", "$("];
    text.contains("{{") || text.contains("{%") || written_as.iter().any(|gap| text.starts_with(gap))
}

/// Why Django's deployment check refuses a key; `None` for a strong one and for what is not a key.
pub(super) fn weakness(data: &Data) -> Option<&'static str> {
    let (length, distinct, generated) = match data {
        Data::None | Data::Absent => return Some("is missing"),
        Data::Str(key) if is_gap(key) => return None,
        Data::Str(key) => {
            let mut chars: Vec<char> = key.chars().collect();
            let length = chars.len();
            chars.sort_unstable();
            chars.dedup();
            (length, chars.len(), key.starts_with(GENERATED))
        }
        Data::Bytes(key) => {
            let mut bytes = key.to_vec();
            bytes.sort_unstable();
            bytes.dedup();
            (key.len(), bytes.len(), false)
        }
        _ => return None,
    };
    if length == 0 {
        Some("is empty")
    } else if generated {
        Some("is the one that `startproject` generated for development")
    } else if length < MIN_LENGTH {
        Some("is shorter than 50 characters")
    } else if distinct < MIN_DISTINCT {
        Some("has fewer than five different characters")
    } else {
        None
    }
}

/// Whether it is a key that anybody can look up.
pub(super) fn is_public(data: &Data) -> bool {
    let Data::Str(key) = data else { return false };
    if is_gap(key) {
        return false;
    }
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    PUBLIC.binary_search(&xxh3_64(key.as_bytes())).is_ok()
        || (key.len() < MIN_LENGTH && PLACEHOLDERS.binary_search(&plain.as_str()).is_ok())
}

/// Whether there is a key at all.
pub(super) fn is_key(data: &Data) -> bool {
    match data {
        Data::Str(key) => !key.is_empty() && !is_gap(key),
        Data::Bytes(key) => !key.is_empty(),
        _ => false,
    }
}

/// Whether a value is written in the source: in code, or in a file of the deployment (`Dockerfile`,
/// compose, Kubernetes). A `.env` file is what is filled in on the host; that one is in the tree
/// need not mean that it is under version control.
pub(super) fn in_source(cx: &Cx<'_>, part: &Part<'_>) -> bool {
    kind(cx, part.span).is_some_and(|kind| kind != FileKind::DotEnv)
}

/// The kind of the file that a place is in.
pub(super) fn kind(cx: &Cx<'_>, span: Option<Span>) -> Option<FileKind> {
    Some(cx.files.file(span?.file)?.kind)
}

/// In which worlds the key is written in the source, and not one that everybody knows anyway.
pub(super) fn written_in_source<'a>(cx: &Cx<'a>, setting: &SettingRef<'a>) -> Cond<'a> {
    setting.where_part(|part| is_key(&part.data) && !is_public(&part.data) && in_source(cx, part))
}

/// Whether the keys written in the source all fail Django's check.
pub(super) fn all_weak(cx: &Cx<'_>, setting: &SettingRef<'_>) -> bool {
    let parts = setting.alternatives();
    let mut written =
        parts.iter().filter(|part| is_key(&part.data) && in_source(cx, part)).peekable();
    written.peek().is_some() && written.all(|part| weakness(&part.data).is_some())
}

/// Words that tutorials, samples and templates put where a key belongs; letters and digits only.
const PLACEHOLDERS: &[&str] = &[
    "abc",
    "abc123",
    "addyoursecretkeyhere",
    "asdf",
    "asecretkey",
    "changeit",
    "changeme",
    "changemeinproduction",
    "changemenow",
    "changemeplease",
    "changemetoarandomstring",
    "changemetosomethingrandom",
    "changemetosomethingsecret",
    "changethis",
    "changethisinproduction",
    "ci",
    "default",
    "defaultkey",
    "defaultsecret",
    "defaultsecretkey",
    "demo",
    "dev",
    "devel",
    "development",
    "developmentsecretkey",
    "devkey",
    "devsecret",
    "devsecretkey",
    "djangoinsecure",
    "djangoinsecurechangeme",
    "djangoinsecuredevkey",
    "djangoinsecurekey",
    "djangosecret",
    "djangosecretkey",
    "djangotestssecretkey",
    "dummy",
    "dummykey",
    "dummysecret",
    "dummysecretkey",
    "example",
    "fake",
    "fakekey",
    "fakesecretkey",
    "fixme",
    "foo",
    "foobar",
    "insecure",
    "insecurekey",
    "insecuresecretkey",
    "key",
    "local",
    "mysecret",
    "mysecretkey",
    "nosecret",
    "notasecret",
    "notsecret",
    "notsosecret",
    "notsosecretkey",
    "password",
    "placeholder",
    "pleasechangeme",
    "replaceme",
    "replacethis",
    "replacethisplease",
    "s3cr3t",
    "secret",
    "secretkey",
    "secretkeyhere",
    "secretsecret",
    "setme",
    "setmetosomethingrandom",
    "somesecret",
    "somesecretkey",
    "sosecret",
    "supersecret",
    "supersecretkey",
    "test",
    "testing",
    "testkey",
    "testsecret",
    "testsecretkey",
    "thisisasecret",
    "thisisasecretkey",
    "thisisnotasecret",
    "todo",
    "topsecret",
    "unsafe",
    "unsafedefault",
    "unsafesecretkey",
    "verysecret",
    "verysecretkey",
    "xxx",
    "yoursecretkey",
    "yoursecretkeyhere",
];

/// Keys that were published with a tutorial or as the default of a program people install, as the
/// XXH3-64 of the key, so that this file is not one more place that spreads them: the deployment
/// chapter of MDN's Django tutorial (two editions), the default settings of a document archive and
/// of a project tracker.
const PUBLIC: &[u64] =
    &[0x5cb0_ddd0_2e2d_0542, 0x92cb_99f7_9415_afd6, 0x9d11_d37d_8b2a_4dd0, 0xf390_17bb_7012_5fc8];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_as_the_search_needs_them() {
        assert!(PLACEHOLDERS.is_sorted());
        assert!(PUBLIC.is_sorted());
    }

    #[test]
    fn placeholders_are_known_however_they_are_spelled() {
        let known = |key: &str| is_public(&Data::Str(key.into()));
        for key in ["changeme", "change-me!", "CHANGE_ME", "your-secret-key-here", "---secret---"] {
            assert!(known(key), "{key}");
        }
        assert!(!known("{{ secret_key }}"), "a template's gap");
        assert!(!is_key(&Data::Str("!!!SET DJANGO_SECRET_KEY!!!".into())));
        assert!(!known("change"));
        assert!(!known("x4v&9!kq2m#z7r@w5t8p^b3n6c*d1f-g0h+j_l=sAyDuFiGoHeJaK"));
        assert!(!known(""));
    }

    #[test]
    fn keys_are_weak_by_djangos_measure() {
        let weak = |key: &str| weakness(&Data::Str(key.into()));
        assert_eq!(weak(&"abcde".repeat(10)), None);
        assert_eq!(weak(&"abcde".repeat(9)), Some("is shorter than 50 characters"));
        assert_eq!(weak(&"abcd".repeat(15)), Some("has fewer than five different characters"));
        assert_eq!(weak("ä".repeat(49).as_str()), Some("is shorter than 50 characters"));
        assert!(weak(&format!("django-insecure-{}", "abcde".repeat(10))).is_some());
        assert_eq!(weak(&format!("Django-insecure-{}", "abcde".repeat(10))), None);
        assert_eq!(weakness(&Data::None), Some("is missing"));
        assert_eq!(weakness(&Data::Int(5)), None);
    }
}

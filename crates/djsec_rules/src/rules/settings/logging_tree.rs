//! What the rules on `LOGGING` ask: its handlers and loggers by name.

use djsec_django::settings::SettingRef;

/// A named handler or logger of `LOGGING`.
pub(super) struct Named<'a> {
    /// Its name; empty for the root logger.
    pub(super) name: String,
    /// Its dict.
    pub(super) config: SettingRef<'a>,
}

/// The handlers.
pub(super) fn handlers<'a>(logging: &SettingRef<'a>) -> Vec<Named<'a>> {
    named(&logging.entry("handlers"))
}

/// The loggers, with the root logger under the empty name.
pub(super) fn loggers<'a>(logging: &SettingRef<'a>) -> Vec<Named<'a>> {
    let mut found = named(&logging.entry("loggers"));
    let root = logging.entry("root");
    if !root.is_none().is_always() {
        found.push(Named { name: String::new(), config: root });
    }
    found
}

fn named<'a>(dict: &SettingRef<'a>) -> Vec<Named<'a>> {
    dict.keys()
        .into_iter()
        .map(|key| Named { name: key.to_string(), config: dict.entry(&key) })
        .collect()
}

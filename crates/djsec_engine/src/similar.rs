//! "Did you mean …?": the name nearest to one that does not exist.

/// ` (did you mean 'x'?)`, or nothing.
pub fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(" (did you mean '{name}'?)")).unwrap_or_default()
}

/// The name nearest to `text`, if a slip of the fingers could explain the difference.
pub fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&text, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// As [`nearest`], among names whose words are joined with `-`, as those of rules and keys are.
pub(crate) fn nearest_key<'a>(
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    nearest(&text.replace('_', "-"), names)
}

/// The module nearest to a dotted name: one that only lacks its first packages, or one that is
/// spelt nearly so.
pub(crate) fn nearest_module<'a>(text: &str, names: &[&'a str]) -> Option<&'a str> {
    let tail = format!(".{text}");
    let longer = names.iter().copied().filter(|name| name.ends_with(&tail));
    let shortest = longer.min_by_key(|name| (name.len(), *name));
    shortest.or_else(|| nearest(text, names.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_found_and_nothing_else() {
        assert_eq!(nearest("SESION_COOKIE", ["SESSION_COOKIE", "DEBUG"]), Some("SESSION_COOKIE"));
        assert_eq!(nearest("session_cookie", ["SESSION_COOKIE"]), Some("SESSION_COOKIE"));
        assert_eq!(nearest("zebra", ["SESSION_COOKIE", "DEBUG"]), None);
    }

    #[test]
    fn a_module_may_be_misspelt_or_lack_its_package() {
        let names = ["shop.settings.production", "shop.settings.dev", "shop.urls"];
        let found = |text| nearest_module(text, &names);
        assert_eq!(found("shop.settings.prodution"), Some("shop.settings.production"));
        assert_eq!(found("settings.production"), Some("shop.settings.production"));
        assert_eq!(found("blog.admin"), None);
    }
}

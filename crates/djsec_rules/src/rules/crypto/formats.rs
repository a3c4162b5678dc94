//! Secrets that say by their form what they are: keys of services that are made after a pattern of their own.

/// A pattern: how it begins, and what follows.
struct Format {
    begins: &'static str,
    /// How many characters follow at least…
    least: usize,
    /// …and of what, besides letters and digits.
    also: &'static str,
    what: &'static str,
}

const fn format(
    begins: &'static str,
    least: usize,
    also: &'static str,
    what: &'static str,
) -> Format {
    Format { begins, least, also, what }
}

const FORMATS: &[Format] = &[
    format("dop_v1_", 64, "", "a token of DigitalOcean"),
    format("ghp_", 36, "", "a token of GitHub"),
    format("gho_", 36, "", "a token of GitHub"),
    format("ghs_", 36, "", "a token of GitHub"),
    format("github_pat_", 59, "_", "a token of GitHub"),
    format("glpat-", 20, "_-.", "a token of GitLab"),
    format("hf_", 34, "", "a token of Hugging Face"),
    format("npm_", 36, "", "a token of npm"),
    format("pypi-AgEIcHlwaS5vcmc", 50, "_-", "a token of PyPI"),
    format("rk_live_", 24, "", "a live key of Stripe"),
    format("sk_live_", 24, "", "a live key of Stripe"),
    format("SG.", 60, "_-.", "a key of SendGrid"),
    format("sk-ant-", 40, "_-", "a key of Anthropic"),
    format("sk-proj-", 40, "_-", "a key of OpenAI"),
    format("xoxb-", 24, "-", "a token of Slack"),
    format("xoxp-", 24, "-", "a token of Slack"),
];

/// What a text is, if it has the form of a secret.
pub(super) fn named(text: &str) -> Option<&'static str> {
    if is_private_key(text) {
        return Some("a private key");
    }
    let text = bare(text);
    let format = FORMATS.iter().find(|format| text.starts_with(format.begins))?;
    let rest = text.strip_prefix(format.begins)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || format.also.contains(c);
    let whole = rest.len() >= format.least && rest.chars().all(fits);
    (whole && is_made(rest)).then_some(format.what)
}

/// What follows the scheme in the value of an `Authorization` header.
pub(super) fn bare(text: &str) -> &str {
    let schemes = ["Bearer ", "bearer ", "Token ", "token ", "ApiKey "];
    schemes.iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text).trim()
}

/// A key in the form of PEM, as a whole.
fn is_private_key(text: &str) -> bool {
    let text = text.trim_start();
    let first = text.lines().next().unwrap_or_default();
    let body: String = text.lines().skip(1).filter(|line| !line.starts_with("-----")).collect();
    first.starts_with("-----BEGIN ")
        && first.trim_end().ends_with("PRIVATE KEY-----")
        && body.len() >= 60
        && is_made(&body)
}

/// Whether a text was made by chance: placeholders are of one letter, or say so.
fn is_made(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut seen: Vec<char> = lower.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    let said = ["xxx", "example", "placeholder", "fake", "dummy", "1234567890", "abcdef"];
    seen.len() >= 12 && !said.iter().any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn what_services_make_is_known_by_its_form() {
        // Put together here, so that nobody takes them for real ones.
        let body = "4eC39HqLyjWDarjtT1zdp7dcQm2ZbV8kN5sRwX0uJfGhYtLa";
        for begins in ["sk_live_", "ghp_", "xoxb-", "glpat-", "sk-proj-"] {
            assert!(named(&[begins, body].concat()).is_some(), "{begins}");
            assert!(named(&["Bearer ", begins, body].concat()).is_some(), "{begins}");
        }
        let pem =
            format!("-----BEGIN PRIVATE KEY-----\n{body}\n{body}\n-----END PRIVATE KEY-----\n");
        assert_eq!(named(&pem), Some("a private key"));
    }

    #[test]
    fn placeholders_beginnings_and_public_keys_are_not() {
        for text in [
            "sk_live_",
            "sk_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "sk_live_your_key_goes_in_here_please_now",
            "sk_test_4eC39HqLyjWDarjtT1zdp7dcQm2ZbV8k",
            "pk_live_4eC39HqLyjWDarjtT1zdp7dcQm2ZbV8k",
            "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "SG.",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----\n4eC39HqLyjWDarjtT1zdp7dcQm2ZbV8kN5sRwX0uJfGhYtLa4eC39HqLyjWDarjt\n",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}

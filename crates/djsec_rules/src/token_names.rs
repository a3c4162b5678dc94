//! Names of tokens and codes that let somebody in.

/// What a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It stands in a link.
    Token,
    /// Somebody types it.
    Code,
}

const PURPOSES: &[&str] = &[
    "activation",
    "auth",
    "confirm",
    "confirmation",
    "invitation",
    "invite",
    "login",
    "magic",
    "mfa",
    "recovery",
    "reset",
    "sms",
    "verification",
    "verify",
];

/// A name in small letters; that of a column with its class (`ResetCode.code`) as one, `reset_code_code`.
fn lowered(name: &str) -> String {
    if !name.contains('.') {
        return name.to_ascii_lowercase();
    }
    let mut all = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            all.push('_');
        }
        all.push(if c == '.' { '_' } else { c.to_ascii_lowercase() });
        before = c;
    }
    all
}

/// What a name says, if it is one of a token or code that lets somebody in.
pub(crate) fn kind(name: &str) -> Option<Kind> {
    const OTHERS: &[&str] = &["cancel", "csrf", "cursor", "device", "idempotency", "next", "page"];
    let column = name.contains('.');
    let name = lowered(name);
    let (_, last) = name.rsplit_once('_').unwrap_or(("", &name));
    let has = |word: &str| name.split('_').any(|part| part == word);
    if OTHERS.iter().any(|word| has(word)) {
        return None;
    }
    let for_something = has("otp") || PURPOSES.iter().any(|word| has(word));
    match last {
        "token" => Some(Kind::Token),
        "otp" | "passcode" => Some(Kind::Code),
        "code" | "pin" if for_something => Some(Kind::Code),
        "hash" | "key" | "link" if for_something || column && has("token") => Some(Kind::Token),
        _ => None,
    }
}

/// Whether a name says what its token is for.
pub(crate) fn says_what_for(name: &str) -> bool {
    let name = lowered(name);
    name.split('_').any(|part| part == "otp" || PURPOSES.contains(&part))
}

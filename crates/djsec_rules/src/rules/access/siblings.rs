//! What views say of themselves, and of the views beside them.

use crate::Endpoint;

/// Whether a view says by its name that it is for people who have no account, or cannot log in.
pub(super) fn is_for_strangers(endpoint: &Endpoint<'_>) -> bool {
    const WORDS: &[&str] = &[
        "signup",
        "sign_up",
        "register",
        "registration",
        "login",
        "log_in",
        "signin",
        "sign_in",
        "join",
        "invite",
        "invitation",
        "forgot",
        "reset",
        "recover",
        "activate",
        "verify",
        "confirm",
        "unsubscribe",
        "subscribe",
        "contact",
        "newsletter",
        "public",
        "webhook",
        "callback",
        "badge",
    ];
    let name = endpoint.name().to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

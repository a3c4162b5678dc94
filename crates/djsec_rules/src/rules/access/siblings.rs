//! What views say of themselves, and of the views beside them.

use crate::Endpoint;

/// Words in names of views for people who have no account, or cannot log in.
const FOR_STRANGERS: &[&str] = &[
    "signup",
    "sign_up",
    "register",
    "registration",
    "login",
    "log_in",
    "signin",
    "sign_in",
    "join",
    "forgot",
    "subscribe",
    "contact",
    "newsletter",
    "public",
    "webhook",
    "callback",
    "badge",
];

/// Words in names of views to which a mail leads: whoever has its address was sent it.
const SENT: &[&str] =
    &["invite", "invitation", "reset", "recover", "activate", "verify", "confirm", "unsubscribe"];

/// Whether a view says by its name that it is for people who have no account, or cannot log in. That numbers are all
/// that its address asks for says that nobody was sent it: they can be counted.
pub(super) fn is_for_strangers(endpoint: &Endpoint<'_>) -> bool {
    let name = in_words(endpoint.name());
    let says = |words: &[&str]| words.iter().any(|word| has_words(&name, word));
    says(FOR_STRANGERS) || (says(SENT) && !is_counted(endpoint))
}

/// Whether an address asks for numbers and nothing else.
fn is_counted(endpoint: &Endpoint<'_>) -> bool {
    let is_number = |converter: &str| matches!(converter, "int" | r"\d+" | "[0-9]+");
    let counted = |parameters: Vec<djsec_django::routes::Parameter>| {
        !parameters.is_empty() && parameters.iter().all(|one| is_number(&one.converter))
    };
    endpoint.routes.iter().all(|route| counted(route.parameters()))
}

/// The words of a name, each between underscores: `_sign_up_view_` of `SignUpView`.
fn in_words(name: &str) -> String {
    let mut words = String::from("_");
    let mut before = '_';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let begins = !before.is_uppercase() || rest.peek().is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && begins {
            words.push('_');
        }
        words.push(if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
        before = c;
    }
    words.push('_');
    words
}

/// Whether words stand in a name as such, or as more than one: not `activate` in `_deactivate_`.
fn has_words(name: &str, words: &str) -> bool {
    name.contains(&format!("_{words}_")) || name.contains(&format!("_{words}s_"))
}

#[cfg(test)]
mod tests {
    use super::{has_words, in_words};

    #[test]
    fn words_of_names_are_whole_words() {
        for (name, words) in [
            ("SignUpView", "sign_up"),
            ("shop.views.signup", "signup"),
            ("confirm_email", "confirm"),
            ("HTTPCallback", "callback"),
            ("webhooks", "webhook"),
        ] {
            assert!(has_words(&in_words(name), words), "{name}");
        }
        for (name, words) in
            [("deactivate", "activate"), ("presets", "reset"), ("publication", "public")]
        {
            assert!(!has_words(&in_words(name), words), "{name}");
        }
    }
}

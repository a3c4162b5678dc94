//! Columns that not everybody may read or write: secrets, privileges, and whose a row is.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_python::QualifiedName;

use super::{Field, Model, Models, Owner, RelationKind, Strength};

/// A field with the reason why not everybody may read or write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensitive {
    /// Its name.
    pub name: Arc<str>,
    /// Why.
    pub why: Why,
}

/// Why a field is sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It opens something: a password's hash, a token, a key. Neither to be read nor written.
    Secret,
    /// It says what somebody may do: `is_staff`, `groups`, the role of a member. Not to be written.
    Privilege,
    /// It says whose the row is, by its relation to a user or a tenant. Not to be written.
    Owner,
    /// It is worth money: a balance, a credit. Not to be written.
    Worth,
    /// It says what the site has found out or agreed to: `is_verified`, `paid`, the status of an order.
    /// Not to be written by whom the row belongs to.
    State,
    /// It says what something bought costs. Not to be written by who buys.
    Price,
}

impl Models {
    /// The sensitive fields of a model, of the project or of a package that is known, in the order of
    /// their definition.
    pub fn sensitive(&self, class: &QualifiedName) -> Vec<Sensitive> {
        let mut found: BTreeMap<Arc<str>, Why> = BTreeMap::new();
        let mut out = Vec::new();
        let mut add = |name: Arc<str>, why: Why| {
            if found.insert(Arc::clone(&name), why).is_none() {
                out.push(Sensitive { name, why });
            }
        };
        match self.get(class) {
            Some(model) => {
                let is_user = self.is_user(class);
                for field in &model.fields {
                    if let Some(why) = why(model, field, is_user) {
                        add(Arc::clone(&field.name), why);
                    }
                }
            }
            None => {
                if let QualifiedName::External(name) = class {
                    for (name, why) in inherited(name) {
                        add(Arc::from(*name), *why);
                    }
                }
            }
        }
        out
    }

    /// Whether a field of a model is a secret. Of a model that is not known, its name decides.
    pub fn is_secret(&self, class: &QualifiedName, field: &str) -> bool {
        let secret = |known: &Sensitive| *known.name == *field && known.why == Why::Secret;
        self.sensitive(class).iter().any(secret)
    }
}

fn why(model: &Model, field: &Field, is_user: bool) -> Option<Why> {
    if let Some(relation) = &field.relation {
        let rights =
            matches!(&*field.name, "groups" | "user_permissions" | "roles" | "permissions");
        if is_user && rights && relation.kind == RelationKind::ManyToMany {
            return Some(Why::Privilege);
        }
        let owns = model.owners.iter().any(|path| {
            path.steps.len() == 1
                && path.steps.first() == Some(&field.name)
                && path.strength == Strength::Owner
                && path.who == Owner::User
        });
        return owns.then_some(Why::Owner);
    }
    if is_secret_name(&field.name) && holds_text(&field.kind) && !field.has_choices {
        return Some(Why::Secret);
    }
    // The key of a model that is a token: rest_framework's own has it so, and many follow.
    if &*field.name == "key" && holds_text(&field.kind) && is_token(&model.name) {
        return Some(Why::Secret);
    }
    let of_user = is_user || model.owners.iter().any(|path| path.steps.len() == 1);
    match &*field.name {
        "is_staff" | "is_superuser" => Some(Why::Privilege),
        "is_admin" | "is_administrator" | "is_moderator" | "is_manager" | "role" | "user_role"
            if of_user =>
        {
            Some(Why::Privilege)
        }
        "balance" | "account_balance" | "credit_balance" | "wallet_balance" if is_number(field) => {
            Some(Why::Worth)
        }
        "approved" | "email_verified" | "is_approved" | "is_paid" | "is_trusted"
        | "is_verified" | "paid" | "phone_verified" | "verified"
            if (is_user || is_owned(model)) && field.kind.contains("Boolean") =>
        {
            Some(Why::State)
        }
        "status" | "state" | "payment_status" if is_bought(model) && !is_number(field) => {
            Some(Why::State)
        }
        "price" | "unit_price" | "total" | "total_price" | "total_amount" | "discount"
            if is_bought(model) && is_number(field) =>
        {
            Some(Why::Price)
        }
        _ => None,
    }
}

/// Whether rows of a model are a user's own.
fn is_owned(model: &Model) -> bool {
    model.owners.iter().any(|path| {
        path.who == Owner::User && path.strength == Strength::Owner && path.steps.len() == 1
    })
}

/// Whether rows of a model are what a user has bought or booked, so that the site decides what they
/// cost and how far they have come.
fn is_bought(model: &Model) -> bool {
    const WORDS: &[&str] = &[
        "Booking",
        "Cart",
        "Invoice",
        "Order",
        "Payment",
        "Purchase",
        "Reservation",
        "Subscription",
    ];
    let users = model.owners.iter().any(|path| {
        path.who == Owner::User && path.strength == Strength::Owner && !path.steps.is_empty()
    });
    let line = ["Item", "Line"].iter().any(|end| model.name.ends_with(end));
    let named = WORDS
        .iter()
        .any(|word| model.name.ends_with(word) || (line && model.name.starts_with(word)));
    users && named
}

fn is_number(field: &Field) -> bool {
    ["Integer", "Decimal", "Float", "Money"].iter().any(|kind| field.kind.contains(kind))
}

fn is_token(model: &str) -> bool {
    ["Token", "ApiKey", "APIKey", "AccessKey"].iter().any(|end| model.ends_with(end))
}

/// Whether a kind of field holds text that could be a secret; flags, numbers, dates and files do not.
fn holds_text(kind: &str) -> bool {
    let text =
        ["Char", "Text", "Binary", "UUID", "Encrypted", "Hash", "Password", "Secret", "Token"];
    text.iter().any(|part| kind.contains(part))
}

/// Names of what opens something…
const WHOLE: &[&str] = &[
    "apikey",
    "backup_codes",
    "passphrase",
    "passwd",
    "password",
    "password_hash",
    "pwd",
    "recovery_codes",
    "secret",
    "secretkey",
    "token",
    "token_hash",
];

/// …and how others end.
const ENDS: &[&str] = &[
    "_passphrase",
    "_passwd",
    "_password",
    "_password_hash",
    "_secret",
    "access_key",
    "access_token",
    "api_key",
    "api_token",
    "auth_token",
    "encryption_key",
    "otp_seed",
    "private_key",
    "refresh_token",
    "reset_token",
    "secret_key",
    "secret_token",
    "session_token",
    "signing_key",
    "verification_token",
    "webhook_key",
];

/// Whether the name of a field or variable says that its text opens something. What only tells
/// about a secret (`token_type`, `password_hint`) or is meant to be shown (`public_key`) does not.
pub fn is_secret_name(name: &str) -> bool {
    if !ends_like_secret(name) {
        return false;
    }
    let name = name.to_ascii_lowercase();
    WHOLE.contains(&&*name) || ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a name ends as those of secrets do, in which case [`is_secret_name`] takes a look at it: every name
/// that is read is asked for, and nearly none is one.
pub fn ends_like_secret(name: &str) -> bool {
    let Some(last) = name.as_bytes().last_chunk::<3>() else { return false };
    matches!(
        &last.map(|byte| byte.to_ascii_lowercase()),
        b"key" | b"ken" | b"ret" | b"ord" | b"swd" | b"pwd" | b"ase" | b"ash" | b"des" | b"eed"
    )
}

/// What is sensitive in the well-known models of packages.
fn inherited(class: &str) -> &'static [(&'static str, Why)] {
    const USER: &[(&str, Why)] = &[
        ("password", Why::Secret),
        ("is_staff", Why::Privilege),
        ("is_superuser", Why::Privilege),
        ("groups", Why::Privilege),
        ("user_permissions", Why::Privilege),
    ];
    match class.rsplit_once('.').map_or(class, |(_, last)| last) {
        "User" | "AbstractUser" | "get_user_model" if class.starts_with("django.contrib.auth") => {
            USER
        }
        "AbstractBaseUser" if class.starts_with("django.contrib.auth") => {
            &[("password", Why::Secret)]
        }
        "PermissionsMixin" if class.starts_with("django.contrib.auth") => &[
            ("is_superuser", Why::Privilege),
            ("groups", Why::Privilege),
            ("user_permissions", Why::Privilege),
        ],
        "Token" | "TokenProxy" if class.starts_with("rest_framework.authtoken") => {
            &[("key", Why::Secret), ("user", Why::Owner)]
        }
        "Application" | "AbstractApplication" if class.starts_with("oauth2_provider") => {
            &[("client_secret", Why::Secret), ("user", Why::Owner)]
        }
        "AccessToken" | "AbstractAccessToken" | "RefreshToken" | "AbstractRefreshToken"
            if class.starts_with("oauth2_provider") =>
        {
            &[("token", Why::Secret), ("user", Why::Owner)]
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{ENDS, WHOLE, is_secret_name};

    #[test]
    fn every_name_of_a_secret_is_known_as_one() {
        for name in WHOLE {
            assert!(is_secret_name(name), "{name}");
        }
        for end in ENDS {
            assert!(is_secret_name(&format!("Shop{}", end.to_uppercase())), "{end}");
        }
    }
}

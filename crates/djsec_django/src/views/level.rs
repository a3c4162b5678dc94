//! Who a check lets in, and how several checks come together.

use std::fmt;

/// Who is let in, as far as djsec can tell; weaker before stronger. What several checks in a row let
/// in is the greatest of their levels ([`Level::and`]); what one of several lets in is the least
/// ([`Level::or`]). Something known counts more than something unknown: behind a login check and an
/// unknown one, a visitor is at least logged in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everybody.
    Public,
    /// Nobody can tell from the code; why.
    Unknown(String),
    /// A check that is recognised as one but cannot be graded, in words.
    Custom(String),
    /// Whoever is logged in.
    Authenticated,
    /// Users with these permissions, all of them (`shop.view_order`, `group editors`).
    Permission(Vec<String>),
    /// Staff.
    Staff,
    /// Superusers.
    Superuser,
    /// Nobody.
    Nobody,
}

impl Level {
    /// What two checks let in that must both pass.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Permission(mut all), Self::Permission(more)) => {
                all.extend(more);
                all.sort();
                all.dedup();
                Self::Permission(all)
            }
            (a, b) => a.max(b),
        }
    }

    /// What two checks let in of which one must pass.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Permission(a), Self::Permission(b)) if a != b => {
                Self::Permission(vec![format!("{} or {}", a.join(" and "), b.join(" and "))])
            }
            (a, b) => a.min(b),
        }
    }

    /// Whether nobody comes in without being logged in (or having a token of a user).
    pub fn needs_user(&self) -> bool {
        *self >= Self::Authenticated
    }

    /// Whether being logged in is not enough.
    pub fn needs_more_than_login(&self) -> bool {
        *self > Self::Authenticated
    }

    /// Whether it is certain that everybody comes in.
    pub fn is_public(&self) -> bool {
        *self == Self::Public
    }

    /// Whether djsec cannot tell.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for Level {
    /// One or a few words: `public`, `authenticated`, `permission shop.view_order`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Unknown(_) => f.write_str("unknown"),
            Self::Custom(check) => write!(f, "custom ({check})"),
            Self::Authenticated => f.write_str("authenticated"),
            Self::Permission(all) if all.is_empty() => f.write_str("permission"),
            Self::Permission(all) => write!(f, "permission {}", all.join(", ")),
            Self::Staff => f.write_str("staff"),
            Self::Superuser => f.write_str("superuser"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}

//! What a template asks about who looks at it.

use std::fmt;
use std::sync::Arc;

use crate::filter::FilterExpression;
use crate::tags::Condition;

/// What the user must be for a part of a page to be shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// Staff.
    Staff,
    /// A superuser.
    Superuser,
    /// Somebody with this permission: `shop.delete_order`; or with any of an app: `shop`.
    Permission(Arc<str>),
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff => f.write_str("staff"),
            Self::Superuser => f.write_str("superusers"),
            Self::Permission(name) => write!(f, "users with `{name}`"),
        }
    }
}

/// What a condition asks of the user in every case; none where there is another way through it.
pub(super) fn asked(condition: &Condition) -> Option<Asked> {
    match condition {
        Condition::Value(value) => of_value(value),
        Condition::And(parts) => parts.iter().find_map(asked),
        Condition::Not(_) | Condition::Or(_) | Condition::Compare(..) => None,
    }
}

fn of_value(value: &FilterExpression) -> Option<Asked> {
    if !value.filters.is_empty() {
        return None;
    }
    let names: Vec<&str> = value.value.value.lookups().collect();
    let names = names.strip_prefix(&["request"]).unwrap_or(&names);
    match names {
        ["user", "is_staff"] => Some(Asked::Staff),
        ["user", "is_superuser"] => Some(Asked::Superuser),
        ["perms", app] => Some(Asked::Permission(Arc::from(*app))),
        ["perms", app, name] => Some(Asked::Permission(Arc::from(format!("{app}.{name}")))),
        _ => None,
    }
}

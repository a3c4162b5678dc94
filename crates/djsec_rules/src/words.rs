//! Words of messages.

use std::borrow::Borrow;

/// Several in a row: `a, b and c`; nothing for none.
pub(crate) fn listed<S: Borrow<str>>(all: &[S]) -> String {
    match all {
        [] => String::new(),
        [one] => one.borrow().to_owned(),
        [rest @ .., last] => format!("{} and {}", rest.join(", "), last.borrow()),
    }
}

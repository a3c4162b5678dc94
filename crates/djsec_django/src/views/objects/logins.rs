//! Who is logged in without having shown that they are who they say they are.

use std::collections::BTreeSet;

use djsec_base::Span;

use super::call::Args;
use super::conditions::Test;
use super::record::{Access, meet, origin_of};
use super::run::Run;
use super::value::{Link, Origin, What};
use super::{KeyOrigin, Operation};

impl Run<'_> {
    /// `login(request, user)`, where the user is a row that was looked up.
    pub(super) fn log_in(&mut self, args: &Args, place: Span) {
        let Some(What::Row(row)) = args.get(1, "user").map(|user| &user.what) else { return };
        // What a row leads to was found by something else: a code, an invitation.
        if !row.links.iter().all(|link| matches!(link, Link::Access(_))) {
            return;
        }
        let mut access = self.row_access(row, Operation::Fetch, place);
        let named = named_by(&access);
        // What an operator has to switch on is for development, most often.
        if self.switched || self.conditions.iter().any(|test| asks_more(test, &named)) {
            return;
        }
        for test in &self.conditions {
            meet(&mut access, test, &self.accesses);
        }
        self.logins.push(access);
    }

    /// The logins for which nothing was looked up or checked but who it is.
    pub(super) fn free_logins(&mut self) -> Vec<Access> {
        let mut logins = std::mem::take(&mut self.logins);
        // A form or serializer may be what asks for the password.
        let asks = !self.forms.is_empty() || !self.taken.is_empty();
        logins.retain(|login| {
            let named = named_by(login);
            let other = |access: &Access| {
                let here = access.handler.is_empty() || access.handler == login.handler;
                let keys = access.keys.iter().map(|key| &key.origin);
                here && keys.into_iter().any(|key| is_of_visitor(key) && !named.contains(key))
            };
            !asks && !self.accesses.iter().any(other)
        });
        logins
    }
}

/// By what of the request a user is found.
fn named_by(login: &Access) -> BTreeSet<KeyOrigin> {
    login.keys.iter().map(|key| key.origin.clone()).filter(KeyOrigin::is_chosen).collect()
}

/// Whether what is looked up by it may be what only one person knows or has.
fn is_of_visitor(key: &KeyOrigin) -> bool {
    key.is_chosen() || matches!(key, KeyOrigin::Session | KeyOrigin::Signed | KeyOrigin::Other)
}

/// Whether a condition is about something else than who is named, so that it may be what proves it.
fn asks_more(test: &Test, named: &BTreeSet<KeyOrigin>) -> bool {
    const METHODS: &[&str] = &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    if !test.words.is_empty() && test.words.iter().all(|word| METHODS.contains(&&**word)) {
        return false;
    }
    let keys: Vec<Origin> = named.iter().filter_map(origin_of).collect();
    test.from.iter().any(|origin| match origin {
        Origin::Constant | Origin::Row(_) | Origin::User => false,
        Origin::Header(name) => !named.contains(&KeyOrigin::Header(name.clone())),
        Origin::Cookie(name) => !named.contains(&KeyOrigin::Cookie(name.clone())),
        other => !keys.contains(other),
    })
}

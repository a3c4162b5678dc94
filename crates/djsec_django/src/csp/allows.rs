//! Whether a policy surely blocks what a page does.

use super::source::Token;
use super::uses::{Nonce, Origin, Remote, Use, What};
use super::{Directive, Policy};
use crate::settings::Cond;

impl<'a> Policy<'a> {
    /// The directives that decide among these, the one that is asked first in front, each with the worlds
    /// in which it does.
    pub fn deciding(&self, names: &[&str]) -> Vec<(&Directive<'a>, Cond<'a>)> {
        let mut out = Vec::new();
        let mut free = self.setting.settings().always();
        for name in names {
            if let Some(directive) = self.directive(name) {
                out.push((directive, free & directive.when));
            }
            free = free & !self.has(name);
        }
        out
    }

    /// The directives that surely block something, each with the worlds in which it does.
    pub fn blocking(&self, one: &Use) -> Vec<(&Directive<'a>, Cond<'a>)> {
        let decided = self.deciding(one.what.directives()).into_iter();
        let blocked = decided.map(|(directive, when)| {
            let when = self.sent() & when & !directive.admits(one);
            (directive, when.surely())
        });
        blocked.filter(|(_, when)| !when.is_never()).collect()
    }
}

impl<'a> Directive<'a> {
    /// In which worlds it allows, or may allow, what a page does.
    fn admits(&self, one: &Use) -> Cond<'a> {
        match &one.what {
            // Of a hash it is not known what it is the hash of.
            What::Script | What::Style => self.lists(|token| {
                is_inline(token)
                    || matches!(token, Token::Hash | Token::FixedNonce)
                    || (*token == Token::Nonce && one.nonce != Nonce::Absent)
            }),
            What::Handler(_) | What::StyleAttribute | What::Address => {
                self.lists(|token| is_inline(token) || token.is_keyword("unsafe-hashes"))
            }
            What::Eval(_) => self.lists(|token| token.is_keyword("unsafe-eval")),
            What::Load(_, origin) => self.lists(|token| {
                admits(token, origin)
                    || matches!(token, Token::Hash | Token::FixedNonce)
                    || (*token == Token::Nonce && one.nonce != Nonce::Absent)
            }),
            What::Policy(_) => self.setting.settings().always(),
        }
    }
}

/// `'unsafe-inline'`. That a nonce beside it takes its effect away holds only on pages that use the nonce.
fn is_inline(token: &Token) -> bool {
    token.is_keyword("unsafe-inline")
}

/// Whether an entry allows, or may allow, an address.
fn admits(token: &Token, origin: &Origin) -> bool {
    let is_scheme = |name: &str| matches!(token, Token::Scheme(scheme) if **scheme == *name);
    let is_any = *token == Token::Star || is_scheme("http") || is_scheme("https");
    match origin {
        Origin::Computed | Origin::Setting(_) => true,
        Origin::Data => is_scheme("data"),
        Origin::Blob => is_scheme("blob"),
        // Which host the site answers under is not known here.
        Origin::Own => is_any || token.is_keyword("self") || matches!(token, Token::Host(_)),
        // What is developers' own is not for production.
        Origin::Remote(remote) => {
            is_any
                || remote.is_local()
                || matches!(token, Token::Host(host) if covers(host, remote))
        }
    }
}

fn covers(host: &super::Host, remote: &Remote) -> bool {
    let name = remote.name();
    let named = match name.strip_suffix(&*host.name) {
        Some("") => !host.wildcard,
        Some(rest) => host.wildcard && rest.ends_with('.'),
        None => false,
    };
    let path = match &remote.path {
        None => true,
        _ if host.path.is_empty() => true,
        Some(path) if host.path.ends_with('/') => {
            path.to_ascii_lowercase().starts_with(&*host.path)
        }
        Some(path) => path.eq_ignore_ascii_case(&host.path),
    };
    named && path
}

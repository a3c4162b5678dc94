//! Requests that programs in a browser send, as far as it is written out what they are.

use std::ops::Range;

use djsec_templates::script::{Entry, Program, TokenKind};

use super::sent::{PLAIN, all_known, entry};

/// A request that changes state and surely carries no token of its own.
pub(super) struct Request {
    /// The token at which the call begins.
    pub(super) at: usize,
    /// Who sends it.
    pub(super) sender: Sender,
    /// How: `POST`.
    pub(super) method: String,
    /// Where it goes to.
    pub(super) address: Address,
}

/// What sends a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// `fetch`, which sends what it is told and nothing else.
    Fetch,
    /// `XMLHttpRequest`, of which the same is true.
    Xhr,
    /// `$.ajax`, `$.post`, which may be told elsewhere what to send along.
    JQuery,
    /// `axios`, of which the same is true.
    Axios,
}

/// An address of this site.
pub(super) enum Address {
    /// A path; not all of it may be known.
    Path {
        /// As far as it is known.
        text: String,
        /// Whether that is all.
        whole: bool,
    },
    /// What is put in by the piece of this number.
    Piece(usize),
}

/// The program with what is known about what is put into it.
pub(super) struct Reader<'p> {
    pub(super) program: &'p Program,
    /// For each piece whether its text names the token.
    pub(super) names_token: &'p [bool],
    /// The headers of the token, in lower case.
    pub(super) headers: &'p [String],
}

/// Each of them is looked for in the whole program; no program opens as many.
const MOST_XHR: usize = 100;

impl Reader<'_> {
    /// The requests of a program, in order.
    pub(super) fn requests(&self) -> Vec<Request> {
        let tokens = self.program.tokens();
        let own_fetch = self.makes_fetch();
        let mut opened = 0;
        let calls = (0..tokens.len()).filter(|at| self.program.is_sign(*at, "("));
        let found = calls.filter_map(|open| {
            let (names, at) = self.program.callee(open)?;
            let arguments = self.program.list(open)?;
            let close = self.program.pair(open)?;
            // `function f() {`, `f() {` and `f() =>` are no calls.
            let defines = at.checked_sub(1).and_then(|before| tokens.get(before));
            if defines.is_some_and(|token| token.is_word("function"))
                || self.program.is_sign(close + 1, "{")
            {
                return None;
            }
            let (sender, (method, address)) = match names.as_slice() {
                ["fetch"] | ["window" | "globalThis", "fetch"] if !own_fetch => {
                    (Sender::Fetch, self.fetch(&arguments)?)
                }
                ["$" | "jQuery", "post"] => (Sender::JQuery, self.post(&arguments)?),
                ["$" | "jQuery", "ajax"] => (Sender::JQuery, self.ajax(&arguments)?),
                ["axios", method @ ("post" | "put" | "patch" | "delete")] => {
                    (Sender::Axios, self.axios(method, &arguments)?)
                }
                [name, "open"] if opened < MOST_XHR => {
                    opened += 1;
                    (Sender::Xhr, self.xhr(name, &arguments)?)
                }
                _ => return None,
            };
            let bare = !self.names_token(&(at..close));
            bare.then_some(Request { at, sender, method, address })
        });
        found.collect()
    }

    /// Whether a part of the program names the token, in whatever way.
    pub(super) fn names_token(&self, range: &Range<usize>) -> bool {
        let part = self.program.part(range);
        let last = part.last().map_or(0, |token| token.piece);
        let first = part.first().map_or(0, |token| token.piece);
        let ends = last + usize::from(part.last().is_some_and(|token| token.value.is_some()));
        let put_in = self.names_token.get(first..=ends.max(first)).unwrap_or(self.names_token);
        put_in.contains(&true)
            || part.iter().any(|token| {
                let text = token.text.to_ascii_lowercase();
                text.contains("csrf")
                    || text.contains("xsrf")
                    || self.headers.iter().any(|header| text.contains(header.as_str()))
            })
    }

    /// Whether `fetch` is something of the program's own, here or for the whole page.
    pub(super) fn makes_fetch(&self) -> bool {
        self.program.tokens().iter().enumerate().any(|(at, token)| {
            token.is_word("fetch")
                && !self.program.is_sign(at + 1, "(")
                && !self.program.is_sign(at + 1, ".")
        })
    }

    /// Whether something is told to a library for all requests to come.
    pub(super) fn tells_library(&self) -> bool {
        self.program.tokens().iter().any(|token| match token.kind {
            TokenKind::Word => matches!(
                token.text.as_str(),
                "ajaxSetup" | "ajaxPrefilter" | "ajaxSend" | "interceptors" | "defaults"
            ),
            TokenKind::Text => {
                matches!(token.text.as_str(), "htmx:configRequest" | "htmx:beforeRequest")
            }
            _ => false,
        })
    }

    fn fetch(&self, arguments: &[Range<usize>]) -> Option<(String, Address)> {
        let [address, options] = arguments else { return None };
        let options = self.program.object(options)?;
        let method = self.method(&options, &["method"])?;
        let sends = entry(&options, "credentials").and_then(|value| self.program.text(value));
        let bare = all_known(&options)
            && sends != Some("omit")
            && self.has_plain_headers(&options)
            && entry(&options, "body").is_none_or(|body| self.is_plain_body(body));
        bare.then_some((method, self.address(address)?))
    }

    fn ajax(&self, arguments: &[Range<usize>]) -> Option<(String, Address)> {
        let (address, options) = match arguments {
            [options] => (None, self.program.object(options)?),
            [address, options] => (Some(address), self.program.object(options)?),
            _ => return None,
        };
        let method = self.method(&options, &["method", "type"])?;
        let bare = all_known(&options)
            && entry(&options, "beforeSend").is_none()
            && entry(&options, "xhr").is_none()
            && self.has_plain_headers(&options)
            && entry(&options, "data").is_none_or(|data| self.is_plain_data(data));
        let address = address.or_else(|| entry(&options, "url"))?;
        bare.then_some((method, self.address(address)?))
    }

    fn post(&self, arguments: &[Range<usize>]) -> Option<(String, Address)> {
        let (address, rest) = arguments.split_first()?;
        let bare =
            rest.first().is_none_or(|data| self.is_plain_data(data) || self.is_function(data));
        bare.then_some(("POST".to_owned(), self.address(address)?))
    }

    fn axios(&self, method: &str, arguments: &[Range<usize>]) -> Option<(String, Address)> {
        let (address, rest) = arguments.split_first()?;
        let (data, options) =
            if method == "delete" { (None, rest.first()) } else { (rest.first(), rest.get(1)) };
        let plain = data.is_none_or(|data| self.is_plain_data(data));
        let bare = options.is_none_or(|options| {
            self.program
                .object(options)
                .is_some_and(|options| all_known(&options) && self.has_plain_headers(&options))
        });
        (plain && bare).then_some((method.to_ascii_uppercase(), self.address(address)?))
    }

    /// `x.open("POST", address)` of an `x = new XMLHttpRequest()` that is given no header but plain ones.
    fn xhr(&self, name: &str, arguments: &[Range<usize>]) -> Option<(String, Address)> {
        let [method, address, ..] = arguments else { return None };
        let method = unsafe_method(self.program.text(method)?)?;
        let tokens = self.program.tokens();
        let made = tokens.windows(4).any(|part| match part {
            [one, is, new, made] => {
                one.is_word(name)
                    && is.is_sign("=")
                    && new.is_word("new")
                    && made.is_word("XMLHttpRequest")
            }
            _ => false,
        });
        let calls = (0..tokens.len()).filter_map(|at| {
            let (names, _) = self.program.callee(at).filter(|_| self.program.is_sign(at, "("))?;
            match names.as_slice() {
                [on, called] if *on == name => Some((*called, self.program.list(at)?)),
                _ => None,
            }
        });
        let plain = calls.into_iter().all(|(called, arguments)| match called {
            "setRequestHeader" => arguments
                .first()
                .and_then(|header| self.program.text(header))
                .is_some_and(|header| PLAIN.contains(&header.to_ascii_lowercase().as_str())),
            "send" => arguments.first().is_none_or(|body| self.is_plain_body(body)),
            _ => true,
        });
        let all = 0..tokens.len();
        (made && plain && !self.names_token(&all)).then_some((method, self.address(address)?))
    }

    fn method(&self, options: &[Entry], keys: &[&str]) -> Option<String> {
        let mut values = keys.iter().filter_map(|key| entry(options, key));
        unsafe_method(self.program.text(values.next()?)?)
    }
}

fn unsafe_method(text: &str) -> Option<String> {
    let method = text.to_ascii_uppercase();
    matches!(method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE").then_some(method)
}

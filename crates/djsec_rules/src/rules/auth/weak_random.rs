//! Values that look random and can be guessed.

use djsec_python::code::{Expr, ExprId};

use crate::Cx;
use crate::own::Site;

/// Why a value can be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weakness {
    /// It is made with `random`.
    Predictable,
    /// It is made of what everybody knows, such as the time.
    Known,
    /// It is a hash of what everybody knows.
    Hashed,
    /// It is short.
    Short,
}

impl Weakness {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Predictable => "the numbers of `random` follow from those before",
            Self::Known => "it is made of the time and the machine",
            Self::Hashed => "it is a hash of what others know",
            Self::Short => "it has only a few characters",
        }
    }
}

const RANDOM: &[&str] = &[
    "random.choices",
    "random.getrandbits",
    "random.randbytes",
    "random.randint",
    "random.random",
    "random.randrange",
    "random.sample",
    "random.uniform",
];
const HASHES: &[&str] =
    &["hashlib.blake2b", "hashlib.md5", "hashlib.sha1", "hashlib.sha256", "hashlib.sha512"];
const CLOCKS: &[&str] = &[
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "django.utils.timezone.now",
    "time.time",
    "time.time_ns",
];
const STRONG: &[&str] = &[
    "SystemRandom",
    "secrets",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
    "urandom",
    "uuid4",
    "SECRET_KEY",
    "hmac",
    "salt",
    "password",
];
/// A link needs more than this; Django's own secrets have 12 to 50 characters.
const SHORT: i64 = 16;

/// Why the value of an expression can be guessed, if it can.
pub(super) fn weak(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> Option<Weakness> {
    let code = at.code;
    let (mut found, mut strong) = (None, false);
    code.each_inner(value, &mut |id, expr| {
        if let Expr::Name(name) | Expr::Attribute(_, name) = expr {
            strong |= STRONG.contains(&code.text(name));
        }
        let Some((callee, arguments)) = code.call(id) else { return };
        let reason = if cx.names(at, callee, RANDOM) || is_joined_choice(cx, at, value, callee) {
            Some(Weakness::Predictable)
        } else if cx.names(at, callee, &["uuid.uuid1"]) {
            Some(Weakness::Known)
        } else if cx.names(at, callee, HASHES) {
            let known = arguments.iter().any(|argument| is_known(cx, at, argument.value));
            known.then_some(Weakness::Hashed)
        } else if cx.names(at, callee, &["django.utils.crypto.get_random_string"]) {
            let length = code.argument(arguments, 0, "length").map(|length| code.expr(length));
            match length {
                Some(Expr::Int(length)) if length < SHORT => Some(Weakness::Short),
                _ => {
                    strong = true;
                    None
                }
            }
        } else {
            None
        };
        found = found.or(reason);
    });
    if found.is_none() && is_clock(cx, at, value) {
        found = Some(Weakness::Known);
    }
    found.filter(|_| !strong)
}

/// `random.choice` of characters: within something that puts several together. Of other things, it
/// only chooses one.
fn is_joined_choice(cx: &Cx<'_>, at: Site<'_>, value: ExprId, callee: ExprId) -> bool {
    cx.names(at, callee, &["random.choice"]) && at.called(value) == Some("join")
}

/// `str(time.time())`; a date by itself only says when.
fn is_clock(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> bool {
    let Some((callee, arguments)) = at.code.call(value) else { return false };
    let text = matches!(at.code.name(callee), Some("str" | "int" | "hex"));
    let [only] = arguments else { return false };
    let clock = at.code.call(only.value).map(|(callee, _)| callee);
    text && (is_clock(cx, at, only.value)
        || clock.is_some_and(|callee| cx.names(at, callee, CLOCKS)))
}

/// Whether what is hashed is known to others: an id, an address, the time.
fn is_known(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> bool {
    let mut known = false;
    at.code.each_inner(value, &mut |_, expr| {
        known |= match expr {
            Expr::Attribute(_, name) => {
                matches!(at.code.text(name), "email" | "id" | "pk" | "username")
            }
            Expr::Call(callee, _) => cx.names(at, callee, CLOCKS),
            _ => false,
        };
    });
    known
}

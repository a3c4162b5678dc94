//! Fields whose default, or what `save()` puts there, is a text that nobody can guess: how much of it is random.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Expr, ExprId, List, Stmt};

use super::field::Place;

/// Functions that are followed into others at most this deep.
const DEEPEST: u8 = 3;

/// Less randomness than this, in hundredths of a bit, may be tried one by one: a code that somebody types.
const ENOUGH: i64 = 6_400;

/// Longer texts count as this long.
const LONGEST: i64 = 1 << 16;

/// A text of which every character is as random as the others, or what is made of such texts.
#[derive(Debug, Clone, Copy)]
struct Random {
    characters: i64,
    /// In hundredths of a bit, of all of them.
    bits: i64,
    /// Whether a part of it has its share of the bits.
    even: bool,
}

/// How a function says how long its result is.
struct Maker {
    name: &'static str,
    /// The argument with the length, and what it is where it is left out.
    length: Option<(&'static str, i64)>,
    /// Characters that each of that length gives, in thirds.
    thirds: i64,
    /// Hundredths of a bit in a character.
    each: i64,
}

const fn maker(
    name: &'static str,
    length: Option<(&'static str, i64)>,
    thirds: i64,
    each: i64,
) -> Maker {
    Maker { name, length, thirds, each }
}

/// Functions whose results nobody guesses, as far as they are long enough.
const MAKERS: &[Maker] = &[
    // 122 bits in 32 digits; the dashes of the other notation hold none.
    maker("uuid.uuid4", None, 96, 381),
    maker("secrets.token_bytes", Some(("nbytes", 32)), 3, 800),
    maker("secrets.token_hex", Some(("nbytes", 32)), 6, 400),
    maker("secrets.token_urlsafe", Some(("nbytes", 32)), 4, 600),
    maker("os.urandom", Some(("size", 0)), 3, 800),
    maker("django.utils.crypto.get_random_string", Some(("length", 12)), 3, 595),
    maker("shortuuid.uuid", None, 66, 555),
];

/// Functions that only write down what they are given.
const WRITES: &[&str] =
    &["str", "hex", "urlsafe_b64encode", "b64encode", "decode", "lower", "upper"];

/// Whether a function that is handed over (`default=uuid4`) gives what nobody guesses.
pub(super) fn makes_secret(at: Place<'_>, function: ExprId) -> bool {
    let made = if let Expr::Lambda(id) = at.code.expr(function) {
        at.code.function(id).and_then(|function| returned(at, function.body, DEEPEST))
    } else {
        named(at, &at.resolve(function), &[], DEEPEST)
    };
    made.is_some_and(|made| made.bits >= ENOUGH)
}

/// Whether `save()` of a model puts nothing into a field but what nobody guesses:
/// `if not self.token: self.token = token_urlsafe()`.
pub(super) fn fills_secret(at: Place<'_>, model: &QualifiedName, field: &str) -> bool {
    let QualifiedName::Project(module, path) = model else { return false };
    let save = QualifiedName::Project(*module, Arc::from(format!("{path}.save")));
    let Some((code, id)) = at.program.function_code(&save) else { return false };
    let Some(function) = code.function(id) else { return false };
    let there = Place { program: at.program, module: *module, code };
    let own = format!("self.{field}");
    let mut all: Vec<Option<Random>> = Vec::new();
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, value: Some(value), .. } = stmt
            && code.exprs(targets).iter().any(|target| code.is_dotted(*target, &own))
        {
            all.push(of_value(there, function.body, value, DEEPEST));
        }
    });
    let enough = |made: &Option<Random>| made.is_some_and(|made| made.bits >= ENOUGH);
    !all.is_empty() && all.iter().all(enough)
}

/// What is random in the result of what is called by a name.
fn named(at: Place<'_>, name: &QualifiedName, arguments: &[Argument], depth: u8) -> Option<Random> {
    match name {
        QualifiedName::External(dotted) => {
            let maker = MAKERS.iter().find(|known| known.name == &**dotted)?;
            maker.made(at, arguments)
        }
        QualifiedName::Project(module, _) if depth > 0 => {
            let (code, id) = at.program.function_code(name)?;
            let there = Place { program: at.program, module: *module, code };
            returned(there, code.function(id)?.body, depth - 1)
        }
        _ => None,
    }
}

impl Maker {
    fn made(&self, at: Place<'_>, arguments: &[Argument]) -> Option<Random> {
        let length = match self.length {
            None => 1,
            Some((name, default)) => {
                match at.code.argument(arguments, 0, name).map(|length| at.code.expr(length)) {
                    None | Some(Expr::None) => default,
                    Some(Expr::Int(length)) => length.clamp(0, LONGEST),
                    Some(_) => return None,
                }
            }
        };
        // Of which characters, where the call says so.
        let each = match at.code.argument(arguments, 1, "allowed_chars") {
            Some(chars) if self.length.is_some_and(|(name, _)| name == "length") => {
                hundredths(at.code.string(chars)?)
            }
            _ => self.each,
        };
        let characters = length * self.thirds / 3;
        Some(Random { characters, bits: characters * each, even: true })
    }
}

/// Hundredths of a bit in one of these characters, as a whole number of them: no more than there are.
fn hundredths(characters: &str) -> i64 {
    let mut all: Vec<char> = characters.chars().take(256).collect();
    all.sort_unstable();
    all.dedup();
    let (mut bits, mut left) = (0, all.len());
    while left > 1 {
        left /= 2;
        bits += 100;
    }
    bits
}

/// What is random in everything that a block returns: as much as in the least of it.
fn returned(at: Place<'_>, body: List, depth: u8) -> Option<Random> {
    let mut all: Vec<Option<Random>> = Vec::new();
    at.code.each_stmt(body, &mut |_, stmt| {
        if let Stmt::Return(value) = stmt {
            all.push(value.and_then(|value| of_value(at, body, value, depth)));
        }
    });
    let all: Option<Vec<Random>> = all.into_iter().collect();
    all?.into_iter().min_by_key(|made| made.bits)
}

/// What is random in a value, written down in whatever way.
fn of_value(at: Place<'_>, body: List, value: ExprId, depth: u8) -> Option<Random> {
    let inner = |id: ExprId| of_value(at, body, id, depth);
    match at.code.expr(value) {
        Expr::Call(callee, _) => {
            let (_, arguments) = at.code.call(value)?;
            if let Some(made) = named(at, &at.resolve(callee), arguments, depth) {
                return Some(made);
            }
            let (name, receiver) = match at.code.expr(callee) {
                Expr::Name(name) => (name, None),
                Expr::Attribute(receiver, name) => (name, Some(receiver)),
                _ => return None,
            };
            let name = at.code.text(name);
            if !WRITES.contains(&name) {
                return None;
            }
            let of = arguments.first().map(|argument| argument.value);
            Some(written(name, receiver.and_then(inner).or_else(|| of.and_then(inner))?))
        }
        // `uuid4().hex`
        Expr::Attribute(of, name) if at.code.text(name) == "hex" => inner(of),
        // `uuid4().hex[:20]`
        Expr::Subscript(of, index) => match at.code.expr(index) {
            Expr::Slice(parts) => part(at, inner(of)?, index, at.code.exprs(parts)),
            _ => None,
        },
        Expr::Format(parts) => {
            let parts = at.code.exprs(parts).iter().filter_map(|part| inner(*part));
            parts.reduce(together)
        }
        Expr::Binary(a, _, b) => [a, b].into_iter().filter_map(inner).reduce(together),
        // A name that the function assigns once.
        Expr::Name(name) if depth > 0 => {
            let mut values = Vec::new();
            at.code.each_stmt(body, &mut |_, stmt| {
                if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                    && at.code.exprs(targets).iter().any(|id| at.code.expr(*id) == Expr::Name(name))
                {
                    values.push(value);
                }
            });
            let [only] = values.as_slice() else { return None };
            of_value(at, body, *only, depth - 1)
        }
        _ => None,
    }
}

/// The same in another notation.
fn written(name: &str, made: Random) -> Random {
    let characters = match name {
        // Bytes: what is text already has no such method.
        "hex" => made.characters * 2,
        "urlsafe_b64encode" | "b64encode" => made.characters * 4 / 3,
        _ => made.characters,
    };
    Random { characters, ..made }
}

/// Two texts, one behind the other, perhaps with something fixed around them.
fn together(a: Random, b: Random) -> Random {
    Random { characters: a.characters + b.characters, bits: a.bits + b.bits, even: false }
}

/// `[start:end]` of a text.
fn part(at: Place<'_>, made: Random, index: ExprId, bounds: &[ExprId]) -> Option<Random> {
    if !made.even || made.characters == 0 {
        return None;
    }
    // From the end, where it is negative.
    let place = |id: ExprId| match at.code.expr(id) {
        Expr::Int(n) if n < 0 => Some(made.characters.saturating_add(n).max(0)),
        Expr::Int(n) => Some(n.min(made.characters)),
        _ => None,
    };
    // What begins where the slice begins stands in front of its colon.
    let begins = |id: &ExprId| at.code.expr_range(*id).start() == at.code.expr_range(index).start();
    let (start, end) = match bounds {
        [] => (0, made.characters),
        [start] if begins(start) => (place(*start)?, made.characters),
        [end] => (0, place(*end)?),
        [start, end] if begins(start) => (place(*start)?, place(*end)?),
        _ => return None,
    };
    let characters = (end - start).max(0);
    Some(Random { characters, bits: made.bits / made.characters * characters, even: true })
}

//! What a condition is made of: its operands, what each says of who asks, and whether it counts at all.
//!
//! That who asks is compared with a row means nothing where something else lets them pass as well that anybody may
//! have: `row.owner == request.user or request.POST.get("force")`.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId};

use super::run::{Frame, Run};
use super::sent::{asked, sent};
use super::value::{Origin, Origins, What};
use crate::views::effects::{Verbs, methods_of};

/// Questions about a user whose answer is a privilege.
const PRIVILEGES: &[&str] =
    &["is_staff", "is_superuser", "has_perm", "has_perms", "has_module_perms"];

/// One operand of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) from: Origins,
    pub(super) place: Span,
    /// The exception in which the other path ends, so that it also holds for the caller.
    pub(super) raises: Option<Raised>,
    /// Whether what runs now runs where the value is what it is compared with.
    pub(super) holds: bool,
    /// Whether it is compared with several.
    pub(super) among: bool,
    /// What it is compared with.
    pub(super) words: Vec<Arc<str>>,
    /// What it asks for.
    pub(super) about: About,
    /// What the whole condition says here…
    pub(super) here: Side,
    /// …and on the other path.
    pub(super) there: Side,
}

/// What an operand asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Something that whoever asks chooses: whether it is there at all, or what it is.
    Choice {
        compared: bool,
    },
    /// A privilege of who asks, by a name that Django gives it.
    Privilege,
    Other,
}

/// What a condition says where it is true, or where it is false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    /// The methods that may get there.
    pub(super) verbs: Verbs,
    /// Whether the operand need not be what it is compared with: another one may be.
    pub(super) optional: bool,
    /// Whether anybody can see to it that another one is.
    pub(super) void: bool,
}

impl Side {
    pub(super) const PLAIN: Self = Self { verbs: Verbs::ALL, optional: false, void: false };
}

impl Test {
    /// An operand of which no more is known than what it comes from.
    pub(super) fn of(from: Origins, place: Span) -> Self {
        Self {
            from,
            place,
            raises: None,
            holds: true,
            among: false,
            words: Vec::new(),
            about: About::Other,
            here: Side::PLAIN,
            there: Side::PLAIN,
        }
    }

    pub(super) fn is_about_row(&self) -> bool {
        self.from.iter().any(|origin| matches!(origin, Origin::Row(_)))
    }

    pub(super) fn asks_who(&self) -> bool {
        [Origin::User, Origin::Request, Origin::Proof]
            .iter()
            .any(|origin| self.from.contains(origin))
    }

    /// The same on the other path.
    pub(super) fn turned(self) -> Self {
        Self { holds: !self.holds, here: self.there, there: self.here, ..self }
    }
}

/// How the operands of a condition come together.
enum Tree {
    /// The operand at this position.
    One(usize),
    /// Whether all must hold, or one.
    Several(bool, Vec<Self>),
    Not(Box<Self>),
}

impl<'a> Run<'a> {
    /// The operands of a condition.
    pub(super) fn tests(&mut self, frame: &mut Frame<'a>, id: ExprId) -> Vec<Test> {
        let mut tests = Vec::new();
        let tree = self.add_tests(frame, id, true, &mut tests);
        tree.settle(&mut tests, Side::PLAIN, Side::PLAIN);
        let (yes, no) = methods_of(frame.code, id);
        for test in &mut tests {
            (test.here.verbs, test.there.verbs) = (yes, no);
        }
        tests
    }

    fn add_tests(
        &mut self,
        frame: &mut Frame<'a>,
        id: ExprId,
        holds: bool,
        tests: &mut Vec<Test>,
    ) -> Tree {
        let code = frame.code;
        if let Some((all, operands)) = code.operands(id) {
            let each = operands.iter().map(|id| self.add_tests(frame, *id, holds, tests));
            return Tree::Several(all, each.collect());
        }
        if let Expr::Not(operand) = code.expr(id) {
            return Tree::Not(Box::new(self.add_tests(frame, operand, !holds, tests)));
        }
        let value = self.eval(frame, id);
        let row = self.listed(&value).map(Origin::Row);
        let mut from = value.from;
        from.extend(row);
        let asked = asked(frame, id);
        let about = match is_free(frame, id, &from) {
            true => About::Choice { compared: matches!(code.expr(id), Expr::Compare(..)) },
            false if is_privilege(code, id) => About::Privilege,
            false => About::Other,
        };
        tests.push(Test {
            holds: asked.holds == holds,
            among: asked.among,
            words: asked.words,
            about,
            here: Side { void: anybody_is(frame, id, true), ..Side::PLAIN },
            there: Side { void: anybody_is(frame, id, false), ..Side::PLAIN },
            ..Test::of(from, self.place(frame, id))
        });
        Tree::One(tests.len() - 1)
    }

    /// Later code runs under these conditions.
    pub(super) fn hold(&mut self, tests: Vec<Test>, raises: Option<&Raised>) {
        let held = tests.into_iter().map(|test| Test { raises: raises.cloned(), ..test });
        self.conditions.extend(held);
    }

    /// The other path of the conditions from `mark` on.
    pub(super) fn turn(&mut self, mark: usize) {
        let turned: Vec<Test> = self.conditions.drain(mark.min(self.conditions.len())..).collect();
        self.conditions.extend(turned.into_iter().map(Test::turned));
    }
}

/// An exception that ends a path, by its last name where that is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raised(pub(super) Option<Arc<str>>);

impl Tree {
    /// Whether anybody can see to it that this is true, or false. `void` of an operand means that, until it is
    /// settled.
    fn is_open(&self, tests: &[Test], wanted: bool) -> bool {
        match self {
            Self::One(at) => tests.get(*at).is_some_and(|test| {
                matches!(test.about, About::Choice { .. })
                    || if wanted { test.here.void } else { test.there.void }
            }),
            Self::Not(inner) => inner.is_open(tests, !wanted),
            Self::Several(all, parts) if *all == wanted => {
                parts.iter().all(|part| part.is_open(tests, wanted))
            }
            Self::Several(_, parts) => parts.iter().any(|part| part.is_open(tests, wanted)),
        }
    }

    /// Says of each operand what the whole condition means where it is true, and where it is false.
    fn settle(&self, tests: &mut [Test], yes: Side, no: Side) {
        // What is asked of operands is asked before any of them is settled.
        let mut found = Vec::new();
        self.sides(tests, (yes, no), false, &mut found);
        for (at, here, there) in found {
            if let Some(test) = tests.get_mut(at) {
                (test.here, test.there) = (here, there);
            }
        }
    }

    /// `known`: what is known where this part is true, and where it is false. `turned`: whether the whole is false
    /// where this part is true.
    fn sides(
        &self,
        tests: &[Test],
        known: (Side, Side),
        turned: bool,
        found: &mut Vec<(usize, Side, Side)>,
    ) {
        let (yes, no) = known;
        match self {
            Self::One(at) => {
                let open = |side: Side, wanted: bool| Side {
                    void: side.void || self.is_open(tests, wanted),
                    ..side
                };
                let (yes, no) = (open(yes, true), open(no, false));
                found.push(if turned { (*at, no, yes) } else { (*at, yes, no) });
            }
            Self::Not(inner) => inner.sides(tests, (no, yes), !turned, found),
            Self::Several(all, parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let mut others = parts.iter().enumerate().filter(|(other, _)| *other != at);
                    let open = others.any(|(_, other)| other.is_open(tests, !*all));
                    let one_of = |side: Side| Side {
                        optional: parts.len() > 1 || side.optional,
                        void: side.void || open,
                        ..side
                    };
                    let known = if *all { (yes, one_of(no)) } else { (one_of(yes), no) };
                    part.sides(tests, known, turned, found);
                }
            }
        }
    }
}

/// Whether everybody who may be there at all can see to it that an operand is true, or false: whoever has an account
/// is logged in.
fn anybody_is(frame: &Frame<'_>, id: ExprId, wanted: bool) -> bool {
    let code = frame.code;
    match code.expr(id) {
        Expr::Bool(value) => value == wanted,
        Expr::Attribute(base, name) => {
            let of_user = |id: ExprId| match code.expr(id) {
                Expr::Attribute(_, name) | Expr::Name(name) => code.text(name) == "user",
                _ => false,
            };
            of_user(base)
                && match code.text(name) {
                    // A method that is not called is true.
                    "is_authenticated" | "has_perm" | "has_perms" | "has_module_perms" => wanted,
                    "is_anonymous" => !wanted,
                    _ => false,
                }
        }
        _ => false,
    }
}

/// Whether an operand is about nothing but what the client sends, compared with nothing but what the source says. A
/// setting may be a secret.
fn is_free(frame: &Frame<'_>, id: ExprId, from: &Origins) -> bool {
    if sent(from).is_empty() {
        return false;
    }
    let code = frame.code;
    let mut plain = true;
    code.each_inner(id, &mut |_, expr| match expr {
        Expr::Call(callee, _) => {
            // What a function makes of it is not known.
            let of = match code.expr(callee) {
                Expr::Attribute(_, name) | Expr::Name(name) => code.text(name),
                _ => "",
            };
            plain &= ["get", "getlist", "lower", "upper", "strip", "int", "str", "bool", "len"]
                .contains(&of);
        }
        Expr::Name(name) | Expr::Attribute(_, name) => {
            let text = code.text(name);
            let upper = text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            let mapping = ["GET", "POST", "META", "FILES", "COOKIES"].contains(&text);
            let known = matches!(expr, Expr::Name(name) if frame.env.get(name).is_some_and(|value| !matches!(value.what, What::Name(_))));
            plain &= !upper || mapping || known;
        }
        _ => {}
    });
    plain
}

/// `user.is_staff`, `user.has_perm("shop.change_order")`
pub(super) fn is_privilege(code: &Code, id: ExprId) -> bool {
    let asked = code.call(id).map_or(id, |(callee, _)| callee);
    match code.expr(asked) {
        Expr::Attribute(_, name) => PRIVILEGES.contains(&code.text(name)),
        _ => false,
    }
}

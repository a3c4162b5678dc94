//! What the code behind a view does besides answering: writes rows, logs people in, sends mail,
//! verifies a signature. For rules whose question depends on that.
//!
//! Functions and methods of the project are followed a few calls deep. What a statement does counts
//! for the methods it runs for: `if request.method == "POST":` and `if form.is_valid():` are
//! understood. What rows are touched is what [`super::objects`] says.

mod call;
mod facts;
mod header;
mod middleware;
mod switches;
mod test;
mod walk;
mod wrapper;

use djsec_base::Span;
use djsec_python::code::{Code, ExprId};

pub use self::facts::Known;
pub use self::middleware::{asked_parameters, decided_by_middleware};
use super::View;
use super::objects::{Objects, Operation, World};
use crate::routes::Target;

/// What the code of a view does.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    /// In the order in which they stand there, each once.
    pub all: Vec<Effect>,
    /// The rows it touches.
    pub objects: Objects,
    /// Whether there is code of the project behind it that was read to its end.
    pub complete: bool,
}

/// What the code of a view does, apart from rows: it costs a small part of what [`Effects`] cost.
#[derive(Debug, Clone, Default)]
pub struct Deeds {
    /// In the order in which they stand there, each once.
    pub all: Vec<Effect>,
}

/// One thing that the code of a view does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Which.
    pub kind: EffectKind,
    /// What says so, as written or by its dotted name: `send_mail`, `Order.objects.create`.
    pub words: String,
    /// Where.
    pub place: Span,
    /// The methods it happens for.
    pub verbs: Verbs,
}

/// What kind of thing the code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EffectKind {
    /// Makes, changes or deletes rows.
    Writes,
    /// Deletes rows (which is also a write).
    Deletes,
    /// Sends mail.
    SendsMail,
    /// Starts work in the background.
    Enqueues,
    /// Logs somebody in.
    LogsIn,
    /// Hands out a token by which whoever has it is somebody.
    IssuesToken,
    /// Logs somebody out.
    LogsOut,
    /// Checks a password.
    ChecksPassword,
    /// Sets a password.
    SetsPassword,
    /// Checks a one-time code or a token that somebody was sent.
    ChecksToken,
    /// Verifies a signature or a shared secret.
    Verifies,
    /// Compares what came in with something secret, with `==`.
    ComparesSecret,
    /// Reads who asks.
    UsesUser,
    /// Reads or writes the session.
    UsesSession,
    /// Reads the body of the request.
    ReadsBody,
    /// Reads a header of the request.
    ReadsHeader,
    /// Reads under which host it was called, or builds an address with it.
    ReadsHost,
    /// Runs a program or code.
    Runs,
    /// Limits how often something is done.
    Limits,
    /// Its answer is kept for the next who ask: `cache_page`.
    Caches,
    /// Its answer is kept for each visitor alone, or not at all.
    Varies,
}

/// A set of methods. `GET` is there twice: as any page has it sent, by a link or an image, and with a header that
/// only scripts of this site add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verbs(u8);

/// The methods that a set may have, safe ones first.
const VERBS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl Verbs {
    /// No method.
    pub const NONE: Self = Self(0);
    /// Every method.
    pub const ALL: Self = Self(0b11_1111);
    /// `GET` as a link has it sent.
    pub const LINK: Self = Self(0b1);
    /// `GET` in both ways.
    const GET: Self = Self(0b10_0001);
    /// Those that are meant to change something.
    pub const WRITING: Self = Self(0b1_1110);

    /// One method, in any case; `HEAD` counts as `GET`.
    pub fn one(method: &str) -> Self {
        if method.eq_ignore_ascii_case("HEAD") || method.eq_ignore_ascii_case("GET") {
            return Self::GET;
        }
        let at = VERBS.iter().position(|verb| verb.eq_ignore_ascii_case(method));
        at.map_or(Self::NONE, |at| Self(1 << at))
    }

    /// Several methods.
    pub fn of<'m>(methods: impl IntoIterator<Item = &'m str>) -> Self {
        methods.into_iter().fold(Self::NONE, |all, method| all.or(Self::one(method)))
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// All others.
    #[must_use]
    pub const fn others(self) -> Self {
        Self(!self.0 & Self::ALL.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a method is among them (upper case).
    pub fn has(self, method: &str) -> bool {
        !self.and(Self::one(method)).is_empty()
    }

    /// Their names, safe ones first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        VERBS.into_iter().filter(move |verb| self.has(verb))
    }
}

impl Deeds {
    /// What the code behind a view does, apart from rows.
    pub fn of(world: World<'_>, view: &View, target: &Target) -> Self {
        let mut walk = walk::Walk::new(world, view.verbs());
        walk.view(view, target);
        Self { all: walk.found }
    }

    /// The first of one of these kinds that happens for one of these methods.
    pub fn first(&self, kinds: &[EffectKind], verbs: Verbs) -> Option<&Effect> {
        first(&self.all, kinds, verbs)
    }

    /// Whether there is one of these kinds, for any method.
    pub fn has(&self, kinds: &[EffectKind]) -> bool {
        self.first(kinds, Verbs::ALL).is_some()
    }
}

fn first<'e>(all: &'e [Effect], kinds: &[EffectKind], verbs: Verbs) -> Option<&'e Effect> {
    all.iter().find(|effect| kinds.contains(&effect.kind) && !effect.verbs.and(verbs).is_empty())
}

impl View {
    /// The methods it answers.
    fn verbs(&self) -> Verbs {
        Verbs::of(VERBS.into_iter().filter(|verb| self.methods.may(verb)))
    }
}

impl Effects {
    /// What the code behind a view does; `objects` is what it does with rows.
    pub fn of(world: World<'_>, view: &View, target: &Target, objects: Objects) -> Self {
        let answered = view.verbs();
        let mut walk = walk::Walk::new(world, answered).noting_statements();
        walk.view(view, target);
        let mut all = std::mem::take(&mut walk.found);
        for access in &objects.accesses {
            let kind = match access.operation {
                Operation::Create | Operation::Update => EffectKind::Writes,
                Operation::Delete => EffectKind::Deletes,
                Operation::Fetch | Operation::List => continue,
            };
            let handled = handled(target, &access.handler);
            // Code that was not gone through may stand behind any condition.
            let verbs = match walk.verbs_at(access.place) {
                Some(verbs) => verbs.and(handled),
                None if handled == Verbs::ALL => handled.and(Verbs::WRITING),
                None => handled,
            };
            let verbs = verbs.and(answered);
            if verbs.is_empty() {
                continue;
            }
            let model = world.program.dotted(&access.model).unwrap_or_default();
            let words = model.rsplit('.').next().unwrap_or_default().to_owned();
            let effect = Effect { kind, words, place: access.place, verbs };
            if !all.contains(&effect) {
                all.push(effect);
            }
        }
        let complete = !walk.cut && objects.gaps.is_empty() && !view.bodies.is_empty();
        Self { all, objects, complete }
    }

    /// What stands on the functions and classes of a view, without going into them.
    pub fn decorations(world: World<'_>, view: &View, target: &Target) -> Vec<Effect> {
        let mut walk = walk::Walk::new(world, view.verbs());
        if let Target::Class { class, .. } | Target::ViewSet { class, .. } = target {
            walk.class(class);
        }
        for body in &view.bodies {
            walk.decorators(body);
        }
        walk.found
    }

    /// The first effect of one of these kinds that happens for one of these methods.
    pub fn first(&self, kinds: &[EffectKind], verbs: Verbs) -> Option<&Effect> {
        first(&self.all, kinds, verbs)
    }

    /// Whether there is an effect of one of these kinds, for any method.
    pub fn has(&self, kinds: &[EffectKind]) -> bool {
        self.first(kinds, Verbs::ALL).is_some()
    }

    /// The first row that is made, changed or deleted for one of these methods.
    pub fn write(&self, verbs: Verbs) -> Option<&Effect> {
        self.first(&[EffectKind::Writes, EffectKind::Deletes], verbs)
    }
}

/// The methods for which a condition may be true, and those for which it may be false, as far as it says so itself.
pub(super) fn methods_of(code: &Code, condition: ExprId) -> (Verbs, Verbs) {
    test::split(code, &test::Locals::default(), condition, 0)
}

/// The methods for which a handler runs: `post`, or the action of a viewset. A function runs for all, be it
/// called `delete`.
pub fn handled(target: &Target, handler: &str) -> Verbs {
    if let Target::Function(_) = target {
        return Verbs::ALL;
    }
    if let Target::ViewSet { actions, .. } = target {
        let methods = actions.iter().filter(|(_, action)| **action == *handler);
        let verbs = Verbs::of(methods.map(|(method, _)| &**method));
        if !verbs.is_empty() {
            return verbs;
        }
    }
    let verbs = Verbs::one(handler);
    if verbs.is_empty() { Verbs::ALL } else { verbs }
}

#[cfg(test)]
mod tests;

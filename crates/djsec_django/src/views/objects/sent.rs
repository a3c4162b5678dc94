//! What the client sends that decides what happens, and what of it is stored as it came.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Comparison, Expr, ExprId, List, Stmt};

use super::KeyOrigin;
use super::conditions::Test;
use super::run::{Frame, Run};
use super::value::{Link, Origin, Origins, Query, Value};

/// Something that the client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// In which part of the request.
    pub origin: KeyOrigin,
    /// The form or serializer that has looked at it; nothing where it is taken as it came.
    pub form: Option<QualifiedName>,
}

/// A field of a row that is given what the client sends, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The field, or the name of its column: `owner`, `owner_id`.
    pub field: Arc<str>,
    /// What it is given.
    pub sent: Sent,
}

/// A condition on what the client sends, and on nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What it looks at.
    pub sent: Vec<Sent>,
    /// What that is compared with, or under which name it is asked: `admin`, `is_admin`.
    pub words: Vec<Arc<str>>,
    /// Whether the request is refused where it is anything else.
    pub refuses: bool,
    /// What happens to rows only where it holds: positions in [`super::Objects::accesses`].
    pub opens: Vec<usize>,
    /// The method or action that asks.
    pub handler: Arc<str>,
    /// The condition.
    pub place: Span,
}

/// What a value is of what the client sends, if it is made of nothing else.
pub(super) fn sent(from: &Origins) -> Vec<Sent> {
    let mut origins = Vec::new();
    let mut form = None;
    for origin in from.iter() {
        match origin {
            Origin::Constant => {}
            Origin::Field(field) => form = Some(field.0.clone()),
            _ => match client(origin) {
                Some(origin) => origins.push(origin),
                None => return Vec::new(),
            },
        }
    }
    origins.into_iter().map(|origin| Sent { origin, form: form.clone() }).collect()
}

fn client(origin: &Origin) -> Option<KeyOrigin> {
    Some(match origin {
        Origin::Query(name) => KeyOrigin::Query(name.clone()),
        Origin::Body(name) => KeyOrigin::Body(name.clone()),
        Origin::Header(name) => KeyOrigin::Header(name.clone()),
        Origin::Cookie(name) => KeyOrigin::Cookie(name.clone()),
        _ => return None,
    })
}

/// The name under which a key of `META` is sent: `X-User-Id` of `HTTP_X_USER_ID`; nothing for what the
/// server itself puts there.
pub(super) fn header_name(key: &str) -> Option<String> {
    let rest = match key {
        "QUERY_STRING" | "PATH_INFO" | "REQUEST_URI" | "RAW_URI" | "CONTENT_TYPE" => key,
        _ => key.strip_prefix("HTTP_")?,
    };
    let word = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars.map(|c| c.to_ascii_lowercase())).collect::<String>()
    };
    Some(rest.split('_').map(word).collect::<Vec<_>>().join("-"))
}

/// What the client sends, after something that is not followed.
pub(super) fn changed(mut value: Value) -> Value {
    if value.from.iter().any(|origin| client(origin).is_some()) {
        value.from.insert(Origin::Changed);
    }
    value
}

/// What a part of something is that was made of a whole body: `json.loads(request.body)["role"]`.
pub(super) fn part(whole: &Origins, name: &Arc<str>) -> Origins {
    let named = |origin: &Origin| match origin {
        Origin::Body(None) => Origin::Body(Some(Arc::clone(name))),
        other => other.clone(),
    };
    whole.iter().map(named).collect()
}

/// What a condition asks: whether it holds where the value is what it is compared with, what that is, and
/// whether it is one of several.
pub(super) struct Asked {
    pub(super) holds: bool,
    pub(super) among: bool,
    pub(super) words: Vec<Arc<str>>,
}

/// What an operand of a condition asks.
pub(super) fn asked(frame: &Frame<'_>, id: ExprId) -> Asked {
    let code = frame.code;
    let mut found = Asked { holds: true, among: false, words: Vec::new() };
    let Expr::Compare(left, rest) = code.expr(id) else {
        found.words.extend(word(frame, id));
        return found;
    };
    found.words.extend(code.string(left).map(Arc::from));
    for (comparison, right) in code.comparisons(rest) {
        found.holds ^=
            matches!(comparison, Comparison::NotEq | Comparison::NotIn | Comparison::IsNot);
        found.among |= matches!(comparison, Comparison::In | Comparison::NotIn);
        let parts = code.elements(*right).unwrap_or(std::slice::from_ref(right));
        for part in parts {
            let nothing = match code.expr(*part) {
                Expr::None | Expr::Bool(false) | Expr::Int(0) => true,
                Expr::Str(_) => matches!(code.string(*part), Some("" | "0" | "false" | "False")),
                _ => false,
            };
            // That it is not there at all is the opposite of what it would say.
            found.holds ^= nothing && parts.len() == 1;
            found.words.extend(word(frame, *part).filter(|_| !nothing));
        }
    }
    found
}

/// A text, or the name of what stands for one: `"admin"`, `Role.ADMIN`, `is_admin(request)`.
fn word(frame: &Frame<'_>, id: ExprId) -> Option<Arc<str>> {
    let code = frame.code;
    match code.expr(id) {
        Expr::Str(text) | Expr::Name(text) | Expr::Attribute(_, text) => {
            Some(Arc::from(code.text(text)))
        }
        Expr::Call(callee, _) => word(frame, callee),
        _ => None,
    }
}

/// Whether a block ends with an answer.
fn returns(frame: &Frame<'_>, block: List) -> bool {
    let last = frame.code.stmts(block).last();
    last.is_some_and(|id| matches!(frame.code.stmt(*id), Stmt::Return(Some(_))))
}

/// Whether a block ends by refusing: it raises that something is not allowed, or answers so.
fn refuses(frame: &Frame<'_>, block: List) -> bool {
    const WORDS: &[&str] = &["Denied", "Forbidden", "NotAuthenticated", "Unauthorized", "login"];
    let code = frame.code;
    let last = code.stmts(block).last().map(|id| code.stmt(*id));
    let Some(Stmt::Raise(Some(value)) | Stmt::Return(Some(value))) = last else { return false };
    let mut found = false;
    code.each_inner(value, &mut |_, expr| {
        found |= match expr {
            Expr::Name(name) | Expr::Attribute(_, name) | Expr::Str(name) => {
                let name = code.text(name);
                WORDS.iter().any(|word| name.contains(word))
            }
            Expr::Int(status) => matches!(status, 401 | 403),
            _ => false,
        };
    });
    found
}

impl Run<'_> {
    /// Remembers the conditions of a branch that are about nothing but what the client sends, before what
    /// they decide is run.
    pub(super) fn weigh(&mut self, frame: &Frame<'_>, tests: &[Test], then: List, otherwise: List) {
        for test in tests {
            let refused = match test.holds {
                // `if role == "admin": return page`, and after that everybody is refused.
                true if otherwise.is_empty() && returns(frame, then) => self.rest(frame),
                true => otherwise,
                false => then,
            };
            self.decided(test, refuses(frame, refused));
        }
    }

    /// The body of the function that is running.
    fn rest(&self, frame: &Frame<'_>) -> List {
        let function = self.stack.last().and_then(|(_, id)| frame.code.function(*id));
        function.map_or_else(List::default, |function| function.body)
    }

    /// Remembers a condition on what the client sends. Among conditions on who asks it decides nothing
    /// alone.
    pub(super) fn decided(&mut self, test: &Test, refuses: bool) {
        if self.conditions.iter().any(Test::asks_who) {
            return;
        }
        let sent = sent(&test.from);
        let handler = Arc::clone(&self.handler);
        let same = |known: &&mut Decision| known.place == test.place && known.handler == handler;
        if let Some(known) = self.decisions.iter_mut().find(same) {
            known.refuses |= refuses;
        } else if !sent.is_empty() {
            let (words, place) = (test.words.clone(), test.place);
            let opens = Vec::new();
            self.decisions.push(Decision { sent, words, refuses, opens, handler, place });
        }
    }

    /// An access happens only where the conditions around it hold.
    pub(super) fn opened(&mut self, at: usize, query: Option<&Query>) {
        if self.conditions.iter().any(Test::asks_who) {
            return;
        }
        let around = self.conditions.iter().filter(|test| test.holds).map(|test| test.place);
        let around: Vec<Span> = around.chain(query.and_then(|query| query.widened)).collect();
        for decision in &mut self.decisions {
            // What runs before the handlers runs before each of them.
            let before = decision.handler.is_empty() || decision.handler == self.handler;
            let here = before && around.contains(&decision.place);
            if here && !decision.opens.contains(&at) {
                decision.opens.push(at);
            }
        }
    }

    /// The fields that are given what the client sends. For certain people only it is theirs to give.
    pub(super) fn given(&self, values: &[(Arc<str>, Value)]) -> Vec<Given> {
        if self.conditions.iter().any(Test::asks_who) {
            return Vec::new();
        }
        let each = |(at, (field, value)): (usize, &(Arc<str>, Value))| {
            let first = sent(&value.from).into_iter().next()?;
            // What is put there later counts: `order.owner = request.user`.
            let mut later = values.iter().skip(at + 1);
            let kept = !later.any(|(other, _)| same_column(field, other));
            kept.then(|| Given { field: Arc::clone(field), sent: first })
        };
        values.iter().enumerate().filter_map(each).collect()
    }

    /// A field of a row is set; what that means shows when the row is saved.
    pub(super) fn set_on_row(&mut self, links: &[Link], field: &Arc<str>, value: &Value) {
        let reached = |known: &[Link]| known.iter().any(|link| links.contains(link));
        self.set.retain(|(known, given)| !(reached(known) && same_column(&given.field, field)));
        let value = (Arc::clone(field), value.clone());
        for given in self.given(std::slice::from_ref(&value)) {
            self.set.push((links.to_vec(), given));
        }
    }

    /// What the fields of a row were set to before it is saved.
    pub(super) fn set_before(&self, links: &[Link]) -> Vec<Given> {
        let reached = |known: &[Link]| known.iter().any(|link| links.contains(link));
        let found = self.set.iter().filter(|(known, _)| reached(known));
        found.map(|(_, given)| given.clone()).collect()
    }

    /// An access gives fields what the client sends.
    pub(super) fn give(&mut self, at: usize, given: Vec<Given>) {
        let Some(access) = self.accesses.get_mut(at) else { return };
        for given in given {
            if !access.given.contains(&given) {
                access.given.push(given);
            }
        }
    }

    /// What the client sends is compared with what the site knows, or with a list, and the request ends
    /// where they do not fit.
    pub(super) fn vouch(&mut self, test: &Test) {
        let knows = |origin: &Origin| {
            !matches!(origin, Origin::Constant | Origin::Field(_) | Origin::Changed)
                && client(origin).is_none()
        };
        if !test.among && !test.from.iter().any(knows) {
            return;
        }
        for origin in test.from.iter().filter_map(client) {
            if !self.vouched.contains(&origin) {
                self.vouched.push(origin);
            }
        }
    }
}

/// Whether two names mean one column: `owner`, `owner_id`.
fn same_column(one: &str, other: &str) -> bool {
    one.strip_suffix("_id").unwrap_or(one) == other.strip_suffix("_id").unwrap_or(other)
}

impl Query {
    /// The condition that chooses between more and fewer rows, where who asks does not.
    pub(super) fn widened_by(&mut self, tests: &[Test]) {
        let chosen = tests.iter().find(|test| !sent(&test.from).is_empty());
        self.widened = self.widened.or(chosen.map(|test| test.place));
    }
}

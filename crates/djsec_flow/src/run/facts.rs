//! What conditions say of the values they look at.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Comparison, Expr, ExprId, List, Symbol};

use super::Run;
use super::call::as_kinds;
use super::checks::stays_below;
use crate::catalog::last;
use crate::env::Learnt;
use crate::taint::{Label, Origin, Taint};
use crate::value::{Fact, Value, What};
use crate::{Kind, Kinds};

impl Fact {
    /// Where the condition is `when`, the subject is one of a few harmless values.
    pub(super) fn harmless(subject: Arc<str>, when: bool) -> Self {
        Self { subject, safe: Kinds::ALL, doubt: 0, when, needs: Kinds::NONE, row: None }
    }

    /// Where the condition is `when`, the subject is a number.
    pub(super) fn number(subject: Arc<str>, when: bool) -> Self {
        Self { safe: Kinds::NUMBER, ..Self::harmless(subject, when) }
    }
}

impl Run<'_, '_> {
    /// Runs a condition; what it says.
    pub(super) fn test(&mut self, id: ExprId) -> Vec<Fact> {
        if !self.step() {
            return Vec::new();
        }
        self.depth += 1;
        let facts = match self.code.expr(id) {
            Expr::Not(inner) => {
                let facts = self.test(inner);
                facts.into_iter().map(|fact| Fact { when: !fact.when, ..fact }).collect()
            }
            Expr::And(list) => self.test_parts(list, |_, _| {}, true),
            Expr::Or(list) => self.test_parts(list, |_, _| {}, false),
            Expr::Compare(left, rest) => self.compare(left, rest),
            Expr::Call(..) => {
                let value = self.eval(id);
                self.said_by(id, &value)
            }
            _ => {
                let value = self.eval(id);
                let mut facts = of_check(&value.what);
                // `if urlparse(url).netloc:` holds for addresses of other sites.
                if let Some((subject, safe)) = self.host_of(id) {
                    facts.push(Fact { safe, ..Fact::harmless(subject, false) });
                }
                facts.extend(self.of_address(id));
                // Of what stands in something else nothing is said: the data of a form is made
                // where it is read.
                if let Some(subject) = self.written(id).filter(|subject| !subject.contains('.')) {
                    facts.push(Fact { safe: empty(), ..Fact::harmless(subject, false) });
                }
                facts
            }
        };
        self.depth -= 1;
        facts
    }

    /// What a call says, having given this.
    pub(super) fn said_by(&mut self, call: ExprId, value: &Value) -> Vec<Fact> {
        let mut facts = self.checked(call);
        facts.extend(self.is_meant(call));
        facts.extend(self.predicate(call));
        facts.extend(of_check(&value.what));
        facts
    }

    /// The operands of `and` (or `or`): each runs where those before it were true (or false). What they
    /// say together.
    pub(super) fn test_parts(
        &mut self,
        list: List,
        mut seen: impl FnMut(&mut Self, ExprId),
        is_and: bool,
    ) -> Vec<Fact> {
        let before = self.env.clone();
        let bound = self.walrus.len();
        let mut said: Vec<Vec<Fact>> = Vec::new();
        let code = self.code;
        let operands = code.exprs(list);
        for operand in operands {
            let facts = self.test(*operand);
            seen(self, *operand);
            self.hold(&facts, is_and);
            said.push(facts);
        }
        self.env = before;
        // What is bound on the way stays bound.
        for (name, value) in self.walrus.split_off(bound.min(self.walrus.len())) {
            self.env.set(name, value.clone());
            self.walrus.push((name, value));
        }
        let open = operands.iter().filter(|operand| !self.is_so_in_production(**operand, is_and));
        if open.count() <= 1 {
            return said.into_iter().flatten().collect();
        }
        let other = in_each(&said, !is_and);
        let each = said.into_iter().flatten().filter(|fact| fact.when == is_and);
        each.chain(other).collect()
    }

    /// Goes on where a condition is true, or false.
    pub(super) fn hold(&mut self, facts: &[Fact], when: bool) {
        for fact in facts.iter().filter(|fact| fact.when == when) {
            if let Some(model) = &fact.row {
                self.is_row_of(&fact.subject, model);
                continue;
            }
            self.learn(&Learnt {
                subject: Arc::clone(&fact.subject),
                safe: fact.safe,
                doubt: fact.doubt,
                needs: fact.needs,
            });
        }
    }

    /// What came with the request, or is put in its place, is a row here: it holds what is stored.
    fn is_row_of(&mut self, subject: &str, model: &QualifiedName) {
        let Some(symbol) = self.code.symbol(subject) else { return };
        let Some(Some(value)) = self.env.get(symbol) else { return };
        let of_source = |label: &Label| matches!(label.origin, Origin::Source(_));
        if value.what == What::Unknown && value.taint.labels().iter().all(of_source) {
            self.env.set(symbol, Value::instance_of(model.clone()));
        }
    }

    /// A value can do no more harm as these, if something can be said of it already.
    pub(super) fn learn(&mut self, fact: &Learnt) {
        let subject = &fact.subject;
        if subject.contains('.') {
            self.env.learn(fact.clone());
            return;
        }
        let Some(symbol) = self.code.symbol(subject) else { return };
        let Some(Some(value)) = self.env.get(symbol) else { return };
        let whole = self.whole_of(symbol, value, fact);
        let changed = value.map(&|taint| learnt(taint, fact));
        let same = self.same_as(symbol, &value.taint);
        if self.watch.is_some() && !value.is_clean() {
            let place = self.span(self.function.name_range);
            self.note_cleaned(place, || match fact.doubt {
                0 => format!(
                    "a check: from there on `{subject}` can do no harm{}",
                    as_kinds(fact.safe)
                ),
                _ => format!("a check by its name: `{subject}` is less likely to do harm"),
            });
        }
        self.env.set(symbol, changed);
        // That a list is empty now says nothing of what was taken out of it.
        let carried = fact.safe != Kinds::NONE && fact.safe != empty();
        if !same.is_empty() && carried && fact.needs == Kinds::NONE {
            self.env.change(|known| known.changed(&|taint| learnt_of(taint, fact, &same)));
        }
        if let Some((symbol, value)) = whole {
            self.env.set(symbol, value);
        }
    }

    /// What is known of a text whose ends were cut is known of the whole, and where a resolved path lies, there lies
    /// the path: where that is still the one that this was made from.
    fn whole_of(&self, made: Symbol, value: &Value, fact: &Learnt) -> Option<(Symbol, Value)> {
        let (whole, fact) = match &value.what {
            What::Trimmed(whole) if fact.needs == Kinds::NONE => (whole, fact.clone()),
            What::Resolved(path) if fact.safe.has(Kind::Path) => {
                let safe = Kinds::of([Kind::Path]);
                (path, Learnt { safe, doubt: 0, needs: Kinds::NONE, subject: Arc::clone(path) })
            }
            _ => return None,
        };
        let symbol = self.code.symbol(whole).filter(|symbol| *symbol != made)?;
        let of = self.env.get(symbol)??;
        // What came the same way, and has come further than the other since.
        let resolved = matches!(value.what, What::Resolved(_));
        let comes_from = |from: &Label, label: &Label| {
            from.origin == label.origin && (!resolved || from.trail.length() > label.trail.length())
        };
        let made = value.taint.labels();
        let mut whole = of.taint.labels().iter();
        whole
            .all(|label| made.iter().any(|from| comes_from(from, label)))
            .then(|| (symbol, of.map(&|taint| learnt(taint, &fact))))
    }

    /// The data that a name stands for as it came in, and nothing else: what is known of it is known of
    /// what was made from it before.
    fn same_as(&self, name: Symbol, taint: &Taint) -> Vec<Origin> {
        let [label] = taint.labels() else { return Vec::new() };
        let exact = match &label.origin {
            Origin::Source(_) => label.trail.length() <= 2,
            Origin::Parameter(at, None) => {
                let parameter = self.function.parameters.get(usize::from(*at));
                parameter.is_some_and(|parameter| parameter.name == name)
                    && !self.assigned.contains(&name)
            }
            Origin::Parameter(..) => false,
        };
        if exact { vec![label.origin.clone()] } else { Vec::new() }
    }

    /// What an expression gives, with what conditions said of it.
    pub(super) fn as_learnt(&self, id: ExprId, value: Value) -> Value {
        if self.env.learnt().is_empty() {
            return value;
        }
        let Some(subject) = self.written(id) else { return value };
        let known = self.env.learnt().iter().filter(|known| known.subject == subject);
        known.fold(value, |value, known| value.map(&|taint| learnt(taint, known)))
    }

    /// A name or a chain of attributes as written, with constant items: `form.data.[q]`.
    pub(super) fn written(&self, id: ExprId) -> Option<Arc<str>> {
        let mut parts: Vec<String> = Vec::new();
        let mut at = id;
        loop {
            match self.code.expr(at) {
                Expr::Name(name) => {
                    parts.push(self.code.text(name).to_owned());
                    break;
                }
                Expr::Attribute(base, name) => {
                    parts.push(self.code.text(name).to_owned());
                    at = base;
                }
                Expr::Subscript(base, index) => {
                    parts.push(format!("[{}]", self.code.string(index)?));
                    at = base;
                }
                Expr::Walrus(target, _) => at = target,
                // `url.lower() in ALLOWED` says as much of `url`.
                Expr::Call(callee, arguments) => match self.code.expr(callee) {
                    Expr::Attribute(base, name) if self.code.text(name) == "get" => {
                        let key = self.code.arguments(arguments).first()?.value;
                        parts.push(format!("[{}]", self.code.string(key)?));
                        at = base;
                    }
                    Expr::Attribute(base, name)
                        if matches!(
                            self.code.text(name),
                            "lower"
                                | "upper"
                                | "strip"
                                | "lstrip"
                                | "rstrip"
                                | "removeprefix"
                                | "removesuffix"
                                | "casefold"
                                | "title"
                                | "resolve"
                                | "absolute"
                        ) =>
                    {
                        at = base;
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
        parts.reverse();
        Some(Arc::from(parts.join(".")))
    }

    /// The path whose folders an expression is: `path.parents`.
    fn parents_of(&self, id: ExprId) -> Option<Arc<str>> {
        match self.code.expr(id) {
            Expr::Attribute(base, name) if self.code.text(name) == "parents" => self.written(base),
            _ => None,
        }
    }

    /// The address whose host an expression is: `urlparse(url).netloc`, `parsed.hostname`.
    pub(super) fn host_of(&self, id: ExprId) -> Option<(Arc<str>, Kinds)> {
        let safe = Kinds::of([Kind::Redirect, Kind::Ssrf, Kind::Header, Kind::Origin]);
        if let Expr::Name(name) = self.code.expr(id) {
            let What::Host(subject) = &self.env.get(name)??.what else { return None };
            return Some((Arc::clone(subject), safe));
        }
        let Expr::Attribute(base, name) = self.code.expr(id) else { return None };
        if !matches!(self.code.text(name), "netloc" | "hostname") {
            return None;
        }
        if let Expr::Name(parsed) = self.code.expr(base) {
            let What::Parsed(subject) = &self.env.get(parsed)??.what else { return None };
            return Some((Arc::clone(subject), safe));
        }
        let (callee, arguments) = self.code.call(base)?;
        let name = self.code.dotted(callee)?;
        let parses = matches!(last(&name), "urlparse" | "urlsplit");
        let subject = self.written(arguments.first()?.value)?;
        parses.then_some((subject, safe))
    }

    /// `path in (".", "..")`, `path == ".."`: otherwise it is not the folder above.
    fn is_no_parent(&self, path: ExprId, texts: &[ExprId], when: bool) -> Vec<Fact> {
        let named = texts.iter().any(|text| self.code.string(*text) == Some(".."));
        let Some(subject) = self.written(path).filter(|_| named) else { return Vec::new() };
        let facts = stays_below(&subject, std::iter::once(Kinds::NOT_PARENT));
        facts.into_iter().map(|fact| Fact { when: !when, ..fact }).collect()
    }

    fn compare(&mut self, left: ExprId, rest: List) -> Vec<Fact> {
        let code = self.code;
        let first = self.eval_compared(left);
        let mut facts = Vec::new();
        let mut before = (left, first);
        for (comparison, right) in code.comparisons(rest) {
            let value = self.eval_compared(*right);
            let fixed = value.is_fixed();
            let in_store = value.is_of_server();
            match comparison {
                Comparison::In | Comparison::NotIn => {
                    let when = *comparison == Comparison::In;
                    let listed = code.elements(*right).unwrap_or_default();
                    facts.extend(self.is_no_parent(before.0, listed, when));
                    if let Some(path) = self.parents_of(*right).filter(|_| before.1.is_fixed()) {
                        let safe = Kinds::of([Kind::Path]);
                        let needs = Kinds::RESOLVED;
                        facts.push(Fact { safe, needs, ..Fact::harmless(path, when) });
                    } else if let Some(part) = before.1.as_text() {
                        facts.extend(self.lacks(part, *right, !when));
                    } else if (in_store || is_of_caller(&value, &before.1))
                        && value.as_text().is_none()
                    {
                        facts.extend(self.subjects(before.0, when));
                    }
                }
                Comparison::Eq | Comparison::NotEq | Comparison::Is | Comparison::IsNot => {
                    let when = matches!(comparison, Comparison::Eq | Comparison::Is);
                    facts.extend(self.is_no_parent(before.0, std::slice::from_ref(right), when));
                    if matches!(code.expr(*right), Expr::None) {
                        let flipped = of_check(&before.1.what).into_iter();
                        facts.extend(flipped.map(|fact| Fact { when: fact.when != when, ..fact }));
                    }
                    if fixed {
                        facts.extend(self.subjects(before.0, when));
                    }
                    if before.1.is_fixed() {
                        facts.extend(self.subjects(*right, when));
                    }
                    if !fixed && !before.1.is_fixed() {
                        facts.extend(self.beneath_own((before.0, *right), when));
                    }
                }
                Comparison::Order => {
                    facts.extend(self.bounded((before.0, &before.1), (*right, &value)));
                    facts.extend(self.bounded((*right, &value), (before.0, &before.1)));
                }
            }
            before = (*right, value);
        }
        if code.comparisons(rest).len() > 1 {
            // Of `1 <= count <= 50` all holds where it is true; where it is not, no part of it is known to.
            facts.retain(|fact| fact.when);
        }
        facts
    }
}

/// What is left of data that can do no more harm as these.
fn learnt(taint: &Taint, fact: &Learnt) -> Taint {
    let is_known = |label: &Label| label.safe.holds(fact.safe) || !label.safe.holds(fact.needs);
    if fact.doubt == 0 && taint.labels().iter().all(is_known) {
        return taint.clone();
    }
    taint.map(|label| {
        let safe = if label.safe.holds(fact.needs) { label.safe.or(fact.safe) } else { label.safe };
        let doubt = label.doubt_and(fact.doubt);
        (!safe.is_all()).then(|| Label { safe, doubt, ..label.clone() })
    })
}

/// Whether what is chosen among comes from the caller, and what is chosen does not come with it:
/// `name in self.allowed`.
fn is_of_caller(among: &Value, chosen: &Value) -> bool {
    let (among, chosen) = (among.whole(), chosen.whole());
    among.labels().iter().all(|label| {
        matches!(label.origin, Origin::Parameter(..))
            && chosen.labels().iter().all(|other| other.origin != label.origin)
    })
}

/// The same of what was made from some data.
fn learnt_of(taint: &Taint, fact: &Learnt, of: &[Origin]) -> Taint {
    let is_about = |label: &Label| of.contains(&label.origin) && !label.safe.holds(fact.safe);
    if !taint.labels().iter().any(is_about) {
        return taint.clone();
    }
    taint.map(|label| {
        if !of.contains(&label.origin) {
            return Some(label.clone());
        }
        let safe = label.safe.or(fact.safe);
        (!safe.is_all()).then(|| Label { safe, ..label.clone() })
    })
}

/// As what an empty value can do no harm. Who is sent to no address stays on the site; what a server calls that was
/// given none is for others to say.
fn empty() -> Kinds {
    Kinds::ALL.without(Kinds::just(Kind::Ssrf))
}

/// What each of some conditions says where it is `when`: of `a == "x" or a == "y"` whichever is true.
fn in_each(said: &[Vec<Fact>], when: bool) -> Vec<Fact> {
    let Some((first, others)) = said.split_first() else { return Vec::new() };
    let plain = |fact: &&Fact| {
        fact.when == when && fact.doubt == 0 && fact.safe != Kinds::NONE && fact.row.is_none()
    };
    let mut all: Vec<Fact> = first.iter().filter(plain).cloned().collect();
    for facts in others {
        let mut both: Vec<Fact> = Vec::new();
        for known in &all {
            let same = |fact: &&Fact| fact.subject == known.subject;
            let mut of: Vec<(Kinds, Kinds)> = Vec::new();
            for fact in facts.iter().filter(plain).filter(same) {
                match of.iter_mut().find(|(needs, _)| *needs == fact.needs) {
                    Some((_, safe)) => *safe = safe.or(fact.safe),
                    None => of.push((fact.needs, fact.safe)),
                }
            }
            for (needs, safe) in of {
                let (needs, safe) = (known.needs.or(needs), known.safe.and(safe));
                // What several pairs say alike is kept once: else there are twice as many after each condition.
                let alike = |fact: &&mut Fact| fact.subject == known.subject && fact.needs == needs;
                match both.iter_mut().find(alike) {
                    Some(fact) => fact.safe = fact.safe.or(safe),
                    None if safe == Kinds::NONE => {}
                    None => both.push(Fact { safe, needs, ..known.clone() }),
                }
            }
        }
        all = both;
    }
    all
}

pub(super) fn of_check(what: &What) -> Vec<Fact> {
    match what {
        What::Check(facts) => facts.as_ref().clone(),
        _ => Vec::new(),
    }
}

impl Label {
    /// Whether it looks the same whoever sends a request: a number, or what nobody outside decides.
    pub(crate) fn is_fixed(&self) -> bool {
        self.safe.or(Kinds::READ).holds(Kinds::NUMBER)
    }

    /// Whether it may still do harm as this.
    pub(crate) fn may(&self, kind: Kind) -> bool {
        !self.safe.has(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_conditions_say_alike_is_kept_once() {
        // `(path.startswith("/a/") and ".." not in path) or …`
        let path = Kinds::of([Kind::Path]);
        let lacks = Fact { safe: path, ..Fact::harmless("path".into(), true) };
        let begins = Fact { needs: Kinds::RESOLVED, ..lacks.clone() };
        let all = in_each(&vec![vec![begins, lacks]; 60], true);
        let needs: Vec<Kinds> = all.iter().map(|fact| fact.needs).collect();
        assert_eq!(needs, [Kinds::RESOLVED, Kinds::NONE]);
        assert!(all.iter().all(|fact| fact.safe == path));
    }
}

//! What conditions say of the values they look at.

use std::sync::Arc;

use djsec_python::code::{Comparison, Expr, ExprId, List};

use super::Run;
use super::lead::leading;
use crate::value::{Fact, Label, Origin, Value, What};
use crate::{Kind, Kinds};

impl Fact {
    /// Where the condition is `when`, the subject is one of a few harmless values.
    pub(super) fn harmless(subject: Arc<str>, when: bool) -> Self {
        Self { subject, safe: Kinds::ALL, when }
    }
}

/// Methods of texts that are true of harmless ones only.
const HARMLESS: &[&str] =
    &["isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "isidentifier"];

/// Methods whose result is the same for a check.
const SAME: &[&str] = &[
    "lower",
    "upper",
    "strip",
    "lstrip",
    "removeprefix",
    "casefold",
    "title",
    "resolve",
    "absolute",
];
/// Functions whose result is what they are given, in another form or taken apart.
const PARTS: &[&str] = &[
    "urlparse",
    "urlsplit",
    "abspath",
    "realpath",
    "normpath",
    "commonpath",
    "commonprefix",
    "str",
    "Path",
    "unquote",
];

impl<'a> Run<'a, '_> {
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
                let mut facts = self.checked(id);
                facts.extend(of_check(&value.what));
                facts
            }
            _ => {
                let value = self.eval(id);
                let mut facts = of_check(&value.what);
                // What is empty does no harm.
                facts.extend(self.written(id).and_then(empty));
                facts
            }
        };
        self.depth -= 1;
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
        let mut all = Vec::new();
        let code = self.code;
        let operands = code.exprs(list);
        for operand in operands {
            let facts = self.test(*operand);
            seen(self, *operand);
            self.hold(&facts, is_and);
            all.extend(facts);
        }
        self.env = before;
        if operands.len() > 1 {
            all.retain(|fact| fact.when == is_and);
        }
        all
    }

    /// Goes on where a condition is true, or false.
    pub(super) fn hold(&mut self, facts: &[Fact], when: bool) {
        for fact in facts.iter().filter(|fact| fact.when == when) {
            self.learn_of_parts(&fact.subject, fact.safe);
            self.learn(&fact.subject, fact.safe);
        }
    }

    /// A value can do no more harm as these.
    fn learn(&mut self, subject: &str, safe: Kinds) {
        let mut parts = subject.split('.');
        let Some(symbol) = parts.next().and_then(|head| self.code.symbol(head)) else { return };
        let Some(Some(value)) = self.env.get(symbol) else { return };
        let value = value.clone();
        let path: Vec<&str> = parts.collect();
        let changed = learnt(&value, &path, safe);
        self.env.set(symbol, changed);
    }

    /// What is known of a value is known of what was made from it before. What is one of a few values
    /// also makes an address harmless that it is a part of: `urlsplit(url).netloc in ALLOWED`.
    fn learn_of_parts(&mut self, subject: &str, safe: Kinds) {
        let last = subject.rsplit('.').next().unwrap_or(subject);
        if subject.contains('.') && !matches!(last, "netloc" | "hostname" | "host") {
            return;
        }
        let Some(symbol) = subject.split('.').next().and_then(|head| self.code.symbol(head)) else {
            return;
        };
        let Some(Some(value)) = self.env.get(symbol) else { return };
        let whole = value.whole();
        let url = Kinds::of([Kind::Redirect, Kind::Ssrf]);
        let is_parameter = !self.leaving.assigned.contains(&symbol);
        let exact = |label: &Label| match &label.origin {
            Origin::Source(_) => label.trail.length() <= 2,
            Origin::Parameter(_, None) => is_parameter,
            Origin::Parameter(..) => false,
        };
        let learnt: Vec<(Origin, Kinds)> = whole
            .labels()
            .iter()
            .map(|label| {
                let all = exact(label) && !subject.contains('.');
                (label.origin.clone(), if all { safe } else { safe.and(url) })
            })
            .filter(|(_, safe)| *safe != Kinds::NONE)
            .collect();
        if learnt.is_empty() {
            return;
        }
        self.env.change(|known| {
            known.map(&|taint| {
                taint.map(|label| {
                    let found = learnt.iter().find(|(origin, _)| *origin == label.origin);
                    let safe = label.safe.or(found.map_or(Kinds::NONE, |(_, safe)| *safe));
                    (!safe.is_all()).then(|| Label { safe, ..label.clone() })
                })
            })
        });
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
                // `url.lower() in ALLOWED` says as much of `url`, `urlsplit(url).netloc` of its part.
                Expr::Call(callee, arguments) => match self.code.expr(callee) {
                    Expr::Attribute(base, name) if SAME.contains(&self.code.text(name)) => {
                        at = base;
                    }
                    Expr::Attribute(_, name) | Expr::Name(name)
                        if PARTS.contains(&self.code.text(name)) =>
                    {
                        at = self.code.arguments(arguments).first()?.value;
                    }
                    _ => return None,
                },
                // `commonpath([ROOT, path])`.
                Expr::List(list) | Expr::Tuple(list) => {
                    at = *self.code.exprs(list).last()?;
                }
                _ => return None,
            }
        }
        parts.reverse();
        Some(Arc::from(parts.join(".")))
    }

    fn compare(&mut self, left: ExprId, rest: List) -> Vec<Fact> {
        let code = self.code;
        let first = self.eval(left);
        let mut facts = Vec::new();
        let mut before = (left, first);
        for (comparison, right) in code.comparisons(rest) {
            let value = self.eval(*right);
            let fixed = value.whole().is_empty();
            let listed = fixed || self.is_of_caller(&value, &before.1);
            match comparison {
                Comparison::In | Comparison::NotIn if listed && value.as_text().is_none() => {
                    let when = *comparison == Comparison::In;
                    facts.extend(self.written(before.0).map(|s| Fact::harmless(s, when)));
                }
                Comparison::In | Comparison::NotIn if before.1.whole().is_empty() => {
                    let found = *comparison == Comparison::In;
                    facts.extend(self.inside_of(before.1.as_text().map(|t| &**t), *right, found));
                }
                Comparison::Eq | Comparison::NotEq | Comparison::Is | Comparison::IsNot => {
                    let when = matches!(comparison, Comparison::Eq | Comparison::Is);
                    if fixed {
                        facts.extend(self.written(before.0).map(|s| Fact::harmless(s, when)));
                    }
                    if before.1.whole().is_empty() {
                        facts.extend(self.written(*right).map(|s| Fact::harmless(s, when)));
                    }
                }
                _ => {}
            }
            before = (*right, value);
        }
        if code.comparisons(rest).len() > 1 {
            facts.retain(|fact| fact.when);
        }
        facts
    }

    /// Whether what is chosen among comes from the caller, and what is chosen does not come with it.
    fn is_of_caller(&self, among: &Value, chosen: &Value) -> bool {
        let (among, chosen) = (among.whole(), chosen.whole());
        among.labels().iter().all(|label| {
            matches!(label.origin, Origin::Parameter(..))
                && chosen.labels().iter().all(|other| other.origin != label.origin)
        })
    }

    /// `".." in path`, `ROOT in path.parents`: where it is true, and what of.
    fn inside_of(&self, text: Option<&str>, of: ExprId, found: bool) -> Option<Fact> {
        let subject = self.written(of)?;
        let safe = Kinds::of([Kind::Path]);
        match (text, subject.strip_suffix(".parents")) {
            (Some(".." | "../" | "/"), _) => Some(Fact { subject, safe, when: !found }),
            (None, Some(path)) => Some(Fact { subject: Arc::from(path), safe, when: found }),
            _ => None,
        }
    }

    /// `path.startswith(ROOT)`.
    fn begins(&mut self, base: ExprId, with: ExprId) -> Option<Fact> {
        let value = self.eval(with);
        if !value.whole().is_empty() {
            return None;
        }
        let urls = match value.as_text() {
            Some(text) => leading(text),
            None => Kinds::of([Kind::Redirect, Kind::Ssrf]),
        };
        let safe = urls.or(Kinds::of([Kind::Path]));
        Some(Fact { subject: self.written(base)?, safe, when: true })
    }

    /// What a call says that is given back as the answer of a check.
    pub(super) fn checked_by(&mut self, id: ExprId) -> Vec<Fact> {
        if self.code.call(id).is_some() { self.checked(id) } else { Vec::new() }
    }

    /// What a call that checks something says of what it is given.
    fn checked(&mut self, id: ExprId) -> Vec<Fact> {
        let code = self.code;
        let Some((callee, arguments)) = code.call(id) else { return Vec::new() };
        let first = arguments.first().map(|argument| argument.value);
        if let Expr::Attribute(base, name) = code.expr(callee) {
            let name = code.text(name);
            if HARMLESS.contains(&name) {
                return self.written(base).map(|s| Fact::harmless(s, true)).into_iter().collect();
            }
            if name == "startswith"
                && let Some(with) = first
            {
                return self.begins(base, with).into_iter().collect();
            }
            let pattern = matches!(name, "fullmatch" | "match");
            let is_re = code.name(base) == Some("re");
            if pattern && !is_re {
                // A pattern made elsewhere; that it is strict enough is taken on trust.
                let subject = first.and_then(|first| self.written(first));
                return subject.map(|s| Fact::harmless(s, true)).into_iter().collect();
            }
        }
        if let Some(fact) = self.matched(callee, id) {
            return vec![fact];
        }
        self.catalog_checks(callee, id)
    }

    /// `re.fullmatch(r"[a-z]+", name)`, `re.match(r"^[a-z]+$", name)`, `isinstance(page, int)`.
    fn matched(&self, callee: ExprId, call: ExprId) -> Option<Fact> {
        let name = self.code.dotted(callee)?;
        let found = self.world.program.resolve(self.module, &name);
        let djsec_python::QualifiedName::External(external) = &found else { return None };
        let (_, arguments) = self.code.call(call)?;
        let argument = |at: usize| arguments.get(at).map(|argument| argument.value);
        match &**external {
            "re.fullmatch" | "re.match" => {
                let strict = argument(0)
                    .and_then(|id| self.code.string(id))
                    .is_none_or(|pattern| is_strict(pattern, &**external == "re.fullmatch"));
                if !strict {
                    return None;
                }
                Some(Fact::harmless(self.written(argument(1)?)?, true))
            }
            "builtins.isinstance" => {
                let class = self.code.dotted(argument(1)?)?;
                if matches!(&*class, "str" | "bytes") {
                    let subject = self.written(argument(0)?)?;
                    return Some(Fact { subject, safe: Kinds::of([Kind::Nosql]), when: true });
                }
                let plain =
                    matches!(&*class, "int" | "float" | "bool" | "UUID" | "uuid.UUID" | "Decimal");
                plain.then(|| self.written(argument(0)?).map(|s| Fact::harmless(s, true)))?
            }
            _ => None,
        }
    }

    /// What the models say of a function that checks something.
    fn catalog_checks(&mut self, callee: ExprId, call: ExprId) -> Vec<Fact> {
        let code = self.code;
        let Some((_, arguments)) = code.call(call) else { return Vec::new() };
        let mut facts = Vec::new();
        for (checks, receiver) in self.checks_of(callee) {
            for check in checks {
                let subject = check.argument.iter().find_map(|slot| {
                    use crate::catalog::Slot;
                    let expr = match slot {
                        Slot::At(at) => arguments
                            .iter()
                            .filter(|argument| argument.keyword.is_none())
                            .nth(*at)
                            .map(|argument| argument.value),
                        Slot::Named(name) => code.keyword(arguments, name),
                        Slot::Receiver => receiver,
                        _ => None,
                    };
                    self.written(expr?)
                });
                let safe = check.safe;
                facts.extend(subject.map(|subject| Fact { subject, safe, when: true }));
            }
        }
        facts
    }
}

/// What is written at the end of a path can do no more harm.
fn learnt(value: &Value, path: &[&str], safe: Kinds) -> Value {
    match path.split_first() {
        None => value.map(&|taint| taint.sanitized(safe)),
        Some((first, rest)) => {
            let field = learnt(&value.field(first), rest, safe);
            // That nothing is left must be kept, too: the whole would answer otherwise.
            value.clone().with_field(first, field)
        }
    }
}

/// Where a value is empty. That says something of an address only where it is its host. Of what stands in
/// something else nothing is said: the data of a form is made where it is read.
fn empty(subject: Arc<str>) -> Option<Fact> {
    let urls = Kinds::of([Kind::Redirect, Kind::Ssrf]);
    let last = subject.rsplit('.').next().unwrap_or_default();
    let safe = match (subject.contains('.'), last) {
        (false, _) => Kinds::ALL.without(urls),
        (true, "netloc" | "hostname" | "host") => Kinds::ALL,
        _ => return None,
    };
    Some(Fact { subject, safe, when: false })
}

fn of_check(what: &What) -> Vec<Fact> {
    match what {
        What::Check(facts) => facts.as_ref().clone(),
        _ => Vec::new(),
    }
}

/// Whether a pattern that matches leaves nothing dangerous: it is anchored, and takes no arbitrary
/// characters.
fn is_strict(pattern: &str, full: bool) -> bool {
    let anchored = full || (pattern.ends_with('$') || pattern.ends_with("\\Z"));
    let loose = [".*", ".+", "\\S", "[^", "\\D", "\\W", ".{"];
    anchored && !loose.iter().any(|part| pattern.contains(part))
}

impl Label {
    /// Whether it may still do harm as this.
    pub(crate) fn may(&self, kind: Kind) -> bool {
        !self.safe.has(kind)
    }
}

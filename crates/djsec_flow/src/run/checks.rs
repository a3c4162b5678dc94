//! Calls and comparisons that check something: what they say of what they look at.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Code, Expr, ExprId, Operator, Stmt};

use super::Run;
use crate::catalog::{Slot, last};
use crate::value::{Fact, Value, What};
use crate::{Kind, Kinds};

/// Methods of texts that are true of harmless ones only.
const HARMLESS: &[&str] =
    &["isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "isidentifier"];

/// Functions and methods of regular expressions, and whether they need `^` and `$`.
const PATTERNS: &[(&str, bool, bool)] =
    &[("fullmatch", false, false), ("match", false, true), ("search", true, true)];

/// Stands for a part of a text that the source does not say.
const UNSAID: &str = "\u{0}";

/// Types whose values can do no harm.
const PLAIN: &[&str] =
    &["int", "float", "bool", "UUID", "uuid.UUID", "Decimal", "decimal.Decimal", "datetime.date"];

impl<'a> Run<'a, '_> {
    /// What a call that checks something says of what it is given.
    pub(super) fn checked(&mut self, id: ExprId) -> Vec<Fact> {
        let code = self.code;
        let Some((callee, arguments)) = code.call(id) else { return Vec::new() };
        let first = arguments.first().map(|argument| argument.value);
        if let Expr::Attribute(base, name) = code.expr(callee) {
            let name = code.text(name);
            if HARMLESS.contains(&name) {
                let fact = self.written(base).map(|subject| match name {
                    "isdigit" | "isdecimal" | "isnumeric" => Fact::number(subject, true),
                    // A word may still be the name of a model.
                    _ => Fact { safe: Kinds::WORD, ..Fact::harmless(subject, true) },
                });
                return fact.into_iter().collect();
            }
            if let (true, Some(first)) = (name == "startswith", first) {
                return self.begins(base, first);
            }
            if let (true, Some(first)) = (name == "endswith", first) {
                return self.pins_end(base, first);
            }
            if let Some(first) = first {
                let facts = self.compared(base, name, first);
                if !facts.is_empty() {
                    return facts;
                }
            }
            if let Some(fact) = self.matched(base, name, arguments) {
                return vec![fact];
            }
        }
        if let (Some(name @ ("all" | "any")), Some(first)) = (code.name(callee), first) {
            return self.of_each(first, name == "all");
        }
        if let Some(fact) = self.is_plain_type(callee, arguments).or_else(|| self.marked(id)) {
            return vec![fact];
        }
        self.catalog_checks(callee, arguments)
    }

    /// `re.fullmatch(r"[a-z]+", name)`, `NAME.match(name)`.
    fn matched(&self, base: ExprId, name: &str, arguments: &[Argument]) -> Option<Fact> {
        let (_, start, end) = PATTERNS.iter().find(|(known, ..)| *known == name)?;
        let argument = |at: usize| arguments.get(at).map(|argument| argument.value);
        let on = self.named(base);
        let is_re = on.as_ref().is_some_and(|on| on.is_external("re"));
        let (pattern, subject) = if is_re {
            (argument(0).and_then(|id| self.code.string(id)), argument(1)?)
        } else {
            (on.as_ref().and_then(|on| self.compiled(on)), argument(0)?)
        };
        // A pattern that cannot be seen is taken on trust, unless what it is asked for says nothing.
        let strict = pattern.map_or(!start, |pattern| is_strict(pattern, *start, *end));
        if strict {
            return self.subjects(subject, true).pop();
        }
        let within = pattern.is_some_and(|pattern| ends_in_domain(pattern, *end || *start));
        let subject = self.written(subject).filter(|_| within)?;
        Some(of_origin(subject))
    }

    /// The pattern behind a name of a module: `NAME = re.compile("[a-z]+")`.
    pub(super) fn compiled(&self, name: &QualifiedName) -> Option<&'a str> {
        let QualifiedName::Project(module, path) = name else { return None };
        let code: &'a Code = self.world.program.code(*module)?;
        let (callee, arguments) = code.call(code.module_value(path)?)?;
        let made = self.world.named((*module, code), callee)?;
        if made.is_external("re.compile") { code.string(arguments.first()?.value) } else { None }
    }

    /// `isinstance(page, int)`, `isinstance(page, (int, float))`.
    fn is_plain_type(&self, callee: ExprId, arguments: &[Argument]) -> Option<Fact> {
        let code = self.code;
        if code.name(callee) != Some("isinstance") {
            return None;
        }
        let [subject, types] = arguments else { return None };
        let listed = match code.expr(types.value) {
            Expr::Tuple(list) => code.exprs(list).to_vec(),
            _ => vec![types.value],
        };
        let is_text = |id: &ExprId| matches!(code.name(*id), Some("str" | "bytes"));
        if listed.iter().all(is_text) {
            // A text is no query.
            let safe = Kinds::of([Kind::Nosql]);
            let subject = self.written(subject.value)?;
            return Some(Fact { safe, ..Fact::harmless(subject, true) });
        }
        if let ([class], Expr::Name(_)) = (listed.as_slice(), code.expr(subject.value))
            && let Some(class) = self.named(*class)
            && self.world.models.get(&class).is_some()
        {
            let row = Some(class);
            return Some(Fact { row, ..Fact::harmless(self.written(subject.value)?, true) });
        }
        let plain = |id: &ExprId| code.dotted(*id).is_some_and(|name| PLAIN.contains(&&*name));
        if !listed.iter().all(plain) {
            return None;
        }
        Some(Fact::number(self.written(subject.value)?, true))
    }

    /// `url.startswith("https://example.com/")`, `path.startswith(ROOT)`.
    fn begins(&mut self, subject: ExprId, with: ExprId) -> Vec<Fact> {
        let value = self.eval(with);
        if !value.is_fixed() {
            return Vec::new();
        }
        let origin = match value.as_text() {
            Some(text) => is_origin(text),
            None => is_origin(&self.spelt(with, 0)),
        };
        let dash = value.as_text().is_some_and(|text| text.starts_with('-'));
        let Some(subject) = self.written(subject) else {
            // `os.path.abspath(os.path.join(ROOT, name)).startswith(ROOT)`
            return if origin { Vec::new() } else { self.beneath(&[subject], true) };
        };
        let option =
            Fact { safe: Kinds::just(Kind::Option), ..Fact::harmless(Arc::clone(&subject), !dash) };
        let mut safe = Kinds::NONE;
        let mut needs = Kinds::NONE;
        if origin {
            safe = Kinds::of([Kind::Ssrf, Kind::Redirect, Kind::Link]);
        } else {
            // Not the beginning of an address: it is one of a path.
            needs = Kinds::RESOLVED;
            safe = safe.or(Kinds::of([Kind::Path]));
        }
        let texts = self.code.elements(with).unwrap_or(std::slice::from_ref(&with));
        let texts = texts.iter().filter_map(|text| self.code.string(*text));
        let mut facts = stays_below(&subject, texts.map(begins_up));
        // That it begins at the root, or leads up, is no place to stay in.
        let begins =
            facts.is_empty().then(|| Fact { safe, needs, ..Fact::harmless(subject, true) });
        facts.extend(std::iter::once(option).chain(begins));
        facts
    }

    /// How a text is put together, with a sign for each part that the source does not say:
    /// `f"https://{settings.REGION}.example.com/"`.
    fn spelt(&self, id: ExprId, depth: u8) -> String {
        let code = self.code;
        if depth > 4 {
            return UNSAID.into();
        }
        match code.expr(id) {
            Expr::Str(text) => code.text(text).to_owned(),
            Expr::Format(parts) => {
                code.exprs(parts).iter().map(|part| self.spelt(*part, depth + 1)).collect()
            }
            Expr::Binary(left, Operator::Add, right) => {
                self.spelt(left, depth + 1) + &self.spelt(right, depth + 1)
            }
            Expr::Name(name) => {
                let mut values = Vec::new();
                code.each_stmt(self.function.body, &mut |_, stmt| match stmt {
                    Stmt::Assign { targets, value, .. } => {
                        let is = |id: &ExprId| code.expr(*id) == Expr::Name(name);
                        values.extend(code.exprs(targets).iter().any(is).then_some(value));
                    }
                    Stmt::Augmented(target, ..) if code.expr(target) == Expr::Name(name) => {
                        values.push(None);
                    }
                    _ => {}
                });
                match values.as_slice() {
                    [Some(only)] => self.spelt(*only, depth + 1),
                    _ => UNSAID.into(),
                }
            }
            _ => UNSAID.into(),
        }
    }

    /// `origin.endswith(".example.com")`.
    fn pins_end(&mut self, subject: ExprId, with: ExprId) -> Vec<Fact> {
        let value = self.eval(with);
        let whole = |text: &str| text.starts_with(['.', '/']) && text.len() > 1;
        let own = value.as_text().is_some_and(|text| whole(text));
        // `urlparse(url).hostname.endswith(".example.com")`
        if let Some((subject, safe)) = self.host_of(subject)
            && value.as_text().is_some_and(|text| text.starts_with('.') && text.len() > 1)
        {
            return vec![Fact { safe, ..Fact::harmless(subject, true) }];
        }
        self.written(subject).filter(|_| own).map(of_origin).into_iter().collect()
    }

    /// `all(name in NAMES for name in names)`, `any(name not in NAMES for name in names)`.
    fn of_each(&mut self, id: ExprId, all: bool) -> Vec<Fact> {
        let code = self.code;
        let Expr::Comprehension(at) = code.expr(id) else { return Vec::new() };
        let Some(comprehension) = code.comprehension(at) else { return Vec::new() };
        let ([(target, iterable, conditions)], [element]) =
            (comprehension.clauses.as_slice(), code.exprs(comprehension.element))
        else {
            return Vec::new();
        };
        if !conditions.is_empty() {
            return Vec::new();
        }
        let values = self.eval(*iterable);
        if Self::resolved(&values).is_some() {
            // What holds of all addresses of a host, or of none, is said of it.
            let facts = self.of_turn(&values, *target, *element);
            return facts.into_iter().filter(|fact| fact.when == all).collect();
        }
        let Some(name) = code.name(*target) else { return Vec::new() };
        let facts = self.of_turn(&values, *target, *element);
        // `any(pattern.match(origin) for pattern in PATTERNS)`: one of them held.
        if !all && facts.iter().any(|fact| fact.when && *fact.subject != *name) {
            return facts.into_iter().filter(|fact| fact.when && *fact.subject != *name).collect();
        }
        let Some(subject) = self.written(*iterable) else { return Vec::new() };
        let facts = facts.into_iter().filter(|fact| *fact.subject == *name && fact.when == all);
        facts.map(|fact| Fact { subject: Arc::clone(&subject), ..fact }).collect()
    }

    /// What a condition says in one turn over some values.
    fn of_turn(&mut self, values: &Value, target: ExprId, test: ExprId) -> Vec<Fact> {
        let before = self.env.clone();
        let one = self.element(values);
        self.assign(target, one);
        let mut facts = self.test(test);
        // A list of rows is no row.
        facts.retain(|fact| fact.row.is_none());
        self.env = before;
        facts
    }

    /// What a comparison with something fixed says where it is `when`: of the value itself, or of what it
    /// was taken from.
    pub(super) fn subjects(&self, id: ExprId, when: bool) -> Vec<Fact> {
        let code = self.code;
        if let Some((subject, safe)) = self.host_of(id) {
            return vec![Fact { safe, ..Fact::harmless(subject, when) }];
        }
        if let Some(subject) = self.written(id) {
            let safe = Kinds::of([Kind::Model]);
            let model = self.model_of_meta(id);
            let model = model.map(|subject| Fact { safe, ..Fact::harmless(subject, when) });
            return model.into_iter().chain([Fact::harmless(subject, when)]).collect();
        }
        // Each part of what is one of a few: `(app, name) in EXPORTED`.
        if let Expr::Tuple(parts) | Expr::Format(parts) = code.expr(id) {
            let parts = code.exprs(parts).iter().filter_map(|part| self.written(*part));
            return parts.map(|subject| Fact::harmless(subject, when)).collect();
        }
        self.beneath(self.common_path(id), when)
    }

    /// What it says of a text that it has no such part, where the comparison is `when`.
    pub(super) fn lacks(&self, part: &str, text: ExprId, when: bool) -> Option<Fact> {
        let safe = match part {
            ".." | "/" => Kinds::of([Kind::Path]),
            "\n" | "\r" => Kinds::of([Kind::Header, Kind::Log, Kind::Mail]),
            _ => return None,
        };
        Some(Fact { safe, ..Fact::harmless(self.written(text)?, when) })
    }

    /// What the models say of a function that checks something.
    fn catalog_checks(&mut self, callee: ExprId, arguments: &[Argument]) -> Vec<Fact> {
        let code = self.code;
        let name = match code.expr(callee) {
            Expr::Name(name) | Expr::Attribute(_, name) => code.text(name),
            _ => return Vec::new(),
        };
        let own = self.world.program.resolve(self.module, name);
        let known = match &own {
            QualifiedName::External(dotted) => last(dotted),
            _ => name,
        };
        if !self.world.catalog.may_check(known) && !self.world.catalog.may_check(name) {
            return Vec::new();
        }
        let mut facts = Vec::new();
        for (checks, receiver) in self.checks_of(callee) {
            for check in checks {
                let subject = check.argument.iter().find_map(|slot| {
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
                let (safe, needs) = (check.safe, check.needs);
                let fact = |subject| Fact { safe, needs, ..Fact::harmless(subject, true) };
                facts.extend(subject.map(fact));
            }
        }
        facts
    }

    /// What is kept where the answer of a check is given a name.
    pub(super) fn as_check(&mut self, id: ExprId) -> Option<What> {
        if !matches!(self.code.expr(id), Expr::Call(..)) {
            return None;
        }
        let facts = self.checked(id);
        (!facts.is_empty()).then(|| What::Check(Arc::new(facts)))
    }
}

/// Says of a site that asks that it is one of a domain.
fn of_origin(subject: Arc<str>) -> Fact {
    let safe = Kinds::of([Kind::Origin]);
    Fact { safe, ..Fact::harmless(subject, true) }
}

/// Whether only sites of one domain match a pattern: `^https://.*\.example\.com$`. There is no path in an
/// origin, so what stands in front does not matter.
fn ends_in_domain(pattern: &str, needs_end: bool) -> bool {
    let bare = ["$", "\\Z", "\\z"].iter().find_map(|anchor| pattern.strip_suffix(anchor));
    let Some(bare) = bare.or((!needs_end).then_some(pattern)) else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '\\' | '.');
    let front = bare.trim_end_matches(plain);
    let tail = bare.strip_prefix(front).unwrap_or_default();
    let escaped = tail.matches('.').count() == tail.matches("\\.").count();
    escaped && tail.contains("\\.") && (tail.starts_with("\\.") || front.ends_with('/'))
}

/// As what a path does no harm that does not begin with a text.
fn begins_up(text: &str) -> Kinds {
    match text {
        ".." => Kinds::NOT_UP.or(Kinds::NOT_PARENT),
        "../" => Kinds::NOT_UP,
        "/" => Kinds::ROOTLESS,
        _ => Kinds::NONE,
    }
}

/// Where a check does not hold, a path is none of these, and leads to somewhere below once it is none of all.
pub(super) fn stays_below(subject: &Arc<str>, all: impl Iterator<Item = Kinds>) -> Vec<Fact> {
    let safe = all.fold(Kinds::NONE, Kinds::or);
    if safe == Kinds::NONE {
        return Vec::new();
    }
    let fact = |safe, needs| Fact { safe, needs, ..Fact::harmless(Arc::clone(subject), false) };
    // What was seen before `..` was taken out of the middle says nothing.
    vec![fact(safe, Kinds::RESOLVED), fact(Kinds::of([Kind::Path]), Kinds::BELOW)]
}

/// Whether a text is a whole origin, so that an address that begins with it stays there:
/// `https://example.com/`.
fn is_origin(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| rest.find('/').is_some_and(|at| at > 0))
}

/// Whether a pattern that matches leaves nothing dangerous: it is anchored, and takes no arbitrary
/// characters.
pub(super) fn is_strict(pattern: &str, start: bool, end: bool) -> bool {
    let begins = !start || pattern.starts_with('^') || pattern.starts_with("\\A");
    let ends = !end || ["$", "\\Z", "\\z"].iter().any(|anchor| pattern.ends_with(anchor));
    let loose = [".*", ".+", "\\S", "[^", "\\D", "\\W", ".{"];
    begins && ends && !loose.iter().any(|part| pattern.contains(part))
}

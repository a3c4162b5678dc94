//! Conditions on the address of a request, answered for one route: `request.path in EXEMPT`,
//! `any(pattern.match(path) for pattern in settings.LOGIN_EXEMPT_URLS)`, `resolve(path).url_name in NAMES`.
//! Tables of addresses are those of constants and of the settings; what is not wholly known is not answered.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use djsec_python::Kept;
use djsec_python::code::{Argument, Code, Comparison, Expr, ExprId, Stmt};
use djsec_python::value::Data;
use regex::Regex;

use super::Level;
use super::frame::{Frame, Goal};
use super::limits::holds;
use super::sample::Address;
use super::site::Site;

/// Tables lead to tables at most this often.
const DEEPEST: u8 = 6;

/// What of a request a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Subject {
    /// Its path, with the slash in front or without.
    Path(bool),
    /// The name of its route, with those of the namespaces or without.
    Name(bool),
}

/// A name that stands for one entry of a table, and the entry.
type Bound<'b> = Option<(&'b str, &'b str)>;

/// What the conditions of one function ask, kept: only the answers differ from address to address.
/// Names that are followed on the way to an expression are part of the question, as they are bounded.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    about: Kept<(ExprId, u8), bool>,
    subjects: Kept<(ExprId, u8), Option<Subject>>,
    tables: Kept<ExprId, Option<Arc<[String]>>>,
    patterns: Kept<String, Option<Arc<Regex>>>,
    /// Whom functions let through that are called with one of [`Goal`]'s plain goals, where they are followed.
    called: Kept<(ExprId, Goal<'static>), Option<Level>>,
}

/// The address that a function is asked for, with the conditions of that function.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) address: Arc<Address>,
    pub(super) conditions: Arc<Conditions>,
}

impl<'a> Frame<'a> {
    /// Whether a condition is about the address, and what it says of the route that is asked for.
    pub(super) fn address_says(&self, test: ExprId) -> Option<bool> {
        let asking = self.address.as_ref()?;
        let about = || {
            let mut about = false;
            self.code().each_inner(test, &mut |id, _| about = about || self.is_about_address(id));
            about
        };
        if !asking.conditions.about.get_or(&(test, self.following.get()), about) {
            return None;
        }
        let paths = asking.address.paths.iter();
        let mut answers = paths.map(|path| self.says(test, asking, path, None));
        let first = answers.next().flatten();
        let answer = first.filter(|first| answers.all(|answer| answer == Some(*first)));
        self.undecided.set(self.undecided.get() || answer.is_none());
        answer
    }

    /// Whom the function lets through that a call calls, where it can be followed. It is not told the address, so
    /// that it is followed once for all of them.
    pub(super) fn through(
        &self,
        call: ExprId,
        goal: Goal<'a>,
        callee: impl FnOnce() -> Option<Self>,
    ) -> Option<Level> {
        let follow = || callee().map(|frame| frame.reach());
        match (&self.address, goal.plain()) {
            (Some(asking), Some(goal)) => asking.conditions.called.get_or(&(call, goal), follow),
            _ => follow(),
        }
    }

    /// Whether an expression is the address, or may be: a name that is assigned in several ways, a function
    /// that is handed the request and is not followed.
    fn is_about_address(&self, expr: ExprId) -> bool {
        let code = self.code();
        match code.expr(expr) {
            Expr::Name(name) => {
                let may = |value: &ExprId| self.at_depth(|| self.subject(*value)).is_some();
                self.def.assigned(code.text(name)).iter().any(may)
            }
            Expr::Attribute(value, name) => {
                let address = ["path", "path_info", "resolver_match"];
                address.contains(&code.text(name)) && self.is_request(value)
                    || self.subject(expr).is_some()
            }
            Expr::Call(callee, arguments) => {
                let name = code.dotted(callee).unwrap_or_default();
                let plain = matches!(&*name, "hasattr" | "getattr" | "isinstance");
                let handed = |a: &Argument| self.is_request(a.value);
                !plain && code.arguments(arguments).iter().any(handed)
                    || name.starts_with("self.")
                    || self.subject(expr).is_some()
            }
            _ => false,
        }
    }

    /// What is found one name further; nothing where names lead in a circle.
    fn at_depth<T>(&self, f: impl FnOnce() -> Option<T>) -> Option<T> {
        let depth = self.following.get();
        if depth >= DEEPEST {
            return None;
        }
        self.following.set(depth + 1);
        let found = f();
        self.following.set(depth);
        found
    }

    /// Whether the function looks at the address of the request anywhere.
    pub(super) fn asks_address(&self) -> bool {
        let mut asks = false;
        self.code().each_expr(self.def.function.body, &mut |id, _| {
            asks = asks || self.subject(id).is_some();
        });
        asks
    }

    /// Whether the function looks at the user anywhere.
    pub(super) fn asks_user(&self) -> bool {
        let mut asks = false;
        self.code().each_expr(self.def.function.body, &mut |id, _| {
            asks = asks || self.is_user(id);
        });
        asks
    }

    fn subject(&self, expr: ExprId) -> Option<Subject> {
        let code = self.code();
        match code.expr(expr) {
            Expr::Name(name) => {
                let mut values = self.def.assigned(code.text(name)).into_iter();
                let first = self.at_depth(|| self.subject(values.next()?))?;
                let same = |value| self.at_depth(|| self.subject(value)) == Some(first);
                values.all(same).then_some(first)
            }
            Expr::Attribute(value, name) => match code.text(name) {
                "path" | "path_info" if self.is_request(value) => Some(Subject::Path(true)),
                "url_name" if self.is_match(value) => Some(Subject::Name(false)),
                "view_name" if self.is_match(value) => Some(Subject::Name(true)),
                _ => None,
            },
            Expr::Call(callee, arguments) => {
                let Expr::Attribute(value, name) = code.expr(callee) else { return None };
                let arguments = code.arguments(arguments);
                let slash = arguments.first().and_then(|argument| code.string(argument.value));
                match (code.text(name), slash, self.subject(value)?) {
                    ("lstrip", Some("/"), Subject::Path(_)) => Some(Subject::Path(false)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `resolve(request.path_info)`, `request.resolver_match`.
    fn is_match(&self, expr: ExprId) -> bool {
        let code = self.code();
        match code.expr(expr) {
            Expr::Name(name) => {
                self.at_local(code.text(name), |value| self.is_match(value)).unwrap_or(false)
            }
            Expr::Attribute(value, name) => {
                code.text(name) == "resolver_match" && self.is_request(value)
            }
            Expr::Call(callee, _) => {
                let name = self.site().dotted(callee);
                matches!(&*name, "django.urls.resolve" | "django.urls.base.resolve")
            }
            _ => false,
        }
    }

    fn says(&self, test: ExprId, asking: &Asking, path: &str, bound: Bound<'_>) -> Option<bool> {
        let code = self.code();
        let Asking { address, conditions } = asking;
        let text = |subject: Subject| match subject {
            Subject::Path(true) => Some(path),
            Subject::Path(false) => Some(path.trim_start_matches('/')),
            Subject::Name(true) => address.full_name.as_deref(),
            Subject::Name(false) => address.name.as_deref(),
        };
        let subject = |expr: ExprId| {
            conditions.subjects.get_or(&(expr, self.following.get()), || self.subject(expr))
        };
        match code.expr(test) {
            Expr::Compare(left, rest) => {
                let [(operator, right)] = code.comparisons(rest) else { return None };
                let subject = text(subject(left)?);
                let table = self.table(conditions, *right, bound)?;
                let is = subject.is_some_and(|text| table.iter().any(|entry| entry == text));
                match operator {
                    Comparison::In => Some(is),
                    Comparison::NotIn => Some(!is),
                    Comparison::Eq => (table.len() == 1).then_some(is),
                    Comparison::NotEq => (table.len() == 1).then_some(!is),
                    _ => None,
                }
            }
            Expr::Call(callee, arguments) => {
                let arguments = code.arguments(arguments);
                if let Some("any") = code.name(callee) {
                    return self.any(arguments, asking, path);
                }
                let Expr::Attribute(value, name) = code.expr(callee) else { return None };
                let name = code.text(name);
                let first = arguments.first()?.value;
                if let Some(subject) = subject(value) {
                    let (text, table) = (text(subject)?, self.table(conditions, first, bound)?);
                    return match name {
                        "startswith" => Some(table.iter().any(|entry| text.starts_with(&**entry))),
                        "endswith" => Some(table.iter().any(|entry| text.ends_with(&**entry))),
                        _ => None,
                    };
                }
                // `pattern.match(path)`, `re.match(pattern, path)`
                let of_module = self.site().resolve(value).is_external("re");
                let (pattern, asked) =
                    if of_module { (first, arguments.get(1)?.value) } else { (value, first) };
                let text = text(subject(asked)?)?;
                conditions.matched(&self.table(conditions, pattern, bound)?, name, text)
            }
            _ => None,
        }
    }

    /// The texts of a table; only those that hold no entry of another one are worth keeping.
    fn table(&self, kept: &Conditions, expr: ExprId, bound: Bound<'_>) -> Option<Arc<[String]>> {
        let read = || table(self.site(), Some(self), expr, bound, 0).map(Arc::from);
        if bound.is_some() { read() } else { kept.tables.get_or(&expr, read) }
    }

    /// `any(pattern.match(path) for pattern in TABLE)`
    fn any(&self, arguments: &[Argument], asking: &Asking, path: &str) -> Option<bool> {
        let code = self.code();
        let Expr::Comprehension(at) = code.expr(arguments.first()?.value) else { return None };
        let (name, iterable, element) = plain_loop(code, at)?;
        let mut all = false;
        for entry in self.table(&asking.conditions, iterable, None)?.iter() {
            all |= self.says(element, asking, path, Some((name, entry)))?;
        }
        Some(all)
    }
}

/// `ELEMENT for NAME in ITERABLE`, without conditions: the name, the iterable, the element.
fn plain_loop(code: &Code, comprehension: u32) -> Option<(&str, ExprId, ExprId)> {
    let comprehension = code.comprehension(comprehension)?;
    let [(target, iterable, conditions)] = comprehension.clauses.as_slice() else { return None };
    let [element] = code.exprs(comprehension.element) else { return None };
    let plain = code.exprs(*conditions).is_empty();
    plain.then_some((code.name(*target)?, *iterable, *element))
}

impl Conditions {
    /// Whether one of these patterns matches, as a method of `re` does.
    fn matched(&self, patterns: &[String], method: &str, text: &str) -> Option<bool> {
        let mut any = false;
        for pattern in patterns {
            let pattern = match method {
                "match" => format!("\\A(?:{pattern})"),
                "fullmatch" => format!("\\A(?:{pattern})\\z"),
                "search" => pattern.clone(),
                _ => return None,
            };
            let compile = || Regex::new(&pattern).ok().map(Arc::new);
            any |= self.patterns.get_or(&pattern, compile)?.is_match(text);
        }
        Some(any)
    }
}

/// The texts of a table, compiled patterns as they are written; nothing where not all are known.
fn table(
    site: Site<'_>,
    frame: Option<&Frame<'_>>,
    expr: ExprId,
    bound: Bound<'_>,
    depth: u8,
) -> Option<Vec<String>> {
    let code = site.code;
    if depth > DEEPEST {
        return None;
    }
    let next = |expr: ExprId| table(site, frame, expr, bound, depth + 1);
    match code.expr(expr) {
        Expr::Str(text) => Some(vec![code.text(text).to_owned()]),
        Expr::List(parts) | Expr::Tuple(parts) | Expr::Set(parts) => {
            let mut all = Vec::new();
            for part in code.exprs(parts) {
                let inner = if let Expr::Starred(inner) = code.expr(*part) { inner } else { *part };
                all.extend(next(inner)?);
            }
            Some(all)
        }
        Expr::Binary(left, _, right) => Some([next(left)?, next(right)?].concat()),
        Expr::Attribute(..) => {
            let name = site.dotted(expr);
            setting(site, name.strip_prefix("django.conf.settings.")?)
        }
        Expr::Call(callee, arguments) => {
            let first = code.arguments(arguments).first()?.value;
            let name = site.dotted(callee);
            match &*name {
                "re.compile" | "builtins.list" | "builtins.tuple" | "builtins.set"
                | "builtins.frozenset" => next(first),
                "builtins.getattr" if site.dotted(first) == "django.conf.settings" => {
                    let wanted = code.arguments(arguments).get(1)?.value;
                    setting(site, code.string(wanted)?)
                }
                _ => {
                    // `settings.LOGIN_URL.lstrip("/")`
                    let Expr::Attribute(value, method) = code.expr(callee) else { return None };
                    if code.text(method) != "lstrip" || code.string(first) != Some("/") {
                        return None;
                    }
                    let all = next(value)?.into_iter();
                    Some(all.map(|text| text.trim_start_matches('/').to_owned()).collect())
                }
            }
        }
        Expr::Comprehension(at) => {
            let (name, iterable, element) = plain_loop(code, at)?;
            let mut all = Vec::new();
            for entry in next(iterable)? {
                all.extend(table(site, frame, element, Some((name, &entry)), depth + 1)?);
            }
            Some(all)
        }
        Expr::Name(name) => {
            let name = code.text(name);
            if let Some((_, entry)) = bound.filter(|(known, _)| *known == name) {
                return Some(vec![entry.to_owned()]);
            }
            if let Some(value) = frame.and_then(|frame| frame.local(name)) {
                return next(value);
            }
            constant(site, name, depth)
        }
        _ => None,
    }
}

/// A name of the module, with all that its statements put into it; what stands under conditions is
/// taken to be there.
fn constant(site: Site<'_>, name: &str, depth: u8) -> Option<Vec<String>> {
    let code = site.code;
    let mut values: Vec<ExprId> = Vec::new();
    code.each_module_stmt(&mut |_, stmt| match stmt {
        Stmt::Assign { targets, value: Some(value), .. }
            if code.exprs(targets).iter().any(|target| code.name(*target) == Some(name)) =>
        {
            values.push(value);
        }
        Stmt::Augmented(target, _, value) if code.name(target) == Some(name) => values.push(value),
        _ => {}
    });
    let mut all = Vec::new();
    for value in &values {
        all.extend(table(site, None, *value, None, depth + 1)?);
    }
    (!values.is_empty()).then_some(all)
}

/// The texts of a setting in production, where nobody sets it otherwise from outside.
fn setting(site: Site<'_>, name: &str) -> Option<Vec<String>> {
    let setting = site.cx.settings.get(name);
    if setting.is_open() && setting.elements().is_empty() && setting.alternatives().len() < 2 {
        return None;
    }
    let mut all = Vec::new();
    let mut known = false;
    let alternatives = setting.alternatives();
    let single = alternatives.iter().filter(|part| part.data.as_seq().is_none());
    for part in setting.elements().iter().chain(single) {
        if !holds(site.cx, part.when) {
            continue;
        }
        known = true;
        match &part.data {
            Data::Str(text) => all.push(text.to_string()),
            _ => return None,
        }
    }
    known.then_some(all)
}

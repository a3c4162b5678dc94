//! Calls of things outside of the project, in code that production may run, and what their arguments
//! are.

use std::collections::BTreeMap;

use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Expr, ExprId, Function, List, Operator, Stmt, StmtId};
use rayon::prelude::*;

use crate::Cx;
use crate::own::Site;

/// A call of something outside of the project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Called<'a> {
    pub(crate) at: Site<'a>,
    pub(crate) id: ExprId,
    /// What is called, by its own name: `hashlib.md5`.
    pub(crate) name: &'static str,
    pub(crate) arguments: &'a [Argument],
}

impl<'a> Called<'a> {
    pub(crate) fn argument(&self, position: usize, name: &str) -> Option<ExprId> {
        self.at.code.argument(self.arguments, position, name)
    }

    pub(crate) fn keyword(&self, name: &str) -> Option<ExprId> {
        self.at.code.keyword(self.arguments, name)
    }

    /// The function around it.
    pub(crate) fn function(&self) -> Option<&'a Function> {
        self.at.function_of(self.id)
    }

    /// The path of that function; nothing outside of functions.
    pub(crate) fn path_around(&self) -> &'a str {
        self.at.path_around(self.id)
    }

    /// The calls of a method on nothing but what it makes, in the same function, with their arguments.
    pub(crate) fn methods(&self, name: &str) -> Vec<(ExprId, &'a [Argument])> {
        let (at, code) = (self.at, self.at.code);
        let Some(function) = self.function() else { return Vec::new() };
        let calls = at.calls_in(function).into_iter().filter(|id| at.called(*id) == Some(name));
        let its = calls.filter_map(|id| {
            let (callee, arguments) = code.call(id)?;
            let Expr::Attribute(on, _) = code.expr(callee) else { return None };
            let its = on == self.id || at.given(on).is_some_and(|all| all == [self.id]);
            its.then_some((id, arguments))
        });
        its.collect()
    }

    /// Whether it is told that what it does is not for security.
    pub(crate) fn is_not_for_security(&self) -> bool {
        let told = self.keyword("usedforsecurity").and_then(|value| self.at.code.bool(value));
        told == Some(false)
    }
}

/// Whether a value stands in the code: a text, bytes, `b"\0" * 16`, `"…".encode()`, and what is decoded
/// or hashed of nothing else.
pub(crate) fn written(at: Site<'_>, value: ExprId) -> bool {
    const MAKE: &[&str] = &[
        "b64decode",
        "b64encode",
        "fromhex",
        "md5",
        "sha256",
        "unhexlify",
        "urlsafe_b64decode",
        "urlsafe_b64encode",
    ];
    const OF: &[&str] = &["digest", "encode", "ljust"];
    let code = at.code;
    let (callee, arguments) = match code.expr(value) {
        Expr::Str(_) | Expr::Bytes | Expr::Int(_) => return true,
        Expr::Binary(
            left,
            Operator::Add | Operator::Sub | Operator::Mult | Operator::Power | Operator::Other,
            right,
        ) => return written(at, left) && written(at, right),
        Expr::Call(callee, arguments) => (callee, code.arguments(arguments)),
        _ => return false,
    };
    let of = match code.expr(callee) {
        Expr::Attribute(object, name) => {
            let name = code.text(name);
            let given = !arguments.is_empty() && MAKE.contains(&name);
            given || (OF.contains(&name) && written(at, object))
        }
        Expr::Name(name) => {
            let name = code.text(name);
            let make = matches!(name, "bytes" | "bytearray");
            !arguments.is_empty() && (make || MAKE.contains(&name))
        }
        _ => false,
    };
    of && arguments.iter().all(|argument| written(at, argument.value))
}

impl Site<'_> {
    /// Every value that a name is given in the function around an expression, or in the module for
    /// what stands outside of functions. Nothing where some of them are not values that stand there: a
    /// parameter, the variable of a loop, `+=`.
    pub(crate) fn given(self, expr: ExprId) -> Option<Vec<ExprId>> {
        let name = self.code.name(expr)?;
        let mut around = self.function_of(expr);
        // A function may use the names of those around it.
        while let Some(function) = around {
            if function.parameters.iter().any(|parameter| self.code.text(parameter.name) == name) {
                return None;
            }
            let mut values = Vec::new();
            let (mut found, mut plain) = (false, true);
            self.code.each_stmt(function.body, &mut |_, stmt| {
                (found, plain) = self.gives(stmt, name, &mut values, (found, plain));
            });
            if found {
                return plain.then_some(values);
            }
            around = function.parent.and_then(|id| self.code.function(id));
        }
        if self.is_turn(expr, name) { None } else { self.of_module(name) }
    }

    /// Whether a name is the variable of a comprehension around it.
    fn is_turn(self, expr: ExprId, name: &str) -> bool {
        let range = self.code.expr_range(expr);
        self.code.all_exprs().any(|(id, around)| {
            let Expr::Comprehension(at) = around else { return false };
            let clauses = self.code.comprehension(at).map(|c| c.clauses.as_slice());
            self.code.expr_range(id).contains_range(range)
                && clauses.unwrap_or_default().iter().any(|(target, ..)| {
                    let mut is = false;
                    self.code.each_inner(*target, &mut |id, _| {
                        is |= self.code.name(id) == Some(name);
                    });
                    is
                })
        })
    }

    /// Every value that a module gives a name at its top level.
    fn of_module(self, name: &str) -> Option<Vec<ExprId>> {
        let mut values = Vec::new();
        let (mut found, mut plain) = (false, true);
        for id in self.code.body() {
            let stmt = self.code.stmt(*id);
            (found, plain) = self.gives(stmt, name, &mut values, (found, plain));
            self.code.each_block(stmt, &mut |block| {
                self.code.each_stmt(block, &mut |_, stmt| {
                    (found, plain) = self.gives(stmt, name, &mut values, (found, plain));
                });
            });
        }
        (found && plain).then_some(values)
    }

    fn gives(
        self,
        stmt: Stmt,
        name: &str,
        values: &mut Vec<ExprId>,
        (found, plain): (bool, bool),
    ) -> (bool, bool) {
        let code = self.code;
        match stmt {
            Stmt::Assign { targets, value: Some(value), .. } => {
                let is = code.exprs(targets).iter().any(|target| code.name(*target) == Some(name));
                if is {
                    values.push(value);
                    return (true, plain);
                }
                let mut inside = false;
                for target in code.exprs(targets) {
                    let parts = code.elements(*target).unwrap_or_default();
                    inside |= parts.iter().any(|part| code.name(*part) == Some(name));
                }
                (found || inside, plain && !inside)
            }
            Stmt::Augmented(target, ..) | Stmt::For { target, .. } => {
                let mut inside = false;
                code.each_inner(target, &mut |id, _| inside |= code.name(id) == Some(name));
                (found || inside, plain && !inside)
            }
            Stmt::With { items, .. } => {
                for (entered, target) in code.with_items(items) {
                    if target.is_some_and(|target| code.name(target) == Some(name)) {
                        values.push(*entered);
                        return (true, plain);
                    }
                }
                (found, plain)
            }
            _ => (found, plain),
        }
    }

    /// What decides whether an expression is run, in the function around it: the tests of the `if`s and
    /// conditional expressions around it, and of those before it that leave the function.
    pub(crate) fn tests_of(self, expr: ExprId) -> Vec<ExprId> {
        let code = self.code;
        let range = code.expr_range(expr);
        let within = |list: List| {
            code.stmts(list).iter().any(|id| code.stmt_range(*id).contains_range(range))
        };
        let leaves = |list: List| {
            let last = code.stmts(list).last().map(|id| code.stmt(*id));
            matches!(last, Some(Stmt::Return(_) | Stmt::Raise(_)))
        };
        let function = self.function_of(expr);
        let before = |id: StmtId| {
            let place = code.stmt_range(id);
            place.end() <= range.start()
                && function.is_some_and(|function| function.range.contains_range(place))
        };
        let mut tests = Vec::new();
        for (id, stmt) in code.all_stmts() {
            let Stmt::If { test, then, otherwise } = stmt else { continue };
            if within(then) || within(otherwise) || (before(id) && leaves(then)) {
                tests.push(test);
            }
        }
        for (id, conditional) in code.all_exprs() {
            let Expr::Conditional { test, .. } = conditional else { continue };
            if code.expr_range(id).contains_range(range) {
                tests.push(test);
            }
        }
        tests
    }

    /// Whether something around says that it is a choice: `if settings.DEBUG`, `if not self.verify_ssl`.
    pub(crate) fn is_chosen(self, place: ExprId) -> bool {
        const STEMS: &[&str] = &["certif", "debug", "insecure", "unsafe", "validat", "verif"];
        const WORDS: &[&str] = &[
            "cert",
            "certs",
            "dev",
            "env",
            "environment",
            "ignore",
            "local",
            "prod",
            "production",
            "signed",
            "skip",
            "ssl",
            "strict",
            "test",
            "testing",
            "tls",
            "trust",
            "trusted",
        ];
        let mut chosen = false;
        for test in self.tests_of(place) {
            self.code.each_inner(test, &mut |_, expr| {
                let (Expr::Name(text) | Expr::Attribute(_, text) | Expr::Str(text)) = expr else {
                    return;
                };
                let text = self.code.text(text).to_ascii_lowercase();
                chosen |= STEMS.iter().any(|stem| text.contains(stem))
                    || text.split(['_', '-']).any(|part| WORDS.contains(&part));
            });
        }
        chosen
    }
}

impl<'a> Cx<'a> {
    /// The calls of these things in code that production may run.
    pub(crate) fn calls_to(&self, names: &[&'static str]) -> Vec<Called<'a>> {
        let mut out = Vec::new();
        let sites: Vec<Site<'a>> = self.sites().collect();
        let found = sites.par_iter().map(|at| self.program.calls_to_any(at.module, names));
        let found: Vec<_> = found.collect();
        for (at, calls) in sites.into_iter().zip(found) {
            if calls.is_empty() || self.is_other_profile(at) {
                continue;
            }
            let places: BTreeMap<_, _> = calls
                .into_iter()
                .map(|(name, call)| ((call.span.range.start(), call.span.range.end()), name))
                .collect();
            for (id, expr) in at.code.all_exprs() {
                let Expr::Call(_, arguments) = expr else { continue };
                let range = at.code.expr_range(id);
                if let Some(name) = places.get(&(range.start(), range.end())) {
                    let arguments = at.code.arguments(arguments);
                    out.push(Called { at, id, name, arguments });
                }
            }
        }
        out
    }

    /// Whether a module is one of settings that production does not load: those of developers.
    pub(crate) fn is_other_profile(&self, at: Site<'_>) -> bool {
        let Some(path) = self.files.file(at.file).map(|file| file.path.as_path()) else {
            return false;
        };
        let folder = path.parent().and_then(|parent| parent.file_name());
        let name = path.file_stem().unwrap_or_default();
        let settings = folder == Some("settings")
            || name.split('_').any(|part| part == "settings")
            || name.ends_with("settings");
        settings && !self.settings().files().contains(&at.file)
    }

    /// The setting that an expression reads: `settings.VERIFY`.
    pub(crate) fn setting_read(&self, at: Site<'_>, expr: ExprId) -> Option<String> {
        if let Some((callee, arguments)) = at.code.call(expr) {
            let [object, name, ..] = arguments else { return None };
            let getattr = self.names(at, callee, &["builtins.getattr"])
                && self.names(at, object.value, &["django.conf.settings"]);
            return at.code.string(name.value).filter(|_| getattr).map(str::to_owned);
        }
        match self.resolved(at, expr) {
            QualifiedName::External(name) => {
                let name = name.strip_prefix("django.conf.settings.")?;
                (!name.contains('.')).then(|| name.to_owned())
            }
            _ => None,
        }
    }

    /// Whether an expression is a value of which `is` holds: itself, every value of the name that it
    /// is, or that of a constant in another module of the project. Otherwise nothing is known of it.
    pub(crate) fn surely(
        &self,
        at: Site<'a>,
        expr: ExprId,
        is: &dyn Fn(Site<'a>, ExprId) -> bool,
    ) -> bool {
        self.origin(at, expr, is).is_some()
    }

    /// As [`Self::surely`], with the place of the value.
    pub(crate) fn origin(
        &self,
        at: Site<'a>,
        expr: ExprId,
        is: &dyn Fn(Site<'a>, ExprId) -> bool,
    ) -> Option<(Site<'a>, ExprId)> {
        if is(at, expr) {
            return Some((at, expr));
        }
        if let Some(values) = at.given(expr) {
            let all = values.iter().all(|value| is(at, *value));
            return values.first().filter(|_| all).map(|value| (at, *value));
        }
        let QualifiedName::Project(module, path) = self.resolved(at, expr) else { return None };
        let there = self.site(module).filter(|there| there.module != at.module)?;
        let values = there.of_module(&path)?;
        let all = values.iter().all(|value| is(there, *value));
        values.first().filter(|_| all).map(|value| (there, *value))
    }
}

//! Who gets to the end of a function: its paths, with what each `if` on the way says of the user.
//!
//! Blocks are read backwards: `after` is who gets on after a statement, and the statement makes of
//! it who gets through both. So each statement is looked at once.

use djsec_python::code::{Argument, Expr, ExprId, List, Stmt, StmtId};

use super::Level;
use super::frame::{Frame, Goal};
use super::site::last;

/// What counts as being sent away.
#[derive(Clone, Copy)]
enum Refusal {
    /// Only what says so: 401, 403, a login page.
    OfAccess,
    /// Errors of any kind too.
    Any,
    /// Redirects, messages and answers that say nothing too: a check on the user has failed before.
    AfterFailure,
}

impl Frame<'_> {
    /// Who gets to the goal in this function's body.
    pub(super) fn reach(&self) -> Level {
        let end = match self.goal {
            Goal::True | Goal::Calls(_) => Level::Nobody,
            _ => Level::Public,
        };
        self.block(self.def.function.body, &end, false)
    }

    /// `failed`: whether a check on the user has failed on the way here, so that being sent away
    /// means being refused.
    pub(super) fn block(&self, block: List, after: &Level, failed: bool) -> Level {
        self.statements(self.code().stmts(block), after, failed)
    }

    fn statements(&self, stmts: &[StmtId], end: &Level, failed: bool) -> Level {
        // Who is sent away after something was done for them was let in.
        let failed = failed && !self.acts(stmts);
        stmts.iter().enumerate().rev().fold(end.clone(), |after, (at, id)| {
            let stmt = self.code().stmt(*id);
            // Where something is done before, an answer that says nothing is no refusal.
            let failed = failed && (stmts.len() == 1 || !self.says_nothing(stmt));
            let through = self.stmt(stmt, after, failed);
            match (stmt, stmts.get(at + 1..)) {
                (Stmt::Try(parts), Some(rest)) => {
                    through.or(self.forgiven(parts, || self.statements(rest, end, true)))
                }
                _ => through,
            }
        })
    }

    fn stmt(&self, stmt: Stmt, after: Level, failed: bool) -> Level {
        if self.refused.get()
            && let Some(level) = self.on_refusal(stmt, &after)
        {
            return level;
        }
        match stmt {
            Stmt::Return(value) => self.returned(value, failed),
            Stmt::Raise(_) => Level::Nobody,
            Stmt::If { test, then, otherwise } => {
                self.branch(test, then, otherwise, &after, failed)
            }
            Stmt::With { body, .. } => self.block(body, &after, failed),
            Stmt::For { body, otherwise, .. } | Stmt::While { body, otherwise, .. } => {
                let rest = self.block(otherwise, &after, failed);
                self.block(body, &rest, failed).or(rest)
            }
            Stmt::Try(at) => match self.code().try_parts(at) {
                Some(parts) => {
                    let done = self.block(parts.finally, &after, failed);
                    let rest = self.block(parts.otherwise, &done, failed);
                    let body = self.block(parts.body, &rest, failed);
                    // What handlers do, they do for those who got into the body.
                    let handled = parts.handlers.iter().map(|handler| handler.2);
                    let refused = !parts.handlers.is_empty()
                        && parts.handlers.iter().all(|handler| self.refuses(handler.2));
                    match body {
                        body if refused && body != Level::Nobody => {
                            body.and(Level::Custom(self.first_call(parts.body)))
                        }
                        Level::Nobody => handled.fold(Level::Nobody, |level, handler| {
                            level.or(self.block(handler, &done, failed))
                        }),
                        body => body,
                    }
                }
                None => after,
            },
            Stmt::Match(at) => match self.code().match_parts(at) {
                Some(parts) => parts.cases.iter().fold(after.clone(), |level, case| {
                    level.or(self.block(case.2, &after, failed))
                }),
                None => after,
            },
            Stmt::Expr(value) if self.closes(value) => Level::Nobody,
            Stmt::Expr(value) | Stmt::Assign { value: Some(value), .. } => {
                match self.wrapped_in(value) {
                    Some(wrapped) => self.passes_on(value, wrapped),
                    None => self.called(value, Goal::Pass).and(after),
                }
            }
            _ => after,
        }
    }

    /// Whether a consumer closes the connection: `await self.close()`.
    fn closes(&self, value: ExprId) -> bool {
        let value = match self.code().expr(value) {
            Expr::Await(inner) => inner,
            _ => value,
        };
        matches!(self.goal, Goal::Super("connect" | "websocket_connect"))
            && self.code().call(value).is_some_and(|(c, _)| self.code().is_dotted(c, "self.close"))
    }

    fn branch(
        &self,
        test: ExprId,
        then: List,
        or_else: List,
        after: &Level,
        failed: bool,
    ) -> Level {
        if let Some(holds) = self.decide(test) {
            let (way, other) = if holds { (then, or_else) } else { (or_else, then) };
            return match self.block(way, after, failed) {
                // What the settings keep everybody out of: who comes in once it is on is what counts.
                Level::Nobody if self.asks_switch(test) => self.block(other, after, failed),
                level => level,
            };
        }
        let (yes, no) = (self.grade(test, true), self.grade(test, false));
        let (yes, no) = match (self.refuses(then), self.refuses(or_else)) {
            (true, false)
                if no.is_public() && self.is_check(test) && !self.is_waived(test, false) =>
            {
                (yes, Level::Custom(self.words(test)))
            }
            (false, true)
                if yes.is_public() && self.is_check(test) && !self.is_waived(test, true) =>
            {
                (Level::Custom(self.words(test)), no)
            }
            _ => (yes, no),
        };
        let then_failed = failed || (yes.is_public() && !no.is_public());
        let else_failed = failed || (no.is_public() && !yes.is_public());
        let then = self.block(then, after, then_failed);
        let otherwise = self.block(or_else, after, else_failed);
        if self.address.is_none() && self.is_about_path(test) {
            // A list of exempt addresses: what holds for all others counts.
            return match (then, otherwise) {
                // Who is not known is sent away from all others.
                (Level::Nobody, _) | (_, Level::Nobody)
                    if failed && matches!(self.goal, Goal::Calls(_) | Goal::NotRefused) =>
                {
                    Level::Nobody
                }
                (Level::Nobody, one) | (one, Level::Nobody) => one,
                (one, other) => one.and(other),
            };
        }
        yes.and(then).or(no.and(otherwise))
    }

    /// Whether a block does nothing but refuse access in so many words: 401, 403, a login page.
    fn refuses(&self, block: List) -> bool {
        let stmts = self.code().stmts(block);
        match stmts.last().map(|id| self.code().stmt(*id)) {
            Some(Stmt::Return(Some(value))) => self.is_refusal(value, Refusal::OfAccess),
            Some(Stmt::Raise(Some(error))) => self.raises_refusal(error),
            _ => false,
        }
    }

    /// Whether a condition before a refusal can be about who asks: not only about the method or a
    /// setting.
    fn is_check(&self, test: ExprId) -> bool {
        let words = self.words(test);
        let (head, tail) = (words.split('.').next().unwrap_or(""), last(&words));
        head != "settings" && tail != "method" && !self.is_about_path(test)
    }

    fn first_call(&self, block: List) -> String {
        let mut name = String::new();
        self.code().each_expr(block, &mut |_, expr| {
            if let Expr::Call(callee, _) = expr
                && name.is_empty()
            {
                name = self.words(callee);
            }
        });
        name
    }

    /// The function that a wrapper is around, if an expression calls it.
    fn wrapped_in(&self, value: ExprId) -> Option<&str> {
        let Goal::Calls(wrapped) = self.goal else { return None };
        let mut calls = false;
        self.code().each_inner(value, &mut |_, expr| {
            if let Expr::Call(callee, arguments) = expr {
                calls |= self.code().is_dotted(callee, wrapped);
                // `decorator(view)(request)`
                calls |= !self.code().arguments(arguments).is_empty()
                    && self.code().call(callee).is_some_and(|(_, inner)| {
                        inner.iter().any(|a| self.code().is_dotted(a.value, wrapped))
                    });
            }
        });
        calls.then_some(wrapped)
    }

    fn returned(&self, value: Option<ExprId>, failed: bool) -> Level {
        let value = value.filter(|value| self.code().expr(*value) != Expr::None);
        let Some(value) = value else {
            return match self.goal {
                Goal::True | Goal::Calls(_) => Level::Nobody,
                _ => Level::Public,
            };
        };
        if self.closes(value) {
            return Level::Nobody;
        }
        match self.goal {
            Goal::Pass => Level::Public,
            Goal::True => match self.grade(value, true) {
                // The answer of a test that is not understood is a check all the same.
                Level::Public if (self.tests || self.depth == 0) && !self.is_plain(value) => {
                    Level::Custom(self.words(value))
                }
                level => level,
            },
            Goal::False => self.grade(value, false),
            Goal::Calls(wrapped) => self.passes_on(value, wrapped),
            Goal::Response | Goal::Super(_) | Goal::NotRefused => {
                if let Expr::Conditional { test, then, otherwise } = self.code().expr(value) {
                    let then = self.grade(test, true).and(self.returned(Some(then), failed));
                    let no = self.grade(test, false);
                    return then.or(no.and(self.returned(Some(otherwise), failed)));
                }
                let kind = if failed { Refusal::AfterFailure } else { Refusal::Any };
                if self.is_refusal(value, kind) {
                    Level::Nobody
                } else {
                    self.called(value, Goal::Response)
                }
            }
        }
    }

    /// Whether an answer of yes or no is understood: a constant, or what the next class says.
    fn is_plain(&self, value: ExprId) -> bool {
        let above = self.above.is_some() && {
            let call = self.code().call(value).map(|(callee, _)| self.code().expr(callee));
            matches!(call, Some(Expr::Attribute(object, _)) if self.code().call(object).is_some())
        };
        above || self.decide(value).is_some() || self.is_plainly_not(value)
    }

    /// What a wrapper returns: the wrapped function's answer, perhaps through another decorator.
    fn passes_on(&self, value: ExprId, wrapped: &str) -> Level {
        if let Some((all, parts)) = self.code().operands(value) {
            return self.passes_on_after(all, parts, wrapped);
        }
        if let Expr::Conditional { test, then, otherwise } = self.code().expr(value) {
            let then = self.grade(test, true).and(self.passes_on(then, wrapped));
            return then.or(self.grade(test, false).and(self.passes_on(otherwise, wrapped)));
        }
        let mut level = Level::Nobody;
        self.code().each_inner(value, &mut |_, expr| {
            let Expr::Call(callee, _) = expr else { return };
            if self.code().is_dotted(callee, wrapped) {
                level = std::mem::replace(&mut level, Level::Nobody).or(Level::Public);
            } else if let Some((inner, arguments)) = self.code().call(callee)
                && arguments.iter().any(|a| self.code().is_dotted(a.value, wrapped))
            {
                let found = super::decorators::level_of(self.def.site, inner, self.depth + 1);
                level = std::mem::replace(&mut level, Level::Nobody).or(found);
            }
        });
        if let Expr::Name(name) = self.code().expr(value) {
            let name = self.code().text(name);
            return self.at_local(name, |value| self.passes_on(value, wrapped)).unwrap_or(level);
        }
        level
    }

    /// `return refusal(request) or view(request)`: the view runs where what stands before it is false, or (`all`) true.
    fn passes_on_after(&self, all: bool, parts: &[ExprId], wrapped: &str) -> Level {
        let mut before = Level::Public;
        let mut level = Level::Nobody;
        for part in parts {
            level = level.or(before.clone().and(self.passes_on(*part, wrapped)));
            let asks = self.code().call(*part).is_some_and(|(_, given)| {
                given.iter().any(|one| self.is_request(one.value) || self.mentions_user(one.value))
            });
            let told = match self.grade(*part, all) {
                // Something is asked about who calls, though it is not understood what.
                Level::Public | Level::Nobody if asks => Level::Custom(self.words(*part)),
                told => told,
            };
            before = before.and(told);
        }
        level
    }

    /// Whether what is returned sends the visitor away.
    fn is_refusal(&self, value: ExprId, kind: Refusal) -> bool {
        let Some((callee, arguments)) = self.code().call(value) else { return false };
        let written = self.code().dotted(callee).unwrap_or_else(|| self.words(callee));
        let name = last(&written);
        let strong = ["HttpResponseForbidden", "redirect_to_login", "handle_no_permission"];
        if strong.contains(&name) || name.contains("permission_denied") {
            return true;
        }
        let status = self.code().keyword(arguments, "status");
        let status = status.or_else(|| self.code().keyword(arguments, "status_code"));
        let code = status.and_then(|status| self.status(status));
        // `error("wrong key", 401)`
        let said = arguments.iter().any(|a| {
            a.keyword.is_none() && matches!(self.code().expr(a.value), Expr::Int(401 | 403))
        });
        if said || matches!(code, Some(401 | 403)) {
            return true;
        }
        let redirects = matches!(name, "redirect" | "HttpResponseRedirect");
        if redirects && arguments.first().is_some_and(|to| self.is_login_address(to.value)) {
            return true;
        }
        let error = matches!(code, Some(400..))
            || matches!(name, "HttpResponseNotFound" | "HttpResponseBadRequest" | "page_not_found");
        match kind {
            Refusal::OfAccess => false,
            Refusal::AfterFailure => {
                redirects
                    || error
                    || (name.contains("Response")
                        && (self.says_error(value) || self.is_empty(arguments)))
            }
            Refusal::Any => error,
        }
    }

    /// Whether a statement answers, and says nothing.
    fn says_nothing(&self, stmt: Stmt) -> bool {
        let Stmt::Return(Some(value)) = stmt else { return false };
        self.code().call(value).is_some_and(|(_, arguments)| self.is_empty(arguments))
    }

    /// Whether an answer says nothing: `HttpResponse()`, `HttpResponse("")`.
    fn is_empty(&self, arguments: &[Argument]) -> bool {
        arguments.iter().all(|argument| match argument.keyword.map(|name| self.code().text(name)) {
            _ if argument.spread => false,
            None | Some("content" | "data") => self.code().string(argument.value) == Some(""),
            Some(other) => {
                ["charset", "content_type", "headers", "reason", "status"].contains(&other)
            }
        })
    }

    fn status(&self, expr: ExprId) -> Option<i64> {
        if let Expr::Int(code) = self.code().expr(expr) {
            return Some(code);
        }
        // `status.HTTP_403_FORBIDDEN`
        let dotted = self.code().dotted(expr)?;
        let digits: String = last(&dotted).chars().filter(char::is_ascii_digit).take(3).collect();
        digits.parse().ok()
    }

    fn is_login_address(&self, to: ExprId) -> bool {
        let mut found = false;
        self.code().each_inner(to, &mut |_, expr| match expr {
            Expr::Str(text) => {
                let text = self.code().text(text).to_ascii_lowercase();
                found |= ["login", "log-in", "signin", "sign-in"].iter().any(|w| text.contains(w));
            }
            Expr::Attribute(_, name) => {
                found |= self.code().text(name) == "LOGIN_URL";
            }
            _ => {}
        });
        found
    }

    fn says_error(&self, value: ExprId) -> bool {
        let mut found = false;
        self.code().each_inner(value, &mut |_, expr| {
            if let Expr::Str(text) = expr {
                let text = self.code().text(text).to_ascii_lowercase();
                found |= ["error", "denied", "not allowed", "permission", "unauthor", "forbidden"]
                    .iter()
                    .any(|word| text.contains(word));
            }
        });
        found
    }
}

//! Refusals that do not refuse: an exception that somebody catches to go on, and being sent away after what was asked
//! for was done.

use djsec_python::code::{Code, Expr, ExprId, List, Stmt, StmtId};

use super::Level;
use super::exceptions::{caught, raised};
use super::frame::{Frame, Goal};

/// What is raised where somebody may not do something.
const REFUSALS: &[&str] = &[
    "PermissionDenied",
    "NotAuthenticated",
    "AuthenticationFailed",
    "HttpError",
    "PermissionError",
];

/// What catches these.
const CATCHES: &[&str] = &[
    "PermissionDenied",
    "NotAuthenticated",
    "AuthenticationFailed",
    "PermissionError",
    "APIException",
    "Exception",
    "BaseException",
];

/// Behind more refusals of one function nobody looks: each may stand behind all others.
const MOST_PARDONS: u8 = 100;

impl Frame<'_> {
    /// Who gets on behind a `try` although it has refused them: somebody catches that, and goes on. `rest`: who gets
    /// through what follows, if being sent away there is what comes of the refusal.
    pub(super) fn forgiven(&self, at: u32, rest: impl Fn() -> Level) -> Level {
        let Some(parts) = self.code().try_parts(at).filter(|_| !self.refused.get()) else {
            return Level::Nobody;
        };
        let catches = |handler: Option<ExprId>| {
            caught(self.code(), handler)
                .is_none_or(|names| names.iter().any(|name| CATCHES.contains(&name.as_str())))
        };
        let goes_on = |block: List| {
            let end = self.code().stmts(block).last().map(|id| self.code().stmt(*id));
            !matches!(end, Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Continue | Stmt::Break))
        };
        let mut handlers = parts
            .handlers
            .iter()
            .filter(|(exception, _, block)| catches(*exception) && goes_on(*block));
        let Some((_, _, handler)) = handlers.next() else { return Level::Nobody };
        self.refused.set(true);
        let refused = self.block(parts.body, &Level::Nobody, false);
        self.refused.set(false);
        if refused == Level::Nobody {
            return refused;
        }
        let pardons = self.pardons.get().saturating_add(1);
        self.pardons.set(pardons);
        if pardons > MOST_PARDONS {
            return Level::Nobody;
        }
        refused.and(self.block(*handler, &rest(), true))
    }

    /// Who gets to a refusal in a statement, where those are asked for; nothing where it has parts that tell.
    pub(super) fn on_refusal(&self, stmt: Stmt, after: &Level) -> Option<Level> {
        Some(match stmt {
            Stmt::Raise(Some(error)) if self.raises_refusal(error) => Level::Public,
            Stmt::Return(_) | Stmt::Raise(_) => Level::Nobody,
            Stmt::Expr(value) | Stmt::Assign { value: Some(value), .. } => {
                self.refused.set(false);
                let asked = self.called(value, Goal::Pass);
                self.refused.set(true);
                if asked.is_public() || asked.is_unknown() { after.clone() } else { Level::Public }
            }
            _ => return None,
        })
    }

    /// Whether an exception says that somebody may not do something.
    pub(super) fn raises_refusal(&self, error: ExprId) -> bool {
        raised(self.code(), error).is_some_and(|name| REFUSALS.contains(&name.as_str()))
    }

    /// Whether a block changes rows that were there before it: `order.delete()`, not the record that it keeps of the
    /// refusal.
    pub(super) fn acts(&self, stmts: &[StmtId]) -> bool {
        let code = self.code();
        let made: Vec<&str> = stmts
            .iter()
            .flat_map(|id| match code.stmt(*id) {
                Stmt::Assign { targets, .. } => code.exprs(targets),
                _ => &[],
            })
            .filter_map(|target| code.name(*target))
            .collect();
        stmts.iter().any(|id| self.changes(*id, &made))
    }

    fn changes(&self, stmt: StmtId, made: &[&str]) -> bool {
        let code = self.code();
        let Stmt::Expr(value) = code.stmt(stmt) else { return false };
        let value = if let Expr::Await(inner) = code.expr(value) { inner } else { value };
        let Some((callee, _)) = code.call(value) else { return false };
        let Expr::Attribute(of, name) = code.expr(callee) else { return false };
        let rows = match code.text(name) {
            "delete" | "save" => match code.name(of) {
                Some(row) => {
                    let other = self.is_user(of) || made.contains(&row) || row == "self";
                    return !other && self.local(row).is_some_and(|value| is_of_rows(code, value));
                }
                None => of,
            },
            "update" => of,
            _ => return false,
        };
        code.call(rows).is_some() && is_of_rows(code, rows)
    }
}

/// Whether rows are looked up: `Order.objects.filter(pk=pk)`, `get_object_or_404(Order, pk=pk)`.
fn is_of_rows(code: &Code, value: ExprId) -> bool {
    let mut found = false;
    code.each_inner(value, &mut |_, expr| {
        if let Expr::Attribute(_, name) | Expr::Name(name) = expr {
            found |=
                matches!(code.text(name), "objects" | "get_object_or_404" | "aget_object_or_404");
        }
    });
    found
}

//! What the project's own user model says of its users: `user.is_editor` may be a field, but where it is a
//! method or a property, its code tells who that is.

use djsec_python::code::{Expr, ExprId, Stmt};

use super::Level;
use super::frame::{DEEPEST, Frame, Goal};
use crate::hierarchy::AttributeValue;

impl<'a> Frame<'a> {
    /// Whom `user.is_editor`, or `user.is_editor()`, lets in: what the code of the user model asks for.
    /// Nothing where that is no more than a login, or not understood.
    pub(super) fn said_by_account(&self, name: &str, wanted: bool) -> Option<Level> {
        let goal = if wanted { Goal::True } else { Goal::False };
        let method = self.account(name, goal)?;
        // Properties that ask each other would be followed on each way there is between them.
        let question = (method.def.place(), wanted, method.depth);
        let level = self.site().cx.accounts.get_or(&question, || method.reach());
        (level.needs_more_than_login() && level != Level::Nobody).then_some(level)
    }

    /// A switch of the user model that says what somebody may do: `user.is_admin`.
    pub(super) fn privilege(&self, name: &str, wanted: bool) -> Option<Level> {
        let is = self.site().cx.privileges.iter().any(|privilege| **privilege == *name);
        (is && wanted).then(|| Level::Permission(vec![format!("user.{name}")]))
    }

    /// Whether a property or method of the user model gives the groups of its user.
    pub(super) fn lists_groups(&self, name: &str) -> bool {
        self.account(name, Goal::True).is_some_and(|method| {
            let question = (method.def.place(), method.depth);
            self.site().cx.grouped.get_or(&question, || method.gives_groups())
        })
    }

    /// Whether all that it returns are groups, or what the source says: a name that its user chooses is no group.
    fn gives_groups(&self) -> bool {
        let (mut groups, mut other) = (false, false);
        self.code().each_stmt(self.def.function.body, &mut |_, stmt| {
            if let Stmt::Return(Some(value)) = stmt {
                let listed = self.is_of_groups(value) && !self.is_number(value);
                groups |= listed;
                other |= !listed && !self.is_said(value);
            }
        });
        groups && !other
    }

    /// Whether a value only says that there are some, or how many.
    fn is_number(&self, value: ExprId) -> bool {
        let code = self.code();
        match code.expr(value) {
            Expr::Compare(..) | Expr::Not(_) | Expr::Bool(_) => true,
            Expr::Call(callee, _) => match code.expr(callee) {
                Expr::Attribute(_, name) | Expr::Name(name) => {
                    ["bool", "count", "exists", "len"].contains(&code.text(name))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether nothing of the user is in a value.
    fn is_said(&self, value: ExprId) -> bool {
        self.is_of_source(value, 0) && !self.mentions_user(value)
    }

    /// The method that the project's user model has under a name, with `self` as the user.
    fn account(&self, name: &str, goal: Goal<'a>) -> Option<Self> {
        let cx = self.site().cx;
        let user = cx.user.filter(|_| self.depth < DEEPEST)?;
        let AttributeValue::Method(module, _, id) = cx.hierarchy.attribute(user, name)?.value
        else {
            return None;
        };
        let def = cx.site(module)?.def(id)?;
        if def.place() == self.def.place() {
            return None;
        }
        let mut frame = Frame::new(def, goal).with_user(0).of(Some(user));
        frame.requests.clear();
        frame.depth = self.depth + 1;
        Some(frame)
    }
}

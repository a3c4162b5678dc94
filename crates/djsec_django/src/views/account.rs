//! What the project's own user model says of its users: `user.is_editor` may be a field, but where it is a
//! method or a property, its code tells who that is.

use djsec_python::QualifiedName;
use djsec_python::code::{Comparison, ExprId, Stmt};

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

    /// The group that a condition asks for: `"editors" in user.group_names`. A group that comes with
    /// the request, or from a row, says nothing of the rest of the site.
    pub(super) fn group_among(
        &self,
        left: ExprId,
        operator: Comparison,
        right: ExprId,
    ) -> Option<String> {
        let listed = matches!(operator, Comparison::In | Comparison::NotIn);
        if !listed || self.mentions_user(left) || !self.is_of_source(left, 0) {
            return None;
        }
        self.is_of_groups(right).then(|| format!("group {}", self.constant(left)))
    }

    /// A text, or what a module calls one; as written where that is not seen.
    fn constant(&self, expr: ExprId) -> String {
        if let Some(text) = self.code().string(expr) {
            return text.to_owned();
        }
        let cx = self.site().cx;
        let assigned = match self.site().resolve(expr) {
            QualifiedName::Project(module, path) => cx.site(module).and_then(|site| {
                site.code.string(site.code.module_value(&path)?).map(str::to_owned)
            }),
            _ => None,
        };
        assigned.unwrap_or_else(|| self.words(expr))
    }

    /// Whether a property or method of the user model gives the groups of its user.
    pub(super) fn lists_groups(&self, name: &str) -> bool {
        self.account(name, Goal::True).is_some_and(|method| {
            let question = (method.def.place(), method.depth);
            self.site().cx.grouped.get_or(&question, || method.gives_groups())
        })
    }

    fn gives_groups(&self) -> bool {
        let mut found = false;
        self.code().each_stmt(self.def.function.body, &mut |_, stmt| {
            if let Stmt::Return(Some(value)) = stmt {
                found = found || self.is_of_groups(value);
            }
        });
        found
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

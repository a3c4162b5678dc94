//! Groups of users, in which somebody is or is not.

use djsec_python::QualifiedName;
use djsec_python::code::{Comparison, Expr, ExprId};

use super::Level;
use super::frame::Frame;

impl Frame<'_> {
    /// `user.groups.filter(name="editors").exists()`
    pub(super) fn group(&self, test: ExprId, wanted: bool) -> Level {
        if !wanted {
            return Level::Public;
        }
        let (mut groups, mut name) = (false, None);
        self.code().each_inner(test, &mut |_, expr| match expr {
            Expr::Attribute(value, attribute) => {
                groups |= self.code().text(attribute) == "groups" && self.is_user(value);
            }
            Expr::Str(text) if name.is_none() => name = Some(self.code().text(text).to_owned()),
            _ => {}
        });
        match (groups, name) {
            (true, name) => one_of(name.as_slice()),
            _ => match self.role(test) {
                Some(model) => Level::Permission(vec![format!("a row of {model}")]),
                None => Level::Custom(self.words(test)),
            },
        }
    }

    /// Whether an expression is made of the groups of the user:
    /// `set(user.groups.values_list("name", flat=True))`, or a property of the user model that gives as much.
    pub(super) fn is_of_groups(&self, expr: ExprId) -> bool {
        let mut found = false;
        self.code().each_inner(expr, &mut |id, inner| {
            found = found
                || match inner {
                    Expr::Attribute(value, name) if self.is_user(value) => {
                        let name = self.code().text(name);
                        name == "groups" || self.lists_groups(name)
                    }
                    Expr::Name(name) => {
                        let name = self.code().text(name);
                        self.at_local(name, |value| value != id && self.is_of_groups(value))
                            .unwrap_or_default()
                    }
                    _ => false,
                };
        });
        found
    }

    /// Whom `"editors" in user.group_names` lets in. A group that comes with the request, or from a row, says
    /// nothing of the rest of the site.
    pub(super) fn among_groups(
        &self,
        left: ExprId,
        operator: Comparison,
        right: ExprId,
    ) -> Option<Level> {
        let listed = matches!(operator, Comparison::In | Comparison::NotIn);
        if !listed || !self.is_of_source(left, 0) || !self.is_of_groups(right) {
            return None;
        }
        Some(if self.mentions_user(left) {
            self.in_groups(left, right).unwrap_or(Level::Public)
        } else {
            one_of(&[self.constant(left)])
        })
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

    /// Who is among both, where one of them is made of the groups of the user, and the other names groups:
    /// `NAMES & set(names_of_groups)`.
    pub(super) fn in_groups(&self, one: ExprId, other: ExprId) -> Option<Level> {
        let names = match (self.is_of_groups(one), self.is_of_groups(other)) {
            (false, true) => one,
            (true, false) => other,
            _ => return None,
        };
        Some(one_of(&self.site().strings(names)))
    }
}

/// Whoever is in one of some groups; which, may not be known.
fn one_of(names: &[String]) -> Level {
    let words = match names {
        [] => "a group".to_owned(),
        names => format!("group {}", names.join(" or ")),
    };
    Level::Permission(vec![words])
}

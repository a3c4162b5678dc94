//! Fields that are not for those who send a request to fill in: what they mean, and how grave it is where
//! they do.

use djsec_base::{Confidence, Severity};
use djsec_django::models::{Sensitive, Strength, Why};
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::Cx;

/// Whether a sensitive field is for others to decide than for those who send a request.
pub(crate) fn is_one(cx: &Cx<'_>, model: &QualifiedName, field: &Sensitive) -> bool {
    match field.why {
        Why::Secret => false,
        // What a member may do in a team is for the team to say.
        Why::Privilege => cx.models().is_account(model) && !is_occupation(cx, model, &field.name),
        Why::Owner => is_owner(cx, model, &field.name),
        Why::Worth | Why::State | Why::Price => true,
    }
}

/// Whether a model gives one of its fields a value itself before a row is stored.
pub(crate) fn worked_out(cx: &Cx<'_>, model: &QualifiedName, field: &str) -> bool {
    const BEFORE: &[&str] = &["clean", "full_clean", "save"];
    cx.bodies(model).any(|(_, at, id)| {
        let methods = at.code.methods(id).into_iter().filter_map(|id| at.code.function(id));
        methods.filter(|function| BEFORE.contains(&at.code.text(function.name))).any(|function| {
            let mut set = false;
            at.code.each_stmt(function.body, &mut |_, stmt| {
                let Stmt::Assign { targets, .. } = stmt else { return };
                set |= at.code.exprs(targets).iter().any(|target| {
                    matches!(at.code.expr(*target), Expr::Attribute(_, name)
                        if at.code.text(name) == field)
                });
            });
            set
        })
    })
}

/// Whether a role is a text that people write about themselves, rather than one of a few, or one that code asks for.
fn is_occupation(cx: &Cx<'_>, model: &QualifiedName, field: &str) -> bool {
    matches!(field, "role" | "user_role")
        && cx
            .models()
            .field(model, field)
            .is_some_and(|field| field.relation.is_none() && !field.has_choices)
        && !is_asked_for(cx, field)
}

/// Whether code compares what a user has in a field with a text: `request.user.role == "doctor"`.
fn is_asked_for(cx: &Cx<'_>, field: &str) -> bool {
    cx.sites().filter(|at| at.code.symbol(field).is_some()).any(|at| {
        let code = at.code;
        let of_user = |id: ExprId| {
            code.dotted(id).and_then(|name| {
                let owner = name.strip_suffix(field)?.strip_suffix('.')?;
                Some(owner.rsplit('.').next() == Some("user"))
            })
        };
        let text = |id: ExprId| {
            let all = code.elements(id).unwrap_or(std::slice::from_ref(&id));
            !all.is_empty() && all.iter().all(|id| code.string(*id).is_some())
        };
        code.all_exprs().any(|(_, expr)| {
            let Expr::Compare(left, rest) = expr else { return false };
            of_user(left) == Some(true)
                && code.comparisons(rest).iter().all(|(_, right)| text(*right))
        })
    })
}

/// Whether a relation to a user says whose the row is, rather than whom it is about: who makes a
/// membership or an invitation chooses the other.
fn is_owner(cx: &Cx<'_>, model: &QualifiedName, field: &str) -> bool {
    const NAMES: &[&str] = &[
        "account", "author", "buyer", "client", "customer", "owner", "patient", "profile",
        "seller", "sender", "user",
    ];
    const BETWEEN: &[&str] = &[
        "access",
        "assign",
        "collab",
        "follow",
        "grant",
        "invit",
        "member",
        "participa",
        "permission",
        "role",
        "share",
        "staff",
    ];
    let Some(model) = cx.models().get(model) else { return false };
    let name = model.name.to_lowercase();
    let direct = model.owners.iter().any(|path| {
        path.strength == Strength::Owner && path.steps.iter().map(|step| &**step).eq([field])
    });
    direct && NAMES.contains(&field) && !BETWEEN.iter().any(|word| name.contains(word))
}

/// What a field says, in words.
pub(crate) fn meaning(why: Why) -> &'static str {
    match why {
        Why::Privilege => "it says what somebody may do",
        Why::Owner => "it says whose the row is",
        Why::Worth => "it is worth money",
        Why::State => "it says what the site has found out or agreed to",
        Why::Price => "it says what is to be paid",
        Why::Secret => "it opens something",
    }
}

/// How grave it is that users fill in a field, and how sure. `scoped`: whether the project ties the
/// model to who asks elsewhere.
pub(crate) fn rated(why: Why, scoped: bool) -> (Severity, Confidence) {
    match why {
        Why::Privilege => (Severity::High, Confidence::High),
        Why::Worth => (Severity::High, Confidence::Medium),
        Why::Owner if scoped => (Severity::Medium, Confidence::High),
        // Where nothing else depends on it, it may only be a note on the row.
        Why::Owner => (Severity::Medium, Confidence::Low),
        Why::State | Why::Price | Why::Secret => (Severity::Medium, Confidence::Medium),
    }
}

//! What comes back in the fields of forms and is used by a view's own code, rather than by saving the form.

use djsec_django::models::{Sensitive, Why};
use djsec_django::views::objects::{KeyOrigin, Objects, Operation, Sent};
use djsec_python::QualifiedName;

use crate::{Cx, privileges};

/// What came back in a field of a form, and is stored in a row or decides what happens.
pub(super) struct Back<'o> {
    pub(super) form: &'o QualifiedName,
    pub(super) field: &'o str,
    /// What it says; nothing where it decides.
    pub(super) why: Option<Why>,
    pub(super) handler: &'o str,
}

/// What of a view's forms is stored in fields that are not for those who send them, or decides what they
/// may do.
pub(super) fn came_back<'o>(cx: &Cx<'_>, objects: &'o Objects) -> Vec<Back<'o>> {
    let mut all = Vec::new();
    for access in &objects.accesses {
        let sensitive = cx.models().sensitive(&access.model);
        for given in &access.given {
            let Some((form, field)) = of_form(&given.sent) else { continue };
            let name = given.field.strip_suffix("_id").unwrap_or(&given.field);
            let is = |known: &&Sensitive| {
                [name, &given.field].contains(&&*known.name)
                    && privileges::is_one(cx, &access.model, known)
                    && !privileges::worked_out(cx, &access.model, &known.name)
            };
            let why = sensitive.iter().find(is).map(|known| known.why);
            if why.is_some() {
                all.push(Back { form, field, why, handler: &access.handler });
            }
        }
    }
    for decision in &objects.decisions {
        let mut opened = decision.opens.iter().filter_map(|at| objects.accesses.get(*at));
        let changes = opened.any(|access| {
            matches!(access.operation, Operation::Update | Operation::Delete)
                && !access.is_protected()
        });
        for (form, field) in decision.sent.iter().filter_map(of_form) {
            if says_role(field) && (decision.refuses || changes) {
                all.push(Back { form, field, why: None, handler: &decision.handler });
            }
        }
    }
    all
}

/// The form that has looked at something that was sent, and the field.
fn of_form(sent: &Sent) -> Option<(&QualifiedName, &str)> {
    match &sent.origin {
        KeyOrigin::Body(Some(field)) => Some((sent.form.as_ref()?, &**field)),
        _ => None,
    }
}

/// Whether a field says by its name what somebody may do.
fn says_role(field: &str) -> bool {
    const NAMES: &[&str] =
        &["is_admin", "is_staff", "is_superuser", "permission", "role", "user_role", "user_type"];
    NAMES.contains(&field)
}

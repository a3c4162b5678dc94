//! How `DEBUG` is decided: one cause, so exactly one of the three rules on it speaks.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::settings::{SettingRef, Verdict};
use djsec_python::value::Data;
use djsec_python::worlds::{Atom, Root, Sym, Type};

use crate::Cx;

/// What is wrong with a switch that production must keep off.
pub(super) enum Fault {
    /// Nothing that djsec can prove.
    None,
    /// Any text in the environment turns it on, `False` included.
    AnyText(Text),
    /// It is on unless a variable says otherwise.
    OnByDefault,
    /// It is on.
    On,
}

/// A variable whose text is taken for a truth value.
pub(super) struct Text {
    /// The variable.
    pub(super) variable: String,
    /// Where it is read.
    pub(super) span: Option<Span>,
}

/// Judges `DEBUG`.
pub(super) fn debug(cx: &Cx<'_>, setting: &SettingRef<'_>) -> Fault {
    if let Some(text) = text_as_truth(cx, setting) {
        return Fault::AnyText(text);
    }
    match cx.settings().verdict_with_debug(setting.truthy()) {
        Verdict::Always | Verdict::Possible { .. } => Fault::On,
        Verdict::WhenUnset { .. } => Fault::OnByDefault,
        Verdict::Never | Verdict::OnlyWhen { .. } | Verdict::Undecided => Fault::None,
    }
}

/// Whether the switch is the text of a variable, or on whenever there is any text.
pub(super) fn text_as_truth(cx: &Cx<'_>, setting: &SettingRef<'_>) -> Option<Text> {
    let parts = setting.alternatives();
    let raw = parts.iter().find_map(|part| match &part.data {
        Data::Sym(sym) if is_text(sym) => Some(Text { variable: variable(sym)?, span: part.span }),
        _ => None,
    });
    if raw.is_some() {
        return raw;
    }
    // `bool(os.environ.get("DEBUG"))` leaves `True` in the worlds where the text is not empty.
    parts.iter().filter(|part| part.data == Data::Bool(true)).find_map(|part| {
        let span = part.span?;
        let spelled = cx.files.slice(span).trim_start().starts_with("bool(");
        let sym = cx.settings().with_worlds(|worlds| {
            let atoms: Vec<Atom> = worlds.support(part.when.yes).into_iter().cloned().collect();
            if atoms.iter().any(|atom| matches!(atom, Atom::Unknown(u32::MAX, _))) {
                return None; // too many conditions: this one proves nothing
            }
            atoms.into_iter().find_map(|atom| {
                let Atom::Truthy(sym) = &atom else { return None };
                let named = sym.variable().is_some_and(|name| name.contains("DEBUG"));
                let sym = (is_text(sym) && (spelled || named)).then(|| Arc::clone(sym))?;
                let holds = worlds.atom(atom);
                let on = worlds.and(holds, part.when.yes);
                (!worlds.impossible(on)).then_some(sym)
            })
        })?;
        Some(Text { variable: variable(&sym)?, span: Some(span) })
    })
}

/// The text of a variable itself; `X_FILE` names a file, whose content is what counts.
fn is_text(sym: &Sym) -> bool {
    let Root::Env(name) = &sym.root else { return false };
    sym.ty == Type::Str && !name.ends_with("_FILE")
}

fn variable(sym: &Sym) -> Option<String> {
    sym.variable().map(ToString::to_string)
}

/// The expression that turns the switch on; `SettingRef::span_when` only looks at worlds with
/// `DEBUG` off.
pub(super) fn span_on(setting: &SettingRef<'_>) -> Option<Span> {
    let parts = setting.alternatives();
    let on = |data: &Data| match data {
        Data::Bool(on) => *on,
        Data::Int(n) => *n != 0,
        Data::Str(text) => !text.is_empty(),
        _ => false,
    };
    let part = parts.iter().find(|part| on(&part.data) && part.span.is_some());
    setting.placed(part.and_then(|part| part.span))
}

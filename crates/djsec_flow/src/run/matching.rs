//! `match` statements: what is known in each case, and what its pattern binds.

use djsec_python::code::{ExprId, Part};

use super::Run;
use super::amounts::numbers;
use super::loops::meet;
use super::stmt::{Flow, is_display};
use crate::env::Env;
use crate::value::{ANY, Value};

/// Classes whose patterns take the subject itself: `str(text)`.
const ITSELF: &[&str] = &["str", "bytes", "list", "tuple", "dict", "set", "frozenset", "bytearray"];

impl Run<'_, '_> {
    pub(super) fn matching(&mut self, at: u32) -> Flow {
        let code = self.code;
        let Some(parts) = code.match_parts(at) else { return Flow::Falls };
        let value = self.eval(parts.subject);
        let subject = self.subjects(parts.subject, true);
        let before = self.env.clone();
        let mut after: Option<Env> = None;
        let mut takes_all = false;
        for ((_, guard, block), pattern) in parts.cases.iter().zip(&parts.patterns) {
            self.env = before.clone();
            // A case that names values is chosen for these only.
            if pattern.only_values {
                self.hold(&subject, true);
            }
            for bind in &pattern.names {
                let part = |part, step: &Part| self.part(&part, *step, parts.subject);
                let bound = if bind.only_values {
                    Value::default()
                } else {
                    bind.path.iter().fold(value.clone(), part)
                };
                self.rebind(bind.name, bound);
            }
            if let Some(guard) = guard {
                let facts = self.test(*guard);
                self.hold(&facts, true);
            }
            if self.block(*block) == Flow::Falls {
                meet(&mut after, &self.env);
            }
            takes_all |= pattern.takes_all && guard.is_none();
        }
        if !takes_all {
            meet(&mut after, &before);
        }
        self.env = after.clone().unwrap_or(before);
        if after.is_some() { Flow::Falls } else { Flow::Leaves }
    }

    /// A part of a value, as a pattern takes it.
    fn part(&mut self, value: &Value, part: Part, at: ExprId) -> Value {
        let code = self.code;
        match part {
            Part::At(at) => match value.known_field(&format!("[{at}]")) {
                Some(known) => known.clone(),
                // A tuple that is written out: what is not kept of it holds nothing.
                None if is_display(value) => value.field(&format!("[{at}]")),
                None => self.element(value),
            },
            Part::Some => {
                let one = self.element(value);
                Value { taint: one.taint.clone(), ..Value::default() }.with_field(ANY, one)
            }
            Part::Key(key) => {
                let key = key.map(|key| Value::text(code.text(key))).unwrap_or_default();
                if let Some(found) = self.request_item(value, &key, at) {
                    return found;
                }
                match key.as_text() {
                    Some(key) => value.field(&format!("[{key}]")),
                    None => value.field(ANY),
                }
            }
            Part::Attribute(name) => {
                let place = self.place(at);
                self.attribute(value, code.text(name), place, at)
            }
            Part::Place(at, class) => placed(value, at, class.map(|class| code.text(class))),
        }
    }
}

/// What a pattern of a class takes at a place: `Point(x, y)`, `int(number)`.
fn placed(value: &Value, at: usize, class: Option<&str>) -> Value {
    match class {
        Some("int" | "float" | "bool") => numbers(std::slice::from_ref(value)),
        Some(class) if ITSELF.contains(&class) => value.clone(),
        _ => value.field(&format!("[{at}]")),
    }
}

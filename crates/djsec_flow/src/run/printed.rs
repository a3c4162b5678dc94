//! What templates write of what others must not read, whatever escaping is done.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::ExprId;
use djsec_templates::page::Page;

use super::Run;
use super::page::Handed;
use crate::pages::{Asked, Reading};
use crate::taint::{Label, Origin, Taint};
use crate::value::Value;
use crate::{Kind, Kinds};

impl Run<'_, '_> {
    /// What a call gives that has rendered a template, if it has.
    pub(super) fn as_rendered(value: Value, written: Option<Taint>) -> Value {
        let Some(written) = written else { return value };
        let mut value = value.unread();
        value.taint.merge(&written);
        value
    }

    /// What others must not read is sent to them where a template writes it. A secret is told of where that is; what
    /// the program tells of itself is told by the code that puts it into the context.
    pub(super) fn shows(&mut self, written: &[(Span, Taint)], place: Span) {
        let words: Arc<str> = Arc::from("whoever opens the page");
        for (at, taint) in written {
            self.into_place(Kind::Revealed, taint, *at, ("template", &words), (true, false));
            self.into_place(Kind::Told, taint, place, ("template", &words), (true, false));
        }
    }

    /// What others must not read of a context, where templates write it.
    pub(super) fn written_of(
        &mut self,
        names: &[Arc<str>],
        context: &Value,
        place: Span,
    ) -> Vec<(Span, Taint)> {
        let mut all = Vec::new();
        if !context.tells() {
            return all;
        }
        let templates = self.world.templates;
        let mut known = false;
        for template in names {
            if let Some(page) = templates.page(template) {
                known = true;
                all.extend(self.written_on((template, page), context, place));
            }
        }
        if !known {
            // Which template it is decides whether it writes that.
            let mut taint = Taint::default();
            for (_, value) in context.items() {
                taint.merge(&value.whole().map(perhaps_written));
            }
            all.push((place, taint));
        }
        all
    }

    fn written_on(
        &mut self,
        (template, page): (&str, &Page),
        context: &Value,
        place: Span,
    ) -> Vec<(Span, Taint)> {
        let handed = Handed { template, context, place, alone: false, made: Vec::new() };
        let mut all = Vec::new();
        let mut known: Vec<Origin> = Vec::new();
        // What is not seen to be put there is not looked at: it would be whatever there is.
        let told = context.items().filter(|(_, value)| value.tells());
        let told: Vec<&str> = told.map(|(key, _)| key).collect();
        for (at, access) in &page.printed {
            if !told.contains(&&*access.root) {
                continue;
            }
            let asked = Asked::new(access);
            let (value, _) = self.accessed(&handed, &asked, (*at, Reading::default()));
            // What is written several times is sent once.
            let told = |label: &Label| {
                let new = !label.safe.holds(Kinds::READ) && !known.contains(&label.origin);
                new.then(|| label.clone())
            };
            let taint = value.whole().map(told).sanitized(Kinds::ALL.without(Kinds::READ));
            known.extend(taint.labels().iter().map(|label| label.origin.clone()));
            if !taint.is_empty() {
                all.push((*at, handed.stepped(&taint)));
            }
        }
        all
    }

    /// What a context processor gives ends where any template writes it: in the first of those that do.
    pub(super) fn gives_every_context(&mut self, context: &Value, id: ExprId) {
        let is_processor = self.world.pages.is_processor(self.module, self.id);
        if !is_processor || !self.inner.is_empty() || !context.tells() {
            return;
        }
        let place = self.place(id);
        for (key, value) in context.items().filter(|(_, value)| value.tells()) {
            let writes = |page: &Page| page.printed.iter().any(|(_, access)| *access.root == *key);
            let found = self.world.templates.pages().find(|(_, page)| writes(page));
            if let Some((template, page)) = found {
                let alone = Value::default().with_field(&format!("[{key}]"), value.clone());
                let written = self.written_on((template, page), &alone, place);
                self.shows(&written, place);
            }
        }
    }
}

/// What the program tells of itself, where a template is given it that nobody knows.
fn perhaps_written(label: &Label) -> Option<Label> {
    let safe = label.safe.or(Kinds::ALL.without(Kinds::TOLD));
    (!safe.is_all()).then(|| Label { safe, doubt: label.doubt_and(1), ..label.clone() })
}

//! What a call is given where that does harm.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::ExprId;

use super::Run;
use crate::Kind;
use crate::args::Args;
use crate::catalog::{Condition, Model, Sink, Test};
use crate::summary::Hit;
use crate::value::{Label, Taint, What};

impl Run<'_, '_> {
    /// Looks at what a known function is given.
    pub(super) fn into_sinks(&mut self, model: &Model, args: &Args, callee: &str) {
        for sink in &model.sinks {
            self.into_sink(sink, args, callee, true);
        }
    }

    /// Looks at what a method is given that only its name tells something of.
    pub(super) fn into_loose(&mut self, name: &str, args: &Args) {
        let catalog = self.world.catalog;
        for sink in catalog.loose(name) {
            self.into_sink(sink, args, name, false);
        }
    }

    fn into_sink(&mut self, sink: &Sink, args: &Args, callee: &str, sure: bool) {
        let mut given: Vec<(Taint, ExprId)> = Vec::new();
        for slot in &sink.argument {
            // What is read from an open file is not asked for by a name.
            let what = args.given(std::slice::from_ref(slot)).map(|given| &given.value.what);
            if sink.kind == Kind::Path && what.is_some_and(is_file) {
                continue;
            }
            given.extend(args.at(slot).into_iter().filter(|(taint, _)| !taint.is_empty()));
        }
        if given.is_empty() {
            return;
        }
        let when = sink.when.as_ref().map_or(Some(true), |c| self.holds(c, args));
        let unless = sink.unless.as_ref().map_or(Some(false), |c| self.holds(c, args));
        let unsure = when.is_none() || unless.is_none();
        if when == Some(false) || unless == Some(true) {
            return;
        }
        let callee: Arc<str> = Arc::from(callee);
        for (taint, expr) in given {
            let place = self.place(expr);
            for label in taint.labels().iter().filter(|label| label.may(sink.kind)) {
                let trail = label.trail.and(place, &format!("becomes {}", sink.words));
                let label = Label { trail, weak: label.weak || unsure, ..label.clone() };
                self.out.hit(Hit {
                    kind: sink.kind,
                    place,
                    callee: Arc::clone(&callee),
                    words: Arc::clone(&sink.words),
                    sure,
                    label,
                });
            }
        }
    }

    /// Whether an argument is what a condition says; `None` where that cannot be told.
    fn holds(&self, condition: &Condition, args: &Args) -> Option<bool> {
        let Some(given) = args.given(&condition.slots) else {
            // What is not given has its default, unless `**options` may hold it.
            return if args.options.is_empty() { Some(false) } else { None };
        };
        match (&condition.test, &given.value.what) {
            (Test::Given, _) => Some(true),
            (Test::Is(wanted), What::Bool(is)) => Some(is == wanted),
            (Test::Contains(part), What::Text(text)) => Some(text.contains(&**part)),
            (Test::Lacks(part), What::Text(text)) => Some(!text.contains(&**part)),
            (Test::Names(names), What::Name(QualifiedName::External(name))) => {
                let is = |wanted: &Arc<str>| {
                    wanted == name || name.ends_with(&format!(".{}", last(wanted)))
                };
                Some(names.iter().any(is))
            }
            _ => None,
        }
    }
}

/// Whether a value is a file that was sent.
pub(super) fn is_file(what: &What) -> bool {
    let file = "django.core.files.uploadedfile.UploadedFile";
    matches!(what, What::Instance(QualifiedName::External(name)) if &**name == file)
}

fn last(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

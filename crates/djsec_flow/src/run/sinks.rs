//! What a call is given where that does harm.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::waits::parameter;
use crate::Kind;
use crate::args::{Args, Given};
use crate::catalog::{Model, Sink, Slot};
use crate::summary::Hit;
use crate::taint::{Label, Origin, Taint};
use crate::value::{KEYS, Value, What};

/// The class of files that were sent.
pub(super) const UPLOADED: &str = "django.core.files.uploadedfile.UploadedFile";

/// Under which name the models know what objects say they are as HTML.
const OBJECT_HTML: &str = "builtins.object.__html__";

#[expect(clippy::wrong_self_convention, reason = "it is data that goes into sinks")]
impl Run<'_, '_> {
    /// Looks at what a known function is given.
    /// Whether it is the open file of what stands in a mapping, which no text has: `form.cleaned_data["image"].file`.
    fn is_file_in(&self, expr: ExprId) -> bool {
        match self.code.expr(expr) {
            Expr::Attribute(upload, name) => {
                self.code.text(name) == "file"
                    && matches!(self.code.expr(upload), Expr::Subscript(..))
            }
            _ => false,
        }
    }

    pub(super) fn into_sinks(&mut self, model: &Model, args: &Args, callee: &str) {
        for sink in &model.sinks {
            self.into_sink(sink, args, callee, true);
        }
    }

    /// Looks at what a method is given that only its name tells something of.
    pub(super) fn into_loose(&mut self, name: &str, args: &Args) {
        // Some keys say what it is that they are put into; one that nobody knows says nothing.
        let key = args.positional.first().and_then(|given| given.value.as_text());
        if name == "__setitem__" && key.is_none() {
            return;
        }
        let catalog = self.world.catalog;
        for sink in catalog.loose(name) {
            self.into_sink(sink, args, name, false);
        }
    }

    /// Looks at what a method gives back that a framework calls: `get_success_url()`.
    pub(super) fn into_returns(&mut self, value: &Value, expr: ExprId) {
        let (Some(owner), true) = (self.owner.clone(), self.inner.is_empty()) else { return };
        if value.is_clean() {
            return;
        }
        let name = match self.code.text(self.function.name) {
            // `html_safe` makes it what `__html__` gives.
            "__str__" if self.is_decorated_class(&owner, "html_safe") => "__html__",
            name => name,
        };
        let any = || self.world.catalog.call(OBJECT_HTML).filter(|_| name == "__html__");
        let Some(model) = self.models_of(&owner, name).next().or_else(any) else { return };
        let returned = Some(Given { value: value.clone(), expr });
        self.into_sinks(model, &Args { returned, ..Args::default() }, name);
    }

    /// Looks at what is put under a key of something whose class says what that does:
    /// `response["Content-Type"] = …`.
    pub(super) fn into_item(&mut self, holder: &Value, key: &Value, value: &Value, target: ExprId) {
        let given = |value: &Value| Given { value: value.clone(), expr: target };
        let args = || Args { positional: vec![given(key), given(value)], ..Args::default() };
        match &holder.what {
            What::Instance(class) => {
                let Some(model) = self.models_of(class, "__setitem__").next() else { return };
                self.into_sinks(model, &args(), "__setitem__");
            }
            // What a middleware is handed on is a response, too.
            What::Unknown => self.into_loose("__setitem__", &args()),
            _ => {}
        }
    }

    /// Whether all that a format may read attributes of is written out: texts and numbers have none that tell
    /// anything.
    fn has_only_texts(&self, args: &Args) -> bool {
        let plain = |given: &Given| {
            let written = self.code.expr(given.expr);
            given.value.as_text().is_some()
                || matches!(written, Expr::Str(_) | Expr::Int(_) | Expr::Float(_) | Expr::None)
        };
        args.spread.is_empty() && args.options.is_empty() && args.each().all(plain)
    }

    pub(super) fn into_sink(&mut self, sink: &Sink, args: &Args, callee: &str, sure: bool) {
        let mut given: Vec<(Taint, ExprId)> = Vec::new();
        let mut itself = sink.kind == Kind::Path;
        for slot in &sink.argument {
            let whole = args.given(std::slice::from_ref(slot));
            let found = match whole {
                // A file that is open already chooses no file.
                Some(one) if sink.kind == Kind::Path && is_open_file(&one.value.what) => continue,
                Some(one) if sink.kind == Kind::Path && self.is_file_in(one.expr) => continue,
                // A method that is only called like one of a database's is given something else.
                Some(one) if !sure && sink.kind == Kind::Sql && is_table(&one.value) => continue,
                // What stands under fixed names chooses no names: `defaults={"name": text}`.
                Some(one) if sink.kind.is_of_names() => {
                    vec![(one.value.field(KEYS).whole(), one.expr)]
                }
                // `get_or_create(**names)`: the names are looked at as names.
                None if sink.kind.is_of_names() && matches!(slot, Slot::Named(_)) => continue,
                _ => args.at(slot),
            };
            itself &= whole.is_none_or(|one| one.value.is_clean() || is_as_given(&one.value));
            given.extend(found.into_iter().filter(|(taint, _)| !taint.is_empty()));
        }
        if given.is_empty() || sink.kind == Kind::Format && self.has_only_texts(args) {
            return;
        }
        // What stands under a key of its own is for who knows that.
        let key = || args.positional.first().or_else(|| args.keyword("key"));
        if sink.kind == Kind::Cached && key().is_none_or(|key| key.value.as_text().is_none()) {
            return;
        }
        // What the source says is the same under whatever key.
        let kept = || args.positional.get(1);
        if sink.kind == Kind::SessionKey && kept().is_none_or(|kept| kept.value.is_clean()) {
            return;
        }
        let Some(open) = self.undecided((&sink.when, &sink.unless), args) else { return };
        let unsure = !open.is_empty();
        if unsure {
            given = self.left_to_callers(sink, &open, args, callee, given);
            // Of a response that was made elsewhere it is not known that it is a page.
            if sink.kind == Kind::Html && open.iter().any(|open| sink.when.contains(open)) {
                return;
            }
        }
        let how = How { sure, unsure, itself };
        for (taint, expr) in &given {
            self.into_how(sink.kind, taint, self.place(*expr), (callee, &sink.words), how);
        }
    }

    /// Data arrives where it does harm. `callee`: what is called there, and what the data is for it, in
    /// words. `how`: whether it is a sink for sure, and whether it is unsure that this is a harmful one.
    pub(super) fn into_kind(
        &mut self,
        kind: Kind,
        given: &[(Taint, ExprId)],
        what: (&str, &Arc<str>),
        how: (bool, bool),
    ) {
        for (taint, expr) in given {
            self.into_place(kind, taint, self.place(*expr), what, how);
        }
    }

    /// The same at a place that need not be in this function.
    pub(super) fn into_place(
        &mut self,
        kind: Kind,
        taint: &Taint,
        place: Span,
        what: (&str, &Arc<str>),
        (sure, unsure): (bool, bool),
    ) {
        self.into_how(kind, taint, place, what, How { sure, unsure, itself: false });
    }

    fn into_how(
        &mut self,
        kind: Kind,
        taint: &Taint,
        place: Span,
        (callee, sink): (&str, &Arc<str>),
        How { sure, unsure, itself }: How,
    ) {
        let may = |label: &&Label| label.may(kind) && (!kind.is_secret() || label.may_be_secret());
        if !taint.labels().iter().any(|label| may(&label)) {
            return;
        }
        if self.is_for_insiders(kind) {
            return;
        }
        let callee: Arc<str> = Arc::from(callee);
        let words: Arc<str> = match kind {
            Kind::Model => format!("chooses {sink}").into(),
            Kind::Revealed | Kind::Told => format!("is sent to {sink}").into(),
            _ => format!("becomes {sink}").into(),
        };
        let here = self.here();
        let under = self.outside(&here);
        for label in taint.labels().iter().filter(may) {
            if label.is_excused(kind, &here) {
                continue;
            }
            let trail = label.trail.and_shared(place, || Arc::clone(&words));
            let doubt = label.doubt_and(u8::from(unsure));
            let label = Label { doubt, trail, ..label.clone() };
            self.out.hit(Hit {
                kind,
                place,
                callee: Arc::clone(&callee),
                words: Arc::clone(sink),
                sure,
                itself,
                under: under.clone(),
                label,
            });
        }
    }
}

/// What is known of data in a sink.
#[derive(Debug, Clone, Copy)]
struct How {
    /// Whether it is a sink for sure, rather than by a method's name.
    sure: bool,
    /// Whether it is unsure that it is a harmful one.
    unsure: bool,
    /// Whether it is a parameter, or a part of one, as it was given.
    itself: bool,
}

/// Whether a value is a parameter, or a part of one, as a function was given it, of which nothing else is known.
pub(super) fn is_as_given(value: &Value) -> bool {
    value.what == What::Unknown
        && parameter(value).is_some_and(|label| matches!(label.origin, Origin::Parameter(..)))
}

/// Whether a value is a mapping, or some of what it holds stands under names.
fn is_table(value: &Value) -> bool {
    let named = |(key, _): (&str, &Value)| !key.is_empty() && key.parse::<i64>().is_err();
    value.what.is_instance_of("django.http.request.QueryDict")
        || value.known_field(KEYS).is_some()
        || value.items().any(named)
}

/// What is open already: bytes, and what Django wraps around something that is.
const OPEN: &[&str] = &[
    "django.core.files.base.ContentFile",
    "django.core.files.base.File",
    "django.core.files.images.ImageFile",
    "io.BytesIO",
    "io.StringIO",
    "typing.BinaryIO",
    "typing.IO",
    "typing.TextIO",
];

/// Whether a value is a file that is open, or bytes that are read like one.
pub(super) fn is_open_file(what: &What) -> bool {
    is_uploaded(what) || OPEN.iter().any(|class| what.is_instance_of(class))
}

/// Whether a value is a file that was sent.
pub(super) fn is_uploaded(what: &What) -> bool {
    what.is_instance_of(UPLOADED)
}

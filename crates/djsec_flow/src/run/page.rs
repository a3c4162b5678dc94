//! What templates do with the context that they are given.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::Span;
use djsec_django::templates::RENDERERS;
use djsec_python::code::{Code, ExprId};
use djsec_python::{ModuleId, QualifiedName};
use djsec_templates::jinja::added_name;
use djsec_templates::library::written_name;
use djsec_templates::page::{Access, Of, Step};

use super::renderers::RESPONSE;
use super::{Known, REQUEST, Run, World};
use crate::args::{Args, Given};
use crate::pages::{Asked, Effect, Filter, PageSink, Reading, Shown, effect};
use crate::summary::Summary;
use crate::taint::{Label, Taint};
use crate::value::{ANY, KEYS, Value, What};
use crate::{Kind, Kinds};

/// Under which name a template that was looked up keeps its name.
const NAME: &str = "template_name";

/// A function of Jinja is given so many arguments before the one that is looked at.
const MOST_BEFORE: usize = 16;

/// Calls that look a template up.
const LOADERS: [&str; 2] =
    ["django.template.loader.get_template", "django.template.loader.select_template"];

/// What a template is handed, and what its tags have made of that.
pub(super) struct Handed<'h> {
    pub(super) template: &'h str,
    pub(super) context: &'h Value,
    /// Where.
    pub(super) place: Span,
    pub(super) alone: bool,
    /// What each call of a tag gave, and whether the tag's code was read.
    pub(super) made: Vec<(Value, bool)>,
}

impl Handed<'_> {
    fn made(&self, call: u32) -> Option<&(Value, bool)> {
        self.made.get(call as usize)
    }

    /// Data of the context, with that step on its way.
    pub(super) fn stepped(&self, taint: &Taint) -> Taint {
        let template = self.template;
        taint.stepped(self.place, || {
            format!("is in the context of the template `{template}`").into()
        })
    }
}

impl Run<'_, '_> {
    /// A call that renders a template: what is in the context may arrive where the template puts it. Where it gives
    /// a text, what others must not read is in that as far as the template writes it.
    pub(super) fn renders(&mut self, callee: &str, args: &Args, id: ExprId) -> Option<Taint> {
        if callee == RESPONSE {
            if let Some((of, context)) = self.answered_with(args) {
                let of: Vec<Arc<str>> = of.iter().flat_map(names).collect();
                self.hands_over(&of, &context, id);
                let written = self.written_of(&of, &context, self.place(id));
                self.shows(&written, self.place(id));
            }
            return None;
        }
        let known = RENDERERS.iter().find(|known| known.call == callee)?;
        let given = |at: usize, keyword: &str| {
            args.positional.get(at).or_else(|| args.keyword(keyword)).map(|given| &given.value)
        };
        let context = given(known.context, "context").cloned().unwrap_or_default();
        let names = match (known.name, &args.receiver) {
            (Some(at), _) => given(at, known.keyword).map(names).unwrap_or_default(),
            (None, Some(on)) => names(&on.value.field(NAME)),
            (None, None) => Vec::new(),
        };
        self.hands_over(&names, &context, id);
        let written = self.written_of(&names, &context, self.place(id));
        if known.responds {
            self.shows(&written, self.place(id));
            return None;
        }
        let mut all = Taint::default();
        for (_, taint) in &written {
            all.merge(taint);
        }
        Some(all)
    }

    /// A template that is looked up keeps its name.
    pub(super) fn loaded(callee: &str, args: &Args, value: Value) -> Value {
        match args.positional.first() {
            Some(name) if LOADERS.contains(&callee) => value.with_field(NAME, name.value.clone()),
            _ => value,
        }
    }

    /// What `get_context_data` gives back is the context of what its class renders.
    pub(super) fn gives_context(&mut self, context: &Value, id: ExprId) {
        if !self.inner.is_empty() || self.owner.is_none() {
            return;
        }
        let pages = self.world.pages;
        if let Some(names) = pages.of_method(self.module, self.id) {
            self.hands_over(names, context, id);
            let written = self.written_of(names, context, self.place(id));
            self.shows(&written, self.place(id));
        }
    }

    /// Puts a context into templates.
    fn hands_over(&mut self, names: &[Arc<str>], context: &Value, id: ExprId) {
        self.hands_over_at(names, context, (self.place(id), false));
    }

    /// `alone`: only what tags of the templates read themselves counts.
    fn hands_over_at(&mut self, names: &[Arc<str>], context: &Value, (place, alone): (Span, bool)) {
        for template in names {
            let Some(sinks) = self.world.pages.sinks(template) else { continue };
            let mut handed = Handed { template, context, place, alone, made: Vec::new() };
            for (call, matters) in sinks.calls.iter().zip(self.that_matter(sinks)) {
                let made = if matters { self.tagged(&handed, call) } else { Default::default() };
                handed.made.push(made);
            }
            for (place, asked) in &sinks.filtered {
                if self.may_harm(&asked.access) {
                    self.accessed(&handed, asked, (*place, Reading::SURE));
                }
            }
            for sink in &sinks.all {
                for asked in &sink.accesses {
                    let (value, told) = self.accessed(&handed, asked, (sink.place, sink.reading));
                    if told {
                        self.out.told.insert(sink.place);
                    }
                    // What is looked up already chooses no template.
                    if sink.kind == Kind::TemplateName && matches!(value.what, What::Instance(_)) {
                        continue;
                    }
                    let mut taint = value.whole();
                    if !sink.sure {
                        taint = taint.weakened();
                    }
                    // What nobody knows rarely begins with what it was given.
                    if sink.kind == Kind::Link {
                        taint = taint.of_part();
                    }
                    if asked.access.of == Of::Page {
                        taint = handed.stepped(&taint);
                    }
                    self.put_in(sink, &taint);
                }
            }
        }
    }

    /// What a context processor gives ends where any template puts it: each place once.
    pub(super) fn hands_to_all(&mut self, context: &Value, id: ExprId) {
        let matters = |value: &Value| {
            !value.is_plain() || matches!(value.what, What::Instance(_) | What::Query(_))
        };
        if !self.world.pages.is_processor(self.module, self.id)
            || !self.inner.is_empty()
            || !context.items().any(|(_, value)| matters(value))
        {
            return;
        }
        let (world, place) = (self.world, self.place(id));
        let mut seen: BTreeSet<(Span, Kind)> = BTreeSet::new();
        for (template, _) in world.templates.pages() {
            let Some(sinks) = world.pages.sinks(template) else { continue };
            let handed = Handed { template, context, place, alone: false, made: Vec::new() };
            for sink in sinks.all.iter().filter(|sink| sink.kind != Kind::TemplateName) {
                let of_context = |asked: &&Asked| {
                    asked.access.of == Of::Page
                        && context.known_field(&asked.key).is_some_and(matters)
                };
                for asked in sink.accesses.iter().filter(of_context) {
                    if !seen.insert((sink.place, sink.kind)) {
                        continue;
                    }
                    let (value, _) = self.accessed(&handed, asked, (sink.place, sink.reading));
                    let whole = value.whole();
                    let taint = if sink.sure { whole } else { whole.weakened() };
                    let taint = if sink.kind == Kind::Link { taint.of_part() } else { taint };
                    self.put_in(sink, &handed.stepped(&taint));
                }
            }
        }
    }

    /// Whether a filter of the project that a value goes through may do harm with it: most only change a text.
    fn may_harm(&self, access: &Access) -> bool {
        access.steps.iter().any(|step| {
            let Step::Filter { name, .. } = step else { return false };
            let Some(Filter { function: (module, function), .. }) = self.world.pages.filter(name)
            else {
                return false;
            };
            // Before it was run, nothing says that it does none.
            self.summary(module, function).is_none_or(|summary| !summary.hits.is_empty())
        })
    }

    fn put_in(&mut self, sink: &PageSink, taint: &Taint) {
        self.into_place(sink.kind, taint, sink.place, ("template", &sink.words), (true, false));
    }

    /// What a value of a template is, with what it was handed, and whether that was seen: of what stands in
    /// things that nobody knows, nothing was.
    pub(super) fn accessed(
        &mut self,
        handed: &Handed<'_>,
        asked: &Asked,
        (place, reading): (Span, Reading),
    ) -> (Value, bool) {
        self.told = Some((Arc::clone(&asked.words), place));
        let (mut value, mut told) = self.root(handed, asked);
        for (step, key) in asked.access.steps.iter().zip(&asked.keys) {
            value = match step {
                Step::Get(name) => {
                    let found = self.looked_up(&value, (name, key), place);
                    told &= !found.is_plain() || is_of_project(&value);
                    found
                }
                // The fields of a form.
                Step::Each if self.is_of_form(&value) => Value::default(),
                Step::Each => self.element(&value),
                Step::Filter { name, argument } => {
                    let filter = (&**name, argument.as_deref(), reading);
                    self.filtered(&value, filter, handed.place)
                }
            };
            if value.is_plain() {
                break;
            }
        }
        self.told = None;
        (value, told)
    }

    /// What the first name of an access means, and whether that was seen.
    fn root(&self, handed: &Handed<'_>, asked: &Asked) -> (Value, bool) {
        match asked.access.of {
            Of::Page if handed.alone => (Value::default(), false),
            Of::Page => match handed.context.known_field(&asked.key) {
                Some(known) => (known.clone(), true),
                None => (self.beside_context(handed.context, asked), false),
            },
            Of::Call(at) => handed.made(at).cloned().unwrap_or_default(),
            // Nothing else puts anything there.
            Of::Made(at) => handed.made(at).map_or_else(Default::default, |(made, _)| {
                (under_key(made, &asked.key), made.known_field(&asked.key).is_some())
            }),
        }
    }

    /// A name that is not seen to be put into the context: one of Django's context processors, or any.
    fn beside_context(&self, context: &Value, asked: &Asked) -> Value {
        match &*asked.access.root {
            "request" => Value::instance(REQUEST),
            "user" => Value::of(What::Instance(self.user_model())),
            "view" | "self" => {
                self.owner.clone().map(|owner| Value::of(What::Instance(owner))).unwrap_or_default()
            }
            _ => under_key(context, &asked.key),
        }
    }

    /// `value.name`, as Django looks it up: an item, else an attribute, which is called if it can be.
    /// `key`: that of the item.
    fn looked_up(&mut self, value: &Value, (name, key): (&str, &str), place: Span) -> Value {
        let none = self.code.no_expr();
        if let Some(known) = value.known_field(key) {
            return known.clone();
        }
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.entry(value);
        }
        let of_package = matches!(&value.what, What::Instance(QualifiedName::External(_)));
        let item = || self.request_item(value, &Value::text(name), none);
        if let Some(item) = of_package.then(item).flatten() {
            return item;
        }
        if value.is_mapping() {
            return match name {
                "items" => {
                    let pair = Value::default()
                        .with_field("[0]", value.field(KEYS))
                        .with_field("[1]", self.entry(value));
                    Value::default().with_field(ANY, pair)
                }
                "keys" => Value::default().with_field(ANY, value.field(KEYS)),
                "values" => Value::default().with_field(ANY, self.entry(value)),
                _ => value.field(key),
            };
        }
        if self.is_field(value, name) {
            return Value::default();
        }
        if let What::Query(_) = &value.what {
            return match name {
                "count" | "exists" => Value::default(),
                "first" | "last" | "get" => self.element(value),
                _ => value.clone(),
            };
        }
        let found = self.attribute(value, name, place, none);
        if name == "get_absolute_url" && found.what == What::Unknown {
            // By its name an address of the site.
            return Value::default();
        }
        match &found.what {
            What::Later(_) | What::Function(..) => {
                self.invoke(&found, Args::default(), place, none)
            }
            _ => found,
        }
    }

    /// Whether a name of a value is a field of a form, or all of them: what they say of themselves is the
    /// project's. A form is asked for its fields first: `form.data` is one, where there is one of that name; and
    /// what else it is not known to have is one that is added where it is made.
    fn is_field(&self, value: &Value, name: &str) -> bool {
        let What::Instance(class) = &value.what else { return false };
        if !self.is_of_form(value) || value.known_field(name).is_some() {
            return false;
        }
        let own = |name: &str| self.world.hierarchy.attribute(class, name).is_some();
        match name {
            "fields" | "visible_fields" | "hidden_fields" => true,
            "data" | "initial" | "cleaned_data" | "files" | "instance" | "errors" => {
                self.form_fields(class).iter().any(|(field, _)| **field == *name)
            }
            _ => {
                let mut fields = self.form_fields(class).into_iter();
                fields.any(|(field, _)| *field == *name) || !own(name)
            }
        }
    }

    fn is_of_form(&self, value: &Value) -> bool {
        matches!(&value.what, What::Instance(class) if self.is_form(class))
    }

    /// What a filter makes of a value.
    fn filtered(
        &mut self,
        value: &Value,
        (name, argument, reading): (&str, Option<&str>, Reading),
        at: Span,
    ) -> Value {
        match effect(name, argument, reading) {
            Some(Effect::Passes) => value.clone(),
            Some(Effect::Harmless) => Value::default(),
            Some(Effect::One) => self.element(value),
            Some(Effect::Cleans(safe)) => value.map(&|taint| taint.sanitized(safe)),
            None if reading.sure => {
                let rest = self.is_among_options(name, argument);
                let sure = |label: &Label| (label.doubt == 0 && !rest).then(|| label.clone());
                // Which part of a list or table ends where is rarely told apart.
                let value = Value { taint: value.taint.map(sure), fields: None, ..value.clone() };
                self.own_filter(&value, (name, argument), at)
            }
            None if self.is_among_options(name, argument) => {
                let value = value.map(&Taint::weakened);
                self.own_filter(&value, (name, argument), at)
            }
            None => self.own_filter(value, (name, argument), at),
        }
    }

    /// A filter of the project runs; of another nobody knows what it does.
    fn own_filter(
        &mut self,
        value: &Value,
        (name, argument): (&str, Option<&str>),
        at: Span,
    ) -> Value {
        let Some(Filter { function, passed }) = self.world.pages.filter(name) else {
            return value.map(&|taint| taint.sanitized(Kinds::READ).weakened());
        };
        let expr = self.code.no_expr();
        let given = Given { value: value.clone(), expr };
        let mut args = Args::default();
        match taken_as(name, argument) {
            As::Keyword(keyword) => args.keywords.push((Arc::from(keyword), given)),
            As::Place(place) => {
                let before = passed + place.min(MOST_BEFORE);
                let other = || Given { value: Value::default(), expr };
                args.positional.extend(std::iter::repeat_with(other).take(before));
                args.positional.push(given);
            }
        }
        let written = added_name(name).unwrap_or(written_name(name));
        self.apply(&args, function, false, at, Some(written))
    }

    /// Whether a function of Jinja is given a value by a name that is no parameter of its own. Functions go through
    /// what stands in `**options`, mostly to escape all of it, and what they do there is not followed well.
    fn is_among_options(&self, name: &str, argument: Option<&str>) -> bool {
        let As::Keyword(keyword) = taken_as(name, argument) else { return false };
        let Some(filter) = self.world.pages.filter(name) else { return false };
        let (module, function) = filter.function;
        let found = self.world.program.code(module).and_then(|code| {
            let mut parameters = code.function(function)?.parameters.iter();
            Some(parameters.any(|parameter| code.text(parameter.name) == keyword))
        });
        found == Some(false)
    }
}

/// As which of its arguments the function of a filter is given a value.
enum As<'a> {
    Place(usize),
    Keyword(&'a str),
}

/// Of what the project adds to Jinja the argument of the filter says so; others are given the value first.
fn taken_as<'a>(filter: &str, argument: Option<&'a str>) -> As<'a> {
    match argument.filter(|_| added_name(filter).is_some()) {
        Some(argument) => argument.parse().map_or(As::Keyword(argument), As::Place),
        None => As::Place(0),
    }
}

/// What stands in a context under a key. What was put in under keys that are not known may well be called
/// otherwise.
pub(super) fn under_key(context: &Value, key: &str) -> Value {
    match context.known_field(key) {
        Some(known) => known.clone(),
        None => context.field(key).map(&|taint| taint.weakened().weakened()),
    }
}

/// What generic views and context processors hand to templates by themselves ends up there, too.
pub(crate) fn shown(world: World<'_>, known: Known<'_>, code: &Code, shown: &Shown) -> Summary {
    let Some((id, function)) = code.functions().next() else { return Summary::default() };
    let at = (ModuleId(u32::MAX), shown.place.file);
    let mut run = super::blank(world, known, at, (code, function, id));
    run.owner.clone_from(&shown.class);
    let mut context = Value::default();
    for (name, what) in &shown.context {
        context = context.with_field(&format!("[{name}]"), Value::of(what.clone()));
    }
    run.hands_over_at(&shown.templates, &context, (shown.place, shown.alone));
    run.out
}

/// Whether the code of what a value is was read, so that its attributes are what they are seen to be.
const fn is_of_project(value: &Value) -> bool {
    matches!(value.what, What::Instance(QualifiedName::Project(..)))
}

/// The names of templates that a value is: one, or a list of which the first counts that exists.
fn names(value: &Value) -> Vec<Arc<str>> {
    if let Some(text) = value.as_text() {
        return vec![Arc::clone(text)];
    }
    let fields = value.fields.iter().flat_map(|fields| fields.iter());
    fields
        .filter(|(key, _)| key.starts_with('['))
        .filter_map(|(_, value)| value.as_text().cloned())
        .collect()
}

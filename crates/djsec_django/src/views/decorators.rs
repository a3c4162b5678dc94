//! What decorators say, known ones and those of the project, which are followed into their code.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Expr, ExprId, FunctionId, Stmt};
use djsec_python::value::{Data, Value};

use super::frame::{Frame, Goal};
use super::known::{self, Effect};
use super::marked::{Mark, put_by};
use super::page_policy::{of_decorator, of_wrapper};
use super::site::{Cx, Def, Site, last};
use super::{Framing, GuardSource, Guarding, Level, PagePolicy, Throttle};
use crate::routes::Wrapper;

/// Decorators are followed this deep into those that they use.
const DEEPEST: u8 = 4;

/// What the decorators around one function or class say.
#[derive(Debug, Default, Clone)]
pub(super) struct Marks {
    pub(super) guards: Vec<Guarding>,
    /// The methods it is limited to.
    pub(super) only: Option<Vec<Arc<str>>>,
    /// Exempt from CSRF checks (`true`) or checked without middleware (`false`).
    pub(super) csrf: Option<(bool, Option<Span>)>,
    pub(super) framing: Option<Framing>,
    pub(super) page_policy: Option<PagePolicy>,
    pub(super) throttles: Vec<Throttle>,
    pub(super) login_not_required: bool,
    /// What the project's middleware may ask it for.
    pub(super) put: Vec<Mark>,
    pub(super) api_view: bool,
    /// `@permission_classes(…)` and its kind: the last part of the name, and the argument.
    pub(super) drf: Vec<(String, ExprId)>,
}

/// Reads the decorators of one function or class.
pub(super) struct Reader<'a> {
    pub(super) site: Site<'a>,
    pub(super) source: GuardSource,
    /// The methods of what is decorated; absent for all.
    pub(super) methods: Option<Vec<Arc<str>>>,
    pub(super) marks: Marks,
    depth: u8,
}

/// Whom a decorator lets in.
pub(super) fn level_of(site: Site<'_>, decorator: ExprId, depth: u8) -> Level {
    let mut reader = Reader::new(site, GuardSource::Decorator);
    reader.depth = depth;
    reader.read(decorator);
    let levels = reader.marks.guards.into_iter().map(|guard| guard.level);
    levels.fold(Level::Public, Level::and)
}

impl<'a> Reader<'a> {
    pub(super) fn new(site: Site<'a>, source: GuardSource) -> Self {
        Self { site, source, methods: None, marks: Marks::default(), depth: 0 }
    }

    /// Reads one decorator.
    pub(super) fn read(&mut self, decorator: ExprId) {
        let code = self.site.code;
        if let Some(elements) = code.elements(decorator) {
            for element in elements {
                self.read(*element);
            }
            return;
        }
        let (callee, arguments) = code.call(decorator).unwrap_or((decorator, &[]));
        let name = self.site.resolve(callee);
        if name.is_external("django.utils.decorators.method_decorator") {
            if let Some(inner) = arguments.first() {
                let source = std::mem::replace(&mut self.source, GuardSource::MethodDecorator);
                self.read(inner.value);
                self.source = source;
            }
            return;
        }
        let place = self.site.span(decorator);
        if let QualifiedName::Project(module, path) = &name {
            self.read_own(&name, arguments, place);
            if self.site.cx.def(&name).is_none()
                && let Some(site) = self.site.cx.site(*module)
                && let Some(assigned) = site.code.module_value(path)
                && self.depth < DEEPEST
            {
                self.read_elsewhere(site, assigned, place);
            }
        } else {
            let dotted = self.site.dotted(callee);
            self.apply(&dotted, Some(arguments), place);
        }
    }

    /// A decorator that is assigned in another place: `staff_only = user_passes_test(…)`.
    fn read_elsewhere(&mut self, site: Site<'a>, decorator: ExprId, place: Option<Span>) {
        let mut other = Reader::new(site, self.source);
        other.depth = self.depth + 1;
        other.methods.clone_from(&self.methods);
        other.read(decorator);
        self.merge(other.marks, place);
    }

    fn merge(&mut self, other: Marks, place: Option<Span>) {
        for mut guard in other.guards {
            guard.place = place.or(guard.place);
            self.marks.guards.push(guard);
        }
        self.marks.csrf = self.marks.csrf.or(other.csrf);
        self.marks.framing = self.marks.framing.take().or(other.framing);
        self.marks.page_policy = self.marks.page_policy.take().or(other.page_policy);
        self.marks.only = self.marks.only.take().or(other.only);
        self.marks.throttles.extend(other.throttles);
        self.marks.login_not_required |= other.login_not_required;
        self.marks.put.extend(other.put);
    }

    /// A decorator of a package.
    fn apply(&mut self, name: &str, arguments: Option<&[Argument]>, place: Option<Span>) {
        let Some(effect) = known::decorator(name) else {
            self.unknown(name, place);
            return;
        };
        let first = arguments.and_then(|arguments| arguments.first()).map(|a| a.value);
        match effect {
            Effect::Permission => {
                let texts = first.map(|first| self.site.strings(first)).unwrap_or_default();
                let texts = match (texts.is_empty(), first) {
                    (true, Some(first)) => vec![self.site.words(first)],
                    _ => texts,
                };
                self.guard(name, Level::Permission(texts), place);
            }
            Effect::Test => {
                let level = first.map_or(Level::Public, |test| self.test(test));
                self.guard(name, level, place);
            }
            Effect::OnlyGiven => {
                let methods = first.map(|first| self.site.strings(first)).unwrap_or_default();
                if !methods.is_empty() {
                    self.marks.only = Some(upper(methods));
                }
            }
            Effect::ApiView => {
                self.marks.api_view = true;
                let given = first.map(|first| self.site.strings(first)).unwrap_or_default();
                let methods = if given.is_empty() { vec!["GET".to_owned()] } else { given };
                self.marks.only = Some(upper(methods));
            }
            Effect::Drf => {
                if let Some(first) = first {
                    self.marks.drf.push((last(name).to_owned(), first));
                }
            }
            Effect::Throttle(keyword) => {
                let rate = arguments.and_then(|all| self.site.code.keyword(all, keyword));
                let rate = rate.and_then(|rate| self.site.code.string(rate)).map(str::to_owned);
                self.marks.throttles.push(Throttle { what: name.to_owned(), rate, place });
            }
            Effect::PagePolicy => {
                let policy = of_decorator(self.site, name, arguments.unwrap_or_default(), place);
                self.marks.page_policy = self.marks.page_policy.take().or(policy);
            }
            effect => self.plain(name, effect, place),
        }
    }

    /// An effect that does not depend on arguments.
    fn plain(&mut self, name: &str, effect: Effect, place: Option<Span>) {
        match effect {
            Effect::Guard(level) => self.guard(name, level, place),
            Effect::CsrfExempt => self.marks.csrf = Some((true, place)),
            Effect::CsrfProtect => self.marks.csrf = Some((false, place)),
            Effect::FrameExempt => self.marks.framing = Some(Framing::Exempt(place)),
            Effect::FrameSameOrigin => self.marks.framing = Some(Framing::SameOrigin),
            Effect::FrameDeny => self.marks.framing = Some(Framing::Deny),
            Effect::Only(methods) => {
                self.marks.only = Some(methods.iter().map(|m| Arc::from(*m)).collect());
            }
            Effect::LoginNotRequired => self.marks.login_not_required = true,
            _ => {}
        }
    }

    fn guard(&mut self, what: &str, level: Level, place: Option<Span>) {
        if level.is_public() {
            return;
        }
        self.marks.guards.push(Guarding {
            what: what.to_owned(),
            level,
            source: self.source,
            place,
            methods: self.methods.clone(),
            without_effect: None,
        });
    }

    /// A decorator of a package that nobody knows: it may be a check.
    fn unknown(&mut self, name: &str, place: Option<Span>) {
        let simple = last(name).to_ascii_lowercase();
        let words = ["login", "auth", "perm", "staff", "required", "superuser", "role", "admin"];
        let level = if words.iter().any(|word| simple.contains(word)) {
            Level::Custom(last(name).to_owned())
        } else {
            Level::Unknown(format!("what the decorator {name} does"))
        };
        self.guard(name, level, place);
    }

    /// What `user_passes_test` is given.
    fn test(&self, test: ExprId) -> Level {
        let def = match self.site.code.expr(test) {
            Expr::Lambda(id) => self.site.def(id),
            _ => self.site.cx.def(&self.site.resolve(test)),
        };
        match def {
            Some(def) => {
                let mut frame = Frame::new(def, Goal::True).with_user(0);
                frame.tests = true;
                frame.depth = self.depth;
                frame.reach()
            }
            None => Level::Custom(self.site.words(test)),
        }
    }

    /// A decorator of the project.
    fn read_own(&mut self, name: &QualifiedName, arguments: &[Argument], place: Option<Span>) {
        let Some(def) = self.site.cx.def(name) else { return };
        let what = self.site.cx.dotted(name);
        if self.depth >= DEEPEST {
            self.guard(&what, Level::Unknown(format!("what the decorator {what} does")), place);
            return;
        }
        self.marks.put.extend(put_by(def));
        let mut level = Level::Public;
        // Decorators that are used inside: `return user_passes_test(…)(view)`.
        let mut inside = Reader::new(def.site, self.source);
        inside.depth = self.depth + 1;
        inside.methods.clone_from(&self.methods);
        for nested in nested(def) {
            inside.calls_in(nested);
            inside.handed_on(nested);
            for decorator in def.site.code.exprs(nested.function.decorators) {
                inside.read(*decorator);
            }
        }
        inside.made_elsewhere(def);
        for guard in inside.marks.guards.drain(..) {
            level = level.and(guard.level);
        }
        for nested in nested(def).into_iter().skip(1) {
            level = level.and(wrapper_level(nested, self.depth + 1));
        }
        let inside = inside.marks;
        self.merge(inside, place);
        if let Level::Custom(_) = level
            && let Some(text) = arguments.iter().find_map(|a| self.site.code.string(a.value))
            && ["perm", "role"].iter().any(|word| what.to_ascii_lowercase().contains(word))
        {
            level = Level::Permission(vec![text.to_owned()]);
        }
        self.guard(&what, level, place);
    }

    /// The decorators of packages that a function calls.
    fn calls_in(&mut self, def: Def<'a>) {
        let code = def.site.code;
        let mut found = Vec::new();
        code.each_expr(def.function.body, &mut |id, expr| {
            if let Expr::Call(callee, _) = expr {
                found.push((id, callee));
            }
        });
        for (call, callee) in found {
            let dotted = def.site.dotted(callee);
            let matters = matches!(
                known::decorator(&dotted),
                Some(effect) if !matches!(effect, Effect::None | Effect::ApiView | Effect::Drf)
            );
            if matters {
                self.read(call);
            }
        }
    }

    /// Decorators of the project to which a function hands on what it decorates:
    /// `return signed_in(view)`, `return role("editor")(view)`.
    fn handed_on(&mut self, def: Def<'a>) {
        let code = def.site.code;
        let Some(first) = def.function.parameters.first().map(|p| code.text(p.name)) else {
            return;
        };
        // A wrapper answers with another view: `return error_page(request)`.
        if first == "request" {
            return;
        }
        let mut found = Vec::new();
        code.each_stmt(def.function.body, &mut |_, stmt| {
            if let Stmt::Return(Some(value)) = stmt
                && let Some((callee, [only])) = code.call(value)
                && code.name(only.value) == Some(first)
            {
                found.push(callee);
            }
        });
        for callee in found {
            let name = code.call(callee).map_or(callee, |(name, _)| name);
            if matches!(def.site.resolve(name), QualifiedName::Project(..)) {
                self.read(callee);
            }
        }
    }

    /// A decorator that another function of the project makes: `return ask(deny=lambda user: …)`. One that is given
    /// what is decorated is read where it is handed on.
    fn made_elsewhere(&mut self, def: Def<'a>) {
        let code = def.site.code;
        let first = def.function.parameters.first().map(|p| code.text(p.name));
        let mut found = Vec::new();
        code.each_stmt(def.function.body, &mut |_, stmt| {
            if let Stmt::Return(Some(value)) = stmt
                && let Some((callee, arguments)) = code.call(value)
                && !matches!(arguments, [only] if first.is_some() && code.name(only.value) == first)
                && let name @ QualifiedName::Project(..) = def.site.resolve(callee)
                && def.site.cx.def(&name).is_some_and(|other| nested(other).len() > 1)
            {
                found.push(value);
            }
        });
        for call in found {
            self.read(call);
        }
    }

    /// Reads what stands around a view in the URLconf.
    pub(super) fn read_wrapper(cx: &'a Cx<'a>, wrapper: &Wrapper) -> Marks {
        let file = cx.program.module_of(wrapper.place.file);
        let Some(site) = file.and_then(|module| cx.site(module)) else { return Marks::default() };
        let mut reader = Reader::new(site, GuardSource::UrlConf);
        let name = cx.dotted(&wrapper.name);
        match &wrapper.name {
            QualifiedName::Project(module, path) => {
                reader.read_own(&wrapper.name, &[], Some(wrapper.place));
                if cx.def(&wrapper.name).is_none()
                    && let Some(site) = cx.site(*module)
                    && let Some(assigned) = site.code.module_value(path)
                {
                    reader.read_elsewhere(site, assigned, Some(wrapper.place));
                }
            }
            _ => reader.wrapped(&name, wrapper),
        }
        reader.marks
    }

    fn wrapped(&mut self, name: &str, wrapper: &Wrapper) {
        let place = Some(wrapper.place);
        match known::decorator(name) {
            Some(Effect::Permission) => {
                let texts = wrapper.arguments.first().map(texts).unwrap_or_default();
                self.guard(name, Level::Permission(texts), place);
            }
            Some(Effect::Test) => {
                let level = match wrapper.arguments.first().and_then(Value::single) {
                    Some(alt) => self.value_of_test(&alt.data),
                    None => Level::Custom("user_passes_test".into()),
                };
                self.guard(name, level, place);
            }
            Some(Effect::OnlyGiven) => {
                let methods = wrapper.arguments.first().map(texts).unwrap_or_default();
                if !methods.is_empty() {
                    self.marks.only = Some(upper(methods));
                }
            }
            Some(Effect::Throttle(keyword)) => {
                let given = wrapper.keywords.iter().find(|(name, _)| &**name == keyword);
                let rate = given.and_then(|(_, value)| texts(value).into_iter().next());
                self.marks.throttles.push(Throttle { what: name.to_owned(), rate, place });
            }
            Some(Effect::PagePolicy) => self.marks.page_policy = of_wrapper(name, wrapper),
            _ if last(name) == "admin_view" => {
                self.source = GuardSource::AdminSite;
                self.guard(name, Level::Staff, place);
            }
            _ => self.apply(name, None, place),
        }
    }

    /// A test that the URLconf hands to `user_passes_test`.
    fn value_of_test(&self, data: &Data) -> Level {
        let custom = || Level::Custom("user_passes_test".into());
        let Data::Object(object) = data else { return custom() };
        let named = self.site.code.function_at(last(&object.name)).and_then(|id| self.site.def(id));
        let elsewhere = object.name.rsplit_once('.').and_then(|(module, name)| {
            let file = self.site.cx.program.module(self.site.module)?.file;
            let module =
                self.site.cx.program.imported(self.site.cx.program.module_of(file)?, module)?;
            self.site.cx.def(&self.site.cx.program.resolve(module, name))
        });
        match elsewhere.or(named) {
            Some(def) => Frame::new(def, Goal::True).with_user(0).reach(),
            None => custom(),
        }
    }
}

/// A function and those in it, outer ones first.
pub(super) fn nested(def: Def<'_>) -> Vec<Def<'_>> {
    let code = def.site.code;
    let within = |mut parent: Option<FunctionId>| {
        for _ in 0..4 {
            match parent {
                Some(id) if id == def.id => return true,
                Some(id) => parent = code.function(id).and_then(|function| function.parent),
                None => return false,
            }
        }
        false
    };
    let inner = code.functions().filter(|(_, function)| within(function.parent));
    let inner = inner.filter(|(_, f)| code.text(f.name) != "<lambda>");
    let inner = inner.map(|(id, function)| Def { site: def.site, id, function });
    std::iter::once(def).chain(inner).collect()
}

/// Whom a wrapper in a decorator lets through to the function it wraps.
fn wrapper_level(wrapper: Def<'_>, depth: u8) -> Level {
    let code = wrapper.site.code;
    let mut around = wrapper.function.parent;
    while let Some(function) = around.and_then(|id| code.function(id)) {
        for parameter in &function.parameters {
            let name = code.text(parameter.name);
            let mut calls = false;
            code.each_expr(wrapper.function.body, &mut |_, expr| {
                if let Expr::Call(callee, _) = expr {
                    calls |= code.is_dotted(callee, name);
                }
            });
            if !calls {
                continue;
            }
            let own = wrapper.function.parameters.first().map(|p| code.text(p.name));
            let position = usize::from(own == Some("self"));
            let mut frame = Frame::new(wrapper, Goal::Calls(name)).with_request(position);
            frame.depth = depth;
            return match frame.reach() {
                // Nobody gets through a wrapper that is not understood.
                Level::Nobody => {
                    Level::Custom(code.function(wrapper.id).map_or_else(String::new, |f| {
                        f.path.split('.').next().unwrap_or_default().to_owned()
                    }))
                }
                level => level,
            };
        }
        around = function.parent;
    }
    Level::Public
}

/// The strings of a value: itself, or the elements of a list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for alt in &value.alts {
        match &alt.data {
            Data::Str(text) => out.push(text.to_string()),
            data => {
                for item in data.as_seq().map(|seq| seq.items.as_slice()).unwrap_or_default() {
                    out.extend(texts(&item.value));
                }
            }
        }
    }
    out
}

pub(super) fn upper(methods: Vec<String>) -> Vec<Arc<str>> {
    let mut methods: Vec<Arc<str>> =
        methods.into_iter().map(|method| Arc::from(method.to_ascii_uppercase())).collect();
    methods.sort();
    methods.dedup();
    methods
}

//! Class-based views: what stands in the way to the handlers, along the method resolution order.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::decorators::{Marks, Reader};
use super::for_classes::takes_classes;
use super::frame::{Frame, Goal};
use super::known;
use super::others::{GRAPHQL, SCHEMAS};
use super::site::{Cx, Def, Site, last};
use super::{Body, GuardSource, Guarding, Level, NoEffect};
use crate::hierarchy::{AttributeValue, known_class};

/// Django's base of all class-based views, whose `dispatch` calls no other.
const VIEW: &str = "django.views.generic.base.View";

/// Methods that a framework calls on a view, with the methods of requests it does so for (all where
/// there are none).
const HOOKS: &[(&str, &[&str])] = &[
    ("setup", &[]),
    ("dispatch", &[]),
    ("initial", &[]),
    ("get_permissions", &[]),
    ("check_permissions", &[]),
    ("test_func", &[]),
    ("has_permission", &[]),
    ("get_queryset", &[]),
    ("filter_queryset", &[]),
    ("get_object", &[]),
    ("get_form_class", &[]),
    ("get_form_kwargs", &[]),
    ("get_form", &[]),
    ("get_initial", &[]),
    ("get_serializer_class", &[]),
    ("get_serializer_context", &[]),
    ("get_serializer", &[]),
    ("get_context_data", &[]),
    ("get_redirect_url", &[]),
    ("get_extra_context", &[]),
    ("form_valid", &["POST", "PUT"]),
    ("form_invalid", &["POST", "PUT"]),
    ("get_success_url", &["POST", "PUT", "DELETE"]),
    ("perform_create", &["POST"]),
    ("perform_update", &["PATCH", "PUT"]),
    ("perform_destroy", &["DELETE"]),
];

/// The method in upper case, the name of the handler, and for viewsets its action.
pub(super) type Handler = (Arc<str>, Arc<str>, Option<Arc<str>>);

/// A class-based view.
pub(super) struct ClassView<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) class: QualifiedName,
    pub(super) order: Arc<[QualifiedName]>,
}

impl<'a> ClassView<'a> {
    pub(super) fn new(cx: &'a Cx<'a>, class: &QualifiedName) -> Self {
        Self { cx, class: class.clone(), order: cx.hierarchy.order(class) }
    }

    /// The method that counts under a name, where its code is there.
    pub(super) fn method(&self, name: &str) -> Option<(QualifiedName, Def<'a>)> {
        let found = self.cx.hierarchy.attribute(&self.class, name)?;
        match found.value {
            AttributeValue::Method(module, _, id) => {
                Some((found.owner, self.cx.site(module)?.def(id)?))
            }
            AttributeValue::Assigned(module, code, value) => {
                // `post = get`
                let name = code.name(value)?;
                let (QualifiedName::Project(_, path), site) = (&found.owner, self.cx.site(module)?)
                else {
                    return None;
                };
                let id = code.function_at(&format!("{path}.{name}"))?;
                Some((found.owner.clone(), site.def(id)?))
            }
            _ => None,
        }
    }

    /// Whether there is a method under a name, of the project or of a package.
    pub(super) fn has_method(&self, name: &str) -> bool {
        self.cx.hierarchy.attribute(&self.class, name).is_some_and(|found| {
            matches!(
                found.value,
                AttributeValue::Method(..)
                    | AttributeValue::KnownMethod
                    | AttributeValue::Assigned(..)
            )
        })
    }

    /// The value that the project assigns to an attribute.
    pub(super) fn assigned(&self, name: &str) -> Option<(Site<'a>, ExprId)> {
        match self.cx.hierarchy.attribute(&self.class, name)?.value {
            AttributeValue::Assigned(module, _, value) => Some((self.cx.site(module)?, value)),
            _ => None,
        }
    }

    /// What stands before the handlers: mixins, `dispatch` and what is put around it.
    pub(super) fn way(&self) -> Marks {
        let mut marks = Marks::default();
        let mut blocked: Option<NoEffect> = None;
        for owner in self.order.iter() {
            let before = marks.guards.len();
            match owner {
                QualifiedName::External(name) => self.package(name, &mut marks),
                QualifiedName::Project(..) => self.own(owner, &mut marks),
                _ => marks.guards.push(self.unseen("a base that is no plain name")),
            }
            for guard in marks.guards.iter_mut().skip(before) {
                guard.without_effect = guard.without_effect.or(blocked);
            }
            if owner.is_external(VIEW) {
                blocked = blocked.or(Some(NoEffect::MixinAfterView));
            } else if self.stops(owner) {
                blocked = blocked.or(Some(NoEffect::Overridden));
            }
        }
        if self.cx.hierarchy.is_cut(&self.class) {
            // What stands further up may refuse.
            marks.guards.push(self.unseen("a class further up"));
        }
        marks.guards.retain(|guard| {
            // What is not known after `View` cannot answer before it.
            !(guard.level.is_unknown() && guard.without_effect.is_some())
        });
        marks
    }

    fn unseen(&self, what: &str) -> Guarding {
        Guarding {
            what: what.to_owned(),
            level: Level::Unknown(format!("{what} is not in the tree")),
            source: GuardSource::Mixin,
            place: self.place(),
            methods: None,
            without_effect: None,
        }
    }

    /// The name of the class.
    pub(super) fn place(&self) -> Option<Span> {
        class_place(self.cx, &self.class)
    }

    /// A class of a package on the way.
    fn package(&self, name: &str, marks: &mut Marks) {
        let level = if let Some(level) = known::mixin(name) {
            level
        } else if known::PERMISSION_MIXINS.contains(&name) {
            self.permission_required()
        } else if known::TEST_MIXINS.contains(&name) {
            self.tested("test_func", None)
        } else if known_class(name).is_none()
            && !GRAPHQL.contains(&name)
            && !SCHEMAS.contains(&name)
        {
            let name = QualifiedName::External(name.into());
            if self.cx.program.class_home(&name).is_some() {
                self.own(&name, marks);
            } else {
                marks.guards.push(self.unseen(&format!("the base {}", self.cx.dotted(&name))));
            }
            return;
        } else {
            return;
        };
        if level.is_public() {
            return;
        }
        marks.guards.push(Guarding {
            what: name.to_owned(),
            level,
            source: GuardSource::Mixin,
            place: self.place(),
            methods: None,
            without_effect: None,
        });
    }

    /// What `PermissionRequiredMixin` asks for.
    fn permission_required(&self) -> Level {
        let attribute = self.assigned("permission_required").map(|(site, value)| {
            let texts = site.strings(value);
            if texts.is_empty() { vec![site.words(value)] } else { texts }
        });
        let plain = match attribute {
            Some(texts) => Level::Permission(texts),
            None if self.method("get_permission_required").is_some() => {
                Level::Permission(vec!["get_permission_required()".into()])
            }
            None => Level::Permission(Vec::new()),
        };
        match self.method("has_permission") {
            Some(_) => self.tested("has_permission", Some(plain)),
            None => plain,
        }
    }

    /// Whom a method without arguments that answers yes or no lets in.
    fn tested(&self, name: &str, above: Option<Level>) -> Level {
        match self.method(name) {
            Some((_, def)) => {
                let mut frame = Frame::new(def, Goal::True).of(Some(&self.class));
                frame.above = above.or_else(|| Some(Level::Custom(format!("super().{name}()"))));
                frame.reach()
            }
            None => Level::Custom(name.to_owned()),
        }
    }

    /// A class on the way whose code is there.
    fn own(&self, owner: &QualifiedName, marks: &mut Marks) {
        let Some((module, code, id)) = self.cx.program.class_home(owner) else { return };
        let (Some(site), Some(class)) = (self.cx.site(module), code.class(id)) else { return };
        for decorator in code.exprs(class.decorators) {
            class_decorator(site, *decorator, marks);
        }
        for hook in ["dispatch", "setup", "initial", "check_permissions"] {
            let Some(def) = code.method(id, hook).and_then(|id| site.def(id)) else { continue };
            self.hook(owner, hook, def, marks);
        }
        if let Some(def) = code.method(id, "as_view").and_then(|id| site.def(id)) {
            // `return login_required(super().as_view(**kwargs))`
            let mut reader = Reader::new(site, GuardSource::Mixin);
            code.each_expr(def.function.body, &mut |_, expr| {
                if let Expr::Call(callee, arguments) = expr
                    && !code.arguments(arguments).is_empty()
                    && known::decorator(&site.dotted(callee))
                        .is_some_and(|e| e != known::Effect::None)
                {
                    reader.read(callee);
                }
            });
            add(marks, reader.marks);
        }
    }

    /// `dispatch` and what runs before the handlers.
    fn hook(&self, owner: &QualifiedName, name: &'a str, def: Def<'a>, marks: &mut Marks) {
        let mut reader = Reader::new(def.site, GuardSource::MethodDecorator);
        for decorator in def.site.code.exprs(def.function.decorators) {
            reader.read(*decorator);
        }
        add(marks, reader.marks);
        let frame = Frame::new(def, Goal::Super(name)).with_request(1).of(Some(&self.class));
        let level = self.cx.reached.of(frame);
        if level.is_public() || level == Level::Nobody {
            return;
        }
        marks.guards.push(Guarding {
            what: format!("{}.{name}", self.cx.dotted(owner)),
            level,
            source: if *owner == self.class { GuardSource::Body } else { GuardSource::Mixin },
            place: def.site.span_of(def.function.name_range).or_else(|| self.place()),
            methods: None,
            without_effect: None,
        });
    }

    /// Whether the `dispatch` of a class whose code is there never calls that of the next class.
    fn stops(&self, owner: &QualifiedName) -> bool {
        let Some((_, code, id)) = self.cx.program.class_home(owner) else { return false };
        let Some(function) = code.method(id, "dispatch").and_then(|id| code.function(id)) else {
            return false;
        };
        let mut passes = false;
        code.each_expr(function.body, &mut |_, expr| {
            if let Expr::Call(callee, _) = expr {
                passes |= matches!(code.expr(callee),
                    Expr::Attribute(_, name) if code.text(name) == "dispatch");
            }
        });
        !passes
    }

    /// What the handler of one method (or action) says itself.
    pub(super) fn handler(&self, name: &str, method: &'a str, action: Option<&'a str>) -> Marks {
        let Some((owner, def)) = self.method(name) else { return Marks::default() };
        let mut reader = Reader::new(def.site, GuardSource::Decorator);
        reader.methods = Some(vec![Arc::from(method)]);
        for decorator in def.site.code.exprs(def.function.decorators) {
            let action = matches!(
                last(&def.site.dotted(def.site.code.call(*decorator).map_or(*decorator, |c| c.0))),
                "action" | "detail_route" | "list_route" | "extend_schema" | "swagger_auto_schema"
            );
            if !action {
                reader.read(*decorator);
            }
        }
        let mut marks = reader.marks;
        let mut frame = Frame::new(def, Goal::Response).with_request(1).of(Some(&self.class));
        (frame.method, frame.action) = (Some(method), action);
        let level = match self.cx.reached.of(frame) {
            Level::Nobody => Level::Unknown("a way through its own checks".into()),
            level => level,
        };
        if !level.is_public() {
            marks.guards.push(Guarding {
                what: format!("{}.{name}", self.cx.dotted(&owner)),
                level,
                source: GuardSource::Body,
                place: def.site.span_of(def.function.name_range),
                methods: Some(vec![Arc::from(method)]),
                without_effect: None,
            });
        }
        marks
    }

    /// The functions that run, as far as their code is there: hooks, and the handlers given as method, name and action.
    pub(super) fn bodies(&self, handlers: &[Handler]) -> Vec<Body> {
        let mut out: Vec<Body> = Vec::new();
        let body = |(owner, def): (QualifiedName, Def<'a>)| Body {
            module: def.site.module,
            function: def.id,
            owner: Some(owner),
            receiver: Some(self.class.clone()),
            methods: None,
            action: None,
        };
        for (name, methods) in HOOKS {
            let Some(found) = self.method(name) else { continue };
            let methods =
                methods.iter().map(|method| Arc::from(*method)).collect::<Vec<Arc<str>>>();
            let methods = (!methods.is_empty()).then_some(methods);
            out.push(Body { methods, ..body(found) });
        }
        for (method, name, action) in handlers {
            let Some(found) = self.method(name) else { continue };
            let new = body(found);
            let same = out.iter_mut().find(|known| {
                known.function == new.function
                    && known.module == new.module
                    && known.action == *action
            });
            match same {
                Some(known) => {
                    known.methods.get_or_insert_with(Vec::new).push(Arc::clone(method));
                }
                None => out.push(Body {
                    methods: Some(vec![Arc::clone(method)]),
                    action: action.clone(),
                    ..new
                }),
            }
        }
        out
    }
}

/// `@method_decorator(…, name="dispatch")`, or a decorator that does nothing on a class.
fn class_decorator(site: Site<'_>, decorator: ExprId, marks: &mut Marks) {
    let code = site.code;
    let on_method = code.call(decorator).filter(|(callee, _)| {
        site.resolve(*callee).is_external("django.utils.decorators.method_decorator")
    });
    let mut reader = Reader::new(site, GuardSource::MethodDecorator);
    if let Some((_, arguments)) = on_method {
        let name = code.argument(arguments, 1, "name").and_then(|name| code.string(name));
        let name = name.unwrap_or("dispatch");
        if name != "dispatch" && name != "as_view" {
            reader.methods = Some(vec![Arc::from(name.to_ascii_uppercase())]);
        }
        reader.read(decorator);
    } else {
        reader.source = GuardSource::Decorator;
        reader.read(decorator);
        // Decorators of the project for classes may wrap `dispatch` or `as_view`: not graded.
        reader.marks.guards.retain(|guard| !guard.level.is_unknown());
        if !takes_classes(site, decorator, 0) {
            for guard in &mut reader.marks.guards {
                guard.without_effect = Some(NoEffect::DecoratorOnClass);
            }
        }
        reader.marks.csrf = None;
        reader.marks.page_policy = None;
    }
    add(marks, reader.marks);
}

pub(super) fn add(marks: &mut Marks, other: Marks) {
    marks.guards.extend(other.guards);
    marks.csrf = marks.csrf.or(other.csrf);
    marks.framing = marks.framing.take().or(other.framing);
    marks.page_policy = marks.page_policy.take().or(other.page_policy);
    marks.only = marks.only.take().or(other.only);
    marks.throttles.extend(other.throttles);
    marks.drf.extend(other.drf);
    marks.login_not_required |= other.login_not_required;
    marks.put.extend(other.put);
    marks.api_view |= other.api_view;
}

/// The name of a class of the project.
pub(super) fn class_place(cx: &Cx<'_>, class: &QualifiedName) -> Option<Span> {
    let QualifiedName::Project(module, _) = class else { return None };
    let (code, id) = cx.program.class_code(class)?;
    cx.site(*module)?.span_of(code.class(id)?.name_range)
}

//! What `ASGI_APPLICATION` answers beside Django: routes of Channels and their consumers.
//!
//! Applications nest: `ProtocolTypeRouter` has one for each protocol, `URLRouter` one for each pattern,
//! and middleware stands around one (`AuthMiddlewareStack(URLRouter(…))`).

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::eval::{At, InstVal, Leaf, Object, Val};
use djsec_python::worlds::Guard;

use super::library::{CALL, VIEW};
use super::urls::attr;
use super::walk::{Around, Walk};
use super::{Origin, Wrapper};

const PROTOCOLS: &str = "channels.routing.ProtocolTypeRouter";
const ROUTER: &str = "channels.routing.URLRouter";
/// Applications nest at most this deep.
const DEEPEST: u32 = 30;
/// Where middleware keeps what it stands around, besides its arguments.
const INNER: &[&str] = &["inner", "app", "application"];

/// What an application is.
enum App {
    /// `ProtocolTypeRouter`, with its dict.
    Protocols(Val),
    /// `URLRouter`, with its patterns.
    Router(Val),
    /// `Consumer.as_asgi()`.
    Consumer,
    /// Middleware, with what it stands around.
    Around(Wrapper, Val),
    /// Django, or something that routes nothing.
    Other,
}

impl Walk<'_, '_, '_> {
    /// The routes of `ASGI_APPLICATION`.
    pub(super) fn sockets(&mut self, at: At) {
        let setting = self.library.setting(self.it, "ASGI_APPLICATION");
        for alt in &setting.alts {
            let pc = self.it.worlds.and(at.pc, alt.guard);
            let Leaf::Str(path) = &alt.leaf else { continue };
            if self.it.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, span: alt.span.unwrap_or(at.span) };
            let Some((module, name)) = path.rsplit_once('.') else { continue };
            let found = self
                .it
                .load_module(module, here)
                .and_then(|ns| Some(self.it.namespace(ns)?.find(name)?.val.clone()));
            if let Some(application) = found {
                self.application(&application, &Around::default(), here, 0);
            } else {
                let reason = format!("ASGI_APPLICATION {path} is not in the tree");
                self.gap(&Around::default(), reason, here.span);
            }
        }
    }

    fn application(&mut self, application: &Val, around: &Around, at: At, depth: u32) {
        for alt in &application.alts {
            let pc = self.it.worlds.and(at.pc, alt.guard);
            if !self.it.worlds.impossible(pc) {
                let span = alt.span.unwrap_or(at.span);
                self.app(&alt.leaf, around, At { pc, span }, depth);
            }
        }
    }

    fn app(&mut self, leaf: &Leaf, around: &Around, at: At, depth: u32) {
        if depth > DEEPEST {
            self.cut(around, "applications nested too deeply", at.span);
            return;
        }
        match self.app_of(leaf, at) {
            App::Protocols(protocols) => self.protocols(&protocols, around, at, depth),
            App::Router(patterns) => self.patterns(&patterns, around, at),
            App::Around(wrapper, inner) => {
                let mut around = around.clone();
                around.wrappers.push(wrapper);
                self.application(&inner, &around, at, depth + 1);
            }
            // A consumer for whatever address.
            App::Consumer => self.answer(leaf, around, at),
            App::Other => {
                if around.asgi == Some(Origin::WebSocket) {
                    let shown = self.it.repr(leaf);
                    self.gap(around, format!("the application {shown}"), at.span);
                }
            }
        }
    }

    fn protocols(&mut self, protocols: &Val, around: &Around, at: At, depth: u32) {
        for alt in &protocols.alts {
            let pc = self.it.worlds.and(at.pc, alt.guard);
            let Leaf::Ref(id) = &alt.leaf else { continue };
            let Some(Object::Dict(dict)) = self.it.object(*id) else { continue };
            let entries = dict.entries.clone();
            for (key, application) in &entries {
                let origin = match key {
                    Leaf::Str(name) if &**name == "websocket" => Origin::WebSocket,
                    Leaf::Str(name) if &**name == "http" => Origin::Pattern,
                    _ => continue,
                };
                let mut inner = around.clone();
                (inner.asgi, inner.origin) = (Some(origin), Some(origin));
                self.application(application, &inner, At { pc, ..at }, depth + 1);
            }
        }
    }

    /// Goes into the application that a pattern leads to, where it is no consumer itself.
    pub(super) fn asgi_pattern(&mut self, leaf: &Leaf, around: &Around, at: At) -> bool {
        let depth = u32::try_from(around.segments.len() + around.wrappers.len());
        let depth = depth.unwrap_or(DEEPEST);
        match self.app_of(leaf, at) {
            // Django answers the rest, and its routes are those of the URLconf.
            App::Other if around.asgi == Some(Origin::Pattern) => {}
            App::Consumer | App::Other => return false,
            _ => self.app(leaf, around, at, depth),
        }
        true
    }

    fn app_of(&mut self, leaf: &Leaf, at: At) -> App {
        let Leaf::Ref(id) = leaf else { return App::Other };
        let Some(Object::Inst(inst)) = self.it.object(*id) else { return App::Other };
        let inst = inst.clone();
        let first = || inst.args.first().cloned().unwrap_or_default();
        let name = match &inst.class {
            Leaf::Ext(class) if &**class == VIEW => return App::Consumer,
            Leaf::Ext(class) if &**class == CALL => {
                let callee = attr(self.it, leaf, "djsec callee").unwrap_or_default();
                callee.single().and_then(|callee| match callee {
                    Leaf::Ext(name) => Some(self.library.names.qualify(name)),
                    _ => None,
                })
            }
            _ => self.library.class_name(self.it, leaf),
        };
        let is = |wanted: &str| {
            name.as_ref().is_some_and(|name| {
                self.library.names.hierarchy.derives_from(name, &[wanted]) == Some(true)
            })
        };
        if is(PROTOCOLS) {
            return App::Protocols(first());
        }
        if is(ROUTER) {
            return App::Router(first());
        }
        match self.inner(leaf, &inst) {
            Some(inner) => App::Around(self.wrapper(name, &inst, at.span), inner),
            None => App::Other,
        }
    }

    fn wrapper(&mut self, name: Option<QualifiedName>, inst: &InstVal, place: Span) -> Wrapper {
        let mut value = |val: &Val| self.it.export_value(val, Guard::ALWAYS);
        let arguments = inst.args.iter().skip(1).map(&mut value).collect();
        let keywords = inst.keywords.iter();
        let keywords = keywords.map(|(name, val)| (Arc::clone(name), value(val))).collect();
        Wrapper { name: name.unwrap_or(QualifiedName::Unknown), arguments, keywords, place }
    }

    /// The application that middleware stands around.
    fn inner(&self, leaf: &Leaf, inst: &InstVal) -> Option<Val> {
        let is_app = |val: &&Val| {
            val.alts.iter().any(|alt| match &alt.leaf {
                Leaf::Ref(id) => matches!(self.it.object(*id), Some(Object::Inst(_))),
                _ => false,
            })
        };
        let kept = INNER.iter().find_map(|name| attr(self.it, leaf, name));
        let keyword = inst.keywords.iter().find(|(name, _)| INNER.contains(&&**name));
        let given = inst.args.first().or(keyword.map(|(_, val)| val));
        given.filter(is_app).cloned().or_else(|| kept.filter(|val| is_app(&val)))
    }
}

//! The WebSocket routes of Channels: from `ASGI_APPLICATION` through the middleware around the router.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::eval::{At, InstVal, Interp, Leaf, Object, Val};
use djsec_python::worlds::Guard;

use super::callable::Reader;
use super::library::{CALL, UrlLibrary, VIEW};
use super::urls::class_of;
use super::walk::{Around, Walk};
use super::{Origin, Route, Wrapper};

const ROUTER: &str = "channels.routing.URLRouter";
const BY_PROTOCOL: &str = "channels.routing.ProtocolTypeRouter";

/// Middleware nests at most this deep.
const DEEPEST: u32 = 20;

/// The application that `ASGI_APPLICATION` names, where Channels is installed. Without Channels there
/// is nothing in it that the URLconf does not have.
pub(super) fn application(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    place: Span,
) -> Option<(Val, At)> {
    let path = library.setting(it, "ASGI_APPLICATION").as_str()?;
    let (module, name) = path.rsplit_once('.')?;
    let at = At { pc: Guard::ALWAYS, span: place };
    let program = library.names.program;
    let found = library.names.qualify(&path);
    let djsec_python::QualifiedName::Project(id, _) = &found else { return None };
    // A cheap question first: most applications are Django's own.
    program.code(*id)?.symbol("ProtocolTypeRouter")?;
    let ns = it.load_module(module, at).or_else(|| it.load(*id, at))?;
    let val = it.namespace(ns)?.find(name)?.val.clone();
    Some((val, at))
}

impl Walk<'_, '_, '_> {
    /// The routes of an application of Channels.
    pub(super) fn sockets(&mut self, application: &Val, at: At) {
        self.application(application, &Around::sockets(), at, 0);
    }

    fn application(&mut self, application: &Val, around: &Around, at: At, depth: u32) {
        if depth > DEEPEST {
            return;
        }
        for alt in &application.alts {
            let pc = self.it.worlds.and(at.pc, alt.guard);
            if self.it.worlds.impossible(pc) {
                continue;
            }
            let at = At { pc, span: alt.span.unwrap_or(at.span) };
            self.layer(&alt.leaf, around, at, depth);
        }
    }

    /// One layer of an application: a router, or middleware around something.
    pub(super) fn layer(&mut self, leaf: &Leaf, around: &Around, at: At, depth: u32) {
        let inst = match leaf {
            Leaf::Ref(id) => match self.it.object(*id) {
                Some(Object::Inst(inst)) => inst.clone(),
                _ => return self.consumer(leaf, around, at),
            },
            _ => return self.consumer(leaf, around, at),
        };
        match class_of(self.it, leaf).as_deref() {
            Some(VIEW) => self.consumer(leaf, around, at),
            Some(ROUTER) => {
                if let Some(patterns) = given(&inst, "routes") {
                    self.patterns(&patterns, around, at);
                }
            }
            Some(BY_PROTOCOL) => {
                let Some(Leaf::Ref(id)) =
                    given(&inst, "application_mapping").and_then(|map| map.single().cloned())
                else {
                    return;
                };
                let inner = self.it.dict_get(id, &Leaf::Str(Arc::from("websocket")), at);
                self.application(&inner, around, at, depth + 1);
            }
            _ => self.middleware(leaf, &inst, around, at, depth),
        }
    }

    /// What answers in the end.
    fn consumer(&mut self, leaf: &Leaf, around: &Around, at: At) {
        if matches!(leaf, Leaf::Absent | Leaf::None) {
            return;
        }
        let mut reader = Reader { library: self.library, it: self.it };
        let found = reader.callable(leaf, at.span, 0);
        let mut wrappers = around.wrappers.clone();
        wrappers.extend(found.wrappers);
        self.push(Route {
            segments: around.segments.clone(),
            name: None,
            namespaces: around.namespaces.clone(),
            target: found.target,
            wrappers,
            when: at.pc,
            place: at.span,
            origin: Origin::WebSocket,
        });
    }

    fn middleware(&mut self, leaf: &Leaf, inst: &InstVal, around: &Around, at: At, depth: u32) {
        let name = match class_of(self.it, leaf).as_deref() {
            Some(CALL) => {
                let callee = inst.attrs.first().and_then(|(_, val)| val.single().cloned());
                match callee {
                    Some(Leaf::Ext(name)) => Some(self.library.names.qualify(&name)),
                    Some(Leaf::Func(function)) => self.library.function_name(&function),
                    _ => None,
                }
            }
            _ => self.library.class_name(self.it, leaf),
        };
        let (Some(name), Some(inner)) = (name, self.inner(inst)) else {
            let shown = self.it.repr(leaf);
            self.gap(around, format!("the sockets behind {shown}"), at.span);
            return;
        };
        let rest = inst.args.iter().skip(1);
        let arguments = rest.map(|arg| self.it.export_value(arg, Guard::ALWAYS)).collect();
        let keywords = inst
            .keywords
            .iter()
            .map(|(name, val)| (Arc::clone(name), self.it.export_value(val, Guard::ALWAYS)));
        let keywords = keywords.collect();
        let mut around = around.clone();
        around.wrappers.push(Wrapper { name, arguments, keywords, place: at.span });
        self.application(&inner, &around, at, depth + 1);
    }

    /// What middleware stands around: its first argument, or what its `__init__` keeps of it.
    fn inner(&self, inst: &InstVal) -> Option<Val> {
        let keyword = |name: &str| matches!(name, "app" | "application" | "inner");
        let named = inst.keywords.iter().find(|(name, _)| keyword(name)).map(|(_, val)| val);
        let kept = inst.attrs.iter().filter(|(name, _)| keyword(name)).map(|(_, val)| val);
        inst.args.first().into_iter().chain(named).chain(kept).find(|val| self.is_app(val)).cloned()
    }

    fn is_app(&self, val: &Val) -> bool {
        val.alts.iter().any(|alt| {
            let Leaf::Ref(id) = &alt.leaf else { return false };
            matches!(self.it.object(*id), Some(Object::Inst(_)))
        })
    }
}

fn given(inst: &InstVal, name: &str) -> Option<Val> {
    let keyword = inst.keywords.iter().find(|(keyword, _)| &**keyword == name).map(|(_, val)| val);
    inst.args.first().or(keyword).cloned()
}

//! Ninja: operations that decorators put on an API or a router, and the addresses they get.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, SeqVal, Val};
use djsec_python::worlds::Guard;

use super::library::UrlLibrary;
use super::urls::{ROUTE_PATTERN, attr, instance, pattern_of, text_pattern};

/// Class of an operation as a view.
pub(super) const OPERATION: &str = "djsec.NinjaOperation";
/// Class of `api.get("/path")` before it meets its function.
pub(super) const DECORATOR: &str = "djsec.NinjaDecorator";
/// Routers nest at most this deep.
const DEEPEST: u32 = 20;

/// What an API or router holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Holder {
    operations: Vec<Operation>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
struct Operation {
    path: Arc<str>,
    methods: Vec<Arc<str>>,
    function: Val,
    name: Option<Arc<str>>,
    auth: Option<Val>,
    when: Guard,
    place: Span,
}

#[derive(Debug, Clone)]
struct Child {
    prefix: Arc<str>,
    router: ObjId,
    auth: Option<Val>,
    when: Guard,
}

/// Whether this is an API.
fn is_api(class: &str) -> bool {
    class.starts_with("ninja")
        && (class.ends_with(".NinjaAPI") || class.ends_with(".NinjaExtraAPI"))
}

/// Whether this is an API or a router.
pub(super) fn is_holder(class: &str) -> bool {
    is_api(class) || class.starts_with("ninja") && class.ends_with(".Router")
}

const VERBS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

impl UrlLibrary<'_> {
    /// A method of an API or router.
    pub(super) fn ninja_method(
        &self,
        it: &mut Interp<'_>,
        holder: ObjId,
        name: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        let none = Val::of(Leaf::None, Some(at.span));
        match name {
            "__init__" => {
                if let Some(Object::Inst(inst)) = it.object_mut(holder, at) {
                    inst.args.clone_from(&args.positional);
                    inst.keywords.clone_from(&args.keywords);
                }
                Some(none)
            }
            "add_router" => {
                self.add_router(it, holder, args, at);
                Some(none)
            }
            "add_api_operation" => {
                let methods = args.at(1, "methods").cloned().unwrap_or_default();
                let function = args.at(2, "view_func").cloned()?;
                let path = args.at(0, "path").cloned()?;
                self.add_operation(it, holder, (&path, &methods, function), args, at);
                Some(none)
            }
            "api_operation" => {
                let methods = args.at(0, "methods").cloned()?;
                let path = args.at(1, "path").cloned()?;
                Some(Self::ninja_decorator(it, holder, path, methods, args, at))
            }
            verb if VERBS.contains(&verb) => {
                let path = args.at(0, "path").cloned()?;
                let methods = Val::str(verb.to_uppercase());
                Some(Self::ninja_decorator(it, holder, path, methods, args, at))
            }
            // Handlers of errors and the like.
            _ => None,
        }
    }

    /// An attribute of an API or router.
    pub(super) fn ninja_attribute(
        &self,
        it: &mut Interp<'_>,
        holder: ObjId,
        class: &str,
        name: &str,
        at: At,
    ) -> Val {
        if name == "urls" && is_api(class) {
            let patterns = self.ninja_urls(it, holder, at);
            let namespace = option(it, holder, "urls_namespace").and_then(|val| val.as_str());
            let namespace = namespace.unwrap_or_else(|| {
                let version = option(it, holder, "version").and_then(|val| val.as_str());
                Arc::from(format!("api-{}", version.as_deref().unwrap_or("1.0.0")))
            });
            let last = namespace.rsplit(':').next().unwrap_or_default().to_owned();
            let parts = [patterns, Val::str("ninja"), Val::str(last)];
            let items = parts.map(|part| (Guard::ALWAYS, part)).to_vec();
            return Val::of(Leaf::Tuple(Rc::new(SeqVal { items, open: false })), Some(at.span));
        }
        let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(holder), Arc::from(name))));
        Val::of(method, Some(at.span))
    }

    fn ninja_decorator(
        it: &mut Interp<'_>,
        holder: ObjId,
        path: Val,
        methods: Val,
        args: &Args,
        at: At,
    ) -> Val {
        let this = Val::of(Leaf::Ref(holder), Some(at.span));
        let made = instance(
            it,
            DECORATOR,
            vec![("holder", this), ("path", path), ("methods", methods)],
            at,
        );
        if let Some(Leaf::Ref(id)) = made.single()
            && let Some(Object::Inst(inst)) = it.object_mut(*id, at)
        {
            inst.keywords.clone_from(&args.keywords);
        }
        made
    }

    /// The decorator meets its function.
    pub(super) fn decorate_operation(
        &self,
        it: &mut Interp<'_>,
        decorator: ObjId,
        args: &Args,
        at: At,
    ) -> Val {
        let this = Leaf::Ref(decorator);
        let function = args.positional.first().cloned().unwrap_or_default();
        let keywords = match it.object(decorator) {
            Some(Object::Inst(inst)) => inst.keywords.clone(),
            _ => Vec::new(),
        };
        let given = Args { positional: Vec::new(), keywords, open: false };
        let part = |it: &Interp<'_>, name: &str| attr(it, &this, name).unwrap_or_default();
        let (holder, path, methods) = (part(it, "holder"), part(it, "path"), part(it, "methods"));
        if let Some(Leaf::Ref(holder)) = holder.single() {
            self.add_operation(it, *holder, (&path, &methods, function.clone()), &given, at);
        }
        function
    }

    fn add_operation(
        &self,
        it: &mut Interp<'_>,
        holder: ObjId,
        (path, methods, function): (&Val, &Val, Val),
        args: &Args,
        at: At,
    ) {
        let methods = if let Some(one) = methods.as_str() {
            vec![one]
        } else {
            let items = it.iterate(methods, at).items;
            items.into_iter().filter_map(|(_, item)| item.as_str()).collect()
        };
        let operation = Operation {
            path: path.as_str().unwrap_or_else(|| Arc::from("{not known}")),
            methods,
            function,
            name: args.keyword("url_name").and_then(Val::as_str),
            auth: args.keyword("auth").cloned(),
            when: at.pc,
            place: at.span,
        };
        self.ninja.borrow_mut().entry(holder).or_default().operations.push(operation);
    }

    /// `add_router(prefix, router, auth=…)`; the router may be named.
    fn add_router(&self, it: &mut Interp<'_>, holder: ObjId, args: &Args, at: At) {
        let prefix = args.at(0, "prefix").and_then(Val::as_str).unwrap_or_default();
        let router = args.at(1, "router").cloned().unwrap_or_default();
        let router = match router.as_str() {
            Some(dotted) => {
                let name = self.names.qualify(&dotted);
                self.run(it, &name, at).unwrap_or_default()
            }
            None => router,
        };
        let auth = args.keyword("auth").cloned();
        for alt in &router.alts {
            let Leaf::Ref(id) = alt.leaf else { continue };
            let when = it.worlds.and(at.pc, alt.guard);
            let child = Child { prefix: Arc::clone(&prefix), router: id, auth: auth.clone(), when };
            self.ninja.borrow_mut().entry(holder).or_default().children.push(child);
        }
    }

    fn ninja_urls(&self, it: &mut Interp<'_>, api: ObjId, at: At) -> Val {
        let mut items = Vec::new();
        let address = |it: &Interp<'_>, name: &str, default: &str| match option(it, api, name) {
            Some(val) => val.as_str().filter(|text| !text.is_empty()),
            None => Some(Arc::from(default)),
        };
        if let Some(openapi) = address(it, "openapi_url", "/openapi.json") {
            items.push(self.ninja_page(it, api, (&openapi, "openapi_json", "openapi-json"), at));
            if let Some(docs) = address(it, "docs_url", "/docs") {
                items.push(self.ninja_page(it, api, (&docs, "openapi_view", "openapi-view"), at));
            }
        }
        let auth = option(it, api, "auth");
        self.ninja_paths(it, api, ("", auth.as_ref(), at.pc), &mut items, at, 0);
        items.push(self.ninja_page(it, api, ("", "default_home", "api-root"), at));
        it.list(SeqVal { items, open: false }, at)
    }

    /// A page that Ninja adds itself.
    fn ninja_page(
        &self,
        it: &mut Interp<'_>,
        api: ObjId,
        (text, view, name): (&str, &str, &str),
        at: At,
    ) -> (Guard, Val) {
        let view =
            Val::of(Leaf::Ext(Arc::from(format!("ninja.openapi.views.{view}"))), Some(at.span));
        let args = Args::positional(vec![view]);
        let mut callback = it.external_instance("functools.partial", &args, at);
        if name != "api-root"
            && let Some(decorator) = option(it, api, "docs_decorator")
            && let Some(callee) = decorator.single().filter(|leaf| !matches!(leaf, Leaf::None))
        {
            let args = Args::positional(vec![callback]);
            callback = Self::kept_call(it, callee.clone(), &args, at);
        }
        let text = Val::str(text.trim_start_matches('/'));
        (Guard::ALWAYS, self.ninja_pattern(it, text, &callback, Val::str(name), at))
    }

    fn ninja_pattern(&self, it: &mut Interp<'_>, text: Val, view: &Val, name: Val, at: At) -> Val {
        let pattern = text_pattern(it, ROUTE_PATTERN, text, at);
        let made = pattern_of(self, it, pattern, view, (None, Some(name)), at);
        if let Some(Leaf::Ref(id)) = made.single()
            && let Some(Object::Inst(inst)) = it.object_mut(*id, at)
        {
            inst.attrs.push((Arc::from("djsec origin"), Val::str("ninja")));
        }
        made
    }

    /// The addresses of a router and of those below it.
    fn ninja_paths(
        &self,
        it: &mut Interp<'_>,
        holder: ObjId,
        (prefix, auth, when): (&str, Option<&Val>, Guard),
        items: &mut Vec<(Guard, Val)>,
        at: At,
        depth: u32,
    ) {
        if depth > DEEPEST {
            return;
        }
        let held = self.ninja.borrow().get(&holder).cloned().unwrap_or_default();
        let mut paths: Vec<&Arc<str>> = Vec::new();
        for operation in &held.operations {
            if !paths.contains(&&operation.path) {
                paths.push(&operation.path);
            }
        }
        for path in paths {
            for operation in held.operations.iter().filter(|one| one.path == *path) {
                let text = joined(prefix, path);
                let here = At { span: operation.place, ..at };
                let view = ninja_view(it, operation, auth, here);
                let function = operation.function.single();
                let name = operation.name.clone().unwrap_or_else(|| match function {
                    Some(Leaf::Func(function)) => {
                        Arc::from(function.name.rsplit('.').next().unwrap_or_default())
                    }
                    _ => Arc::from("{not known}"),
                });
                let guard = it.worlds.and(when, operation.when);
                let made = self.ninja_pattern(it, Val::str(text), &view, Val::str(name), here);
                items.push((guard, made));
            }
        }
        for child in &held.children {
            let own = option(it, child.router, "auth");
            let auth = child.auth.as_ref().or(own.as_ref()).or(auth).cloned();
            let prefix = joined(prefix, &child.prefix);
            let guard = it.worlds.and(when, child.when);
            let inner = (prefix.as_str(), auth.as_ref(), guard);
            self.ninja_paths(it, child.router, inner, items, at, depth + 1);
        }
    }
}

/// An operation as a view.
fn ninja_view(it: &mut Interp<'_>, operation: &Operation, auth: Option<&Val>, at: At) -> Val {
    let methods = operation.methods.iter().map(|m| (Guard::ALWAYS, Val::str(Arc::clone(m))));
    let methods = SeqVal { items: methods.collect(), open: false };
    let methods = it.list(methods, at);
    let mut attrs = vec![("function", operation.function.clone()), ("methods", methods)];
    if let Some(auth) = operation.auth.as_ref().or(auth) {
        attrs.push(("auth", auth.clone()));
    }
    instance(it, OPERATION, attrs, at)
}

/// An argument that an API or router was made with.
fn option(it: &Interp<'_>, holder: ObjId, name: &str) -> Option<Val> {
    let Some(Object::Inst(inst)) = it.object(holder) else { return None };
    let given = inst.attrs.iter().chain(&inst.keywords);
    given.into_iter().find(|(known, _)| &**known == name).map(|(_, val)| val.clone())
}

/// Prefix and path as Ninja joins them.
fn joined(prefix: &str, path: &str) -> String {
    let parts: Vec<&str> = [prefix, path].into_iter().filter(|part| !part.is_empty()).collect();
    let mut text = parts.join("/").replace('{', "<").replace('}', ">");
    while text.contains("//") {
        text = text.replace("//", "/");
    }
    text.trim_start_matches('/').to_owned()
}

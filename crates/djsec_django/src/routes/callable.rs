//! From the value that a URLconf gives for a view to what answers and what stands around it.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::eval::{InstVal, Interp, Leaf, Object, Val};
use djsec_python::value::Value;
use djsec_python::worlds::Guard;

use super::library::{CALL, UrlLibrary, VIEW};
use super::names::returned_function;
use super::{Target, Wrapper};
use super::{ninja, packaged};

/// Wrappers nest at most this deep.
const DEEPEST: u32 = 24;

/// What answers, with what stands around it, outermost first.
pub(super) struct Callable {
    pub(super) target: Target,
    pub(super) wrappers: Vec<Wrapper>,
}

impl From<Target> for Callable {
    fn from(target: Target) -> Self {
        Self { target, wrappers: Vec::new() }
    }
}

/// Reads one callback.
pub(super) struct Reader<'r, 'l, 'i> {
    pub(super) library: &'r UrlLibrary<'l>,
    pub(super) it: &'r mut Interp<'i>,
}

impl Reader<'_, '_, '_> {
    /// What a leaf is when it is called with a request.
    pub(super) fn callable(&mut self, leaf: &Leaf, span: Span, depth: u32) -> Callable {
        if depth > DEEPEST {
            return unknown("decorators nested too deeply");
        }
        match leaf {
            Leaf::Ext(name) | Leaf::Str(name) => self.named(name),
            Leaf::Func(function) => match self.library.function_name(function) {
                Some(name) => Target::Function(name).into(),
                None => Target::Function(self.library.names.qualify(&function.name)).into(),
            },
            Leaf::Method(bound) => match self.library.function_name(&bound.1) {
                Some(name) => Target::Function(name).into(),
                None => Target::Function(self.library.names.qualify(&bound.1.name)).into(),
            },
            Leaf::BuiltinMethod(bound) => {
                let owner = self.library.class_name(self.it, &bound.0);
                match owner.and_then(|class| Self::member(&class, &bound.1)) {
                    Some(name) => Target::Function(name).into(),
                    None => unknown(&format!("the method {} of an unknown object", bound.1)),
                }
            }
            Leaf::Ref(id) => match self.it.object(*id) {
                Some(Object::Class(_)) => match self.library.class_name(self.it, leaf) {
                    Some(class) => Target::Class { class, arguments: Vec::new() }.into(),
                    None => unknown("a class"),
                },
                Some(Object::Inst(inst)) => {
                    let inst = inst.clone();
                    self.instance(leaf, &inst, span, depth)
                }
                _ => unknown("a list or dict where a view belongs"),
            },
            Leaf::Sym(sym) => unknown(&sym.describe()),
            Leaf::Absent => unknown("a view that is not there"),
            other => {
                let shown = self.it.repr(other);
                unknown(&format!("{shown} is no view"))
            }
        }
    }

    fn named(&self, dotted: &str) -> Callable {
        let name = self.library.names.qualify(dotted);
        if matches!(name, QualifiedName::Project(..)) && self.library.names.is_class(&name) {
            return Target::Class { class: name, arguments: Vec::new() }.into();
        }
        if let Some(class) = packaged::view_class(dotted) {
            let class = QualifiedName::External(Arc::from(class));
            return Target::Class { class, arguments: Vec::new() }.into();
        }
        Target::Function(name).into()
    }

    /// A method of a class as a qualified name.
    fn member(class: &QualifiedName, method: &str) -> Option<QualifiedName> {
        match class {
            QualifiedName::Project(module, path) => {
                Some(QualifiedName::Project(*module, Arc::from(format!("{path}.{method}"))))
            }
            QualifiedName::External(name) => {
                Some(QualifiedName::External(Arc::from(format!("{name}.{method}"))))
            }
            _ => None,
        }
    }

    fn instance(&mut self, leaf: &Leaf, inst: &InstVal, span: Span, depth: u32) -> Callable {
        match &inst.class {
            Leaf::Ext(class) if &**class == VIEW => self.view(inst, span, depth),
            Leaf::Ext(class) if &**class == CALL => self.call(inst, span, depth),
            Leaf::Ext(class) if &**class == super::admin::PAGE => self.page(leaf).into(),
            Leaf::Ext(class) if &**class == ninja::OPERATION => self.operation(leaf, span, depth),
            Leaf::Ext(class) if &**class == "functools.partial" => {
                let callee = Leaf::Ext(Arc::clone(class));
                self.wrapped(&callee, inst, span, depth)
            }
            _ => {
                let Some(class) = self.library.class_name(self.it, leaf) else {
                    return unknown("an instance of an unknown class");
                };
                Target::Instance { class, arguments: self.keywords(&inst.keywords) }.into()
            }
        }
    }

    /// A page of an admin site.
    fn page(&self, leaf: &Leaf) -> Target {
        let name = |key: &str| match super::urls::attr(self.it, leaf, key)?.single()? {
            Leaf::Ext(dotted) => Some(self.library.names.qualify(dotted)),
            _ => None,
        };
        let page = super::urls::attr(self.it, leaf, "page").and_then(|page| page.as_str());
        Target::Admin {
            site: name("site").unwrap_or(QualifiedName::Unknown),
            model: name("model"),
            admin: name("admin"),
            page: page.unwrap_or_default(),
        }
    }

    /// An operation of Ninja.
    fn operation(&mut self, leaf: &Leaf, span: Span, depth: u32) -> Callable {
        let part = |reader: &Self, name: &str| super::urls::attr(reader.it, leaf, name);
        let function = part(self, "function").as_ref().and_then(first_leaf);
        let methods = part(self, "methods").unwrap_or_default();
        let at = djsec_python::eval::At { pc: Guard::ALWAYS, span };
        let methods = self.it.iterate(&methods, at).items;
        let methods = methods.into_iter().filter_map(|(_, item)| item.as_str()).collect();
        let auth = part(self, "auth").map(|auth| self.value(&auth));
        let Some(function) = function else { return unknown("an operation without a function") };
        let found = self.callable(&function, span, depth + 1);
        match found.target {
            Target::Function(function) => {
                let target = Target::Operation { function, methods, auth };
                Callable { target, wrappers: found.wrappers }
            }
            _ => found,
        }
    }

    fn view(&mut self, inst: &InstVal, span: Span, depth: u32) -> Callable {
        let class = inst.attrs.first().map(|(_, val)| val.clone()).unwrap_or_default();
        let Some(leaf) = first_leaf(&class) else { return unknown("a class that is not there") };
        let mut arguments = self.keywords(&inst.keywords);
        arguments.retain(|(name, _)| &**name != "actions");
        let (class, wrappers) = match self.library.class_name(self.it, &leaf) {
            Some(QualifiedName::External(name)) if &*name == CALL => {
                // `method_decorator(login_required, name="dispatch")(View).as_view()`.
                let inner = self.callable(&leaf, span, depth + 1);
                match inner.target {
                    Target::Class { class, .. } => (class, inner.wrappers),
                    Target::Function(name) => (name, inner.wrappers),
                    Target::Unknown(why) => return unknown(&why),
                    _ => return unknown("as_view() of what is no class"),
                }
            }
            Some(class) => (class, Vec::new()),
            None => {
                let shown = self.it.repr(&leaf);
                return unknown(&format!("as_view() of {shown}"));
            }
        };
        let given = inst.keywords.iter().find(|(name, _)| &**name == "actions");
        let given = inst.args.first().or(given.map(|(_, val)| val));
        let actions = given.map(|actions| self.actions(actions));
        let target = match actions {
            Some(actions) if !actions.is_empty() => Target::ViewSet { class, actions, arguments },
            _ => Target::Class { class, arguments },
        };
        Callable { target, wrappers }
    }

    /// `{"get": "list", "post": "create"}`.
    fn actions(&mut self, actions: &Val) -> Vec<(Arc<str>, Arc<str>)> {
        let Some(Leaf::Ref(id)) = actions.single() else { return Vec::new() };
        let Some(Object::Dict(dict)) = self.it.object(*id) else { return Vec::new() };
        dict.entries
            .iter()
            .filter_map(|(method, action)| match method {
                Leaf::Str(method) => Some((Arc::clone(method), action.as_str()?)),
                _ => None,
            })
            .collect()
    }

    /// A call that was kept: a decorator around a view, or something that makes a view.
    fn call(&mut self, inst: &InstVal, span: Span, depth: u32) -> Callable {
        let callee = inst.attrs.first().map(|(_, val)| val.clone()).unwrap_or_default();
        let place = callee.alts.first().and_then(|alt| alt.span).unwrap_or(span);
        let Some(callee) = first_leaf(&callee) else { return unknown("a call") };
        self.wrapped(&callee, inst, place, depth)
    }

    fn wrapped(&mut self, callee: &Leaf, call: &InstVal, place: Span, depth: u32) -> Callable {
        let position = call.args.iter().position(|arg| self.is_view(arg));
        let named = |name: &str| matches!(name, "view" | "view_func" | "function" | "func");
        let keyword = call.keywords.iter().position(|(name, _)| named(name));
        let inner = match (position, keyword) {
            (Some(n), _) => call.args.get(n),
            (None, Some(n)) => call.keywords.get(n).map(|(_, val)| val),
            (None, None) => None,
        };
        let Some(inner) = inner.and_then(first_leaf) else { return self.made(callee, call) };
        let Some((name, factory)) = self.decorator(callee) else {
            return unknown("a decorator that is not known");
        };
        let mut arguments = Vec::new();
        let mut keywords = Vec::new();
        if let Some(factory) = &factory {
            arguments = factory.args.iter().map(|arg| self.value(arg)).collect();
            keywords = self.keywords(&factory.keywords);
        }
        for (n, arg) in call.args.iter().enumerate() {
            if Some(n) != position {
                arguments.push(self.value(arg));
            }
        }
        for (n, (name, arg)) in call.keywords.iter().enumerate() {
            if position.is_some() || Some(n) != keyword {
                keywords.push((Arc::clone(name), self.value(arg)));
            }
        }
        let mut found = self.callable(&inner, place, depth + 1);
        found.wrappers.insert(0, Wrapper { name, arguments, keywords, place });
        found
    }

    /// What a decorator is called, and the call that made it: `cache_page(60)`.
    fn decorator(&mut self, callee: &Leaf) -> Option<(QualifiedName, Option<InstVal>)> {
        match callee {
            Leaf::Ext(name) => Some((self.library.names.qualify(name), None)),
            Leaf::Func(function) => Some((self.library.function_name(function)?, None)),
            Leaf::Method(bound) => Some((self.library.function_name(&bound.1)?, None)),
            Leaf::BuiltinMethod(bound) => {
                let owner = self.library.class_name(self.it, &bound.0)?;
                Some((Self::member(&owner, &bound.1)?, None))
            }
            Leaf::Ref(id) => {
                let Some(Object::Inst(inst)) = self.it.object(*id) else { return None };
                let inst = inst.clone();
                let is_call = matches!(&inst.class, Leaf::Ext(class) if &**class == CALL);
                if !is_call {
                    return Some((self.library.class_name(self.it, callee)?, Some(inst)));
                }
                let made_by = inst.attrs.first().and_then(|(_, val)| first_leaf(val))?;
                let (name, _) = self.decorator(&made_by)?;
                Some((name, Some(inst)))
            }
            _ => None,
        }
    }

    /// A view that a function makes: the function inside it, or what a package gives.
    fn made(&mut self, callee: &Leaf, call: &InstVal) -> Callable {
        if let Some(schema) = self.schema_page(callee) {
            return schema.into();
        }
        let Some((name, _)) = self.decorator(callee) else { return unknown("what a call gives") };
        let QualifiedName::Project(module, _) = &name else {
            let arguments = self.keywords(&call.keywords);
            if let QualifiedName::External(dotted) = &name
                && let Some(class) = packaged::view_class(dotted)
            {
                let class = QualifiedName::External(Arc::from(class));
                return Target::Class { class, arguments }.into();
            }
            return Target::Instance { class: name, arguments }.into();
        };
        if let Some((code, id)) = self.library.names.program.function_code(&name)
            && let Some(inner) = returned_function(code, id)
            && let Some(function) = code.function(inner)
        {
            let path = Arc::from(&*function.path);
            return Target::Function(QualifiedName::Project(*module, path)).into();
        }
        let shown = self.library.names.program.dotted(&name).unwrap_or_default();
        unknown(&format!("what {shown}() gives"))
    }

    /// `get_schema_view(…).with_ui("swagger")` of drf-yasg: the view with the arguments of the call that
    /// made it.
    fn schema_page(&mut self, callee: &Leaf) -> Option<Target> {
        let Leaf::BuiltinMethod(bound) = callee else { return None };
        let Leaf::Ref(id) = &bound.0 else { return None };
        let Some(Object::Inst(made)) = self.it.object(*id) else { return None };
        let made = made.clone();
        let by = made.attrs.first().and_then(|(_, val)| first_leaf(val))?;
        let is = matches!(&by, Leaf::Ext(name) if &**name == "drf_yasg.views.get_schema_view");
        is.then(|| Target::Class {
            class: QualifiedName::External(Arc::from("drf_yasg.views.SchemaView")),
            arguments: self.keywords(&made.keywords),
        })
    }

    /// Whether an argument may be the view that a decorator takes.
    fn is_view(&self, arg: &Val) -> bool {
        arg.alts.iter().any(|alt| match &alt.leaf {
            Leaf::Ext(_) | Leaf::Func(_) | Leaf::Method(_) | Leaf::BuiltinMethod(_) => true,
            Leaf::Ref(id) => {
                matches!(self.it.object(*id), Some(Object::Class(_) | Object::Inst(_)))
            }
            _ => false,
        })
    }

    fn keywords(&mut self, keywords: &[(Arc<str>, Val)]) -> Vec<(Arc<str>, Value)> {
        keywords.iter().map(|(name, val)| (Arc::clone(name), self.value(val))).collect()
    }

    fn value(&mut self, val: &Val) -> Value {
        self.it.export_value(val, Guard::ALWAYS)
    }
}

fn first_leaf(val: &Val) -> Option<Leaf> {
    val.alts.iter().map(|alt| &alt.leaf).find(|leaf| !matches!(leaf, Leaf::Absent)).cloned()
}

fn unknown(why: &str) -> Callable {
    Target::Unknown(Arc::from(why)).into()
}

//! Calls: project functions and classes are interpreted, external ones are asked of the library.

use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::ast;

use super::{
    At, Binding, Code, DictVal, Frame, Func, InstVal, Interp, Leaf, ObjId, Object, SeqVal, Val,
};
use crate::worlds::Guard;

/// Nested calls of project functions.
const MAX_CALLS: usize = 48;

/// The arguments of a call.
#[derive(Debug, Clone, Default)]
pub struct Args {
    /// Positional arguments, splats spread.
    pub positional: Vec<Val>,
    /// Keyword arguments, double splats spread.
    pub keywords: Vec<(Arc<str>, Val)>,
    /// Whether a splat may have brought more.
    pub open: bool,
}

impl Args {
    /// Only positional arguments.
    pub fn positional(positional: Vec<Val>) -> Self {
        Self { positional, keywords: vec![], open: false }
    }

    /// A keyword argument.
    pub fn keyword(&self, name: &str) -> Option<&Val> {
        self.keywords.iter().find(|(n, _)| &**n == name).map(|(_, v)| v)
    }

    /// An argument by position or name.
    pub fn at(&self, position: usize, name: &str) -> Option<&Val> {
        self.positional.get(position).or_else(|| self.keyword(name))
    }
}

impl Interp<'_> {
    /// Calls a value, each alternative in its own worlds.
    pub fn call_value(&mut self, callee: &Val, args: &Args, at: At) -> Val {
        self.map(callee, at, |it, leaf, at| it.call_leaf(leaf, args, at))
    }

    fn call_leaf(&mut self, callee: &Leaf, args: &Args, at: At) -> Val {
        match callee {
            Leaf::Func(func) => self.call_function(func, args, None, at),
            Leaf::Method(bound) => {
                let bound = Rc::clone(bound);
                let mut all = Args { positional: vec![bound.0.clone()], ..args.clone() };
                all.positional.extend(args.positional.iter().cloned());
                self.call_function(&bound.1, &all, Some(bound.0.clone()), at)
            }
            Leaf::BuiltinMethod(bound) => {
                let bound = Rc::clone(bound);
                self.call_method(&bound.0, &bound.1, args, at)
            }
            Leaf::Ref(id) => match self.object(*id) {
                Some(Object::Class(_)) => self.instantiate(*id, args, at),
                Some(Object::Inst(inst)) => {
                    let class = inst.class.clone();
                    self.call_instance(*id, &class, args, at)
                }
                _ => self.unknown("a call of something that is not callable", at),
            },
            Leaf::Ext(name) => self.call_external(name, args, at),
            Leaf::Sym(sym) => {
                let what = format!("a call of {}", sym.describe());
                self.unknown(what, at)
            }
            _ => self.unknown("a call of something that is not callable", at),
        }
    }

    fn call_instance(&mut self, id: ObjId, class: &Leaf, args: &Args, at: At) -> Val {
        let found = match class {
            Leaf::Ext(name) => self.library.method(self, id, name, "__call__", args, at),
            _ => match self.external_base(id) {
                Some(base) => self.library.method(self, id, &base, "__call__", args, at),
                None => None,
            },
        };
        if let Some(found) = found {
            return found;
        }
        match self.attribute_of_object(id, "__call__", at) {
            Some(method) => self.call_value(&method, args, at),
            None => self.unknown("a call of an object", at),
        }
    }

    /// A call of something outside the project.
    pub fn call_external(&mut self, name: &str, args: &Args, at: At) -> Val {
        if let Some(val) = self.call_stdlib(name, args, at) {
            return val;
        }
        if let Some(val) = self.library.call(self, name, args, at) {
            return val;
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        if last.starts_with(|c: char| c.is_ascii_uppercase()) {
            return self.external_instance(name, args, at);
        }
        self.unknown(format!("a call of {name}"), at)
    }

    /// An instance of an external class, with the arguments it was made with.
    pub fn external_instance(&mut self, class: &str, args: &Args, at: At) -> Val {
        let inst = InstVal {
            class: Leaf::Ext(Arc::from(class)),
            attrs: vec![],
            args: args.positional.clone(),
            keywords: args.keywords.clone(),
        };
        let id = self.alloc(Object::Inst(inst));
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    fn call_function(
        &mut self,
        func: &Rc<Func>,
        args: &Args,
        receiver: Option<Val>,
        at: At,
    ) -> Val {
        if self.frames.len() >= MAX_CALLS {
            return self.unknown(format!("{} recurses too deeply", func.name), at);
        }
        let ns = self.new_namespace();
        let module = Arc::from(func.name.rsplit_once('.').map_or("", |(module, _)| module));
        self.frames.push(Frame {
            file: func.file,
            module,
            ns,
            outer: func.enclosing.clone(),
            globals: func.globals,
            declared_global: Vec::new(),
            returned: Vec::new(),
            returned_guard: Guard::NEVER,
            loops: Vec::new(),
            class: None,
            method_of: func.class,
            receiver,
            yields: None,
        });
        self.bind_parameters(func, args, at);
        let result = match &func.code {
            Code::Lambda(lambda) => {
                let lambda = Rc::clone(lambda);
                self.expr(&lambda.body, at)
            }
            Code::Def(def) => {
                let def = Rc::clone(def);
                let through = self.block(&def.body, at.pc);
                self.function_result(through, at)
            }
        };
        self.frames.pop();
        result
    }

    fn function_result(&mut self, through: Guard, at: At) -> Val {
        let Some(frame) = self.frames.last_mut() else { return Val::nothing() };
        let returned = std::mem::take(&mut frame.returned);
        if let Some(yields) = frame.yields.take() {
            return self.list(yields, at);
        }
        let mut parts = Vec::with_capacity(returned.len() + 1);
        for (guard, val) in returned {
            let part = self.narrow(&val, guard);
            parts.push(part);
        }
        if !self.worlds.impossible(through) {
            let none = Val::of(Leaf::None, Some(at.span));
            let none = self.narrow(&none, through);
            parts.push(none);
        }
        self.join(parts, at)
    }

    fn bind_parameters(&mut self, func: &Rc<Func>, args: &Args, at: At) {
        let parameters = match &func.code {
            Code::Def(def) => Some(def.parameters.clone()),
            Code::Lambda(lambda) => lambda.parameters.clone(),
        };
        let Some(parameters) = parameters else { return };
        let whole = At { pc: Guard::ALWAYS, ..at };
        let positional: Vec<&ast::ParameterWithDefault> =
            parameters.posonlyargs.iter().chain(&parameters.args).collect();
        for (n, parameter) in positional.iter().enumerate() {
            let name = parameter.parameter.name.as_str();
            let given = args.positional.get(n).or_else(|| args.keyword(name)).cloned();
            self.bind_parameter(func, name, given, args.open, whole);
        }
        for parameter in &parameters.kwonlyargs {
            let name = parameter.parameter.name.as_str();
            let given = args.keyword(name).cloned();
            self.bind_parameter(func, name, given, args.open, whole);
        }
        if let Some(rest) = &parameters.vararg {
            let items = args.positional.iter().skip(positional.len());
            let items = items.map(|v| (Guard::ALWAYS, v.clone())).collect();
            let tuple = Leaf::Tuple(Rc::new(SeqVal { items, open: args.open }));
            self.bind(rest.name.as_str(), Val::of(tuple, Some(at.span)), whole);
        }
        if let Some(rest) = &parameters.kwarg {
            let named: Vec<&str> =
                parameters.iter_non_variadic_params().map(|p| p.name().as_str()).collect();
            let entries = args
                .keywords
                .iter()
                .filter(|(n, _)| !named.contains(&&**n))
                .map(|(n, v)| (Leaf::Str(Arc::clone(n)), v.clone()))
                .collect();
            let dict = self.dict(DictVal { entries, open: args.open, rest: None }, at);
            self.bind(rest.name.as_str(), dict, whole);
        }
    }

    fn bind_parameter(
        &mut self,
        func: &Rc<Func>,
        name: &str,
        given: Option<Val>,
        open: bool,
        at: At,
    ) {
        let value = given
            .or_else(|| func.defaults.iter().find(|(n, _)| &**n == name).map(|(_, v)| v.clone()));
        let value = match value {
            Some(value) => value,
            None if open => self.unknown("an argument from an unknown splat", at),
            None => self.unknown(format!("argument `{name}` is missing"), at),
        };
        self.bind(name, value, at);
    }

    /// Makes an instance of a project class.
    pub fn instantiate(&mut self, class: ObjId, args: &Args, at: At) -> Val {
        if let Some(base) = self.external_base_of_class(class)
            && let Some(made) = self.library.instantiate(self, class, &base, args, at)
        {
            return made;
        }
        let inst = InstVal {
            class: Leaf::Ref(class),
            attrs: vec![],
            args: args.positional.clone(),
            keywords: args.keywords.clone(),
        };
        let id = self.alloc(Object::Inst(inst));
        let val = Val::of(Leaf::Ref(id), Some(at.span));
        if let Some(init) = self.attribute_of_object(id, "__init__", at)
            && matches!(init.single(), Some(Leaf::Method(_)))
        {
            self.call_value(&init, args, at);
        }
        val
    }

    /// The method resolution order of a project class: project classes and external names.
    pub fn mro(&self, class: ObjId) -> Vec<Leaf> {
        self.linearize(class, 0).unwrap_or_else(|| vec![Leaf::Ref(class)])
    }

    fn linearize(&self, class: ObjId, depth: u32) -> Option<Vec<Leaf>> {
        if depth > 32 {
            return None;
        }
        let Some(Object::Class(value)) = self.object(class) else { return None };
        let mut queues: Vec<Vec<Leaf>> = Vec::new();
        for base in &value.bases {
            queues.push(match base {
                Leaf::Ref(id) => self.linearize(*id, depth + 1)?,
                other => vec![other.clone()],
            });
        }
        queues.push(value.bases.clone());
        let mut out = vec![Leaf::Ref(class)];
        while queues.iter().any(|q| !q.is_empty()) {
            let head = queues.iter().filter_map(|q| q.first()).find(|candidate| {
                !queues.iter().any(|q| q.iter().skip(1).any(|other| other == *candidate))
            })?;
            let head = head.clone();
            for queue in &mut queues {
                queue.retain(|leaf| *leaf != head);
            }
            out.push(head);
        }
        Some(out)
    }

    /// The first external class in the resolution order of a class.
    pub fn external_base_of_class(&self, class: ObjId) -> Option<Arc<str>> {
        self.mro(class).into_iter().find_map(|leaf| match leaf {
            Leaf::Ext(name) if &*name != "builtins.object" => Some(name),
            _ => None,
        })
    }

    fn external_base(&self, inst: ObjId) -> Option<Arc<str>> {
        match self.object(inst) {
            Some(Object::Inst(value)) => match &value.class {
                Leaf::Ref(class) => self.external_base_of_class(*class),
                Leaf::Ext(name) => Some(Arc::clone(name)),
                _ => None,
            },
            _ => None,
        }
    }

    /// `object.name`.
    pub fn attribute(&mut self, object: &Val, name: &str, at: At) -> Val {
        self.map(object, at, |it, leaf, at| it.leaf_attribute(leaf, name, at))
    }

    fn leaf_attribute(&mut self, leaf: &Leaf, name: &str, at: At) -> Val {
        match leaf {
            Leaf::Ext(base) => {
                let full: Arc<str> = Arc::from(format!("{base}.{name}"));
                self.external_value(&full, at)
            }
            Leaf::Module(module) => self.module_attribute(module, name, at),
            Leaf::Ref(id) => match self.attribute_of_object(*id, name, at) {
                Some(val) => val,
                None => self.missing_attribute(*id, name, at),
            },
            Leaf::Func(func) if name == "__name__" => {
                Val::str(func.name.rsplit('.').next().unwrap_or_default())
            }
            Leaf::Path(_) if super::methods::is_path_property(name) => {
                self.path_property(leaf, name, at)
            }
            Leaf::Sym(sym) if super::methods::is_path_property(name) => {
                self.symbol(sym.then(format!(".{name}"), sym.ty), at)
            }
            Leaf::None | Leaf::Absent => {
                if self.in_try() {
                    return self.fail("AttributeError", name, at);
                }
                self.unknown(format!("attribute `{name}` of None"), at)
            }
            _ => {
                let method = Leaf::BuiltinMethod(Rc::new((leaf.clone(), Arc::from(name))));
                Val::of(method, Some(at.span))
            }
        }
    }

    /// An external name as a value: known constants are looked up.
    pub fn external_value(&mut self, name: &Arc<str>, at: At) -> Val {
        if let Some(val) = self.stdlib_value(name, at) {
            return val;
        }
        if let Some(val) = self.library.value(self, name, at) {
            return val;
        }
        Val::of(Leaf::Ext(Arc::clone(name)), Some(at.span))
    }

    fn missing_attribute(&mut self, id: ObjId, name: &str, at: At) -> Val {
        match self.object(id) {
            Some(Object::Class(_) | Object::Inst(_)) => {
                if self.in_try() {
                    return self.fail("AttributeError", name, at);
                }
                let leaf = Leaf::Ref(id);
                let what = format!("attribute `{name}` of {}", self.repr(&leaf));
                self.unknown(what, at)
            }
            _ => {
                let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(id), Arc::from(name))));
                Val::of(method, Some(at.span))
            }
        }
    }

    /// An attribute of a class or instance, looked up along the resolution order and bound.
    pub fn attribute_of_object(&mut self, id: ObjId, name: &str, at: At) -> Option<Val> {
        match self.object(id)? {
            Object::Class(class) => {
                if name == "__name__" {
                    let last = class.name.rsplit('.').next().unwrap_or_default();
                    return Some(Val::str(last));
                }
                self.class_attribute(id, name, None, id, at)
            }
            Object::Inst(inst) => {
                let found = inst.attrs.iter().find(|(n, _)| &**n == name).map(|(_, v)| v.clone());
                let class = inst.class.clone();
                if let Some(found) = found {
                    return Some(found);
                }
                self.instance_attribute(id, &class, name, at)
            }
            _ => None,
        }
    }

    fn instance_attribute(&mut self, id: ObjId, class: &Leaf, name: &str, at: At) -> Option<Val> {
        match class {
            Leaf::Ref(class_id) => {
                if name == "__class__" {
                    return Some(Val::of(class.clone(), Some(at.span)));
                }
                let receiver = Val::of(Leaf::Ref(id), Some(at.span));
                let found = self.class_attribute(*class_id, name, Some(receiver), *class_id, at);
                if found.is_some() {
                    return found;
                }
                let base = self.external_base_of_class(*class_id)?;
                self.library.attribute(self, id, &base, name, at)
            }
            Leaf::Ext(class) if &**class == "builtins.super" => {
                let Some(Object::Inst(inst)) = self.object(id) else { return None };
                let receiver = inst.args.first().cloned().unwrap_or_default();
                let defined_in = inst.args.get(1).and_then(Val::single).cloned();
                match defined_in {
                    Some(Leaf::Ref(class)) => {
                        Some(self.super_attribute(class, &receiver, name, at))
                    }
                    _ => None,
                }
            }
            Leaf::Ext(class) => {
                if let Some(found) = self.library.attribute(self, id, class, name, at) {
                    return Some(found);
                }
                let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(id), Arc::from(name))));
                Some(Val::of(method, Some(at.span)))
            }
            _ => None,
        }
    }

    /// Finds `name` along the order of `class`, starting after `after` for `super()`.
    fn class_attribute(
        &mut self,
        class: ObjId,
        name: &str,
        receiver: Option<Val>,
        owner: ObjId,
        at: At,
    ) -> Option<Val> {
        let order = self.mro(class);
        self.search(&order, name, receiver, owner, at)
    }

    fn search(
        &mut self,
        order: &[Leaf],
        name: &str,
        receiver: Option<Val>,
        owner: ObjId,
        at: At,
    ) -> Option<Val> {
        for leaf in order {
            match leaf {
                Leaf::Ref(id) => {
                    let Some(Object::Class(class)) = self.object(*id) else { continue };
                    let ns = class.ns;
                    let found = self.namespace(ns)?.find(name).map(|bound| bound.val.clone());
                    if let Some(found) = found {
                        let missing = self.absent(&found);
                        if missing.is_never() {
                            return Some(self.bind_member(&found, receiver, owner, at));
                        }
                    }
                }
                Leaf::Ext(base) => {
                    let full: Arc<str> = Arc::from(format!("{base}.{name}"));
                    if let Some(val) = self.library.value(self, &full, at) {
                        return Some(val);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn bind_member(&mut self, found: &Val, receiver: Option<Val>, owner: ObjId, at: At) -> Val {
        let class = Val::of(Leaf::Ref(owner), None);
        self.map(found, at, |it, leaf, at| {
            let Leaf::Func(func) = leaf else { return Val::of(leaf.clone(), Some(at.span)) };
            match (func.binding, &receiver) {
                (Binding::Static, _) | (Binding::Plain, None) => {
                    Val::of(leaf.clone(), Some(at.span))
                }
                (Binding::Property, Some(receiver)) => {
                    let args = Args::positional(vec![receiver.clone()]);
                    it.call_function(func, &args, Some(receiver.clone()), at)
                }
                (Binding::Property, None) => Val::of(leaf.clone(), Some(at.span)),
                (Binding::Class, _) => {
                    let bound = Leaf::Method(Rc::new((class.clone(), Rc::clone(func))));
                    Val::of(bound, Some(at.span))
                }
                (Binding::Plain, Some(receiver)) => {
                    let bound = Leaf::Method(Rc::new((receiver.clone(), Rc::clone(func))));
                    Val::of(bound, Some(at.span))
                }
            }
        })
    }

    /// `super().name` inside a method or property.
    pub(super) fn super_attribute(
        &mut self,
        defined_in: ObjId,
        receiver: &Val,
        name: &str,
        at: At,
    ) -> Val {
        let class = match receiver.single() {
            Some(Leaf::Ref(id)) => match self.object(*id) {
                Some(Object::Class(_)) => Some(*id),
                Some(Object::Inst(inst)) => match inst.class {
                    Leaf::Ref(class) => Some(class),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let Some(class) = class else { return self.unknown("super() of an unknown class", at) };
        let order = self.mro(class);
        let after = order.iter().position(|leaf| *leaf == Leaf::Ref(defined_in));
        let rest = order.get(after.map_or(0, |n| n + 1)..).unwrap_or_default().to_vec();
        if let Some(found) = self.search(&rest, name, Some(receiver.clone()), class, at) {
            return found;
        }
        if name.starts_with("__") {
            return Val::of(Leaf::Ext(Arc::from("builtins.noop")), Some(at.span));
        }
        let base = rest.iter().find_map(|leaf| match leaf {
            Leaf::Ext(name) => Some(Arc::clone(name)),
            _ => None,
        });
        let inst = match receiver.single() {
            Some(Leaf::Ref(id)) => Some(*id),
            _ => None,
        };
        if let (Some(base), Some(id)) = (base, inst)
            && let Some(found) = self.library.attribute(self, id, &base, name, at)
        {
            return found;
        }
        self.unknown(format!("`super().{name}`"), at)
    }

    /// The receiver and class of the method being run, for `super()`.
    pub(super) fn current_method(&self) -> Option<(ObjId, Val)> {
        let frame = self.frames.last()?;
        let receiver = frame.receiver.clone()?;
        Some((frame.method_of?, receiver))
    }

    /// Names along the resolution order of a class, first definition first, sorted as `dir` does.
    pub fn member_names(&self, class: ObjId) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for leaf in self.mro(class) {
            if let Leaf::Ref(id) = leaf
                && let Some(Object::Class(class)) = self.object(id)
                && let Some(space) = self.namespace(class.ns)
            {
                names.extend(space.iter().map(|(name, _)| Arc::clone(name)));
            }
        }
        names.sort();
        names.dedup();
        names
    }
}

impl Interp<'_> {
    /// The members of a class as a namespace of their own, as an instance of it would give them
    /// (properties evaluated, inherited names included): class-based settings.
    pub fn class_namespace(&mut self, class: ObjId, at: At) -> Option<super::NsId> {
        let instance = self.instantiate(class, &Args::default(), at);
        let ns = self.new_namespace();
        for name in self.member_names(class) {
            let span = self.member_span(class, &name);
            let value = self.attribute(&instance, &name, at);
            self.bind_in(ns, &name, value, At { span: span.unwrap_or(at.span), ..at });
        }
        Some(ns)
    }

    /// The statement that defines a member, first along the resolution order.
    fn member_span(&self, class: ObjId, name: &str) -> Option<djsec_base::Span> {
        self.mro(class).into_iter().find_map(|leaf| {
            let Leaf::Ref(id) = leaf else { return None };
            let Some(Object::Class(class)) = self.object(id) else { return None };
            self.namespace(class.ns)?.find(name)?.touched.last().copied()
        })
    }
}

//! Attributes: the resolution order of classes, properties, bound methods, `super()`.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use rustc_hash::FxHashMap;

use crate::worlds::Type;

use super::{Args, At, Binding, Interp, Leaf, ObjId, Object, Val};

/// Hierarchies deeper than this are not followed.
const DEEPEST: u32 = 256;

impl Interp<'_> {
    /// The method resolution order of a project class: project classes and external names. Kept until
    /// the bases of a class change.
    pub fn mro(&self, class: ObjId) -> Rc<[Leaf]> {
        if let Some(known) = self.orders.borrow().get(&class) {
            return Rc::clone(known);
        }
        let mut known = FxHashMap::default();
        let order = self.linearize(class, 0, &mut known);
        let order: Rc<[Leaf]> = order.unwrap_or_else(|| vec![Leaf::Ref(class)]).into();
        // What is no class now may become one.
        if matches!(self.object(class), Some(Object::Class(_))) {
            self.orders.borrow_mut().insert(class, Rc::clone(&order));
        }
        order
    }

    /// Puts another class in the place of one of a class's bases.
    pub fn replace_base(&mut self, class: ObjId, position: usize, base: Leaf, at: At) {
        if let Some(Object::Class(class)) = self.object_mut(class, at)
            && let Some(slot) = class.bases.get_mut(position)
        {
            *slot = base;
            self.orders.borrow_mut().clear();
        }
    }

    /// `known` are the orders found on the way: a lattice of classes asks for each again and again.
    fn linearize(
        &self,
        class: ObjId,
        depth: u32,
        known: &mut FxHashMap<ObjId, Vec<Leaf>>,
    ) -> Option<Vec<Leaf>> {
        if let Some(order) = known.get(&class) {
            return Some(order.clone());
        }
        if depth > DEEPEST {
            return None;
        }
        let Some(Object::Class(value)) = self.object(class) else { return None };
        // `object` stands last in every order, and nothing here asks for it: named as a base, it would come before
        // what the next base is made of.
        let object = |base: &&Leaf| matches!(base, Leaf::Ext(name) if &**name == "builtins.object");
        let bases: Vec<Leaf> = value.bases.iter().filter(|base| !object(base)).cloned().collect();
        let mut queues: Vec<Vec<Leaf>> = Vec::new();
        for base in &bases {
            queues.push(match base {
                Leaf::Ref(id) => self.linearize(*id, depth + 1, known)?,
                other => vec![other.clone()],
            });
        }
        let mut out = vec![Leaf::Ref(class)];
        if let [only] = queues.as_mut_slice() {
            out.append(only);
        } else {
            queues.push(bases);
            out.extend(merge(queues)?);
        }
        known.insert(class, out.clone());
        Some(out)
    }

    /// The first external class in the resolution order of a class.
    pub fn external_base_of_class(&self, class: ObjId) -> Option<Arc<str>> {
        self.mro(class).iter().find_map(|leaf| match leaf {
            Leaf::Ext(name) if &**name != "builtins.object" => Some(Arc::clone(name)),
            _ => None,
        })
    }

    pub(super) fn external_base(&self, inst: ObjId) -> Option<Arc<str>> {
        match self.object(inst) {
            Some(Object::Inst(value)) => match &value.class {
                Leaf::Ref(class) => self.external_base_of_class(*class),
                Leaf::Ext(name) => Some(Arc::clone(name)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether this is an attribute of an instance of a class that is not in the tree, or of such an
    /// attribute: a method or data, nobody here knows.
    pub(super) fn is_external_attribute(&self, leaf: &Leaf) -> bool {
        let mut leaf = leaf;
        let mut inside = false;
        while let Leaf::BuiltinMethod(bound) = leaf {
            leaf = &bound.0;
            inside = true;
        }
        inside && matches!(leaf, Leaf::Ref(id) if self.external_base(*id).is_some())
    }

    /// `object.name`.
    pub fn attribute(&mut self, object: &Val, name: &str, at: At) -> Val {
        self.map(object, at, |it, leaf, at| it.leaf_attribute(leaf, name, at))
    }

    pub(super) fn leaf_attribute(&mut self, leaf: &Leaf, name: &str, at: At) -> Val {
        match leaf {
            Leaf::Ext(base) => {
                let full: Arc<str> = Arc::from(format!("{base}.{name}"));
                self.external_value(&full, at)
            }
            Leaf::Module(module) => self.module_attribute(module, name, at),
            Leaf::Ref(id) if name == "__dict__" => self
                .own_attributes(*id, at)
                .unwrap_or_else(|| self.missing_attribute(*id, name, at)),
            Leaf::Ref(id) => match self.attribute_of_object(*id, name, at) {
                Some(val) => val,
                None => self.missing_attribute(*id, name, at),
            },
            // Members of an enumeration stand for their values here.
            Leaf::Str(_) | Leaf::Int(_) if name == "value" => Val::of(leaf.clone(), Some(at.span)),
            Leaf::Func(_) | Leaf::Method(_) if let Some(val) = function_attribute(leaf, name) => {
                val
            }
            Leaf::Path(_) if super::path_object::is_path_property(name) => {
                self.path_property(leaf, name, at)
            }
            Leaf::Sym(sym) if super::path_object::is_path_property(name) => {
                self.symbol(sym.then(format!(".{name}"), sym.ty), at)
            }
            // Called, it becomes a method of the unknown value.
            Leaf::Sym(sym) => self.symbol(sym.then(format!(".{name}"), Type::Any), at),
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
        if !matches!(self.object(id), Some(Object::Class(_) | Object::Inst(_))) {
            let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(id), Arc::from(name))));
            return Val::of(method, Some(at.span));
        }
        if self.external_base(id).is_some() || self.named_fields(id).is_some() {
            let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(id), Arc::from(name))));
            return Val::of(method, Some(at.span));
        }
        // A class may have from one that is not in the tree, or from its metaclass, whatever it is asked for.
        if self.in_try() && self.external_base_of_class(id).is_none() {
            return self.fail("AttributeError", name, at);
        }
        let leaf = Leaf::Ref(id);
        let what = format!("attribute `{name}` of {}", self.repr(&leaf));
        self.unknown(what, at)
    }

    /// What a method that Python calls by itself (`__str__`) gives of an instance: the library's, or the project's own.
    /// Nothing where its class has none.
    pub(super) fn ask_object(
        &mut self,
        (id, class): (ObjId, &Leaf),
        method: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        if let Leaf::Ext(class) = class {
            return self.library.method(self, id, class, method, args, at);
        }
        let method = self.attribute_of_object(id, method, at)?;
        Some(self.call_value(&method, args, at))
    }

    /// An attribute of a class or instance, looked up along the resolution order and bound.
    pub fn attribute_of_object(&mut self, id: ObjId, name: &str, at: At) -> Option<Val> {
        match self.object(id)? {
            Object::Class(class) => {
                if name == "__name__" {
                    let last = class.name.rsplit('.').next().unwrap_or_default();
                    return Some(Val::str(last));
                }
                if let Some(val) = self.library.class_attribute(self, id, name, at) {
                    return Some(val);
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
                let found = self.class_attribute(*class_id, name, Some(&receiver), *class_id, at);
                if found.is_some() {
                    return found;
                }
                let base = self.external_base_of_class(*class_id);
                if let Some(base) = &base
                    && let Some(found) = self.library.attribute(self, id, base, name, at)
                {
                    return Some(found);
                }
                self.asked_attribute(*class_id, &receiver, name, at)
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
            // The loader stands for its specification.
            Leaf::Ext(class) if &**class == super::stdlib::SPEC && name == "loader" => {
                Some(Val::of(Leaf::Ref(id), Some(at.span)))
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

    /// What `__getattr__` gives for a name that nothing else has. Of a class that is not in the tree nobody
    /// knows what it has, but of a dict.
    fn asked_attribute(&mut self, class: ObjId, receiver: &Val, name: &str, at: At) -> Option<Val> {
        let order = self.mro(class);
        let seen = order.iter().all(|leaf| match leaf {
            Leaf::Ref(_) => true,
            Leaf::Ext(base) => matches!(&**base, "builtins.object" | "builtins.dict"),
            _ => false,
        });
        if !seen || name.starts_with("__") || is_dict_method(name) {
            return None;
        }
        let method = self.class_attribute(class, "__getattr__", Some(receiver), class, at)?;
        matches!(method.single(), Some(Leaf::Method(_)))
            .then(|| self.call_value(&method, &Args::positional(vec![Val::str(name)]), at))
    }

    /// Finds `name` along the order of `class`, starting after `after` for `super()`.
    fn class_attribute(
        &mut self,
        class: ObjId,
        name: &str,
        receiver: Option<&Val>,
        owner: ObjId,
        at: At,
    ) -> Option<Val> {
        let order = self.mro(class);
        self.search(&order, name, receiver, owner, at)
    }

    /// The first definition along `order`; where a class only defines the name in some worlds, the
    /// next definition counts in the others.
    fn search(
        &mut self,
        order: &[Leaf],
        name: &str,
        receiver: Option<&Val>,
        owner: ObjId,
        at: At,
    ) -> Option<Val> {
        let mut out: Option<Val> = None;
        for leaf in order {
            let found = match leaf {
                Leaf::Ref(id) => {
                    let Some(Object::Class(class)) = self.object(*id) else { continue };
                    let ns = class.ns;
                    let bound = self.namespace(ns).and_then(|space| space.find(name));
                    let Some(found) = bound.map(|bound| bound.val.clone()) else { continue };
                    self.bind_member(&found, receiver, owner, at)
                }
                Leaf::Ext(base) => {
                    let full: Arc<str> = Arc::from(format!("{base}.{name}"));
                    match self.library.value(self, &full, at) {
                        Some(val) => val,
                        None => continue,
                    }
                }
                _ => continue,
            };
            let merged = match out {
                Some(known) => self.or_default(&known, &found, at),
                None => found,
            };
            let missing = self.absent(&merged);
            let missing = self.worlds.and(missing, at.pc);
            if self.worlds.impossible(missing) {
                return Some(merged);
            }
            out = Some(merged);
        }
        out
    }

    fn bind_member(&mut self, found: &Val, receiver: Option<&Val>, owner: ObjId, at: At) -> Val {
        let class = Val::of(Leaf::Ref(owner), None);
        let mut parts = Vec::with_capacity(found.alts.len());
        for alt in &found.alts {
            let pc = self.worlds.and(alt.guard, at.pc);
            if self.worlds.impossible(pc) {
                continue;
            }
            let part = match &alt.leaf {
                Leaf::Func(func) => {
                    let bound = self.bind_function(func, &class, receiver, At { pc, ..at });
                    self.narrow(&bound, alt.guard)
                }
                // Data stays where the class writes it, whoever asks for it.
                _ => Val { alts: vec![alt.clone()] },
            };
            parts.push(part);
        }
        self.join(parts, at)
    }

    fn bind_function(
        &mut self,
        func: &Rc<super::Func>,
        class: &Val,
        receiver: Option<&Val>,
        at: At,
    ) -> Val {
        let leaf = match (func.binding, receiver) {
            (Binding::Property, Some(receiver)) => {
                let args = Args::positional(vec![receiver.clone()]);
                return self.call_function(func, &args, Some(receiver.clone()), at);
            }
            (Binding::Static, _) | (Binding::Plain | Binding::Property, None) => {
                Leaf::Func(Rc::clone(func))
            }
            (Binding::Class, _) => Leaf::Method(Rc::new((class.clone(), Rc::clone(func)))),
            (Binding::Plain, Some(receiver)) => {
                Leaf::Method(Rc::new((receiver.clone(), Rc::clone(func))))
            }
        };
        Val::of(leaf, Some(at.span))
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
        let rest = order.get(after.map_or(0, |n| n + 1)..).unwrap_or_default();
        if let Some(found) = self.search(rest, name, Some(receiver), class, at) {
            return found;
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
        if name.starts_with("__") {
            return Val::of(Leaf::Ext(Arc::from("builtins.noop")), Some(at.span));
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
        for leaf in self.mro(class).iter() {
            if let Leaf::Ref(id) = leaf
                && let Some(Object::Class(class)) = self.object(*id)
                && let Some(space) = self.namespace(class.ns)
            {
                names.extend(space.iter().map(|(name, _)| Arc::clone(name)));
            }
        }
        names.sort();
        names.dedup();
        names
    }

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
    fn member_span(&self, class: ObjId, name: &str) -> Option<Span> {
        self.member_statements(class, name)?.last().copied()
    }

    /// The statements of the class body that define a member, first class along the order.
    fn member_statements(&self, class: ObjId, name: &str) -> Option<&[Span]> {
        self.mro(class).iter().find_map(|leaf| {
            let Leaf::Ref(id) = leaf else { return None };
            let Some(Object::Class(class)) = self.object(*id) else { return None };
            Some(self.namespace(class.ns)?.find(name)?.touched.as_slice())
        })
    }

    /// Remembers where the members of a class are written, for a loop that copies them by name into
    /// a module (`for name, value in inspect.getmembers(self): setattr(module, name, value)`).
    pub(super) fn list_members(&mut self, class: ObjId) -> Vec<Arc<str>> {
        let names = self.member_names(class);
        for name in &names {
            let statements = self.member_statements(class, name).map(<[Span]>::to_vec);
            if let Some(statements) = statements {
                self.listed.insert(Arc::clone(name), statements);
            }
        }
        names
    }
}

fn is_dict_method(name: &str) -> bool {
    matches!(
        name,
        "clear"
            | "copy"
            | "fromkeys"
            | "get"
            | "items"
            | "keys"
            | "pop"
            | "popitem"
            | "setdefault"
            | "update"
            | "values"
    )
}

/// What was set on a function, and its name.
pub(super) fn function_attribute(leaf: &Leaf, name: &str) -> Option<Val> {
    let func = match leaf {
        Leaf::Func(func) => func,
        Leaf::Method(bound) => &bound.1,
        _ => return None,
    };
    if name == "__name__" {
        return Some(Val::str(func.name.rsplit('.').next().unwrap_or_default()));
    }
    let attrs = func.attrs.borrow();
    attrs.iter().find(|(known, _)| &**known == name).map(|(_, val)| val.clone())
}

/// The merge of C3; `None` where Python refuses the class.
fn merge(mut queues: Vec<Vec<Leaf>>) -> Option<Vec<Leaf>> {
    let mut out = Vec::new();
    while queues.iter().any(|queue| !queue.is_empty()) {
        let head = queues.iter().filter_map(|queue| queue.first()).find(|candidate| {
            !queues.iter().any(|queue| queue.iter().skip(1).any(|other| other == *candidate))
        })?;
        let head = head.clone();
        for queue in &mut queues {
            queue.retain(|leaf| *leaf != head);
        }
        out.push(head);
    }
    Some(out)
}

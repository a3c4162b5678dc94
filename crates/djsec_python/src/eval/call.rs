//! Calls: project functions and classes are interpreted, external ones are asked of the library.

use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::ast;

use super::{At, Code, DictVal, Frame, Func, InstVal, Interp, Leaf, ObjId, Object, SeqVal, Val};
use crate::worlds::{Guard, Type};

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
    /// Dataclasses and named tuples: the arguments become the annotated attributes, in order.
    fn fill_fields(&mut self, class: ObjId, id: ObjId, args: &Args, at: At) {
        if args.positional.is_empty() && args.keywords.is_empty() {
            return;
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        for leaf in self.mro(class).iter().rev() {
            let Leaf::Ref(class) = leaf else { continue };
            let Some(Object::Class(value)) = self.object(*class) else { continue };
            for stmt in value.def.class().map_or(&[][..], |def| &def.body) {
                if let ast::Stmt::AnnAssign(assign) = stmt
                    && let ast::Expr::Name(name) = &*assign.target
                    && !names.iter().any(|known| **known == *name.id.as_str())
                {
                    names.push(Arc::from(name.id.as_str()));
                }
            }
        }
        let whole = At { pc: Guard::ALWAYS, ..at };
        for (n, name) in names.into_iter().enumerate() {
            if let Some(given) = args.at(n, &name).cloned()
                && let Some(Object::Inst(inst)) = self.object_mut(id, whole)
            {
                inst.attrs.push((name, given));
            }
        }
    }

    /// Calls a value, each alternative in its own worlds.
    pub fn call_value(&mut self, callee: &Val, args: &Args, at: At) -> Val {
        self.map(callee, at, |it, leaf, at| it.call_leaf(leaf, args, at))
    }

    fn call_leaf(&mut self, callee: &Leaf, args: &Args, at: At) -> Val {
        match callee {
            Leaf::Func(func) => match self.library.call_function(self, func, args, at) {
                Some(val) => val,
                None => self.call_function(func, args, None, at),
            },
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
                Some(Object::Inst(_)) if self.is_named_tuple(callee) => {
                    self.fill_named_tuple(*id, args, at)
                }
                Some(Object::Inst(inst)) => {
                    let class = inst.class.clone();
                    self.call_instance(*id, &class, args, at)
                }
                _ => self.unknown("a call of something that is not callable", at),
            },
            Leaf::Ext(name) => self.call_external(name, args, at),
            Leaf::Sym(sym) if sym.ops.last().is_some_and(|op| is_attribute(op)) => {
                let mut base = (**sym).clone();
                let name = base.ops.pop().unwrap_or_else(|| Arc::from("."));
                let name = name.trim_start_matches('.').to_owned();
                base.ty = Type::Any;
                self.call_method(&Leaf::Sym(Arc::new(base)), &name, args, at)
            }
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

    pub(super) fn call_function(
        &mut self,
        func: &Rc<Func>,
        args: &Args,
        receiver: Option<Val>,
        at: At,
    ) -> Val {
        if self.frames.len() >= MAX_CALLS {
            return self.unknown(format!("{} recurses too deeply", func.name), at);
        }
        if self.goes_round(func) {
            return self.unknown(format!("{} of what is not known", func.name), at);
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
            function: Some((Rc::clone(func), self.unknown_loops)),
        });
        self.bind_parameters(func, args, at);
        let result = match &func.code {
            Code::Lambda(lambda) => self.expr(&lambda.body, at),
            Code::Def(def) => match def.function() {
                Some(def) => {
                    let through = self.block(&def.body, at.pc);
                    self.function_result(through, at)
                }
                None => self.unknown(format!("{} was not found again", func.name), at),
            },
        };
        self.frames.pop();
        result
    }

    /// Whether a function that is running calls itself for an element that nobody has seen: what that
    /// holds is not known either, and so on without end.
    fn goes_round(&self, func: &Rc<Func>) -> bool {
        // Where there are too many conditions, none says any more that it ends.
        let blind = self.worlds.overflowed();
        (blind || self.unknown_loops > 0)
            && self.frames.iter().rev().any(|frame| {
                frame.function.as_ref().is_some_and(|(running, loops)| {
                    Rc::ptr_eq(running, func) && (blind || *loops < self.unknown_loops)
                })
            })
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
            Code::Def(def) => def.function().map(|def| &*def.parameters),
            Code::Lambda(lambda) => lambda.parameters.as_deref(),
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
        match self.attribute_of_object(id, "__init__", at) {
            Some(init) if matches!(init.single(), Some(Leaf::Method(_))) => {
                self.call_value(&init, args, at);
            }
            _ => self.fill_fields(class, id, args, at),
        }
        val
    }
}

/// Whether an operation is an attribute that was looked up and not called.
fn is_attribute(op: &str) -> bool {
    op.starts_with('.') && !op.contains('(')
}

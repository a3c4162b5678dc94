//! Definitions: functions and classes of the project.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::{Ranged, ast};

use super::exec::last_name;
use super::{
    Args, At, Binding, ClassVal, Code, Definition, Frame, Func, Interp, Leaf, Object, Val,
};
use crate::worlds::Guard;

impl Interp<'_> {
    pub(super) fn define_function(&mut self, s: &ast::StmtFunctionDef, at: At) {
        let mut binding = Binding::Plain;
        let mut foreign = false;
        for decorator in &s.decorator_list {
            match &*last_name(&decorator.expression) {
                "property" | "cached_property" | "classproperty" => binding = Binding::Property,
                "classmethod" => binding = Binding::Class,
                "staticmethod" => binding = Binding::Static,
                "lru_cache" | "cache" | "wraps" | "override" | "final" | "setter" => {}
                _ => foreign = true,
            }
        }
        let name = Arc::from(s.name.as_str());
        let code = Code::Def(self.definition(s));
        let func = self.function(code, Some(&s.parameters), &name, binding, at);
        let mut value = Val::of(Leaf::Func(func), Some(at.span));
        if foreign {
            for decorator in s.decorator_list.iter().rev() {
                let wrapper = self.expr(&decorator.expression, at);
                let args = Args::positional(vec![value.clone()]);
                let wrapped = self.call_value(&wrapper, &args, at);
                // A decorator we do not know is taken to keep the function's meaning.
                if wrapped.alts.iter().all(|alt| !matches!(alt.leaf, Leaf::Sym(_))) {
                    value = self.library.decorated(self, &value, wrapped);
                }
            }
        }
        self.bind(&name, value, at);
    }

    pub(super) fn function(
        &mut self,
        code: Code,
        parameters: Option<&ast::Parameters>,
        name: &Arc<str>,
        binding: Binding,
        at: At,
    ) -> Rc<Func> {
        let mut defaults = Vec::new();
        if let Some(parameters) = parameters {
            for parameter in parameters.iter_non_variadic_params() {
                if let Some(default) = parameter.default() {
                    let value = self.expr(default, at);
                    defaults.push((Arc::from(parameter.name().as_str()), value));
                }
            }
        }
        let frame = self.frames.last();
        let module = frame.map_or_else(|| Arc::from(""), |frame| Arc::clone(&frame.module));
        let globals = frame.map_or(super::NsId(0), |frame| frame.globals);
        let class = frame.and_then(|frame| frame.class);
        let mut enclosing = Vec::new();
        if let Some(frame) = frame
            && frame.class.is_none()
            && frame.ns != frame.globals
        {
            enclosing.push(frame.ns);
            enclosing.extend(frame.outer.iter().copied());
        }
        let name = Arc::from(format!("{module}.{name}"));
        Rc::new(Func {
            name,
            code,
            file: self.file(),
            globals,
            enclosing,
            defaults,
            binding,
            class,
            attrs: RefCell::default(),
        })
    }

    /// A statement of the file that is running.
    fn definition(&mut self, statement: &impl Ranged) -> Definition {
        let tree = self.syntax_tree(self.file());
        Definition::new(tree, statement)
    }

    pub(super) fn define_class(&mut self, s: &ast::StmtClassDef, at: At) {
        let mut bases = Vec::new();
        let mut keywords = Vec::new();
        if let Some(arguments) = &s.arguments {
            for base in &arguments.args {
                let value = self.expr(base, at);
                bases.extend(value.alts.into_iter().map(|alt| alt.leaf).next());
            }
            for keyword in &arguments.keywords {
                if let Some(name) = &keyword.arg {
                    let value = self.expr(&keyword.value, at);
                    keywords.push((Arc::from(name.as_str()), value));
                }
            }
        }
        let ns = self.new_namespace();
        let module = self.frames.last().map_or_else(|| Arc::from(""), |f| Arc::clone(&f.module));
        let class = ClassVal {
            name: Arc::from(format!("{module}.{}", s.name)),
            ns,
            bases,
            keywords,
            def: self.definition(s),
            file: self.file(),
        };
        let id = self.alloc(Object::Class(class));
        self.push_frame_within(ns, Some(id));
        self.block(&s.body, at.pc);
        self.frames.pop();
        let mut value = Val::of(Leaf::Ref(id), Some(at.span));
        if self.library.decorates_classes() {
            for decorator in s.decorator_list.iter().rev() {
                let wrapper = self.expr(&decorator.expression, at);
                let made = self.call_value(&wrapper, &Args::positional(vec![value.clone()]), at);
                value = self.library.decorated(self, &value, made);
            }
        }
        self.bind(s.name.as_str(), value, at);
    }

    /// A frame for a class body: names go to `ns`, look-ups continue in the enclosing scopes.
    fn push_frame_within(&mut self, ns: super::NsId, class: Option<super::ObjId>) {
        let Some(frame) = self.frames.last() else { return };
        let mut outer = Vec::with_capacity(frame.outer.len() + 1);
        if frame.class.is_none() {
            outer.push(frame.ns);
        }
        outer.extend(frame.outer.iter().copied());
        let next = Frame {
            file: frame.file,
            module: Arc::clone(&frame.module),
            ns,
            outer,
            globals: frame.globals,
            declared_global: Vec::new(),
            returned: Vec::new(),
            returned_guard: Guard::NEVER,
            loops: Vec::new(),
            class,
            method_of: None,
            receiver: None,
            yields: None,
            function: None,
        };
        self.frames.push(next);
    }
}

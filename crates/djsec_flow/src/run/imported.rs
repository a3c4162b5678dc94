//! What a module hands over while it is imported.

use djsec_python::ModuleId;
use djsec_python::code::{Expr, ExprId, FunctionId, Symbol};

use super::{Known, Run, World};
use crate::args::{Args, Given};
use crate::registered::Handed;
use crate::summary::Summary;
use crate::value::{Value, What};

/// Runs what a module hands over.
pub(crate) fn imported(
    world: World<'_>,
    known: Known<'_>,
    (module, all): (ModuleId, &[Handed]),
) -> Summary {
    let found = world.program.module(module).zip(world.program.code(module));
    let Some(((found, code), nobody)) = found.zip(world.registered.nobody.as_ref()) else {
        return Summary::default();
    };
    let id = FunctionId(u32::MAX);
    let mut run = super::blank(world, known, (module, found.file), (code, nobody, id));
    for one in all {
        match one {
            Handed::Call(call) => {
                run.eval(*call);
            }
            Handed::Put(targets, value) => {
                let value = run.eval(*value);
                for target in code.exprs(*targets) {
                    run.assign(*target, value.clone());
                }
            }
            Handed::Decorated(decorator, name) => run.decorates(*decorator, *name),
        }
    }
    run.out
}

impl Run<'_, '_> {
    /// `@bus.on("saved")`, `@register` at something of this name.
    fn decorates(&mut self, decorator: ExprId, name: Symbol) {
        let place = self.place(decorator);
        let path = self.code.text(name);
        let at = self.world.program.resolve(self.module, path);
        let given = Given { value: Value::of(What::Name(at)), expr: ExprId::NOWHERE };
        let args = Args { positional: vec![given], ..Args::default() };
        // A method is called on what its name stands for, which keeps what it is given.
        if let Expr::Attribute(base, method) = self.code.expr(decorator) {
            let on = self.eval(base);
            if !matches!(on.what, What::Name(_)) {
                let args = Args { receiver: Some(Given { value: on, expr: base }), ..args };
                self.method(self.code.text(method), &args, place, decorator);
                return;
            }
        }
        let callee = self.eval(decorator);
        self.calling = decorator;
        self.invoke(&callee, args, place, decorator);
    }

    /// The object whose method a function stands in, where that calls it by the name that it has there.
    pub(super) fn object_around(&self, name: Symbol) -> Option<Value> {
        let parent = self.code.function(self.function.parent?)?;
        let first = parent.parameters.first().filter(|first| first.name == name)?;
        let class = self.code.class(parent.class?)?;
        let plain = !super::is_decorated(self.code, parent, "staticmethod");
        let owner = djsec_python::QualifiedName::Project(self.module, class.path.as_ref().into());
        let is_class = super::is_decorated(self.code, parent, "classmethod");
        let what = if is_class { What::Name(owner) } else { self.this(&owner) };
        (plain && first.name == name).then(|| Value::of(what))
    }
}

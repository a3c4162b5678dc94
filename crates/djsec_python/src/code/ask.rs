//! What is asked of code all the time.

use super::{
    Argument, Class, ClassId, Code, Expr, ExprId, FunctionId, List, Operator, Stmt, Symbol,
};

impl Code {
    /// A name or a chain of attributes as written: `self.request.user`. Nothing where a call or a
    /// subscript stands in the way.
    pub fn dotted(&self, id: ExprId) -> Option<String> {
        match self.expr(id) {
            Expr::Name(name) => Some(self.text(name).to_owned()),
            Expr::Attribute(value, name) => {
                let mut dotted = self.dotted(value)?;
                dotted.push('.');
                dotted.push_str(self.text(name));
                Some(dotted)
            }
            _ => None,
        }
    }

    /// An expression that stands nowhere: [`Expr::Other`], for what is not written out.
    pub fn no_expr(&self) -> ExprId {
        ExprId::NOWHERE
    }

    /// Whether an expression is this name or chain of attributes.
    pub fn is_dotted(&self, id: ExprId, dotted: &str) -> bool {
        match self.expr(id) {
            Expr::Name(name) => self.text(name) == dotted,
            Expr::Attribute(value, name) => dotted
                .strip_suffix(self.text(name))
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|rest| self.is_dotted(value, rest)),
            _ => false,
        }
    }

    /// The text, if the expression is a string.
    pub fn string(&self, id: ExprId) -> Option<&str> {
        match self.expr(id) {
            Expr::Str(text) => Some(self.text(text)),
            _ => None,
        }
    }

    /// How a text begins that is put together in place, as far as the source says it: `"a" + b`, `f"a{b}"`,
    /// `"a%s" % b`, `"a{}".format(b)`.
    pub fn beginning(&self, id: ExprId) -> Option<&str> {
        match self.expr(id) {
            Expr::Str(text) => Some(self.text(text)),
            Expr::Format(parts) => self.beginning(*self.exprs(parts).first()?),
            Expr::Binary(left, Operator::Add | Operator::Mod, _) => self.beginning(left),
            Expr::Call(callee, _) => match self.expr(callee) {
                Expr::Attribute(text, name) if self.text(name) == "format" => self.beginning(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The name, if the expression is one.
    pub fn name(&self, id: ExprId) -> Option<&str> {
        match self.expr(id) {
            Expr::Name(name) => Some(self.text(name)),
            _ => None,
        }
    }

    /// The boolean, if the expression is one.
    pub fn bool(&self, id: ExprId) -> Option<bool> {
        match self.expr(id) {
            Expr::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Callee and arguments, if the expression is a call.
    pub fn call(&self, id: ExprId) -> Option<(ExprId, &[Argument])> {
        match self.expr(id) {
            Expr::Call(callee, arguments) => Some((callee, self.arguments(arguments))),
            _ => None,
        }
    }

    /// The elements, if the expression is a list, tuple or set display.
    pub fn elements(&self, id: ExprId) -> Option<&[ExprId]> {
        match self.expr(id) {
            Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => Some(self.exprs(list)),
            _ => None,
        }
    }

    /// The operands of a condition that has several, and whether all must hold: `a and b`, `any([a, b])`.
    pub fn operands(&self, id: ExprId) -> Option<(bool, &[ExprId])> {
        match self.expr(id) {
            Expr::And(list) => Some((true, self.exprs(list))),
            Expr::Or(list) => Some((false, self.exprs(list))),
            Expr::Call(callee, _) => {
                let all = match self.name(callee)? {
                    "all" => true,
                    "any" => false,
                    _ => return None,
                };
                let (_, [only]) = self.call(id)? else { return None };
                Some((all, self.elements(only.value)?))
            }
            _ => None,
        }
    }

    /// The argument given by this keyword.
    pub fn keyword(&self, arguments: &[Argument], name: &str) -> Option<ExprId> {
        arguments
            .iter()
            .find(|argument| argument.keyword.is_some_and(|keyword| self.text(keyword) == name))
            .map(|argument| argument.value)
    }

    /// The argument at a position (`*args` hides what follows it), or given by this keyword.
    pub fn argument(&self, arguments: &[Argument], position: usize, name: &str) -> Option<ExprId> {
        let mut positional = arguments
            .iter()
            .take_while(|argument| !matches!(self.expr(argument.value), Expr::Starred(_)))
            .filter(|argument| argument.keyword.is_none() && !argument.spread);
        positional
            .nth(position)
            .map(|argument| argument.value)
            .or_else(|| self.keyword(arguments, name))
    }

    /// Whether a call is given more than stands in it: `*args`, `**options`.
    pub fn is_open(&self, arguments: &[Argument]) -> bool {
        arguments.iter().any(|argument| {
            argument.spread || matches!(self.expr(argument.value), Expr::Starred(_))
        })
    }

    /// The statements of a class body, branches included.
    pub fn class_body(&self, class: &Class) -> Vec<Stmt> {
        let mut out = Vec::new();
        self.flatten(class.body, &mut out);
        out
    }

    fn flatten(&self, block: List, out: &mut Vec<Stmt>) {
        for id in self.stmts(block) {
            let stmt = self.stmt(*id);
            match stmt {
                Stmt::If { then, otherwise, .. } => {
                    self.flatten(then, out);
                    self.flatten(otherwise, out);
                }
                Stmt::Try(at) => {
                    if let Some(parts) = self.try_parts(at) {
                        self.flatten(parts.body, out);
                        self.flatten(parts.otherwise, out);
                    }
                }
                _ => out.push(stmt),
            }
        }
    }

    /// The value last assigned to a name by the module's own statements, those in blocks left out.
    pub fn module_value(&self, name: &str) -> Option<ExprId> {
        let at = self.values.binary_search_by(|(known, _)| self.text(*known).cmp(name)).ok()?;
        self.values.get(at).map(|(_, value)| *value)
    }

    /// The names that the module's own statements assign, in order, each with its last value.
    pub(super) fn assigned(&self) -> Vec<(Symbol, ExprId)> {
        let mut values: Vec<(Symbol, ExprId)> = Vec::new();
        for id in self.body() {
            let Stmt::Assign { targets, value: Some(value), .. } = self.stmt(*id) else { continue };
            for target in self.exprs(targets) {
                if let Expr::Name(name) = self.expr(*target) {
                    values.push((name, value));
                }
            }
        }
        // The last one comes first, and is the one that stays.
        values.reverse();
        values.sort_by(|(one, _), (other, _)| self.text(*one).cmp(self.text(*other)));
        values.dedup_by_key(|(name, _)| *name);
        values
    }

    /// Whether some function of the module may give this name of the module something else.
    pub fn is_rebound(&self, name: &str) -> bool {
        self.globals.iter().any(|known| self.text(*known) == name)
    }

    /// What `pick` finds last in a block, branches included; no list is made on the way.
    fn last_in<T>(&self, block: List, pick: &mut impl FnMut(Stmt) -> Option<T>) -> Option<T> {
        self.stmts(block).iter().rev().find_map(|id| {
            let stmt = self.stmt(*id);
            match stmt {
                Stmt::If { then, otherwise, .. } => {
                    self.last_in(otherwise, pick).or_else(|| self.last_in(then, pick))
                }
                Stmt::Try(at) => {
                    let parts = self.try_parts(at)?;
                    self.last_in(parts.otherwise, pick).or_else(|| self.last_in(parts.body, pick))
                }
                _ => pick(stmt),
            }
        })
    }

    /// The value last assigned to a name in a class body itself (bases are not looked at).
    pub fn class_attribute(&self, class: ClassId, name: &str) -> Option<ExprId> {
        let class = self.class(class)?;
        self.last_in(class.body, &mut |stmt| match stmt {
            Stmt::Assign { targets, value, .. } => {
                let names = |target: &ExprId| self.name(*target) == Some(name);
                if self.exprs(targets).iter().any(names) { value } else { None }
            }
            _ => None,
        })
    }

    /// The method last defined under a name in a class body itself (bases are not looked at).
    pub fn method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        let class = self.class(class)?;
        self.last_in(class.body, &mut |stmt| match stmt {
            Stmt::Function(id) => {
                let function = self.function(id)?;
                (self.text(function.name) == name).then_some(id)
            }
            _ => None,
        })
    }

    /// The methods of a class body itself, in source order.
    pub fn methods(&self, class: ClassId) -> Vec<FunctionId> {
        let Some(class) = self.class(class) else { return Vec::new() };
        self.class_body(class)
            .into_iter()
            .filter_map(|stmt| match stmt {
                Stmt::Function(id) => Some(id),
                _ => None,
            })
            .collect()
    }
}

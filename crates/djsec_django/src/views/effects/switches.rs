//! What a call switches on or off in the function that it calls: `merge(order, other, preview=True)`.

use djsec_python::code::{Code, Expr, ExprId, Function, ParameterKind, Stmt, Symbol};

/// Parameters that are looked at.
const MOST: usize = 32;

/// The parameters that are `True`, or `False` or `None`, by their place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Switches {
    known: u32,
    on: u32,
}

impl Switches {
    /// What a call in `caller` says of the parameters of a function, its defaults included.
    pub(super) fn of(caller: &Code, call: ExprId, code: &Code, function: &Function) -> Self {
        let mut found = Self::default();
        let arguments = caller.call(call).map(|(_, arguments)| arguments).unwrap_or_default();
        if arguments.iter().any(|argument| argument.spread) {
            return found;
        }
        let first = function.parameters.first().map(|parameter| code.text(parameter.name));
        let bound = usize::from(matches!(first, Some("self" | "cls")));
        for (at, parameter) in function.parameters.iter().enumerate().take(MOST).skip(bound) {
            let name = code.text(parameter.name);
            let named = arguments.iter().find(|a| a.keyword.map(|k| caller.text(k)) == Some(name));
            let placed = || arguments.iter().filter(|a| a.keyword.is_none()).nth(at - bound);
            let given = match parameter.kind {
                ParameterKind::Positional => named.or_else(placed),
                ParameterKind::Variadic | ParameterKind::VariadicKeyword => continue,
                ParameterKind::Keyword => named,
            };
            let value = match (given, parameter.default) {
                (Some(given), _) => caller.expr(given.value),
                (None, Some(default)) => code.expr(default),
                (None, None) => continue,
            };
            let on = match value {
                Expr::Bool(on) => on,
                Expr::None => false,
                _ => continue,
            };
            if !is_set(code, function, parameter.name) {
                found.known |= 1 << at;
                found.on |= u32::from(on) << at;
            }
        }
        found
    }

    /// Whether they decide a condition, and how.
    pub(super) fn decide(self, code: &Code, function: &Function, test: ExprId) -> Option<bool> {
        if self.known == 0 {
            return None;
        }
        if let Some((all, parts)) = code.operands(test) {
            let mut parts = parts.iter().map(|part| self.decide(code, function, *part));
            return parts.any(|part| part == Some(!all)).then_some(!all);
        }
        match code.expr(test) {
            Expr::Not(inner) => self.decide(code, function, inner).map(|holds| !holds),
            Expr::Name(name) => {
                let mut parameters = function.parameters.iter().take(MOST);
                let at = parameters.position(|parameter| parameter.name == name)?;
                (self.known & (1 << at) != 0).then_some(self.on & (1 << at) != 0)
            }
            _ => None,
        }
    }
}

/// Whether a function gives a parameter something else.
fn is_set(code: &Code, function: &Function, name: Symbol) -> bool {
    let mut set = false;
    let is = |id: &ExprId| {
        let mut found = false;
        code.each_inner(*id, &mut |_, expr| found |= expr == Expr::Name(name));
        found
    };
    code.each_stmt(function.body, &mut |_, stmt| {
        set |= match stmt {
            Stmt::Assign { targets, .. } => code.exprs(targets).iter().any(is),
            Stmt::Augmented(target, ..) | Stmt::For { target, .. } => is(&target),
            _ => false,
        };
    });
    code.each_expr(function.body, &mut |_, expr| {
        set |= matches!(expr, Expr::Walrus(target, _) if is(&target));
    });
    set
}

//! Rows of a table that say what somebody may do everywhere: `Staff.objects.filter(user=request.user, level=2)`.

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt, Symbol};

use super::frame::Frame;

/// Names are followed to their values this deep.
const DEEPEST: u8 = 3;

impl Frame<'_> {
    /// The model of `Staff.objects.filter(user=request.user, level__gte=2).exists()`: rows that say what
    /// somebody may do everywhere. Nothing but who asks and what the source says decides; a row that the
    /// address or what is sent chooses says something of that alone.
    pub(super) fn role(&self, test: ExprId) -> Option<String> {
        let code = self.code();
        let (mut at, mut asker, mut said) = (test, false, false);
        loop {
            match code.expr(at) {
                Expr::Call(callee, arguments) => {
                    for argument in code.arguments(arguments) {
                        let value = argument.value;
                        argument.keyword?;
                        if self.mentions_user(value) {
                            asker = true;
                        } else if !self.is_of_source(value, 0) {
                            return None;
                        } else {
                            said |= !matches!(code.expr(value), Expr::Name(_));
                        }
                    }
                    at = callee;
                }
                Expr::Attribute(value, name) if code.text(name) == "objects" => {
                    let model = self.site().resolve(value);
                    let own = matches!(model, QualifiedName::Project(..));
                    return (own && asker && said).then(|| self.words(value));
                }
                Expr::Attribute(value, _) => at = value,
                _ => return None,
            }
        }
    }

    /// Whether nothing that comes with the request is in an expression: constants, names of modules, and
    /// what is made of them.
    pub(super) fn is_of_source(&self, expr: ExprId, depth: u8) -> bool {
        let mut all = true;
        self.code().each_inner(expr, &mut |_, inner| {
            let Expr::Name(name) = inner else { return };
            all &= match self.local(self.code().text(name)) {
                Some(value) => depth < DEEPEST && self.is_of_source(value, depth + 1),
                None => !self.is_bound(name),
            };
        });
        all
    }

    /// Whether the function gives a name its value: by a parameter, a loop, or several assignments.
    fn is_bound(&self, name: Symbol) -> bool {
        let (code, function) = (self.code(), self.def.function);
        let is = |target: &ExprId| code.expr(*target) == Expr::Name(name);
        let mut bound = function.parameters.iter().any(|parameter| parameter.name == name);
        code.each_stmt(function.body, &mut |_, stmt| {
            bound |= match stmt {
                Stmt::For { target, .. } => is(&target),
                Stmt::Assign { targets, .. } => code.exprs(targets).iter().any(is),
                _ => false,
            };
        });
        bound
    }
}

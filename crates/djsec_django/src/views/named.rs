//! What a permission class asks the address for: `view.kwargs.get("project_id")` is there wherever the route names it.

use djsec_python::code::{Comparison, Expr, ExprId, Stmt};

use super::frame::{DEEPEST, Frame};

impl Frame<'_> {
    /// Whether a condition holds because the address has what it asks for.
    pub(super) fn address_names(&self, test: ExprId) -> Option<bool> {
        if self.named.is_empty() {
            return None;
        }
        let code = self.code();
        match code.expr(test) {
            Expr::Name(name) => {
                self.at_local(code.text(name), |value| self.address_names(value))?
            }
            // Empty is no part of an address.
            Expr::Or(list) => {
                let mut operands = code.exprs(list).iter();
                operands.any(|one| self.address_names(*one) == Some(true)).then_some(true)
            }
            Expr::Subscript(all, key) if self.is_kwargs(all) => self.has_name(key),
            Expr::Compare(left, rest) => match code.comparisons(rest) {
                [(Comparison::In, all)] if self.is_kwargs(*all) => self.has_name(left),
                [(how, right)] if matches!(code.expr(*right), Expr::None) => {
                    let there = self.address_names(left)?;
                    match how {
                        Comparison::Is | Comparison::Eq => Some(!there),
                        Comparison::IsNot | Comparison::NotEq => Some(there),
                        _ => None,
                    }
                }
                _ => None,
            },
            Expr::Call(callee, arguments) => match code.expr(callee) {
                Expr::Attribute(all, name) if code.text(name) == "get" && self.is_kwargs(all) => {
                    self.has_name(code.arguments(arguments).first()?.value)
                }
                _ => self.given_by(test),
            },
            _ => None,
        }
    }

    fn has_name(&self, key: ExprId) -> Option<bool> {
        let key = self.code().string(key)?;
        self.named.iter().any(|name| **name == *key).then_some(true)
    }

    /// `view.kwargs`, `request.resolver_match.kwargs`, `request.parser_context["kwargs"]`.
    fn is_kwargs(&self, expr: ExprId) -> bool {
        let code = self.code();
        let of_request = |value: ExprId, wanted: &str| {
            matches!(code.expr(value), Expr::Attribute(request, name)
                if code.text(name) == wanted && self.is_request(request))
        };
        match code.expr(expr) {
            Expr::Attribute(value, name) if code.text(name) == "kwargs" => {
                self.view.is_some_and(|view| code.is_dotted(value, view))
                    || of_request(value, "resolver_match")
            }
            Expr::Subscript(value, key) => {
                code.string(key) == Some("kwargs") && of_request(value, "parser_context")
            }
            _ => false,
        }
    }

    /// Whether a function that is handed the view, or the request, gives what the address has in any case.
    fn given_by(&self, call: ExprId) -> Option<bool> {
        if self.depth >= DEEPEST {
            return None;
        }
        let code = self.code();
        let (callee, arguments) = code.call(call)?;
        let (def, bound) = self.function_called(callee)?;
        let inner = def.site.code;
        let mut frame = Frame::new(def, self.goal).of(self.receiver.as_ref());
        frame.requests.clear();
        for (at, argument) in arguments.iter().enumerate() {
            let place = at + bound;
            let parameter = match argument.keyword {
                Some(name) => code.text(name),
                None => inner.text(def.function.parameters.get(place)?.name),
            };
            let parameter = def
                .function
                .parameters
                .iter()
                .map(|p| inner.text(p.name))
                .find(|name| *name == parameter);
            let Some(parameter) = parameter else { continue };
            if self.view.is_some_and(|view| code.is_dotted(argument.value, view)) {
                frame.view = Some(parameter);
            } else if self.is_request(argument.value) {
                frame.requests.push(parameter);
            }
        }
        frame.named = self.named;
        frame.depth = self.depth + 1;
        let (mut returns, mut all) = (false, true);
        inner.each_stmt(def.function.body, &mut |_, stmt| {
            if let Stmt::Return(value) = stmt {
                returns = true;
                all &= value.is_some_and(|value| frame.address_names(value) == Some(true));
            }
        });
        (returns && all).then_some(true)
    }
}

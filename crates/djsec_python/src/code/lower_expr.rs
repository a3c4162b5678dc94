//! Expressions of a syntax tree into the arenas.

use djsec_syntax::python::{Ranged, ast};

use super::lower::Lower;
use super::{Argument, Comparison, Comprehension, ComprehensionKind, Expr, ExprId, List, Operator};

impl<'a> Lower<'a> {
    pub(super) fn exprs(&mut self, exprs: &'a [ast::Expr]) -> List {
        let mark = self.open.exprs.len();
        self.open_all(exprs);
        self.expr_list(mark)
    }

    /// Opens expressions, in order.
    fn open_all(&mut self, exprs: impl IntoIterator<Item = &'a ast::Expr>) {
        for expr in exprs {
            let id = self.expr(expr);
            self.open.exprs.push(id);
        }
    }

    pub(super) fn expr(&mut self, expr: &'a ast::Expr) -> ExprId {
        let lowered = match expr {
            ast::Expr::Name(e) => {
                if e.ctx.is_load() {
                    self.reader.mention(e.id.as_str());
                }
                Expr::Name(self.symbol(e.id.as_str()))
            }
            ast::Expr::Attribute(e) => {
                self.reader.attribute(e);
                let value = self.expr(&e.value);
                Expr::Attribute(value, self.symbol(e.attr.as_str()))
            }
            ast::Expr::Call(e) => {
                self.reader.call(e);
                let callee = self.expr(&e.func);
                Expr::Call(callee, self.call_arguments(&e.arguments))
            }
            ast::Expr::Subscript(e) => {
                self.reader.item(e);
                let value = self.expr(&e.value);
                Expr::Subscript(value, self.expr(&e.slice))
            }
            ast::Expr::StringLiteral(e) => {
                let text = e.value.to_str();
                self.reader.text(text);
                Expr::Str(self.symbol(text))
            }
            ast::Expr::BytesLiteral(_) => Expr::Bytes,
            ast::Expr::NumberLiteral(e) => match &e.value {
                ast::Number::Int(int) => int.as_i64().map_or(Expr::Other, Expr::Int),
                ast::Number::Float(float) => Expr::Float(*float),
                ast::Number::Complex { real, .. } => Expr::Float(*real),
            },
            ast::Expr::BooleanLiteral(e) => Expr::Bool(e.value),
            ast::Expr::NoneLiteral(_) => Expr::None,
            ast::Expr::EllipsisLiteral(_) => Expr::Ellipsis,
            ast::Expr::List(e) => Expr::List(self.exprs(&e.elts)),
            ast::Expr::Tuple(e) => Expr::Tuple(self.exprs(&e.elts)),
            ast::Expr::Set(e) => Expr::Set(self.exprs(&e.elts)),
            ast::Expr::Dict(e) => self.dict(e),
            ast::Expr::BoolOp(e) => {
                let operands = self.exprs(&e.values);
                if e.op.is_and() { Expr::And(operands) } else { Expr::Or(operands) }
            }
            ast::Expr::UnaryOp(e) => self.unary(e),
            ast::Expr::BinOp(e) => {
                let left = self.expr(&e.left);
                Expr::Binary(left, operator(e.op), self.expr(&e.right))
            }
            ast::Expr::Compare(e) => self.compare(e),
            ast::Expr::If(e) => {
                let test = self.expr(&e.test);
                let then = self.expr(&e.body);
                Expr::Conditional { test, then, otherwise: self.expr(&e.orelse) }
            }
            ast::Expr::Lambda(e) => Expr::Lambda(self.lambda(e)),
            _ => self.rare(expr),
        };
        self.push(lowered, expr.range())
    }

    fn rare(&mut self, expr: &'a ast::Expr) -> Expr {
        match expr {
            ast::Expr::FString(e) => self.format(e),
            ast::Expr::TString(e) => {
                let mark = self.open.exprs.len();
                for part in &e.value {
                    self.interpolated(&part.elements);
                }
                Expr::Format(self.expr_list(mark))
            }
            ast::Expr::ListComp(e) => {
                self.comprehension([&*e.elt], &e.generators, ComprehensionKind::List)
            }
            ast::Expr::SetComp(e) => {
                self.comprehension([&*e.elt], &e.generators, ComprehensionKind::Set)
            }
            ast::Expr::Generator(e) => {
                self.comprehension([&*e.elt], &e.generators, ComprehensionKind::Generator)
            }
            ast::Expr::DictComp(e) => {
                let elements = e.key.as_deref().into_iter().chain([&*e.value]);
                self.comprehension(elements, &e.generators, ComprehensionKind::Dict)
            }
            ast::Expr::Await(e) => Expr::Await(self.expr(&e.value)),
            ast::Expr::Yield(e) => {
                self.yields();
                Expr::Yield(e.value.as_deref().map(|v| self.expr(v)))
            }
            ast::Expr::YieldFrom(e) => {
                self.yields();
                Expr::YieldFrom(self.expr(&e.value))
            }
            ast::Expr::Starred(e) => Expr::Starred(self.expr(&e.value)),
            ast::Expr::Named(e) => {
                let value = self.expr(&e.value);
                Expr::Walrus(self.expr(&e.target), value)
            }
            ast::Expr::Slice(e) => {
                let mark = self.open.exprs.len();
                let parts = [&e.lower, &e.upper, &e.step];
                self.open_all(parts.into_iter().filter_map(|part| part.as_deref()));
                Expr::Slice(self.expr_list(mark))
            }
            _ => Expr::Other,
        }
    }

    /// Names that a statement only mentions.
    pub(super) fn names(&mut self, names: &'a [ast::Identifier]) -> List {
        let mark = self.open.exprs.len();
        for name in names {
            let symbol = self.symbol(name.as_str());
            let id = self.push(Expr::Name(symbol), name.range());
            self.open.exprs.push(id);
        }
        self.expr_list(mark)
    }

    /// Remembers names of the module that a function may give something else.
    pub(super) fn note_globals(&mut self, names: List) {
        for id in names.of(&self.code.expr_lists) {
            if let Expr::Name(name) = self.code.expr(*id)
                && !self.code.globals.contains(&name)
            {
                self.code.globals.push(name);
            }
        }
    }

    fn unary(&mut self, e: &'a ast::ExprUnaryOp) -> Expr {
        let operand = self.expr(&e.operand);
        match (e.op, self.code.expr(operand)) {
            (ast::UnaryOp::Not, _) => Expr::Not(operand),
            (ast::UnaryOp::USub, Expr::Int(value)) => Expr::Int(value.saturating_neg()),
            (ast::UnaryOp::USub, Expr::Float(value)) => Expr::Float(-value),
            _ => Expr::Unary(operand),
        }
    }

    fn dict(&mut self, e: &'a ast::ExprDict) -> Expr {
        let mark = self.open.entries.len();
        for item in &e.items {
            let key = item.key.as_ref().map(|key| self.expr(key));
            let value = self.expr(&item.value);
            self.open.entries.push((key, value));
        }
        Expr::Dict(self.entry_list(mark))
    }

    fn compare(&mut self, e: &'a ast::ExprCompare) -> Expr {
        let left = self.expr(&e.left);
        let rest: Vec<_> = e
            .ops
            .iter()
            .zip(&e.comparators)
            .map(|(op, right)| (comparison(*op), self.expr(right)))
            .collect();
        let start = u32::try_from(self.code.comparisons.len()).unwrap_or(u32::MAX);
        let length = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        self.code.comparisons.extend(rest);
        Expr::Compare(left, List { start, length })
    }

    fn call_arguments(&mut self, arguments: &'a ast::Arguments) -> List {
        let mark = self.open.arguments.len();
        for value in &arguments.args {
            let value = self.expr(value);
            self.open.arguments.push(Argument { keyword: None, value, spread: false });
        }
        self.open_keywords(arguments);
        self.argument_list(mark)
    }

    pub(super) fn keywords(&mut self, arguments: &'a ast::Arguments) -> List {
        let mark = self.open.arguments.len();
        self.open_keywords(arguments);
        self.argument_list(mark)
    }

    fn open_keywords(&mut self, arguments: &'a ast::Arguments) {
        for keyword in &arguments.keywords {
            let keyword = self.keyword(keyword);
            self.open.arguments.push(keyword);
        }
    }

    fn keyword(&mut self, keyword: &'a ast::Keyword) -> Argument {
        let value = self.expr(&keyword.value);
        let name = keyword.arg.as_ref().map(|name| self.symbol(name.as_str()));
        Argument { keyword: name, value, spread: name.is_none() }
    }

    fn comprehension(
        &mut self,
        elements: impl IntoIterator<Item = &'a ast::Expr>,
        generators: &'a [ast::Comprehension],
        kind: ComprehensionKind,
    ) -> Expr {
        let clauses = generators
            .iter()
            .map(|clause| {
                let iterable = self.expr(&clause.iter);
                let target = self.expr(&clause.target);
                (target, iterable, self.exprs(&clause.ifs))
            })
            .collect();
        let mark = self.open.exprs.len();
        self.open_all(elements);
        let element = self.expr_list(mark);
        self.code.comprehensions.push(Comprehension { element, clauses, kind });
        Expr::Comprehension(
            u32::try_from(self.code.comprehensions.len()).unwrap_or(u32::MAX).saturating_sub(1),
        )
    }

    fn format(&mut self, e: &'a ast::ExprFString) -> Expr {
        let mark = self.open.exprs.len();
        for part in &e.value {
            match part {
                ast::FStringPart::Literal(literal) => {
                    let symbol = self.symbol(literal.as_str());
                    let id = self.push(Expr::Str(symbol), literal.range);
                    self.open.exprs.push(id);
                }
                ast::FStringPart::FString(inner) => self.interpolated(&inner.elements),
            }
        }
        Expr::Format(self.expr_list(mark))
    }

    /// `{value!r}` is `repr(value)`, and is kept as that.
    fn converted(&mut self, id: ExprId, conversion: ast::ConversionFlag) -> ExprId {
        let by = match conversion {
            ast::ConversionFlag::Repr => "repr",
            ast::ConversionFlag::Ascii => "ascii",
            ast::ConversionFlag::Str | ast::ConversionFlag::None => return id,
        };
        let range = self.code.expr_range(id);
        let name = self.symbol(by);
        let callee = self.push(Expr::Name(name), range);
        let mark = self.open.arguments.len();
        self.open.arguments.push(Argument { keyword: None, value: id, spread: false });
        let call = Expr::Call(callee, self.argument_list(mark));
        self.push(call, range)
    }

    /// Opens texts and values.
    fn interpolated(&mut self, elements: &'a ast::InterpolatedStringElements) {
        for element in elements {
            let id = match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    let symbol = self.symbol(&literal.value);
                    self.push(Expr::Str(symbol), literal.range)
                }
                ast::InterpolatedStringElement::Interpolation(value) => {
                    let id = self.expr(&value.expression);
                    let id = self.converted(id, value.conversion);
                    if let Some(spec) = &value.format_spec {
                        let mark = self.open.exprs.len();
                        self.interpolated(&spec.elements);
                        self.open.exprs.truncate(mark);
                    }
                    id
                }
            };
            self.open.exprs.push(id);
        }
    }
}

fn comparison(op: ast::CmpOp) -> Comparison {
    match op {
        ast::CmpOp::Eq => Comparison::Eq,
        ast::CmpOp::NotEq => Comparison::NotEq,
        ast::CmpOp::Is => Comparison::Is,
        ast::CmpOp::IsNot => Comparison::IsNot,
        ast::CmpOp::In => Comparison::In,
        ast::CmpOp::NotIn => Comparison::NotIn,
        _ => Comparison::Order,
    }
}

/// An operator, as far as anybody asks.
pub(super) fn operator(op: ast::Operator) -> Operator {
    match op {
        ast::Operator::Add => Operator::Add,
        ast::Operator::Sub => Operator::Sub,
        ast::Operator::Mod => Operator::Mod,
        ast::Operator::BitOr => Operator::BitOr,
        ast::Operator::BitAnd => Operator::BitAnd,
        ast::Operator::Div => Operator::Div,
        ast::Operator::Mult => Operator::Mult,
        ast::Operator::Pow | ast::Operator::LShift => Operator::Power,
        _ => Operator::Other,
    }
}

//! What a middleware asks the view that comes next: whether it has a mark (`getattr(view, "login_exempt", False)`,
//! `view in EXEMPT`), which a decorator of the project, the class or its module puts there.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Code, Comparison, Expr, ExprId, List, Stmt};

use super::decorators::nested;
use super::frame::{DEEPEST, Frame};
use super::site::{Cx, Def, last};
use crate::hierarchy::AttributeValue;
use crate::routes::Target;

/// A mark on a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// It has an attribute of this name, which is true.
    Attribute(Arc<str>),
    /// It is in this collection of the project.
    Member(QualifiedName),
}

/// The view that a function is asked for: the name of the parameter, and what marks it.
#[derive(Clone)]
pub(super) struct Viewed<'a> {
    pub(super) name: &'a str,
    pub(super) marks: Arc<[Mark]>,
}

/// Attributes by which Python and Django lead from a function to what it stands for.
const INNER: &[&str] = &["view_class", "cls", "__wrapped__", "func", "__func__"];

/// What is left of a block.
enum Left {
    /// It goes on behind the block.
    Goes,
    /// It answers this.
    Answers(Option<bool>),
}

impl Frame<'_> {
    /// Whether the function asks anything of the view.
    pub(super) fn asks_view(&self) -> bool {
        let Some(viewed) = &self.viewed else { return false };
        let mut asks = false;
        self.code().each_expr(self.def.function.body, &mut |_, expr| {
            asks |= matches!(expr, Expr::Name(name) if self.code().text(name) == viewed.name);
        });
        asks
    }

    /// What a condition on the marks of the view says of the one that is asked for.
    pub(super) fn view_says(&self, test: ExprId) -> Option<bool> {
        self.viewed.as_ref()?;
        let (code, has) = (self.code(), |mark| Some(self.has(&mark)));
        match code.expr(test) {
            Expr::Name(name) => self.at_local(code.text(name), |value| self.decide(value))?,
            Expr::Attribute(view, name) if self.is_next_view(view) => {
                self.has(&Mark::Attribute(code.text(name).into())).then_some(true)
            }
            Expr::Compare(view, rest) if self.is_next_view(view) => match code.comparisons(rest) {
                [(operator @ (Comparison::In | Comparison::NotIn), all)] => {
                    let all = self.site().resolve(*all);
                    let known = matches!(all, QualifiedName::Project(..));
                    let within = known.then(|| self.has(&Mark::Member(all)))?;
                    Some(within == (*operator == Comparison::In))
                }
                _ => None,
            },
            Expr::Call(callee, arguments) => {
                let arguments = code.arguments(arguments);
                let attribute = arguments.get(1).and_then(|second| code.string(second.value));
                let of_view = arguments.first().is_some_and(|first| self.is_next_view(first.value));
                match (code.name(callee), attribute) {
                    (Some("hasattr"), Some(name)) if of_view => has(Mark::Attribute(name.into())),
                    (Some("getattr"), Some(name)) if of_view => {
                        let marked = self.has(&Mark::Attribute(name.into()));
                        let other = || self.decide(arguments.get(2)?.value);
                        if marked { Some(true) } else { other() }
                    }
                    _ => self.asked_of_view(test),
                }
            }
            _ => None,
        }
    }

    fn has(&self, mark: &Mark) -> bool {
        self.viewed.as_ref().is_some_and(|viewed| viewed.marks.contains(mark))
    }

    /// Whether an expression is the view, or what it stands for.
    fn is_next_view(&self, expr: ExprId) -> bool {
        let code = self.code();
        match code.expr(expr) {
            Expr::Name(name) => {
                let name = code.text(name);
                self.viewed.as_ref().is_some_and(|viewed| viewed.name == name)
                    || self.at_local(name, |value| self.is_next_view(value)).unwrap_or(false)
            }
            Expr::Attribute(view, name) => {
                INNER.contains(&code.text(name)) && self.is_next_view(view)
            }
            Expr::Call(callee, arguments) => {
                let arguments = code.arguments(arguments);
                let inner = || arguments.get(1).and_then(|second| code.string(second.value));
                let leads = match code.dotted(callee).as_deref() {
                    Some("getattr") => inner().is_some_and(|name| INNER.contains(&name)),
                    Some(name) => last(name) == "unwrap",
                    None => false,
                };
                leads && arguments.first().is_some_and(|first| self.is_next_view(first.value))
            }
            _ => false,
        }
    }

    /// What a function of the project answers that is handed the view.
    fn asked_of_view(&self, call: ExprId) -> Option<bool> {
        let code = self.code();
        let (callee, arguments) = code.call(call)?;
        let at = arguments.iter().position(|argument| self.is_next_view(argument.value))?;
        if self.depth >= DEEPEST || arguments.get(at)?.keyword.is_some() {
            return None;
        }
        let (def, bound) = self.function_called(callee)?;
        let inner = def.site.code;
        let parameter = def.function.parameters.get(at + bound)?;
        let mut frame = Frame::new(def, self.goal).of(self.receiver.as_ref());
        let marks = Arc::clone(&self.viewed.as_ref()?.marks);
        frame.viewed = Some(Viewed { name: inner.text(parameter.name), marks });
        frame.depth = self.depth + 1;
        match frame.left(def.function.body) {
            Left::Answers(answer) => answer,
            Left::Goes => Some(false),
        }
    }

    fn left(&self, block: List) -> Left {
        for id in self.code().stmts(block) {
            let left = match self.code().stmt(*id) {
                Stmt::Return(None) => Left::Answers(Some(false)),
                Stmt::Return(Some(value)) => Left::Answers(self.decide(value)),
                Stmt::If { test, then, otherwise } => match self.decide(test) {
                    Some(holds) => self.left(if holds { then } else { otherwise }),
                    None => Left::Answers(None),
                },
                // What is only named, or kept under a name.
                Stmt::Expr(_) | Stmt::Assign { .. } | Stmt::Import => Left::Goes,
                _ => Left::Answers(None),
            };
            if let Left::Answers(_) = left {
                return left;
            }
        }
        Left::Goes
    }
}

/// The marks that a decorator of the project puts on what it decorates: `view.login_exempt = True`, `EXEMPT.add(view)`.
pub(super) fn put_by(def: Def<'_>) -> Vec<Mark> {
    let code = def.site.code;
    let all = nested(def);
    let is_view = |expr: ExprId| {
        code.name(expr).is_some_and(|name| {
            all.iter().any(|def| {
                let mut given = def.function.parameters.iter();
                given.any(|p| code.text(p.name) == name) || code.text(def.function.name) == name
            })
        })
    };
    let mut marks = Vec::new();
    for inner in &all {
        code.each_stmt(inner.function.body, &mut |_, stmt| {
            marks.extend(assigned(code, stmt, &is_view));
        });
        code.each_expr(inner.function.body, &mut |_, expr| {
            let Expr::Call(callee, arguments) = expr else { return };
            let arguments = code.arguments(arguments);
            let value = |at: usize| arguments.get(at).map(|argument| argument.value);
            if !value(0).is_some_and(is_view) && !value(1).is_some_and(is_view) {
                return;
            }
            match code.expr(callee) {
                Expr::Name(name) if code.text(name) == "setattr" => {
                    let name = value(1).and_then(|name| code.string(name));
                    let on = value(2).is_some_and(|value| is_on(code, value));
                    marks.extend(name.filter(|_| on).map(|name| Mark::Attribute(name.into())));
                }
                Expr::Attribute(all, name) if matches!(code.text(name), "add" | "append") => {
                    let all = inner.site.resolve(all);
                    let known = matches!(all, QualifiedName::Project(..));
                    marks.extend(known.then_some(Mark::Member(all)));
                }
                _ => {}
            }
        });
    }
    marks
}

fn is_on(code: &Code, value: ExprId) -> bool {
    !matches!(code.expr(value), Expr::Bool(false) | Expr::None)
}

/// The marks that an assignment puts on a view: `view.login_exempt = True`.
fn assigned(code: &Code, stmt: Stmt, is_view: &dyn Fn(ExprId) -> bool) -> Vec<Mark> {
    let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return Vec::new() };
    let targets = code.exprs(targets).iter().filter(|_| is_on(code, value));
    let marks = targets.filter_map(|target| match code.expr(*target) {
        Expr::Attribute(view, name) if is_view(view) => {
            Some(Mark::Attribute(code.text(name).into()))
        }
        _ => None,
    });
    marks.collect()
}

/// The marks that the class of a view has, or that its module puts on the function.
pub(super) fn of_target(cx: &Cx<'_>, target: &Target) -> Vec<Mark> {
    match target {
        Target::Function(name) => {
            let Some(def) = cx.def(name) else { return Vec::new() };
            let (code, wanted) = (def.site.code, def.site.code.text(def.function.name));
            let is_view = |expr: ExprId| code.name(expr) == Some(wanted);
            let marks = code.all_stmts().flat_map(|(_, stmt)| assigned(code, stmt, &is_view));
            marks.collect()
        }
        Target::Class { class, .. } | Target::ViewSet { class, .. } => {
            let order = cx.hierarchy.order(class);
            let own = order.iter().filter_map(|class| cx.program.class_code(class));
            let names = own.flat_map(|(code, id)| {
                let body = code.class(id).map(|class| code.stmts(class.body)).unwrap_or_default();
                let names = body.iter().flat_map(move |id| match code.stmt(*id) {
                    Stmt::Assign { targets, .. } => code.exprs(targets),
                    _ => &[],
                });
                names.filter_map(move |target| code.name(*target))
            });
            let is_set = |name: &&str| {
                let found = cx.hierarchy.attribute(class, name).map(|found| found.value);
                matches!(found, Some(AttributeValue::Assigned(_, code, value)) if is_on(code, value))
            };
            names.filter(is_set).map(|name| Mark::Attribute(name.into())).collect()
        }
        _ => Vec::new(),
    }
}

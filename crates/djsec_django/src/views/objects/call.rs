//! Calls: who is called, with what, and what comes back.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId, FunctionId, List, ParameterKind, Stmt, Symbol};
use djsec_python::{BindingKind, ModuleId, QualifiedName};

use super::attempt::raised;
use super::conditions::Raised;
use super::drf::with_classes;
use super::run::{Frame, Run};
use super::value::{Env, Link, Origin, Origins, Row, Value, What};

/// Calls nest at most this deep.
const DEEPEST: usize = 7;

/// Arguments of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Args {
    pub(super) positional: Vec<Value>,
    pub(super) keywords: Vec<(Arc<str>, Value)>,
    /// Whether there are more that are not known (`**lookups`).
    pub(super) open: bool,
}

impl Args {
    pub(super) fn of(positional: Vec<Value>) -> Self {
        Self { positional, ..Self::default() }
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.positional.iter().chain(self.keywords.iter().map(|(_, value)| value))
    }

    /// Whether who asks, or the whole request, is among them.
    pub(super) fn asks_who(&self) -> bool {
        self.values().any(|value| {
            matches!(value.what, What::Request)
                || value.is(&Origin::User)
                || value.is(&Origin::Request)
        })
    }

    /// Everything that they come from.
    pub(super) fn union(&self) -> Origins {
        let mut from = Origins::new();
        for value in self.values() {
            from.merge(&value.from);
        }
        if self.values().any(|value| matches!(value.what, What::Request)) {
            from.insert(Origin::Request);
        }
        from
    }

    pub(super) fn get(&self, at: usize, name: &str) -> Option<&Value> {
        self.positional.get(at).or_else(|| self.keyword(name))
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.iter().find(|(keyword, _)| &**keyword == name).map(|(_, value)| value)
    }

    /// Without the first positional argument.
    pub(super) fn rest(mut self) -> Self {
        if !self.positional.is_empty() {
            self.positional.remove(0);
        }
        self
    }
}

impl<'a> Run<'a> {
    pub(super) fn call(
        &mut self,
        frame: &mut Frame<'a>,
        id: ExprId,
        callee: ExprId,
        arguments: List,
    ) -> Value {
        if let Expr::Name(name) = frame.code.expr(callee)
            && frame.code.text(name) == "super"
            && frame.env.get(name).is_none()
        {
            return match (&frame.this, &frame.owner) {
                (Some(this), Some(owner)) => Value {
                    what: What::Super(Rc::new(this.clone()), owner.clone()),
                    from: this.from.clone(),
                },
                _ => Value::other(),
            };
        }
        let function = self.eval(frame, callee);
        let args = self.args(frame, arguments);
        let place = self.place(frame, id);
        if let Expr::Attribute(list, name) = frame.code.expr(callee)
            && matches!(frame.code.text(name), "append" | "extend")
            && let list_before = self.eval(frame, list)
            && let Some(longer) = with_classes(&list_before, &args.positional)
        {
            // `permissions.append(IsOwner())`
            self.assign(frame, list, longer);
            return Value::new(What::None);
        }
        if let Expr::Attribute(holder, name) = frame.code.expr(callee)
            && let Some(given) = self.change_mapping(frame, holder, frame.code.text(name), &args)
        {
            return given;
        }
        let mut value = self.apply(&function, args, place);
        if let What::Name(QualifiedName::External(name)) = &function.what
            && KEYED.contains(&&**name)
        {
            value.from.insert(Origin::Proof);
        }
        match frame.code.expr(callee) {
            Expr::Attribute(_, name) | Expr::Name(name) => told(frame.code.text(name), value),
            _ => value,
        }
    }

    fn args(&mut self, frame: &mut Frame<'a>, arguments: List) -> Args {
        let mut args = Args::default();
        for argument in frame.code.arguments(arguments) {
            let value = self.eval(frame, argument.value);
            match argument.keyword {
                Some(name) => {
                    args.keywords.push((self.shared_text(frame, name), value));
                }
                None if argument.spread => match &value.what {
                    What::Dict(entries) => args.keywords.extend(entries.iter().cloned()),
                    What::Mapping(super::value::Source::Kwargs) => {
                        for name in self.parameters.clone().unwrap_or_default() {
                            let value = Value::from(Origin::Url(Arc::clone(&name)));
                            args.keywords.push((name, value));
                        }
                    }
                    _ => args.open = true,
                },
                None => match (frame.code.expr(argument.value), &value.what) {
                    (Expr::Starred(_), What::Tuple(values)) => {
                        args.positional.extend(values.iter().cloned());
                    }
                    (Expr::Starred(_), _) => args.open |= !value.from.is_empty(),
                    _ => args.positional.push(value),
                },
            }
        }
        args
    }

    /// Calls something.
    pub(super) fn apply(&mut self, function: &Value, args: Args, place: Span) -> Value {
        match &function.what {
            What::Name(QualifiedName::External(name)) => {
                let name = Arc::clone(name);
                self.package_function(&name, args, place)
            }
            What::Name(name @ QualifiedName::Project(module, _)) => {
                let program = self.world.program;
                match program.binding(name).map(|binding| &binding.kind) {
                    Some(BindingKind::Class(_)) => self.construct(&name.clone(), args, place),
                    Some(BindingKind::Function(_)) => match program.function_code(name) {
                        Some((_, id)) => self.invoke(*module, id, None, None, args, None),
                        None => self.opaque(function, &args),
                    },
                    _ => self.opaque(function, &args),
                }
            }
            What::Method(base, name) => {
                let (base, name) = (Rc::clone(base), Arc::clone(name));
                self.method(&base, &name, args, place)
            }
            What::Function(module, id, around) => {
                let around = Rc::clone(around);
                self.invoke(*module, *id, None, None, args, Some(&around))
            }
            What::View => Value::other(),
            // `(IsOwner | IsEditor)()`
            What::Tuple(_) | What::AnyOf(_) => function.clone(),
            _ => self.opaque(function, &args),
        }
    }

    /// A call that is not followed.
    pub(super) fn opaque(&mut self, function: &Value, args: &Args) -> Value {
        for value in args.values() {
            self.escape(value);
        }
        let mut from = function.from.clone();
        from.merge(&args.union());
        if from.is_empty() {
            from.insert(Origin::Other);
        }
        Value::of(from)
    }

    /// Runs a function of the project.
    pub(super) fn invoke(
        &mut self,
        module: ModuleId,
        id: FunctionId,
        this: Option<Value>,
        owner: Option<QualifiedName>,
        args: Args,
        around: Option<&Env>,
    ) -> Value {
        if self.stack.len() >= DEEPEST || self.stack.contains(&(module, id)) {
            return self.opaque(&Value::other(), &args);
        }
        let Some(code) = self.world.program.code(module) else {
            return Value::of(args.union());
        };
        let mut frame = Frame::new(module, code);
        frame.this.clone_from(&this);
        frame.owner = owner;
        if let Some(around) = around {
            frame.env.clone_from(around);
        }
        self.bind(&mut frame, id, this, args);
        self.enter(frame, id)
    }

    /// Runs a function whose parameters are bound.
    pub(super) fn enter(&mut self, mut frame: Frame<'a>, id: FunctionId) -> Value {
        let Some(function) = frame.code.function(id) else { return Value::other() };
        let body = function.body;
        let mark = self.conditions.len();
        let outermost = frame.outermost;
        self.stack.push((frame.module, id));
        let end = self.statements(&mut frame, body);
        self.stack.pop();
        let must = std::mem::take(&mut frame.ways).must(end);
        let raised = raised(frame.code, body).unwrap_or(Raised(None));
        self.note(&must, true, Some(&raised));
        // Of several it is not known which holds.
        if must.len() == 1 {
            self.hold(must, Some(&raised));
        }
        let mut held = self.conditions.split_off(mark.min(self.conditions.len()));
        held.retain(|test| test.raises.is_some() || outermost);
        self.conditions.extend(held);
        let given = frame.returned.unwrap_or(Value::new(What::None));
        if frame.plain { given.with(&frame.doubts) } else { given }
    }

    fn bind(&mut self, frame: &mut Frame<'a>, id: FunctionId, this: Option<Value>, args: Args) {
        let code = frame.code;
        let Some(function) = code.function(id) else { return };
        let mut positional = this.into_iter().chain(args.positional);
        let mut keywords = args.keywords;
        for parameter in &function.parameters {
            let name = code.text(parameter.name);
            let value = match parameter.kind {
                ParameterKind::Variadic => {
                    let rest: Vec<Value> = positional.by_ref().collect();
                    let from = super::eval::union(&rest);
                    Value { what: What::Tuple(Rc::new(rest)), from }
                }
                ParameterKind::VariadicKeyword => {
                    let rest = std::mem::take(&mut keywords);
                    let mut from = Origins::new();
                    for (_, value) in &rest {
                        from.merge(&value.from);
                    }
                    Value { what: What::Dict(Rc::new(rest)), from }
                }
                kind => {
                    let next =
                        if kind == ParameterKind::Positional { positional.next() } else { None };
                    let named = || {
                        let at = keywords.iter().position(|(keyword, _)| **keyword == *name)?;
                        Some(keywords.remove(at).1)
                    };
                    match (next.or_else(named), parameter.default) {
                        (Some(value), _) => value,
                        (None, Some(default)) if !args.open => self.eval(frame, default),
                        _ => Value::other(),
                    }
                }
            };
            let decides = match value.what {
                What::None => parameter.default.is_some(),
                // A switch of the function: `merge(order, other, preview=True)`.
                What::Bool(_) => true,
                _ => false,
            };
            let by_caller = decides && is_plain(&value) && !frame.outermost;
            if by_caller && !is_set_in_loop(code, function.body, parameter.name) {
                frame.decided.push(parameter.name);
            }
            let value = self.typed(frame, parameter.annotation, value);
            frame.env.insert(parameter.name, value);
        }
    }

    /// A value with what an annotation says, where nothing better is known.
    fn typed(&mut self, frame: &Frame<'a>, annotation: Option<ExprId>, mut value: Value) -> Value {
        if let (What::Unknown, Some(annotation)) = (&value.what, annotation) {
            value.what = self.annotated(frame, annotation);
        }
        value
    }

    /// What an annotation says: a row of a model, from wherever.
    pub(super) fn annotated(&mut self, frame: &Frame<'a>, annotation: ExprId) -> What {
        let text = frame.code.dotted(annotation);
        let text = text.or_else(|| frame.code.string(annotation).map(str::to_owned));
        let Some(text) = text else { return What::Unknown };
        let class = self.world.program.resolve(frame.module, &text);
        if self.world.models.get(&class).is_some() {
            return What::Row(Rc::new(Row { model: class, links: vec![Link::Unknown] }));
        }
        match &class {
            QualifiedName::External(name)
                if matches!(
                    &**name,
                    "django.http.HttpRequest" | "rest_framework.request.Request"
                ) =>
            {
                What::Request
            }
            _ => What::Unknown,
        }
    }
}

/// Whether a value is `None`, `True` or `False` as it is written, and not one of several.
pub(super) fn is_plain(value: &Value) -> bool {
    matches!(value.what, What::None | What::Bool(_))
        && value.from.iter().all(|origin| *origin == Origin::Constant)
}

/// Whether a loop gives a name something else: the turn that is looked at need not be the first.
fn is_set_in_loop(code: &Code, block: List, name: Symbol) -> bool {
    let mut set = false;
    let is = |id: &ExprId| code.expr(*id) == Expr::Name(name);
    code.each_stmt(block, &mut |_, stmt| {
        let (Stmt::For { body, .. } | Stmt::While { body, .. }) = stmt else { return };
        code.each_stmt(body, &mut |_, inner| {
            set |= match inner {
                Stmt::Assign { targets, .. } => code.exprs(targets).iter().any(is),
                Stmt::For { target, .. } | Stmt::Augmented(target, ..) => is(&target),
                _ => false,
            };
        });
    });
    set
}

/// What works out a value that only who has the key can send.
const KEYED: &[&str] = &["django.utils.crypto.salted_hmac", "hmac.HMAC", "hmac.digest", "hmac.new"];

/// What is known of a value by the name of the function that gives it: what carries a signature, and
/// whether a secret is known.
fn told(function: &str, mut value: Value) -> Value {
    match function {
        "unsign" | "unsign_object" | "get_signed_cookie" => Value::from(Origin::Signed),
        "check_password"
        | "acheck_password"
        | "check_token"
        | "compare_digest"
        | "constant_time_compare"
        | "verify_token" => {
            value.from.insert(Origin::Proof);
            value
        }
        _ => value,
    }
}

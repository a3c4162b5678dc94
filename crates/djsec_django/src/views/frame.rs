//! A function that is looked at, with what its names mean: which are the request and its user, and
//! for which method and action it runs.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Code, Expr, ExprId, Stmt};

use rustc_hash::FxHashMap;

use super::Level;
use super::address::Asking;
use super::grade::Question;
use super::marked::Viewed;
use super::reached::{Asked, Wanted};
use super::site::{Def, Site};
use crate::hierarchy::AttributeValue;

/// Functions are followed this deep.
pub(super) const DEEPEST: u8 = 4;

/// What the method of a request was compared with, and the answers.
pub(super) type Compared<'a> = Vec<(Question<'a>, Option<bool>)>;

/// What counts as getting through a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Goal<'g> {
    /// It answers, and does not refuse.
    Response,
    /// It returns something true.
    True,
    /// It returns something false.
    False,
    /// It returns at all, and does not raise.
    Pass,
    /// It returns what a function of this name gives: it is a wrapper around it.
    Calls(&'g str),
    /// It answers; `super()`'s method of this name is part of the answer.
    Super(&'g str),
    /// It returns nothing, or something that is no refusal: a hook of a middleware.
    NotRefused,
}

impl Goal<'_> {
    /// The same goal, unless it is about a function of some name.
    pub(super) const fn plain(self) -> Option<Goal<'static>> {
        Some(match self {
            Self::Response => Goal::Response,
            Self::True => Goal::True,
            Self::False => Goal::False,
            Self::Pass => Goal::Pass,
            Self::NotRefused => Goal::NotRefused,
            Self::Calls(_) | Self::Super(_) => return None,
        })
    }
}

/// A function with the meaning of its names.
#[derive(Clone)]
pub(super) struct Frame<'a> {
    pub(super) def: Def<'a>,
    pub(super) goal: Goal<'a>,
    /// Names that are the request: `request`, `self.request`.
    pub(super) requests: Vec<&'a str>,
    /// Names that are its user.
    pub(super) users: Vec<&'a str>,
    /// The class of `self`.
    pub(super) receiver: Option<QualifiedName>,
    /// What `super()` of the same method lets in.
    pub(super) above: Option<Level>,
    /// The method (upper case) it is asked for.
    pub(super) method: Option<&'a str>,
    /// The action of a viewset it is asked for.
    pub(super) action: Option<&'a str>,
    /// The name of the view in a permission class, whose action it may ask for.
    pub(super) view: Option<&'a str>,
    /// What the address that it is asked for surely names.
    pub(super) named: &'a [Arc<str>],
    pub(super) depth: u8,
    /// Whether it is a test of its own, whose answer counts even where it is not understood.
    pub(super) tests: bool,
    /// What the class of `self` was asked for, where that is noted.
    pub(super) asked: Option<Rc<RefCell<Asked>>>,
    /// What the method was compared with, and the answers, where that is noted.
    pub(super) compared: Option<Rc<RefCell<Compared<'a>>>>,
    /// The values of names that the function assigns, once somebody asks; absent for those it assigns
    /// several times.
    locals: OnceCell<FxHashMap<&'a str, Option<ExprId>>>,
    /// The address it is asked for, and whether a condition on the address was met whose answer for
    /// it is not known.
    pub(super) address: Option<Asking>,
    pub(super) undecided: Cell<bool>,
    /// The view that a middleware lets through to.
    pub(super) viewed: Option<Viewed<'a>>,
    /// Whether it is asked who is refused by an exception, rather than who gets through.
    pub(super) refused: Cell<bool>,
    /// How many refusals that somebody catches were looked behind.
    pub(super) pardons: Cell<u8>,
    /// How many names are followed to their values right now.
    pub(super) following: Cell<u8>,
}

impl<'a> Frame<'a> {
    /// A function of which nothing is known but that `self.request` and parameters called `request`
    /// are requests.
    pub(super) fn new(def: Def<'a>, goal: Goal<'a>) -> Self {
        let mut frame = Frame {
            def,
            goal,
            requests: vec!["self.request", "info.context"],
            users: Vec::new(),
            receiver: None,
            above: None,
            method: None,
            action: None,
            view: None,
            named: &[],
            depth: 0,
            tests: false,
            asked: None,
            compared: None,
            locals: OnceCell::new(),
            address: None,
            undecided: Cell::new(false),
            viewed: None,
            refused: Cell::new(false),
            pardons: Cell::new(0),
            following: Cell::new(0),
        };
        for parameter in &def.function.parameters {
            let name = def.site.code.text(parameter.name);
            if matches!(name, "request" | "req" | "_request") {
                frame.requests.push(name);
            }
        }
        frame
    }

    /// A view: its parameter at `position` is the request, whatever its name.
    pub(super) fn with_request(mut self, position: usize) -> Self {
        if let Some(parameter) = self.def.function.parameters.get(position) {
            self.requests.push(self.code().text(parameter.name));
        }
        self
    }

    /// A test of a user: its parameter at `position` is the user.
    pub(super) fn with_user(mut self, position: usize) -> Self {
        if let Some(parameter) = self.def.function.parameters.get(position) {
            self.users.push(self.code().text(parameter.name));
        }
        self
    }

    pub(super) fn of(mut self, receiver: Option<&QualifiedName>) -> Self {
        self.receiver = receiver.cloned();
        self
    }

    pub(super) fn code(&self) -> &'a Code {
        self.def.site.code
    }

    pub(super) fn site(&self) -> Site<'a> {
        self.def.site
    }

    pub(super) fn words(&self, expr: ExprId) -> String {
        self.site().words(expr)
    }

    /// The value of a name that the function assigns once.
    pub(super) fn local(&self, name: &str) -> Option<ExprId> {
        *self.locals.get_or_init(|| locals(self.def)).get(name)?
    }

    /// What is found at the value of a name; nothing where names lead in a circle.
    pub(super) fn at_local<T>(&self, name: &str, f: impl FnOnce(ExprId) -> T) -> Option<T> {
        let value = self.local(name)?;
        let depth = self.following.get();
        if depth >= DEEPEST {
            return None;
        }
        self.following.set(depth + 1);
        let found = f(value);
        self.following.set(depth);
        Some(found)
    }

    /// Whether an expression is the request.
    pub(super) fn is_request(&self, expr: ExprId) -> bool {
        self.requests.iter().any(|name| self.code().is_dotted(expr, name))
    }

    /// Whether an expression is the request's user.
    pub(super) fn is_user(&self, expr: ExprId) -> bool {
        self.is_user_within(expr, 0)
    }

    fn is_user_within(&self, expr: ExprId, depth: u8) -> bool {
        if self.users.iter().any(|name| self.code().is_dotted(expr, name)) {
            return true;
        }
        match self.code().expr(expr) {
            Expr::Attribute(value, name) => {
                let name = self.code().text(name);
                matches!(name, "user" | "real_user") && self.is_request(value)
            }
            Expr::Subscript(value, key) => {
                self.code().string(key) == Some("user")
                    && self.code().is_dotted(value, "self.scope")
            }
            Expr::Call(callee, arguments) => {
                let arguments = self.code().arguments(arguments);
                let first = arguments.first().map(|argument| argument.value);
                let second = arguments.get(1).and_then(|a| self.code().string(a.value));
                let called = self.code().dotted(callee).unwrap_or_default();
                let of_request = first.is_some_and(|first| self.is_request(first));
                of_request
                    && ((called == "getattr" && second == Some("user"))
                        || called.ends_with("get_user"))
            }
            Expr::Await(inner) => self.is_user_within(inner, depth),
            Expr::Name(name) if depth < 3 => self
                .local(self.code().text(name))
                .is_some_and(|value| self.is_user_within(value, depth + 1)),
            _ => false,
        }
    }

    /// Whether the user is anywhere in an expression.
    pub(super) fn mentions_user(&self, expr: ExprId) -> bool {
        let mut found = false;
        self.code().each_inner(expr, &mut |id, _| found = found || self.is_user(id));
        found
    }

    /// Whether an expression asks for the address of the request.
    pub(super) fn is_about_path(&self, expr: ExprId) -> bool {
        let mut found = false;
        self.code().each_inner(expr, &mut |id, inner| match inner {
            Expr::Attribute(value, name) => {
                let asks = ["path", "path_info", "resolver_match", "get_full_path"];
                found |= asks.contains(&self.code().text(name)) && self.is_request(value);
            }
            Expr::Name(name) => {
                let name = self.code().text(name);
                if let Some(value) = self.local(name)
                    && value != id
                    && self.code().dotted(value).is_some_and(|d| d.contains(".path"))
                {
                    found = true;
                }
            }
            _ => {}
        });
        found
    }

    /// Who gets through the calls of an expression: functions of the project that are handed the
    /// request or its user, or methods of the same object, may raise.
    pub(super) fn called(&self, expr: ExprId, goal: Goal<'a>) -> Level {
        let inner = match self.code().expr(expr) {
            Expr::Await(inner) => inner,
            _ => expr,
        };
        if self.code().call(inner).is_none() {
            return Level::Public;
        }
        let Some(frame) = self.callee(inner, goal) else { return Level::Public };
        let site = frame.site();
        let decorators = site.code.exprs(frame.def.function.decorators).iter();
        let around = decorators.fold(Level::Public, |level, decorator| {
            level.and(super::decorators::level_of(site, *decorator, frame.depth))
        });
        let around = if around.is_unknown() { Level::Public } else { around };
        // What nobody can pass is no check but something that is not understood.
        let through =
            self.through(inner, goal, || Some(frame)).filter(|level| *level != Level::Nobody);
        around.and(through.unwrap_or(Level::Public))
    }

    /// The function that a call calls, with what its parameters mean, if it can be followed.
    pub(super) fn callee(&self, call: ExprId, goal: Goal<'a>) -> Option<Self> {
        if self.depth >= DEEPEST {
            return None;
        }
        let (callee, arguments) = self.code().call(call)?;
        let own = match self.code().expr(callee) {
            Expr::Attribute(value, name) if self.code().is_dotted(value, "self") => {
                Some((self.code().text(name), None))
            }
            // Where `super()` is no question, the order of classes tells who gets through all of them.
            Expr::Attribute(value, name)
                if matches!(goal, Goal::True | Goal::False) && self.is_super(value) =>
            {
                Some((self.code().text(name), Some(self.owner()?)))
            }
            _ => None,
        };
        let (def, skip) = match &own {
            Some((name, behind)) => (self.method_of(name, behind.as_ref())?, 1),
            None => (self.site().cx.def(&self.site().resolve(callee))?, 0),
        };
        if def.id == self.def.id && def.site.module == self.def.site.module {
            return None;
        }
        let mut frame = Frame::new(def, goal);
        frame.depth = self.depth + 1;
        (frame.method, frame.action) = (self.method, self.action);
        frame.compared.clone_from(&self.compared);
        if own.is_some() {
            frame.receiver.clone_from(&self.receiver);
            frame.asked.clone_from(&self.asked);
        } else {
            frame.requests.clear();
        }
        self.bind(&mut frame, arguments, skip);
        let concerns = own.is_some() || !frame.requests.is_empty() || !frame.users.is_empty();
        concerns.then_some(frame)
    }

    /// Whether an expression is `super()`.
    pub(super) fn is_super(&self, expr: ExprId) -> bool {
        self.code().call(expr).is_some_and(|(callee, _)| self.code().is_dotted(callee, "super"))
    }

    /// The class in whose body the function stands.
    fn owner(&self) -> Option<QualifiedName> {
        let class = self.code().class(self.def.function.class?)?;
        Some(QualifiedName::Project(self.site().module, Arc::from(&*class.path)))
    }

    /// The method of the project that `super()` has under a name.
    pub(super) fn method_behind(&self, name: &str) -> Option<Def<'a>> {
        self.method_of(name, Some(&self.owner()?))
    }

    /// The function of the project that is called, and how many of its parameters come before what the call gives: the
    /// object or class of a method.
    pub(super) fn function_called(&self, callee: ExprId) -> Option<(Def<'a>, usize)> {
        let code = self.code();
        let name = match code.expr(callee) {
            Expr::Attribute(object, name) if matches!(code.name(object), Some("self" | "cls")) => {
                name
            }
            _ => return Some((self.site().cx.def(&self.site().resolve(callee))?, 0)),
        };
        let def = self.method_of(code.text(name), None)?;
        let inner = def.site.code;
        let mut decorators = inner.exprs(def.function.decorators).iter();
        let is_static = decorators.any(|one| inner.name(*one) == Some("staticmethod"));
        Some((def, usize::from(!is_static)))
    }

    /// The method of the project that `self` has under a name, by itself or behind one of its classes.
    pub(super) fn method_of(&self, name: &str, behind: Option<&QualifiedName>) -> Option<Def<'a>> {
        let receiver = self.receiver.as_ref()?;
        let cx = self.site().cx;
        let found = match behind {
            Some(base) => cx.hierarchy.attribute_behind(receiver, base, name),
            None => cx.hierarchy.attribute(receiver, name),
        };
        let found = match found.map(|found| found.value) {
            Some(AttributeValue::Method(module, _, id)) => {
                cx.site(module).and_then(|site| site.def(id))
            }
            _ => None,
        };
        if let Some(asked) = &self.asked {
            let mut asked = asked.borrow_mut();
            let same = |known: &Wanted| *known.0 == *name && known.1.as_ref() == behind;
            if !asked.iter().any(|(known, _)| same(known)) {
                let question = (name.into(), behind.cloned());
                asked.push((question, found.map(|def| def.place())));
            }
        }
        found
    }

    fn bind(&self, frame: &mut Self, arguments: &[Argument], skip: usize) {
        let parameters = &frame.def.function.parameters;
        for (at, argument) in arguments.iter().enumerate() {
            let name = match argument.keyword {
                Some(keyword) => self.code().text(keyword),
                None => match parameters.get(at + skip) {
                    Some(parameter) => frame.def.site.code.text(parameter.name),
                    None => continue,
                },
            };
            if self.is_user(argument.value) {
                frame.users.push(name);
            } else if self.is_request(argument.value) {
                frame.requests.push(name);
            }
        }
    }
}

fn locals(def: Def<'_>) -> FxHashMap<&str, Option<ExprId>> {
    let code = def.site.code;
    let mut found: FxHashMap<&str, Option<ExprId>> = FxHashMap::default();
    code.each_stmt(def.function.body, &mut |_, stmt| {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
        for name in code.exprs(targets).iter().filter_map(|target| code.name(*target)) {
            found.entry(name).and_modify(|known| *known = None).or_insert(Some(value));
        }
    });
    found
}

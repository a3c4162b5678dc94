//! Running statements: one path after the other, joined where they meet.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use djsec_base::{Span, TextRange};
use djsec_python::code::{Code, Expr, ExprId, FunctionId, List, Stmt, StmtId, Symbol};
use djsec_python::{ModuleId, QualifiedName};
use rustc_hash::FxHashMap;

use super::attempt::raised;
use super::conditions::{Raised, Test};
use super::drf::with_classes;
use super::guards::Guard;
use super::record::Access;
use super::schema::Entries;
use super::sent::{Decision, Given};
use super::value::{Env, Heap, Link, New, Origin, Origins, Value, What};
use super::{FormUse, KeyOrigin, Taken, World};
use crate::views::effects::Verbs;

/// Statements and expressions that are run for one route at most.
const MOST_STEPS: usize = 12_000;

/// Names that a function sees of the one around it.
const MOST_AROUND: usize = 256;

/// One route being run.
pub(super) struct Run<'a> {
    pub(super) world: World<'a>,
    /// Names in the pattern.
    pub(super) parameters: Option<Vec<Arc<str>>>,
    pub(super) accesses: Vec<Access>,
    /// Who is logged in by their row.
    pub(super) logins: Vec<Access>,
    /// What the code has put among what was sent, by the handler that did.
    pub(super) put: Vec<(Arc<str>, Arc<str>)>,
    /// Whether a setting has decided that the view answers at all.
    pub(super) switched: bool,
    /// Serializers that were given what came in.
    pub(super) taken: Vec<Taken>,
    pub(super) forms: Vec<FormUse>,
    /// Conditions on what the client sends.
    pub(super) decisions: Vec<Decision>,
    /// What fields of rows were set to, by how the row was reached.
    pub(super) set: Vec<(Vec<Link>, Given)>,
    /// What the client sends that is compared with what the site knows.
    pub(super) vouched: Vec<KeyOrigin>,
    /// What names of modules stand for.
    pub(super) names: FxHashMap<(ModuleId, Symbol), Value>,
    /// The fields of schemas.
    pub(super) schemas: FxHashMap<QualifiedName, Rc<Entries>>,
    /// Texts of modules, each shared by all values that it gives.
    texts: FxHashMap<(ModuleId, Symbol), Arc<str>>,
    /// Under which conditions the statement at hand runs.
    pub(super) conditions: Vec<Test>,
    /// Checks of a key against who asks.
    pub(super) key_checks: Vec<(Origin, Guard)>,
    /// Functions being run, outermost first.
    pub(super) stack: Vec<(ModuleId, FunctionId)>,
    steps: usize,
    pub(super) gaps: BTreeSet<Arc<str>>,
    /// The class of the view.
    pub(super) view: Option<QualifiedName>,
    /// What hands requests to it.
    pub(super) framework: Framework,
    /// What stands on the view: `self.object`.
    pub(super) heap: Heap,
    /// The method or action that is running.
    pub(super) handler: Arc<str>,
    /// The methods for which it runs.
    pub(super) handled: Verbs,
    /// Counts what was met.
    pub(super) time: u32,
}

/// What hands requests to a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Framework {
    #[default]
    Django,
    /// Django REST framework.
    Rest,
    /// To an operation.
    Ninja,
    /// To a resolver.
    Graphql,
}

/// One function being run.
pub(super) struct Frame<'a> {
    pub(super) module: ModuleId,
    pub(super) code: &'a Code,
    /// The class in whose body the function stands.
    pub(super) owner: Option<QualifiedName>,
    /// `self`.
    pub(super) this: Option<Value>,
    pub(super) env: Env,
    pub(super) returned: Option<Value>,
    /// Whether something plain, such as `True` or `None`, was returned on a path…
    pub(super) plain: bool,
    /// …that these conditions choose.
    pub(super) doubts: Origins,
    /// Whether it is the view itself, so that returning ends the request.
    pub(super) outermost: bool,
    /// The parameters that are `None`, `True` or `False`, by who calls it or by their defaults.
    pub(super) decided: Vec<Symbol>,
    /// The ways on which it returns.
    pub(super) ways: Ways,
}

/// On which ways a function returns, as far as they hang on who asks.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// How many conditions on who asks, or on a row, stand around what runs now.
    inside: u32,
    /// How many of these are on who asks.
    by_asker: u32,
    /// Whether it is who asks that decides which of several things it gives back.
    gives_by_asker: bool,
    /// Whether it returns outside of any.
    free: bool,
    /// Those under which it returns.
    asked: Vec<Test>,
}

impl Ways {
    /// The conditions of which one must hold where a function returns that ends in an exception:
    /// `if row.owner == user: return row`, and `raise PermissionDenied` after all of them.
    pub(super) fn must(self, end: Flow) -> Vec<Test> {
        if end == Flow::Raises && !self.free { self.asked } else { Vec::new() }
    }
}

/// How a block ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Falls,
    Returns,
    /// Also `continue` and `break`.
    Raises,
}

impl Flow {
    pub(super) fn of_both(self, other: Self) -> Self {
        match (self, other) {
            (Self::Falls, _) | (_, Self::Falls) => Self::Falls,
            (Self::Raises, Self::Raises) => Self::Raises,
            _ => Self::Returns,
        }
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(world: World<'a>, parameters: Option<&[Arc<str>]>) -> Self {
        Self {
            world,
            parameters: parameters.map(<[_]>::to_vec),
            accesses: Vec::new(),
            logins: Vec::new(),
            put: Vec::new(),
            switched: false,
            taken: Vec::new(),
            forms: Vec::new(),
            decisions: Vec::new(),
            set: Vec::new(),
            vouched: Vec::new(),
            names: FxHashMap::default(),
            schemas: FxHashMap::default(),
            texts: FxHashMap::default(),
            conditions: Vec::new(),
            key_checks: Vec::new(),
            stack: Vec::new(),
            steps: 0,
            gaps: BTreeSet::new(),
            view: None,
            framework: Framework::default(),
            heap: Heap::default(),
            handler: Arc::from(""),
            handled: Verbs::ALL,
            time: 0,
        }
    }

    pub(super) fn is_of(&self, framework: Framework) -> bool {
        self.framework == framework
    }

    /// A text of a module.
    pub(super) fn shared_text(&mut self, frame: &Frame<'_>, symbol: Symbol) -> Arc<str> {
        let text = || Arc::from(frame.code.text(symbol));
        Arc::clone(self.texts.entry((frame.module, symbol)).or_insert_with(text))
    }

    /// Counts a step; whether there are any left.
    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        if self.steps == MOST_STEPS {
            self.gaps.insert(Arc::from("there is more code behind it than is followed"));
        }
        self.steps < MOST_STEPS
    }

    pub(super) fn is_cut(&self) -> bool {
        self.steps >= MOST_STEPS
    }

    pub(super) fn span(&self, frame: &Frame<'_>, range: TextRange) -> Span {
        let file = self.world.program.module(frame.module).map(|module| module.file);
        Span::new(file.unwrap_or(djsec_base::FileId(0)), range)
    }

    pub(super) fn place(&self, frame: &Frame<'_>, id: ExprId) -> Span {
        self.span(frame, frame.code.expr_range(id))
    }

    /// A block in a statement.
    pub(super) fn block(&mut self, frame: &mut Frame<'a>, block: List) -> Flow {
        let mark = self.conditions.len();
        let flow = self.statements(frame, block);
        self.conditions.truncate(mark);
        flow
    }

    /// A block; conditions that later code runs under stay.
    pub(super) fn statements(&mut self, frame: &mut Frame<'a>, block: List) -> Flow {
        for id in frame.code.stmts(block) {
            let flow = self.statement(frame, *id);
            if flow != Flow::Falls {
                return flow;
            }
        }
        Flow::Falls
    }

    fn statement(&mut self, frame: &mut Frame<'a>, id: StmtId) -> Flow {
        if !self.step() {
            return Flow::Falls;
        }
        match frame.code.stmt(id) {
            Stmt::Expr(expr) => self.alone(frame, expr),
            Stmt::Assign { targets, value: Some(value), annotation } => {
                let mut value = self.eval(frame, value);
                if let (What::Unknown, Some(annotation)) = (&value.what, annotation) {
                    value.what = self.annotated(frame, annotation);
                }
                for target in frame.code.exprs(targets) {
                    self.assign(frame, *target, value.clone());
                }
            }
            Stmt::Augmented(target, _, value) => {
                let (old, new) = (self.eval(frame, target), self.eval(frame, value));
                let longer = with_classes(&old, std::slice::from_ref(&new));
                let other = || Value::of(old.clone().with(&new.from).from);
                self.assign(frame, target, longer.unwrap_or_else(other));
            }
            Stmt::Return(value) => {
                self.returned(frame, value);
                return Flow::Returns;
            }
            Stmt::Raise(value) => {
                if let Some(value) = value {
                    self.eval(frame, value);
                }
                return Flow::Raises;
            }
            Stmt::Break | Stmt::Continue => return Flow::Raises,
            Stmt::Assert(test) => {
                let tests = self.tests(frame, test);
                let raised = Raised(Some(Arc::from("AssertionError")));
                self.note(&tests, true, Some(&raised));
                self.hold(tests, Some(&raised));
            }
            Stmt::Delete(targets) => {
                for target in frame.code.exprs(targets) {
                    self.eval(frame, *target);
                }
            }
            Stmt::Function(id) => {
                let Some(function) = frame.code.function(id) else { return Flow::Falls };
                let around = self.around(frame);
                let value = Value::new(What::Function(frame.module, id, around));
                frame.env.insert(function.name, value);
            }
            other => return self.compound(frame, other),
        }
        Flow::Falls
    }

    /// The names that a function in the one at hand sees. It keeps them as they are now: where there are very many,
    /// each of many such functions would keep all of them.
    pub(super) fn around(&mut self, frame: &Frame<'a>) -> Rc<Env> {
        if frame.env.iter().len() > MOST_AROUND {
            self.gaps.insert(Arc::from("a function in it sees more names than are followed"));
            return Rc::default();
        }
        Rc::new(frame.env.clone())
    }

    /// An expression whose value nobody uses: it may be a check that refuses.
    fn alone(&mut self, frame: &mut Frame<'a>, expr: ExprId) {
        let value = self.eval(frame, expr);
        self.refusing_call(frame, expr, &value);
    }

    fn returned(&mut self, frame: &mut Frame<'a>, value: Option<ExprId>) {
        let value = value.map_or_else(|| Value::new(What::None), |id| self.eval(frame, id));
        if frame.outermost {
            self.escape(&value);
        }
        frame.ways.free |= frame.ways.inside == 0;
        frame.plain |=
            matches!(value.what, What::Unknown | What::None | What::Bool(_) | What::Text(_));
        // `if user.is_staff: return rows.all()`, and those of the user for everybody else.
        frame.ways.gives_by_asker |= frame.ways.by_asker > 0;
        let before = frame.returned.take();
        frame.returned = Some(match before {
            Some(before) => before.join(value, frame.ways.gives_by_asker),
            None => value,
        });
    }

    fn compound(&mut self, frame: &mut Frame<'a>, stmt: Stmt) -> Flow {
        match stmt {
            Stmt::If { test, then, otherwise } => self.branch(frame, test, then, otherwise),
            Stmt::For { target, iterable, body, otherwise } => {
                let all = self.eval(frame, iterable);
                let one = self.element(&all);
                let before = frame.env.clone();
                self.assign(frame, target, one);
                self.block(frame, body);
                Self::meet(frame, &before, &[]);
                self.block(frame, otherwise)
            }
            Stmt::While { test, body, otherwise } => {
                let tests = self.tests(frame, test);
                let before = frame.env.clone();
                let mark = self.conditions.len();
                self.conditions.extend(tests);
                self.block(frame, body);
                self.conditions.truncate(mark);
                Self::meet(frame, &before, &[]);
                self.block(frame, otherwise)
            }
            Stmt::With { items, body } => {
                for (entered, target) in frame.code.with_items(items) {
                    let value = self.eval(frame, *entered);
                    if let Some(target) = target {
                        self.assign(frame, *target, value);
                    }
                }
                self.statements(frame, body)
            }
            Stmt::Try(at) => self.attempt(frame, at),
            Stmt::Match(at) => self.matching(frame, at),
            _ => Flow::Falls,
        }
    }

    fn branch(&mut self, frame: &mut Frame<'a>, test: ExprId, then: List, otherwise: List) -> Flow {
        if let Some(holds) = self.decide(frame, test) {
            return self.statements(frame, if holds { then } else { otherwise });
        }
        if let Some(holds) = self.said_by_settings(frame, test) {
            let (way, other) = if holds { (then, otherwise) } else { (otherwise, then) };
            return match self.statements(frame, way) {
                // What the settings keep everybody out of is judged as if it were on.
                Flow::Raises => {
                    self.switched = true;
                    self.statements(frame, other)
                }
                flow => flow,
            };
        }
        let tests = self.tests(frame, test);
        self.weigh(frame, &tests, then, otherwise);
        let before = frame.env.clone();
        let mark = self.conditions.len();
        self.conditions.extend(tests.iter().cloned());
        let asks = u32::from(tests.iter().any(|test| test.asks_who() || test.is_about_row()));
        let by_asker = u32::from(tests.iter().any(Test::asks_who));
        frame.ways.inside += asks;
        frame.ways.by_asker += by_asker;
        let first = self.block(frame, then);
        let after = std::mem::replace(&mut frame.env, before);
        self.turn(mark);
        let second = self.block(frame, otherwise);
        self.conditions.truncate(mark);
        frame.ways.inside -= asks;
        frame.ways.by_asker -= by_asker;
        let ends = |flow: Flow| flow == Flow::Raises || (flow == Flow::Returns && frame.outermost);
        if first == Flow::Returns || second == Flow::Returns {
            for test in &tests {
                frame.doubts.merge(&test.from);
            }
            let asked = tests.iter().filter(|test| test.asks_who()).cloned();
            let returns = first == Flow::Returns;
            frame.ways.asked.extend(asked.map(|test| if returns { test } else { test.turned() }));
        }
        // From here on, the conditions are those of the path that goes on.
        let goes_on = first == Flow::Falls || second == Flow::Raises;
        let refused = if goes_on { otherwise } else { then };
        let tests: Vec<Test> =
            if goes_on { tests } else { tests.into_iter().map(Test::turned).collect() };
        let raised = match (goes_on, first, second) {
            (true, _, Flow::Raises) | (false, Flow::Raises, _) => raised(frame.code, refused),
            _ => None,
        };
        let ended = ends(first) || ends(second);
        self.switched |= ended && self.asks_settings(frame, test);
        self.note(&tests, ended, raised.as_ref());
        match (first, second) {
            (Flow::Falls, Flow::Falls) => Self::meet(frame, &after, &tests),
            (Flow::Falls, _) => {
                frame.env = after;
                self.hold(tests, raised.as_ref());
            }
            (_, Flow::Falls) => self.hold(tests, raised.as_ref()),
            _ => {}
        }
        first.of_both(second)
    }

    /// A value where two paths meet that conditions choose between.
    pub(super) fn joined(here: Value, there: Value, by_asker: bool, tests: &[Test]) -> Value {
        let narrowed = |value: &Value| value.query().is_some_and(|query| query.is_narrowed());
        let widens = !by_asker && narrowed(&here) != narrowed(&there);
        let mut joined = here.join(there, by_asker);
        if widens && let What::Query(query) = &mut joined.what {
            Rc::make_mut(query).widened_by(tests);
        }
        joined
    }

    /// Two paths meet: the frame's names and `other`'s. What was only set to something plain comes
    /// from the conditions that chose the path.
    pub(super) fn meet(frame: &mut Frame<'a>, other: &Env, tests: &[Test]) {
        if frame.env.is_untouched(other) {
            return;
        }
        let by_asker = tests.iter().any(Test::asks_who);
        for (name, there) in other.iter() {
            let Some(here) = frame.env.get(*name) else {
                frame.env.insert(*name, there.clone());
                continue;
            };
            if here == there {
                continue;
            }
            let plain = here.is_constant() || there.is_constant();
            let mut joined = Self::joined(here.clone(), there.clone(), by_asker, tests);
            if plain {
                for test in tests {
                    joined.from.merge(&test.from);
                }
            }
            frame.env.insert(*name, joined);
        }
    }

    fn matching(&mut self, frame: &mut Frame<'a>, at: u32) -> Flow {
        let Some(parts) = frame.code.match_parts(at) else { return Flow::Falls };
        self.eval(frame, parts.subject);
        let before = frame.env.clone();
        for (_, guard, block) in &parts.cases {
            let after = std::mem::replace(&mut frame.env, before.clone());
            if let Some(guard) = guard {
                self.tests(frame, *guard);
            }
            self.block(frame, *block);
            Self::meet(frame, &after, &[]);
        }
        Flow::Falls
    }

    /// Binds a target.
    pub(super) fn assign(&mut self, frame: &mut Frame<'a>, target: ExprId, value: Value) {
        match frame.code.expr(target) {
            Expr::Name(name) => {
                frame.env.insert(name, value);
            }
            Expr::Starred(inner) => self.assign(frame, inner, Value::of(value.from)),
            Expr::Tuple(list) | Expr::List(list) => {
                for (at, element) in frame.code.exprs(list).iter().enumerate() {
                    let one = match &value.what {
                        What::Tuple(values) => values.get(at).cloned(),
                        _ => None,
                    };
                    let one = one.unwrap_or_else(|| Value::of(value.from.clone()));
                    self.assign(frame, *element, one);
                }
            }
            Expr::Attribute(base, name) => {
                let name = self.shared_text(frame, name);
                self.assign_attribute(frame, base, &name, value);
            }
            Expr::Subscript(base, key) => {
                self.escape(&value);
                self.set_entry(frame, base, key, &value);
            }
            _ => {
                self.escape(&value);
            }
        }
    }

    fn assign_attribute(
        &mut self,
        frame: &mut Frame<'a>,
        base: ExprId,
        name: &Arc<str>,
        value: Value,
    ) {
        let holder = self.eval(frame, base);
        match holder.what {
            What::This => {
                self.show(&value);
                self.heap.insert(Arc::clone(name), value);
            }
            What::New(new) => {
                let mut new = New::clone(&new);
                new.values.push((Arc::clone(name), value));
                let new = Value { what: What::New(Rc::new(new)), from: holder.from };
                self.replace(frame, base, new);
            }
            What::Row(row) => {
                self.escape(&value);
                self.set_on_row(&row.links, name, &value);
            }
            _ => {
                self.escape(&value);
            }
        }
    }

    /// Puts a changed object back where it was read from.
    pub(super) fn replace(&mut self, frame: &mut Frame<'a>, at: ExprId, value: Value) {
        match frame.code.expr(at) {
            Expr::Name(name) => {
                frame.env.insert(name, value);
            }
            Expr::Attribute(base, name) => {
                let holder = self.eval(frame, base);
                match holder.what {
                    What::This => {
                        let name = self.shared_text(frame, name);
                        self.show(&value);
                        self.heap.insert(name, value);
                    }
                    What::Form(form) if frame.code.text(name) == "instance" => {
                        let mut form = super::value::Form::clone(&form);
                        form.instance = Some(value);
                        let what = What::Form(Rc::new(form));
                        self.replace(frame, base, Value { what, from: holder.from });
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

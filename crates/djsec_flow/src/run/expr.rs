//! Running expressions.

use std::sync::Arc;

use djsec_python::code::{ComprehensionKind, Expr, ExprId, List, Operator, Symbol};
use djsec_python::{BindingKind, QualifiedName};

use super::amounts::{numbers, written_out};
use super::call::is_class_name;
use super::construct::made_outside;
use super::containers::MOST_PLACES;
use super::containers::{is_queue, plus, updated};
use super::prefix::concatenated;
use super::records::is_tuple_maker;
use super::secrets::names_only;
use super::sets::in_both;
use super::{Run, is_request};
use crate::catalog::last;
use crate::taint::Taint;
use crate::value::{ANY, KEYS, LAST, Value, What};
use crate::{Grade, Kind, Kinds};

impl Run<'_, '_> {
    /// What an expression gives.
    pub(super) fn eval(&mut self, id: ExprId) -> Value {
        if !self.step() {
            return Value::default();
        }
        self.depth += 1;
        let value = match self.code.expr(id) {
            Expr::Name(name) => self.name(name),
            Expr::Attribute(base, name) => {
                let base_value = self.eval(base);
                let place = self.place(id);
                let value = self.attribute(&base_value, self.code.text(name), place, id);
                self.as_learnt(id, value)
            }
            Expr::Call(callee, arguments) => {
                let value = self.call(id, callee, arguments);
                let value = self.masked(callee, value);
                self.as_learnt(id, value)
            }
            Expr::Subscript(base, index) => {
                let value = self.subscript(id, base, index);
                self.as_learnt(id, value)
            }
            Expr::Str(text) => Value::text(self.code.text(text)),
            Expr::Bool(value) => Value::of(What::Bool(value)),
            Expr::Binary(left, operator, right) => self.binary(left, operator, right),
            Expr::Conditional { test, then, otherwise } => self.conditional(test, then, otherwise),
            other => self.rare(id, other),
        };
        self.depth -= 1;
        self.told_by_name(value, id)
    }

    fn rare(&mut self, id: ExprId, expr: Expr) -> Value {
        match expr {
            Expr::Format(list) => {
                let values = self.texts(list);
                if self.compared != Some(id) {
                    self.into_host(&values, self.code.exprs(list));
                }
                written_out(&concatenated(&values))
            }
            Expr::List(list) | Expr::Tuple(list) => self.display(list),
            Expr::Set(list) => Value { what: What::Set, ..self.display(list) },
            Expr::Dict(entries) => self.dict(entries),
            Expr::And(list) | Expr::Or(list) => self.either(id, list),
            Expr::Not(_) | Expr::Compare(..) => {
                let facts = self.test(id);
                if facts.is_empty() {
                    Value::default()
                } else {
                    Value::of(What::Check(Arc::new(facts)))
                }
            }
            Expr::Unary(inner) => {
                let value = self.eval(inner);
                numbers(&[value])
            }
            Expr::Await(inner) | Expr::Starred(inner) => self.eval(inner),
            Expr::Yield(inner) => self.yields(inner),
            Expr::YieldFrom(inner) => self.yields_from(inner),
            Expr::Walrus(target, value) => {
                let value = self.eval(value);
                self.assign(target, value.clone());
                if let Expr::Name(name) = self.code.expr(target) {
                    self.walrus.push((name, value.clone()));
                }
                value
            }
            Expr::Lambda(function) => {
                self.inside(function);
                Value::of(What::Function(self.module, function))
            }
            Expr::Comprehension(at) => self.comprehension(at),
            Expr::Slice(list) => {
                self.all(list);
                Value::default()
            }
            _ => Value::default(),
        }
    }

    fn all(&mut self, list: List) -> Vec<Value> {
        let code = self.code;
        code.exprs(list).iter().map(|id| self.eval(*id)).collect()
    }

    /// The parts of a text that is put together.
    fn texts(&mut self, list: List) -> Vec<Value> {
        let code = self.code;
        let values = code.exprs(list).iter().map(|id| {
            let value = self.eval(*id);
            self.as_formatted(value, self.place(*id))
        });
        values.collect()
    }

    fn name(&mut self, name: Symbol) -> Value {
        if let Some(known) = self.env.get(name) {
            return known.cloned().unwrap_or_default();
        }
        if let Some(object) = self.object_around(name) {
            return object;
        }
        let text = self.code.text(name);
        let found = self.world.program.resolve(self.module, text);
        self.global(found)
    }

    /// What a name of a module stands for, with what functions put there.
    pub(super) fn global(&mut self, name: QualifiedName) -> Value {
        let kept = self.kept_global(&name);
        let mut value = self.constant(name);
        if let Some(kept) = kept {
            value.join(&kept);
        }
        value
    }

    fn constant(&mut self, name: QualifiedName) -> Value {
        let QualifiedName::Project(module, _) = &name else {
            return match name {
                QualifiedName::Unknown => Value::default(),
                QualifiedName::External(name) => match separator(&name) {
                    Some(text) => Value::text(text),
                    None => Value::of(What::Name(QualifiedName::External(name))),
                },
                name => Value::of(What::Name(name)),
            };
        };
        match self.world.program.binding(&name).map(|binding| &binding.kind) {
            Some(BindingKind::Class(_) | BindingKind::Function(_)) => Value::of(What::Name(name)),
            Some(BindingKind::Text(text)) => Value::text(text),
            Some(BindingKind::Call(callee)) => {
                let called = self.world.program.resolve(*module, callee);
                if is_tuple_maker(&called) {
                    return Value::of(What::Name(name));
                }
                if let Some(holder) = Self::holder(&called, &name) {
                    return holder;
                }
                if let Some(later) = self.world.globals.table(&name) {
                    return later.clone();
                }
                let value = self.made_by(&called);
                let made = self.world.globals.made(&name);
                let Some((made, code)) = made.zip(self.world.program.code(*module)) else {
                    return value;
                };
                let formset = self.formset_of(*module, code, made);
                formset.unwrap_or_else(|| made_outside(value, code, made))
            }
            _ if self.world.program.class_code(&name).is_some()
                || self.world.program.function_code(&name).is_some() =>
            {
                Value::of(What::Name(name))
            }
            _ => self.world.globals.table(&name).cloned().unwrap_or_default(),
        }
    }

    /// What a call at module level gives: `logger = logging.getLogger(__name__)`.
    pub(super) fn made_by(&mut self, called: &QualifiedName) -> Value {
        match called {
            QualifiedName::External(name) if &**name == "django.contrib.auth.get_user_model" => {
                Value::of(What::Name(self.user_model()))
            }
            QualifiedName::External(name)
                if matches!(&**name, "builtins.set" | "builtins.frozenset") =>
            {
                Value::of(What::Set)
            }
            QualifiedName::External(name) if is_queue(name) => Value::default(),
            QualifiedName::External(name) => {
                let canonical = self.world.hierarchy.canonical(called);
                let gives =
                    self.known_calls(name, &canonical).find_map(|model| model.gives.clone());
                match gives {
                    Some(class) => Value::instance(&class),
                    None if is_class_name(last(name)) => Value::of(What::Instance(canonical)),
                    None => Value::default(),
                }
            }
            QualifiedName::Project(..) if self.world.program.class_code(called).is_some() => {
                self.exact(Value::of(What::Instance(called.clone())))
            }
            _ => Value::default(),
        }
    }

    /// The user model.
    pub(super) fn user_model(&self) -> QualifiedName {
        let django = || QualifiedName::External(Arc::from("django.contrib.auth.models.User"));
        self.world.models.user.clone().unwrap_or_else(django)
    }

    fn display(&mut self, list: List) -> Value {
        let code = self.code;
        let mut value = Value::default();
        for (at, id) in code.exprs(list).iter().enumerate() {
            let one = self.eval(*id);
            if matches!(code.expr(*id), Expr::Starred(_)) {
                let mut any = value.field(ANY);
                any.join(&self.element(&one));
                value = value.with_field(ANY, any);
            } else if !one.is_plain() || at < MOST_PLACES {
                value = value.with_field(&format!("[{at}]"), one);
            }
        }
        value
    }

    fn dict(&mut self, entries: List) -> Value {
        let code = self.code;
        let mut value = Value::default();
        for (key, entry) in code.entries(entries) {
            let one = self.eval(*entry);
            let Some(key) = key else {
                if value.is_plain() {
                    value.join(&one);
                } else {
                    value = updated(value, &one);
                }
                continue;
            };
            let name = self.eval(*key);
            value = with_key(value, &name.taint);
            self.into_item(&Value::default(), &name, &one, *entry);
            // What is harmless is kept under its name, too: where another mapping is joined with this one, or
            // this updates one, that name is known to hold nothing else.
            match name.as_text() {
                Some(key) => {
                    let one = self.set_under(key, one, *entry);
                    value = value.with_field(&format!("[{key}]"), one);
                }
                None if one.is_plain() => {}
                None => value = value.with_field(ANY, one),
            }
        }
        value
    }

    fn either(&mut self, id: ExprId, list: List) -> Value {
        let code = self.code;
        let before = self.env.clone();
        let mut joined: Option<Value> = None;
        let is_and = matches!(code.expr(id), Expr::And(_));
        let facts = self.test_parts(
            list,
            |run, operand| {
                let value = run.eval(operand);
                match &mut joined {
                    Some(joined) => joined.join(&value),
                    None => joined = Some(value),
                }
            },
            is_and,
        );
        self.env.join(&before);
        let mut value = joined.unwrap_or_default();
        if value.is_plain() && !facts.is_empty() {
            value.what = What::Check(Arc::new(facts));
        }
        value
    }

    fn conditional(&mut self, test: ExprId, then: ExprId, otherwise: ExprId) -> Value {
        let facts = self.test(test);
        let before = self.env.clone();
        self.hold(&facts, true);
        let value = self.eval(then);
        let mut value = self.given_under(test, true, value);
        self.env = before.clone();
        self.hold(&facts, false);
        let other = self.eval(otherwise);
        let other = self.given_under(test, false, other);
        self.env = before;
        value.join(&other);
        value
    }

    fn binary(&mut self, left: ExprId, operator: Operator, right: ExprId) -> Value {
        match operator {
            Operator::Add => return self.sum(left, right),
            Operator::Sub => return self.difference(left, right),
            _ => {}
        }
        let mut value = self.eval(left);
        let other = self.eval(right);
        if let Some(given) = self.own_operator(operator, (&value, left), (&other, right)) {
            return given;
        }
        match operator {
            // `BASE / name` of a path is a path.
            Operator::Div => {
                let texts = value.as_text().or(other.as_text()).is_some();
                let path = || What::Instance(QualifiedName::External(Arc::from("pathlib.Path")));
                let what = match value.what {
                    // Only paths are put together with texts like this.
                    What::Unknown | What::Text(_) if texts || is_free(&other) => path(),
                    // `settings.MEDIA_ROOT / name`
                    What::Name(QualifiedName::External(name))
                        if name.starts_with("django.conf.settings.") =>
                    {
                        path()
                    }
                    what => what,
                };
                let mut taint = Value { what: What::Unknown, ..value }.whole();
                // What stands in a folder begins with that.
                taint.merge(&other.whole().sanitized(Kinds::just(Kind::Option)));
                Value { what, taint, fields: None }
            }
            Operator::BitAnd if let Some(both) = in_both(&value, &other) => both,
            Operator::BitOr if value.is_mapping() && other.is_mapping() => updated(value, &other),
            Operator::Add | Operator::Sub | Operator::BitOr | Operator::BitAnd => {
                value.join(&other);
                value
            }
            Operator::Mod => self.percent(&value, right, &other),
            Operator::Mult => self.product((left, &value), (right, &other)),
            Operator::Power => self.power((left, &value), (right, &other)),
            Operator::Other => numbers(&[value, other]),
        }
    }

    /// `a + b + c`: texts one after the other, or lists.
    fn sum(&mut self, left: ExprId, right: ExprId) -> Value {
        let mut operands = vec![right];
        let mut at = left;
        while let Expr::Binary(inner, Operator::Add, last) = self.code.expr(at) {
            if operands.len() > 200 {
                break;
            }
            operands.push(last);
            at = inner;
        }
        operands.push(at);
        operands.reverse();
        let values: Vec<Value> = operands.iter().map(|operand| self.eval(*operand)).collect();
        let own = |run: &Self, value: &Value| run.has_own(value, "__add__");
        if values.iter().any(|value| own(self, value)) {
            let mut all = values.into_iter().zip(operands);
            let Some((mut sum, first)) = all.next() else { return Value::default() };
            for (value, operand) in all {
                let given = self.own_operator(Operator::Add, (&sum, first), (&value, operand));
                sum = given.unwrap_or_else(|| concatenated(&[sum, value]));
            }
            return sum;
        }
        let is_text = |value: &Value| value.as_text().is_some();
        let holds = |value: &Value| value.fields.is_some() || matches!(value.what, What::Query(_));
        if !values.iter().any(is_text) && values.iter().any(holds) {
            return values.into_iter().reduce(|sum, value| plus(sum, &value)).unwrap_or_default();
        }
        if values.iter().any(is_text) {
            self.into_host(&values, &operands);
            return written_out(&concatenated(&values));
        }
        concatenated(&values)
    }

    fn subscript(&mut self, id: ExprId, base: ExprId, index: ExprId) -> Value {
        let value = self.eval(base);
        let at = self.eval(index);
        if let Some(found) = self.request_item(&value, &at, id) {
            return found;
        }
        let known = self.engine(&value, &at).or_else(|| self.modelled_item(&value));
        if let Some(known) = known {
            return known;
        }
        if let Some(found) = self.own_item((&value, base), (at.clone(), index), id) {
            return found;
        }
        if let Expr::Slice(bounds) = self.code.expr(index)
            && let Some(rest) = self.words_from(&value, bounds)
        {
            return rest;
        }
        match (&value.what, self.code.expr(index)) {
            (What::Query(_), Expr::Slice(bounds)) => {
                self.into_rows(index, bounds);
                return value;
            }
            (What::Query(model), _) => return row(&value, model),
            (_, Expr::Slice(bounds)) if self.is_long(bounds) => return value,
            // A few letters of a secret are none.
            (_, Expr::Slice(_)) => return value.untold(),
            (What::Name(class), _) if self.is_enum(class) => {
                return Value::of(What::Instance(class.clone()));
            }
            _ => {}
        }
        let mut found = match (at.as_text(), self.code.expr(index)) {
            (Some(key), _) => value.field(&format!("[{key}]")),
            (None, Expr::Int(number)) if number >= 0 => value.field(&format!("[{number}]")),
            (None, Expr::Int(-1)) if let Some(last) = value.known_field(LAST) => last.clone(),
            _ => value.field(ANY),
        };
        if found.what == What::Unknown && at.as_text().is_some_and(|key| &**key == "request") {
            // `self.context["request"]` of a serializer.
            found = Value::instance(super::REQUEST);
        }
        if found.what == What::Unknown && matches!(value.what, What::Address(_)) {
            found.what = value.what;
        }
        if found.taint.is_just_shown() {
            found.taint = found.taint.of_part();
        }
        found
    }

    /// What one turn over an expression gives: of a request a line of its body.
    pub(super) fn turn(&mut self, all: &Value, iterable: ExprId) -> Value {
        if is_request(&all.what) {
            let place = self.place(iterable);
            return Value::tainted(Taint::source(place, Grade::Remote, &self.words(iterable)));
        }
        self.element(all)
    }

    /// What one turn over a value gives: of a mapping its keys.
    pub(super) fn element(&mut self, value: &Value) -> Value {
        let of_keys =
            !matches!(value.what, What::Query(_) | What::Instance(QualifiedName::Project(..)));
        let mut one =
            if of_keys && value.is_mapping() { value.field(KEYS) } else { self.entry(value) };
        if one.taint.is_just_shown() {
            one.taint = one.taint.of_part();
        }
        one
    }

    /// What stands in a value under one of its keys or places.
    pub(super) fn entry(&mut self, value: &Value) -> Value {
        match &value.what {
            What::Query(model) => row(value, model),
            What::Instance(QualifiedName::Project(..)) => {
                let items = self.own_items(value);
                items.unwrap_or_else(|| value.clone()).field(ANY)
            }
            What::Address(_) => Value { what: value.what.clone(), ..value.field(ANY) },
            // Mappings are gone through by their names.
            what if names_only(what) => value.field(ANY).untold(),
            _ => {
                let mut one = value.field(ANY);
                if one.what == What::Unknown
                    && let Some(only) = only_kind(value)
                {
                    one.what = only;
                }
                one
            }
        }
    }

    fn comprehension(&mut self, at: u32) -> Value {
        let code = self.code;
        let Some(comprehension) = code.comprehension(at) else { return Value::default() };
        let before = self.env.clone();
        for (target, iterable, conditions) in &comprehension.clauses {
            let all = self.eval(*iterable);
            let one = self.turn(&all, *iterable);
            self.assign(*target, one);
            if !conditions.is_empty() {
                self.leaves_out(*target);
            }
            for condition in code.exprs(*conditions) {
                let facts = self.test(*condition);
                self.hold(&facts, true);
            }
        }
        let elements = self.all(comprehension.element);
        self.env = before;
        let mut value = Value::default();
        if comprehension.kind == ComprehensionKind::Dict
            && let Some(key) = elements.first()
        {
            value = with_key(value, &key.whole());
        }
        match elements.into_iter().next_back() {
            Some(one) if !one.is_plain() => {
                value = value.with_field(ANY, one);
                if comprehension.kind == ComprehensionKind::Dict && !value.is_mapping() {
                    value = value.with_field(KEYS, Value::default());
                }
            }
            _ => {}
        }
        if comprehension.kind == ComprehensionKind::Set {
            value.what = What::Set;
        }
        value
    }
}

/// The texts that the standard library has names for.
pub(super) fn separator(name: &str) -> Option<&'static str> {
    match name {
        "os.sep" | "os.path.sep" => Some("/"),
        "os.pardir" | "os.path.pardir" => Some(".."),
        "os.linesep" => Some("\n"),
        _ => None,
    }
}

/// Whether a value holds texts from outside, and no numbers.
fn is_free(value: &Value) -> bool {
    let labels = value.taint.labels();
    !labels.is_empty() && labels.iter().all(|label| !label.safe.holds(Kinds::NUMBER))
}

/// One row of a query: an instance of its model, or what `values()` made of it.
pub(super) fn row(query: &Value, model: &QualifiedName) -> Value {
    let made = query.known_field(ANY).cloned();
    made.unwrap_or_else(|| Value::of(What::Instance(model.clone())))
}

/// A mapping with one more key that is chosen from outside.
pub(super) fn with_key(value: Value, key: &Taint) -> Value {
    if key.is_empty() {
        return value;
    }
    let mut keys = value.field(KEYS);
    keys.taint.merge(key);
    value.with_field(KEYS, keys)
}

/// Everything that is in some values.
pub(super) fn union(values: &[Value]) -> Taint {
    let mut all = Taint::default();
    for value in values {
        all.merge(&value.whole());
    }
    all
}

/// What all items of a list are, if they are the same.
fn only_kind(value: &Value) -> Option<What> {
    let fields = value.fields.as_ref()?;
    let mut items = fields.iter().filter(|(name, _)| name.starts_with('['));
    let first = items.next()?.1.what.clone();
    items.all(|(_, item)| item.what == first).then_some(first)
}

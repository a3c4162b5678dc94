//! Running expressions.

use std::rc::Rc;
use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, List, Operator, Symbol};

use super::Operation;
use super::class::Member;
use super::drf::{is_of_classes, with_classes};
use super::run::{Frame, Framework, Run};
use super::schema::pair;
use super::sent::{changed, header_name, part};
use super::value::{Link, Origin, Origins, Row, Source, Value, What};

impl<'a> Run<'a> {
    /// What an expression gives.
    pub(super) fn eval(&mut self, frame: &mut Frame<'a>, id: ExprId) -> Value {
        if !self.step() {
            return Value::other();
        }
        match frame.code.expr(id) {
            Expr::Name(name) => self.name(frame, name),
            Expr::Attribute(base, name) => {
                let base = self.eval(frame, base);
                let place = self.place(frame, id);
                self.attribute(&base, frame.code.text(name), place)
            }
            Expr::Call(callee, arguments) => self.call(frame, id, callee, arguments),
            Expr::Subscript(base, index) => self.subscript(frame, id, base, index),
            Expr::Str(text) => Value {
                what: What::Text(self.shared_text(frame, text)),
                from: Origins::from(Origin::Constant),
            },
            Expr::Bytes | Expr::Int(_) | Expr::Float(_) | Expr::Ellipsis => Value::constant(),
            Expr::Bool(value) => {
                Value { what: What::Bool(value), from: Origins::from(Origin::Constant) }
            }
            Expr::None => Value::new(What::None),
            Expr::Tuple(list) | Expr::List(list) | Expr::Set(list) => {
                let values = self.all(frame, list);
                let from = union(&values);
                Value { what: What::Tuple(Rc::new(values)), from }
            }
            Expr::Dict(entries) => self.dict(frame, entries),
            Expr::Binary(left, operator, right) => self.binary(frame, left, operator, right),
            Expr::Conditional { test, then, otherwise } => {
                let tests = self.tests(frame, test);
                self.note(&tests, false, None);
                for test in &tests {
                    self.decided(test, false);
                }
                let by_asker = tests.iter().any(super::conditions::Test::asks_who);
                let mark = self.conditions.len();
                self.conditions.extend(tests);
                let then = self.eval(frame, then);
                self.turn(mark);
                let otherwise = self.eval(frame, otherwise);
                let tests = self.conditions.split_off(mark.min(self.conditions.len()));
                Self::joined(then, otherwise, by_asker, &tests)
            }
            other => self.rare(frame, other),
        }
    }

    fn rare(&mut self, frame: &mut Frame<'a>, expr: Expr) -> Value {
        match expr {
            Expr::And(list) | Expr::Or(list) => {
                let values = self.all(frame, list);
                values.into_iter().reduce(|a, b| a.join(b, false)).unwrap_or_default()
            }
            Expr::Not(inner) | Expr::Unary(inner) => {
                let value = self.eval(frame, inner);
                let row = self.listed(&value).map(Origin::Row);
                let mut from = value.from;
                from.extend(row);
                Value::of(from)
            }
            Expr::Compare(left, rest) => {
                let mut from = self.eval(frame, left).from;
                let mut secret = secret(frame, left);
                for (_, right) in frame.code.comparisons(rest) {
                    from.merge(&self.eval(frame, *right).from);
                    secret |= self::secret(frame, *right);
                }
                if secret && from.iter().any(|origin| matches!(origin, Origin::Row(_))) {
                    from.insert(Origin::Proof);
                }
                Value::of(from)
            }
            Expr::Format(list) | Expr::Slice(list) => {
                let values = self.all(frame, list);
                Value::of(union(&values))
            }
            Expr::Await(inner) | Expr::Starred(inner) | Expr::YieldFrom(inner) => {
                self.eval(frame, inner)
            }
            Expr::Yield(inner) => {
                let value = inner.map(|inner| self.eval(frame, inner)).unwrap_or_default();
                self.escape(&value);
                frame.returned = Some(Value::of(value.from));
                Value::other()
            }
            Expr::Walrus(target, value) => {
                let value = self.eval(frame, value);
                self.assign(frame, target, value.clone());
                value
            }
            Expr::Lambda(function) => {
                let around = self.around(frame);
                Value::new(What::Function(frame.module, function, around))
            }
            Expr::Comprehension(at) => self.comprehension(frame, at),
            _ => Value::other(),
        }
    }

    pub(super) fn all(&mut self, frame: &mut Frame<'a>, list: List) -> Vec<Value> {
        frame.code.exprs(list).iter().map(|id| self.eval(frame, *id)).collect()
    }

    fn name(&mut self, frame: &Frame<'a>, name: Symbol) -> Value {
        if let Some(value) = frame.env.get(name) {
            return value.clone();
        }
        let key = (frame.module, name);
        if let Some(known) = self.names.get(&key) {
            return known.clone();
        }
        let found = self.world.program.resolve(frame.module, frame.code.text(name));
        let value = self.global(found);
        self.names.insert(key, value.clone());
        value
    }

    /// What a name of a module stands for.
    pub(super) fn global(&mut self, name: QualifiedName) -> Value {
        use djsec_python::BindingKind as Kind;
        if let QualifiedName::Project(module, _) = &name {
            match self.world.program.binding(&name).map(|binding| &binding.kind) {
                Some(Kind::Class(_) | Kind::Function(_)) => {}
                Some(Kind::Call(callee)) => {
                    let called = self.world.program.resolve(*module, callee);
                    if called.is_external("django.contrib.auth.get_user_model") {
                        return Value::new(What::Name(self.user_model()));
                    }
                    return Value::other();
                }
                Some(Kind::Text(text)) => {
                    return Value {
                        what: What::Text(Arc::from(&**text)),
                        from: Origins::from(Origin::Constant),
                    };
                }
                Some(_) => return Value::constant(),
                None => return Value::other(),
            }
        }
        match name {
            QualifiedName::Unknown => Value::other(),
            name => Value::new(What::Name(name)),
        }
    }

    /// The user model.
    pub(super) fn user_model(&self) -> QualifiedName {
        let django = || QualifiedName::External(Arc::from("django.contrib.auth.models.User"));
        self.world.models.user.clone().unwrap_or_else(django)
    }

    /// Who asks.
    pub(super) fn asker(&self) -> Value {
        let row = Row { model: self.user_model(), links: vec![Link::Asker] };
        Value { what: What::Row(Rc::new(row)), from: Origins::from(Origin::User) }
    }

    fn dict(&mut self, frame: &mut Frame<'a>, entries: List) -> Value {
        let mut known = Vec::new();
        let mut from = Origins::new();
        for (key, value) in frame.code.entries(entries) {
            let value = self.eval(frame, *value);
            self.escape(&value);
            from.merge(&value.from);
            match (key, &value.what) {
                (Some(key), _) => {
                    let name = self.key(frame, *key);
                    // Whatever the look-up is called: it ties rows to who asks.
                    let own =
                        || value.from.contains(&Origin::User).then(|| Arc::from("a condition"));
                    known.extend(name.or_else(own).map(|name| (name, value)));
                }
                // `{**data, "owner": request.user}`
                (None, What::Dict(more)) => known.extend(more.iter().cloned()),
                _ => {}
            }
        }
        Value { what: What::Dict(Rc::new(known)), from }
    }

    /// The text of a key, also where an attribute or a name holds it: `{self.scope_field: …}`.
    fn key(&mut self, frame: &mut Frame<'a>, key: ExprId) -> Option<Arc<str>> {
        match self.eval(frame, key).what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    fn binary(
        &mut self,
        frame: &mut Frame<'a>,
        left_id: ExprId,
        operator: Operator,
        right_id: ExprId,
    ) -> Value {
        let (left, right) = (self.eval(frame, left_id), self.eval(frame, right_id));
        let merging = matches!(operator, Operator::BitOr | Operator::BitAnd);
        let from = left.clone().with(&right.from).from;
        let what = match (&left.what, &right.what) {
            (What::Lookups(a), What::Lookups(b)) if merging => {
                What::Lookups(Rc::new(a.iter().chain(&**b).cloned().collect()))
            }
            (
                What::Name(_) | What::Tuple(_) | What::AnyOf(_),
                What::Name(_) | What::Tuple(_) | What::AnyOf(_),
            ) if merging => {
                let both = Rc::new(vec![left, right]);
                if operator == Operator::BitOr { What::AnyOf(both) } else { What::Tuple(both) }
            }
            (What::Tuple(_), What::Tuple(_)) if operator == Operator::Add => {
                match with_classes(&left, std::slice::from_ref(&right)) {
                    Some(longer) => longer.what,
                    None => What::Unknown,
                }
            }
            (What::Query(_), What::Query(_)) if merging => {
                return left.join(right, operator == Operator::BitAnd);
            }
            // `int(request.POST["count"]) * PRICE`: what the source says counts, too. `F("balance") - amount`: so
            // does what the row has already.
            _ if is_of_source(frame, &left, left_id)
                || is_of_source(frame, &right, right_id)
                || is_of_row(frame, left_id)
                || is_of_row(frame, right_id) =>
            {
                return changed(Value::of(from));
            }
            _ => What::Unknown,
        };
        Value { what, from }
    }

    fn subscript(
        &mut self,
        frame: &mut Frame<'a>,
        id: ExprId,
        base: ExprId,
        index: ExprId,
    ) -> Value {
        let value = self.eval(frame, base);
        let at = self.eval(frame, index);
        match (&value.what, frame.code.expr(index)) {
            (What::Mapping(source), _) => Self::mapping_entry(*source, &at),
            (What::Cleaned(form), _) => self.cleaned(form, &at),
            // `info.context["request"]`
            (What::Request, Expr::Str(name)) if self.is_of(Framework::Graphql) => {
                self.request(frame.code.text(name))
            }
            (What::Query(_), Expr::Slice(_)) => value,
            (What::Query(query), Expr::Int(_)) => {
                let place = self.place(frame, id);
                self.fetched(&Rc::clone(query), place, true)
            }
            (What::Tuple(values), Expr::Int(at)) => usize::try_from(at)
                .ok()
                .and_then(|at| values.get(at).cloned())
                .unwrap_or_else(|| Value::of(value.from.clone())),
            (What::Dict(entries), Expr::Str(name)) => entries
                .iter()
                .rfind(|(key, _)| **key == *frame.code.text(name))
                .map_or_else(|| Value::of(value.from.clone()), |(_, value)| value.clone()),
            // Which of those in the source is chosen: `PRICES[request.POST["size"]]`.
            _ if value.is_constant() && !value.from.is_empty() => Value::constant(),
            _ => match &at.what {
                What::Text(name) => Value::of(part(&value.from, name)).with(&at.from),
                _ => Value::of(value.with(&at.from).from),
            },
        }
    }

    /// What a form or serializer has made of a field.
    pub(super) fn cleaned(&self, form: &QualifiedName, field: &Value) -> Value {
        let mut value = Self::mapping_entry(Source::Body, field);
        if let What::Text(name) = &field.what {
            // `clean_tags()` that gives the rows of those names, of who is given to the form.
            if let Member::Method(method) = self.member(form, &["clean_", name].concat(), None)
                && method.gives_other()
            {
                return Value::other();
            }
            value.from.insert(Origin::Field(Rc::new((form.clone(), Arc::clone(name)))));
        }
        value
    }

    /// An entry of a mapping of the request.
    pub(super) fn mapping_entry(source: Source, key: &Value) -> Value {
        let name = match &key.what {
            What::Text(name) => Some(Arc::clone(name)),
            _ => None,
        };
        Value::from(match (source, name) {
            (Source::Query, name) => Origin::Query(name),
            (Source::Body, name) => Origin::Body(name),
            (Source::Kwargs, Some(name)) => Origin::Url(name),
            // Which one is not known, but one of the address.
            (Source::Kwargs, None) => Origin::Url(Arc::from("")),
            (Source::Headers, name) => Origin::Header(name),
            (Source::Cookies, name) => Origin::Cookie(name),
            (Source::Meta, Some(name)) if &*name == "REMOTE_USER" => Origin::User,
            (Source::Meta, Some(name)) => match header_name(&name) {
                Some(name) => Origin::Header(Some(Arc::from(name))),
                None => Origin::Other,
            },
            (Source::Meta, None) => Origin::Header(None),
        })
    }

    /// Fetches one row of a query.
    pub(super) fn fetched(
        &mut self,
        query: &super::value::Query,
        place: djsec_base::Span,
        raises: bool,
    ) -> Value {
        let at = self.record_query(query, Operation::Fetch, place, raises);
        let row = Row { model: query.model.clone(), links: vec![Link::Access(at)] };
        Value { what: What::Row(Rc::new(row)), from: Origins::from(Origin::Row(at)) }
    }

    /// What one turn over a value gives.
    pub(super) fn element(&mut self, value: &Value) -> Value {
        match &value.what {
            What::Query(query) => {
                let model = query.model.clone();
                match self.escape(value) {
                    Some(at) => Value {
                        what: What::Row(Rc::new(Row { model, links: vec![Link::Access(at)] })),
                        from: Origins::from(Origin::Row(at)),
                    },
                    None => Value::other(),
                }
            }
            What::Pairs(entries) => pair(entries),
            What::Tuple(values) => {
                let joined = values.iter().cloned().reduce(|a, b| a.join(b, false));
                joined.unwrap_or_else(|| Value::of(value.from.clone()))
            }
            _ => Value::of(value.from.clone()),
        }
    }

    fn comprehension(&mut self, frame: &mut Frame<'a>, at: u32) -> Value {
        let code = frame.code;
        let Some(comprehension) = code.comprehension(at) else { return Value::other() };
        let before = frame.env.clone();
        let mark = self.conditions.len();
        for (target, iterable, conditions) in &comprehension.clauses {
            let all = self.eval(frame, *iterable);
            if let (What::Tuple(classes), [_], []) =
                (&all.what, &*comprehension.clauses, code.exprs(*conditions))
                && !classes.is_empty()
                && is_of_classes(&all)
            {
                // `[permission() for permission in permissions]`
                let mut values = Vec::new();
                for class in classes.iter() {
                    self.assign(frame, *target, class.clone());
                    values.extend(self.all(frame, comprehension.element));
                }
                frame.env = before;
                let from = union(&values);
                return Value { what: What::Tuple(Rc::new(values)), from };
            }
            let one = self.element(&all);
            self.assign(frame, *target, one);
            for condition in code.exprs(*conditions) {
                let tests = self.tests(frame, *condition);
                self.note(&tests, true, None);
                self.conditions.extend(tests);
            }
        }
        let elements = self.all(frame, comprehension.element);
        self.conditions.truncate(mark);
        frame.env = before;
        Value::of(union(&elements))
    }
}

/// Everything that some values come from.
pub(super) fn union(values: &[Value]) -> Origins {
    let mut from = Origins::new();
    for value in values {
        from.merge(&value.from);
    }
    from
}

/// Whether an operand is a constant under a name, or a setting.
fn is_of_source(frame: &Frame<'_>, value: &Value, id: ExprId) -> bool {
    let named = matches!(frame.code.expr(id), Expr::Name(_) | Expr::Attribute(..));
    named && (value.is_constant() || matches!(value.what, What::Name(_)))
}

/// Whether an operand is what stands in a column of the row that is written: `F("balance")`.
fn is_of_row(frame: &Frame<'_>, id: ExprId) -> bool {
    let Some((callee, _)) = frame.code.call(id) else { return false };
    match frame.code.expr(callee) {
        Expr::Name(name) | Expr::Attribute(_, name) => frame.code.text(name) == "F",
        _ => false,
    }
}

/// Whether an expression reads an attribute that holds a secret, by its name.
fn secret(frame: &Frame<'_>, id: ExprId) -> bool {
    match frame.code.expr(id) {
        Expr::Attribute(_, name) => super::lookup::is_secret_name(frame.code.text(name)),
        _ => false,
    }
}

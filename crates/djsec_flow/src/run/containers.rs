//! What the containers and functions of `collections`, `itertools` and `queue` hold and give.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::higher::joined;
use super::response::is_response;
use super::secrets::listed;
use super::stmt::is_display;
use crate::args::{Args, Given};
use crate::value::{ANY, KEYS, Later, Value, What};

/// Makes the named tuples of a class that is made in a function, by the names of its fields.
const RECORD: &str = "djsec.record";

/// Queues, which hold what is put into them and say nothing else about it.
const QUEUES: &[&str] = &[
    "asyncio.Queue",
    "asyncio.queues.Queue",
    "collections.deque",
    "multiprocessing.Queue",
    "queue.LifoQueue",
    "queue.PriorityQueue",
    "queue.Queue",
    "queue.SimpleQueue",
];

/// Items of a list are kept apart up to here, also those of which nothing is known.
pub(super) const MOST_PLACES: usize = 32;

/// Whether something that is made by calling this holds what is put into it, and no more.
pub(super) fn is_queue(name: &str) -> bool {
    QUEUES.contains(&name)
}

impl Run<'_, '_> {
    /// Where the next item of a list stands of which every item is known: `command.append(url)`. How many turns of
    /// a loop have been taken is not known.
    pub(super) fn next_place(&self, list: &Value) -> Option<String> {
        if !self.loops.is_empty() || !is_display(list) {
            return None;
        }
        let mut places = (1..MOST_PLACES).map(|at| format!("[{at}]"));
        places.find(|place| list.known_field(place).is_none())
    }

    /// Calls one of them.
    pub(super) fn collected(&mut self, name: &str, args: &Args) -> Option<Value> {
        let first = args.positional.first().map(|given| given.value.clone());
        match name {
            _ if is_queue(name) => Some(first.map(|first| listed(&first)).unwrap_or_default()),
            "collections.OrderedDict" => Some(made_mapping(args)),
            // The first that has a key counts.
            "collections.ChainMap" if args.spread.is_empty() => {
                let all = args.positional.iter().rev();
                Some(all.fold(Value::default(), |all, given| updated(all, &given.value)))
            }
            "itertools.chain" => {
                let mut all: Vec<Value> =
                    args.positional.iter().map(|given| self.element(&given.value)).collect();
                for given in &args.spread {
                    let one = self.element(&given.value);
                    all.push(self.element(&one));
                }
                Some(list_of(joined(all.into_iter())))
            }
            "itertools.chain.from_iterable" => {
                let one = self.element(&first?);
                Some(list_of(self.element(&one)))
            }
            "itertools.islice" | "itertools.cycle" | "itertools.compress" => Some(listed(&first?)),
            "itertools.takewhile" | "itertools.dropwhile" | "itertools.filterfalse" => {
                Some(listed(&args.positional.get(1)?.value))
            }
            "itertools.zip_longest" if args.spread.is_empty() => {
                Some(list_of(self.row_of_each(args)))
            }
            "itertools.accumulate" if args.positional.len() == 1 => Some(listed(&first?)),
            "itertools.groupby" => {
                let one = self.element(&first?);
                let by = args.positional.get(1).or_else(|| args.keyword("key"));
                let key = match by {
                    Some(by) => {
                        let given = Given { value: one.clone(), expr: by.expr };
                        let args = Args { positional: vec![given], ..Args::default() };
                        self.invoke(&by.value.clone(), args, self.place(by.expr), by.expr)
                    }
                    None => one.clone(),
                };
                let pair = Value::default().with_field("[0]", key).with_field("[1]", list_of(one));
                Some(list_of(pair))
            }
            "itertools.pairwise" | "itertools.permutations" | "itertools.combinations" => {
                let one = self.element(&first?);
                Some(list_of(list_of(one)))
            }
            "collections.namedtuple" => record_class(args),
            RECORD => record_of(args),
            _ => None,
        }
    }

    /// `str.upper(text)`: the method of what stands first.
    pub(super) fn method_of_text(&mut self, name: &str, args: &Args, id: ExprId) -> Option<Value> {
        let method =
            name.strip_prefix("builtins.str.").or_else(|| name.strip_prefix("builtins.bytes."))?;
        if method == "maketrans" || args.positional.is_empty() {
            return None;
        }
        let mut args = args.clone();
        args.receiver = Some(args.positional.remove(0));
        let place = self.place(id);
        Some(self.method(method, &args, place, id))
    }
}

impl Run<'_, '_> {
    /// An item of an object of a package whose class says what that is: `book["Orders"]`, a sheet.
    pub(super) fn modelled_item(&self, on: &Value) -> Option<Value> {
        let What::Instance(class @ QualifiedName::External(_)) = &on.what else { return None };
        let given =
            self.models_of(class, "__getitem__").find_map(|model| model.gives.as_deref())?;
        Some(Value::instance(given))
    }
}

/// Under which name a writer says where what it writes into stands.
const INTO: &str = "=into";

impl Run<'_, '_> {
    /// A writer of tables that is made for something which holds what is written into it.
    pub(super) fn writer_into(&mut self, name: &str, args: &Args, value: Value) -> Value {
        let file =
            args.positional.first().filter(|_| matches!(name, "csv.writer" | "csv.DictWriter"));
        // What a response does with it is told where it is made.
        let Some(file) = file.filter(|file| !is_response(&file.value.what)) else { return value };
        if !matches!(self.code.expr(file.expr), Expr::Name(_) | Expr::Attribute(..)) {
            return value;
        }
        let place = self.place(file.expr);
        let key: Arc<str> = format!("{:?} {:?}", place.file, place.range).into();
        self.written_through.insert(Arc::clone(&key), file.expr);
        value.with_field(INTO, Value::text(&key))
    }

    /// A row that is written through one of these.
    pub(super) fn row_written(&mut self, name: &str, args: &Args) {
        if !matches!(name, "writerow" | "writerows") {
            return;
        }
        let into = args.receiver.as_ref().and_then(|on| on.value.known_field(INTO)?.as_text());
        let Some(file) = into.and_then(|key| self.written_through.get(key)).copied() else {
            return;
        };
        let taint = args.whole();
        if !taint.is_empty() {
            self.store(file, ANY, Value::tainted(taint), false);
        }
    }
}

/// One of the functions of `operator` that put two things together.
pub(super) fn put_together(name: &str, args: &Args) -> Option<Value> {
    let [one, other] = args.positional.as_slice() else { return None };
    let adds = matches!(name, "operator.add" | "operator.concat" | "operator.iadd");
    adds.then(|| plus(one.value.clone(), &other.value))
}

fn list_of(one: Value) -> Value {
    Value::default().with_field(ANY, one)
}

/// `dict(other, name=value)`, `dict([(key, value)])`.
pub(super) fn made_mapping(args: &Args) -> Value {
    let mut value = Value::default();
    for given in args.positional.iter().chain(&args.options) {
        value.join(&of_pairs(&given.value).unwrap_or_else(|| given.value.clone()));
    }
    for (key, given) in &args.keywords {
        value = value.with_field(&format!("[{key}]"), given.value.clone());
    }
    value.what = What::Unknown;
    value
}

/// The mapping that a list of pairs makes, if all that stands in it is known.
fn of_pairs(list: &Value) -> Option<Value> {
    let plain = list.taint.is_empty() && list.what == What::Unknown && !list.is_mapping();
    let items: Vec<&Value> = list.items().map(|(_, item)| item).collect();
    if !plain || items.is_empty() {
        return None;
    }
    let mut all = Value::default();
    for item in items {
        let key = item.known_field("[0]").filter(|_| item.taint.is_empty())?;
        let value = item.field("[1]");
        if let Some(text) = key.as_text().filter(|_| key.is_clean()) {
            all = all.with_field(&format!("[{text}]"), value);
            continue;
        }
        let (mut any, mut keys) = (all.field(ANY), all.field(KEYS));
        any.join(&value);
        keys.join(key);
        all = all.with_field(ANY, any).with_field(KEYS, keys);
    }
    Some(all)
}

/// `namedtuple("Point", "x y")` in a function.
fn record_class(args: &Args) -> Option<Value> {
    let names = args.positional.get(1).or_else(|| args.keyword("field_names"))?;
    let listed = (0..).map_while(|at| names.value.known_field(&format!("[{at}]")));
    let names: Vec<Arc<str>> = match names.value.as_text() {
        Some(text) => text.replace(',', " ").split_whitespace().map(Arc::from).collect(),
        None => listed.take(32).map(|name| name.as_text().cloned()).collect::<Option<_>>()?,
    };
    let text = Value::text(&names.join(" "));
    let names = Given { value: text, expr: ExprId::NOWHERE };
    let args = Args { positional: vec![names], ..Args::default() };
    let callee = Value::of(What::Name(QualifiedName::External(Arc::from(RECORD))));
    Some(Value::of(What::Later(Arc::new(Later { callee, methods: Vec::new(), args }))))
}

fn record_of(args: &Args) -> Option<Value> {
    let (names, given) = args.positional.split_first()?;
    let names = names.value.as_text()?;
    if !args.spread.is_empty() || !args.options.is_empty() {
        return None;
    }
    let all = names.split_whitespace().enumerate();
    Some(all.fold(Value::default(), |all, (at, name)| {
        let value = given.get(at).or_else(|| args.keyword(name));
        let value = value.map(|given| given.value.clone()).unwrap_or_default();
        // Under its place, too: a named tuple can be taken apart.
        all.with_field(&format!("[{at}]"), value.clone()).with_field(name, value)
    }))
}

/// One list after another, or the rows of both queries.
pub(super) fn plus(mut left: Value, right: &Value) -> Value {
    let listed = left.fields.is_some() && !matches!(left.what, What::Query(_));
    if !listed {
        left.join(right);
        return left;
    }
    // What stands in the second list stands behind what is in the first.
    let is_list = right.fields.is_some() && !right.is_mapping();
    let more = if is_list { right.field(ANY) } else { Value::tainted(right.whole()) };
    let any = match left.known_field(ANY) {
        Some(any) => joined([any.clone(), more].into_iter()),
        None => more,
    };
    if any.is_plain() { left } else { left.with_field(ANY, any) }
}

/// A mapping with what another one has: `values |= more`.
pub(super) fn updated(mut values: Value, more: &Value) -> Value {
    if !more.taint.is_empty() || more.known_field(ANY).is_some() {
        // What may stand under any key may stand under those that are known.
        let own = values.fields.clone();
        let other = |name: &&Arc<str>| name.starts_with('[') && more.known_field(name).is_none();
        for name in own.iter().flat_map(|fields| fields.keys()).filter(other) {
            let mut both = values.field(name);
            both.join(&more.field(name));
            values = values.with_field(name, both);
        }
    }
    for (name, value) in more.fields.iter().flat_map(|fields| fields.iter()) {
        let mut value = value.clone();
        if matches!(&**name, ANY | KEYS)
            && let Some(known) = values.known_field(name)
        {
            value.join(known);
        }
        values = values.with_field(name, value);
    }
    values.taint.merge(&more.taint);
    values
}

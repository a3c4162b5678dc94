//! Functions of `operator` and `functools`: those that are told first which item, attribute or method to take, and
//! later of what (`itemgetter("name")(row)`), and `reduce`.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::ExprId;

use super::Run;
use super::containers::put_together;
use crate::args::{Args, Given};
use crate::value::{Later, Value, What};

/// A call goes on with what it gave before at most this often.
const MOST_TURNS: usize = 3;

impl Run<'_, '_> {
    /// Calls one of them.
    pub(super) fn operator(&mut self, name: &str, args: &Args, id: ExprId) -> Option<Value> {
        let place = self.place(id);
        match name {
            "operator.itemgetter" => Some(taken_later("djsec.item", args)),
            "operator.attrgetter" => Some(taken_later("djsec.attribute", args)),
            "operator.methodcaller" => Some(taken_later("djsec.method", args)),
            "djsec.item" => self.taken(args, &|run, on, key| run.item_of(on, &key.value, id)),
            "djsec.attribute" => self.taken(args, &|run, on, name| {
                let name = name.value.as_text().cloned().unwrap_or_default();
                let parts = name.split('.').map(|part| (part, place));
                let one = |value, (part, place)| run.attribute(&value, part, place, on.expr);
                parts.fold(on.value.clone(), one)
            }),
            "djsec.method" => {
                let mut given = args.clone();
                given.receiver = given.positional.pop();
                if given.positional.is_empty() {
                    return None;
                }
                let name = given.positional.remove(0).value.as_text().cloned()?;
                Some(self.method(&name, &given, place, id))
            }
            "functools.reduce" => self.reduced(args, place, id),
            _ => put_together(name, args).or_else(|| self.method_of_text(name, args, id)),
        }
    }

    /// What is taken from the last argument, by those before it: one value, or several in their order.
    fn taken(
        &mut self,
        args: &Args,
        take: &dyn Fn(&mut Self, &Given, &Given) -> Value,
    ) -> Option<Value> {
        let (on, keys) = args.positional.split_last()?;
        if let [key] = keys {
            return Some(take(self, on, key));
        }
        let all = keys.iter().enumerate();
        Some(all.fold(Value::default(), |all, (at, key)| {
            let one = take(self, on, key);
            all.with_field(&format!("[{at}]"), one)
        }))
    }

    /// An item of something, where only the value of the key is known.
    fn item_of(&mut self, on: &Given, key: &Value, id: ExprId) -> Value {
        if let Some(found) = self.request_item(&on.value, key, id) {
            return found;
        }
        match key.as_text() {
            Some(key) => on.value.field(&format!("[{key}]")),
            None => self.element(&on.value),
        }
    }

    /// `reduce(function, values, first)`
    fn reduced(&mut self, args: &Args, place: Span, id: ExprId) -> Option<Value> {
        let callee = args.positional.first()?.value.clone();
        let of_project = match &callee.what {
            What::Function(..) => true,
            What::Name(QualifiedName::External(name)) => name.starts_with("operator."),
            What::Name(name) => matches!(name, QualifiedName::Project(..)),
            _ => false,
        };
        let values = args.positional.get(1).filter(|_| of_project)?;
        let one = Given { value: self.element(&values.value), expr: values.expr };
        let first = args.positional.get(2).unwrap_or(&one);
        let mut all = first.value.clone();
        for _ in 0..MOST_TURNS {
            let so_far = Given { value: all.clone(), expr: first.expr };
            let given = Args { positional: vec![so_far, one.clone()], ..Args::default() };
            let before = all.clone();
            all.join(&self.invoke(&callee, given, place, id));
            if all == before {
                break;
            }
        }
        Some(all)
    }
}

/// A function that will take something from what it is given.
fn taken_later(name: &str, args: &Args) -> Value {
    let callee = Value::of(What::Name(QualifiedName::External(Arc::from(name))));
    let args = Args { receiver: None, ..args.clone() };
    Value::of(What::Later(Arc::new(Later { callee, methods: Vec::new(), args })))
}

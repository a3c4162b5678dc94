//! What Python's own texts and containers do.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::ExprId;

use super::Run;
use super::call::{last, passed};
use crate::args::Args;
use crate::value::{ANY, Value, What};

/// Methods of texts whose result is as free as what they are called on.
const TEXT: &[&str] = &[
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "title",
    "capitalize",
    "casefold",
    "swapcase",
    "replace",
    "split",
    "rsplit",
    "splitlines",
    "partition",
    "rpartition",
    "join",
    "format",
    "format_map",
    "encode",
    "decode",
    "center",
    "ljust",
    "rjust",
    "zfill",
    "expandtabs",
    "translate",
    "removeprefix",
    "removesuffix",
    "read",
    "readline",
    "readlines",
    "getvalue",
    "group",
    "groups",
    "groupdict",
    "chunks",
    "items",
    "keys",
    "values",
    "copy",
    "json",
    "sub",
    "geturl",
    "_replace",
];

/// Methods whose result can do no harm, whatever they are called on.
const HARMLESS: &[&str] = &[
    "startswith",
    "endswith",
    "isdigit",
    "isdecimal",
    "isnumeric",
    "isalnum",
    "isalpha",
    "isspace",
    "islower",
    "isupper",
    "isidentifier",
    "find",
    "rfind",
    "index",
    "rindex",
    "count",
    "hexdigest",
    "digest",
    "exists",
    "is_valid",
    "is_file",
    "is_dir",
    "is_authenticated",
    "has_perm",
    "timestamp",
    "isoformat",
    "strftime",
    "total_seconds",
    "fileno",
    "tell",
    "seek",
    "close",
    "sort",
    "reverse",
    "has_key",
    "is_ajax",
    "full_clean",
    "check_password",
    // By Django's convention it is made with `reverse()`.
    "get_absolute_url",
];

impl Run<'_, '_> {
    /// A method of something whose class says nothing about it.
    pub(super) fn plain_method(&mut self, name: &str, args: &Args, place: Span) -> Value {
        let Some(receiver) = args.receiver.clone() else { return self.unknown(args, None, place) };
        match name {
            _ if HARMLESS.contains(&name) => return Value::default(),
            "append" | "add" | "appendleft" | "insert" | "push" | "put" => {
                let item =
                    args.positional.last().map(|given| given.value.clone()).unwrap_or_default();
                if !item.is_plain() {
                    self.store(receiver.expr, ANY, item, false);
                }
                return Value::default();
            }
            "extend" | "update" | "write" | "writelines" => {
                let mut item = Value::tainted(args.whole());
                match (name, args.positional.first().map(|given| given.value.clone())) {
                    ("extend", Some(given)) => item = self.element(&given),
                    ("update", Some(given)) => {
                        item = self.updated(receiver.expr, &given);
                    }
                    _ => {}
                }
                if !item.is_plain() {
                    self.store(receiver.expr, ANY, item, false);
                }
                for (key, given) in &args.keywords {
                    let (key, value) = (format!("[{key}]"), given.value.clone());
                    if name == "update" && !value.is_plain() {
                        self.store(receiver.expr, &key, value, true);
                    }
                }
                return Value::default();
            }
            "setdefault" => {
                let found = self.item(args);
                let key = args.positional.first().and_then(|given| given.value.as_text().cloned());
                let key = key.map_or_else(|| ANY.to_owned(), |key| format!("[{key}]"));
                self.store(receiver.expr, &key, found.clone(), key != ANY);
                return found;
            }
            "clear" => {
                self.replace(receiver.expr, Value::of(receiver.value.what));
                return Value::default();
            }
            "submit" if args.positional.len() > 1 => {
                let mut given = Args { receiver: None, ..args.clone() };
                let callee = given.positional.remove(0).value;
                return self.invoke(&callee, given, place, self.calling);
            }
            "get" | "pop" | "getlist" => return self.item(args),
            _ => {}
        }
        if TEXT.contains(&name) {
            if name == "copy" {
                return receiver.value;
            }
            let taint = self.everything(args).stepped(place, &passed(name));
            return Value::tainted(taint);
        }
        self.unknown_named(name, args, place)
    }

    /// Puts what stands in one dict under names into another; what stands there under no name in particular.
    fn updated(&mut self, holder: ExprId, given: &Value) -> Value {
        let named = given.fields.iter().flat_map(|fields| fields.iter());
        let named = named.filter(|(key, _)| key.starts_with('[') && &***key != ANY);
        let named: Vec<(Arc<str>, Value)> =
            named.map(|(key, value)| (Arc::clone(key), value.clone())).collect();
        for (key, value) in named {
            self.store(holder, &key, value, true);
        }
        let mut rest = given.known_field(ANY).cloned().unwrap_or_default();
        rest.taint.merge(&given.taint);
        rest
    }

    /// `values.get("key", default)`.
    fn item(&mut self, args: &Args) -> Value {
        let Some(receiver) = &args.receiver else { return Value::default() };
        let key = args.positional.first().map(|given| given.value.clone()).unwrap_or_default();
        let mut found = match key.as_text() {
            Some(key) => receiver.value.field(&format!("[{key}]")),
            // What stands in a table of constants is harmless, whoever chooses among them.
            None => receiver.value.field(ANY),
        };
        if let Some(default) = args.positional.get(1) {
            found.join(&default.value);
        }
        found
    }

    /// Functions of packages whose results say more than the models can.
    pub(super) fn shortcut(&mut self, name: &Arc<str>, args: &Args, _id: ExprId) -> Option<Value> {
        match &**name {
            "django.shortcuts.get_object_or_404" | "django.shortcuts.aget_object_or_404" => {
                let model = self.model_of(&args.positional.first()?.value)?;
                Some(Value::of(What::Instance(model)))
            }
            "django.shortcuts.get_list_or_404" => {
                let model = self.model_of(&args.positional.first()?.value)?;
                Some(Value::of(What::Query(model)))
            }
            "django.contrib.auth.get_user_model" => Some(Value::of(What::Name(self.user_model()))),
            "builtins.getattr" => {
                let on = args.positional.first()?;
                match args.positional.get(1)?.value.as_text() {
                    Some(name) => {
                        let (name, value) = (Arc::clone(name), on.value.clone());
                        let place = self.place(on.expr);
                        Some(self.attribute(&value, &name, place, on.expr))
                    }
                    None => None,
                }
            }
            "builtins.dict" => {
                let mut value = Value::default();
                for given in args.positional.iter().chain(&args.options) {
                    value.join(&given.value);
                }
                for (key, given) in &args.keywords {
                    value = value.with_field(&format!("[{key}]"), given.value.clone());
                }
                value.what = What::Unknown;
                Some(value)
            }
            "builtins.list" | "builtins.tuple" | "builtins.set" | "builtins.sorted"
            | "builtins.reversed" | "builtins.iter" | "copy.copy" | "copy.deepcopy" => {
                Some(args.positional.first()?.value.clone())
            }
            "builtins.next" => {
                let all = args.positional.first()?.value.clone();
                Some(self.element(&all))
            }
            "builtins.enumerate" => {
                let all = args.positional.first()?.value.clone();
                let one = self.element(&all);
                let pair = Value::default().with_field("[0]", Value::default());
                Some(Value::default().with_field(ANY, pair.with_field("[1]", one)))
            }
            "builtins.zip" => {
                let mut row = Value::default();
                for (at, given) in args.positional.iter().enumerate() {
                    let one = self.element(&given.value);
                    row = row.with_field(&format!("[{at}]"), one);
                }
                args.spread.is_empty().then(|| Value::default().with_field(ANY, row))
            }
            "builtins.setattr" => {
                let name = args.positional.get(1)?.value.as_text().cloned();
                let value = args.positional.get(2)?.value.clone();
                let certain = name.is_some();
                let on = args.positional.first()?.expr;
                self.store(on, name.as_deref().unwrap_or(ANY), value, certain);
                Some(Value::default())
            }
            "django.db.transaction.on_commit" => Some(Value::default()),
            _ if last(name) == "cast" && name.starts_with("typing") => {
                Some(args.positional.get(1)?.value.clone())
            }
            _ => None,
        }
    }

    fn model_of(&self, value: &Value) -> Option<QualifiedName> {
        match &value.what {
            What::Query(model) => Some(model.clone()),
            What::Name(name)
                if self.world.models.get(name).is_some() || self.world.models.is_user(name) =>
            {
                Some(name.clone())
            }
            _ => None,
        }
    }
}

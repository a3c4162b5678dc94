//! What Python's own texts and containers do.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::amounts::least;
use super::call::{passed, unknown};
use super::coded::kept_by;
use super::containers::made_mapping;
use super::exact::class_of;
use super::host::host_in;
use super::models::{CONTENT_TYPE, attribute_by_name, content_type, model_by_name};
use super::parsers::made_parser;
use super::prefix::beside;
use super::records::{in_order, made_namespace};
use super::secrets::listed;
use super::texts::{normalized, replaced};
use super::told::or_told;
use super::waits::parameter;
use crate::args::{Args, Given};
use crate::catalog::last;
use crate::taint::Taint;
use crate::value::{ANY, ANY_ATTRIBUTE, KEYS, LAST, Value, What};
use crate::{Kind, Kinds};

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

/// Puts lists on pages.
const PAGINATOR: &str = "django.core.paginator.Paginator";

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
    "get_absolute_url",
    "generate_presigned_url",
];

/// Functions that give the addresses of a host, or one of them in another form.
const ADDRESSES: &[&str] = &[
    "ipaddress.IPv4Address",
    "ipaddress.IPv6Address",
    "ipaddress.ip_address",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyname_ex",
];

/// Whether a call is given nothing but look-ups by name: `filter(pk__in=ids)`.
fn is_of_lookups(args: &Args) -> bool {
    let named = !args.keywords.is_empty() || !args.options.is_empty();
    named && args.positional.is_empty() && args.spread.is_empty()
}

impl Run<'_, '_> {
    /// A method of something whose class says nothing about it.
    pub(super) fn plain_method(&mut self, name: &str, args: &Args, place: Span) -> Value {
        let Some(receiver) = args.receiver.clone() else { return unknown(args, None, place) };
        match name {
            _ if HARMLESS.contains(&name) => return Value::default(),
            "get_model" => return model_by_name(args, place),
            "intersection" | "difference" => {
                if let Some(set) = self.set_method(name, args) {
                    return set;
                }
            }
            "append" | "add" | "appendleft" | "insert" | "push" | "put" | "put_nowait" => {
                let item =
                    args.positional.last().map(|given| given.value.clone()).unwrap_or_default();
                match self.next_place(&receiver.value).filter(|_| name == "append") {
                    Some(place) => self.store(receiver.expr, &place, item, true),
                    None if item.is_plain() => {}
                    None => self.store(receiver.expr, ANY, item, false),
                }
                return Value::default();
            }
            "items" | "keys" if args.each().next().is_none() => {
                return self.entries(&receiver.value, name, place);
            }
            // What is in a file is not its name: that of an archive is in the archive.
            "open" => return Value::tainted(receiver.value.whole()),
            "update" => {
                self.updated(&receiver, args);
                return Value::default();
            }
            "extend" | "write" | "writelines" => {
                let mut item = Value::tainted(args.whole());
                if name == "extend"
                    && let Some(given) = args.positional.first()
                {
                    item = self.element(&given.value.clone());
                }
                if !item.is_plain() {
                    self.store(receiver.expr, ANY, item, false);
                }
                return Value::default();
            }
            "setdefault" => return self.item_or_default(&receiver, args),
            "clear" => {
                self.replace(receiver.expr, Value::of(receiver.value.what));
                return Value::default();
            }
            "enter_context" | "enter_async_context" => {
                let Some(entered) = args.positional.first() else { return Value::default() };
                return self.entered(entered.value.clone(), entered.expr);
            }
            "submit" if args.positional.len() > 1 => {
                let mut given = Args { receiver: None, ..args.clone() };
                let callee = given.positional.remove(0).value;
                return self.invoke(&callee, given, place, self.calling);
            }
            "pop" => {
                let found = self.item(args);
                let key = args.positional.first().and_then(|given| given.value.as_text());
                self.redact(receiver.expr, key.map(|key| &**key));
                return found;
            }
            "get" | "getlist" | "get_nowait" | "popleft" => return self.item(args),
            // `PATTERN.sub(function, text)`
            "sub" => {
                if let Some(replaced) = self.replaced_by_function(args, 1) {
                    return replaced;
                }
            }
            // Rows are not what they are looked for with.
            "filter" | "exclude" if is_of_lookups(args) => {
                let taint = receiver.value.whole().weakened();
                return Value::tainted(taint.stepped(place, || passed(name)));
            }
            _ => {}
        }
        if TEXT.contains(&name) {
            let trimmed = self.trimmed(name, &receiver, args);
            let mut value = self.text_method(name, receiver, args, place);
            if let Some(whole) = trimmed {
                value.what = What::Trimmed(whole);
            }
            return value;
        }
        self.unknown_named(name, args, place)
    }

    /// `sort.removeprefix("-")`: the text that only something written out is taken from.
    fn trimmed(&self, name: &str, receiver: &Given, args: &Args) -> Option<Arc<str>> {
        let trims = matches!(name, "removeprefix" | "removesuffix" | "lstrip" | "rstrip" | "strip");
        let only = args.positional.first().filter(|_| trims && args.positional.len() == 1)?;
        only.value.as_text().filter(|_| only.value.is_clean())?;
        if receiver.value.is_clean() { None } else { self.written(receiver.expr) }
    }

    /// A method of texts, which gives what goes in.
    fn text_method(&mut self, name: &str, receiver: Given, args: &Args, place: Span) -> Value {
        if name == "copy" {
            return receiver.value;
        }
        let mut taint = receiver.value.whole();
        let shown = (name == "format").then(|| self.args_as_texts(args));
        let args = shown.as_ref().unwrap_or(args);
        let given: Vec<Value> = args.each().map(|given| given.value.clone()).collect();
        taint.merge(&match name {
            // The keys of a mapping are put together, not what stands under them.
            "join" if given.len() == 1 => {
                let all = given.first().cloned().unwrap_or_default();
                let all = if all.is_mapping() { self.element(&all) } else { all };
                all.whole().sanitized(beside(&all))
            }
            "format" => self.into_format(&receiver.value, args, &given),
            _ => args.whole(),
        });
        let taint = taint.sanitized(self.cleaned_by(name, args));
        if let Some(parts) = parts_of_path(name, args, &taint) {
            return parts.stepped(place, || passed(name));
        }
        let mut value = Value::tainted(taint.stepped(place, || passed(name)));
        if let Some(host) = (name == "format").then(|| host_in(&receiver.value, args)).flatten() {
            value.what = host;
        }
        kept_by(name, &receiver.value, value)
    }

    /// `values.items()`, `values.keys()`: the keys apart from what stands under them.
    fn entries(&mut self, receiver: &Value, name: &str, place: Span) -> Value {
        let keys = receiver.field(KEYS).stepped(place, || passed(name));
        if name == "keys" {
            return Value::default().with_field(ANY, keys);
        }
        let values = self.entry(receiver).stepped(place, || passed(name));
        let pair = Value::default().with_field("[0]", keys).with_field("[1]", values);
        Value::default().with_field(ANY, pair)
    }

    /// The object whose attributes an expression is: `self.__dict__`.
    fn attributes_of(&self, id: ExprId) -> Option<ExprId> {
        match self.code.expr(id) {
            Expr::Attribute(on, name) if self.code.text(name) == "__dict__" => Some(on),
            _ => None,
        }
    }

    /// `self.__dict__.update(values)`
    fn updated_attributes(&mut self, on: ExprId, args: &Args) {
        for (name, given) in &args.keywords {
            self.store(on, name, given.value.clone(), true);
        }
        for given in args.positional.iter().chain(&args.options) {
            for (key, value) in given.value.items() {
                let name = if key.is_empty() { ANY_ATTRIBUTE } else { key };
                self.store(on, name, value.clone(), true);
            }
            if !given.value.taint.is_empty() {
                self.store(on, ANY_ATTRIBUTE, given.value.field(ANY), true);
            }
        }
    }

    /// `values.update(other, key=value)`: entries under their names, the rest anywhere.
    fn updated(&mut self, receiver: &Given, args: &Args) {
        if let Some(on) = self.attributes_of(receiver.expr) {
            return self.updated_attributes(on, args);
        }
        let mut holder = receiver.value.clone();
        for given in args.positional.iter().chain(&args.options) {
            let fields = given.value.fields.clone();
            for (name, value) in fields.iter().flat_map(|fields| fields.iter()) {
                self.note_put(receiver, name, value);
                holder = holder.with_field(name, value.clone());
            }
            if !given.value.taint.is_empty() {
                let mut any = holder.field(ANY);
                any.taint.merge(&given.value.taint);
                self.note_put(receiver, ANY, &any);
                holder = holder.with_field(ANY, any);
            }
        }
        for (key, given) in &args.keywords {
            let key = format!("[{key}]");
            self.note_put(receiver, &key, &given.value);
            holder = holder.with_field(&key, given.value.clone());
        }
        self.replace(receiver.expr, holder);
    }

    /// Remembers that something is put into a mapping.
    fn note_put(&mut self, receiver: &Given, name: &str, value: &Value) {
        self.note_write(&receiver.value, name, value, false);
        self.fill((&receiver.value, receiver.expr), name, value);
    }

    /// `values.setdefault("key", default)`.
    fn item_or_default(&mut self, receiver: &Given, args: &Args) -> Value {
        let found = self.item(args);
        let key = args.positional.first().and_then(|given| given.value.as_text().cloned());
        let key = key.map_or_else(|| ANY.to_owned(), |key| format!("[{key}]"));
        self.store(receiver.expr, &key, found.clone(), key != ANY);
        found
    }

    /// `values.get("key", default)`.
    #[expect(clippy::unused_self, reason = "one of the methods of containers")]
    fn item(&self, args: &Args) -> Value {
        let Some(receiver) = &args.receiver else { return Value::default() };
        let key = args.positional.first().map(|given| given.value.clone()).unwrap_or_default();
        let mut found = match key.as_text() {
            Some(key) => receiver.value.field(&format!("[{key}]")),
            // What stands in a table of constants is harmless, whoever chooses among them. Under a name that is
            // not known stands something of the whole, and no secret by its name.
            None => receiver.value.field(ANY).untold(),
        };
        let Some(default) = args.positional.get(1) else { return found };
        let unknown = found.what == What::Unknown && parameter(&found).is_some();
        found.join(&default.value);
        if unknown && matches!(default.value.what, What::Bool(_)) {
            // What it is where the caller gives nothing.
            found.what = default.value.what.clone();
        }
        found
    }

    /// Functions of packages whose results say more than the models can.
    pub(super) fn shortcut(&mut self, name: &Arc<str>, args: &Args) -> Option<Value> {
        match &**name {
            "django.shortcuts.get_object_or_404" | "django.shortcuts.aget_object_or_404" => {
                let first = args.positional.first()?;
                let model = self.model_of(&first.value).map(What::Instance).unwrap_or_default();
                Some(content_type(Value::of(model), args, self.place(first.expr)))
            }
            "django.shortcuts.get_list_or_404" => {
                let model = self.model_of(&args.positional.first()?.value);
                Some(model.map(|model| Value::of(What::Query(model))).unwrap_or_default())
            }
            "urllib.parse.urlparse" | "urllib.parse.urlsplit" => {
                let given = args.positional.first()?;
                let subject = self.written(given.expr)?;
                let mut value = Value::tainted(given.value.whole());
                value.what = What::Parsed(subject);
                Some(value)
            }
            _ if ADDRESSES.contains(&&**name) => {
                let given = args.positional.first()?;
                let subject = match &given.value.what {
                    What::Host(subject) | What::Address(subject) => Arc::clone(subject),
                    _ => match self.host_of(given.expr) {
                        Some((subject, _)) => subject,
                        None => self.written(given.expr)?,
                    },
                };
                Some(Value::of(What::Address(subject)))
            }
            "json.dumps" if self.encodes_itself(args) => {
                Some(unknown(args, None, self.place(self.calling)))
            }
            "django.template.Variable" | "django.template.base.Variable" => {
                Some(args.positional.first()?.value.clone())
            }
            "django.template.base.token_kwargs" => {
                Some(self.all_of(&args.positional.first()?.value))
            }
            "builtins.str" | "builtins.repr" => {
                self.text_made(name, args).or_else(|| self.tells(name, args))
            }
            "unicodedata.normalize" => normalized(args),
            "re.sub" => replaced(args, self.place(self.calling))
                .or_else(|| self.replaced_by_function(args, 2)),
            "django.contrib.auth.get_user_model" => Some(Value::of(What::Name(self.user_model()))),
            "builtins.getattr" => self.got(args),
            "builtins.type" => class_of(&args.positional.first()?.value),
            "django.apps.apps.get_model" | "django.apps.registry.Apps.get_model" => {
                Some(model_by_name(args, self.place(args.each().next()?.expr)))
            }
            "builtins.range" => {
                self.into_range(args);
                None
            }
            "builtins.min" => least(args),
            "builtins.setattr" => {
                let name = args.positional.get(1)?.value.as_text().cloned();
                let value = args.positional.get(2)?.value.clone();
                let certain = name.is_some();
                let on = args.positional.first()?.expr;
                self.store(on, name.as_deref().unwrap_or(ANY_ATTRIBUTE), value, certain);
                Some(Value::default())
            }
            "django.db.transaction.on_commit" => Some(Value::default()),
            "builtins.print" => self.printed_into(args),
            _ if last(name) == "cast" && name.starts_with("typing") => {
                Some(args.positional.get(1)?.value.clone())
            }
            _ => Self::formset_made(name, args)
                .or_else(|| self.container(name, args))
                .or_else(|| self.tells(name, args)),
        }
    }

    /// `getattr(value, name)`
    fn got(&mut self, args: &Args) -> Option<Value> {
        let on = args.positional.first()?;
        let name = args.positional.get(1)?;
        match name.value.as_text() {
            Some(name) => {
                let place = self.place(on.expr);
                Some(or_told(self.attribute(&on.value, name, place, on.expr), args))
            }
            None => attribute_by_name(args, self.place(on.expr))
                .or_else(|| self.chosen_method(on, name)),
        }
    }

    /// Containers that are made of others, and parsers.
    fn container(&mut self, name: &str, args: &Args) -> Option<Value> {
        match name {
            "builtins.dict" => Some(made_mapping(args)),
            "types.SimpleNamespace" => Some(made_namespace(args)),
            // What each gives, in their order.
            "asyncio.gather" if args.spread.is_empty() => Some(in_order(args)),
            "builtins.dict.fromkeys" => {
                let keys = self.element(&args.positional.first()?.value);
                let under = args.positional.get(1).map(|given| given.value.clone());
                let all = Value::default().with_field(ANY, under.unwrap_or_default());
                Some(all.with_field(KEYS, keys))
            }
            "os.path.split" | "os.path.splitext" | "posixpath.split" | "posixpath.splitext" => {
                split_path(args)
            }
            "builtins.set" | "builtins.frozenset" => Some(self.made_set(args)),
            "dataclasses.replace" | "copy.replace" => {
                let record = args.positional.first()?.value.clone();
                Some(self.replaced_in(&record, args))
            }
            // Its keys are the names of fields, whatever class it is.
            "dataclasses.asdict" | "attr.asdict" | "attrs.asdict" | "strawberry.asdict" => {
                let record = &args.positional.first()?.value;
                let known = self.as_mapping(record);
                Some(known.unwrap_or_else(|| record.clone().with_field(KEYS, Value::default())))
            }
            "copy.copy" | "copy.deepcopy" | "dataclasses.astuple" => {
                Some(args.positional.first()?.value.clone())
            }
            // Its pages are made of these, whatever page is asked for.
            PAGINATOR => {
                let what = What::Instance(QualifiedName::External(Arc::from(PAGINATOR)));
                Some(Value { what, ..self.all_of(&args.positional.first()?.value.clone()) })
            }
            "builtins.list" | "builtins.tuple" | "builtins.sorted" | "builtins.reversed"
            | "builtins.iter" => Some(listed(&args.positional.first()?.value)),
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
                let row = self.row_of_each(args);
                match (args.spread.as_slice(), args.positional.is_empty()) {
                    ([], _) => Some(Value::default().with_field(ANY, row)),
                    ([rows], true) => self.turned(&rows.value),
                    _ => None,
                }
            }
            "itertools.product" => {
                let row = self.row_of_each(args);
                let plain = args.spread.is_empty() && args.keywords.is_empty();
                plain.then(|| Value::default().with_field(ANY, row))
            }
            _ => made_parser(name).or_else(|| self.collected(name, args)),
        }
    }

    /// One element of each argument, in their order.
    pub(super) fn row_of_each(&mut self, args: &Args) -> Value {
        let all = args.positional.iter().enumerate();
        all.fold(Value::default(), |row, (at, given)| {
            row.with_field(&format!("[{at}]"), self.element(&given.value))
        })
    }

    /// `zip(*rows)`: the columns of rows of which the places are known.
    fn turned(&mut self, rows: &Value) -> Option<Value> {
        let row = self.element(rows);
        let columns = (0..8).map_while(|at| row.known_field(&format!("[{at}]")));
        let columns: Vec<Value> =
            columns.map(|one| Value::default().with_field(ANY, one.clone())).collect();
        let all = columns.into_iter().enumerate();
        let all =
            all.fold(Value::default(), |all, (at, one)| all.with_field(&format!("[{at}]"), one));
        (!all.is_plain()).then_some(all)
    }

    /// A list of what a value holds.
    fn all_of(&mut self, value: &Value) -> Value {
        let one = self.element(value);
        Value::default().with_field(ANY, one)
    }

    /// Whether JSON is written by a class of the project that changes how texts are written, or by one
    /// that nobody knows: it may escape them.
    fn encodes_itself(&self, args: &Args) -> bool {
        let Some(given) = args.keyword("cls") else { return false };
        match &given.value.what {
            What::Name(QualifiedName::External(name)) => {
                !matches!(last(name), "DjangoJSONEncoder" | "JSONEncoder")
            }
            What::Name(class @ QualifiedName::Project(..)) => {
                ["encode", "iterencode"].iter().any(|method| {
                    let found = self.world.hierarchy.attribute(class, method);
                    found.is_some_and(|found| matches!(found.owner, QualifiedName::Project(..)))
                })
            }
            _ => true,
        }
    }

    fn model_of(&self, value: &Value) -> Option<QualifiedName> {
        match &value.what {
            What::Query(model) => Some(model.clone()),
            What::Name(name)
                if self.world.models.get(name).is_some()
                    || self.world.models.is_user(name)
                    || name.is_external(CONTENT_TYPE) =>
            {
                Some(name.clone())
            }
            _ => None,
        }
    }
}

/// `path.split("/")`, `path.rsplit("/", 1)`: the parts that no slash is left in lead to no other folder.
fn parts_of_path(name: &str, args: &Args, taint: &Taint) -> Option<Value> {
    let at_slash = args.positional.first()?.value.as_text().is_some_and(|text| &**text == "/");
    if !at_slash || taint.is_empty() {
        return None;
    }
    let part = Value::tainted(taint.sanitized(Kinds::just(Kind::Path)));
    let rest = || Value::default().with_field(ANY, Value::tainted(taint.clone()));
    let all = args.positional.len() == 1 && args.keywords.is_empty();
    match name {
        "split" | "rsplit" if all => Some(Value::default().with_field(ANY, part)),
        "split" => Some(rest().with_field("[0]", part)),
        "rsplit" => Some(rest().with_field(LAST, part)),
        _ => None,
    }
}

/// `os.path.split(path)`, `os.path.splitext(path)`: what stands last has no slash in it.
fn split_path(args: &Args) -> Option<Value> {
    let given = args.positional.first()?.value.whole();
    let last = Value::tainted(given.sanitized(Kinds::just(Kind::Path)));
    Some(Value::default().with_field("[0]", Value::tainted(given)).with_field("[1]", last))
}

//! What managers and querysets do.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::call::Args;
use super::eval::union;
use super::run::Run;
use super::value::{Link, Origin, Origins, Query, Row, Value, What};
use super::{How, Operation};

/// Methods that give a query with the same rows, as far as whose they are goes.
const SAME: &[&str] = &[
    "alias",
    "all",
    "annotate",
    "complex_filter",
    "dates",
    "datetimes",
    "defer",
    "difference",
    "distinct",
    "extra",
    "get_queryset",
    "iterator",
    "aiterator",
    "only",
    "order_by",
    "prefetch_related",
    "reverse",
    "select_for_update",
    "select_related",
    "using",
    "values",
    "values_list",
    "specific",
    "non_polymorphic",
    "fetch_mode",
    "db_manager",
];

impl<'a> Run<'a> {
    /// The rows of a model through one of its managers.
    pub(super) fn manager(&mut self, model: &QualifiedName, name: &str, place: Span) -> Query {
        let mut query = Query::new(model.clone(), place);
        let known = self.world.models.get(model);
        let managers = known.map_or(&[][..], |model| &model.managers);
        let listed = managers.iter().find(|(attribute, _)| &**attribute == name);
        match listed {
            Some((_, class)) => query.classes.push(class.clone()),
            None if matches!(name, "_default_manager" | "_base_manager") => {
                query.classes.extend(managers.first().map(|(_, class)| class.clone()));
            }
            None => {}
        }
        if query.classes.is_empty() {
            return query;
        }
        // What its `get_queryset` leaves out is never there.
        let this = Value::new(What::Query(Rc::new(query.clone())));
        let own = self.own_method(&query.classes, "get_queryset");
        let Some(method) = own else { return query };
        let given = self.invoke_method(&method, &this, Args::default());
        match given.what {
            What::Query(given) if given.model == query.model => {
                let mut given = Query::clone(&given);
                for class in query.classes {
                    if !given.classes.contains(&class) {
                        given.classes.push(class);
                    }
                }
                given.place = place;
                given
            }
            _ => {
                query.unknown = Some(Arc::from("what its manager gives is not followed"));
                query
            }
        }
    }

    /// Calls a method of a query.
    pub(super) fn query_method(
        &mut self,
        value: &Value,
        query: &Rc<Query>,
        name: &str,
        args: Args,
        place: Span,
    ) -> Value {
        let own = self.own_method(&query.classes, name);
        if let Some(method) = own {
            return self.own_query_method(value, query, &method, args);
        }
        self.plain_query_method(value, query, name, args, place)
    }

    fn own_query_method(
        &mut self,
        value: &Value,
        query: &Rc<Query>,
        method: &super::class::Method<'a>,
        args: Args,
    ) -> Value {
        let asked = args.asks_who();
        let from = args.union();
        let mut given = self.invoke_method(method, value, args);
        if given.query().is_some() {
            given = given.with(&value.from).with(&from);
        }
        let how = How::Method(Arc::from(method.name()));
        match &given.what {
            What::Query(found) if asked && found.scoped.is_none() => {
                let mut found = Query::clone(found);
                found.scoped = Some((how, found.place));
                given.what = What::Query(Rc::new(found));
                given
            }
            What::Unknown if method.gives_query() => {
                let mut query = Query::clone(query);
                if asked {
                    query.scoped.get_or_insert((how, query.place));
                } else {
                    let reason = format!("what `{}` gives is not followed", method.name());
                    query.unknown.get_or_insert_with(|| Arc::from(reason));
                }
                Value { what: What::Query(Rc::new(query)), from: given.from }
            }
            _ => given,
        }
    }

    pub(super) fn plain_query_method(
        &mut self,
        value: &Value,
        query: &Rc<Query>,
        name: &str,
        args: Args,
        place: Span,
    ) -> Value {
        // `aget`, `afirst`: the same for coroutines.
        let name = name.strip_prefix('a').filter(|rest| ASYNC.contains(rest)).unwrap_or(name);
        match name {
            _ if SAME.contains(&name) => {
                let from = args.union();
                Value { what: value.what.clone(), from: value.from.clone() }.with(&from)
            }
            "filter" => self.filtered(value, query, &args, place),
            "exclude" | "as_manager" => value.clone(),
            "none" => {
                let mut query = Query::clone(query);
                query.empty = true;
                Value::new(What::Query(Rc::new(query)))
            }
            "union" | "intersection" => {
                let start = value.clone();
                args.positional.into_iter().fold(start, |all, one| all.join(one, false))
            }
            "get" | "first" | "last" | "latest" | "earliest" => {
                let narrowed = self.filtered(value, query, &args, place);
                let raises = matches!(name, "get" | "latest" | "earliest");
                let narrowed = narrowed.query().map_or_else(|| Rc::clone(query), Rc::clone);
                self.fetched(&narrowed, place, raises)
            }
            "get_or_create" | "update_or_create" => {
                self.fetch_or_create(value, query, &args, name, place)
            }
            "create" => self.created(query, &args, place),
            "bulk_create" => {
                self.created(query, &Args::default(), place);
                Value::other()
            }
            "in_bulk" => {
                self.record_query(query, Operation::List, place, false);
                Value::of(value.from.clone())
            }
            "update" | "bulk_update" | "add" | "remove" | "set" | "clear" | "delete" => {
                self.changed(query, name, &args, place)
            }
            "exists" | "count" | "aggregate" | "contains" => {
                let mut from = value.from.clone();
                from.merge(&args.union());
                Value::of(from)
            }
            _ => Self::strange(value, query, name, &args),
        }
    }

    /// A method that nobody knows: it may give a query or a row.
    fn strange(value: &Value, query: &Rc<Query>, name: &str, args: &Args) -> Value {
        if !super::class::may_give_query(name) {
            return Value::of(value.from.clone()).with(&args.union());
        }
        let mut changed = Query::clone(query);
        if args.asks_who() {
            changed.scoped.get_or_insert((How::Method(Arc::from(name)), query.place));
        } else {
            let reason = format!("what `{name}` gives is not followed");
            changed.unknown.get_or_insert_with(|| Arc::from(reason));
        }
        Value { what: What::Query(Rc::new(changed)), from: value.from.clone() }.with(&args.union())
    }

    /// `filter(…)`.
    pub(super) fn filtered(
        &mut self,
        value: &Value,
        query: &Rc<Query>,
        args: &Args,
        place: Span,
    ) -> Value {
        let mut narrowed = Query::clone(query);
        let mut from = value.from.clone();
        for (name, given) in &args.keywords {
            if &**name == "defaults" {
                continue;
            }
            from.merge(&given.from);
            self.narrow(&mut narrowed, name, given, place);
        }
        for given in &args.positional {
            from.merge(&given.from);
            match &given.what {
                What::Lookups(lookups) => {
                    for (name, given) in lookups.iter() {
                        self.narrow(&mut narrowed, name, given, place);
                    }
                }
                What::None => {}
                _ if given.is(&Origin::User) => {
                    let how = How::User(Arc::from("a condition"));
                    narrowed.scoped.get_or_insert((how, place));
                }
                _ if given.is_constant() && !given.from.is_empty() => {}
                _ => {
                    let reason = "it is filtered by a condition that is not followed";
                    narrowed.unknown.get_or_insert_with(|| Arc::from(reason));
                }
            }
        }
        for given in args.values() {
            self.join(given, narrowed.scoped.is_some());
        }
        if args.open {
            let reason = "it is filtered by look-ups that are put together elsewhere";
            narrowed.unknown.get_or_insert_with(|| Arc::from(reason));
        }
        Value { what: What::Query(Rc::new(narrowed)), from }
    }

    fn fetch_or_create(
        &mut self,
        value: &Value,
        query: &Rc<Query>,
        args: &Args,
        name: &str,
        place: Span,
    ) -> Value {
        let narrowed = self.filtered(value, query, args, place);
        let narrowed = narrowed.query().map_or_else(|| Rc::clone(query), Rc::clone);
        let row = self.fetched(&narrowed, place, false);
        if name == "update_or_create"
            && let Some(found) = row.row()
        {
            let found = Rc::clone(found);
            let at = self.record_row(&found, Operation::Update, place);
            self.give(at, self.given(&defaults(args)));
        }
        let from = row.from.clone();
        Value { what: What::Tuple(Rc::new(vec![row, Value::constant()])), from }
    }

    fn created(&mut self, query: &Rc<Query>, args: &Args, place: Span) -> Value {
        let mut values = args.keywords.clone();
        if let Some(holder) = &query.holder {
            let from: Origins = holder
                .links
                .iter()
                .filter_map(|link| match link {
                    Link::Access(at) | Link::Through(at) => Some(Origin::Row(*at)),
                    Link::Asker => Some(Origin::User),
                    Link::Unknown => None,
                })
                .collect();
            values.push((Arc::from("holder"), Value { what: What::Row(Rc::clone(holder)), from }));
        }
        let at = self.record_new(&query.model, &values, place);
        let row = Row { model: query.model.clone(), links: vec![Link::Access(at)] };
        Value { what: What::Row(Rc::new(row)), from: Origins::from(Origin::Row(at)) }
    }

    fn changed(&mut self, query: &Rc<Query>, name: &str, args: &Args, place: Span) -> Value {
        let relation = matches!(name, "add" | "remove" | "set" | "clear");
        match &query.holder {
            Some(holder) if relation => {
                let holder = Rc::clone(holder);
                for value in &args.positional {
                    self.join(value, holder.links.contains(&Link::Asker));
                }
                self.record_row(&holder, Operation::Update, place);
            }
            _ => {
                let operation =
                    if name == "delete" { Operation::Delete } else { Operation::Update };
                let at = self.record_query(query, operation, place, false);
                if name == "update" {
                    self.give(at, self.given(&args.keywords));
                }
            }
        }
        Value::of(union(&args.positional))
    }
}

/// What `update_or_create(…, defaults={…})` writes.
fn defaults(args: &Args) -> Vec<(Arc<str>, Value)> {
    match args.keyword("defaults").map(|value| &value.what) {
        Some(What::Dict(entries)) => entries.to_vec(),
        _ => Vec::new(),
    }
}

const ASYNC: &[&str] = &[
    "get",
    "first",
    "last",
    "latest",
    "earliest",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
    "exists",
    "count",
    "aggregate",
    "contains",
    "in_bulk",
    "add",
    "remove",
    "set",
    "clear",
];

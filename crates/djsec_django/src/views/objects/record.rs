//! What has been met so far: accesses and the conditions around them.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::call::Args;
use super::conditions::{About, Raised, Test};
use super::guards::{Guard, Moment};
use super::run::Run;
use super::sent::Given;
use super::value::{Link, Origin, Query, Row, Value, What};
use super::{Check, CheckKind, How, Key, KeyOrigin, Operation};
use crate::models::Field;

/// An access before its scope is settled.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) model: QualifiedName,
    pub(super) operation: Operation,
    pub(super) keys: Vec<Key>,
    pub(super) scoped: Option<(How, Span)>,
    pub(super) unknown: Option<Arc<str>>,
    /// Accesses whose rows it is narrowed to: one that is scoped is enough.
    pub(super) parents: BTreeSet<usize>,
    /// Accesses that fetched the rows, on each path: all must be scoped.
    pub(super) links: BTreeSet<usize>,
    pub(super) guards: Vec<Guard>,
    pub(super) under: Vec<Check>,
    pub(super) given: Vec<Given>,
    pub(super) handler: Arc<str>,
    pub(super) place: Span,
    /// Whether the request ends when there is no such row.
    pub(super) raises: bool,
    /// Whether DRF asks the object permissions of the view about the row.
    pub(super) asked: bool,
    /// What its row is for.
    pub(super) used: Use,
    /// When it happens.
    pub(super) met: Moment,
    /// When its row was shown last.
    pub(super) shown: Option<u32>,
}

/// What a row is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// Nothing that is known.
    Unknown,
    /// Rows of who asks are tied to it, or it has the address where they are led.
    Joined,
    /// Something else, too: it may be shown.
    Shown,
}

impl Access {
    /// A check of it, each once.
    pub(super) fn add_guard(&mut self, guard: Guard) {
        if !self.guards.contains(&guard) {
            self.guards.push(guard);
        }
    }

    /// Whether its rows are the groups of who asks: what is asked of them is asked of the user.
    fn is_of_groups(&self) -> bool {
        let named =
            |name: &str| self.model.is_external(&format!("django.contrib.auth.models.{name}"));
        self.scoped.is_some() && (named("Group") || named("Permission"))
    }
}

impl Run<'_> {
    fn access(&mut self, model: QualifiedName, operation: Operation, place: Span) -> Access {
        Access {
            model,
            operation,
            keys: Vec::new(),
            scoped: None,
            unknown: None,
            parents: BTreeSet::new(),
            links: BTreeSet::new(),
            guards: Vec::new(),
            under: Vec::new(),
            given: Vec::new(),
            handler: Arc::clone(&self.handler),
            place,
            raises: false,
            asked: false,
            used: Use::Unknown,
            met: self.moment(),
            shown: None,
        }
    }

    /// Records an access to what a query gives.
    pub(super) fn record_query(
        &mut self,
        query: &Query,
        operation: Operation,
        place: Span,
        raises: bool,
    ) -> usize {
        let mut access = self.access(query.model.clone(), operation, place);
        access.keys.clone_from(&query.keys);
        access.scoped.clone_from(&query.scoped);
        access.unknown.clone_from(&query.unknown);
        access.parents.clone_from(&query.parents);
        access.raises = raises;
        let at = self.record(access);
        self.follow_key(query, at, raises);
        self.opened(at, Some(query));
        at
    }

    /// `Order.objects.get(pk=line.order_id)`, or the request ends, is `line.order`: what is asked about it
    /// is asked about the line.
    fn follow_key(&mut self, query: &Query, at: usize, raises: bool) {
        let by_row =
            |key: &Key| matches!(&*key.lookup, "pk" | "id") && key.origin == KeyOrigin::Object;
        if !raises || !query.keys.iter().any(by_row) {
            return;
        }
        for parent in query.parents.iter().filter(|parent| **parent != at) {
            let Some(holder) = self.accesses.get_mut(*parent) else { continue };
            let model = self.world.models.get(&holder.model);
            let leads = model.is_some_and(|model| {
                let to =
                    |field: &Field| field.relation.as_ref().is_some_and(|r| r.to == query.model);
                model.fields.iter().any(to)
            });
            if leads {
                holder.parents.insert(at);
            }
        }
    }

    /// An access to a row that is at hand.
    pub(super) fn row_access(&mut self, row: &Row, operation: Operation, place: Span) -> Access {
        let mut access = self.access(row.model.clone(), operation, place);
        for link in &row.links {
            match link {
                Link::Access(at) | Link::Through(at) => {
                    access.links.insert(*at);
                }
                Link::Asker => access.scoped = Some((How::Own, place)),
                Link::Unknown => {
                    access.unknown = Some(Arc::from("where the row is from is not known"));
                }
            }
        }
        for at in &access.links {
            for key in self.accesses.get(*at).map_or(&[][..], |fetched| &fetched.keys) {
                if !access.keys.contains(key) {
                    access.keys.push(key.clone());
                }
            }
        }
        access
    }

    /// Records an access to a row that is at hand.
    pub(super) fn record_row(&mut self, row: &Row, operation: Operation, place: Span) -> usize {
        let access = self.row_access(row, operation, place);
        let at = self.record(access);
        self.opened(at, None);
        if operation == Operation::Update {
            self.give(at, self.set_before(&row.links));
        }
        at
    }

    /// Records that a row is made.
    pub(super) fn record_new(
        &mut self,
        model: &QualifiedName,
        values: &[(Arc<str>, Value)],
        place: Span,
    ) -> usize {
        let mut query = Query::new(model.clone(), place);
        for (name, value) in values {
            let relation =
                self.world.models.field(model, name).is_some_and(|field| field.relation.is_some());
            if relation || value.row().is_some() {
                self.narrow(&mut query, name, value, place);
            }
        }
        for (_, value) in values {
            self.join(value, query.scoped.is_some());
        }
        if query.scoped.is_none() && query.parents.is_empty() && query.unknown.is_none() {
            let chosen = query.keys.iter().any(|key| key.origin.is_chosen());
            if !chosen {
                query.scoped = Some((How::New, place));
            }
        }
        let at = self.record_query(&query, Operation::Create, place, false);
        self.give(at, self.given(values));
        at
    }

    fn record(&mut self, mut access: Access) -> usize {
        let same = |known: &Access| {
            known.operation == access.operation
                && known.place == access.place
                && known.model == access.model
                && known.handler == access.handler
                && known.keys == access.keys
                && known.links == access.links
        };
        if let Some(at) = self.accesses.iter().position(same) {
            return at;
        }
        let conditions = self.conditions.clone();
        for test in &conditions {
            meet(&mut access, test, &self.accesses);
        }
        self.accesses.push(access);
        self.accesses.len() - 1
    }

    /// Something leaves what is followed (for a template, a serializer, a loop): its rows are read.
    pub(super) fn escape(&mut self, value: &Value) -> Option<usize> {
        self.show(value);
        self.listed(value)
    }

    /// Nobody knows who gets to see what was made of rows.
    pub(super) fn show(&mut self, value: &Value) {
        self.use_rows(value, Use::Shown);
    }

    /// Other rows are tied to those that a value is made of. `own`: they belong to who asks.
    pub(super) fn join(&mut self, value: &Value, own: bool) {
        self.use_rows(value, if own { Use::Joined } else { Use::Shown });
    }

    /// Who asks is led somewhere: to the address of a row on this site, or a view by its name, where they are asked
    /// again. Of what else is made of a row that is not known: `redirect(document.file.url)` opens what lies there.
    pub(super) fn led(&mut self, args: &Args) {
        let Some(to) = args.positional.first() else { return };
        if matches!(to.what, What::Row(_) | What::Address) || to.rows().next().is_none() {
            args.values().for_each(|value| self.use_rows(value, Use::Joined));
        }
    }

    fn use_rows(&mut self, value: &Value, used: Use) {
        self.time += 1;
        for at in value.rows() {
            if let Some(access) = self.accesses.get_mut(at) {
                access.used = access.used.max(used);
                if used == Use::Shown {
                    access.shown = Some(self.time);
                }
            }
        }
    }

    /// A query is asked: its rows are read.
    pub(super) fn listed(&mut self, value: &Value) -> Option<usize> {
        match &value.what {
            What::Query(query) if !query.empty => {
                let query = std::rc::Rc::clone(query);
                let place = query.place;
                Some(self.record_query(&query, Operation::List, place, false))
            }
            _ => None,
        }
    }

    /// Remembers what conditions bring together, as they are where the run goes on. `enforced`: the request, or the
    /// turn of a loop, ends where they fail; `raises`: with this exception.
    pub(super) fn note(&mut self, tests: &[Test], enforced: bool, raises: Option<&Raised>) {
        for test in tests.iter().filter(|test| !(enforced && test.here.void)) {
            if enforced {
                self.vouch(test);
            }
            let rows: Vec<usize> = test
                .from
                .iter()
                .filter_map(|origin| if let Origin::Row(at) = origin { Some(*at) } else { None })
                .collect();
            if test.asks_who() {
                let check = |kind: CheckKind| Check { kind, enforced, place: test.place };
                let met =
                    self.guard_now(check(CheckKind::Condition), test.there.verbs, raises.cloned());
                for at in &rows {
                    self.guard(*at, met.clone());
                }
                if test.from.contains(&Origin::Proof) {
                    // Who knows the secret of a row may meet what it hangs on.
                    let parents: BTreeSet<usize> = rows
                        .iter()
                        .filter_map(|at| self.accesses.get(*at))
                        .flat_map(|access| access.parents.iter().copied())
                        .collect();
                    for at in parents {
                        self.guard(at, met.clone());
                    }
                }
                for origin in test.from.iter().filter(|origin| is_key(origin)) {
                    if enforced {
                        let check = check(CheckKind::KeyCondition);
                        self.key_checks.push((origin.clone(), met.clone().with(check)));
                    }
                }
            } else if enforced {
                self.tie(&rows);
            }
        }
    }

    /// Adds a check to an access.
    pub(super) fn guard(&mut self, at: usize, guard: Guard) {
        let Some(access) = self.accesses.get_mut(at) else { return };
        access.add_guard(guard);
    }

    /// Rows that must fit together.
    fn tie(&mut self, rows: &[usize]) {
        for at in rows {
            if let Some(access) = self.accesses.get_mut(*at) {
                access.parents.extend(rows.iter().filter(|other| *other != at));
            }
        }
    }
}

/// Adds a check once; one that is enforced on some path is.
pub(super) fn add(checks: &mut Vec<Check>, check: Check) {
    match checks.iter_mut().find(|known| known.place == check.place && known.kind == check.kind) {
        Some(known) => known.enforced |= check.enforced,
        None => checks.push(check),
    }
}

fn is_key(origin: &Origin) -> bool {
    matches!(origin, Origin::Url(_) | Origin::Query(Some(_)) | Origin::Body(Some(_)))
}

/// The origin of a key as an origin of a value.
pub(super) fn origin_of(key: &KeyOrigin) -> Option<Origin> {
    match key {
        KeyOrigin::UrlParameter(name) => Some(Origin::Url(Arc::clone(name))),
        KeyOrigin::Query(name) => Some(Origin::Query(name.clone())),
        KeyOrigin::Body(name) => Some(Origin::Body(name.clone())),
        _ => None,
    }
}

/// What a condition says of an access that stands under it.
pub(super) fn meet(access: &mut Access, test: &Test, all: &[Access]) {
    if test.here.void {
        return;
    }
    let rows: BTreeSet<usize> = test
        .from
        .iter()
        .filter_map(|origin| if let Origin::Row(at) = origin { Some(*at) } else { None })
        .collect();
    let check = |kind: CheckKind| Check { kind, enforced: true, place: test.place };
    let involved = |at: &usize| access.links.contains(at) || access.parents.contains(at);
    let about_row = rows.iter().any(involved);
    if !test.asks_who() {
        if about_row && rows.len() > 1 {
            access.parents.extend(rows);
        }
        return;
    }
    let keys = access.keys.iter().filter_map(|key| origin_of(&key.origin));
    let about_key = keys.filter(is_key).any(|origin| test.from.contains(&origin));
    if about_row {
        access
            .guards
            .push(Guard::at(check(CheckKind::Condition), &access.met).of(test.there.verbs));
    } else if about_key {
        access
            .guards
            .push(Guard::at(check(CheckKind::KeyCondition), &access.met).of(test.there.verbs));
    } else if test.about == About::Privilege && !test.holds {
        // That who asks has no privilege lets everybody else in.
    } else if rows.iter().all(|at| all.get(*at).is_some_and(Access::is_of_groups))
        && !test.from.iter().any(is_key)
    {
        add(&mut access.under, check(CheckKind::Asker));
    }
}

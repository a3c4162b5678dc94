//! The scope of each access, when all of them are known.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_python::QualifiedName;

use super::guards::{self, Guard};
use super::record::{Access, Use, add, origin_of};
use super::run::Run;
use super::{Check, CheckKind, How, Key, KeyOrigin, ObjectAccess, Objects, Operation, Scope};

impl Run<'_> {
    /// What the view does, with what is known in the end.
    pub(super) fn settle(mut self) -> Objects {
        self.spread();
        let vouched = std::mem::take(&mut self.vouched);
        for access in &mut self.accesses {
            access.given.retain(|given| !vouched.contains(&given.sent.origin));
        }
        let cut = self.is_cut();
        let count = self.accesses.len();
        let logins = self.free_logins();
        self.accesses.extend(logins);
        let settled = Settled { all: &self.accesses, cut };
        let accesses = (0..count).filter_map(|at| settled.access(at)).collect();
        let logins = (count..self.accesses.len()).filter_map(|at| settled.access(at)).collect();
        let gaps = self.gaps.into_iter().collect();
        let decisions = self.decisions;
        Objects { accesses, logins, taken: self.taken, forms: self.forms, decisions, gaps }
    }

    /// Checks of keys, and of rows fetched by the same keys, hold for each other.
    fn spread(&mut self) {
        for access in &mut self.accesses {
            let keys: Vec<_> =
                access.keys.iter().filter_map(|key| origin_of(&key.origin)).collect();
            for (origin, guard) in &self.key_checks {
                if keys.contains(origin) {
                    access.add_guard(guard.clone());
                }
            }
        }
        self.hang();
        self.admit();
        // Only accesses by keys of who asks may be about the same rows: few, and those seldom.
        let known: Vec<(usize, BTreeSet<KeyOrigin>, Access)> = self
            .accesses
            .iter()
            .enumerate()
            .map(|(at, access)| (at, chosen_keys(access), access))
            .filter(|(_, keys, _)| !keys.is_empty())
            .map(|(at, keys, access)| (at, keys, access.clone()))
            .collect();
        for (at, wanted, _) in &known {
            let Some(access) = self.accesses.get_mut(*at) else { continue };
            for (there, keys, other) in &known {
                // What a row was fetched by settles what is done to it anyway.
                if there == at || access.links.contains(there) {
                    continue;
                }
                if wanted == keys && same_rows(access, other) {
                    learn(access, other);
                }
            }
        }
    }
}

impl Run<'_> {
    /// Ties rows that are looked up by the id of another one to that one, where it was fetched by the same
    /// id: `Card.objects.get(pk=pk)`, then `Note.objects.filter(card=pk)`.
    fn hang(&mut self) {
        for at in 0..self.accesses.len() {
            let Some(access) = self.accesses.get(at) else { continue };
            let parents: Vec<usize> = access
                .keys
                .iter()
                .filter_map(|key| Some((self.row_named(&access.model, &key.lookup)?, &key.origin)))
                .filter(|(_, origin)| matches!(origin, KeyOrigin::UrlParameter(_)))
                .flat_map(|(model, origin)| self.fetched_by(access, model, origin))
                .collect();
            if let Some(access) = self.accesses.get_mut(at) {
                access.parents.extend(parents);
            }
        }
    }

    /// Who asks is looked for among the members first, or the request ends: `Member.objects.get(team=pk,
    /// user=request.user)`, then `Plan.objects.filter(team=pk)`.
    fn admit(&mut self) {
        let of_asker =
            |access: &Access| access.raises && matches!(access.scoped, Some((How::User(_), _)));
        let admitted: Vec<(usize, Key, Access)> = self
            .accesses
            .iter()
            .enumerate()
            .filter(|(_, access)| of_asker(access))
            .flat_map(|(at, access)| access.keys.iter().map(move |key| (at, key, access)))
            .filter(|(_, key, _)| matches!(key.origin, KeyOrigin::UrlParameter(_)))
            .map(|(at, key, access)| (at, key.clone(), access.clone()))
            .collect();
        for (there, key, other) in &admitted {
            let parent = self.parent_of(&other.model, &key.lookup);
            let Some(parent) = parent.map(|(model, asked)| (model.clone(), asked)) else {
                continue;
            };
            for at in there + 1..self.accesses.len() {
                let Some(access) = self.accesses.get(at) else { continue };
                let same = |one: &Key| {
                    one.origin == key.origin
                        && self.parent_of(&access.model, &one.lookup) == Some((&parent.0, parent.1))
                };
                let here = other.handler.is_empty() || other.handler == access.handler;
                if here && access.keys.iter().any(same) {
                    let kind = CheckKind::KeyCondition;
                    let check = Check { kind, enforced: true, place: other.place };
                    let guard = Guard::at(check, &other.met);
                    if let Some(access) = self.accesses.get_mut(at) {
                        access.guards.push(guard);
                    }
                }
            }
        }
    }

    /// The model that a look-up leads to over its first relation, and what it asks of that.
    fn parent_of<'l>(
        &self,
        model: &QualifiedName,
        lookup: &'l str,
    ) -> Option<(&QualifiedName, &'l str)> {
        let (first, rest) = lookup.split_once("__").unwrap_or((lookup, "pk"));
        let relation = self.world.models.field(model, first)?.relation.as_ref()?;
        Some((&relation.to, if rest == "id" { "pk" } else { rest }))
    }

    /// The model whose id a look-up over one relation compares with: of `card`, `card_id`, `card__pk`.
    fn row_named(&self, model: &QualifiedName, lookup: &str) -> Option<&QualifiedName> {
        self.parent_of(model, lookup).filter(|(_, asked)| *asked == "pk").map(|(parent, _)| parent)
    }

    /// The accesses that fetch one row of a model by its id from an origin, or end the request.
    fn fetched_by(
        &self,
        child: &Access,
        model: &QualifiedName,
        origin: &KeyOrigin,
    ) -> impl Iterator<Item = usize> {
        self.accesses.iter().enumerate().filter_map(move |(at, access)| {
            let by_id = |key: &Key| matches!(&*key.lookup, "pk" | "id") && key.origin == *origin;
            let same = access.model == *model
                && access.raises
                && (access.handler.is_empty() || access.handler == child.handler);
            (same && access.keys.iter().any(by_id)).then_some(at)
        })
    }
}

/// The keys of an access that who asks chooses.
fn chosen_keys(access: &Access) -> BTreeSet<KeyOrigin> {
    let chosen = access.keys.iter().map(|key| &key.origin).filter(|origin| origin.is_chosen());
    chosen.filter(|origin| !origin.is_ambient()).cloned().collect()
}

/// Whether two accesses by the same keys of who asks are about the same rows.
fn same_rows(access: &Access, other: &Access) -> bool {
    access.model == other.model && (other.handler.is_empty() || other.handler == access.handler)
}

fn learn(access: &mut Access, other: &Access) {
    for guard in other.guards.iter().filter(|guard| guard.check.enforced) {
        access.add_guard(guard.clone());
    }
    if other.raises && other.scoped.is_some() && access.scoped.is_none() {
        let check = Check { kind: CheckKind::Sibling, enforced: true, place: other.place };
        access.guards.push(Guard::at(check, &other.met));
    }
}

struct Settled<'r> {
    all: &'r [Access],
    cut: bool,
}

impl Settled<'_> {
    fn access(&self, at: usize) -> Option<ObjectAccess> {
        let access = self.all.get(at)?;
        let mut guards = Vec::new();
        let held = guards::hold(access, access);
        for guard in access.guards.iter().filter(|guard| held || !guard.check.enforced) {
            add(&mut guards, guard.check.clone());
        }
        if self.links_are_protected(access) {
            for link in access.links.iter().filter_map(|at| self.all.get(*at)) {
                link.guards.iter().for_each(|guard| add(&mut guards, guard.check.clone()));
            }
        }
        Some(ObjectAccess {
            model: access.model.clone(),
            operation: access.operation,
            keys: access.keys.clone(),
            scope: self.scope(at, access, &mut BTreeSet::new()),
            guards_after: guards,
            under: access.under.clone(),
            given: access.given.clone(),
            asked: self.is_asked(access),
            only_joined: access.operation == Operation::Fetch && access.used == Use::Joined,
            handler: Arc::clone(&access.handler),
            place: access.place,
        })
    }

    fn links_are_protected(&self, access: &Access) -> bool {
        !access.links.is_empty()
            && access.links.iter().all(|at| self.is_protected(*at, access, &mut BTreeSet::new()))
    }

    /// Whether object permissions are asked about the row, or about each it may be.
    fn is_asked(&self, access: &Access) -> bool {
        let asked = |at: &usize| self.all.get(*at).is_some_and(|link| link.asked);
        access.asked || (!access.links.is_empty() && access.links.iter().all(asked))
    }

    /// Whether a row was looked at where something is done.
    fn is_guarded(&self, at: usize, done: &Access) -> bool {
        self.all.get(at).is_some_and(|access| guards::hold(access, done))
    }

    fn is_protected(&self, at: usize, done: &Access, seen: &mut BTreeSet<usize>) -> bool {
        self.is_guarded(at, done) || matches!(self.scope(at, done, seen), Scope::Scoped { .. })
    }

    /// The scope of an access where something is done: itself, or what is done with its rows.
    fn scope(&self, at: usize, done: &Access, seen: &mut BTreeSet<usize>) -> Scope {
        let Some(access) = self.all.get(at) else { return unknown("it is not known") };
        if let Some((how, place)) = &access.scoped {
            return Scope::Scoped { how: how.clone(), place: *place };
        }
        if !seen.insert(at) {
            return Scope::Unscoped;
        }
        let linked: Vec<Scope> =
            access.links.iter().map(|link| self.scope(*link, done, seen)).collect();
        if let Some(first) = linked.first()
            && linked.iter().all(|scope| matches!(scope, Scope::Scoped { .. }))
            && access.unknown.is_none()
        {
            return first.clone();
        }
        for parent in &access.parents {
            if self.is_protected(*parent, done, seen) {
                let place = self.all.get(*parent).map_or(access.place, |parent| parent.place);
                return Scope::Scoped { how: How::Parent, place };
            }
        }
        if let Some(reason) = &access.unknown {
            return Scope::Unknown(Arc::clone(reason));
        }
        let parents =
            access.parents.iter().map(|parent| self.scope(*parent, done, &mut seen.clone()));
        let all: Vec<Scope> = linked.into_iter().chain(parents).collect();
        if let Some(Scope::Unknown(reason)) =
            all.iter().find(|scope| matches!(scope, Scope::Unknown(_)))
        {
            return Scope::Unknown(Arc::clone(reason));
        }
        if self.cut {
            return unknown("there is more code behind it than is followed");
        }
        if access.operation == Operation::Create && access.keys.is_empty() && all.is_empty() {
            return Scope::Scoped { how: How::New, place: access.place };
        }
        Scope::Unscoped
    }
}

fn unknown(reason: &str) -> Scope {
    Scope::Unknown(Arc::from(reason))
}

//! Whose the rows of a model are: ways along its relations to the user or to a tenant.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_python::QualifiedName;
use rustc_hash::FxHashMap;

use super::{Field, Model, Owner, OwnerPath, RelationKind, Strength, is_django_user};

/// Ways longer than this say nothing any more.
const LONGEST: usize = 4;

/// Fields that only record who did something, or who is to be asked about it.
const TRACES: &[&str] = &[
    "approved_by",
    "approver",
    "assigned_to",
    "assignee",
    "closed_by",
    "completed_by",
    "contact",
    "contact_person",
    "coordinator",
    "created_by",
    "creator",
    "deleted_by",
    "edited_by",
    "editor",
    "handled_by",
    "last_edited_by",
    "last_modified_by",
    "locked_by",
    "modified_by",
    "moderator",
    "processed_by",
    "published_by",
    "reported_by",
    "reporter",
    "resolved_by",
    "responsible",
    "responsible_person",
    "reviewed_by",
    "reviewer",
    "supervisor",
    "updated_by",
    "uploaded_by",
    "uploader",
    "verified_by",
];

/// Fills in the owners of all models.
pub(super) fn fill(
    all: &mut [Model],
    by_class: &FxHashMap<QualifiedName, usize>,
    user: Option<&QualifiedName>,
) {
    let (tenants, joined) = (tenants(all, user, true), tenants(all, user, false));
    let search = Search { tenants, joined, all: &*all, by_class, user };
    let owners: Vec<Vec<OwnerPath>> = search.all.iter().map(|model| search.owners(model)).collect();
    for (model, owners) in all.iter_mut().zip(owners) {
        model.owners = owners;
    }
}

fn is_user(name: &QualifiedName, user: Option<&QualifiedName>) -> bool {
    match name {
        QualifiedName::External(name) => user.is_none() && is_django_user(name),
        _ => user == Some(name),
    }
}

fn related(field: &Field) -> Option<(&QualifiedName, RelationKind)> {
    field.relation.as_ref().map(|relation| (&relation.to, relation.kind))
}

/// Models that users are members of: by a many-to-many relation, by a model between with foreign keys to both that
/// says so by its name, or by a foreign key of the user or of the profile that each user has one of. They must have
/// data of their own: something points at them that does not point at a user.
/// `by_key`: whether such a foreign key counts.
fn tenants(all: &[Model], user: Option<&QualifiedName>, by_key: bool) -> BTreeSet<QualifiedName> {
    let mut candidates = BTreeSet::new();
    for model in all.iter().filter(|model| !model.is_abstract) {
        let to_user = |field: &&Field| related(field).is_some_and(|(to, _)| is_user(to, user));
        let members = model.fields.iter().filter(to_user).any(|field| {
            let many = related(field).is_some_and(|(_, kind)| kind == RelationKind::ManyToMany);
            many && is_membership(&field.name)
        });
        if members {
            candidates.insert(model.class.clone());
        }
        // Of a user's one country or language it is not said who works there.
        let of_one_user = is_user(&model.class, user)
            || model
                .fields
                .iter()
                .filter_map(related)
                .any(|(to, kind)| kind == RelationKind::OneToOne && is_user(to, user));
        let between = ["member", "membership", "role", "employee", "staff", "access"];
        let name = model.name.to_lowercase();
        let joins = between.iter().any(|word| name.contains(word))
            && model.fields.iter().any(|f| to_user(&f));
        if joins || (by_key && of_one_user) {
            let others = model.fields.iter().filter_map(related).filter(|(to, kind)| {
                *kind == RelationKind::ManyToOne && !is_user(to, user) && **to != model.class
            });
            candidates.extend(others.map(|(to, _)| to.clone()).filter(|to| {
                all.iter().any(|other| other.class == *to && is_tenant_name(&other.name))
            }));
        }
    }
    candidates.retain(|tenant| {
        all.iter().any(|model| {
            let to = |wanted: &dyn Fn(&QualifiedName) -> bool| {
                model.fields.iter().filter_map(related).any(|(to, _)| wanted(to))
            };
            model.class != *tenant && to(&|name| name == tenant) && !to(&|name| is_user(name, user))
        })
    });
    candidates
}

fn is_membership(field: &str) -> bool {
    let words = ["user", "member", "owner", "staff", "admin", "people", "employee", "maintainer"];
    words.iter().any(|word| field.contains(word))
}

fn is_tenant_name(model: &str) -> bool {
    let name = model.to_lowercase();
    let words = [
        "account",
        "agency",
        "business",
        "clinic",
        "club",
        "company",
        "customer",
        "department",
        "firm",
        "group",
        "hospital",
        "household",
        "organisation",
        "organization",
        "org",
        "practice",
        "product",
        "project",
        "school",
        "shop",
        "site",
        "store",
        "team",
        "tenant",
        "university",
        "workspace",
    ];
    words.iter().any(|word| name.contains(word))
}

struct Search<'m> {
    all: &'m [Model],
    by_class: &'m FxHashMap<QualifiedName, usize>,
    user: Option<&'m QualifiedName>,
    tenants: BTreeSet<QualifiedName>,
    /// Those of them that have members, rather than users that name them: who looks at such a row itself was most often
    /// asked whether he is one.
    joined: BTreeSet<QualifiedName>,
}

impl Search<'_> {
    /// Breadth first, so that the shortest way to each owner comes first.
    fn owners(&self, model: &Model) -> Vec<OwnerPath> {
        let mut found: Vec<OwnerPath> = Vec::new();
        if is_user(&model.class, self.user) {
            found.push(OwnerPath { steps: vec![], who: Owner::User, strength: Strength::Owner });
        } else if self.joined.contains(&model.class) {
            let who = Owner::Tenant(model.class.clone());
            found.push(OwnerPath { steps: vec![], who, strength: Strength::Member });
        }
        let mut seen = BTreeSet::from([model.class.clone()]);
        let mut edge: Vec<(Vec<Arc<str>>, Strength, &Model)> =
            vec![(Vec::new(), Strength::Owner, model)];
        while let Some((steps, strength, here)) = edge.pop() {
            let mut next = Vec::new();
            for field in &here.fields {
                self.step(&steps, strength, field, &mut found, &mut next, &mut seen);
            }
            next.reverse();
            edge.splice(0..0, next);
        }
        found.sort_by_key(|path| (path.steps.len(), path.strength));
        found
    }

    fn step<'s>(
        &'s self,
        steps: &[Arc<str>],
        strength: Strength,
        field: &Field,
        found: &mut Vec<OwnerPath>,
        next: &mut Vec<(Vec<Arc<str>>, Strength, &'s Model)>,
        seen: &mut BTreeSet<QualifiedName>,
    ) {
        let Some((to, kind)) = related(field) else { return };
        let strength = strength.max(self.strength(field, kind));
        let mut path = steps.to_vec();
        path.push(Arc::clone(&field.name));
        if is_user(to, self.user) {
            found.push(OwnerPath { steps: path, who: Owner::User, strength });
            return;
        }
        if kind == RelationKind::ManyToMany || path.len() >= LONGEST || !seen.insert(to.clone()) {
            return;
        }
        if self.tenants.contains(to) {
            let who = Owner::Tenant(to.clone());
            let strength = strength.max(Strength::Member);
            found.push(OwnerPath { steps: path, who, strength });
            return;
        }
        let model = self.by_class.get(to).and_then(|at| self.all.get(*at));
        next.extend(model.map(|model| (path, strength, model)));
    }

    fn strength(&self, field: &Field, kind: RelationKind) -> Strength {
        let to_user = related(field).is_some_and(|(to, _)| is_user(to, self.user));
        match kind {
            RelationKind::ManyToMany => Strength::Member,
            _ if to_user && TRACES.contains(&&*field.name) => Strength::Trace,
            // Whose the newest of many is says nothing of what it belongs to.
            _ if !to_user && field.null && is_latest(&field.name) => Strength::Trace,
            _ if field.null && !to_user => Strength::Member,
            _ => Strength::Owner,
        }
    }
}

/// Whether a relation points at one of the rows that belong to its own: `latest_translation`, `last_message`.
fn is_latest(field: &str) -> bool {
    ["current_", "first_", "last_", "latest_", "newest_"].iter().any(|word| field.starts_with(word))
}

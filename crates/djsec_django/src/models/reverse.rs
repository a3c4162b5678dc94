//! The other ends of relations: under which names rows give the rows that point at them.

use std::sync::Arc;

use djsec_python::QualifiedName;
use rustc_hash::FxHashMap;

use super::{Model, Models, RelationKind};

/// The other end of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reverse {
    /// The attribute: `related_name`, `order_set`, `profile`.
    pub accessor: Arc<str>,
    /// The model that the relation stands in, by its place in [`Models::all`].
    model: usize,
    /// Whether it gives one row and no manager.
    pub single: bool,
}

pub(super) type Reverses = FxHashMap<QualifiedName, Vec<Reverse>>;

impl Models {
    /// The other ends of the relations to a class itself; those to its bases count as well, and are to
    /// be asked for with each base.
    pub fn reverses(&self, class: &QualifiedName) -> &[Reverse] {
        let found = self.reverses.get_or_init(|| self.collect_reverses());
        found.get(&self.pointed(class)).map_or(&[], Vec::as_slice)
    }

    /// The model that a relation stands in.
    pub fn holder(&self, reverse: &Reverse) -> Option<&Model> {
        self.all.get(reverse.model)
    }

    /// All names of the user model are one.
    fn pointed(&self, class: &QualifiedName) -> QualifiedName {
        let django = || QualifiedName::External(Arc::from("django.contrib.auth.models.User"));
        if self.is_user(class) { self.user.clone().unwrap_or_else(django) } else { class.clone() }
    }

    fn collect_reverses(&self) -> Reverses {
        let mut found = Reverses::default();
        for (at, model) in self.all.iter().enumerate().filter(|(_, model)| !model.is_abstract) {
            let lower = model.name.to_lowercase();
            for field in &model.fields {
                let Some(relation) = &field.relation else { continue };
                let single = relation.kind == RelationKind::OneToOne;
                let accessor = match &relation.related_name {
                    Some(given) => given
                        .replace("%(class)s", &lower)
                        .replace("%(app_label)s", &model.app_label.to_lowercase()),
                    None if single => lower.clone(),
                    None => format!("{lower}_set"),
                };
                let reverse = Reverse { accessor: accessor.into(), model: at, single };
                found.entry(self.pointed(&relation.to)).or_default().push(reverse);
            }
        }
        found
    }
}

//! Look-ups of a query: what each of them ties its rows to.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::run::Run;
use super::value::{Link, Origin, Query, Value, What};
use super::{How, Key, KeyOrigin};
use crate::models::Field;

impl Run<'_> {
    /// Narrows a query by `name=value`.
    pub(super) fn narrow(&mut self, query: &mut Query, name: &str, value: &Value, place: Span) {
        let lookup: Arc<str> = Arc::from(name);
        let origin = key_origin(value);
        let by_row: Vec<usize> = value.rows().collect();
        query.parents.extend(by_row);
        if let What::Row(row) = &value.what
            && row.links.contains(&Link::Unknown)
        {
            query.unknown.get_or_insert_with(|| Arc::from("its parent's origin is not known"));
        }
        let scoped = match &origin {
            KeyOrigin::User => Some(How::User(Arc::clone(&lookup))),
            KeyOrigin::Session => Some(How::Session(Arc::clone(&lookup))),
            KeyOrigin::Signed => Some(How::Signed(Arc::clone(&lookup))),
            _ => None,
        };
        if let Some(inner) = value.query() {
            query.parents.extend(&inner.parents);
            if inner.scoped.is_some() {
                set(query, How::User(Arc::clone(&lookup)), place);
            } else if let Some(reason) = &inner.unknown {
                query.unknown.get_or_insert_with(|| Arc::clone(reason));
            }
        }
        if let Some(how) = scoped {
            set(query, how, place);
        }
        match self.secret(&query.model, name) {
            Some((field, true)) if origin.is_chosen() => {
                set(query, How::Unguessable(field), place);
            }
            Some((field, false)) if origin.is_chosen() => {
                let reason = || format!("nobody may be able to guess `{field}`").into();
                query.unknown.get_or_insert_with(reason);
            }
            _ => {}
        }
        if value.is(&Origin::Request) {
            let reason = "it is looked up by something made of the whole request";
            query.unknown.get_or_insert_with(|| Arc::from(reason));
        } else if origin == KeyOrigin::Other && self.may_scope(&query.model, name) {
            let reason = || format!("the value of `{name}` is not followed").into();
            query.unknown.get_or_insert_with(reason);
        }
        // A value that is put together of several parameters: `f"{project}/{name}"`.
        let parts: Vec<KeyOrigin> = match &origin {
            KeyOrigin::UrlParameter(first) => {
                let of = |part: &Origin| match part {
                    Origin::Url(name) if name != first && !name.is_empty() => {
                        Some(KeyOrigin::UrlParameter(Arc::clone(name)))
                    }
                    _ => None,
                };
                value.from.iter().filter_map(of).collect()
            }
            _ => Vec::new(),
        };
        for origin in std::iter::once(origin).chain(parts) {
            let key = Key { lookup: Arc::clone(&lookup), origin };
            if !query.keys.contains(&key) {
                query.keys.push(key);
            }
        }
    }

    /// The fields of a look-up, as far as they are known; whether all of it is.
    fn path(&self, model: &QualifiedName, lookup: &str) -> (Vec<&Field>, bool) {
        let mut model = model.clone();
        let mut fields: Vec<&Field> = Vec::new();
        for part in lookup.split("__") {
            let Some(field) = self.world.models.field(&model, part) else {
                // `pk`, or a transform such as `iexact` or `gte`.
                let last = fields.last().is_none_or(|field| field.relation.is_some());
                return (fields, part == "pk" || part == "id" || !last);
            };
            fields.push(field);
            match &field.relation {
                Some(relation) => model = relation.to.clone(),
                None => break,
            }
        }
        (fields, true)
    }

    /// The field of a look-up, if its values may be secret, and whether nobody guesses them.
    fn secret(&self, model: &QualifiedName, lookup: &str) -> Option<(Arc<str>, bool)> {
        let (fields, _) = self.path(model, lookup);
        let field = fields.last().filter(|field| field.relation.is_none())?;
        if field.kind.contains("JSON") || field.kind.contains("HStore") {
            let key = lookup
                .split("__")
                .skip(fields.len())
                .filter(|part| !EXACT.contains(part))
                .last()?;
            return is_secret_name(key).then(|| (Arc::from(key), false));
        }
        let named = is_secret_name(&field.name);
        let secret = field.unguessable || named;
        secret.then(|| (Arc::clone(&field.name), field.unguessable || field.unique))
    }

    /// Whether an unknown value for a look-up may tie rows to who asks: it leads over a relation, or
    /// nobody knows where.
    fn may_scope(&self, model: &QualifiedName, lookup: &str) -> bool {
        let (fields, complete) = self.path(model, lookup);
        let leads = |field: &&Field| field.relation.is_some() || is_secret_name(&field.name);
        !complete || fields.iter().any(leads) || matches!(lookup, "pk" | "id" | "pk__in" | "id__in")
    }
}

/// Whether a condition asks for a field that says whether its row is shown to everybody, and that whoever asks does not
/// choose. `hidden` and `draft` do not say so: what is not hidden or finished may still be its owner's alone.
pub(super) fn is_of_published(key: &Key) -> bool {
    let tells = |field: &str| {
        let (first, last) = (field.split('_').next(), field.rsplit('_').next());
        matches!(last, Some("public" | "published" | "private")) || first == Some("published")
    };
    !key.origin.is_chosen() && key.lookup.split("__").any(tells)
}

/// Look-ups that find what is equal.
const EXACT: &[&str] = &["exact", "iexact"];

/// Whether a field holds what nobody else knows, by the last word of its name.
pub(super) fn is_secret_name(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    let words =
        ["apikey", "code", "digest", "guid", "hash", "key", "nonce", "secret", "token", "uuid"];
    words.contains(&last) || name.contains("token") || name.contains("secret")
}

fn set(query: &mut Query, how: How, place: Span) {
    if query.scoped.is_none() {
        query.scoped = Some((how, place));
    }
}

/// Where the value of a look-up comes from: of several origins the one that ties it to who asks, then
/// the one that they choose.
pub(super) fn key_origin(value: &Value) -> KeyOrigin {
    let from = &value.from;
    if from.contains(&Origin::User) {
        return KeyOrigin::User;
    }
    if from.contains(&Origin::Session) {
        return KeyOrigin::Session;
    }
    if from.contains(&Origin::Signed) {
        return KeyOrigin::Signed;
    }
    if value.rows().next().is_some() || value.query().is_some() {
        return KeyOrigin::Object;
    }
    let chosen = from.iter().find_map(|origin| match origin {
        Origin::Url(name) => Some(KeyOrigin::UrlParameter(Arc::clone(name))),
        Origin::Query(name) => Some(KeyOrigin::Query(name.clone())),
        Origin::Body(name) => Some(KeyOrigin::Body(name.clone())),
        Origin::Header(name) => Some(KeyOrigin::Header(name.clone())),
        Origin::Cookie(name) => Some(KeyOrigin::Cookie(name.clone())),
        _ => None,
    });
    let rest = || {
        let plain = matches!(value.what, What::None | What::Name(_));
        let constant = from.iter().all(|origin| *origin == Origin::Constant);
        if constant && (plain || !from.is_empty()) { KeyOrigin::Constant } else { KeyOrigin::Other }
    };
    chosen.unwrap_or_else(rest)
}

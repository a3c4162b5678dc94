//! Attributes: of the request, of rows along their relations, of the view.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::call::Args;
use super::class::Member;
use super::run::{Framework, Run};
use super::sent::changed;
use super::value::{Link, Origin, Origins, Query, Row, Source, Value, What};
use super::{How, Operation};
use crate::models::{Field, Model, RelationKind};

/// What every request has, apart from what says something of who asks.
const PLAIN: &[&str] = &[
    "accepted_renderer",
    "accepted_types",
    "body_stream",
    "build_absolute_uri",
    "content_params",
    "content_type",
    "current_app",
    "encoding",
    "environ",
    "get_full_path",
    "get_host",
    "get_port",
    "is_ajax",
    "is_secure",
    "path",
    "path_info",
    "scheme",
    "site",
    "upload_handlers",
    "urlconf",
    "version",
    "versioning_scheme",
    "LANGUAGE_CODE",
    "csp_nonce",
    "htmx",
    "headers_",
    "current_page",
    "toolbar",
    "id",
    "accepts",
    "_messages",
    "csrf_processing_done",
];

/// What names a row, a file or one of a few.
const CHOSEN: &[&str] = &["id", "name", "pk", "slug", "uuid", "value"];

impl<'a> Run<'a> {
    pub(super) fn attribute(&mut self, value: &Value, name: &str, place: Span) -> Value {
        match &value.what {
            What::Request => self.request(name),
            What::Name(of) => self.name_attribute(&of.clone(), name, place),
            What::Row(row) => self.row_attribute(value, &Rc::clone(row), name, place),
            What::New(new) => {
                let known = new.values.iter().rfind(|(field, _)| &**field == name);
                known.map_or_else(|| bound(value, name), |(_, value)| value.clone())
            }
            What::Form(form) => match (name, &form.instance) {
                ("instance", Some(instance)) => instance.clone(),
                ("instance", None) => match &form.model {
                    Some(model) => Value::new(What::New(Rc::new(super::value::New {
                        model: model.clone(),
                        values: Vec::new(),
                        form: None,
                    }))),
                    None => Value::other(),
                },
                ("cleaned_data" | "validated_data" | "data" | "initial_data" | "files", _) => {
                    let what = match name {
                        "cleaned_data" | "validated_data" => What::Cleaned(form.class.clone()),
                        _ => What::Mapping(Source::Body),
                    };
                    Value { what, from: Origin::Body(None).into() }
                }
                ("errors" | "fields", _) => Value::default(),
                _ => bound(value, name),
            },
            What::Query(query) if name == "model" => Value::new(What::Name(query.model.clone())),
            What::Schema(class) => self.schema_attribute(value, &class.clone(), name),
            What::This => self.view_attribute(value, name),
            What::Super(this, owner) if matches!(this.what, What::This) => {
                match self.member_of_view(name, Some(&owner.clone())) {
                    Member::Assigned(module, code, id) => self.class_value(module, code, id),
                    _ => bound(value, name),
                }
            }
            What::Query(_)
            | What::Mapping(_)
            | What::Cleaned(_)
            | What::Dict(_)
            | What::Super(..)
            | What::Instance(_) => bound(value, name),
            _ if name == "get" && value.is(&Origin::Body(None)) => bound(value, name),
            _ if matches!(name, "cleaned_data" | "validated_data") => {
                changed(Value::of(value.from.clone()))
            }
            // Of a row that a form has looked up, whoever sends it chooses which, and not what it holds.
            _ if value.from.iter().any(|origin| matches!(origin, Origin::Field(_)))
                && !CHOSEN.contains(&name) =>
            {
                Value::other()
            }
            _ => Value::of(value.from.clone()),
        }
    }

    pub(super) fn request(&self, name: &str) -> Value {
        let mapping = |source: Source, origin: Origin| Value {
            what: What::Mapping(source),
            from: origin.into(),
        };
        match name {
            "user" => self.asker(),
            "GET" | "query_params" => mapping(Source::Query, Origin::Query(None)),
            "POST" | "data" | "FILES" | "body" | "json" => {
                mapping(Source::Body, Origin::Body(None))
            }
            "META" => mapping(Source::Meta, Origin::Header(None)),
            "headers" => mapping(Source::Headers, Origin::Header(None)),
            "COOKIES" => mapping(Source::Cookies, Origin::Cookie(None)),
            "get_signed_cookie" => Value::from(Origin::Cookie(None)),
            "session" => Value::from(Origin::Session),
            "resolver_match" | "parser_context" => Value::from(Origin::Url(Arc::from(""))),
            "_request" => Value::new(What::Request),
            // `info.context` of graphene, `info.context.request` of strawberry.
            "context" | "request" if self.is_of(Framework::Graphql) => Value::new(What::Request),
            // One of a few words that everybody may send.
            "method" => Value::constant(),
            _ if PLAIN.contains(&name) => Value::other(),
            // What middleware or authentication has put there says who asks.
            _ => Value::from(Origin::User),
        }
    }

    fn name_attribute(&mut self, of: &QualifiedName, name: &str, place: Span) -> Value {
        match of {
            QualifiedName::Module(module) => {
                let found = self.world.program.resolve(*module, name);
                return self.global(found);
            }
            QualifiedName::External(external) if !self.world.models.is_user(of) => {
                let dotted = [external, ".", name].concat();
                return Value::new(What::Name(QualifiedName::External(Arc::from(dotted))));
            }
            _ => {}
        }
        let model = self.world.models.get(of);
        if model.is_some() || self.world.models.is_user(of) {
            let listed = model.is_some_and(|model| {
                model.managers.iter().any(|(attribute, _)| &**attribute == name)
            });
            if listed || matches!(name, "objects" | "_default_manager" | "_base_manager") {
                let query = self.manager(of, name, place);
                return Value::new(What::Query(Rc::new(query)));
            }
        }
        match self.member(of, name, None) {
            Member::Assigned(module, code, id) => {
                let value = self.class_value(module, code, id);
                if model.is_some() && matches!(value.what, What::Unknown) {
                    // A manager that is not recognised as one, or a field.
                    return bound(&Value::new(What::Name(of.clone())), name);
                }
                value
            }
            _ => bound(&Value::new(What::Name(of.clone())), name),
        }
    }

    fn row_attribute(&mut self, value: &Value, row: &Rc<Row>, name: &str, place: Span) -> Value {
        let asker = row.links.contains(&Link::Asker);
        if asker && matches!(name, "is_authenticated" | "is_anonymous" | "is_active") {
            return Value::default();
        }
        let from = Self::row_origins(value, row);
        let field = self.world.models.field(&row.model, name);
        if let Some(field) = field {
            let Some(relation) = &field.relation else { return Value::of(from) };
            if &*field.name != name || relation.kind == RelationKind::Generic {
                return Value::of(from);
            }
            let to = relation.to.clone();
            if relation.kind == RelationKind::ManyToMany {
                return self.related(row, &to, from, place);
            }
            let (mut links, mut from) = (through(row), from);
            if let Some(at) = self.found_among(row, &to) {
                links.push(Link::Access(at));
                from.insert(Origin::Row(at));
            }
            return Value { what: What::Row(Rc::new(Row { model: to, links })), from };
        }
        if let Some((model, single)) = self.reverse(&row.model, name) {
            let to = model.class.clone();
            return if single {
                Value { what: What::Row(Rc::new(Row { model: to, links: through(row) })), from }
            } else {
                self.related(row, &to, from, place)
            };
        }
        match self.member(&row.model, name, None) {
            Member::Method(method) if method.is_property() => {
                let given = self.invoke_method(&method, value, Args::default());
                given.with(&from)
            }
            Member::Method(_) => bound(value, name),
            _ if value.row().is_some() && is_row_method(name) => bound(value, name),
            _ => Value { what: What::Method(Rc::new(value.clone()), Arc::from(name)), from },
        }
    }

    /// The row among whose own a row was found: `order.lines.get(…).order` is the order. There must be no
    /// other relation by which it may be found there.
    fn found_among(&self, row: &Row, to: &QualifiedName) -> Option<usize> {
        let [Link::Access(at)] = &*row.links else { return None };
        let leads = |field: &&Field| field.relation.as_ref().is_some_and(|one| one.to == *to);
        let fields = &self.world.models.get(&row.model)?.fields;
        if fields.iter().filter(leads).count() != 1 {
            return None;
        }
        let same = |parent: &&usize| {
            let parent = self.accesses.get(**parent).filter(|_| **parent != *at);
            parent.is_some_and(|it| it.model == *to && it.operation == Operation::Fetch)
        };
        let mut parents = self.accesses.get(*at)?.parents.iter().filter(same);
        let found = parents.next()?;
        parents.next().is_none().then_some(*found)
    }

    /// What a row's attributes come from.
    fn row_origins(value: &Value, row: &Row) -> Origins {
        let mut from = value.from.clone();
        for link in &row.links {
            match link {
                Link::Access(at) | Link::Through(at) => from.insert(Origin::Row(*at)),
                Link::Asker => from.insert(Origin::User),
                Link::Unknown => from.insert(Origin::Other),
            }
        }
        from
    }

    /// The rows that hang on a row.
    fn related(&mut self, row: &Rc<Row>, to: &QualifiedName, from: Origins, place: Span) -> Value {
        let mut query = self.manager(to, "_default_manager", place);
        for link in &row.links {
            match link {
                Link::Access(at) | Link::Through(at) => {
                    query.parents.insert(*at);
                }
                Link::Asker => query.scoped = Some((How::Own, place)),
                Link::Unknown => {
                    query.unknown =
                        Some(Arc::from("where the row it hangs on is from is not known"));
                }
            }
        }
        query.holder = Some(Rc::clone(row));
        Value { what: What::Query(Rc::new(Query::clone(&query))), from }
    }

    /// The model whose relation gives a model this attribute, and whether it gives one row.
    fn reverse(&self, model: &QualifiedName, name: &str) -> Option<(&'a Model, bool)> {
        let models = self.world.models;
        let order = self.world.hierarchy.order(model);
        std::iter::once(model).chain(order.iter().skip(1)).find_map(|class| {
            let found = models.reverses(class).iter().find(|one| *one.accessor == *name)?;
            Some((models.holder(found)?, found.single))
        })
    }

    fn view_attribute(&mut self, this: &Value, name: &str) -> Value {
        if let Some(value) = self.heap.get(name) {
            return value.clone();
        }
        match name {
            "request" => return Value::new(What::Request),
            "kwargs" => {
                return Value {
                    what: What::Mapping(Source::Kwargs),
                    from: Origin::Url(Arc::from("")).into(),
                };
            }
            "args" => return Value::from(Origin::Url(Arc::from(""))),
            _ => {}
        }
        match self.member_of_view(name, None) {
            Member::Method(method) if method.is_property() => {
                let value = self.invoke_method(&method, this, Args::default());
                self.heap.insert(Arc::from(name), value.clone());
                value
            }
            Member::Assigned(module, code, id) => self.class_value(module, code, id),
            Member::Known(crate::hierarchy::KnownValue::None) => Value::new(What::None),
            Member::Known(crate::hierarchy::KnownValue::Str(text)) => {
                Value { what: What::Text(Arc::from(&**text)), from: Origin::Constant.into() }
            }
            Member::Known(_) => Value::constant(),
            _ => Value {
                what: What::Method(Rc::new(this.clone()), Arc::from(name)),
                from: Origin::Other.into(),
            },
        }
    }

    /// What the view's class has under a name.
    pub(super) fn member_of_view(&self, name: &str, after: Option<&QualifiedName>) -> Member<'a> {
        match &self.view {
            Some(class) => self.member(class, name, after),
            None => Member::Absent,
        }
    }
}

/// An attribute that is to be called.
fn bound(value: &Value, name: &str) -> Value {
    Value { what: What::Method(Rc::new(value.clone()), Arc::from(name)), from: value.from.clone() }
}

fn is_row_method(name: &str) -> bool {
    matches!(name, "save" | "delete" | "asave" | "adelete" | "refresh_from_db")
}

/// How the row at the other end of a relation was reached.
fn through(row: &Row) -> Vec<Link> {
    row.links
        .iter()
        .map(|link| match link {
            Link::Access(at) | Link::Through(at) => Link::Through(*at),
            other => other.clone(),
        })
        .collect()
}

//! Functions of Django and other packages that deal with objects.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::How;
use super::call::Args;
use super::record::Use;
use super::run::Run;
use super::sent::changed;
use super::value::{Origin, Origins, Query, Value, What};

impl Run<'_> {
    /// Calls a function or class of a package.
    pub(super) fn package_function(&mut self, name: &str, args: Args, place: Span) -> Value {
        let last = name.rsplit('.').next().unwrap_or(name);
        match last {
            "get_object_or_404" | "aget_object_or_404" => return self.shortcut(args, true, place),
            "get_list_or_404" | "aget_list_or_404" => return self.shortcut(args, false, place),
            "get_user_model" => return Value::new(What::Name(self.user_model())),
            "get_user" | "aget_user" if name.starts_with("django.contrib.auth") => {
                return self.asker();
            }
            "get_model" if name.starts_with("django.apps") => return self.registered(&args),
            "get_objects_for_user" if name.starts_with("guardian") => {
                return self.guardian(&args, place);
            }
            "user_passes_test" if name.starts_with("django.contrib.auth") => {
                self.passed_test(&args, place);
                return Value::other();
            }
            "Q" if name.starts_with("django.db") => return lookups(args),
            "getattr" if name.starts_with("builtins") => return self.getattr(&args, place),
            "login" | "alogin" if name.starts_with("django.contrib.auth") => {
                self.log_in(&args, place);
            }
            "setattr" if name.starts_with("builtins") => self.set_attributes(&args),
            "loads" if name.starts_with("django.core.signing") => {
                return Value::from(Origin::Signed);
            }
            // Making one of a text checks its signature.
            "AccessToken" | "RefreshToken" | "SlidingToken" | "UntypedToken"
                if name.starts_with("rest_framework_simplejwt.tokens") =>
            {
                return Value::from(Origin::Signed);
            }
            // Whatever has a name may be in there.
            "locals" | "vars" if name.starts_with("builtins") => {
                self.accesses.iter_mut().for_each(|access| access.used = Use::Shown);
            }
            "redirect" | "HttpResponseRedirect" | "HttpResponsePermanentRedirect"
                if name.starts_with("django.") =>
            {
                self.led(&args);
                return Value::other();
            }
            "reverse" | "reverse_lazy" | "resolve_url" if name.starts_with("django.") => {
                return Value { what: What::Address, from: args.union() };
            }
            "cast" if name.starts_with("typing") => {
                return args.positional.get(1).cloned().unwrap_or_default();
            }
            _ => {}
        }
        if name == "django.contrib.auth.models.User" {
            let class = QualifiedName::External(Arc::from(name));
            return self.construct(&class, args, place);
        }
        if name.starts_with("django.db.models") {
            // Expressions inside of queries read nothing themselves.
            return Value::of(args.union());
        }
        match (last, args.positional.first()) {
            (
                "list" | "tuple" | "sorted" | "set" | "reversed" | "enumerate" | "iter",
                Some(all),
            ) if name.starts_with("builtins") && all.query().is_some() => {
                let one = self.element(&all.clone());
                let from = one.from.clone();
                Value { what: What::Tuple(Rc::new(vec![one])), from }
            }
            ("next", Some(all)) if name.starts_with("builtins") => self.element(&all.clone()),
            ("int" | "str" | "bool" | "len" | "hasattr" | "isinstance" | "type", _)
                if name.starts_with("builtins") =>
            {
                Value::of(args.union())
            }
            _ => {
                let value = self.opaque(&Value::default(), &args);
                if is_conversion(last) { value } else { changed(value) }
            }
        }
    }

    /// A query of a model's default manager, a manager or a queryset.
    fn any_query(&mut self, value: &Value, place: Span) -> Option<Rc<Query>> {
        match &value.what {
            What::Query(query) => Some(Rc::clone(query)),
            What::Name(model)
                if self.world.models.get(model).is_some() || self.world.models.is_user(model) =>
            {
                let query = self.manager(&model.clone(), "_default_manager", place);
                Some(Rc::new(query))
            }
            _ => None,
        }
    }

    /// `get_object_or_404`, `get_list_or_404`.
    fn shortcut(&mut self, args: Args, one: bool, place: Span) -> Value {
        let Some(first) = args.positional.first().cloned() else { return Value::other() };
        let Some(query) = self.any_query(&first, place) else {
            return self.opaque(&Value::default(), &args);
        };
        let narrowed = self.filtered(&first, &query, &args.rest(), place);
        if !one {
            return narrowed;
        }
        let narrowed = narrowed.query().map_or(query, Rc::clone);
        self.fetched(&narrowed, place, true)
    }

    /// `apps.get_model("shop", "Order")`.
    fn registered(&self, args: &Args) -> Value {
        let text = |at: usize| args.positional.get(at).and_then(Self::text);
        let found = match (text(0), text(1)) {
            (Some(app), Some(model)) => self.world.models.labelled(&app, &model),
            (Some(label), None) => label
                .split_once('.')
                .and_then(|(app, model)| self.world.models.labelled(app, model)),
            _ => None,
        };
        found.map_or_else(Value::other, |model| Value::new(What::Name(model.class.clone())))
    }

    /// `get_objects_for_user(user, "shop.view_order", klass)`.
    fn guardian(&mut self, args: &Args, place: Span) -> Value {
        let class = args.get(2, "klass").cloned();
        let query = class.and_then(|class| self.any_query(&class, place));
        let Some(query) = query else { return Value::from(Origin::User) };
        let mut query = Query::clone(&query);
        query.scoped = Some((How::Method(Arc::from("get_objects_for_user")), place));
        Value { what: What::Query(Rc::new(query)), from: args.union() }
    }

    fn getattr(&mut self, args: &Args, place: Span) -> Value {
        let (Some(of), Some(name)) = (args.positional.first(), args.positional.get(1)) else {
            return Value::other();
        };
        match Self::text(name) {
            Some(name) => {
                let of = of.clone();
                self.attribute(&of, &name, place)
            }
            None => Value::of(args.union()),
        }
    }
}

/// Whether a function of a package gives what it is given in another form.
fn is_conversion(name: &str) -> bool {
    matches!(
        name,
        "Decimal"
            | "UUID"
            | "float"
            | "format"
            | "from_global_id"
            | "loads"
            | "load"
            | "parse_date"
            | "parse_datetime"
            | "round"
            | "strip_tags"
            | "unquote"
    )
}

/// `Q(owner=request.user)`.
fn lookups(args: Args) -> Value {
    let from: Origins = args.union();
    let inner = args.positional.iter().filter_map(|value| match &value.what {
        What::Lookups(inner) => Some(Rc::clone(inner)),
        _ => None,
    });
    let inner: Vec<_> = inner.flat_map(|all| Vec::clone(&all)).collect();
    let all = args.keywords.into_iter().chain(inner).collect();
    Value { what: What::Lookups(Rc::new(all)), from }
}

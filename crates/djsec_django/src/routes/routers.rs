//! Routers of DRF: what `register` collects, and the patterns that `urls` makes of it.

use std::rc::Rc;
use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, SeqVal, Val};
use djsec_python::worlds::Guard;

use super::library::{UrlLibrary, VIEW};
use super::urls::{REGEX_PATTERN, ROUTE_PATTERN, instance, pattern_of, text_pattern};
use super::viewset::Action;
use super::{nested, suffixes};

/// One kind of address that a router makes for each viewset.
#[derive(Debug, Clone)]
struct Template {
    url: String,
    /// Methods with actions; absent for the place of the viewset's own actions.
    mapping: Option<Vec<(Arc<str>, Arc<str>)>>,
    name: String,
    detail: bool,
    initkwargs: Vec<(Arc<str>, Val)>,
}

/// Whether this is a router of DRF or of a package that extends it.
pub(super) fn is_router(class: &str) -> bool {
    let package = class.split('.').next().unwrap_or(class);
    matches!(package, "rest_framework" | "rest_framework_nested" | "rest_framework_extensions")
        && (class.ends_with("Router") || class.ends_with("RouterMixin"))
        || matches!(class, "rest_framework_bulk.routes.BulkRouter")
}

fn templates() -> Vec<Template> {
    let map = |pairs: &[(&str, &str)]| {
        Some(pairs.iter().map(|(m, a)| (Arc::from(*m), Arc::from(*a))).collect())
    };
    let suffix = |text: &str| vec![(Arc::from("suffix"), Val::str(text))];
    let template = |url: &str, mapping, name: &str, detail, initkwargs| Template {
        url: url.to_owned(),
        mapping,
        name: name.to_owned(),
        detail,
        initkwargs,
    };
    vec![
        template(
            "^{prefix}{trailing_slash}$",
            map(&[("get", "list"), ("post", "create")]),
            "{basename}-list",
            false,
            suffix("List"),
        ),
        template(
            "^{prefix}/{url_path}{trailing_slash}$",
            None,
            "{basename}-{url_name}",
            false,
            vec![],
        ),
        template(
            "^{prefix}/{lookup}{trailing_slash}$",
            map(&[
                ("get", "retrieve"),
                ("put", "update"),
                ("patch", "partial_update"),
                ("delete", "destroy"),
            ]),
            "{basename}-detail",
            true,
            suffix("Instance"),
        ),
        template(
            "^{prefix}/{lookup}/{url_path}{trailing_slash}$",
            None,
            "{basename}-{url_name}",
            true,
            vec![],
        ),
    ]
}

/// A router while its patterns are made.
struct Router<'r, 'l, 'i> {
    library: &'r UrlLibrary<'l>,
    it: &'r mut Interp<'i>,
    id: ObjId,
    class: &'r str,
    at: At,
}

/// A method of a router.
pub(super) fn method(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    (id, class): (ObjId, &str),
    name: &str,
    args: &Args,
    at: At,
) -> Option<Val> {
    let mut router = Router { library, it, id, class, at };
    match name {
        "__init__" => {
            if let Some(Object::Inst(inst)) = router.it.object_mut(id, at) {
                inst.args.clone_from(&args.positional);
                inst.keywords.clone_from(&args.keywords);
            }
            Some(Val::of(Leaf::None, Some(at.span)))
        }
        "register" => {
            router.register(args, None);
            Some(nested::item(router.it, id, args, None, at))
        }
        "get_urls" => Some(router.all_urls()),
        "get_default_basename" => {
            let viewset = args.positional.first().and_then(Val::single).cloned()?;
            let class = router.library.class_name(router.it, &viewset)?;
            router.default_basename(&class).map(Val::str)
        }
        "get_api_root_view" => Some(router.root_view()),
        _ => None,
    }
}

/// `register` of what `register` gave: below another viewset (drf-extensions).
pub(super) fn register_below(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    item: ObjId,
    args: &Args,
    at: At,
) -> Option<Val> {
    let (id, prefix) = nested::place(library, it, item, args, at)?;
    let mut router = Router { library, it, id, class: "", at };
    router.register(args, Some(prefix));
    Some(nested::item(router.it, id, args, Some(item), at))
}

/// An attribute of a router.
pub(super) fn attribute(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    (id, class): (ObjId, &str),
    name: &str,
    at: At,
) -> Option<Val> {
    match name {
        "registry" => {
            let mut router = Router { library, it, id, class, at };
            Some(Val::of(Leaf::Ref(router.registry()), Some(at.span)))
        }
        "urls" => {
            let this = Val::of(Leaf::Ref(id), Some(at.span));
            let method = it.attribute(&this, "get_urls", at);
            Some(it.call_value(&method, &Args::default(), at))
        }
        "register" | "get_urls" | "get_default_basename" | "get_api_root_view" | "__init__" => {
            let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(id), Arc::from(name))));
            Some(Val::of(method, Some(at.span)))
        }
        _ => None,
    }
}

impl Router<'_, '_, '_> {
    fn own(&self, name: &str) -> Option<Val> {
        let Some(Object::Inst(inst)) = self.it.object(self.id) else { return None };
        let given = inst.attrs.iter().chain(&inst.keywords);
        given.into_iter().find(|(known, _)| &**known == name).map(|(_, val)| val.clone())
    }

    /// An attribute that the instance or a class of the project sets.
    fn option(&mut self, name: &str) -> Option<Val> {
        if let Some(val) = self.own(name) {
            return Some(val);
        }
        let Some(Object::Inst(inst)) = self.it.object(self.id) else { return None };
        if !matches!(inst.class, Leaf::Ref(_)) {
            return None;
        }
        self.it.attribute_of_object(self.id, name, self.at)
    }

    fn argument(&self, position: usize) -> Option<Val> {
        let Some(Object::Inst(inst)) = self.it.object(self.id) else { return None };
        inst.args.get(position).cloned()
    }

    fn registry(&mut self) -> ObjId {
        if let Some(Leaf::Ref(list)) = self.own("registry").as_ref().and_then(Val::single) {
            return *list;
        }
        let list = self.it.alloc(Object::List(SeqVal::default()));
        let val = Val::of(Leaf::Ref(list), Some(self.at.span));
        if let Some(Object::Inst(inst)) = self.it.object_mut(self.id, self.at) {
            inst.attrs.push((Arc::from("registry"), val));
        }
        list
    }

    /// `register(prefix, viewset, basename)`.
    fn register(&mut self, args: &Args, prefix: Option<String>) {
        let span = Some(self.at.span);
        let prefix = prefix.map(Val::str).or_else(|| args.at(0, "prefix").cloned());
        let prefix = prefix.unwrap_or_else(|| Val::str(""));
        let viewset = args.at(1, "viewset").cloned().unwrap_or_default();
        let basename = args
            .at(2, "basename")
            .or_else(|| args.keyword("base_name"))
            .cloned()
            .filter(|val| !matches!(val.single(), Some(Leaf::None)));
        let basename = basename.unwrap_or_else(|| {
            let method = self.it.attribute_of_object(self.id, "get_default_basename", self.at);
            let args = Args::positional(vec![viewset.clone()]);
            method.map_or_else(Val::nothing, |m| self.it.call_value(&m, &args, self.at))
        });
        let items = [prefix, viewset, basename].map(|part| (Guard::ALWAYS, part)).to_vec();
        let entry = Val::of(Leaf::Tuple(Rc::new(SeqVal { items, open: false })), span);
        let (pc, at) = (self.at.pc, self.at);
        let list = self.registry();
        if let Some(Object::List(seq)) = self.it.object_mut(list, at) {
            seq.items.push((pc, entry));
        }
    }

    fn default_basename(&self, viewset: &QualifiedName) -> Option<String> {
        let model = self.library.queryset_model(viewset)?;
        let dotted = self.library.names.program.dotted(&model)?;
        dotted.rsplit('.').next().map(str::to_lowercase)
    }

    fn is_default(&self) -> bool {
        let class = self.library.class_name(self.it, &Leaf::Ref(self.id));
        self.class.ends_with("DefaultRouter")
            || class.is_some_and(|class| {
                self.library.names.derives(&class, |base| base.ends_with(".DefaultRouter"))
            })
    }

    fn uses_regex(&mut self) -> bool {
        let given = self.own("use_regex_path").or_else(|| self.argument(1));
        given.and_then(|val| val.as_bool()).unwrap_or(true)
    }

    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is not general enough in its lifetimes"
    )]
    fn trailing_slash(&mut self) -> String {
        let nested = self.nested();
        let given = self.option("trailing_slash");
        let given = given.or_else(|| if nested.is_none() { self.argument(0) } else { None });
        match given.as_ref().and_then(Val::single) {
            Some(Leaf::Bool(false) | Leaf::None) => String::new(),
            Some(Leaf::Str(text)) => text.to_string(),
            _ => match nested {
                Some((parent, _)) => self.other(parent, |router| router.trailing_slash()),
                None => "/".to_owned(),
            },
        }
    }

    fn other<T>(&mut self, id: ObjId, f: impl FnOnce(&mut Router<'_, '_, '_>) -> T) -> T {
        let class = match self.it.object(id) {
            Some(Object::Inst(inst)) => match &inst.class {
                Leaf::Ext(class) => Some(Arc::clone(class)),
                Leaf::Ref(class) => self.it.external_base_of_class(*class),
                _ => None,
            },
            _ => None,
        };
        let class = class.unwrap_or_else(|| Arc::from(""));
        let (library, at) = (self.library, self.at);
        f(&mut Router { library, it: self.it, id, class: &class, at })
    }

    /// The parent of a nested router, and the parent's prefix it hangs under.
    fn nested(&self) -> Option<(ObjId, Arc<str>)> {
        if !self.class.starts_with("rest_framework_nested.") || !self.class.contains("Nested") {
            return None;
        }
        let parent = self.own("parent_router").or_else(|| self.argument(0))?;
        let prefix = self.own("parent_prefix").or_else(|| self.argument(1))?;
        match parent.single()? {
            Leaf::Ref(id) if *id != self.id => Some((*id, prefix.as_str()?)),
            _ => None,
        }
    }

    /// What stands before the patterns of a nested router.
    fn parent_pattern(&mut self, depth: u32) -> (String, u32) {
        let Some((parent, prefix)) = self.nested().filter(|_| depth < 8) else {
            return (String::new(), 0);
        };
        let at = self.at;
        let (above, count) = self.other(parent, |router| router.parent_pattern(depth + 1));
        let count = count + 1;
        let lookup = self.own("lookup").and_then(|val| val.as_str());
        let lookup = lookup.map_or_else(|| format!("nested_{count}"), |text| text.to_string());
        let own = self.other(parent, |router| {
            let list = router.registry();
            let list = Val::of(Leaf::Ref(list), None);
            let entries = router.it.iterate(&list, at).items;
            let viewset = entries.into_iter().find_map(|(_, entry)| {
                let Some(Leaf::Tuple(parts)) = entry.single() else { return None };
                let mut parts = parts.items.iter().map(|(_, part)| part);
                (parts.next()?.as_str()? == prefix).then(|| parts.next().cloned())?
            })?;
            let class = router.library.class_name(router.it, viewset.single()?)?;
            Some(router.lookup(&class, &format!("{lookup}_")))
        });
        let own = format!("{prefix}/{}/", own.unwrap_or_default());
        let own = if prefix.is_empty() { own.trim_start_matches('/').to_owned() } else { own };
        (format!("{above}{own}"), count)
    }

    /// The part of the pattern that finds one object.
    fn lookup(&mut self, viewset: &QualifiedName, prefix: &str) -> String {
        let text = |name: &str| self.library.class_text(viewset, name);
        let field = text("lookup_url_kwarg").or_else(|| text("lookup_field"));
        let field = field.unwrap_or_else(|| "pk".to_owned());
        let (regex, converter) = (text("lookup_value_regex"), text("lookup_value_converter"));
        if self.uses_regex() {
            let value = regex.unwrap_or_else(|| "[^/.]+".to_owned());
            return format!("(?P<{prefix}{field}>{value})");
        }
        let value = converter.or(regex).unwrap_or_else(|| "str".to_owned());
        format!("<{value}:{prefix}{field}>")
    }

    fn templates(&mut self) -> Vec<Template> {
        let Some(own) = self.option("routes") else { return templates() };
        let items = self.it.iterate(&own, self.at).items;
        let read: Vec<Template> =
            items.iter().filter_map(|(_, item)| self.template(item.single()?)).collect();
        if read.is_empty() { templates() } else { read }
    }

    /// A `Route` or `DynamicRoute` of the project.
    fn template(&self, leaf: &Leaf) -> Option<Template> {
        let Leaf::Ref(id) = leaf else { return None };
        let Some(Object::Inst(inst)) = self.it.object(*id) else { return None };
        let Leaf::Ext(class) = &inst.class else { return None };
        let dynamic = class.contains("Dynamic");
        let args =
            Args { positional: inst.args.clone(), keywords: inst.keywords.clone(), open: false };
        let order: &[&str] = if dynamic {
            &["url", "name", "detail", "initkwargs"]
        } else {
            &["url", "mapping", "name", "detail", "initkwargs"]
        };
        let part = |name: &str| {
            let position = order.iter().position(|known| *known == name)?;
            args.at(position, name).cloned()
        };
        let detail = part("detail").and_then(|val| val.as_bool());
        let detail = detail.unwrap_or_else(|| class.contains("Detail"));
        let pairs = |val: Option<Val>| match val.as_ref().and_then(Val::single) {
            Some(Leaf::Ref(id)) => match self.it.object(*id) {
                Some(Object::Dict(dict)) => dict.entries.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let mapping = pairs(part("mapping"))
            .into_iter()
            .filter_map(|(key, val)| match key {
                Leaf::Str(key) => Some((key, val.as_str()?)),
                _ => None,
            })
            .collect();
        let initkwargs = pairs(part("initkwargs"))
            .into_iter()
            .filter_map(|(key, val)| match key {
                Leaf::Str(key) => Some((key, val)),
                _ => None,
            })
            .collect();
        Some(Template {
            url: part("url")?.as_str()?.to_string(),
            mapping: (!dynamic).then_some(mapping),
            name: part("name")?.as_str()?.to_string(),
            detail,
            initkwargs,
        })
    }

    /// The patterns of all viewsets, with root view and format suffixes where the router adds them.
    fn all_urls(&mut self) -> Val {
        let mut seq = self.viewset_urls();
        if self.is_default() {
            let on = |val: Option<Val>| val.and_then(|val| val.as_bool()).unwrap_or(true);
            if on(self.option("include_root_view")) {
                let root = self.root_pattern();
                seq.items.push((Guard::ALWAYS, root));
            }
            if on(self.option("include_format_suffixes")) {
                seq = suffixes::apply(self.it, &seq, &suffixes::Suffix::default(), self.at);
            }
        }
        self.it.list(seq, self.at)
    }

    fn root_pattern(&mut self) -> Val {
        let method = self.it.attribute_of_object(self.id, "get_api_root_view", self.at);
        let view = match method {
            Some(method) => self.it.call_value(&method, &Args::default(), self.at),
            None => self.root_view(),
        };
        let name = self.option("root_view_name").unwrap_or_else(|| Val::str("api-root"));
        let old = self.library.is_older("djangorestframework", 3, 15);
        let (class, text) = if old { (REGEX_PATTERN, "^$") } else { (ROUTE_PATTERN, "") };
        let text = text_pattern(self.it, class, Val::str(text), self.at);
        self.made(text, &view, name)
    }

    fn root_view(&mut self) -> Val {
        let class = self.option("APIRootView");
        let class = class.unwrap_or_else(|| {
            Val::of(Leaf::Ext(Arc::from("rest_framework.routers.APIRootView")), None)
        });
        let dict = self.it.dict(djsec_python::eval::DictVal::default(), self.at);
        let attrs = vec![("view_class", class.clone()), ("cls", class)];
        let view = instance(self.it, VIEW, attrs, self.at);
        if let Some(Leaf::Ref(id)) = view.single()
            && let Some(Object::Inst(inst)) = self.it.object_mut(*id, self.at)
        {
            inst.keywords.push((Arc::from("api_root_dict"), dict));
        }
        view
    }

    fn made(&mut self, text: Val, view: &Val, name: Val) -> Val {
        let made = pattern_of(self.library, self.it, text, view, (None, Some(name)), self.at);
        if let Some(Leaf::Ref(id)) = made.single()
            && let Some(Object::Inst(inst)) = self.it.object_mut(*id, self.at)
        {
            inst.attrs.push((Arc::from("djsec origin"), Val::str("router")));
        }
        made
    }

    fn viewset_urls(&mut self) -> SeqVal {
        let mut out = SeqVal::default();
        let list = self.registry();
        let (parent, _) = self.parent_pattern(0);
        let slash = self.trailing_slash();
        let templates = self.templates();
        let list = Val::of(Leaf::Ref(list), None);
        let entries = self.it.iterate(&list, self.at);
        out.open = entries.open;
        let whole = self.at;
        for (guard, entry) in entries.items {
            for alt in &entry.alts {
                let Leaf::Tuple(parts) = &alt.leaf else { continue };
                let mut parts = parts.items.iter().map(|(_, part)| part.clone());
                let (prefix, viewset, basename) = (parts.next(), parts.next(), parts.next());
                let (Some(prefix), Some(viewset)) = (prefix, viewset) else { continue };
                let guard = self.it.worlds.and(guard, alt.guard);
                self.at.span = alt.span.unwrap_or(whole.span);
                let registered = Registered {
                    prefix: prefix.as_str().unwrap_or_else(|| Arc::from("{not known}")),
                    viewset: viewset.alts.first().map_or(Leaf::Absent, |alt| alt.leaf.clone()),
                    basename: basename.and_then(|val| val.as_str()),
                };
                let made = self.one(&registered, &templates, (&parent, &slash));
                out.items.extend(made.into_iter().map(|val| (guard, val)));
            }
        }
        self.at = whole;
        out
    }

    fn one(
        &mut self,
        registered: &Registered,
        templates: &[Template],
        (parent, slash): (&str, &str),
    ) -> Vec<Val> {
        let Some(class) = self.library.class_name(self.it, &registered.viewset) else {
            let text = text_pattern(self.it, REGEX_PATTERN, Val::str(&*registered.prefix), self.at);
            let view = Val::of(registered.viewset.clone(), Some(self.at.span));
            let name = Val::of(Leaf::None, None);
            return vec![self.made(text, &view, name)];
        };
        let lookup = self.lookup(&class, "");
        let actions = self.library.actions(self.it, &class, self.at);
        let mut out = Vec::new();
        for template in templates {
            let concrete: Vec<Template> = match &template.mapping {
                Some(_) => vec![template.clone()],
                None => actions
                    .iter()
                    .filter(|action| action.detail == template.detail)
                    .map(|action| for_action(template, action))
                    .collect(),
            };
            for route in concrete {
                let mapping: Vec<(Arc<str>, Arc<str>)> = route.mapping.clone().unwrap_or_default();
                let mapping: Vec<_> = mapping
                    .into_iter()
                    .filter(|(_, action)| self.library.has_member(&class, action))
                    .collect();
                if !mapping.is_empty() {
                    let address = (lookup.as_str(), parent, slash);
                    out.push(self.pattern(registered, &route, &mapping, address));
                }
            }
        }
        out
    }

    fn pattern(
        &mut self,
        registered: &Registered,
        route: &Template,
        mapping: &[(Arc<str>, Arc<str>)],
        (lookup, parent, slash): (&str, &str, &str),
    ) -> Val {
        let regex = self.uses_regex();
        let mut url = route.url.clone();
        if !regex {
            url = url.trim_start_matches('^').trim_end_matches('$').to_owned();
        }
        let url = fill(
            &url,
            &[("{prefix}", &registered.prefix), ("{lookup}", lookup), ("{trailing_slash}", slash)],
        );
        let url = match (registered.prefix.is_empty(), url.strip_prefix("^/")) {
            (true, Some(rest)) => format!("^{rest}"),
            (true, None) if !regex => url.trim_start_matches('/').to_owned(),
            _ => url,
        };
        let url = match url.strip_prefix('^') {
            Some(rest) => format!("^{parent}{rest}"),
            None => format!("{parent}{url}"),
        };
        let class = if regex { REGEX_PATTERN } else { ROUTE_PATTERN };
        let text = text_pattern(self.it, class, Val::str(url), self.at);
        let basename = registered.basename.clone().unwrap_or_else(|| Arc::from("{not known}"));
        let name = fill(&route.name, &[("{basename}", &basename)]);
        let mut keywords = route.initkwargs.clone();
        keywords.push((Arc::from("basename"), Val::str(basename)));
        keywords.push((Arc::from("detail"), Val::of(Leaf::Bool(route.detail), None)));
        let entries = mapping.iter().map(|(m, a)| (&**m, Val::str(Arc::clone(a)))).collect();
        let dict = self.it.dict_of(entries, self.at);
        let class = Val::of(registered.viewset.clone(), Some(self.at.span));
        let attrs = vec![("view_class", class.clone()), ("cls", class)];
        let view = instance(self.it, VIEW, attrs, self.at);
        if let Some(Leaf::Ref(id)) = view.single()
            && let Some(Object::Inst(inst)) = self.it.object_mut(*id, self.at)
        {
            inst.args.push(dict);
            inst.keywords = keywords;
        }
        self.made(text, &view, Val::str(name))
    }
}

/// What one `register` said.
struct Registered {
    prefix: Arc<str>,
    viewset: Leaf,
    basename: Option<Arc<str>>,
}

fn for_action(template: &Template, action: &Action) -> Template {
    let mut initkwargs = template.initkwargs.clone();
    initkwargs.extend(action.kwargs.iter().cloned());
    Template {
        url: template.url.replace("{url_path}", &action.url_path),
        mapping: Some(action.mapping.clone()),
        name: template.name.replace("{url_name}", &action.url_name),
        detail: template.detail,
        initkwargs,
    }
}

/// Python's `format` with these names, which puts nothing in what it has put in.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    'text: while let Some(at) = rest.find('{') {
        let (head, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(head);
        for (name, value) in values {
            if let Some(after) = tail.strip_prefix(name) {
                out.push_str(value);
                rest = after;
                continue 'text;
            }
        }
        out.push('{');
        rest = tail.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

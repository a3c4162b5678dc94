//! Admin sites: which models they know, and the pages they have.

use std::rc::Rc;
use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Object, SeqVal, Val};
use djsec_python::worlds::Guard;

use super::library::{RESOLVER, UrlLibrary};
use super::packaged;
use super::urls::{REGEX_PATTERN, ROUTE_PATTERN, attr, instance, pattern_of, text_pattern};
use crate::hierarchy::AttributeValue;

/// Django's own site.
pub(super) const SITE: &str = "django.contrib.admin.sites.AdminSite";
const MODEL_ADMIN: &str = "django.contrib.admin.options.ModelAdmin";
/// Class of what `site.urls` holds until the URLconf is walked.
pub(super) const ADMIN_URLS: &str = "djsec.AdminUrls";
/// Class of a page of an admin site.
pub(super) const PAGE: &str = "djsec.AdminPage";
/// Class of `admin.register(…)` before it meets its class.
pub(super) const REGISTER: &str = "djsec.AdminRegister";

/// One `register` or `unregister`.
#[derive(Debug, Clone)]
pub(super) struct Registration {
    site: ObjId,
    model: QualifiedName,
    /// The class of its pages; absent to unregister it.
    admin: Option<QualifiedName>,
    when: Guard,
}

/// Whether this is a class of admin sites.
pub(super) fn is_site(class: &str) -> bool {
    class.starts_with("django.contrib.admin.") && class.ends_with(".AdminSite")
        || class.rsplit('.').next().is_some_and(|last| last.contains("AdminSite"))
}

/// Pages that a site has besides those of its models: pattern, method, name.
const SITE_PAGES: &[(&str, &str, &str)] = &[
    ("", "index", "index"),
    ("login/", "login", "login"),
    ("logout/", "logout", "logout"),
    ("password_change/", "password_change", "password_change"),
    ("password_change/done/", "password_change_done", "password_change_done"),
    ("autocomplete/", "autocomplete_view", "autocomplete"),
    ("jsi18n/", "i18n_javascript", "jsi18n"),
    ("r/<path:content_type_id>/<path:object_id>/", "shortcut", "view_on_site"),
];

/// Pages of each model: pattern, method, end of the name.
const MODEL_PAGES: &[(&str, &str, &str)] = &[
    ("", "changelist_view", "changelist"),
    ("add/", "add_view", "add"),
    ("<path:object_id>/history/", "history_view", "history"),
    ("<path:object_id>/delete/", "delete_view", "delete"),
    ("<path:object_id>/change/", "change_view", "change"),
];

impl UrlLibrary<'_> {
    /// `admin.site`.
    pub(super) fn default_site(&self, it: &mut Interp<'_>, at: At) -> Val {
        if let Some(known) = self.site.get() {
            return Val::of(Leaf::Ref(known), Some(at.span));
        }
        let apps = self.apps(it, at);
        let own = apps
            .iter()
            .filter(|app| &*app.module == "django.contrib.admin")
            .find_map(|app| self.class_text(app.config.as_ref()?, "default_site"));
        let class = own.unwrap_or_else(|| SITE.to_owned());
        let made = match self.names.qualify(&class) {
            name @ QualifiedName::Project(..) => {
                self.run(it, &name, at).map(|class| it.call_value(&class, &Args::default(), at))
            }
            _ => None,
        };
        let made = made.unwrap_or_else(|| it.external_instance(&class, &Args::default(), at));
        if let Some(Leaf::Ref(id)) = made.single() {
            self.site.set(Some(*id));
        }
        made
    }

    /// `admin.register(Model, site=…)`, to be called with a class.
    pub(super) fn register_decorator(&self, it: &mut Interp<'_>, args: &Args, at: At) -> Val {
        let site = match args.keyword("site") {
            Some(site) if !matches!(site.single(), Some(Leaf::None)) => site.clone(),
            _ => self.default_site(it, at),
        };
        let items = args.positional.iter().map(|model| (Guard::ALWAYS, model.clone())).collect();
        let models = it.list(SeqVal { items, open: args.open }, at);
        instance(it, REGISTER, vec![("site", site), ("models", models)], at)
    }

    /// The decorator meets its class.
    pub(super) fn decorate_admin(
        &self,
        it: &mut Interp<'_>,
        this: &Leaf,
        args: &Args,
        at: At,
    ) -> Val {
        let admin = args.positional.first().cloned().unwrap_or_default();
        let site = attr(it, this, "site").unwrap_or_default();
        let models = attr(it, this, "models").unwrap_or_default();
        if let Some(Leaf::Ref(site)) = site.single() {
            self.register(it, *site, &models, Some(&admin), at);
        }
        admin
    }

    fn register(
        &self,
        it: &mut Interp<'_>,
        site: ObjId,
        models: &Val,
        admin: Option<&Val>,
        at: At,
    ) {
        let list = match models.single() {
            Some(Leaf::Tuple(_)) => true,
            Some(Leaf::Ref(id)) => matches!(it.object(*id), Some(Object::List(_) | Object::Set(_))),
            _ => false,
        };
        let each =
            if list { it.iterate(models, at).items } else { vec![(Guard::ALWAYS, models.clone())] };
        let admin = admin
            .and_then(|admin| admin.alts.iter().find_map(|alt| self.class_name(it, &alt.leaf)))
            .unwrap_or_else(|| QualifiedName::External(Arc::from(MODEL_ADMIN)));
        for (guard, model) in each {
            for alt in &model.alts {
                let when = it.worlds.and(guard, alt.guard);
                let when = it.worlds.and(when, at.pc);
                if let Some(model) = self.class_name(it, &alt.leaf) {
                    let admin = Some(admin.clone());
                    self.registrations.borrow_mut().push(Registration { site, model, admin, when });
                }
            }
        }
    }

    fn unregister(&self, it: &mut Interp<'_>, site: ObjId, models: &Val, at: At) {
        let before = self.registrations.borrow().len();
        self.register(it, site, models, None, at);
        for registration in self.registrations.borrow_mut().iter_mut().skip(before) {
            registration.admin = None;
        }
    }

    /// A method of an admin site.
    pub(super) fn site_method(
        &self,
        it: &mut Interp<'_>,
        site: ObjId,
        name: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        match name {
            "register" => {
                let models = args.at(0, "model_or_iterable").cloned()?;
                let admin = args.at(1, "admin_class").cloned();
                let admin = admin.filter(|admin| !matches!(admin.single(), Some(Leaf::None)));
                self.register(it, site, &models, admin.as_ref(), at);
                Some(Val::of(Leaf::None, Some(at.span)))
            }
            "unregister" => {
                let models = args.at(0, "model_or_iterable").cloned()?;
                self.unregister(it, site, &models, at);
                Some(Val::of(Leaf::None, Some(at.span)))
            }
            "get_urls" => Some(self.site_urls(it, site, at)),
            "__init__" => {
                if let Some(Object::Inst(inst)) = it.object_mut(site, at) {
                    inst.args.clone_from(&args.positional);
                    inst.keywords.clone_from(&args.keywords);
                }
                Some(Val::of(Leaf::None, Some(at.span)))
            }
            _ => None,
        }
    }

    /// An attribute of an admin site.
    pub(super) fn site_attribute(
        it: &mut Interp<'_>,
        site: ObjId,
        name: &str,
        at: At,
    ) -> Option<Val> {
        match name {
            "urls" => {
                let this = Val::of(Leaf::Ref(site), Some(at.span));
                let urls = instance(it, ADMIN_URLS, vec![("site", this)], at);
                let name = Self::site_name(it, site);
                let parts = [urls, Val::str("admin"), Val::str(name)];
                let items = parts.map(|part| (Guard::ALWAYS, part)).to_vec();
                let tuple = Leaf::Tuple(Rc::new(SeqVal { items, open: false }));
                Some(Val::of(tuple, Some(at.span)))
            }
            "name" => Some(Val::str(Self::site_name(it, site))),
            "register" | "unregister" | "get_urls" | "admin_view" | "__init__" => {
                let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(site), Arc::from(name))));
                Some(Val::of(method, Some(at.span)))
            }
            _ => None,
        }
    }

    fn site_name(it: &Interp<'_>, site: ObjId) -> Arc<str> {
        let given = match it.object(site) {
            Some(Object::Inst(inst)) => {
                let args = Args {
                    positional: inst.args.clone(),
                    keywords: inst.keywords.clone(),
                    open: false,
                };
                args.at(0, "name").and_then(Val::as_str)
            }
            _ => None,
        };
        given.unwrap_or_else(|| Arc::from("admin"))
    }

    /// Runs the `admin` modules of the installed apps, and registers what packages do.
    pub(super) fn autodiscover(&self, it: &mut Interp<'_>, at: At) {
        if self.discovered.replace(true) {
            return;
        }
        let site = self.default_site(it, at);
        let Some(Leaf::Ref(site)) = site.single() else { return };
        let apps = self.apps(it, at);
        let simple = "django.contrib.admin.apps.SimpleAdminConfig";
        let admin = apps.iter().find(|app| &*app.module == "django.contrib.admin");
        let by_hand = admin.is_none_or(|app| {
            app.config.as_ref().is_some_and(|config| {
                let order = self.names.hierarchy.order(config);
                order.iter().any(|base| base.is_external(simple))
                    && !order
                        .iter()
                        .any(|base| base.is_external("django.contrib.admin.apps.AdminConfig"))
            })
        });
        if by_hand {
            return;
        }
        let later = std::mem::take(&mut *self.registrations.borrow_mut());
        let user = self.setting(it, "AUTH_USER_MODEL").as_str();
        for app in apps.iter() {
            let when = it.worlds.and(at.pc, app.when);
            if it.worlds.impossible(when) {
                continue;
            }
            let here = At { pc: when, ..at };
            if it.load_module(&format!("{}.admin", app.module), here).is_some() {
                continue;
            }
            for (model, admin) in packaged::admin_models(&app.module) {
                let swapped = model.ends_with(".User") && user.as_deref() != Some("auth.User");
                // A module of the project that has to do with it has imported the package's first.
                let known = |one: &Registration| one.model.is_external(model);
                let known = self.registrations.borrow().iter().any(known);
                if !swapped && !known {
                    self.registrations.borrow_mut().push(Registration {
                        site: *site,
                        model: QualifiedName::External(Arc::from(model)),
                        admin: Some(QualifiedName::External(Arc::from(admin))),
                        when,
                    });
                }
            }
        }
        self.registrations.borrow_mut().extend(later);
    }

    /// The models of a site with the classes of their pages, in order.
    fn registered(&self, it: &mut Interp<'_>, site: ObjId) -> Vec<Registration> {
        let all = self.registrations.borrow().clone();
        let mut out: Vec<Registration> = Vec::new();
        for registration in all.into_iter().filter(|one| one.site == site) {
            // A model that is registered again under other conditions stands at its later place.
            for known in out.iter_mut().filter(|known| known.model == registration.model) {
                known.when = it.worlds.minus(known.when, registration.when);
            }
            out.retain(|known| !known.when.is_never());
            if registration.admin.is_some() {
                out.push(registration);
            }
        }
        out
    }

    fn page(&self, it: &mut Interp<'_>, page: &Page<'_>, at: At) -> Val {
        let span = Some(at.span);
        let dotted = |name: &QualifiedName| match name {
            QualifiedName::External(name) => Some(Arc::clone(name)),
            other => self.names.dotted(other),
        };
        let leaf = |name: Option<&QualifiedName>| {
            let name = name.and_then(dotted);
            Val::of(name.map_or(Leaf::None, Leaf::Ext), span)
        };
        let attrs = vec![
            ("site", leaf(Some(page.site))),
            ("model", leaf(page.model)),
            ("admin", leaf(page.admin)),
            ("page", Val::str(page.method)),
        ];
        let view = instance(it, PAGE, attrs, at);
        let kind = if page.regex { REGEX_PATTERN } else { ROUTE_PATTERN };
        let text = text_pattern(it, kind, Val::str(page.text), at);
        let name = page.name.as_ref().map(|name| Val::str(name.as_str()));
        pattern_of(self, it, text, &view, (None, name), at)
    }

    /// What `AdminSite.get_urls` gives.
    fn site_urls(&self, it: &mut Interp<'_>, site: ObjId, at: At) -> Val {
        let leaf = Leaf::Ref(site);
        let class = self.class_name(it, &leaf);
        let class = class.unwrap_or_else(|| QualifiedName::External(Arc::from(SITE)));
        let mut items: Vec<(Guard, Val)> = Vec::new();
        for (text, method, name) in SITE_PAGES {
            let made = self.page(it, &Page::of_site(&class, text, method, Some(name), false), at);
            items.push((Guard::ALWAYS, made));
        }
        let mut labels: Vec<Arc<str>> = Vec::new();
        for registration in self.registered(it, site) {
            let Some((label, name)) = self.model_names(it, &registration.model, at) else {
                continue;
            };
            if !labels.contains(&label) {
                labels.push(Arc::clone(&label));
            }
            let here = At { pc: registration.when, ..at };
            let urls = self.model_urls(it, &registration, (site, &class), here);
            let text = Val::str(format!("{label}/{name}/"));
            let text = text_pattern(it, ROUTE_PATTERN, text, at);
            let model = self.model_leaf(&registration.model, at);
            let admin = registration.admin.as_ref();
            let admin = admin.map(|admin| self.model_leaf(admin, at)).unwrap_or_default();
            let attrs = vec![
                ("pattern", text),
                ("urlconf_name", urls.clone()),
                ("url_patterns", urls),
                ("djsec model", model),
                ("djsec admin", admin),
            ];
            let resolver = instance(it, RESOLVER, attrs, at);
            items.push((registration.when, resolver));
        }
        let text = format!("^(?P<app_label>{})/$", labels.join("|"));
        if !labels.is_empty() {
            let made = self.page(
                it,
                &Page::of_site(&class, &text, "app_index", Some("app_list"), true),
                at,
            );
            items.push((Guard::ALWAYS, made));
        }
        let catch_all = it.attribute_of_object(site, "final_catch_all_view", at);
        if catch_all.and_then(|val| val.as_bool()).unwrap_or(true) {
            let made = self.page(
                it,
                &Page::of_site(&class, "(?P<url>.*)$", "catch_all_view", None, true),
                at,
            );
            items.push((Guard::ALWAYS, made));
        }
        it.list(SeqVal { items, open: false }, at)
    }

    /// The addresses of one model: what its class says, when it is the project that says it.
    fn model_urls(
        &self,
        it: &mut Interp<'_>,
        registration: &Registration,
        (site, site_class): (ObjId, &QualifiedName),
        at: At,
    ) -> Val {
        let admin = registration.admin.clone();
        let admin = admin.unwrap_or_else(|| QualifiedName::External(Arc::from(MODEL_ADMIN)));
        let own = self.names.hierarchy.attribute(&admin, "get_urls");
        if own.is_some_and(|own| matches!(own.value, AttributeValue::Method(..)))
            && let Some(class) = self.run(it, &admin, at)
            && let Some(Leaf::Ref(class)) = class.single()
        {
            let model = self.model_leaf(&registration.model, at);
            let site = Val::of(Leaf::Ref(site), Some(at.span));
            let made = it.instantiate(*class, &Args::default(), at);
            if let Some(Leaf::Ref(id)) = made.single() {
                let meta = self.meta(it, &registration.model, at).unwrap_or_default();
                let attrs = [("model", model), ("admin_site", site), ("opts", meta)];
                if let Some(Object::Inst(inst)) = it.object_mut(*id, at) {
                    inst.attrs.extend(attrs.map(|(name, val)| (Arc::from(name), val)));
                }
                let method = it.attribute(&made, "get_urls", at);
                return it.call_value(&method, &Args::default(), at);
            }
        }
        self.default_model_urls(it, (site_class, &registration.model, &admin), at)
    }

    fn model_leaf(&self, model: &QualifiedName, at: At) -> Val {
        let dotted = match model {
            QualifiedName::External(name) => Some(Arc::clone(name)),
            other => self.names.dotted(other),
        };
        Val::of(dotted.map_or(Leaf::Absent, Leaf::Ext), Some(at.span))
    }

    /// `super().get_urls()` of an instance that [`Self::model_urls`] made.
    pub(super) fn inherited_model_urls(
        &self,
        it: &mut Interp<'_>,
        object: ObjId,
        at: At,
    ) -> Option<Val> {
        let this = Leaf::Ref(object);
        let model = attr(it, &this, "model")?;
        let site = attr(it, &this, "admin_site")?;
        let model = self.class_name(it, model.single()?)?;
        let site = self.class_name(it, site.single()?)?;
        let admin = self.class_name(it, &this)?;
        Some(self.default_model_urls(it, (&site, &model, &admin), at))
    }

    fn default_model_urls(
        &self,
        it: &mut Interp<'_>,
        (site, model, admin): (&QualifiedName, &QualifiedName, &QualifiedName),
        at: At,
    ) -> Val {
        let Some((label, name)) = self.model_names(it, model, at) else { return Val::nothing() };
        let mut items = Vec::new();
        let mut add = |it: &mut Interp<'_>, text: &str, method: &str, full: Option<String>| {
            let (model, admin) = (Some(model), Some(admin));
            let page = Page { site, model, admin, text, method, name: full, regex: false };
            let made = self.page(it, &page, at);
            items.push((Guard::ALWAYS, made));
        };
        if self.names.derives(admin, |base| base == "django.contrib.auth.admin.UserAdmin") {
            let name = Some("auth_user_password_change".to_owned());
            add(it, "<id>/password/", "user_change_password", name);
        }
        let import_export = |what: &str| {
            self.names.derives(admin, |base| {
                base.starts_with("import_export.admin.")
                    && base.rsplit('.').next().is_some_and(|class| {
                        class.contains(what)
                            && (class.ends_with("Mixin") || class.ends_with("ModelAdmin"))
                    })
            })
        };
        let full = |end: &str| Some(format!("{label}_{name}_{end}"));
        if import_export("Import") {
            add(it, "process_import/", "process_import", full("process_import"));
            add(it, "import/", "import_action", full("import"));
        }
        if import_export("Export") {
            add(it, "export/", "export_action", full("export"));
        }
        for (text, method, end) in MODEL_PAGES {
            add(it, text, method, full(end));
        }
        add(it, "<path:object_id>/", "RedirectView", None);
        it.list(SeqVal { items, open: false }, at)
    }
}

/// One page of a site.
struct Page<'p> {
    site: &'p QualifiedName,
    model: Option<&'p QualifiedName>,
    admin: Option<&'p QualifiedName>,
    text: &'p str,
    method: &'p str,
    name: Option<String>,
    regex: bool,
}

impl<'p> Page<'p> {
    /// A page of the site itself.
    fn of_site(
        site: &'p QualifiedName,
        text: &'p str,
        method: &'p str,
        name: Option<&str>,
        regex: bool,
    ) -> Self {
        Self { site, model: None, admin: None, text, method, name: name.map(str::to_owned), regex }
    }
}

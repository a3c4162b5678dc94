//! What the evaluator must know to run URLconfs: the packages that settings use, and on top of them
//! Django's own `path`, `include` and views, and references to the project's classes and functions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use djsec_python::eval::{Args, At, Func, InstVal, Interp, Leaf, Library, ObjId, Object, Val};
use djsec_python::worlds::{Guard, Type};
use djsec_python::{ModuleId, QualifiedName};
use rustc_hash::FxHashMap;

use super::admin::{self, Registration};
use super::apps::App;
use super::names::{Names, Shape};
use super::urls::attr;
use super::{constants, made, nested, ninja, routers, urls};
use crate::settings::Settings;
use crate::settings::library::Packages;

/// Class of what `as_view()` gives.
pub(super) const VIEW: &str = "djsec.View";
/// Class of what a call gives that is kept as it is written.
pub(super) const CALL: &str = "djsec.Call";
/// Django's own classes of patterns.
pub(super) const PATTERN: &str = "django.urls.resolvers.URLPattern";
pub(super) const RESOLVER: &str = "django.urls.resolvers.URLResolver";

/// The library of one project's URLconfs.
pub(super) struct UrlLibrary<'a> {
    pub(super) packages: Packages<'a>,
    pub(super) settings: &'a Settings,
    pub(super) names: Names<'a>,
    settings_module: Option<ModuleId>,
    constants: RefCell<FxHashMap<Arc<str>, Val>>,
    pub(super) known_apps: RefCell<Option<Arc<[App]>>>,
    pub(super) app_configs: RefCell<FxHashMap<Arc<str>, Val>>,
    /// `admin.site`, once somebody asks for it.
    pub(super) site: Cell<Option<ObjId>>,
    pub(super) registrations: RefCell<Vec<Registration>>,
    /// Whether the `admin` modules of the apps have been run.
    pub(super) discovered: Cell<bool>,
    /// What Ninja's APIs and routers hold.
    pub(super) ninja: RefCell<FxHashMap<ObjId, ninja::Holder>>,
}

impl<'a> UrlLibrary<'a> {
    pub(super) fn new(packages: Packages<'a>, settings: &'a Settings, names: Names<'a>) -> Self {
        let settings_module = settings.file.and_then(|file| names.program.module_of(file));
        Self {
            packages,
            settings,
            names,
            settings_module,
            constants: RefCell::default(),
            known_apps: RefCell::default(),
            app_configs: RefCell::default(),
            site: Cell::default(),
            registrations: RefCell::default(),
            discovered: Cell::default(),
            ninja: RefCell::default(),
        }
    }

    /// A setting.
    pub(super) fn setting(&self, it: &mut Interp<'_>, name: &str) -> Val {
        if let Some(known) = self.constants.borrow().get(name) {
            return known.clone();
        }
        let setting = self.settings.get(name);
        let val = constants::val(it, setting.value(), 0);
        self.constants.borrow_mut().insert(Arc::from(name), val.clone());
        val
    }

    /// A call that is not run, as a value: what it calls and with what.
    pub(super) fn kept_call(it: &mut Interp<'_>, callee: Leaf, args: &Args, at: At) -> Val {
        let inst = InstVal {
            class: Leaf::Ext(Arc::from(CALL)),
            attrs: vec![(Arc::from("djsec callee"), Val::of(callee, Some(at.span)))],
            args: args.positional.clone(),
            keywords: args.keywords.clone(),
        };
        let id = it.alloc(Object::Inst(inst));
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    /// `Class.as_view(…)`.
    fn view(it: &mut Interp<'_>, class: Leaf, args: &Args, at: At) -> Val {
        let class = Val::of(class, Some(at.span));
        let inst = InstVal {
            class: Leaf::Ext(Arc::from(VIEW)),
            attrs: vec![(Arc::from("view_class"), class.clone()), (Arc::from("cls"), class)],
            args: args.positional.clone(),
            keywords: args.keywords.clone(),
        };
        let id = it.alloc(Object::Inst(inst));
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    /// A class or function of the project as a value, after running its module.
    pub(super) fn run(&self, it: &mut Interp<'_>, name: &QualifiedName, at: At) -> Option<Val> {
        let QualifiedName::Project(module, path) = name else { return None };
        let ns = it.load(*module, at)?;
        let mut parts = path.split('.');
        let first = parts.next()?;
        let mut val = it.namespace(ns)?.find(first)?.val.clone();
        for part in parts {
            val = it.attribute(&val, part, at);
        }
        // What was only re-exported is still a reference.
        let itself = match val.single() {
            Some(Leaf::Ext(dotted)) => self.names.qualify(dotted) == *name,
            _ => false,
        };
        (!itself).then_some(val)
    }

    fn call_project(
        &self,
        it: &mut Interp<'_>,
        dotted: &str,
        name: &QualifiedName,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        if self.names.is_class(name) {
            let feed = |base: &str| base.starts_with("django.contrib.syndication.views.");
            if self.names.derives(name, feed) {
                return Some(it.external_instance(dotted, args, at));
            }
            if let Some(made) = made::instance_of(self, it, name, args, at) {
                return Some(made);
            }
        } else if self.names.shape(name) == Shape::Wraps {
            return Some(Self::kept_call(it, Leaf::Ext(Arc::from(dotted)), args, at));
        }
        let callee = self.run(it, name, at)?;
        Some(it.call_value(&callee, args, at))
    }

    /// `apps.is_installed("shop")`.
    fn is_installed(&self, it: &mut Interp<'_>, args: &Args, at: At) -> Option<Val> {
        let wanted = args.at(0, "app_name")?.as_str()?;
        let apps = self.setting(it, "INSTALLED_APPS");
        let config = format!("{wanted}.apps.");
        let mut holds = Guard::NEVER;
        for (guard, app) in it.iterate(&apps, at).items {
            for alt in &app.alts {
                if matches!(&alt.leaf, Leaf::Str(s) if **s == *wanted || s.starts_with(&config)) {
                    let here = it.worlds.and(guard, alt.guard);
                    holds = it.worlds.or(holds, here);
                }
            }
        }
        Some(it.boolean(holds, at))
    }

    /// The class of a leaf, for `isinstance` and `issubclass`.
    fn class_of(&self, it: &Interp<'_>, leaf: &Leaf) -> Option<QualifiedName> {
        match leaf {
            Leaf::Ext(name) => Some(self.names.qualify(name)),
            Leaf::Ref(id) => match it.object(*id)? {
                Object::Class(class) => {
                    use djsec_syntax::python::Ranged;
                    self.names.class_at(class.file, class.def.range())
                }
                Object::Inst(inst) if !matches!(inst.class, Leaf::Ref(inner) if inner == *id) => {
                    self.class_of(it, &inst.class.clone())
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a value is an instance; a class or function of the project is none.
    fn is_instance(&self, it: &Interp<'_>, leaf: &Leaf) -> Option<bool> {
        match leaf {
            Leaf::Ref(id) => Some(matches!(it.object(*id)?, Object::Inst(_))),
            Leaf::Ext(name) => self.names.is_class(&self.names.qualify(name)).then_some(false),
            _ => None,
        }
    }

    /// The class that a value is, as the project or a package defines it.
    pub(super) fn class_name(&self, it: &Interp<'_>, leaf: &Leaf) -> Option<QualifiedName> {
        self.class_of(it, leaf).map(|class| self.names.hierarchy.canonical(&class))
    }

    /// Whether the project uses a package older than this.
    pub(super) fn is_older(&self, package: &str, major: u64, minor: u64) -> bool {
        self.packages.inventory.version_of(package).is_some_and(|found| {
            let mut parts = found.version.release().iter().copied();
            (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < (major, minor)
        })
    }

    /// The patterns of a URLconf: those of a module, or the list itself.
    pub(super) fn patterns_of(it: &mut Interp<'_>, urlconf: &Val, at: At) -> Val {
        it.map(urlconf, at, |it, leaf, at| match leaf {
            Leaf::Module(_) => {
                let module = Val::of(leaf.clone(), Some(at.span));
                it.attribute(&module, "urlpatterns", at)
            }
            other => Val::of(other.clone(), Some(at.span)),
        })
    }

    /// Puts the real classes of the project in the place of references to them among the bases of a
    /// class: what it inherits is going to be run.
    fn materialize(&self, it: &mut Interp<'_>, class: ObjId, at: At, depth: u32) {
        let bases = match it.object(class) {
            Some(Object::Class(class)) if depth < 20 => class.bases.clone(),
            _ => return,
        };
        for (n, base) in bases.into_iter().enumerate() {
            let mut inner = match base {
                Leaf::Ref(id) => Some(id),
                _ => None,
            };
            if let Leaf::Ext(name) = &base
                && let name @ QualifiedName::Project(..) = self.names.qualify(name)
                && let Some(real) = self.run(it, &name, at)
                && let Some(Leaf::Ref(id)) = real.single()
                && *id != class
                && matches!(it.object(*id), Some(Object::Class(_)))
            {
                inner = Some(*id);
                it.replace_base(class, n, Leaf::Ref(*id), at);
            }
            if let Some(inner) = inner {
                self.materialize(it, inner, at, depth + 1);
            }
        }
    }

    fn model_value(&self, it: &mut Interp<'_>, label: &str, at: At) -> Option<Val> {
        let dotted = match self.model_by_label(it, label, at)? {
            QualifiedName::External(name) => name,
            model => self.names.dotted(&model)?,
        };
        Some(Val::of(Leaf::Ext(dotted), Some(at.span)))
    }

    /// Whether a class has no methods of its own but those that Python calls for operators.
    fn adds_nothing(it: &Interp<'_>, class: ObjId) -> bool {
        let names = it.member_names(class);
        !names.iter().any(|name| &**name == "__init__")
            && names.iter().all(|name| name.starts_with("__"))
    }

    /// Whether a class is a router.
    fn is_router(class: &str) -> bool {
        routers::is_router(class)
    }

    fn class_member(&self, it: &mut Interp<'_>, name: &str, at: At) -> Option<Val> {
        let (class, member) = name.rsplit_once('.')?;
        let class = self.names.qualify(class);
        let (code, id) = self.names.program.class_code(&class)?;
        if makes_view(member) || code.class_attribute(id, member).is_none() {
            return None;
        }
        let class = self.run(it, &class, at)?;
        Some(it.attribute(&class, member, at))
    }
}

/// Whether a method of a class makes something of it that answers: a view, a consumer of Channels.
fn makes_view(method: &str) -> bool {
    matches!(method, "as_view" | "as_asgi")
}

impl Library for UrlLibrary<'_> {
    fn value(&self, it: &mut Interp<'_>, name: &str, at: At) -> Option<Val> {
        if let Some(setting) = name.strip_prefix("django.conf.settings.")
            && !setting.contains('.')
        {
            if setting == "configured" {
                return Some(Val::of(Leaf::Bool(true), Some(at.span)));
            }
            return Some(self.setting(it, setting));
        }
        if matches!(name, "django.contrib.admin.site" | "django.contrib.admin.sites.site") {
            return Some(self.default_site(it, at));
        }
        if let Some(model) = name.strip_suffix("._meta") {
            let model = self.names.qualify(model);
            return self.meta(it, &model, at);
        }
        if name.starts_with("django.") {
            return self.packages.value(it, name, at);
        }
        self.class_member(it, name, at)
            .or_else(|| self.set_on_method(it, name, at))
            .or_else(|| self.packages.value(it, name, at))
    }

    fn call(&self, it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
        if name.starts_with("builtins.") {
            return None;
        }
        if let Some(val) = urls::call(self, it, name, args, at) {
            return Some(val);
        }
        if let Some((class, method)) = name.rsplit_once('.')
            && makes_view(method)
        {
            return Some(Self::view(it, Leaf::Ext(Arc::from(class)), args, at));
        }
        match name {
            "django.apps.apps.get_app_config" => return self.app_config(it, args, at),
            "django.apps.apps.get_app_configs" => return Some(self.app_configs(it, at)),
            "django.apps.apps.is_installed" => return self.is_installed(it, args, at),
            "django.contrib.admin.register" | "django.contrib.admin.decorators.register" => {
                return Some(self.register_decorator(it, args, at));
            }
            "django.contrib.auth.get_user_model" => {
                let label = self.setting(it, "AUTH_USER_MODEL").as_str()?;
                return self.model_value(it, &label, at);
            }
            "django.apps.apps.get_model" => {
                let label = args.at(0, "app_label")?.as_str()?;
                let label = match args.at(1, "model_name").and_then(Val::as_str) {
                    Some(model) => format!("{label}.{model}"),
                    None => label.to_string(),
                };
                return self.model_value(it, &label, at);
            }
            "django.utils.module_loading.import_string" => {
                let dotted = args.at(0, "dotted_path")?.as_str()?;
                return Some(Val::of(Leaf::Ext(dotted), Some(at.span)));
            }
            _ => {}
        }
        if let Some(val) = self.packages.call(it, name, args, at) {
            return Some(val);
        }
        let found = self.names.qualify(name);
        if let QualifiedName::Project(..) = &found {
            return self.call_project(it, name, &found, args, at);
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        if last.starts_with(|c: char| c.is_ascii_uppercase()) {
            return None;
        }
        Some(Self::kept_call(it, Leaf::Ext(Arc::from(name)), args, at))
    }

    fn method(
        &self,
        it: &mut Interp<'_>,
        object: ObjId,
        class: &str,
        method: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        let this = Leaf::Ref(object);
        let is_class = matches!(it.object(object), Some(Object::Class(_)));
        if makes_view(method) && (is_class || class == CALL) {
            return Some(Self::view(it, this, args, at));
        }
        if class == admin::REGISTER && method == "__call__" {
            return Some(self.decorate_admin(it, &this, args, at));
        }
        if class == nested::ITEM && method == "register" {
            return routers::register_below(self, it, object, args, at);
        }
        if class == ninja::DECORATOR && method == "__call__" {
            return Some(self.decorate_operation(it, object, args, at));
        }
        if ninja::is_holder(class)
            && let Some(val) = self.ninja_method(it, object, method, args, at)
        {
            return Some(val);
        }
        if admin::is_site(class)
            && let Some(val) = self.site_method(it, object, method, args, at)
        {
            return Some(val);
        }
        if method == "get_urls"
            && let Some(val) = self.inherited_model_urls(it, object, at)
        {
            return Some(val);
        }
        if Self::is_router(class)
            && let Some(val) = routers::method(self, it, (object, class), method, args, at)
        {
            return Some(val);
        }
        if let Some(val) = self.packages.method(it, object, class, method, args, at) {
            return Some(val);
        }
        match method {
            "__iter__" if class == CALL => {
                let items = vec![(Guard::ALWAYS, Val::of(this, Some(at.span)))];
                Some(it.list(djsec_python::eval::SeqVal { items, open: false }, at))
            }
            "__call__" => Some(Self::kept_call(it, this, args, at)),
            _ if method.starts_with("__") => None,
            _ => {
                let callee = Leaf::BuiltinMethod(Rc::new((this, Arc::from(method))));
                Some(Self::kept_call(it, callee, args, at))
            }
        }
    }

    fn attribute(
        &self,
        it: &mut Interp<'_>,
        object: ObjId,
        class: &str,
        name: &str,
        at: At,
    ) -> Option<Val> {
        if name == "get_urls" && attr(it, &Leaf::Ref(object), "admin_site").is_some() {
            let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(object), Arc::from(name))));
            return Some(Val::of(method, Some(at.span)));
        }
        if let Some(val) = self.pattern_attribute(it, &Leaf::Ref(object), name, at) {
            return Some(val);
        }
        if ninja::is_holder(class) {
            return Some(self.ninja_attribute(it, object, class, name, at));
        }
        if admin::is_site(class) {
            return Self::site_attribute(it, object, name, at);
        }
        if Self::is_router(class) {
            return routers::attribute(self, it, (object, class), name, at);
        }
        self.packages.attribute(it, object, class, name, at)
    }

    fn instantiate(
        &self,
        it: &mut Interp<'_>,
        class: ObjId,
        base: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        let before = match it.object(class) {
            Some(Object::Class(class)) => class.bases.clone(),
            _ => return None,
        };
        if base == "builtins.dict" && Self::adds_nothing(it, class) {
            return Some(it.call_external("builtins.dict", args, at));
        }
        if let Some(own) = self.class_name(it, &Leaf::Ref(class))
            && let Some(made) = made::instance_of(self, it, &own, args, at)
        {
            return Some(made);
        }
        self.materialize(it, class, at, 0);
        let after = match it.object(class) {
            Some(Object::Class(class)) => class.bases.clone(),
            _ => return None,
        };
        if before != after {
            return Some(it.instantiate(class, args, at));
        }
        self.packages.instantiate(it, class, base, args, at)
    }

    fn installed(&self, package: &str) -> Option<bool> {
        self.packages.installed(package)
    }

    fn defers(&self, _it: &Interp<'_>, module: ModuleId) -> bool {
        !self.names.registers(module)
    }

    fn reference(&self, it: &mut Interp<'_>, module: ModuleId, name: &str, at: At) -> Option<Val> {
        if self.settings_module == Some(module) {
            return Some(self.setting(it, name));
        }
        let found = self.names.program.resolve(module, name);
        let leaf = match &found {
            QualifiedName::External(name) => return Some(it.external_value(name, at)),
            QualifiedName::Module(id) => {
                Leaf::Module(Arc::clone(&self.names.program.module(*id)?.name))
            }
            QualifiedName::Project(..)
                if self.names.is_class(&found) || self.names.is_function(&found) =>
            {
                Leaf::Ext(self.names.dotted(&found)?)
            }
            _ => return None,
        };
        Some(Val::of(leaf, Some(at.span)))
    }

    fn call_function(
        &self,
        it: &mut Interp<'_>,
        function: &Rc<Func>,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        let name = self.function_name(function)?;
        (self.names.shape(&name) == Shape::Wraps)
            .then(|| Self::kept_call(it, Leaf::Func(Rc::clone(function)), args, at))
    }

    fn class_attribute(
        &self,
        it: &mut Interp<'_>,
        class: ObjId,
        name: &str,
        at: At,
    ) -> Option<Val> {
        if name == "_meta" {
            let model = self.class_of(it, &Leaf::Ref(class))?;
            return self.meta(it, &model, at);
        }
        let own = self.class_of(it, &Leaf::Ref(class))?;
        let found = self.names.hierarchy.attribute(&own, name);
        if !makes_view(name)
            && found
                .is_some_and(|f| matches!(f.owner, QualifiedName::Project(..)) && f.owner != own)
        {
            self.materialize(it, class, at, 0);
        }
        makes_view(name).then(|| {
            let method = Leaf::BuiltinMethod(Rc::new((Leaf::Ref(class), Arc::from(name))));
            Val::of(method, Some(at.span))
        })
    }

    fn decorated(&self, _it: &mut Interp<'_>, defined: &Val, _made: Val) -> Val {
        // Decorators count where they stand: the model of views reads them with the definition.
        defined.clone()
    }

    fn decorates_classes(&self) -> bool {
        true
    }

    fn truth(&self, it: &mut Interp<'_>, object: ObjId, class: &str) -> Option<Guard> {
        if class != CALL {
            return None;
        }
        let Some(Object::Inst(inst)) = it.object(object) else { return None };
        let callee = inst.attrs.first().map(|(_, val)| val.clone()).unwrap_or_default();
        let span = callee.alts.first().and_then(|alt| alt.span)?;
        let at = At { pc: Guard::ALWAYS, span };
        let what = callee.single().map(|leaf| it.repr(leaf)).unwrap_or_default();
        let val = it.unknown_of(format!("{what}() is true"), Type::Bool, at);
        Some(it.truth(&val, at))
    }

    fn member(&self, it: &mut Interp<'_>, owner: &Leaf, name: &str, at: At) -> Option<Val> {
        self.member_of(it, owner, name, at)
    }

    fn members(&self, class: &Leaf) -> Option<(Vec<Arc<str>>, bool)> {
        self.members_of(class)
    }

    fn is_a(&self, it: &mut Interp<'_>, val: &Leaf, class: &Leaf, instance: bool) -> Option<bool> {
        let wanted = self.class_of(it, class)?;
        if instance && !self.is_instance(it, val)? {
            return Some(matches!(&wanted, QualifiedName::External(n) if &**n == "builtins.type"));
        }
        let own = self.class_of(it, val)?;
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        let wanted_last = match &wanted {
            QualifiedName::External(name) => last(name),
            _ => None,
        };
        let order = self.names.hierarchy.order(&own);
        let found = order.iter().any(|base| match base {
            QualifiedName::External(name) => wanted_last.is_some() && last(name) == wanted_last,
            other => *other == wanted,
        });
        let complete = self.names.hierarchy.is_complete(&own);
        if found { Some(true) } else { complete.then_some(false) }
    }
}

impl UrlLibrary<'_> {
    /// The qualified name of a function that was defined while running its module.
    pub(super) fn function_name(&self, function: &Func) -> Option<QualifiedName> {
        use djsec_syntax::python::Ranged;
        let range = match &function.code {
            djsec_python::eval::Code::Def(def) => def.range(),
            djsec_python::eval::Code::Lambda(lambda) => lambda.range(),
        };
        self.names.function_at(function.file, range)
    }
}

//! The installed apps: their modules and labels, and where models belong.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::eval::{At, Interp, Leaf, Val};
use djsec_python::worlds::Guard;

use super::library::UrlLibrary;
use super::urls::instance;

/// Class of `Model._meta`.
pub(super) const META: &str = "django.db.models.options.Options";

/// An installed app.
#[derive(Debug, Clone)]
pub(super) struct App {
    /// Its package: `shop.orders`.
    pub(super) module: Arc<str>,
    /// Its label: `orders`.
    pub(super) label: Arc<str>,
    /// In which worlds it is installed.
    pub(super) when: Guard,
    /// The class of its configuration, when the settings name one.
    pub(super) config: Option<QualifiedName>,
}

impl UrlLibrary<'_> {
    /// The installed apps in their order.
    pub(super) fn apps(&self, it: &mut Interp<'_>, at: At) -> Arc<[App]> {
        if let Some(known) = self.known_apps.borrow().as_ref() {
            return Arc::clone(known);
        }
        let setting = self.setting(it, "INSTALLED_APPS");
        let mut apps: Vec<App> = Vec::new();
        for (guard, entry) in it.iterate(&setting, at).items {
            for alt in &entry.alts {
                let when = it.worlds.and(guard, alt.guard);
                let Leaf::Str(name) = &alt.leaf else { continue };
                if it.worlds.impossible(when) {
                    continue;
                }
                let app = self.app(name, when);
                if let Some(same) = apps.iter_mut().find(|known| known.module == app.module) {
                    same.when = it.worlds.or(same.when, when);
                } else {
                    apps.push(app);
                }
            }
        }
        let apps: Arc<[App]> = Arc::from(apps);
        *self.known_apps.borrow_mut() = Some(Arc::clone(&apps));
        apps
    }

    fn app(&self, entry: &Arc<str>, when: Guard) -> App {
        let program = self.names.program;
        let last =
            |module: &str| -> Arc<str> { Arc::from(module.rsplit('.').next().unwrap_or(module)) };
        if program.find(entry, self.names.root()).is_some() {
            let config = self.default_config(entry);
            let label = config.as_ref().and_then(|config| self.class_text(config, "label"));
            let label = label.map_or_else(|| last(entry), Arc::from);
            return App { module: Arc::clone(entry), label, when, config };
        }
        let config = self.names.qualify(entry);
        if self.names.is_class(&config) {
            let module = self.class_text(&config, "name").unwrap_or_else(|| {
                // A configuration derived from a package's: the app is the package's.
                let bases = self.names.hierarchy.order(&config);
                let base = bases.iter().find_map(|base| match base {
                    QualifiedName::External(name) => Some(name.to_string()),
                    _ => None,
                });
                package_of(&base.unwrap_or_else(|| entry.to_string())).to_owned()
            });
            let label = self.class_text(&config, "label").map_or_else(|| last(&module), Arc::from);
            return App { module: Arc::from(module), label, when, config: Some(config) };
        }
        let module = package_of(entry);
        App { module: Arc::from(module), label: last(module), when, config: None }
    }

    /// The configuration that Django finds by itself in the `apps` module of an app.
    fn default_config(&self, app: &str) -> Option<QualifiedName> {
        let module = self.names.program.find(&format!("{app}.apps"), self.names.root())?;
        let code = self.names.program.code(module)?;
        let mut found = None;
        for (_, class) in code.classes() {
            let name = QualifiedName::Project(module, Arc::from(&*class.path));
            let config = self.names.derives(&name, |base| base.starts_with("django.apps."));
            if config && self.class_text(&name, "name").as_deref() == Some(app) {
                found.get_or_insert(name);
            }
        }
        found
    }

    /// The label of the app that a model belongs to, and the model's name in lower case.
    pub(super) fn model_names(
        &self,
        it: &mut Interp<'_>,
        model: &QualifiedName,
        at: At,
    ) -> Option<(Arc<str>, Arc<str>)> {
        let dotted = match model {
            QualifiedName::External(name) => name.to_string(),
            other => self.names.program.dotted(other)?,
        };
        let (module, class) = dotted.rsplit_once('.')?;
        let name: Arc<str> = Arc::from(class.to_lowercase());
        if let Some(label) = self.meta_label(model) {
            return Some((Arc::from(label), name));
        }
        let apps = self.apps(it, at);
        let within = |app: &&App| {
            module
                .strip_prefix(&*app.module)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let app = apps.iter().filter(within).max_by_key(|app| app.module.len());
        let label = app.map_or_else(
            || {
                let package = module.split(".models").next().unwrap_or(module);
                Arc::from(package.rsplit('.').next().unwrap_or(package))
            },
            |app| Arc::clone(&app.label),
        );
        Some((label, name))
    }

    /// `app_label` of the model's own `Meta`.
    fn meta_label(&self, model: &QualifiedName) -> Option<String> {
        let QualifiedName::Project(module, path) = model else { return None };
        let meta = QualifiedName::Project(*module, Arc::from(format!("{path}.Meta")));
        let (code, id) = self.names.program.class_code(&meta)?;
        code.string(code.class_attribute(id, "app_label")?).map(str::to_owned)
    }

    /// `Model._meta`.
    pub(super) fn meta(&self, it: &mut Interp<'_>, model: &QualifiedName, at: At) -> Option<Val> {
        let (label, name) = self.model_names(it, model, at)?;
        let dotted = match model {
            QualifiedName::External(name) => Arc::clone(name),
            other => self.names.dotted(other)?,
        };
        let object = dotted.rsplit('.').next().unwrap_or_default().to_owned();
        let attrs = vec![
            ("app_label", Val::str(Arc::clone(&label))),
            ("model_name", Val::str(Arc::clone(&name))),
            ("object_name", Val::str(object)),
            (
                "label",
                Val::str(format!("{label}.{}", dotted.rsplit('.').next().unwrap_or_default())),
            ),
            ("label_lower", Val::str(format!("{label}.{name}"))),
            ("model", Val::of(Leaf::Ext(dotted), Some(at.span))),
        ];
        Some(instance(it, META, attrs, at))
    }

    /// The model that `label.Model` names.
    pub(super) fn model_by_label(
        &self,
        it: &mut Interp<'_>,
        label: &str,
        at: At,
    ) -> Option<QualifiedName> {
        let (app, model) = label.split_once('.')?;
        let apps = self.apps(it, at);
        let app = apps.iter().find(|known| &*known.label == app)?;
        let module = format!("{}.models", app.module);
        let Some(id) = self.names.program.find(&module, self.names.root()) else {
            return Some(QualifiedName::External(Arc::from(format!("{module}.{model}"))));
        };
        let exact = self.names.program.resolve(id, model);
        if self.names.is_class(&exact) || matches!(exact, QualifiedName::External(_)) {
            return Some(exact);
        }
        // Models are found whatever the case.
        let code = self.names.program.code(id)?;
        let wanted = model.to_lowercase();
        code.classes()
            .find(|(_, class)| class.path.to_lowercase() == wanted)
            .map(|(_, class)| QualifiedName::Project(id, Arc::from(&*class.path)))
    }
}

/// The package of a configuration class such as `django.contrib.admin.apps.AdminConfig`.
fn package_of(entry: &str) -> &str {
    let class = entry.rsplit('.').next().unwrap_or(entry);
    if !class.starts_with(|c: char| c.is_ascii_uppercase()) {
        return entry;
    }
    let module = entry.rsplit_once('.').map_or(entry, |(module, _)| module);
    module.rsplit_once(".apps").filter(|(_, rest)| rest.is_empty()).map_or(module, |(app, _)| app)
}

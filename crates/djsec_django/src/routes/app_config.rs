//! `apps.get_app_config("shop")`: the configurations of the installed apps as objects, for URLconfs that
//! ask them for addresses.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::eval::{Args, At, Interp, Leaf, Object, SeqVal, Val};
use djsec_python::worlds::Guard;

use super::apps::App;
use super::library::UrlLibrary;
use super::urls::instance;

/// Django's own class of configurations.
const CONFIG: &str = "django.apps.config.AppConfig";

impl UrlLibrary<'_> {
    /// `apps.get_app_config(label)`.
    pub(super) fn app_config(&self, it: &mut Interp<'_>, args: &Args, at: At) -> Option<Val> {
        let label = args.at(0, "app_label")?.as_str()?;
        let apps = self.apps(it, at);
        let app = apps.iter().find(|app| app.label == label)?;
        Some(self.config_of(it, app, at))
    }

    /// `apps.get_app_configs()`.
    pub(super) fn app_configs(&self, it: &mut Interp<'_>, at: At) -> Val {
        let apps = self.apps(it, at);
        let mut items = Vec::with_capacity(apps.len());
        for app in apps.iter() {
            let config = self.config_of(it, app, at);
            items.push((app.when, config));
        }
        it.list(SeqVal { items, open: false }, at)
    }

    /// The one configuration of an app, as it is once Django has set it up.
    fn config_of(&self, it: &mut Interp<'_>, app: &App, at: At) -> Val {
        if let Some(known) = self.app_configs.borrow().get(&app.module) {
            return known.clone();
        }
        let at = At { pc: Guard::ALWAYS, ..at };
        let config = self.made_config(it, app, at);
        self.app_configs.borrow_mut().insert(Arc::clone(&app.module), config.clone());
        // Apps may ask for each other while they are made ready: this one is known by now.
        let ready = it.attribute_or_absent(&config, "ready", at);
        if matches!(ready.single(), Some(Leaf::Method(_))) {
            it.call_value(&ready, &Args::default(), at);
        }
        config
    }

    fn made_config(&self, it: &mut Interp<'_>, app: &App, at: At) -> Val {
        let name = Val::str(Arc::clone(&app.module));
        let label = Val::str(Arc::clone(&app.label));
        let plain = |it: &mut Interp<'_>| {
            let attrs = vec![("name", name.clone()), ("label", label.clone())];
            instance(it, CONFIG, attrs, at)
        };
        let Some(class @ QualifiedName::Project(..)) = &app.config else { return plain(it) };
        let made = self.run(it, class, at).and_then(|class| match class.single() {
            Some(Leaf::Ref(id)) if matches!(it.object(*id), Some(Object::Class(_))) => {
                let module = Val::of(Leaf::Module(Arc::clone(&app.module)), Some(at.span));
                Some(it.instantiate(*id, &Args::positional(vec![name.clone(), module]), at))
            }
            _ => None,
        });
        let Some(made) = made else { return plain(it) };
        if let Some(Leaf::Ref(id)) = made.single()
            && let Some(Object::Inst(inst)) = it.object_mut(*id, at)
        {
            for (key, value) in [("name", name.clone()), ("label", label.clone())] {
                if !inst.attrs.iter().any(|(known, _)| &**known == key) {
                    inst.attrs.push((Arc::from(key), value));
                }
            }
        }
        made
    }
}

//! What the evaluator must know of Django and the packages that settings use. One module a package;
//! each takes a qualified name and gives a value, or nothing when it is not its business.

mod celery;
mod config_file;
mod config_parser;
mod configurations;
mod configurations_cast;
mod corsheaders;
mod csp;
mod decouple;
mod dj_urls;
mod django;
mod dotenv;
mod dynaconf;
mod dynaconf_values;
mod environ;
mod environ_path;
mod environ_urls;
mod environs;
mod envparse;
mod everett;
mod heroku;
mod monitoring;
mod prettyconf;
mod pydantic;
mod pydantic_cast;
mod reader;
pub(super) mod refused;
mod split_settings;
mod starlette;
mod url;

use djsec_base::Files;
use djsec_deps::Inventory;
use djsec_python::eval::{Args, At, Interp, Library, NsId, ObjId, Val};

use crate::defaults::DjangoSeries;

/// The library of packages for one project.
pub struct Packages<'a> {
    /// The tree, for `.env` and other files that readers look for.
    pub files: &'a Files,
    /// The project's packages.
    pub inventory: &'a Inventory,
    /// Its Django series.
    pub series: DjangoSeries,
}

impl<'a> Packages<'a> {
    /// The library for a project with these packages.
    pub fn new(files: &'a Files, inventory: &'a Inventory, series: DjangoSeries) -> Self {
        Self { files, inventory, series }
    }
}

impl Library for Packages<'_> {
    fn value(&self, it: &mut Interp<'_>, name: &str, at: At) -> Option<Val> {
        let (package, _) = name.split_once('.')?;
        match package {
            "django" => django::value(self, it, name, at).or_else(|| csp::value(it, name, at)),
            "configurations" => configurations::value(self, it, name, at),
            "csp" => csp::value(it, name, at),
            "corsheaders" => corsheaders::value(it, name, at),
            "environs" => environs::value(it, name, at),
            _ => None,
        }
    }

    fn call(&self, it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
        let (package, _) = name.split_once('.')?;
        match package {
            "django" => django::call(self, it, name, args, at),
            "environ" => {
                environ::call(it, name, args, at).or_else(|| environ_path::call(it, name, args, at))
            }
            "configurations" => configurations::call(it, name, args, at),
            "celery" => celery::call(it, name, args, at),
            "decouple" => decouple::call(it, name, args, at),
            "dj_database_url" | "dj_email_url" | "django_cache_url" => {
                dj_urls::call(it, name, args, at)
            }
            "django_heroku" | "django_on_heroku" => heroku::call(it, name, args, at),
            "dotenv" => dotenv::call(it, name, args, at),
            "dynaconf" => dynaconf::call(it, name, args, at),
            "envparse" => envparse::call(it, name, args, at),
            "everett" => everett::call(it, name, args, at),
            "prettyconf" => prettyconf::call(it, name, args, at),
            "sentry_sdk" => monitoring::call(it, name, args, at),
            "split_settings" => split_settings::call(it, name, args, at),
            "urllib" => url::call(it, name, args, at),
            "yaml" | "tomllib" | "tomli" | "toml" => config_file::call(it, name, args, at),
            _ => None,
        }
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
        let (package, _) = class.split_once('.')?;
        match package {
            "environ" => environ::method(it, object, class, method, args, at)
                .or_else(|| environ_path::method(it, object, class, method, args, at)),
            "configurations" => configurations::method(it, object, class, method, at),
            "pydantic" | "pydantic_settings" | "goodconf" => {
                pydantic::method(it, object, class, method, at)
            }
            "environs" => environs::method(it, object, class, method, args, at),
            "decouple" => decouple::method(it, object, class, method, args, at),
            "envparse" => envparse::method(it, object, class, method, args, at),
            "everett" => everett::method(it, object, class, method, args, at),
            "starlette" => starlette::method(it, object, class, method, args, at),
            "urllib" => url::method(it, object, class, method, at),
            "configparser" | "ConfigParser" | "six" => {
                config_parser::method(it, object, class, method, args, at)
            }
            _ => None,
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
        let (package, _) = class.split_once('.')?;
        match package {
            "configurations" => configurations::attribute(object, class, name, at),
            "environ" => environ_path::attribute(it, object, class, name),
            "urllib" => url::attribute(it, object, class, name, at),
            _ => None,
        }
    }

    fn instantiate(
        &self,
        it: &mut Interp<'_>,
        class: ObjId,
        base: &str,
        args: &Args,
        at: At,
    ) -> Option<Val> {
        pydantic::instantiate(it, class, base, args, at)
    }

    fn installed(&self, package: &str) -> Option<bool> {
        self.inventory.is_installed_in_production(package)
    }
}

/// The settings of one class of class-based settings (django-configurations).
pub fn class_settings(it: &mut Interp<'_>, ns: NsId, class: &str, at: At) -> Option<NsId> {
    configurations::class_settings(it, ns, class, at)
}

/// The namespace of the settings that the program gave by `settings.configure`, if it did.
pub fn configured(it: &Interp<'_>) -> Option<NsId> {
    it.filled(django::SETTINGS)
}

//! What packages put into a site, as recorded from them (`data/urlconfs.json`, by
//! `cargo xtask record urlconfs`): URLconfs, views under names of their own, models in the admin.

use std::sync::{Arc, LazyLock};

use djsec_python::eval::{Args, At, Interp, Leaf, Object, SeqVal, Val};
use djsec_python::worlds::Guard;
use serde_json::Value;

use super::library::{UrlLibrary, VIEW};
use super::urls::{REGEX_PATTERN, ROUTE_PATTERN, instance, pattern_of, text_pattern};

static RECORDED: LazyLock<Value> = LazyLock::new(|| {
    // The unit tests read all of it; a file that does not parse would give no packages at all.
    serde_json::from_str(include_str!("../../data/urlconfs.json")).unwrap_or_default()
});

/// The recorded name of a module that a package has, or had, under this one.
fn canonical(module: &str) -> &str {
    let module = module.strip_suffix(".urlpatterns").unwrap_or(module);
    match module {
        "wagtail.core.urls" | "wagtail.wagtailcore.urls" => "wagtail.urls",
        "wagtail.wagtailadmin.urls" => "wagtail.admin.urls",
        "wagtail.wagtaildocs.urls" => "wagtail.documents.urls",
        "djoser.urls" => "djoser.urls.base",
        other => other,
    }
}

fn urlconf(module: &str) -> Option<&'static Value> {
    RECORDED.get("urlconfs")?.get(canonical(module))
}

/// `app_name` of a package's URLconf.
pub(super) fn app_name(module: &str) -> Option<&'static str> {
    urlconf(module)?.get("app_name")?.as_str()
}

/// The class behind a view that a package names: `token_refresh = TokenRefreshView.as_view()`.
pub(super) fn view_class(name: &str) -> Option<&'static str> {
    match name {
        "rest_framework.schemas.get_schema_view" => Some("rest_framework.schemas.views.SchemaView"),
        _ => RECORDED.get("views")?.get(name)?.as_str(),
    }
}

/// The models that an app registers, with the classes of their pages.
pub(super) fn admin_models(app: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let models = RECORDED.get("admin").and_then(|admin| admin.get(app)).and_then(Value::as_array);
    models
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?)))
}

impl UrlLibrary<'_> {
    /// The patterns of a package's URLconf as a list.
    pub(super) fn package_patterns(
        &self,
        it: &mut Interp<'_>,
        module: &str,
        at: At,
    ) -> Option<Val> {
        let entries = urlconf(module)?.get("patterns")?.as_array()?;
        let mut list = self.entries(it, entries, at, 0);
        if canonical(module) == "allauth.urls" {
            let providers = self.providers(it, at);
            list.items.extend(providers);
        }
        Some(it.list(list, at))
    }

    fn entries(&self, it: &mut Interp<'_>, entries: &[Value], at: At, depth: u32) -> SeqVal {
        let mut out = SeqVal::default();
        for entry in entries {
            let text = |key: &str| entry.get(key).and_then(Value::as_str);
            let when = text("app").map_or(Guard::ALWAYS, |app| self.when_installed(it, app, at));
            if when.is_never() || depth > 20 {
                continue;
            }
            let class = if text("kind") == Some("regex") { REGEX_PATTERN } else { ROUTE_PATTERN };
            let pattern = text_pattern(it, class, Val::str(text("text").unwrap_or_default()), at);
            let name = text("name").map(Val::str);
            let inner = entry.get("patterns").and_then(Value::as_array);
            let none = Val::of(Leaf::None, None);
            let view = if let Some(module) = text("include") {
                let urlconf = Val::of(Leaf::Ext(Arc::from(module)), Some(at.span));
                let app = app_name(module).map_or_else(|| none.clone(), Val::str);
                included(urlconf, app, text("namespace"), at)
            } else if let Some(inner) = inner {
                let inner = self.entries(it, inner, at, depth + 1);
                let urlconf = it.list(inner, at);
                included(urlconf, none, text("namespace"), at)
            } else {
                view(it, entry, at)
            };
            let made = pattern_of(self, it, pattern, &view, (None, name), at);
            mark(it, &made, at);
            out.items.push((when, made));
        }
        out
    }

    /// In which worlds an app is installed.
    fn when_installed(&self, it: &mut Interp<'_>, app: &str, at: At) -> Guard {
        let apps = self.apps(it, at);
        apps.iter().find(|known| &*known.module == app).map_or(Guard::NEVER, |app| app.when)
    }

    /// The addresses of the providers of social accounts that are installed.
    fn providers(&self, it: &mut Interp<'_>, at: At) -> Vec<(Guard, Val)> {
        let apps = self.apps(it, at);
        let view = "allauth.socialaccount.providers.oauth2.views.OAuth2View.adapter_view";
        let mut out = Vec::new();
        for app in apps.iter() {
            let Some(id) = app.module.strip_prefix("allauth.socialaccount.providers.") else {
                continue;
            };
            let mut inner = SeqVal::default();
            for (text, end) in [("login/", "login"), ("login/callback/", "callback")] {
                let pattern = text_pattern(it, ROUTE_PATTERN, Val::str(text), at);
                let callback = Val::of(Leaf::Ext(Arc::from(format!("{view}.view"))), Some(at.span));
                let name = Some(Val::str(format!("{id}_{end}")));
                let made = pattern_of(self, it, pattern, &callback, (None, name), at);
                mark(it, &made, at);
                inner.items.push((Guard::ALWAYS, made));
            }
            let inner = it.list(inner, at);
            let pattern = text_pattern(it, ROUTE_PATTERN, Val::str(format!("{id}/")), at);
            out.push((app.when, pattern_of(self, it, pattern, &inner, (None, None), at)));
        }
        out
    }

    /// `debug_toolbar_urls(prefix)`: nothing, unless debugging.
    pub(super) fn debug_toolbar_urls(&self, it: &mut Interp<'_>, args: &Args, at: At) -> Val {
        let debug = self.setting(it, "DEBUG");
        let debug = it.truth(&debug, at);
        let prefix = args.at(0, "prefix").and_then(Val::as_str);
        let prefix = prefix.unwrap_or_else(|| Arc::from("__debug__"));
        let text = format!("^{}/", super::urls::escape(prefix.trim_start_matches('/')));
        let pattern = text_pattern(it, REGEX_PATTERN, Val::str(text), at);
        let urlconf = Val::of(Leaf::Ext(Arc::from("debug_toolbar.urls")), Some(at.span));
        let app = app_name("debug_toolbar.urls").map_or_else(Val::nothing, Val::str);
        let view = included(urlconf, app, None, at);
        let made = pattern_of(self, it, pattern, &view, (None, None), at);
        let mut items = vec![(debug, made)];
        items.retain(|(guard, _)| !it.worlds.impossible(*guard));
        it.list(SeqVal { items, open: false }, at)
    }
}

/// What `include` gives.
fn included(urlconf: Val, app: Val, namespace: Option<&str>, at: At) -> Val {
    let namespace = namespace.map_or_else(|| app.clone(), Val::str);
    let items = [urlconf, app, namespace].map(|part| (Guard::ALWAYS, part)).to_vec();
    let tuple = Leaf::Tuple(std::rc::Rc::new(SeqVal { items, open: false }));
    Val::of(tuple, Some(at.span))
}

fn mark(it: &mut Interp<'_>, made: &Val, at: At) {
    if let Some(Leaf::Ref(id)) = made.single()
        && let Some(Object::Inst(inst)) = it.object_mut(*id, at)
    {
        inst.attrs.push((Arc::from("djsec origin"), Val::str("package")));
    }
}

/// A recorded view with its wrappers.
fn view(it: &mut Interp<'_>, entry: &Value, at: At) -> Val {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    let named = Val::of(Leaf::Ext(Arc::from(text("view"))), Some(at.span));
    let mut made = match text("type") {
        "class" | "viewset" => {
            let attrs = vec![("view_class", named.clone()), ("cls", named)];
            let view = instance(it, VIEW, attrs, at);
            let actions = entry.get("actions").and_then(Value::as_object).map(|actions| {
                let pairs = actions.iter().map(|(method, action)| {
                    (method.as_str(), Val::str(action.as_str().unwrap_or_default()))
                });
                it.dict_of(pairs.collect(), at)
            });
            let arguments = entry.get("arguments").and_then(Value::as_array);
            let mut keywords = Vec::new();
            for name in arguments.into_iter().flatten().filter_map(Value::as_str) {
                keywords.push((Arc::from(name), it.unknown("an argument of a package", at)));
            }
            if let Some(Leaf::Ref(id)) = view.single()
                && let Some(Object::Inst(inst)) = it.object_mut(*id, at)
            {
                inst.args.extend(actions);
                inst.keywords = keywords;
            }
            view
        }
        "instance" => it.external_instance(text("view"), &Args::default(), at),
        _ => named,
    };
    let wrappers = entry.get("wrappers").and_then(Value::as_array);
    for wrapper in wrappers.into_iter().flatten().rev().filter_map(Value::as_str) {
        let callee = Leaf::Ext(Arc::from(wrapper));
        made = UrlLibrary::kept_call(it, callee, &Args::positional(vec![made]), at);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_can_be_read() {
        assert!(urlconf("django.contrib.auth.urls").is_some());
        assert_eq!(app_name("rest_framework.urls"), Some("rest_framework"));
        let token = "rest_framework_simplejwt.views.token_refresh";
        assert_eq!(view_class(token), Some("rest_framework_simplejwt.views.TokenRefreshView"));
        assert_eq!(admin_models("django.contrib.auth").count(), 2);
        assert!(urlconf("shop.urls").is_none());
    }
}

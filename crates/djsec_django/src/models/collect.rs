//! Models from the classes of the application.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use djsec_base::Span;
use djsec_python::code::{Class, Code, ExprId, Stmt};
use djsec_python::value::Data;
use djsec_python::{ModuleId, Program, QualifiedName};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::apps::Apps;
use super::field::{self, Place, RawField, RawModel};
use super::{Model, Models, Relation, is_django_user, owner};
use crate::hierarchy::{Hierarchy, KnownValue, known_class};
use crate::settings::Settings;

/// A model before its relations are resolved.
struct Draft {
    model: Model,
    fields: Vec<RawField>,
}

/// Finds the models in the modules of a project (`modules`: its own code).
pub fn collect(
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    modules: &[ModuleId],
    apps: &Apps,
    settings: &Settings,
) -> Models {
    let drafts: Vec<Draft> = modules
        .par_iter()
        .flat_map_iter(|module| drafts(program, hierarchy, *module, apps))
        .collect();
    let by_class: FxHashMap<QualifiedName, usize> =
        drafts.iter().enumerate().map(|(at, draft)| (draft.model.class.clone(), at)).collect();
    let names = Names::new(&drafts, settings);
    let mut all: Vec<Model> = drafts.iter().map(|draft| names.settle(draft)).collect();
    owner::fill(&mut all, &by_class, names.user.as_ref());
    Models { all, by_class, reverses: OnceLock::default(), user: names.user }
}

fn drafts(
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    module: ModuleId,
    apps: &Apps,
) -> Vec<Draft> {
    let Some(code) = program.code(module) else { return Vec::new() };
    let at = Place { program, module, code };
    code.classes()
        .filter(|(_, class)| class.parent.is_none() && !class.bases.is_empty())
        .filter_map(|(_, class)| draft(at, hierarchy, apps, class))
        .collect()
}

fn draft(at: Place<'_>, hierarchy: &Hierarchy<'_>, apps: &Apps, class: &Class) -> Option<Draft> {
    let name = at.program.resolve(at.module, &class.path);
    if !matches!(&name, QualifiedName::Project(module, path)
        if *module == at.module && **path == *class.path)
    {
        return None;
    }
    let order = hierarchy.order(&name);
    let open = match hierarchy.derives_from(&name, &[MODEL]) {
        Some(true) => !hierarchy.is_complete(&name),
        None if order.iter().any(looks_like_model) => true,
        _ => return None,
    };
    let module_name = &at.program.module(at.module)?.name;
    let meta = |wanted: &str| {
        let meta = at.code.class_at(&format!("{}.Meta", class.path))?;
        at.code.class_attribute(meta, wanted)
    };
    let label = meta("app_label").and_then(|e| at.code.string(e)).map(Arc::from);
    let label = label.or_else(|| apps.of_module(module_name).map(|app| Arc::clone(&app.label)));
    let flag = |wanted: &str| meta(wanted).and_then(|e| at.code.bool(e)) == Some(true);
    let mut fields: Vec<RawField> = Vec::new();
    let mut managers: Vec<(Arc<str>, QualifiedName)> = Vec::new();
    for base in order.iter() {
        match base {
            QualifiedName::External(package) if known_class(package).is_some() => {
                package_fields(base, package, &mut fields);
            }
            _ => own_fields(at.program, hierarchy, base, &mut fields, &mut managers),
        }
    }
    let model = Model {
        class: name,
        name: at.code.text(class.name).into(),
        app_label: label.unwrap_or_else(|| default_label(module_name)),
        is_abstract: flag("abstract"),
        is_proxy: flag("proxy"),
        fields: Vec::new(),
        managers,
        owners: Vec::new(),
        open,
        place: Span::new(at.program.module(at.module)?.file, class.name_range),
    };
    Some(Draft { model, fields })
}

/// The app's package is the one around `models`.
fn default_label(module: &str) -> Arc<str> {
    let package = module.split(".models").next().unwrap_or(module);
    Arc::from(package.rsplit('.').next().unwrap_or(package))
}

const MODEL: &str = "django.db.models.base.Model";

/// A class of a package nobody knows that is called as abstract models are: it stands in a module of
/// models and is no helper of one.
fn looks_like_model(base: &QualifiedName) -> bool {
    let QualifiedName::External(name) = base else { return false };
    // Django's models are known: what else is there are expressions and look-ups.
    if known_class(name).is_some() || name.starts_with("django.db.") {
        return false;
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let helper = ["Manager", "QuerySet", "Choices", "Field", "Mixin", "Form", "Serializer"];
    let in_models = name.split('.').any(|part| part == "models" || part == "base_user");
    in_models && !helper.iter().any(|end| last.ends_with(end))
}

/// The fields that a package's abstract model brings, as recorded.
fn package_fields(owner: &QualifiedName, package: &str, fields: &mut Vec<RawField>) {
    let Some(class) = known_class(package) else { return };
    for (name, value) in class.attributes() {
        let KnownValue::Field { class, to } = value else { continue };
        if !fields.iter().any(|known| &*known.field.name == name) {
            fields.push(field::recorded(owner, name, class, to.as_deref()));
        }
    }
}

fn own_fields(
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    class: &QualifiedName,
    fields: &mut Vec<RawField>,
    managers: &mut Vec<(Arc<str>, QualifiedName)>,
) {
    let Some((module, code, id)) = program.class_home(class) else { return };
    let Some(body) = code.class(id).map(|class| code.class_body(class)) else { return };
    let at = Place { program, module, code };
    for stmt in body {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
        for target in code.exprs(targets) {
            let Some(name) = code.name(*target) else { continue };
            if fields.iter().any(|known| &*known.field.name == name) {
                continue;
            }
            if let Some(field) = field::field(at, hierarchy, class, name, value) {
                fields.push(field);
            } else if let Some(manager) = manager(at, hierarchy, value) {
                managers.push((Arc::from(name), manager));
            }
        }
    }
}

/// The class of a manager: `Orders()`, `OrderQuerySet.as_manager()`, `Manager.from_queryset(Q)()`, and `Orders()` of an
/// `Orders = Manager.from_queryset(Q)` at the top of a module.
fn manager(at: Place<'_>, hierarchy: &Hierarchy<'_>, value: ExprId) -> Option<QualifiedName> {
    let (callee, _) = at.code.call(value)?;
    let (module, dotted) = match at.code.dotted(callee) {
        Some(dotted) => made_at_top(at, &dotted).unwrap_or((at.module, dotted)),
        None => (at.module, query_of(at.code, callee)?),
    };
    let class = dotted.strip_suffix(".as_manager").unwrap_or(&dotted);
    let name = at.program.resolve(module, class);
    let is = hierarchy.order(&name).iter().any(|base| {
        matches!(base, QualifiedName::External(name)
            if name.ends_with("Manager") || name.ends_with("QuerySet"))
    });
    is.then_some(name)
}

/// The query whose methods a manager gets by `from_queryset`, as it is written.
fn query_of(code: &Code, made: ExprId) -> Option<String> {
    let (maker, arguments) = code.call(made)?;
    let makes = code.dotted(maker)?.ends_with(".from_queryset");
    code.dotted(arguments.first().filter(|_| makes)?.value)
}

/// The same of a class that stands under a name, with the module where that is given its value.
fn made_at_top(at: Place<'_>, dotted: &str) -> Option<(ModuleId, String)> {
    let QualifiedName::Project(module, name) = at.program.resolve(at.module, dotted) else {
        return None;
    };
    let code = at.program.code(module)?;
    Some((module, query_of(code, code.module_value(&name)?)?))
}

/// How models are called in relations.
struct Names {
    by_label: BTreeMap<(String, String), QualifiedName>,
    user: Option<QualifiedName>,
}

impl Names {
    fn new(drafts: &[Draft], settings: &Settings) -> Self {
        let mut by_label = BTreeMap::new();
        for Draft { model, .. } in drafts {
            let key = (model.app_label.to_lowercase(), model.name.to_lowercase());
            by_label.entry(key).or_insert_with(|| model.class.clone());
        }
        let mut names = Self { by_label, user: None };
        let setting = settings.get("AUTH_USER_MODEL");
        let user = setting.value().single().and_then(|alt| match &alt.data {
            Data::Str(label) => Some(Arc::clone(label)),
            _ => None,
        });
        names.user = user.and_then(|label| names.find(&label, ""));
        names
    }

    fn find(&self, text: &str, app: &str) -> Option<QualifiedName> {
        let (app, name) = text.rsplit_once('.').unwrap_or((app, text));
        let app = app.rsplit('.').next().unwrap_or(app);
        self.by_label.get(&(app.to_lowercase(), name.to_lowercase())).cloned()
    }

    fn resolve(&self, raw: &RawModel, from: &Model) -> QualifiedName {
        let django = || QualifiedName::External(Arc::from("django.contrib.auth.models.User"));
        match raw {
            RawModel::Text(text) if &**text == "self" => from.class.clone(),
            RawModel::Text(text) if &**text == "auth.User" => django(),
            RawModel::Text(text) => {
                match (self.find(text, &from.app_label), text.split_once('.')) {
                    (Some(found), _) => found,
                    (None, Some((app, name))) => {
                        QualifiedName::External(Arc::from(format!("{app}.models.{name}")))
                    }
                    (None, None) => QualifiedName::Unknown,
                }
            }
            RawModel::Class(QualifiedName::External(name)) if is_django_user(name) => {
                self.user.clone().unwrap_or_else(django)
            }
            RawModel::Class(class) => class.clone(),
            RawModel::User => self.user.clone().unwrap_or_else(django),
            RawModel::Unknown => QualifiedName::Unknown,
        }
    }

    fn settle(&self, draft: &Draft) -> Model {
        let mut model = draft.model.clone();
        model.fields = draft
            .fields
            .iter()
            .map(|raw| {
                let mut field = raw.field.clone();
                field.relation = raw.relation.as_ref().map(|relation| Relation {
                    to: self.resolve(&relation.to, &draft.model),
                    kind: relation.kind,
                    related_name: relation.related_name.clone(),
                    through: relation.through.as_ref().map(|t| self.resolve(t, &draft.model)),
                });
                field
            })
            .collect();
        model
    }
}

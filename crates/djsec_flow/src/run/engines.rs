//! Engines of templates, by the names that the settings give them: `engines["jinja"]`.

use djsec_django::settings::SettingRef;

use super::Run;
use crate::value::{Value, What};

/// Of more engines than this the settings are not asked.
const MOST: usize = 8;

/// The class by which the models know an environment that is there for templates that others write.
const SANDBOX: &str = "jinja2.sandbox.SandboxedEnvironment";
/// What settings may name for it.
const SANDBOXES: &[&str] = &[SANDBOX, "jinja2.sandbox.ImmutableSandboxedEnvironment"];

impl Run<'_, '_> {
    /// An engine that is asked for by its name, where its templates are surely run in a sandbox.
    pub(super) fn engine(&self, engines: &Value, name: &Value) -> Option<Value> {
        let What::Name(all) = &engines.what else { return None };
        if !all.is_external("django.template.engines") {
            return None;
        }
        let name = name.as_text()?;
        let templates = self.world.settings?.get("TEMPLATES");
        let mut each = (0..templates.elements().len().min(MOST)).map(|at| templates.index(at));
        let engine = each.find(|engine| is_one_of(&engine.entry("NAME"), &[name]))?;
        let environment = engine.entry("OPTIONS").entry("environment");
        is_one_of(&environment, SANDBOXES).then(|| Value::instance(SANDBOX))
    }
}

/// Whether a setting is one of some texts, whatever else is so.
fn is_one_of(setting: &SettingRef<'_>, texts: &[&str]) -> bool {
    let alts = &setting.value().alts;
    let is = |text: &str| texts.contains(&text);
    !alts.is_empty() && alts.iter().all(|alt| alt.data.as_str().is_some_and(is))
}

//! Classes that the settings list: what REST framework renders with where a view does not say.

use std::sync::{Arc, Mutex, PoisonError};

use djsec_base::Utf8Path;
use djsec_django::settings::Settings;
use djsec_python::value::{Data, ObjectKind};
use djsec_python::{Program, QualifiedName};
use rustc_hash::FxHashMap;

/// The lists that were asked for so far, by the setting and its key: `REST_FRAMEWORK.DEFAULT_RENDERER_CLASSES`.
#[derive(Debug, Default)]
pub(crate) struct Listed(Mutex<FxHashMap<Box<str>, Arc<[QualifiedName]>>>);

impl Listed {
    /// The classes that production may find in a list of the settings.
    pub(crate) fn classes(
        &self,
        settings: &Settings,
        program: &Program,
        root: &Utf8Path,
        path: &str,
    ) -> Arc<[QualifiedName]> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(path) {
            return Arc::clone(known);
        }
        let (setting, key) = path.split_once('.').unwrap_or((path, ""));
        let whole = settings.get(setting);
        let list = if key.is_empty() { whole } else { whole.entry(key) };
        let there = list.elements().into_iter().filter(|part| !part.when.is_never());
        let found: Arc<[QualifiedName]> =
            there.filter_map(|part| class(program, root, &part.data)).collect();
        kept().insert(path.into(), Arc::clone(&found));
        found
    }
}

/// The class that an element names.
fn class(program: &Program, root: &Utf8Path, data: &Data) -> Option<QualifiedName> {
    let path: &str = match data {
        Data::Str(path) => path,
        Data::Object(object) if matches!(object.kind, ObjectKind::Class | ObjectKind::External) => {
            &object.name
        }
        _ => return None,
    };
    let (module, class) = path.rsplit_once('.')?;
    Some(match program.find(module, root) {
        Some(module) => program.resolve(module, class),
        None => QualifiedName::External(path.into()),
    })
}

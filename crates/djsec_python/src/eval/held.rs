//! What packages hold for the whole process: objects that each import gives again, namespaces that calls fill.

use std::sync::Arc;

use super::{Args, At, Interp, NsId, Val};

impl Interp<'_> {
    /// The one instance of an external class that everybody imports under this name.
    pub fn singleton(&mut self, name: &str, class: &str, at: At) -> Val {
        if let Some((_, val)) = self.singletons.iter().find(|(known, _)| &**known == name) {
            return val.clone();
        }
        let val = self.external_instance(class, &Args::default(), at);
        self.singletons.push((Arc::from(name), val.clone()));
        val
    }

    /// The namespace that calls of a package have filled, such as that of `django.conf.settings`.
    pub fn filled(&self, name: &str) -> Option<NsId> {
        self.filled.iter().find(|(known, _)| &**known == name).map(|(_, ns)| *ns)
    }

    /// The same, made if there was none.
    pub fn to_fill(&mut self, name: &str) -> NsId {
        self.filled(name).unwrap_or_else(|| {
            let ns = self.new_namespace();
            self.filled.push((Arc::from(name), ns));
            ns
        })
    }
}

//! Folders that are no packages, as they have no `__init__.py`: Python takes modules from them all the same.

use djsec_syntax::python::ast;

use super::{At, Interp};

impl Interp<'_> {
    /// `from shop.views import orders, carts`, where `shop/views/` is only a folder; whether it is one with all of them.
    pub(super) fn import_from_folder(&mut self, base: &str, names: &[ast::Alias], at: At) -> bool {
        let modules: Vec<String> =
            names.iter().map(|alias| format!("{base}.{}", alias.name.as_str())).collect();
        if self.find_module(base).is_some()
            || !modules.iter().all(|module| self.find_module(module).is_some())
        {
            return false;
        }
        for (alias, module) in names.iter().zip(&modules) {
            if let Some(module) = self.import_module(module, at) {
                self.bind(alias.asname.as_ref().unwrap_or(&alias.name).as_str(), module, at);
            }
        }
        true
    }
}

//! What the forms of a project say together of a field, where nobody knows which of them was sent.

use std::sync::{Arc, OnceLock};

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt};
use rustc_hash::FxHashMap;

use super::Run;
use super::forms::Sort;
use crate::taint::Label;
use crate::value::Value;

/// Stands in what was sent to a form of which the class is not known.
pub(super) const ANY_FORM: &str = "(any form)";

/// How unsure it is that what a field holds does harm, where all forms of the project that have one of that
/// name let only harmless values through.
const DOUBT: u8 = 2;

/// For each name of a field whether all that have it let only harmless values through; worked out when somebody
/// asks.
#[derive(Debug, Default)]
pub(crate) struct Offered(OnceLock<FxHashMap<Arc<str>, bool>>);

impl Run<'_, '_> {
    /// What stands under a key in what was sent to a form of which the class is not known.
    pub(super) fn as_offered(&self, data: &Value, key: Option<&str>, item: Value) -> Value {
        let asked = key.filter(|_| data.known_field(ANY_FORM).is_some());
        let all = || self.world.offered.0.get_or_init(|| self.all_offered());
        if asked.is_none_or(|key| all().get(key) != Some(&true)) {
            return item;
        }
        let doubted = |label: &Label| Label { doubt: label.doubt_and(DOUBT), ..label.clone() };
        item.map(&|taint| taint.map(|label| Some(doubted(label))))
    }

    fn all_offered(&self) -> FxHashMap<Arc<str>, bool> {
        let mut all: FxHashMap<Arc<str>, bool> = FxHashMap::default();
        let mut add = |name: Arc<str>, harmless: bool| {
            all.entry(name).and_modify(|known| *known &= harmless).or_insert(harmless);
        };
        for module in self.world.index.modules() {
            let Some(code) = self.world.program.code(module) else { continue };
            for (_, class) in code.classes() {
                let class = QualifiedName::Project(module, Arc::from(&*class.path));
                if self.is_form(&class) || self.is_serializer(&class) {
                    for (name, sort) in self.form_fields(&class) {
                        add(name, sort == Sort::Harmless);
                    }
                }
            }
            for (_, function) in code.functions() {
                code.each_stmt(function.body, &mut |_, stmt| {
                    let Stmt::Assign { targets, value: Some(_), .. } = stmt else { return };
                    // `self.fields["name"] = CharField()`: one that is made while the site runs.
                    let made = |target: &ExprId| match code.expr(*target) {
                        Expr::Subscript(of, key) => match code.expr(of) {
                            Expr::Attribute(_, name) if code.text(name) == "fields" => {
                                code.string(key)
                            }
                            _ => None,
                        },
                        _ => None,
                    };
                    for name in code.exprs(targets).iter().filter_map(made) {
                        add(Arc::from(name), false);
                    }
                });
            }
        }
        all
    }
}

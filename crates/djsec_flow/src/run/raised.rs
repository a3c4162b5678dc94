//! What exceptions carry from where they are raised to where they are shown.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::apply::substituted;
use crate::args::{Args, Bound};
use crate::summary::Summary;
use crate::taint::Taint;
use crate::value::{Value, What};
use crate::{Kind, Kinds};

/// An exception: its class, if that is known, and the untrusted data in its text.
pub(crate) type Raised = (Option<QualifiedName>, Taint);

/// A `try` block and a summary know exceptions of this many classes.
const MOST_CLASSES: usize = 6;

/// Exceptions are logged everywhere, and mostly with a representation: line ends in them are nothing that
/// anybody would mend. Who puts the text of one exception into another has chosen to tell it.
const NOT_SHOWN: Kinds = Kinds::just(Kind::Log).or(Kinds::TOLD);

/// Functions whose exception repeats what they were given.
const REPEATING: &[&str] = &[
    "builtins.int",
    "builtins.float",
    "datetime.datetime.strptime",
    "datetime.date.fromisoformat",
    "datetime.datetime.fromisoformat",
    "ipaddress.ip_address",
    "ipaddress.ip_network",
];

impl Run<'_, '_> {
    /// `raise ValueError(text)`
    pub(super) fn raises(&mut self, raised: ExprId) {
        let value = self.eval(raised);
        let class = match &value.what {
            What::Instance(class) | What::Name(class) => Some(class.clone()),
            _ => None,
        };
        let not_here = |class: &QualifiedName| class.is_external("builtins.NotImplementedError");
        self.out.abstracts |= class.as_ref().is_some_and(not_here);
        self.raise(class, &value.whole());
    }

    /// A function of a package that raises for what it is given; looked at where somebody catches it.
    pub(super) fn raises_of(&mut self, name: &str, args: &Args) {
        if !self.raised.is_empty()
            && REPEATING.contains(&name)
            && let Some(given) = args.positional.first()
        {
            let class = QualifiedName::External(Arc::from("builtins.ValueError"));
            self.raise(Some(class), &given.value.whole());
        }
    }

    /// What a function of the project raises that is called.
    pub(super) fn raised_by(
        &mut self,
        summary: &Summary,
        bound: &[Bound],
        place: Span,
        name: &str,
    ) {
        if summary.raises.is_empty() {
            return;
        }
        let words: Arc<str> = format!("raised by `{name}()`").into();
        for (class, taint) in &summary.raises {
            self.raise(class.clone(), &substituted(taint, bound, place, &words));
        }
    }

    fn raise(&mut self, class: Option<QualifiedName>, taint: &Taint) {
        let taint = taint.sanitized(NOT_SHOWN);
        if taint.is_empty() {
            return;
        }
        let all = match self.raised.last_mut() {
            Some(all) => all,
            None if self.inner.is_empty() => &mut self.out.raises,
            None => return,
        };
        let full = all.len() >= MOST_CLASSES;
        match all.iter_mut().find(|(known, _)| *known == class) {
            Some((_, known)) => known.merge(&taint),
            None if !full => all.push((class, taint)),
            None => {}
        }
    }

    /// What arrives in a handler, of all that was raised; what is left goes on to the next.
    pub(super) fn caught(&mut self, handler: Option<ExprId>, raised: &mut Vec<Raised>) -> Value {
        if raised.is_empty() {
            return Value::default();
        }
        let code = self.code;
        let classes: Vec<Option<QualifiedName>> = match handler {
            None => Vec::new(),
            Some(id) => {
                let listed = match code.expr(id) {
                    Expr::Tuple(list) => code.exprs(list),
                    _ => std::slice::from_ref(&id),
                };
                let named = |id: &ExprId| {
                    let name = self.named(*id)?;
                    Some(self.world.hierarchy.canonical(&name))
                };
                listed.iter().map(named).collect()
            }
        };
        let mut all = Taint::default();
        raised.retain(|(class, taint)| {
            let fits = classes.is_empty()
                || classes.iter().flatten().any(|handled| self.is_caught(class.as_ref(), handled));
            if fits {
                all.merge(taint);
            }
            !fits
        });
        Value::tainted(all)
    }

    /// Whether a handler for one class catches exceptions of another.
    fn is_caught(&self, class: Option<&QualifiedName>, handled: &QualifiedName) -> bool {
        let everything = |name: &str| handled.is_external(name);
        if everything("builtins.Exception") || everything("builtins.BaseException") {
            return true;
        }
        let Some(class) = class else { return false };
        let hierarchy = self.world.hierarchy;
        let class = hierarchy.canonical(class);
        class == *handled || hierarchy.order(&class).iter().any(|base| base == handled)
    }

    /// What no handler of a `try` caught.
    pub(super) fn raises_on(&mut self, left: Vec<Raised>) {
        for (class, taint) in left {
            self.raise(class, &taint);
        }
    }
}

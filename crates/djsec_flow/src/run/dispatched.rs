//! Calls of functions that choose by the class of their first argument which one runs.

use djsec_base::Span;
use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use super::higher::joined;
use crate::Grade;
use crate::Kinds;
use crate::args::Args;
use crate::dispatch::Case;
use crate::value::{Value, What};

/// Classes whose instances are numbers.
const NUMBERS: &[&str] = &[
    "builtins.bool",
    "builtins.complex",
    "builtins.float",
    "builtins.int",
    "datetime.date",
    "datetime.datetime",
    "decimal.Decimal",
    "uuid.UUID",
];

/// Whether an argument is one of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fits {
    No,
    Perhaps,
    Yes,
}

impl Run<'_, '_> {
    /// Calls those functions that a call may choose; nothing where there is nothing to choose.
    pub(super) fn dispatched(
        &mut self,
        args: &Args,
        function: (ModuleId, FunctionId),
        receiver: bool,
        (place, name): (Span, Option<&str>),
    ) -> Option<Value> {
        let cases = self.world.dispatch.of(function);
        if cases.is_empty() {
            return None;
        }
        let first = args.positional.first().map(|given| given.value.clone()).unwrap_or_default();
        let fits: Vec<(Fits, &Case)> =
            cases.iter().map(|case| (self.fits(&first, &case.class), case)).collect();
        // The class that stands nearest in the order of the argument's own is chosen.
        let nearest = fits.iter().filter(|(fits, _)| *fits == Fits::Yes);
        let nearest = nearest.min_by_key(|(_, case)| self.distance(&first, &case.class));
        let is_sure = nearest.is_some();
        let chosen: Vec<&Case> = if let Some((_, case)) = nearest {
            vec![*case]
        } else {
            let open = fits.iter().filter(|(fits, _)| *fits == Fits::Perhaps);
            open.map(|(_, case)| *case).collect()
        };
        let mut given = Vec::new();
        for case in chosen {
            let mut args = args.clone();
            let is_number = NUMBERS.iter().any(|class| case.class.is_external(class));
            if let Some(first) = args.positional.first_mut().filter(|_| is_number) {
                first.value = first.value.map(&|taint| taint.sanitized(Kinds::NUMBER));
            }
            given.push(self.apply_one(&args, case.function, (receiver, &[]), place, name));
        }
        if !is_sure {
            given.push(self.apply_one(args, function, (receiver, &[]), place, name));
        }
        self.left_at = None;
        Some(joined(given.into_iter()))
    }

    fn fits(&self, value: &Value, class: &QualifiedName) -> Fits {
        match &value.what {
            What::Instance(_) if self.distance(value, class).is_some() => Fits::Yes,
            What::Instance(QualifiedName::Project(..)) if *class != QualifiedName::Unknown => {
                Fits::No
            }
            What::Text(_) if class.is_external("builtins.str") => Fits::Yes,
            What::Text(_) => Fits::No,
            What::Bool(_) if class.is_external("builtins.bool") => Fits::Yes,
            // No request brings objects of the project.
            What::Unknown if matches!(class, QualifiedName::Project(..)) => {
                let labels = value.taint.labels();
                let sent = labels.iter().all(|l| l.origin.grade() == Some(Grade::Remote));
                if sent && !labels.is_empty() { Fits::No } else { Fits::Perhaps }
            }
            _ => Fits::Perhaps,
        }
    }

    /// How far a class is from that of a value.
    fn distance(&self, value: &Value, class: &QualifiedName) -> Option<usize> {
        let What::Instance(of) = &value.what else { return None };
        let wanted = self.world.hierarchy.canonical(class);
        self.world.hierarchy.order(of).iter().position(|known| *known == wanted)
    }
}

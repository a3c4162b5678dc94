//! Signals of the project: what is sent arrives at every receiver.

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::Run;
use crate::args::{Args, Given};
use crate::value::{Value, What};

/// Under which name the models know signals.
const SIGNAL: &str = "django.dispatch.dispatcher.Signal";
/// More receivers than this are not followed.
const MOST_RECEIVERS: usize = 16;

impl Run<'_, '_> {
    /// `asked.send(sender=None, url=url)`
    pub(super) fn signalled(&mut self, name: &str, args: &Args, place: Span) -> Option<Value> {
        let Given { value, expr } = args.receiver.as_ref()?;
        let sends = matches!(name, "send" | "send_robust" | "asend" | "asend_robust");
        if !sends || !value.what.is_instance_of(SIGNAL) || !self.is_shared(*expr) {
            return None;
        }
        let signal = self.named(*expr)?;
        if !matches!(signal, QualifiedName::Project(..)) {
            return None;
        }
        let args = Args { receiver: None, ..args.clone() };
        let world = self.world;
        for receiver in world.globals.receivers(&signal).iter().take(MOST_RECEIVERS) {
            self.apply(&args, *receiver, false, place, None);
        }
        Some(Value::of(What::Unknown))
    }
}

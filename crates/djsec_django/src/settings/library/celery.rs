//! Celery: schedules are objects.

use djsec_python::eval::{Args, At, Interp, Val};

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    matches!(
        name,
        "celery.schedules.crontab" | "celery.schedules.schedule" | "celery.schedules.solar"
    )
    .then(|| it.external_instance(name, args, at))
}

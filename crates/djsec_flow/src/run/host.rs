//! The host by which a request calls the site, put into addresses.

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::formatted::pieces;
use super::prefix::{concatenated, formatted};
use crate::Kind;
use crate::args::Args;
use crate::taint::Taint;
use crate::value::{Value, What};

/// What stands in front of a host.
const LEADS: &str = "://";

/// What `"{parsed.hostname}".format(parsed=urlparse(url))` gives: the host of that address, and nothing else.
pub(super) fn host_in(format: &Value, args: &Args) -> Option<What> {
    let field = format.as_text()?.strip_prefix('{')?.strip_suffix('}')?;
    let (name, _) =
        field.split_once('.').filter(|(_, part)| matches!(*part, "netloc" | "hostname"))?;
    let given = match name {
        "" => args.positional.first(),
        _ => match name.parse::<usize>() {
            Ok(at) => args.positional.get(at),
            Err(_) => args.keyword(name),
        },
    };
    match &given?.value.what {
        What::Parsed(subject) => Some(What::Host(Arc::clone(subject))),
        _ => None,
    }
}

#[expect(clippy::wrong_self_convention, reason = "it is data that goes into sinks")]
impl Run<'_, '_> {
    /// `f"https://{host}/reset/"`: what stands right behind `://` is where an address leads.
    pub(super) fn into_host(&mut self, values: &[Value], parts: &[ExprId]) {
        for (before, (value, part)) in values.iter().zip(values.iter().zip(parts).skip(1)) {
            if before.as_text().is_some_and(|text| text.ends_with(LEADS)) {
                self.leads(value, *part);
            }
        }
    }

    /// `"https://%s/reset/" % host`, with the values as they are written.
    pub(super) fn into_percent(&mut self, format: &Value, values: &Value, right: ExprId) {
        let Some(at) = format.as_text().and_then(|text| place(text, "%s")) else { return };
        let code = self.code;
        match code.expr(right) {
            Expr::Tuple(list) => {
                let value = values.field(&format!("[{at}]"));
                if let Some(part) = code.exprs(list).get(at) {
                    self.leads(&value, *part);
                }
            }
            _ if at == 0 => self.leads(values, right),
            _ => {}
        }
    }

    /// What `"https://{}/reset/".format(host)` gives; `given` are all the values.
    pub(super) fn into_format(&mut self, format: &Value, args: &Args, given: &[Value]) -> Taint {
        let at = format.as_text().and_then(|text| place(text, "{}"));
        if let Some(host) = at.and_then(|at| args.positional.get(at)) {
            self.leads(&host.value, host.expr);
        }
        match format.as_text().and_then(|text| pieces(text, args)) {
            Some(pieces) => concatenated(&pieces).taint,
            None => formatted(format, given),
        }
    }

    fn leads(&mut self, value: &Value, part: ExprId) {
        let taint = value.whole();
        if taint.labels().iter().any(|label| label.may(Kind::Host)) {
            let words = Arc::from("where an address leads");
            self.into_kind(Kind::Host, &[(taint, part)], (LEADS, &words), (true, false));
        }
    }
}

/// Which of the places in a format, from 0, stands behind `://`.
fn place(format: &str, mark: &str) -> Option<usize> {
    let (before, _) = format.split_once(&format!("{LEADS}{mark}"))?;
    Some(before.matches(mark).count())
}

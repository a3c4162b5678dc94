//! The cookies that the project's own code sets: under which name, with which value, and with which flags.

use djsec_base::{Applicability, Edit, Fix, Span, TextRange};
use djsec_python::code::{Argument, Expr, ExprId};

use crate::Cx;
use crate::own::Site;

/// A call of `set_cookie()` or `set_signed_cookie()`.
pub(super) struct Sent<'a> {
    pub(super) at: Site<'a>,
    pub(super) call: ExprId,
    pub(super) arguments: &'a [Argument],
    /// Its name, where that is known.
    pub(super) name: Option<String>,
    pub(super) value: ExprId,
    /// Whether nobody can change it without being noticed.
    pub(super) signed: bool,
}

/// A flag of a cookie: its keyword, and where it stands among the arguments of `set_cookie()`.
pub(super) type Flag = (&'static str, usize);

/// Only over TLS.
pub(super) const SECURE: Flag = ("secure", 6);
/// Not for scripts.
pub(super) const HTTP_ONLY: Flag = ("httponly", 7);

/// The cookies that are set in code that production may run. Those that are deleted by an empty value or end
/// at once are left out.
pub(super) fn collect<'a>(cx: &Cx<'a>) -> Vec<Sent<'a>> {
    let mut found = Vec::new();
    for at in cx.sites() {
        let wanted = ["set_cookie", "set_signed_cookie"].map(|name| at.code.symbol(name));
        if wanted.iter().all(Option::is_none) || cx.is_command(at) {
            continue;
        }
        for (id, _) in at.code.all_exprs() {
            found.extend(sent(cx, at, id).filter(|sent| !sent.is_deleted() && !at.is_chosen(id)));
        }
    }
    found
}

fn sent<'a>(cx: &Cx<'a>, at: Site<'a>, call: ExprId) -> Option<Sent<'a>> {
    let (callee, arguments) = at.code.call(call)?;
    let Expr::Attribute(_, method) = at.code.expr(callee) else { return None };
    let signed = match at.code.text(method) {
        "set_cookie" => false,
        "set_signed_cookie" => true,
        _ => return None,
    };
    // Jars of clients take one argument, a cookie.
    let key = at.code.argument(arguments, 0, "key")?;
    let value = at.code.argument(arguments, 1, "value")?;
    Some(Sent { at, call, arguments, name: text(cx, at, key), value, signed })
}

/// The text that an expression is: itself, a constant, or a setting.
fn text<'a>(cx: &Cx<'a>, at: Site<'a>, expr: ExprId) -> Option<String> {
    if let Some(name) = cx.setting_read(at, expr) {
        return cx.setting(&name).value().single()?.data.as_str().map(str::to_owned);
    }
    let (there, value) = cx.origin(at, expr, &|at, id| at.code.string(id).is_some())?;
    there.code.string(value).map(str::to_owned)
}

impl Sent<'_> {
    fn is_deleted(&self) -> bool {
        let code = self.at.code;
        let ends = code.keyword(self.arguments, "max_age").map(|age| code.expr(age));
        code.string(self.value) == Some("") || ends == Some(Expr::Int(0))
    }

    /// Whether the value stands in the source: it says that something is on, and lets nobody in.
    pub(super) fn is_written(&self) -> bool {
        let written = |value: &ExprId| {
            let value = self.at.code.expr(*value);
            matches!(value, Expr::Bool(_) | Expr::Int(_) | Expr::None | Expr::Str(_))
        };
        let given = || self.at.given(self.value);
        written(&self.value) || given().is_some_and(|values| values.iter().all(written))
    }

    /// Whether a flag is surely off in production.
    pub(super) fn is_off(&self, cx: &Cx<'_>, flag: Flag) -> bool {
        match self.flag(flag) {
            Some(value) => is_off(cx, self.at, value, 0),
            None => !self.at.code.is_open(self.arguments),
        }
    }

    /// What a flag is given.
    fn flag(&self, (name, position): Flag) -> Option<ExprId> {
        let code = self.at.code;
        if self.signed {
            return code.keyword(self.arguments, name);
        }
        code.argument(self.arguments, position, name)
    }

    /// Switches on the flags that are off.
    pub(super) fn fix(&self, cx: &Cx<'_>, off: &[Flag]) -> Option<Fix> {
        let mut edits = Vec::new();
        let mut missing = String::new();
        for flag in off {
            match self.flag(*flag) {
                Some(value) => {
                    let span = self.at.expr_span(value);
                    matches!(cx.source(span), "False" | "None").then_some(())?;
                    edits.push(Edit { span, text: "True".to_owned() });
                }
                None => missing.extend([", ", flag.0, "=True"]),
            }
        }
        if !missing.is_empty() {
            let last = self.at.code.expr_range(self.arguments.last()?.value);
            let rest = Span::new(
                self.at.file,
                TextRange::new(last.end(), self.at.code.expr_range(self.call).end()),
            );
            // What else stands there, a comment or a parenthesis, is left to its author.
            let plain =
                cx.source(rest).chars().all(|c| c.is_whitespace() || matches!(c, ',' | ')'));
            (plain && cx.source(rest).matches(')').count() == 1).then_some(())?;
            let span = Span::new(self.at.file, TextRange::empty(last.end()));
            edits.push(Edit { span, text: missing });
        }
        let title = "Protect the cookie".to_owned();
        Some(Fix { title, applicability: Applicability::Unsafe, edits })
    }
}

/// Whether an expression is surely false in production. What the settings of the session's cookie say is
/// the business of their own rules.
fn is_off(cx: &Cx<'_>, at: Site<'_>, expr: ExprId, depth: u8) -> bool {
    let code = at.code;
    if depth > 6 {
        return false;
    }
    let inner = |id: &ExprId| is_off(cx, at, *id, depth + 1);
    if let Some(name) = cx.setting_read(at, expr) {
        let setting = cx.setting(&name);
        let of_django = ["SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_"];
        let unset = setting.is_absent().surely().is_always();
        let otherwise = code.call(expr).and_then(|(_, arguments)| Some(arguments.get(2)?.value));
        return match otherwise {
            _ if of_django.iter().any(|start| name.starts_with(start)) => false,
            Some(otherwise) if unset => inner(&otherwise),
            _ => setting.falsy().surely().is_always(),
        };
    }
    match code.expr(expr) {
        Expr::Bool(false) | Expr::None => true,
        Expr::Or(list) => code.exprs(list).iter().all(inner),
        Expr::And(list) => code.exprs(list).iter().any(inner),
        Expr::Not(of) => {
            let read = cx.setting_read(at, of);
            read.is_some_and(|name| cx.setting(&name).truthy().surely().is_always())
        }
        Expr::Name(_) => at.given(expr).is_some_and(|values| values.iter().all(inner)),
        Expr::Call(callee, arguments) if code.is_dotted(callee, "bool") => {
            code.arguments(arguments).iter().all(|argument| inner(&argument.value))
        }
        _ => false,
    }
}

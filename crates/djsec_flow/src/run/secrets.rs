//! What leaves nothing of a secret, or takes it out of what is told.

use djsec_python::code::{Expr, ExprId, List};

use super::Run;
use crate::Grade;
use crate::catalog::last;
use crate::secret::{is_masking, is_secret_key};
use crate::taint::Taint;
use crate::value::{Value, What};

/// So many letters of a secret tell nothing that opens anything.
const FEW: i64 = 12;

/// Headers that let somebody in.
const HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "x-api-key", "api-key", "x-auth-token"];

/// What makes a text that nobody guesses.
const MAKING: &[&str] =
    &["get_random_string", "make_random_password", "token_hex", "token_urlsafe"];

/// Whether who goes through a value sees names only: what a request brings is a mapping.
pub(super) fn names_only(what: &What) -> bool {
    const SENT: &[&str] = &[
        "django.http.request.Headers",
        "django.http.request.Meta",
        "django.http.request.QueryDict",
    ];
    SENT.iter().any(|class| what.is_instance_of(class))
}

/// What is in a list of something: of what a request brings, the names.
pub(super) fn listed(all: &Value) -> Value {
    if names_only(&all.what) { all.untold() } else { all.clone() }
}

impl Run<'_, '_> {
    /// What a call gives: nothing of a secret where its name says that it masks.
    pub(super) fn masked(&self, callee: ExprId, value: Value) -> Value {
        if value.is_clean() {
            return value;
        }
        let name = match self.code.expr(callee) {
            Expr::Name(name) | Expr::Attribute(_, name) => self.code.text(name),
            _ => return value,
        };
        if is_masking(name) { value.untold() } else { value }
    }

    /// `{"Authorization": f"Token {self.key}"}`: what the project puts together for such a header is a secret, whoever has
    /// given it to the object.
    pub(super) fn set_under(&self, key: &str, value: Value, id: ExprId) -> Value {
        let made = matches!(
            self.code.expr(id),
            Expr::Format(_) | Expr::Binary(..) | Expr::Attribute(..) | Expr::Name(_)
        );
        let lets_in = HEADERS.iter().any(|header| key.eq_ignore_ascii_case(header));
        if !made || !lets_in || value.as_text().is_some() {
            return value;
        }
        self.with_secret(value, key, id)
    }

    /// `token = get_random_string(40)`: a secret that the project makes, as its name says.
    pub(super) fn made_secret(&self, targets: List, value: Value, id: ExprId) -> Value {
        let Some((callee, _)) = self.code.call(id) else { return value };
        let named = self.code.exprs(targets).iter().find_map(|target| self.code.name(*target));
        let made = self.code.dotted(callee).is_some_and(|name| MAKING.contains(&last(&name)));
        match named {
            Some(name) if made && is_secret_key(name) => self.with_secret(value, name, id),
            _ => value,
        }
    }

    /// The same, as something that nobody but the project makes, and that is told to no log.
    fn with_secret(&self, mut value: Value, words: &str, id: ExprId) -> Value {
        value.taint.merge(&Taint::secret(self.place(id), Grade::Own, words));
        value
    }

    /// Whether a slice leaves much of a text: `body[:500]`, and not `token[:4]`.
    pub(super) fn is_long(&self, bounds: List) -> bool {
        let code = self.code;
        let bounds = code.exprs(bounds).iter().map(|bound| code.expr(*bound));
        let mut bounds = bounds.filter(|bound| !matches!(bound, Expr::None)).peekable();
        let is_much = |bound: Expr| matches!(bound, Expr::Int(number) if number > FEW);
        bounds.peek().is_some() && bounds.all(is_much)
    }

    /// Something is taken out of a mapping, or written over, under this key or under one that is not
    /// known. What held a secret is taken to hold none any more.
    pub(super) fn redact(&mut self, mapping: ExprId, key: Option<&str>) {
        if key.is_some_and(|key| !is_secret_key(key)) {
            return;
        }
        let mut holder = self.eval(mapping);
        if !holder.whole().tells_secret() {
            return;
        }
        if let Some(key) = key {
            let key = format!("[{key}]");
            if holder.known_field(&key).is_some() {
                holder = holder.with_field(&key, Value::default());
            }
        }
        holder.taint = holder.taint.untold();
        self.replace(mapping, holder);
    }

    /// Who chooses among the entries of a mapping leaves out what is not to be told.
    pub(super) fn leaves_out(&mut self, target: ExprId) {
        let value = self.eval(target);
        if value.whole().tells_secret() {
            match self.code.expr(target) {
                Expr::Tuple(list) | Expr::List(list) => {
                    for one in self.code.exprs(list).to_vec() {
                        self.leaves_out(one);
                    }
                }
                _ => self.replace(target, value.untold()),
            }
        }
    }
}

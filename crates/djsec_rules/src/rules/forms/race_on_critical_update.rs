use djsec_base::Confidence;
use djsec_django::models::{Field, Model};
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use super::row::{Row, row};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds code that reads a number which is worth something (a balance, a stock, a quota, what is left of
    /// a coupon), changes it in Python and saves the row, without a lock.
    ///
    /// ## Why it matters
    /// Two requests at the same time read the same number, and one change is lost: the same credit is spent
    /// twice, a coupon is used ten times, the last ticket is sold to everybody who is fast enough.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Wallet(models.Model):
    ///     balance = models.DecimalField(max_digits=9, decimal_places=2)
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// ```
    /// ```python views.py
    /// from django.shortcuts import redirect
    ///
    /// from shop.models import Wallet
    ///
    ///
    /// def spend(request):
    ///     wallet = Wallet.objects.get(pk=request.user.wallet_id)
    ///     if wallet.balance >= 10:
    ///         wallet.balance -= 10  # finding
    ///         wallet.save()
    ///     return redirect("/")
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Wallet(models.Model):
    ///     balance = models.DecimalField(max_digits=9, decimal_places=2)
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// ```
    /// ```python views.py
    /// from django.db.models import F
    /// from django.shortcuts import redirect
    ///
    /// from shop.models import Wallet
    ///
    ///
    /// def spend(request):
    ///     wallet = Wallet.objects.filter(pk=request.user.wallet_id, balance__gte=10)
    ///     wallet.update(balance=F("balance") - 10)
    ///     return redirect("/")
    /// ```
    ///
    /// ## How to fix
    /// Let the database do it in one step: `filter(balance__gte=10).update(balance=F("balance") - 10)`, and
    /// look at how many rows that changed. Or lock the row: `select_for_update()` in `transaction.atomic()`.
    ///
    /// ## Limits
    /// A number counts by its name and by the type of its column. A transaction alone does not help at the
    /// level of isolation that databases have by default, but may at another: then the confidence is low. So
    /// it is where the row comes from a caller, who may have locked it.
    ///
    /// ## References
    /// - [Django: avoiding race conditions using F()](https://docs.djangoproject.com/en/stable/ref/models/expressions/#avoiding-race-conditions-using-f)
    RULE {
        id: "race-on-critical-update",
        group: "forms",
        summary: "two requests at once can spend the same money, stock or quota",
        severity: Medium,
        cwe: [362, 367],
        owasp: ["2025:A06"],
        asvs: ["5.0:15.4.2", "5.0:2.3.3"],
        checklist: [],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let names: Vec<&str> = critical(cx);
    if names.is_empty() {
        return;
    }
    let locks = cx.sites().any(|at| at.code.symbol("select_for_update").is_some());
    for at in cx.sites() {
        let code = at.code;
        let command = cx
            .program
            .module(at.module)
            .is_some_and(|module| module.name.contains("management.commands"));
        if command || !names.iter().any(|name| code.symbol(name).is_some()) {
            continue;
        }
        for (_, function) in code.functions() {
            for (place, object, field) in changes(cx, at, function) {
                if !names.contains(&field) {
                    continue;
                }
                let Some(confidence) = judged(cx, at, function, (object, field), locks) else {
                    continue;
                };
                let message = format!(
                    "two requests at once lose a change of `{field}`: it is read, changed and saved \
                     without a lock",
                );
                out.found(&RULE, at.expr_span(place), &*function.path, message)
                    .confidence(confidence)
                    .help(format!("`update({field}=F(\"{field}\") …)`, or `select_for_update()`"))
                    .done();
            }
        }
    }
}

/// The names of columns that are worth something.
fn critical<'a>(cx: &Cx<'a>) -> Vec<&'a str> {
    let models = cx.models().all.iter();
    let mut names: Vec<&str> = models
        .flat_map(|model| model.fields.iter().filter(|field| is_critical(model, field)))
        .map(|field| &*field.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn is_critical(model: &Model, field: &Field) -> bool {
    const WORTH: &[&str] =
        &["balance", "coins", "credit", "credits", "inventory", "quota", "stock", "wallet"];
    const COUNTS: &[&str] =
        &["available", "left", "redeemed", "redemptions", "remaining", "used", "uses"];
    const LIMITED: &[&str] =
        &["Coupon", "Gift", "License", "Promo", "Quota", "Seat", "Ticket", "Voucher"];
    let number = ["Integer", "Decimal", "Float", "Money"].iter().any(|k| field.kind.contains(k));
    let has = |words: &[&str]| field.name.split('_').any(|part| words.contains(&part));
    let limited = LIMITED.iter().any(|word| model.name.contains(word));
    number && (has(WORTH) || (limited && has(COUNTS)))
}

/// What stands for a column in the database.
const EXPRESSIONS: &[&str] = &["django.db.models.F", "django.db.models.expressions.F"];

/// Where a function changes a column by what it was before: the place, the object and the column.
fn changes<'a>(cx: &Cx<'_>, at: Site<'a>, function: &Function) -> Vec<(ExprId, ExprId, &'a str)> {
    let code = at.code;
    let mut found = Vec::new();
    code.each_stmt(function.body, &mut |_, stmt| {
        let (target, value) = match stmt {
            Stmt::Augmented(target, _, value) => (target, value),
            Stmt::Assign { targets, value: Some(value), .. } => match code.exprs(targets) {
                [target] if reads(at, value, *target) => (*target, value),
                _ => return,
            },
            _ => return,
        };
        let Expr::Attribute(object, name) = code.expr(target) else { return };
        let mut in_database = false;
        code.each_inner(value, &mut |_, expr| {
            if let Expr::Call(callee, _) = expr {
                in_database |= cx.names(at, callee, EXPRESSIONS);
            }
        });
        if !in_database {
            found.push((target, object, code.text(name)));
        }
    });
    found
}

/// Whether a sum or difference begins with what is assigned: `a.b = a.b - 1`.
fn reads(at: Site<'_>, value: ExprId, target: ExprId) -> bool {
    let Some(written) = at.code.dotted(target) else { return false };
    match at.code.expr(value) {
        Expr::Binary(left, _, right) => {
            at.code.is_dotted(left, &written) || at.code.is_dotted(right, &written)
        }
        _ => false,
    }
}

/// How sure it is; nothing where the object is no row, is not saved here, or is locked.
fn judged(
    cx: &Cx<'_>,
    at: Site<'_>,
    function: &Function,
    (object, field): (ExprId, &str),
    locks: bool,
) -> Option<Confidence> {
    let code = at.code;
    let written = code.dotted(object)?;
    let saved = at.calls_in(function).into_iter().any(|call| {
        let saves = |name: &str| format!("{written}.{name}");
        code.call(call).is_some_and(|(callee, _)| {
            code.is_dotted(callee, &saves("save")) || code.is_dotted(callee, &saves("asave"))
        })
    });
    if !saved || at.mentions(function, &["select_for_update", "lock", "Lock", "acquire"]) {
        return None;
    }
    let model = row(cx, at, function, &written);
    let from_caller = matches!(model, Row::Given);
    if let Row::Of(model) = &model {
        let model = cx.models().get(model)?;
        let column = model.fields.iter().find(|known| *known.name == *field)?;
        if !is_critical(model, column) {
            return None;
        }
    }
    let decorated = code
        .exprs(function.decorators)
        .iter()
        .any(|decorator| code.dotted(*decorator).is_some_and(|name| name.ends_with("atomic")));
    let doubt = matches!(model, Row::Unknown)
        || (from_caller && locks)
        || decorated
        || at.mentions(function, &["atomic"]);
    Some(if doubt { Confidence::Low } else { Confidence::Medium })
}

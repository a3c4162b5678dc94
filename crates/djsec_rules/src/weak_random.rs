//! Values that look random and can be guessed.

use djsec_django::models::is_secret_name;
use djsec_python::ModuleId;
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use rayon::prelude::*;

use crate::Cx;
use crate::own::Site;
use crate::token_names::kind;

/// Why a value can be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weakness {
    /// It is made with `random`.
    Predictable,
    /// It is made of what everybody knows, such as the time.
    Known,
    /// It is a hash of what everybody knows.
    Hashed,
    /// It is short.
    Short,
}

impl Weakness {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Predictable => "the numbers of `random` follow from those before",
            Self::Known => "it is made of the time and the machine",
            Self::Hashed => "it is a hash of what others know",
            Self::Short => "it has only a few characters",
        }
    }
}

const RANDOM: &[&str] = &[
    "random.choices",
    "random.getrandbits",
    "random.randbytes",
    "random.randint",
    "random.random",
    "random.randrange",
    "random.sample",
    "random.uniform",
];
const HASHES: &[&str] =
    &["hashlib.blake2b", "hashlib.md5", "hashlib.sha1", "hashlib.sha256", "hashlib.sha512"];
const CLOCKS: &[&str] = &[
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "django.utils.timezone.now",
    "time.time",
    "time.time_ns",
];
const STRONG: &[&str] = &[
    "SystemRandom",
    "secrets",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
    "urandom",
    "uuid4",
    "SECRET_KEY",
    "hmac",
    "salt",
    "password",
];
/// A link needs more than this; Django's own secrets have 12 to 50 characters.
const SHORT: i64 = 16;

/// What code must name for there to be a weak token in it.
const SOURCES: &[&str] = &[
    "random",
    "randint",
    "choice",
    "choices",
    "uuid1",
    "get_random_string",
    "hashlib",
    "md5",
    "time",
];

/// A value that can be guessed and goes to something whose name says that it is a secret: a variable,
/// an attribute, an argument, a column, or what a function gives back.
#[derive(Debug)]
pub(crate) struct Guessable {
    pub(crate) module: ModuleId,
    pub(crate) name: String,
    pub(crate) value: ExprId,
    pub(crate) weakness: Weakness,
}

/// Every such value of the project; see [`Cx::guessable`].
pub(crate) fn collect(cx: &Cx<'_>) -> Vec<Guessable> {
    let sites: Vec<Site<'_>> = cx.sites().collect();
    let found = sites.par_iter().flat_map_iter(|at| {
        let mut found = Vec::new();
        if !SOURCES.iter().any(|name| at.code.symbol(name).is_some()) {
            return found;
        }
        for (_, stmt) in at.code.all_stmts() {
            for (name, value) in goes(*at, stmt) {
                if let Some(weakness) = made(cx, *at, value) {
                    found.push(Guessable { module: at.module, name, value, weakness });
                }
            }
        }
        found
    });
    found.collect()
}

/// Whether something of that name is a secret.
fn wanted(name: &str) -> bool {
    kind(name).is_some() || is_secret_name(name)
}

/// Why the value of an expression can be guessed, if it can.
fn weak(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> Option<Weakness> {
    let code = at.code;
    let (mut found, mut strong) = (None, false);
    code.each_inner(value, &mut |id, expr| {
        if let Expr::Name(name) | Expr::Attribute(_, name) = expr {
            strong |= STRONG.contains(&code.text(name));
        }
        let Some((callee, arguments)) = code.call(id) else { return };
        let reason = if cx.names(at, callee, RANDOM) || is_joined_choice(cx, at, value, callee) {
            Some(Weakness::Predictable)
        } else if cx.names(at, callee, &["uuid.uuid1"]) {
            Some(Weakness::Known)
        } else if cx.names(at, callee, HASHES) {
            let known = arguments.iter().any(|argument| is_known(cx, at, argument.value));
            known.then_some(Weakness::Hashed)
        } else if cx.names(at, callee, &["django.utils.crypto.get_random_string"]) {
            let length = code.argument(arguments, 0, "length").map(|length| code.expr(length));
            match length {
                Some(Expr::Int(length)) if length < SHORT => Some(Weakness::Short),
                _ => {
                    strong = true;
                    None
                }
            }
        } else {
            None
        };
        found = found.or(reason);
    });
    if found.is_none() && is_clock(cx, at, value) {
        found = Some(Weakness::Known);
    }
    found.filter(|_| !strong)
}

/// `random.choice` of characters: within something that puts several together. Of other things, it
/// only chooses one.
fn is_joined_choice(cx: &Cx<'_>, at: Site<'_>, value: ExprId, callee: ExprId) -> bool {
    cx.names(at, callee, &["random.choice"]) && at.called(value) == Some("join")
}

/// `str(time.time())`; a date by itself only says when.
fn is_clock(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> bool {
    let Some((callee, arguments)) = at.code.call(value) else { return false };
    let text = matches!(at.code.name(callee), Some("str" | "int" | "hex"));
    let [only] = arguments else { return false };
    let clock = at.code.call(only.value).map(|(callee, _)| callee);
    text && (is_clock(cx, at, only.value)
        || clock.is_some_and(|callee| cx.names(at, callee, CLOCKS)))
}

/// Whether what is hashed is known to others: an id, an address, the time.
fn is_known(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> bool {
    let mut known = false;
    at.code.each_inner(value, &mut |_, expr| {
        known |= match expr {
            Expr::Attribute(_, name) => {
                matches!(at.code.text(name), "email" | "id" | "pk" | "username")
            }
            Expr::Call(callee, _) => cx.names(at, callee, CLOCKS),
            _ => false,
        };
    });
    known
}

/// The values that a statement gives to something whose name says that it is a secret.
fn goes(at: Site<'_>, stmt: Stmt) -> Vec<(String, ExprId)> {
    let code = at.code;
    let mut found = Vec::new();
    let mut note = |name: &str, value: ExprId| {
        if wanted(name) {
            found.push((name.to_owned(), value));
        }
    };
    let named = |target: ExprId| match code.expr(target) {
        Expr::Name(name) | Expr::Attribute(_, name) => code.text(name),
        _ => "",
    };
    match stmt {
        Stmt::Assign { targets, value: Some(value), .. } => {
            for target in code.exprs(targets) {
                note(named(*target), value);
                // `self.code = …` in a method of `ResetCode`.
                if let Some(class) = own_class(at, *target) {
                    note(&format!("{class}.{}", named(*target)), value);
                }
            }
        }
        Stmt::Augmented(target, _, value) => note(named(target), value),
        Stmt::Return(Some(value)) => {
            if let Some(function) = at.function_of(value) {
                note(code.text(function.name), value);
            }
        }
        _ => {}
    }
    code.each_stmt_expr(stmt, &mut |expr| {
        code.each_inner(expr, &mut |id, _| keywords(at, id, &mut note));
    });
    found
}

/// The class in whose method an attribute of `self` is given something.
fn own_class(at: Site<'_>, target: ExprId) -> Option<&str> {
    let Expr::Attribute(on, _) = at.code.expr(target) else { return None };
    let class = at.function_of(target)?.class.filter(|_| at.code.name(on) == Some("self"))?;
    at.code.class(class).map(|class| at.code.text(class.name))
}

/// The class of which a call makes a row: `ResetCode(…)`, `ResetCode.objects.create(…)`.
fn made_row(at: Site<'_>, call: ExprId) -> Option<&str> {
    const MAKING: &[&str] = &[
        "acreate",
        "aget_or_create",
        "aupdate_or_create",
        "create",
        "get_or_create",
        "update_or_create",
    ];
    let (callee, _) = at.code.call(call)?;
    let class = match at.code.expr(callee) {
        Expr::Attribute(manager, name) if MAKING.contains(&at.code.text(name)) => {
            let Expr::Attribute(class, name) = at.code.expr(manager) else { return None };
            if at.code.text(name) != "objects" {
                return None;
            }
            class
        }
        _ => callee,
    };
    match at.code.expr(class) {
        Expr::Name(name) | Expr::Attribute(_, name) => {
            Some(at.code.text(name)).filter(|it| it.starts_with(|c: char| c.is_ascii_uppercase()))
        }
        _ => None,
    }
}

/// Notes the arguments of a call by their names; the default of a column is named as the column. What goes into
/// a row counts by what the row is, too: the `code` of a `ResetCode`.
fn keywords(at: Site<'_>, call: ExprId, note: &mut impl FnMut(&str, ExprId)) {
    let Some((_, arguments)) = at.code.call(call) else { return };
    let row = made_row(at, call);
    let mut put = |name: &str, value: ExprId| {
        note(name, value);
        if let Some(row) = row {
            note(&format!("{row}.{name}"), value);
        }
    };
    for argument in arguments {
        let Some(keyword) = argument.keyword else { continue };
        put(at.code.text(keyword), argument.value);
        // `update_or_create(user=user, defaults={"code": code})`
        if let Expr::Dict(entries) = at.code.expr(argument.value) {
            for (key, value) in at.code.entries(entries) {
                if let Some(key) = key.and_then(|key| at.code.string(key)) {
                    put(key, *value);
                }
            }
        }
    }
    // By their position, the arguments of a few have a name all the same.
    let position = match at.called(call) {
        Some("set_password" | "make_password") => Some(0),
        Some("create_user" | "create_superuser") => Some(2),
        _ => None,
    };
    let password = position.and_then(|at| arguments.get(at));
    let password = password.filter(|argument| argument.keyword.is_none() && !argument.spread);
    if let Some(argument) = password {
        note("password", argument.value);
    }
}

/// How a value is made that can be guessed: here, by a name that was given it before in the same
/// function, by a function of the project, or as the default of a column.
fn made(cx: &Cx<'_>, at: Site<'_>, value: ExprId) -> Option<Weakness> {
    if let Some(found) = weak(cx, at, value) {
        return Some(found);
    }
    match at.code.expr(value) {
        Expr::Name(name) => {
            let function = at.function_of(value)?;
            let mut found = None;
            at.code.each_stmt(function.body, &mut |_, stmt| {
                if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                    && at.code.exprs(targets).iter().any(|e| at.code.expr(*e) == Expr::Name(name))
                {
                    found = weak(cx, at, value);
                }
            });
            found
        }
        Expr::Call(callee, arguments) => {
            let default = at.code.keyword(at.code.arguments(arguments), "default");
            returned(cx, at, default.unwrap_or(callee))
        }
        _ => None,
    }
}

/// How what a function of the project gives back is made.
fn returned(cx: &Cx<'_>, at: Site<'_>, named: ExprId) -> Option<Weakness> {
    if cx.names(at, named, &["uuid.uuid1"]) {
        return Some(Weakness::Known);
    }
    let name = cx.resolved(at, named);
    let djsec_python::QualifiedName::Project(module, _) = &name else { return None };
    let (_, id) = cx.program.function_code(&name)?;
    let there = cx.site(*module)?;
    let function: &Function = there.code.function(id)?;
    // What says itself what it makes is reported there.
    if wanted(there.code.text(function.name)) {
        return None;
    }
    let mut found = None;
    there.code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Return(Some(value)) = stmt {
            found = found.or_else(|| weak(cx, there, value));
        }
    });
    found
}

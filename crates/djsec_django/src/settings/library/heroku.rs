//! django-heroku and its successor: a helper that rewrites the namespace it is handed.

use djsec_python::eval::{Args, At, Interp, Leaf, Val};
use djsec_python::worlds::{Atom, Guard};

use super::{dj_urls, reader};

/// What one switch of the helper does to the namespace.
type Step = fn(&mut Interp<'_>, &Val, At);

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    let (package, function) = name.rsplit_once('.')?;
    let package = package.strip_suffix(".core").unwrap_or(package);
    if !matches!(package, "django_heroku" | "django_on_heroku") || function != "settings" {
        return None;
    }
    let config = args.at(0, "config")?.clone();
    let wanted = |it: &mut Interp<'_>, switch: &str| match args.keyword(switch) {
        Some(val) => it.truth(val, at),
        None => Guard::ALWAYS,
    };
    let steps: [(&str, Step); 5] = [
        ("databases", databases),
        ("test_runner", runner_of_tests),
        ("staticfiles", static_files),
        ("allowed_hosts", allowed_hosts),
        ("secret_key", secret_key),
    ];
    for (switch, step) in steps {
        let pc = wanted(it, switch);
        let pc = it.worlds.and(at.pc, pc);
        if !it.worlds.impossible(pc) {
            step(it, &config, At { pc, ..at });
        }
    }
    let pc = wanted(it, "logging");
    let pc = it.worlds.and(at.pc, pc);
    if !it.worlds.impossible(pc) {
        let here = At { pc, ..at };
        let val = logging(it, here);
        set(it, &config, "LOGGING", &val, here);
    }
    Some(reader::none(at))
}

fn set(it: &mut Interp<'_>, config: &Val, name: &str, val: &Val, at: At) {
    it.set_item(config, &Val::str(name), val, at);
}

/// The worlds in which a variable is set.
fn is_set(it: &mut Interp<'_>, name: &str, at: At) -> Guard {
    let val = it.environ(name, at);
    let absent = it.absent(&val);
    it.worlds.minus(at.pc, absent)
}

fn databases(it: &mut Interp<'_>, config: &Val, at: At) {
    let known = it.contains_item(config, &Val::str("DATABASES"), at);
    let missing = it.worlds.minus(at.pc, known);
    if !it.worlds.impossible(missing) {
        let none = reader::none(at);
        let empty = it.dict_of(vec![("default", none)], at);
        set(it, config, "DATABASES", &empty, At { pc: missing, ..at });
    }
    let pc = is_set(it, "DATABASE_URL", at);
    if it.worlds.impossible(pc) {
        return;
    }
    let here = At { pc, ..at };
    let whole = Args {
        positional: vec![],
        keywords: vec![
            ("conn_max_age".into(), reader::leaf(Leaf::Int(600), at)),
            ("ssl_require".into(), reader::boolean(true, at)),
        ],
        open: false,
    };
    let parsed = dj_urls::call(it, "dj_database_url.config", &whole, here);
    let all = it.get_item(config, &Val::str("DATABASES"), here);
    if let Some(parsed) = parsed {
        it.set_item(&all, &Val::str("default"), &parsed, here);
    }
}

fn runner_of_tests(it: &mut Interp<'_>, config: &Val, at: At) {
    let ci = it.worlds.atom(Atom::EnvSet("CI".into()));
    let pc = if it.is_closed() { is_set(it, "CI", at) } else { it.worlds.and(at.pc, ci) };
    if !it.worlds.impossible(pc) {
        let runner = reader::text("django_heroku.HerokuDiscoverRunner", at);
        set(it, config, "TEST_RUNNER", &runner, At { pc, ..at });
    }
}

fn static_files(it: &mut Interp<'_>, config: &Val, at: At) {
    let base = it.get_item(config, &Val::str("BASE_DIR"), at);
    let joined = Args::positional(vec![base, Val::str("staticfiles")]);
    let root = it.call_external("os.path.join", &joined, at);
    set(it, config, "STATIC_ROOT", &root, at);
    set(it, config, "STATIC_URL", &reader::text("/static/", at), at);
    let old = it.contains_item(config, &Val::str("MIDDLEWARE_CLASSES"), at);
    let new = it.worlds.not(old);
    for (name, guard) in [("MIDDLEWARE_CLASSES", old), ("MIDDLEWARE", new)] {
        let pc = it.worlds.and(at.pc, guard);
        if it.worlds.impossible(pc) {
            continue;
        }
        let here = At { pc, ..at };
        let rest = it.get_item(config, &Val::str(name), here);
        let white = reader::text("whitenoise.middleware.WhiteNoiseMiddleware", here);
        let first = reader::sequence(it, vec![white], here);
        let rest = it.call_external("builtins.list", &Args::positional(vec![rest]), here);
        let all = it.add(&first, &rest, here);
        let all = it.call_external("builtins.tuple", &Args::positional(vec![all]), here);
        set(it, config, name, &all, here);
    }
    let storage = "whitenoise.storage.CompressedManifestStaticFilesStorage";
    set(it, config, "STATICFILES_STORAGE", &reader::text(storage, at), at);
}

fn allowed_hosts(it: &mut Interp<'_>, config: &Val, at: At) {
    let any = reader::texts(it, ["*"], at);
    set(it, config, "ALLOWED_HOSTS", &any, at);
}

fn secret_key(it: &mut Interp<'_>, config: &Val, at: At) {
    let pc = is_set(it, "SECRET_KEY", at);
    if !it.worlds.impossible(pc) {
        let here = At { pc, ..at };
        let key = it.environ("SECRET_KEY", here);
        let key = it.narrow(&key, pc);
        set(it, config, "SECRET_KEY", &key, here);
    }
}

fn logging(it: &mut Interp<'_>, at: At) -> Val {
    let text = |text: &str| reader::text(text, at);
    let verbose = it.dict_of(
        vec![
            (
                "format",
                text(
                    "%(asctime)s [%(process)d] [%(levelname)s] pathname=%(pathname)s \
                     lineno=%(lineno)s funcname=%(funcName)s %(message)s",
                ),
            ),
            ("datefmt", text("%Y-%m-%d %H:%M:%S")),
        ],
        at,
    );
    let simple = it.dict_of(vec![("format", text("%(levelname)s %(message)s"))], at);
    let formatters = it.dict_of(vec![("verbose", verbose), ("simple", simple)], at);
    let null =
        it.dict_of(vec![("level", text("DEBUG")), ("class", text("logging.NullHandler"))], at);
    let console = it.dict_of(
        vec![
            ("level", text("DEBUG")),
            ("class", text("logging.StreamHandler")),
            ("formatter", text("verbose")),
        ],
        at,
    );
    let handlers = it.dict_of(vec![("null", null), ("console", console)], at);
    let console = reader::texts(it, ["console"], at);
    let logger = it.dict_of(vec![("handlers", console), ("level", text("INFO"))], at);
    let loggers = it.dict_of(vec![("testlogger", logger)], at);
    it.dict_of(
        vec![
            ("version", reader::leaf(Leaf::Int(1), at)),
            ("disable_existing_loggers", reader::boolean(false, at)),
            ("formatters", formatters),
            ("handlers", handlers),
            ("loggers", loggers),
        ],
        at,
    )
}

use djsec_base::Files;

use crate::trees::{build, module};
use crate::{Argument, Call, Program};

const VIEWS: &str = "\
import os
import shutil as sh
from os import environ as env, system as run
from shop.models import cookie

KEY = 'device'
os.environ['A'] = '1'
env['B'] = value['C']

def remember(request, response):
    run('true')
    response.set_signed_cookie('user', 1, salt=\"_id\")
    (
        make(response)
        .set_signed_cookie(KEY, *rest, **options)
    )

class Cart:
    limit = int('5')

    @audit(reason='x')
    def total(self, size=len('ab')):
        def inner():
            return os.system('ls')
        return sh.which('git')
";

fn callees(program: &Program, files: &Files) -> Vec<String> {
    let views = module(program, files, "shop/views.py");
    program
        .calls(views, &|_| true)
        .map(|call: Call<'_>| format!("{}: {}", call.scope, call.callee))
        .collect()
}

#[test]
fn every_call_is_listed_with_the_function_around_it() {
    let (program, files) = build(&[("shop/views.py", VIEWS)]);
    assert_eq!(
        callees(&program, &files),
        [
            ": os.environ.__setitem__",
            ": env.__setitem__",
            "remember: run",
            "remember: response.set_signed_cookie",
            "remember: .set_signed_cookie",
            "remember: make",
            "Cart: int",
            "Cart: audit",
            "Cart: len",
            "Cart.total.inner: os.system",
            "Cart.total: sh.which",
        ]
    );
}

#[test]
fn calls_are_found_by_what_their_callee_means_however_it_is_imported() {
    let (program, files) = build(&[("shop/views.py", VIEWS)]);
    let views = module(&program, &files, "shop/views.py");
    let to = |name: &str| -> Vec<&str> {
        program.calls_to(views, name).map(|call| files.slice(call.span)).collect()
    };
    assert_eq!(to("os.system"), ["run('true')", "os.system('ls')"]);
    assert_eq!(to("os.environ.__setitem__"), ["os.environ['A']", "env['B']"]);
    assert_eq!(to("shutil.which"), ["sh.which('git')"]);
    assert_eq!(to("builtins.len"), ["len('ab')"]);
    assert_eq!(to("subprocess.run"), [""; 0], "the name alone does not make it that function");
    assert_eq!(program.calls_named(views, "set_signed_cookie").count(), 2);
    assert_eq!(program.calls_named(views, "signed_cookie").count(), 0);
}

#[test]
fn a_builtin_that_the_project_replaces_is_not_the_builtin() {
    let (program, files) =
        build(&[("a.py", "from b import eval\neval('1')\n"), ("b.py", "def eval(x): ...\n")]);
    let a = module(&program, &files, "a.py");
    assert_eq!(program.calls_to(a, "builtins.eval").count(), 0);
}

#[test]
fn arguments_are_read_with_their_place() {
    let (program, files) = build(&[("shop/views.py", VIEWS)]);
    let views = module(&program, &files, "shop/views.py");
    let calls: Vec<Call<'_>> = program.calls_named(views, "set_signed_cookie").collect();
    let arguments: Vec<Vec<Argument>> = calls.iter().map(|call| call.arguments(&files)).collect();
    let texts = |at: usize| -> Vec<Option<String>> {
        arguments
            .get(at)
            .into_iter()
            .flatten()
            .map(|argument| program.argument_text(views, argument))
            .collect()
    };
    assert_eq!(texts(0), [Some("user".into()), None, Some("_id".into())]);
    assert_eq!(texts(1), [Some("device".into()), None, None], "a constant of the module is text");
    let shown: Vec<(Option<&str>, bool, &str)> = arguments
        .iter()
        .flatten()
        .map(|arg| (arg.keyword.as_deref(), arg.unpacked, files.slice(arg.span)))
        .collect();
    assert_eq!(
        shown,
        [
            (None, false, "'user'"),
            (None, false, "1"),
            (Some("salt"), false, "\"_id\""),
            (None, false, "KEY"),
            (None, true, "rest"),
            (None, true, "options"),
        ]
    );
    let item = program.calls_to(views, "os.environ.__setitem__").next();
    let key = item.map(|call| call.arguments(&files)).unwrap_or_default();
    assert_eq!(key.first().and_then(|key| key.text.as_deref()), Some("A"));
}

#[test]
fn calls_of_several_things_are_found_under_their_own_names() {
    let (program, files) = build(&[("shop/views.py", VIEWS)]);
    let views = module(&program, &files, "shop/views.py");
    let found = program.calls_to_any(views, &["os.system", "shutil.which", "os.popen"]);
    let found: Vec<_> = found.iter().map(|(name, call)| (*name, call.callee)).collect();
    assert_eq!(
        found,
        [("os.system", "run"), ("os.system", "os.system"), ("shutil.which", "sh.which")]
    );
}

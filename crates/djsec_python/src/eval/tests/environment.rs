//! The environment is state: it is read, tested and set.

use super::{check, check_failures};

fn os(source: &str) -> String {
    format!("import os\n{source}")
}

#[test]
fn a_variable_that_must_be_set_fails_when_it_is_not() {
    check_failures(&os("X = os.environ['A']\n"), &["KeyError when `A` is not set"]);
}

#[test]
fn defaults_chain() {
    let expected = "<A> if `A` is set | <B> if `A` is not set and `B` is set | \"d\" if neither `B` nor `A` is set";
    check(&os("X = os.getenv('A', os.environ.get('B', 'd'))\n"), "X", expected);
    check(
        &os("X = os.environ.get('A') is not None\n"),
        "X",
        "True if `A` is set | False if `A` is not set",
    );
}

#[test]
fn any_text_but_the_empty_one_is_true() {
    check(
        &os("X = bool(os.environ.get('A', 'False'))\n"),
        "X",
        "True if `A` is set and not empty, or `A` is not set | False if `A` is set, but empty",
    );
}

#[test]
fn what_the_settings_set_is_read_back() {
    check(&os("os.environ['A'] = 'x'\nX = os.environ['A']\n"), "X", "\"x\"");
    check(
        &os("os.environ.setdefault('A', 'x')\nX = os.environ['A']\n"),
        "X",
        "\"x\" if `A` is not set | <A> if `A` is set",
    );
    check(
        &os("os.environ['A'] = 'x'\ndel os.environ['A']\nX = os.environ.get('A')\n"),
        "X",
        "None",
    );
}

#[test]
fn paths_stand_on_a_made_up_root() {
    check(
        "from pathlib import Path\nX = Path(__file__).resolve().parent / 'a' / '..' / 'b'\n",
        "X",
        "Path(\"/project/a/../b\")",
    );
    check(
        "import os\nX = os.path.abspath(os.path.join(os.path.dirname(__file__), '..'))\n",
        "X",
        "\"/\"",
    );
    check(
        "from pathlib import Path\nX = Path('/a/b.tar.gz').stem, Path('/a').with_name('c')\n",
        "X",
        "(\"b.tar\", Path(\"/c\"))",
    );
}

//! Control flow: both ways of an undecided branch, loops, exceptions.

use super::super::Fact;
use super::{check, check_failures, evaluate};

const OS: &str = "import os\n";

fn os(source: &str) -> String {
    format!("{OS}{source}")
}

#[test]
fn an_undecided_branch_leaves_one_alternative_each_way() {
    check(
        &os("X = 1\nif 'A' in os.environ:\n    X = 2\n"),
        "X",
        "2 if `A` is set | 1 if `A` is not set",
    );
}

#[test]
fn branches_that_agree_leave_one_value() {
    check(&os("if os.environ.get('A'):\n    X = 1\nelse:\n    X = 1\n"), "X", "1");
}

#[test]
fn the_same_question_has_one_answer() {
    check(&os("A = os.environ.get('A') == 'x'\nB = 1 if A else 2\nX = B if A else 1\n"), "X", "1");
}

#[test]
fn equalities_of_one_variable_exclude_each_other() {
    let source = os("E = os.environ['E']\nX = 0\nif E == 'a':\n    if E == 'b':\n        X = 1\n");
    check(&source, "X", "0");
}

#[test]
fn a_guard_that_raises_removes_its_worlds() {
    let source = os(
        "K = os.environ.get('K')\nif not K:\n    raise ValueError('no key')\nX = K or 'fallback'\n",
    );
    check(&source, "X", "<K>");
    check_failures(&source, &["ValueError when `K` is unset or empty"]);
}

#[test]
fn a_caught_exception_takes_its_handler() {
    let source = os("try:\n    X = os.environ['A']\nexcept KeyError:\n    X = 'none'\n");
    check(&source, "X", "\"none\" if `A` is not set | <A> if `A` is set");
    check_failures(&source, &[]);
}

#[test]
fn a_handler_for_something_else_is_passed_by() {
    let source = os("try:\n    X = os.environ['A']\nexcept IndexError:\n    X = 'none'\n");
    check_failures(&source, &["KeyError when `A` is not set"]);
}

#[test]
fn a_cast_in_a_try_may_fail() {
    let source =
        os("try:\n    X = int(os.environ['A'])\nexcept (KeyError, ValueError):\n    X = 5\n");
    let outcome = evaluate(&[("settings.py", &source)]);
    assert!(
        outcome.of("X").contains('5') && outcome.of("X").contains("<A int>"),
        "{}",
        outcome.of("X")
    );
}

#[test]
fn else_and_finally_run_when_python_runs_them() {
    check("try:\n    X = 1\nexcept ImportError:\n    X = 2\nelse:\n    X = 3\n", "X", "3");
    check("try:\n    X = 1\nfinally:\n    Y = 2\n", "Y", "2");
    check(
        "try:\n    import nowhere.at_all\nexcept ImportError:\n    X = 1\nelse:\n    X = 2\n",
        "X",
        "1 if `nowhere` is not installed | 2 if `nowhere` is installed",
    );
}

#[test]
fn loops_unroll_and_break() {
    check(
        "X = []\nfor a in (1, 2, 3):\n    if a == 3:\n        break\n    X.append(a)\n",
        "X",
        "[1, 2]",
    );
    check("for a in ():\n    X = 1\nelse:\n    X = 2\n", "X", "2");
    check("X = 0\nwhile X < 5:\n    X += 2\n", "X", "6");
    check("X = [a for a in range(6) if a % 2 for b in (1,)]\n", "X", "[1, 3, 5]");
}

#[test]
fn match_takes_the_first_case_that_fits() {
    check(
        "match 'b':\n    case 'a':\n        X = 1\n    case 'b' | 'c':\n        X = 2\n    case _:\n        X = 3\n",
        "X",
        "2",
    );
}

#[test]
fn values_of_and_or_are_those_of_python() {
    check("X = '' or 'b'\n", "X", "\"b\"");
    check("X = 'a' and 0\n", "X", "0");
    check(
        &os("X = os.environ.get('A') or 'd'\n"),
        "X",
        "<A> if `A` is set and not empty | \"d\" if `A` is unset or empty",
    );
    check(
        &os("if v := os.environ.get('A'):\n    X = v\nelse:\n    X = 'd'\n"),
        "X",
        "\"d\" if `A` is unset or empty | <A> if `A` is set and not empty",
    );
}

#[test]
fn functions_return_on_the_path_that_is_taken() {
    let source = os(
        "def flag(name, default=False):\n    value = os.environ.get(name)\n    if value is None:\n        return default\n    return value.lower() in ('1', 'true')\nX = flag('A', True)\n",
    );
    let outcome = evaluate(&[("settings.py", &source)]);
    assert!(outcome.of("X").starts_with("True if "), "{}", outcome.of("X"));
    assert!(outcome.of("X").contains("`A` is not set"), "{}", outcome.of("X"));
}

#[test]
fn a_function_changes_globals_it_declares() {
    check("X = 1\ndef f():\n    global X\n    X = 2\nf()\n", "X", "2");
    check("X = 1\ndef f():\n    X = 2\nf()\n", "X", "1");
}

#[test]
fn what_ends_the_program_is_told_in_pythons_words() {
    let source =
        "import os\nX = os.environ['A']\nif len(X) < 50:\n    raise ValueError('too short')\n";
    check_failures(source, &["KeyError when `A` is not set", "ValueError when `len(A) < 50`"]);
    let again = "try:\n    import swift\nexcept ModuleNotFoundError as e:\n    raise e\n";
    check_failures(again, &["ModuleNotFoundError when `swift` is not installed"]);
}

#[test]
fn an_assertion_that_never_holds_is_passed_as_production_passes_it() {
    let outcome = evaluate(&[("settings.py", "assert 'a'.upper() == 'a'\nX = 1\n")]);
    assert_eq!(outcome.of("X"), "1");
    assert!(outcome.facts.iter().any(|fact| matches!(fact, Fact::Assertion { .. })));
    assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
    // One that holds in some world leaves these worlds; one that is expected to fail does.
    let guarded = "import os\nD = bool(os.environ.get('D'))\nassert not D\n";
    assert_eq!(evaluate(&[("settings.py", guarded)]).of("D"), "False");
    let caught = "try:\n    assert 1 == 2\n    X = 1\nexcept AssertionError:\n    X = 2\n";
    check(caught, "X", "2");
}

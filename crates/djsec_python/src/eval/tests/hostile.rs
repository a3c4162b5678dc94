//! Input that is wrong, endless or huge: bounded, and no panic.

use super::super::Budget;
use super::{Outcome, check, evaluate, evaluate_within};

/// Longer than this is a hang, on any machine.
const SECONDS: u64 = 20;

#[track_caller]
fn bounded(source: &str) -> Outcome {
    let outcome = evaluate(&[("settings.py", source)]);
    assert!(outcome.took.as_secs() < SECONDS, "took {:?}", outcome.took);
    outcome
}

#[test]
fn a_module_that_imports_itself_sees_what_it_has_so_far() {
    check("X = 1\nimport settings\nfrom settings import *\nY = settings.X\nX = 2\n", "Y", "1");
}

#[test]
fn star_imports_in_a_circle_end() {
    let outcome = evaluate(&[
        ("settings.py", "from a import *\nLAST = 1\n"),
        ("a.py", "A = 1\nfrom b import *\n"),
        ("b.py", "from a import *\nB = 2\n"),
    ]);
    assert_eq!(outcome.of("A"), "1");
    assert_eq!(outcome.of("B"), "2");
    assert_eq!(outcome.of("LAST"), "1");
}

#[test]
fn an_endless_loop_runs_out_and_says_so() {
    let outcome = bounded("DEBUG = False\nwhile True:\n    X = 1\n");
    assert!(outcome.ran_out());
    assert_eq!(outcome.of("DEBUG"), "False", "what was set before stays");
}

#[test]
fn an_endless_loop_under_an_unknown_condition_ends() {
    let source = "import os\nn = 0\nwhile os.environ.get('GO'):\n    n += 1\nDONE = True\n";
    assert!(bounded(source).of("DONE").starts_with("True"));
}

#[test]
fn endless_recursion_ends() {
    let source = "def f(n):\n    return f(n + 1)\nX = f(0)\nY = 1\n";
    assert_eq!(bounded(source).of("Y"), "1");
}

#[test]
fn mutual_recursion_under_unknown_conditions_ends() {
    let source = "import os\n\
        def f(n):\n    if os.environ.get(f'A{n}'):\n        return g(n + 1)\n    return 0\n\
        def g(n):\n    if os.environ.get(f'B{n}'):\n        return f(n + 1)\n    return 1\n\
        X = f(0)\nY = 1\n";
    assert_eq!(bounded(source).of("Y"), "1");
}

#[test]
fn a_generator_that_never_ends_is_cut_off() {
    let source = "def f():\n    while True:\n        yield 1\nX = list(f())\n";
    bounded(source);
}

#[test]
fn huge_texts_are_not_made() {
    check("X = len('a' * 10**12)\n", "X", "<len(<a text that is too long>)>");
    check("X = 'a'\nfor i in range(60):\n    X += X\nY = 1\n", "Y", "1");
    bounded("X = [0] * 10**12\n");
    bounded("X = list(range(10**12))\n");
    bounded("X = f'{1:>999999999999}'\nY = '%999999999d' % 1\n");
}

#[test]
fn huge_numbers_are_unknown() {
    check("X = 10 ** 400\n", "X", "<<a number that is too large>>");
    check("X = 1 << 4000\n", "X", "<<a number that is too large>>");
    check("X = 9223372036854775807 + 1\n", "X", "<<a number that is too large>>");
}

#[test]
fn a_list_of_ten_thousand_elements_is_read() {
    let elements: Vec<String> = (0..10_000).map(|n| format!("'app{n}'")).collect();
    let source =
        format!("APPS = [{}]\nLAST = APPS[-1]\nHAS = 'app77' in APPS\n", elements.join(","));
    let outcome = bounded(&source);
    assert_eq!(outcome.of("LAST"), "\"app9999\"");
    assert_eq!(outcome.of("HAS"), "True");
}

#[test]
fn elements_under_hundreds_of_conditions_stay_bounded() {
    use std::fmt::Write as _;
    let mut source = String::from("import os\nAPPS = []\n");
    for n in 0..300 {
        let _ = writeln!(source, "if os.environ.get('V{n}'):\n    APPS.append('a{n}')");
    }
    source.push_str("COUNT = len(APPS)\nFIRST = APPS[0] if APPS else None\nOK = 'a7' in APPS\n");
    assert_eq!(
        bounded(&source).of("OK"),
        "True if `V7` is set and not empty | False if `V7` is unset or empty"
    );
}

#[test]
fn classes_that_inherit_from_themselves_are_harmless() {
    bounded("class A(A):\n    X = 1\nY = A.X\n");
    let source = "class A:\n    pass\nclass B(A):\n    pass\nA.__bases__ = (B,)\nclass C(A, B):\n    Z = 1\nX = C().Z\n";
    bounded(source);
}

#[test]
fn deep_nesting_is_cut_off() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{1:", "}"), ("-", ""), ("not ", "")] {
        let source = format!("X = {}1{}\nY = 1\n", open.repeat(3_000), close.repeat(3_000));
        bounded(&source);
    }
    let mut source = String::new();
    for depth in 0..90 {
        source.push_str(&" ".repeat(depth));
        source.push_str("if True:\n");
    }
    source.push_str(&" ".repeat(90));
    source.push_str("X = 1\n");
    assert_eq!(bounded(&source).of("X"), "1");
}

#[test]
fn containers_that_hold_themselves_are_cut_off() {
    assert_eq!(bounded("A = []\nA.append(A)\n").of("A"), "[[…]]");
    bounded("A = {}\nA['a'] = A\nB = str(A)\nC = A == A\n");
    bounded(
        "A = []\nA.append(A)\nB = [A, A]\nfor x in A:\n    A.append(x)\n    if len(A) > 5:\n        break\n",
    );
}

#[test]
fn nonsense_does_not_panic() {
    for source in [
        "",
        "X = ",
        "def",
        "X = 1 +\nY = 2\n",
        "{}[0]\n[][5]\n''[9]\n",
        "X = [1, 2][::0]\nY = 'abc'[5:1]\nZ = [1][9:]\n",
        "X = '%s %s' % 1\nY = '%(a)s' % {}\nZ = '{0} {1}'.format(1)\nW = '{'.format()\n",
        "X = int('')\nY = 1 / 0\nZ = 1 % 0\nW = 5 // 0\n",
        "a, b = 1\n(c, d), e = [1, 2]\n*f, = ()\n",
        "X = None + 1\nY = None.x\nZ = None()\nW = None[0]\n",
        "del nothing\nraise\nreturn 1\nbreak\ncontinue\nyield 1\n",
        "for x in 5:\n    pass\nwith 5 as y:\n    pass\nimport .\nfrom . import *\nfrom .... import x\n",
        "X = super().x\nglobal Y\nnonlocal Z\nawait X\n",
        "match 5:\n    case [x, *y]:\n        X = 1\n    case {'a': b}:\n        pass\n    case int(z):\n        pass\n",
        "X = (lambda: X)()()\nY = [z for z in z]\nprint(*5, **6)\n",
        "X = open\nX(1)(2)(3)\nopen()\nint()\nlen()\ngetattr()\nzip()\nmax()\nsorted()\n",
        "import os\nos.path.join()\nos.environ[5]\nos.environ.get()\nos.getenv()\nos.environ = 1\n",
        "from pathlib import Path\nX = Path() / None\nY = Path('/').parent.parent\nZ = Path('').parents[99]\n",
        "X = 'é'[0] + 'é'[-1]\nY = 'éa'.split('a')\nZ = '{:é>5}'.format('x')\n",
        "import json\nX = json.loads('{')\nY = json.loads('[' * 5000)\n",
        "import ast\nX = ast.literal_eval('(' * 500)\nY = ast.literal_eval('')\n",
    ] {
        bounded(source);
    }
}

#[test]
fn a_function_that_calls_itself_for_what_is_not_known_stops_at_once() {
    let source = "from elsewhere import patterns\ndef flat(patterns):\n    out = []\n    for p in patterns:\n        if p.inner:\n            out.append(flat(p.inner))\n            out.append(flat(p.other))\n        out.append(p)\n    return out\nX = len(flat(patterns)) > 0\n";
    assert!(!bounded(source).ran_out());
}

#[test]
fn a_loop_whose_turns_change_nothing_is_left_at_once() {
    let source = "def total(path):\n    n = 0\n    with open(path, 'rb') as f:\n        while True:\n            data = f.read(4096)\n            if not data:\n                break\n            print(data)\n    return n\nX = total('/data/of/the/operator')\n";
    let outcome = bounded(source);
    assert!(!outcome.ran_out());
    assert_eq!(outcome.of("X"), "0");
    // One that counts does change something.
    let outcome = bounded("n = 0\nwhile n < 10:\n    n += 1\nX = n\n");
    assert_eq!(outcome.of("X"), "10");
}

/// A module that tries its own functions out when it is imported, on texts that nobody knows: each cut makes the
/// conditions harder.
const TRIES_ITSELF: &str = r#"
import re

def balanced(text):
    count = 0
    for c in text:
        if c == "(":
            count += 1
        elif c == ")":
            count -= 1
        if count < 0:
            return False
    return count == 0

def shortened(text):
    while text and not balanced(text):
        text = text[:-1]
    return text

def found(text):
    for match in re.finditer(PATTERN, text):
        yield shortened(match.group(1))

for text in [f"http://a.example/{n}" for n in range(300)]:
    assert list(found(text)) is not None
AFTER = 1
"#;

#[test]
fn what_an_imported_module_does_for_itself_does_not_cost_the_settings() {
    let settings = "from trials import found\nDEBUG = False\n";
    let files = [("settings.py", settings), ("trials.py", TRIES_ITSELF)];
    let budget = Budget { steps: 60_000, ..Budget::default() };
    let outcome = evaluate_within(&files, budget);
    assert!(outcome.took.as_secs() < SECONDS, "took {:?}", outcome.took);
    assert!(outcome.ran_out(), "{:?}", outcome.facts);
    assert_eq!(outcome.of("DEBUG"), "False");
}

//! Texts: known ones are computed, unknown ones keep the operations.

use super::check;

#[test]
fn formatted_texts_are_those_of_python() {
    check("X = f'{1}-{\"a\"!r}-{3.5}-{True}'\n", "X", "\"1-'a'-3.5-True\"");
    check("X = f'{7:03d} {5:>3} {1234567:,}'\n", "X", "\"007   5 1,234,567\"");
    check("X = '%s/%d/%r/%05.1f/%%' % ('a', 3, 'b', 2.25)\n", "X", "\"a/3/'b'/002.2/%\"");
    check("X = '{a}{b[k]}{0}'.format(1, a=2, b={'k': 3})\n", "X", "\"231\"");
    check("X = 'a' 'b' + 'c' * 2\n", "X", "\"abcc\"");
}

#[test]
fn methods_of_known_texts_are_computed() {
    check("X = ' a,b '.strip().split(',')\n", "X", "[\"a\", \"b\"]");
    check("X = 'a:b:c'.rsplit(':', 1)\n", "X", "[\"a:b\", \"c\"]");
    check("X = ''.split(','), ''.split()\n", "X", "([\"\"], [])");
    check(
        "X = 'hello world'.title(), 'ab'.upper(), 'A'.isupper()\n",
        "X",
        "(\"Hello World\", \"AB\", True)",
    );
    check("X = 'abc'.startswith(('x', 'a')), 'abc'.find('z')\n", "X", "(True, -1)");
    check("X = 'abc'[-2:], 'abc'[0], 'abc'[::-1]\n", "X", "(\"bc\", \"a\", \"cba\")");
}

#[test]
fn an_unknown_text_keeps_what_is_done_to_it() {
    check("import os\nX = os.environ['A'].lower().split(',')\n", "X", "<A.lower().split(',')>");
    check("import os\nX = f\"https://{os.environ['A']}/\"\n", "X", "<A in 'https://{}' + '/'>");
}

#[test]
fn a_join_follows_parts_that_may_be_missing() {
    let source =
        "import os\nA = ['a']\nif os.environ.get('D'):\n    A.append('b')\nX = '-'.join(A)\n";
    check(source, "X", "\"a-b\" if `D` is set and not empty | \"a\" if `D` is unset or empty");
}

#[test]
fn a_text_is_true_where_something_is_written_into_it() {
    let source = "import os\nd = os.environ['D']\nX = bool(d + ',a'), bool('{},'.format(d) + d), bool('a{}'.format(d)) \n";
    check(source, "X", "(True, True, True)");
    let source = "import os\nd = os.environ['D']\nX = 1 if d + d.strip() else 2\n";
    check(source, "X", "1 if `D + D.strip()` is true | 2 if `D + D.strip()` is false");
}

#[test]
fn one_condition_stands_for_the_truth_of_many_unknown_alternatives() {
    let each = |n: u32| format!("if os.environ.get('V{n}'):\n    d = os.environ['W{n}'].strip()\n");
    let each: String = (0..24).map(each).collect();
    let source = format!("import os\nd = os.environ['D']\n{each}X = 1 if d else 2\nY = 3\n");
    check(&source, "Y", "3");
}

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

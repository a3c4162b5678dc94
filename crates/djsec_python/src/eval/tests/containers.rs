//! Lists, dicts, sets and tuples, shared and changed in some worlds only.

use super::check;

#[test]
fn names_share_the_object_they_name() {
    check("A = [1]\nB = A\nB.append(2)\n", "A", "[1, 2]");
    check("A = [1]\nB = A + [2]\nB.append(3)\n", "A", "[1]");
    check("A = [1]\nB = A\nB += [2]\n", "A", "[1, 2]");
    check("A = (1,)\nB = A\nB += (2,)\n", "A", "(1)");
    check("A = {'x': {'y': 1}}\nA['x']['y'] = 2\n", "A", "{\"x\": {\"y\": 2}}");
}

#[test]
fn elements_carry_the_worlds_they_are_there_in() {
    let source =
        "import os\nA = ['x']\nif os.environ.get('D'):\n    A.append('y')\nA.append('z')\n";
    check(source, "A", "[\"x\", \"y\" if `D` is set and not empty, \"z\"]");
}

#[test]
fn positions_count_what_is_there() {
    let base = "A = ['a', 'b', 'c']\n";
    check(&format!("{base}A.insert(0, 'z')\n"), "A", "[\"z\", \"a\", \"b\", \"c\"]");
    check(&format!("{base}A.insert(A.index('b') + 1, 'z')\n"), "A", "[\"a\", \"b\", \"z\", \"c\"]");
    check(&format!("{base}A.remove('b')\n"), "A", "[\"a\", \"c\"]");
    check(&format!("{base}X = A.pop()\n"), "X", "\"c\"");
    check(&format!("{base}A[1:1] = ['y']\n"), "A", "[\"a\", \"y\", \"b\", \"c\"]");
    check(&format!("{base}X = A[::-1]\n"), "X", "[\"c\", \"b\", \"a\"]");
    check(&format!("{base}X = A.count('b')\n"), "X", "1");
}

#[test]
fn an_element_after_one_that_may_be_missing_has_two_positions() {
    let source =
        "import os\nA = []\nif os.environ.get('D'):\n    A.append('y')\nA.append('z')\nX = A[0]\n";
    check(source, "X", "\"y\" if `D` is set and not empty | \"z\" if `D` is unset or empty");
}

#[test]
fn dicts_are_merged_and_emptied() {
    check("A = {'x': 1}\nB = {**A, 'y': 2}\n", "B", "{\"x\": 1, \"y\": 2}");
    check("A = {'x': 1} | {'x': 2}\n", "A", "{\"x\": 2}");
    check("A = {'x': 1}\nA.update(y=2)\nA.pop('x')\n", "A", "{\"y\": 2}");
    check("A = {}\nA.setdefault('x', []).append(1)\n", "A", "{\"x\": [1]}");
    check("A = {'x': 1}\nX = A.get('z', 'd')\n", "X", "\"d\"");
    check("A = dict.fromkeys(['b', 'a', 'b'])\nX = list(A)\n", "X", "[\"b\", \"a\"]");
}

#[test]
fn a_key_that_is_not_known_chooses_among_the_entries() {
    let source = "import os\nX = {'a': 1, 'b': 2}.get(os.environ.get('E', 'b'), 0)\n";
    check(
        source,
        "X",
        "1 if `E` is 'a' | 2 if `E` is 'b', or `E` is not set | 0 if `E` is set, but neither 'a' nor 'b'",
    );
}

#[test]
fn unknown_parts_leave_a_list_open_and_the_rest_known() {
    let source = "from elsewhere import more\nA = ['a', *more]\nX = 'a' in A\n";
    check(source, "A", "[\"a\", …]");
    check(source, "X", "True");
}

#[test]
fn comprehensions_filter_and_unpack() {
    check("A = ['x', 'y']\nX = [m for m in A if m != 'x']\n", "X", "[\"y\"]");
    check("X = {k: v for k, v in {'a': 1}.items()}\n", "X", "{\"a\": 1}");
    check("X = tuple(a for a in 'ab')\n", "X", "(\"a\", \"b\")");
    check("X, *Y = [1, 2, 3]\n", "Y", "[2, 3]");
    check("(A, B), C = ((1, 2), 3)\n", "B", "2");
}

#[test]
fn booleans_and_numbers_compare_as_in_python() {
    check("X = True == 1\n", "X", "True");
    check("X = 1 < 2 < 3\n", "X", "True");
    check("X = (3, 11) >= (3, 9)\n", "X", "True");
    check("X = [1, 2] == [1, 2]\n", "X", "True");
    check("X = bool('False'), bool(''), not 0\n", "X", "(True, False, True)");
    check("X = -7 // 2, -7 % 3, 7 // -2\n", "X", "(-4, 2, -4)");
}

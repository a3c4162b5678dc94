//! Classes: resolution order, properties, `super()`, fields.

use super::{check, evaluate};

#[test]
fn the_nearest_class_in_the_resolution_order_wins() {
    let source = "class A:\n    X = 'a'\nclass B(A):\n    X = 'b'\nclass C(A):\n    X = 'c'\nclass D(B, C):\n    pass\nX = D.X, D().X\n";
    check(source, "X", "(\"b\", \"b\")");
    let source = "class A:\n    X = 'a'\nclass B(A):\n    pass\nclass C(A):\n    X = 'c'\nclass D(B, C):\n    pass\nX = D.X\n";
    check(source, "X", "\"c\"");
}

#[test]
fn super_goes_on_in_the_order_of_the_instance() {
    let source = "class A:\n    @property\n    def X(self):\n        return ['a']\nclass M(A):\n    @property\n    def X(self):\n        return super().X + ['m']\nclass C(M):\n    @property\n    def X(self):\n        return super().X + ['c']\nX = C().X\n";
    check(source, "X", "[\"a\", \"m\", \"c\"]");
}

#[test]
fn properties_see_what_subclasses_set() {
    let source = "class A:\n    D = False\n    @property\n    def X(self):\n        return not self.D\nclass B(A):\n    D = True\nX = A().X, B().X\n";
    check(source, "X", "(True, False)");
}

#[test]
fn methods_are_bound_as_they_are_declared() {
    let source = "class A:\n    n = 1\n    @classmethod\n    def c(cls):\n        return cls.n\n    @staticmethod\n    def s(x):\n        return x\n    def m(self, y=2):\n        return self.n + y\nX = A.c(), A.s(5), A().m()\n";
    check(source, "X", "(1, 5, 3)");
}

#[test]
fn init_and_dataclass_fields_become_attributes() {
    check(
        "class A:\n    def __init__(self, x, *, y=2):\n        self.x = x\n        self.y = y\na = A(1)\nX = a.x, a.y\n",
        "X",
        "(1, 2)",
    );
    check(
        "from typing import NamedTuple\nclass P(NamedTuple):\n    a: str\n    b: int = 3\np = P('x')\nX = p.a, p.b\n",
        "X",
        "(\"x\", 3)",
    );
    check(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    a: str\n    b: int = 3\np = P(b=4, a='y')\nX = p.a, p.b\n",
        "X",
        "(\"y\", 4)",
    );
}

#[test]
fn a_name_defined_in_some_worlds_falls_back_to_the_base() {
    let source = "import os\nclass A:\n    X = 1\nclass B(A):\n    if os.environ.get('D'):\n        X = 2\nX = B.X\n";
    check(source, "X", "2 if `D` is set and not empty | 1 if `D` is unset or empty");
}

#[test]
fn a_class_can_pour_its_attributes_into_a_module() {
    let source = "import inspect\nimport sys\nclass Base:\n    DEBUG = True\n    @classmethod\n    def load(cls, name):\n        self = cls()\n        for member, value in inspect.getmembers(self):\n            if member.isupper():\n                setattr(sys.modules[name], member, value)\nclass Prod(Base):\n    DEBUG = False\nProd.load(__name__)\n";
    check(source, "DEBUG", "False");
}

#[test]
fn named_tuples_have_fields_a_class_and_a_length() {
    let made = "from collections import namedtuple\nP = namedtuple('P', 'a b', defaults=[3])\nQ = namedtuple('Q', ['a'])\np = P('x')\n";
    check(&format!("{made}X = p.a, p.b, p[1], tuple(p)\n"), "X", "(\"x\", 3, 3, (\"x\", 3))");
    check(&format!("{made}X = isinstance(p, P), isinstance(p, Q)\n"), "X", "(True, False)");
    check(
        &format!("{made}X = p._replace(b=4).b, p._asdict()\n"),
        "X",
        "(4, {\"a\": \"x\", \"b\": 3})",
    );
    check(&format!("{made}a, b = p\nX = b\n"), "X", "3");
}

#[test]
fn functions_keep_what_is_set_on_them() {
    let marks = "def mark(*methods):\n    def around(f):\n        f.methods = methods\n        return f\n    return around\nclass A:\n    @mark('get')\n    def a(self):\n        pass\n    def b(self):\n        pass\n";
    check(
        &format!("{marks}X = A.a.methods, getattr(A.b, 'methods', None)\n"),
        "X",
        "((\"get\"), None)",
    );
    check(
        &format!("{marks}X = [n for n in dir(A) if hasattr(getattr(A, n), 'methods')]\n"),
        "X",
        "[\"a\"]",
    );
    check("X = getattr('text', 'methods', 1), hasattr(3, 'methods')\n", "X", "(1, False)");
}

#[test]
fn what_a_class_computes_for_missing_names_is_asked_last() {
    let source = "import os\nclass Config(dict):\n    defaults = {'A': 1}\n    B = 2\n    def get(self, name):\n        return os.environ.get(name, self.defaults.get(name))\n    def __getattr__(self, name):\n        return self.get(name)\nc = Config()\nX = c.B, c.items, c.A\nY = c.B, c.C\n";
    check(source, "Y", "(2, <C> if `C` is set | None if `C` is not set)");
}

#[test]
fn a_class_may_have_anything_from_a_base_that_nobody_sees() {
    let with = |class: &str| {
        let text = format!(
            "from elsewhere import Base\nclass Seen: pass\nclass Rows({class}): pass\nX = 1\ntry:\n    Rows.objects.all()\nexcept AttributeError:\n    X = 2\n"
        );
        evaluate(&[("settings.py", text.as_str())]).of("X").to_owned()
    };
    assert_eq!(with("Base"), "1");
    assert_eq!(with("Seen"), "2");
}

//! Every form of import, and what names mean behind them.

use crate::trees::{build, module, show};

/// Resolves names in `main.py`.
fn check(tree: &[(&str, &str)], expected: &[(&str, &str)]) {
    check_in(tree, "main.py", expected);
}

fn check_in(tree: &[(&str, &str)], path: &str, expected: &[(&str, &str)]) {
    let (program, files) = build(tree);
    let module = module(&program, &files, path);
    for (name, meaning) in expected {
        assert_eq!(show(&program, &program.resolve(module, name)), *meaning, "{name} in {path}");
    }
}

#[test]
fn external_names_follow_each_form_of_import() {
    check(
        &[(
            "main.py",
            "import numpy as np\nimport os\nimport django.conf\nimport a.b as ab\n\
             from django.db import models\nfrom django.conf import settings as s\n",
        )],
        &[
            ("np.array", "numpy.array"),
            ("os.path.join", "os.path.join"),
            ("django.conf.settings", "django.conf.settings"),
            ("ab.c", "a.b.c"),
            ("models.Model", "django.db.models.Model"),
            ("s.DEBUG", "django.conf.settings.DEBUG"),
            ("eval", "builtins.eval"),
            ("nothing", "?"),
        ],
    );
}

#[test]
fn project_names_follow_absolute_and_relative_imports() {
    let tree = [
        (
            "main.py",
            "import shop.models as m\nimport shop.models\nfrom shop import models, views\n",
        ),
        ("shop/__init__.py", ""),
        ("shop/models.py", "class Order:\n    class Meta:\n        ordering = ['x']\n"),
        (
            "shop/views.py",
            "from .models import Order as O\nfrom . import models\nfrom .. import main\n\
             from .sub.deep import f\nfrom .missing import gone\n",
        ),
        ("shop/sub/__init__.py", ""),
        ("shop/sub/deep.py", "from ..models import Order\nfrom ... import main\ndef f(): pass\n"),
    ];
    check(
        &tree,
        &[
            ("m.Order", "shop/models.py:Order"),
            ("shop.models.Order", "shop/models.py:Order"),
            ("shop.views.O", "shop/models.py:Order"),
            ("models.Order.Meta.ordering", "shop/models.py:Order.Meta.ordering"),
            ("views.O", "shop/models.py:Order"),
            ("views.models", "shop/models.py"),
            ("views.f", "shop/sub/deep.py:f"),
            ("views.gone", "?"),
            ("shop.views", "shop/views.py"),
            ("shop", "shop/__init__.py"),
        ],
    );
    check_in(&tree, "shop/sub/deep.py", &[("Order", "shop/models.py:Order"), ("main", "main.py")]);
    check_in(&tree, "shop/views.py", &[("main.views.O", "shop/models.py:Order")]);
}

#[test]
fn re_exports_are_followed_to_the_definition() {
    check(
        &[
            ("main.py", "from api import Client, helper, text, urlencode\n"),
            ("api/__init__.py", "from .impl import *\nfrom .impl import _private as helper\n"),
            (
                "api/impl.py",
                "from urllib.parse import urlencode\nfrom .core import Client\n\
                 def _private(): pass\ntext = 'x'\n",
            ),
            ("api/core.py", "class Client:\n    pass\n"),
        ],
        &[
            ("Client", "api/core.py:Client"),
            ("helper", "api/impl.py:_private"),
            ("text", "api/impl.py:text"),
            ("urlencode", "urllib.parse.urlencode"),
        ],
    );
}

#[test]
fn star_imports_honour_all_and_underscores() {
    check(
        &[
            ("main.py", "from one import *\nfrom two import *\n"),
            ("one.py", "a = _b = c = 1\ndef shared(): pass\n"),
            (
                "two.py",
                "__all__ = ['shared']\n__all__ += ['_hidden']\n__all__.append('late')\n\
                 __all__.extend(('more',))\n__all__.remove('late')\n\
                 def shared(): pass\ndef _hidden(): pass\ndef late(): pass\ndef more(): pass\n\
                 def private(): pass\n",
            ),
        ],
        &[
            ("a", "one.py:a"),
            ("_b", "?"),
            ("shared", "two.py:shared"),
            ("_hidden", "two.py:_hidden"),
            ("more", "two.py:more"),
            ("late", "?"),
            ("private", "?"),
        ],
    );
}

#[test]
fn all_may_be_made_of_other_modules_and_list_submodules() {
    check(
        &[
            ("main.py", "from pack import *\n"),
            (
                "pack/__init__.py",
                "from . import left\nfrom .left import *\nfrom .right import x as y, z\n\
                 __all__ = ['y', 'sub'] + left.__all__\n",
            ),
            ("pack/left.py", "__all__ = ('l',)\nl = m = 1\n"),
            ("pack/right.py", "x = z = 1\n"),
            ("pack/sub.py", ""),
        ],
        &[
            ("y", "pack/right.py:x"),
            ("l", "pack/left.py:l"),
            ("sub", "pack/sub.py"),
            ("z", "?"),
            ("m", "?"),
        ],
    );
}

#[test]
fn a_later_star_import_replaces_and_a_later_assignment_wins() {
    check(
        &[
            ("main.py", "A = 1\nfrom base import *\nB = 2\n"),
            ("base.py", "from root import *\nA = 3\nB = 4\n"),
            ("root.py", "A = 5\nC = 6\n"),
        ],
        &[("A", "base.py:A"), ("B", "main.py:B"), ("C", "root.py:C")],
    );
}

#[test]
fn a_star_import_from_outside_explains_names_that_nothing_else_does() {
    check(
        &[("main.py", "from tkinter import *\nx = 1\n")],
        &[("Button", "tkinter.Button"), ("x", "main.py:x"), ("_y", "?"), ("len", "builtins.len")],
    );
    check(&[("main.py", "from a import *\nfrom b import *\n")], &[("Button", "?")]);
    check(
        &[
            ("main.py", "from base import *\nName = 1\n"),
            ("base.py", "from split_settings import *\n"),
        ],
        &[("Name", "main.py:Name"), ("include", "split_settings.include")],
    );
}

#[test]
fn conditional_imports_prefer_what_runs_when_all_goes_well() {
    check(
        &[(
            "main.py",
            "try:\n    import ujson as json\nexcept ImportError:\n    import json\n\
                 try:\n    from .local import A\nexcept ImportError:\n    A = None\n\
                 try:\n    from local import B\nexcept Exception:\n    B = None\n\
                 if TYPE_CHECKING:\n    from typing_only import T\n\
                 if x:\n    from first import P\nelse:\n    from second import P\n\
                 Q = None\nif x:\n    from q import Q\n\
                 from r import R\nif x:\n    R = None\n\
                 if not TYPE_CHECKING:\n    from real import S\nelse:\n    from stub import S\n",
        )],
        &[
            ("json.loads", "ujson.loads"),
            ("A", "main.py:A"),
            ("B", "local.B"),
            ("T", "typing_only.T"),
            ("P", "second.P"),
            ("Q", "q.Q"),
            ("R", "r.R"),
            ("S", "real.S"),
        ],
    );
}

#[test]
fn aliases_and_class_attributes_are_followed() {
    check(
        &[(
            "main.py",
            "from django.contrib.auth import get_user_model\nfrom django import forms\n\
             User = get_user_model()\nF = forms.Form\nG = F\nx = x\n\
             class Base:\n    form = G\n    limit = 5\n    def save(self): pass\n\
             class View(Base):\n    model = User\n    class Inner(Base): pass\n\
             a, (b, c) = forms.A, (forms.B, 1)\n",
        )],
        &[
            ("G", "django.forms.Form"),
            ("User", "main.py:User"),
            ("x", "main.py:x"),
            ("View.form", "django.forms.Form"),
            ("View.model", "main.py:User"),
            ("View.limit", "main.py:Base.limit"),
            ("View.save", "main.py:Base.save"),
            ("View.Inner.save", "main.py:Base.save"),
            ("View.absent", "main.py:View.absent"),
            ("User.objects", "main.py:User.objects"),
            ("a", "django.forms.A"),
            ("b", "django.forms.B"),
            ("c", "main.py:c"),
        ],
    );
}

#[test]
fn a_class_of_the_same_name_as_its_base_is_not_its_own_base() {
    let (program, files) =
        build(&[("main.py", "from django.views import View\nclass View(View):\n    pass\n")]);
    let view = program.resolve(module(&program, &files, "main.py"), "View");
    assert_eq!(show(&program, &view), "main.py:View");
    let bases: Vec<String> = program.bases(&view).iter().map(|base| show(&program, base)).collect();
    assert_eq!(bases, ["django.views.View"]);
}

#[test]
fn imports_inside_functions_count_where_nothing_else_does() {
    check(
        &[("main.py", "def f():\n    from django.conf import settings\n    import os.path\n")],
        &[("settings.DEBUG", "django.conf.settings.DEBUG"), ("os.path.join", "os.path.join")],
    );
}

#[test]
fn a_module_attribute_goes_before_a_submodule_of_the_same_name() {
    check(
        &[
            ("main.py", "import proj\nfrom proj import celery, tasks\n"),
            ("proj/__init__.py", "from .celery import app as celery\n"),
            ("proj/celery.py", "from celery import Celery\napp = Celery()\n"),
            ("proj/tasks.py", ""),
        ],
        &[
            ("celery", "proj/celery.py:app"),
            ("proj.celery", "proj/celery.py:app"),
            ("tasks", "proj/tasks.py"),
        ],
    );
}

#[test]
fn a_file_does_not_hide_the_package_of_its_name_from_its_neighbours() {
    check_in(
        &[("main.py", ""), ("proj/celery.py", "from celery import Celery\n")],
        "proj/celery.py",
        &[("Celery", "celery.Celery")],
    );
}

#[test]
fn circles_end() {
    check(
        &[
            ("main.py", "import main\nfrom main import me\nfrom a import x\nfrom a import *\n"),
            ("a.py", "from b import x\nfrom b import *\n"),
            ("b.py", "from a import x\nfrom a import *\nfound = 1\n"),
        ],
        &[("x", "?"), ("me", "?"), ("main.main.main.x", "?"), ("found", "b.py:found"), ("no", "?")],
    );
    check(
        &[
            ("main.py", "from b import B\nclass A(B.X):\n    pass\nY = Z\nZ = Y\n"),
            ("b.py", "from main import A\nclass B(A.Y):\n    pass\n"),
        ],
        &[("A.thing", "main.py:A.thing"), ("B.X", "b.py:B.X"), ("Y", "main.py:Y")],
    );
}

#[test]
fn a_long_chain_of_star_imports_ends_without_an_answer() {
    let tree: Vec<(String, String)> = (0..3_000)
        .map(|at| {
            (format!("m{at}.py"), format!("from m{} import *\nfrom m{} import *\n", at + 1, at + 2))
        })
        .collect();
    let tree: Vec<(&str, &str)> = tree.iter().map(|(path, text)| (&**path, &**text)).collect();
    check_in(&tree, "m0.py", &[("x", "?")]);
}

#[test]
fn names_in_a_file_that_was_not_read_are_unknown_rather_than_absent() {
    use djsec_base::{File, FileKind, Files, Role};
    let file = |path: &str, text: Option<&str>| {
        File::new(path.into(), FileKind::Python, Role::Application, text.map(Into::into))
    };
    let files = Files::new(vec![
        file(
            "main.py",
            Some("try:\n    from big import x\nexcept ImportError:\n    from y import x\n"),
        ),
        file("big.py", None),
    ]);
    let (program, _, coverage) = crate::Program::build(&files);
    assert_eq!(coverage.files, 1);
    let main = module(&program, &files, "main.py");
    assert_eq!(show(&program, &program.resolve(main, "x")), "?");
}

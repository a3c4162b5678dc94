use super::{Code, Expr, Part, Stmt};
use djsec_syntax::python;

fn code(text: &str) -> Code {
    Code::new(&python::parse(text).tree, text)
}

const VIEWS: &str = r#"
from django.views import View

class OrderView(Guarded, View, metaclass=Meta):
    permission_required = "shop.view_order"
    if DEBUG:
        template_name = "a.html"

    @method_decorator(login_required(login_url="/in/"), name="get")
    async def get(self, request, *args, pk: int = 3, **kwargs):
        from shop.models import Order
        order = get_object_or_404(Order.objects.filter(owner=request.user), pk=kwargs["pk"])
        if order.open and not order.paid:
            return f"{order.name!r} of {request.user}"
        elif order.paid:
            raise Http404
        return [line.price for line in order.lines if line.price > 0]
"#;

#[test]
fn classes_keep_bases_keywords_attributes_and_methods() {
    let code = code(VIEWS);
    let id = code.class_at("OrderView").unwrap();
    let class = code.class(id).unwrap();
    let bases: Vec<_> = code.exprs(class.bases).iter().map(|b| code.dotted(*b).unwrap()).collect();
    assert_eq!(bases, ["Guarded", "View"]);
    let keyword = code.arguments(class.keywords)[0];
    assert_eq!(keyword.keyword.map(|name| code.text(name)), Some("metaclass"));
    let permission = code.class_attribute(id, "permission_required").unwrap();
    assert_eq!(code.string(permission), Some("shop.view_order"));
    assert!(code.class_attribute(id, "template_name").is_some(), "attributes in branches count");
    assert!(code.class_attribute(id, "get").is_none(), "a method is no attribute");
    assert_eq!(code.method(id, "get"), code.function_at("OrderView.get"));
}

#[test]
fn functions_keep_parameters_decorators_and_their_own_imports() {
    let code = code(VIEWS);
    let get = code.function(code.function_at("OrderView.get").unwrap()).unwrap();
    assert!(get.is_async);
    let names: Vec<_> = get.parameters.iter().map(|p| code.text(p.name)).collect();
    assert_eq!(names, ["self", "request", "args", "pk", "kwargs"]);
    assert_eq!(get.imports.len(), 1);
    let (callee, arguments) = code.call(code.exprs(get.decorators)[0]).unwrap();
    assert_eq!(code.dotted(callee).as_deref(), Some("method_decorator"));
    assert_eq!(code.keyword(arguments, "name").and_then(|name| code.string(name)), Some("get"));
}

#[test]
fn walks_see_every_expression_of_a_body_and_no_inner_function() {
    let text = "def outer():\n    first()\n    def inner():\n        second()\n    return third(x=[fourth(1)])\n";
    let code = code(text);
    let outer = code.function(code.function_at("outer").unwrap()).unwrap();
    let mut calls = Vec::new();
    code.each_expr(outer.body, &mut |id, expr| {
        if let Expr::Call(callee, _) = expr {
            calls.push((code.dotted(callee).unwrap(), u32::from(code.expr_range(id).start())));
        }
    });
    let names: Vec<_> = calls.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["first", "third", "fourth"]);
    assert!(code.function_at("outer.inner").is_some());
}

#[test]
fn an_elif_is_an_if_in_the_other_branch() {
    let code = code("if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3\n");
    let Stmt::If { otherwise, .. } = code.stmt(code.body()[0]) else { panic!("no if") };
    let Stmt::If { then, otherwise, .. } = code.stmt(code.stmts(otherwise)[0]) else {
        panic!("no elif")
    };
    assert_eq!((code.stmts(then).len(), code.stmts(otherwise).len()), (1, 1));
}

#[test]
fn positional_arguments_after_a_splat_are_not_counted() {
    let code = code("f(a, *rest, b, key=c)\n");
    let Stmt::Expr(call) = code.stmt(code.body()[0]) else { panic!("no expression") };
    let (_, arguments) = code.call(call).unwrap();
    let named = |position, keyword| {
        code.argument(arguments, position, keyword).and_then(|id| code.dotted(id))
    };
    assert_eq!(named(0, "x").as_deref(), Some("a"));
    assert_eq!(named(2, "x"), None);
    assert_eq!(named(2, "key").as_deref(), Some("c"));
}

#[test]
fn patterns_say_what_they_bind_and_whether_they_take_everything() {
    let text = "
match command:
    case 'a' | 'b' as known: pass
    case [first, *rest, last]: pass
    case {'key': value, **others}: pass
    case Point(1, ('n' | 's') as way, y=up): pass
    case whole: pass
";
    let code = code(text);
    let Stmt::Match(at) = code.stmt(code.body()[0]) else { panic!("a match") };
    let patterns = &code.match_parts(at).unwrap().patterns;
    let shown: Vec<_> = patterns
        .iter()
        .map(|pattern| {
            let names = pattern
                .names
                .iter()
                .map(|bind| (code.text(bind.name), bind.path.first().copied(), bind.only_values));
            (names.collect::<Vec<_>>(), pattern.only_values, pattern.takes_all)
        })
        .collect();
    let [key, point, y] = ["key", "Point", "y"].map(|text| code.symbol(text));
    let way = Some(Part::Place(1, point));
    let up = y.map(Part::Attribute);
    let list = vec![
        ("first", Some(Part::At(0)), false),
        ("rest", Some(Part::Some), false),
        ("last", Some(Part::Some), false),
    ];
    assert_eq!(
        shown,
        [
            (vec![("known", None, true)], true, false),
            (list, false, false),
            (vec![("others", None, false), ("value", Some(Part::Key(key)), false)], false, false),
            (vec![("way", way, true), ("up", up, false)], false, false),
            (vec![("whole", None, false)], false, true),
        ]
    );
}

#[test]
fn the_value_of_a_name_of_the_module_is_the_last_one() {
    let code =
        code("NAME = 'a'\nNAME = 'b'\nNAME: str\nif x:\n    OTHER = 'c'\nA = B = 'd'\nB = 'e'\n");
    let value = |name: &str| code.module_value(name).and_then(|id| code.string(id));
    assert_eq!((value("NAME"), value("OTHER")), (Some("b"), None));
    assert_eq!((value("A"), value("B")), (Some("d"), Some("e")));
}

#[test]
fn a_name_that_is_imported_under_another_one_is_a_name_of_the_module() {
    let code = code("from a.b import exempt as free\n\n@free\ndef view(request): ...\n");
    assert!(code.symbol("exempt").is_some());
    assert!(code.symbol("b").is_none());
}

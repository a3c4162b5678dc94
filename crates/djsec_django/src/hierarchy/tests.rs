use djsec_base::{File, FileKind, Files, Role};
use djsec_python::{ModuleId, Program, QualifiedName};

use super::{AttributeValue, Hierarchy, KnownValue, known_class};

fn program(text: &str) -> Program {
    let file = File::new("main.py".into(), FileKind::Python, Role::Application, Some(text.into()));
    Program::build(&Files::new(vec![file])).0
}

fn class(program: &Program, name: &str) -> QualifiedName {
    program.resolve(ModuleId(0), name)
}

fn show(name: &QualifiedName) -> String {
    match name {
        QualifiedName::External(name) => name.to_string(),
        QualifiedName::Project(_, path) => format!(":{path}"),
        other => format!("{other:?}"),
    }
}

fn order(program: &Program, name: &str) -> Vec<String> {
    Hierarchy::new(program).order(&class(program, name)).iter().map(show).collect()
}

/// Owner and value of an attribute, for comparing.
fn attribute(text: &str, class_name: &str, name: &str) -> Option<(String, String)> {
    let program = program(text);
    let hierarchy = Hierarchy::new(&program);
    let found = hierarchy.attribute(&class(&program, class_name), name)?;
    let value = match found.value {
        AttributeValue::Assigned(_, code, value) => format!("{:?}", code.expr(value)),
        AttributeValue::Method(_, code, id) => code.function(id).unwrap().path.to_string(),
        AttributeValue::Class(_, code, id) => code.class(id).unwrap().path.to_string(),
        AttributeValue::Known(value) => format!("{value:?}"),
        AttributeValue::KnownMethod => "method".to_owned(),
        AttributeValue::Unseen => "unseen".to_owned(),
    };
    Some((show(&found.owner), value))
}

fn found(owner: &str, value: &str) -> (String, String) {
    (owner.to_owned(), value.to_owned())
}

#[test]
fn the_order_goes_on_through_packages() {
    let program = program(
        "from django.contrib.auth.mixins import LoginRequiredMixin\n\
         from django.views.generic import ListView\n\
         class Page(LoginRequiredMixin, ListView): pass\n",
    );
    assert_eq!(
        order(&program, "Page"),
        [
            ":Page",
            "django.contrib.auth.mixins.LoginRequiredMixin",
            "django.contrib.auth.mixins.AccessMixin",
            "django.views.generic.list.ListView",
            "django.views.generic.list.MultipleObjectTemplateResponseMixin",
            "django.views.generic.base.TemplateResponseMixin",
            "django.views.generic.list.BaseListView",
            "django.views.generic.list.MultipleObjectMixin",
            "django.views.generic.base.ContextMixin",
            "django.views.generic.base.View",
        ]
    );
}

#[test]
fn names_that_packages_offer_elsewhere_have_one_name() {
    let program = Program::default();
    let hierarchy = Hierarchy::new(&program);
    for (written, canonical) in [
        ("django.views.generic.View", "django.views.generic.base.View"),
        ("django.views.View", "django.views.generic.base.View"),
        ("django.contrib.admin.ModelAdmin", "django.contrib.admin.options.ModelAdmin"),
        ("django.db.models.Model", "django.db.models.base.Model"),
        ("django.forms.CharField", "django.forms.fields.CharField"),
        ("rest_framework.serializers.CharField", "rest_framework.fields.CharField"),
        ("graphene.ObjectType", "graphene.types.objecttype.ObjectType"),
        ("django.views.generic.View.as_view", "django.views.generic.base.View.as_view"),
        ("nobody.knows.This", "nobody.knows.This"),
        ("View", "View"),
        ("", ""),
    ] {
        let name = hierarchy.canonical(&QualifiedName::External(written.into()));
        assert_eq!(show(&name), canonical);
    }
}

#[test]
fn defaults_that_come_from_settings_say_so() {
    let text =
        "from rest_framework.viewsets import ModelViewSet\nclass Orders(ModelViewSet): pass\n";
    assert_eq!(
        attribute(text, "Orders", "permission_classes"),
        Some(found(
            "rest_framework.views.APIView",
            "Setting(\"REST_FRAMEWORK.DEFAULT_PERMISSION_CLASSES\")"
        ))
    );
    assert_eq!(
        attribute(text, "Orders", "lookup_field"),
        Some(found("rest_framework.generics.GenericAPIView", "Str(\"pk\")"))
    );
    assert_eq!(
        attribute(text, "Orders", "destroy"),
        Some(found("rest_framework.mixins.DestroyModelMixin", "method"))
    );
    assert_eq!(attribute(text, "Orders", "no_such_thing"), None);
}

#[test]
fn a_class_nobody_knows_may_have_anything() {
    let text = "from company.views import Secured\nfrom django.views import View\n\
                class Page(Secured, View):\n    raise_exception = True\n";
    assert_eq!(attribute(text, "Page", "raise_exception"), Some(found(":Page", "Bool(true)")));
    assert_eq!(attribute(text, "Page", "dispatch"), Some(found("company.views.Secured", "unseen")));
    let program = program(text);
    let hierarchy = Hierarchy::new(&program);
    let page = class(&program, "Page");
    assert_eq!(hierarchy.derives_from(&page, &["django.views.View"]), Some(true));
    assert_eq!(hierarchy.derives_from(&page, &["rest_framework.views.APIView"]), None);
    let all = hierarchy.attributes_all(&page, "dispatch");
    assert!(all.iter().any(|one| matches!(one.value, AttributeValue::KnownMethod)));
}

#[test]
fn a_class_without_such_a_base_is_surely_not_derived_from_it() {
    let program = program("from django import forms\nclass Order(forms.ModelForm): pass\n");
    let hierarchy = Hierarchy::new(&program);
    let class = class(&program, "Order");
    assert_eq!(hierarchy.derives_from(&class, &["django.views.View"]), Some(false));
    assert_eq!(hierarchy.derives_from(&class, &["django.forms.BaseModelForm"]), Some(true));
    assert!(hierarchy.is_complete(&class));
    assert_eq!(hierarchy.derives_from(&QualifiedName::Unknown, &["x.Y"]), None);
}

#[test]
fn what_a_body_sets_in_several_branches_is_not_told() {
    let text = "import x\nclass A:\n    a = 1\n    if x.y:\n        a = 2\n        b = 3\n    \
                c, d = 1, 2\n    e = []\n    e += [1]\n    del f\n    g = 1\n    g = 2\n    \
                class Meta: pass\n    def h(self): pass\n    h = property(h)\n";
    assert_eq!(attribute(text, "A", "a"), Some(found(":A", "unseen")));
    assert_eq!(attribute(text, "A", "b"), Some(found(":A", "Int(3)")));
    assert_eq!(attribute(text, "A", "c"), Some(found(":A", "unseen")));
    assert_eq!(attribute(text, "A", "e"), Some(found(":A", "unseen")));
    assert_eq!(attribute(text, "A", "f"), None);
    assert_eq!(attribute(text, "A", "g"), Some(found(":A", "Int(2)")));
    assert_eq!(attribute(text, "A", "Meta"), Some(found(":A", "A.Meta")));
    assert!(matches!(attribute(text, "A", "h"), Some((_, value)) if value.starts_with("Call")));
}

#[test]
fn something_that_is_no_class_is_unseen() {
    let text = "User = get_user_model()\nclass Proxy(User): pass\nclass Made(make()): pass\n";
    assert_eq!(attribute(text, "Proxy", "is_staff"), Some(found(":User", "unseen")));
    assert_eq!(attribute(text, "Made", "x"), Some(found("Unknown", "unseen")));
}

#[test]
fn circles_and_contradictions_end() {
    use std::fmt::Write as _;
    let mut text = String::from("class A(B): pass\nclass B(A): pass\nclass A(B): pass\n");
    text.push_str("class X: pass\nclass Y(X): pass\nclass Z(X, Y): pass\n");
    for i in 0..300 {
        let _ = writeln!(text, "class C{}(C{i}): pass", i + 1);
    }
    // Every class derived from every other.
    for round in 0..2 {
        for i in 0..30 {
            let bases: Vec<String> = (0..30).filter(|j| *j != i).map(|j| format!("K{j}")).collect();
            let _ = writeln!(text, "class K{i}({}): r = {round}", bases.join(", "));
        }
    }
    let program = program(&text);
    for name in ["A", "B", "C300", "K0", "K29"] {
        assert!(order(&program, name).len() < 1_000);
    }
    assert_eq!(order(&program, "Z"), [":Z", ":X", ":Y"]);
}

#[test]
fn methods_come_with_the_class_that_counts() {
    let program = program(
        "from rest_framework.viewsets import ModelViewSet\n\
         class Orders(ModelViewSet):\n    destroy = None\n    def list(self, request): pass\n",
    );
    let hierarchy = Hierarchy::new(&program);
    let methods = hierarchy.methods(&class(&program, "Orders"));
    let owner = |name: &str| {
        methods.iter().find(|(method, _)| *method == name).map(|(_, owner)| show(owner))
    };
    assert_eq!(owner("list").as_deref(), Some(":Orders"));
    assert_eq!(owner("create").as_deref(), Some("rest_framework.mixins.CreateModelMixin"));
    assert_eq!(owner("destroy"), None);
}

#[test]
fn fields_of_packages_models_are_known() {
    let user = known_class("django.contrib.auth.models.AbstractUser").unwrap();
    let field = |class: &str| KnownValue::Field { class: class.into(), to: None };
    assert_eq!(user.attribute("is_staff"), Some(&field("django.db.models.fields.BooleanField")));
    let groups = known_class("django.contrib.auth.models.PermissionsMixin").unwrap();
    assert!(matches!(
        groups.attribute("groups"),
        Some(KnownValue::Field { to: Some(to), .. }) if &**to == "django.contrib.auth.models.Group"
    ));
}

#[test]
fn every_recorded_class_can_be_read_and_its_bases_are_recorded_too() {
    let text = include_str!("../../data/classes.txt");
    // Lines are found by halves; those about the recording come first, whatever their order.
    let names = text.lines().skip_while(|line| line.starts_with('#'));
    assert!(names.map(|line| line.split('\t').next().unwrap()).is_sorted_by(|a, b| a < b));
    let mut classes = 0;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.contains("\t>\t")) {
        let name = line.split('\t').next().unwrap();
        let class = known_class(name).unwrap();
        classes += 1;
        for base in class.bases() {
            assert!(known_class(base).is_some(), "{name}: {base}");
        }
        assert!(class.methods().is_sorted(), "{name}");
    }
    assert!(classes > 3_000, "{classes}");
}

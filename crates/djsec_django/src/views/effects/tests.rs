use super::{Effect, EffectKind, Effects, Verbs};
use crate::hierarchy::Hierarchy;
use crate::models::{Apps, collect};
use crate::routes::Target;
use crate::trees::Tree;
use crate::views::build::Draft;
use crate::views::objects::{World, objects};
use crate::views::{Body, ViewKind};
use djsec_python::QualifiedName;

const MODELS: &str = "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n";

/// The effects of the function `view`, in order.
fn effects_of(views: &str) -> Vec<Effect> {
    let views = format!("from shop.models import Order\n{views}");
    let tree = Tree::of(&[
        ("settings.py", "INSTALLED_APPS = ['shop']\n"),
        ("shop/__init__.py", ""),
        ("shop/models.py", MODELS),
        ("shop/views.py", &views),
    ]);
    let hierarchy = Hierarchy::new(&tree.program);
    let apps = Apps::new(&tree.settings, &tree.program, "".into());
    let models = collect(&tree.program, &hierarchy, &tree.modules(), &apps, &tree.settings);
    let known = crate::views::effects::Known::default();
    let world = World {
        program: &tree.program,
        hierarchy: &hierarchy,
        models: &models,
        known: &known,
        settings: Some(&tree.settings),
    };
    let module = tree.program.find("shop.views", "".into()).expect("it is there");
    let name = QualifiedName::Project(module, "view".into());
    let function = tree.program.function_code(&name).expect("the function is there").1;
    let body = Body { module, function, owner: None, receiver: None, methods: None, action: None };
    let mut view = Draft::new(ViewKind::Function, "shop.views.view".into()).view;
    view.bodies = vec![body];
    let target = Target::Function(name);
    Effects::of(world, &view, &target, objects(world, &target, None)).all
}

/// `Writes: POST` for each effect of the function `view`, in order.
fn effects(views: &str) -> Vec<String> {
    let found = effects_of(views);
    let words = |verbs: Verbs| {
        if verbs == Verbs::ALL {
            "all".to_owned()
        } else {
            verbs.names().collect::<Vec<_>>().join(" ")
        }
    };
    found
        .iter()
        .filter(|effect| effect.kind != EffectKind::ReadsBody)
        .map(|effect| format!("{:?}: {}", effect.kind, words(effect.verbs)))
        .collect()
}

#[test]
fn what_stands_behind_a_question_for_the_method_happens_for_it_alone() {
    let found = effects(
        "def view(request, pk):\n    if request.method == 'POST':\n        Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: POST"]);
    let found = effects(
        "def view(request, pk):\n    if request.method != 'POST':\n        return None\n    Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: POST"]);
    let found = effects(
        "def view(request, pk):\n    if request.method in ('GET', 'HEAD'):\n        return None\n    Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: POST PUT PATCH DELETE"]);
}

#[test]
fn what_stands_behind_no_question_happens_for_all_methods() {
    let found = effects(
        "def view(request, pk):\n    if request.method == 'POST':\n        pass\n    Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: all"]);
}

#[test]
fn a_form_is_valid_only_with_a_body() {
    let found = effects(
        "def view(request, pk):\n    form = F(request.POST or None)\n    if form.is_valid():\n        Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: POST PUT PATCH DELETE"]);
    // One made of the query string may be valid with `GET`, too.
    let found = effects(
        "def view(request, pk):\n    form = F(request.GET)\n    if form.is_valid():\n        Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: all"]);
}

#[test]
fn functions_of_the_project_are_followed() {
    let found = effects(
        "import hmac\nfrom django.core.mail import send_mail\n\ndef check(request):\n    return hmac.compare_digest(request.headers['X'], 'y')\n\ndef tell():\n    send_mail('a', 'b', 'c', [])\n\ndef view(request):\n    if not check(request):\n        return None\n    if request.method == 'POST':\n        tell()\n",
    );
    assert_eq!(found, ["Verifies: all", "ReadsHeader: all", "SendsMail: POST"]);
}

#[test]
fn comparing_with_a_plain_text_verifies_nothing() {
    let found = effects("def view(request):\n    return request.GET['token'] == 'a'\n");
    assert!(found.is_empty(), "{found:?}");
    let found = effects(
        "from django.conf import settings\n\ndef view(request):\n    return request.headers.get('X-Token') == settings.KEY_TOKEN\n",
    );
    assert_eq!(found, ["ComparesSecret: all", "ReadsHeader: all"]);
}

#[test]
fn functions_that_call_each_other_end() {
    let found = effects(
        "def a(request):\n    return b(request)\n\ndef b(request):\n    a(request)\n    return request.user\n\ndef view(request):\n    return a(request)\n",
    );
    assert_eq!(found, ["UsesUser: all"]);
}

#[test]
fn the_host_of_the_request_is_read_where_an_address_is_built_with_it() {
    let found = effects(
        "from django.contrib.sites.shortcuts import get_current_site\ndef view(request):\n    request.build_absolute_uri('/')\n    request.get_host()\n    get_current_site(request)\n",
    );
    assert_eq!(found, ["ReadsHost: all", "ReadsHost: all", "ReadsHost: all"]);
}

#[test]
fn a_message_is_mail_under_each_of_its_names() {
    let found = effects(
        "from django.core.mail import EmailMessage\nfrom django.core import mail\ndef view(request):\n    EmailMessage('a', 'b').send()\n    mail.EmailMultiAlternatives('a', 'b').send()\n",
    );
    assert_eq!(found, ["SendsMail: all", "SendsMail: all"]);
}

#[test]
fn what_takes_an_item_of_what_was_sent_only_goes_on_where_something_was() {
    let found = effects(
        "def view(request):\n    pk = request.POST['order']\n    Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: POST PUT PATCH DELETE"]);
    let found = effects(
        "def view(request):\n    pk = request.POST.get('order')\n    Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: all"]);
    let found = effects(
        "def view(request):\n    try:\n        pk = request.POST['order']\n    except KeyError:\n        pk = 1\n    Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: all"]);
    let found = effects(
        "def view(request):\n    pk = request.POST and request.POST['order']\n    Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: all"]);
}

#[test]
fn a_form_without_data_is_only_shown() {
    let form = "from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm, AuthenticationForm\n\
                class Change(PasswordChangeForm):\n    pass\n";
    let found = |made: &str| effects(&format!("{form}def view(request):\n    form = {made}\n"));
    for shown in [
        "Change(request.user)",
        "Change(user=request.user)",
        "PasswordChangeForm(request.user, initial={})",
        "PasswordResetForm()",
        "AuthenticationForm(request)",
    ] {
        assert!(found(shown).iter().all(|effect| effect.starts_with("Uses")), "{shown}");
    }
    for sent in [
        "Change(request.user, request.POST)",
        "Change(user=request.user, data=request.POST)",
        "PasswordChangeForm(request.user, *given)",
        "PasswordChangeForm(**given)",
    ] {
        assert!(found(sent).contains(&"SetsPassword: all".to_owned()), "{sent}");
    }
    assert!(found("PasswordResetForm(request.POST)").contains(&"SendsMail: all".to_owned()));
    for (parameters, above, made) in [
        ("data", "None, data", "Own(request.POST)"),
        ("request", "request, request.POST", "Own(request)"),
        ("*, post", "data=post", "Own(post=request.POST)"),
        ("request, *args", "request, *args", "Own(request, request.POST)"),
    ] {
        let found = found(&format!(
            "1\n\nclass Own(AuthenticationForm):\n    def __init__(self, {parameters}):\n        super().__init__({above})\n\ndef view(request):\n    form = {made}"
        ));
        assert!(found.contains(&"ChecksPassword: all".to_owned()), "{parameters}");
    }
    for parameters in
        ["request, *args", "request, **given", "request, data=None", "*, request, data=None"]
    {
        let found = found(&format!(
            "1\n\nclass Own(AuthenticationForm):\n    def __init__(self, {parameters}):\n        pass\n\ndef view(request):\n    form = Own(request)"
        ));
        assert!(!found.contains(&"ChecksPassword: all".to_owned()), "{parameters}");
    }
    let login = found("AuthenticationForm(request, request.POST)");
    assert!(login.contains(&"ChecksPassword: all".to_owned()), "{login:?}");
}

/// The effects of the function `view` that a link of any page has.
fn by_link(views: &str) -> Vec<String> {
    let found = effects_of(views);
    let linked = found.iter().filter(|effect| !effect.verbs.and(Verbs::LINK).is_empty());
    linked.map(|effect| format!("{:?}", effect.kind)).collect()
}

#[test]
fn no_link_has_a_header_of_its_own_sent() {
    let behind = |test: &str| {
        by_link(&format!(
            "def view(request, pk):\n    if {test}:\n        Order.objects.filter(pk=pk).delete()\n"
        ))
    };
    for test in [
        "request.headers.get('HX-Request')",
        "request.htmx",
        "request.is_ajax()",
        "'HTTP_HX_REQUEST' in request.META",
        "'HX-Request' in request.headers.keys()",
        "request.META.get('HTTP_X_REQUESTED_WITH') == 'XMLHttpRequest'",
        "request.headers['X-Requested-With'] == 'XMLHttpRequest' and pk",
        "request.headers.get('HX-Request') is not None",
    ] {
        assert!(behind(test).iter().all(|kind| kind != "Deletes"), "{test}");
    }
    for test in [
        "not request.htmx",
        "request.htmx or pk",
        "request.headers.get('Referer')",
        "request.META.get('HTTP_X_FORWARDED_FOR')",
        "request.headers.get('HX-Request', 'true')",
        "request.headers.get('HX-Request') != 'true'",
        "request.headers.get('HX-Request') == ''",
        "request.headers.get('HX-Request') is None",
    ] {
        assert!(behind(test).contains(&"Deletes".to_owned()), "{test}");
    }
    // The same method, sent by a script, still gets there.
    let found = effects(
        "def view(request, pk):\n    if request.htmx:\n        Order.objects.filter(pk=pk).delete()\n",
    );
    assert_eq!(found, ["Deletes: GET POST PUT PATCH DELETE"]);
}

#[test]
fn a_decorator_of_the_project_tells_what_gets_through() {
    let deletes = "def view(request, pk):\n    Order.objects.filter(pk=pk).delete()\n";
    let found = by_link(&format!(
        "def scripted(view):\n    def wrapper(request, *args):\n        key = 'HTTP_HX_REQUEST'\n        if key not in request.META.keys():\n            return render(request, 'no.html')\n        return view(request, *args)\n    return wrapper\n\n@scripted\n{deletes}"
    ));
    assert!(found.iter().all(|kind| kind != "Deletes"), "{found:?}");
    let found = effects(&format!(
        "def posted(name):\n    def decorator(view):\n        def wrapper(request, *args):\n            if request.method == 'POST':\n                return view(request, *args)\n            return render(request, name)\n        return wrapper\n    return decorator\n\n@posted('no.html')\n{deletes}"
    ));
    assert_eq!(found, ["Deletes: POST"]);
    // Whichever way it takes, it calls it; and what happens in a `try` is not told apart.
    let found = by_link(&format!(
        "def noted(view):\n    def wrapper(request, *args):\n        if not request.htmx:\n            return view(request, *args)\n        return view(request, *args)\n    return wrapper\n\n@noted\n{deletes}"
    ));
    assert!(found.contains(&"Deletes".to_owned()), "{found:?}");
    let found = by_link(&format!(
        "def tried(view):\n    def wrapper(request, *args):\n        try:\n            if request.htmx:\n                return None\n        finally:\n            return view(request, *args)\n    return wrapper\n\n@tried\n{deletes}"
    ));
    assert!(found.contains(&"Deletes".to_owned()), "{found:?}");
    // What it hands the view to calls it; what else it was given is not the view.
    let found = by_link(&format!(
        "def timed(log):\n    def decorator(view):\n        def wrapper(request, *args):\n            if request.method == 'POST':\n                log(request)\n            return run(view, request, *args)\n        return wrapper\n    return decorator\n\n@timed(print)\n{deletes}"
    ));
    assert!(found.contains(&"Deletes".to_owned()), "{found:?}");
}

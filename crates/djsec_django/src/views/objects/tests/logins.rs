use super::{found, shown};

/// The logins of a view, as its accesses are shown.
fn logins(body: &str) -> Vec<String> {
    let views = format!(
        r"
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.forms import AuthenticationForm

User = get_user_model()

def view(request, pk):
{body}
"
    );
    found(&views, "view", &["pk"], None).logins.iter().map(shown).collect()
}

#[test]
fn whom_the_client_names_is_logged_in_with_nothing_asked() {
    assert_eq!(
        logins("    login(request, User.objects.get(pk=pk))"),
        ["fetch user pk<url pk: unscoped"]
    );
    let by_cookie = r#"
    name = request.COOKIES.get("remember")
    if not name:
        return redirect("/")
    user = User.objects.filter(username=name).first()
    if user is not None and user.is_active:
        login(request, user)
"#;
    assert_eq!(logins(by_cookie), [r#"fetch user username<cookie(some("remember")): unscoped"#]);
    let made = r#"
    if request.method == "POST":
        user, made = User.objects.get_or_create(email=request.POST["email"])
        login(request, user)
"#;
    assert_eq!(logins(made), ["fetch user email<body email: unscoped"]);
}

#[test]
fn conditions_on_who_asks_are_told() {
    let asked = r"
    if request.user.is_superuser:
        login(request, User.objects.get(pk=pk))
";
    assert_eq!(logins(asked), ["fetch user pk<url pk: unscoped [asker]"]);
    assert_eq!(logins("    login(request, request.user)"), Vec::<String>::new().as_slice());
}

#[test]
fn something_else_that_was_sent_may_be_what_proves_it() {
    for proven in [
        // A password, a code, a signature, by whatever it is looked at.
        r#"
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    if user is not None:
        login(request, user)
"#,
        r#"
    user = User.objects.get(pk=pk)
    if user.check_password(request.POST["password"]):
        login(request, user)
"#,
        r#"
    user = User.objects.get(pk=pk)
    if request.session.get("code") != request.POST["code"]:
        return redirect("/")
    login(request, user)
"#,
        r#"
    user = User.objects.get(pk=pk)
    if not is_right(user, request.POST["code"]):
        return redirect("/")
    login(request, user)
"#,
        r#"
    Share.objects.get(id=request.GET["key"])
    login(request, User.objects.get(pk=pk))
"#,
        r#"
    share = Share.objects.get(id=request.GET["key"])
    login(request, share.order.customer)
"#,
        r#"
    form = AuthenticationForm(request, request.POST)
    if form.is_valid():
        login(request, User.objects.get(username=request.POST["username"]))
"#,
        r#"
    user = User.objects.create(username=request.POST["username"])
    login(request, user)
"#,
    ] {
        let told: Vec<String> = logins(proven);
        let free = told.iter().filter(|login| login.contains("unscoped") && login.contains('<'));
        assert_eq!(free.count(), 0, "{proven} {told:?}");
    }
}

//! `djsec csp`: the policy that a project's templates need.

use serde_json::Value;

use super::Project;

const SCHEMA: &str = include_str!("../../../../docs/schema/djsec-csp-1.schema.json");

/// A project with one page, in this version of Django and with these settings on top.
fn project(requirements: &str, settings: &str, page: &str) -> Project {
    let profile = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
    let base = "DEBUG = False\nSECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\nSTATIC_URL = 'static/'\n\
                INSTALLED_APPS = ['shop']\nMIDDLEWARE = []\n";
    Project::new(&[
        ("manage.py", profile),
        ("requirements.txt", requirements),
        ("shop/__init__.py", ""),
        ("shop/settings.py", &format!("{base}{settings}")),
        ("shop/wsgi.py", profile),
        (
            "shop/urls.py",
            "from django.urls import path\nfrom django.views.generic import TemplateView\n\
             urlpatterns = [path('', TemplateView.as_view(template_name='home.html'))]\n",
        ),
        ("shop/templates/home.html", page),
        ("shop/templates/mail/welcome.html", "<p style=\"color: red\">Welcome</p>\n"),
    ])
}

const PAGE: &str = "\
{% load static %}
<script src=\"{% static 'app.js' %}\"></script>
<script src=\"https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/dist/htmx.min.js?v=1\"></script>
<script src=\"https://js.payments.example.net/v3/\"></script>
<link rel=\"stylesheet\" href=\"https://fonts.googleapis.com/css2?family=Inter\">
<img src=\"data:image/gif;base64,R0lGOD\">
<img src=\"{{ product.image.url }}\">
<script>start()</script>
<script type=\"application/json\">{}</script>
<button onclick=\"start()\">Start</button>
<p style=\"color: red\">Now</p>
";

fn run(project: &Project, arguments: &[&str]) -> String {
    let ran = project.run(&[&["csp"], arguments].concat());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    ran.stdout
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    let text = run(project, &[&["--format", "json"], arguments].concat());
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let complaints: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    document["projects"][0].clone()
}

/// What the proposed policy has under a directive.
fn sources(project: &Value, name: &str) -> Option<Vec<String>> {
    let directives = project["directives"].as_array().expect("a list");
    let found = directives.iter().find(|directive| directive["name"] == name)?;
    let sources = found["sources"].as_array().expect("a list");
    Some(sources.iter().map(|source| source.as_str().expect("a text").to_owned()).collect())
}

fn ids(project: &Value, section: &str) -> Vec<String> {
    let notes = project[section].as_array().expect("a list");
    notes.iter().map(|note| note["id"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn the_policy_is_proposed_with_what_to_do_before_it_is_enforced() {
    let project = project("Django==6.1\n", "", PAGE);
    insta::assert_snapshot!(run(&project, &[]), @r#"
    shop.settings
    Django 6.1; 1 page

    This policy is as strict as the templates can get. It would block some of what they do now, so it is
    only reported until that is changed:

        # MIDDLEWARE: "django.middleware.csp.ContentSecurityPolicyMiddleware"
        # TEMPLATES, context_processors: "django.template.context_processors.csp"
        from django.utils.csp import CSP

        SECURE_CSP_REPORT_ONLY = {
            "default-src": [CSP.SELF],
            "script-src": [
                CSP.SELF,
                CSP.NONCE,
                "https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/dist/htmx.min.js",
                "https://js.payments.example.net",
            ],
            "style-src": [CSP.SELF, "https://fonts.googleapis.com"],
            "style-src-attr": [CSP.UNSAFE_INLINE],
            "img-src": [CSP.SELF, "data:"],
            "font-src": [CSP.SELF, "https://fonts.gstatic.com"],
            "object-src": [CSP.NONE],
            "base-uri": [CSP.NONE],
            "form-action": [CSP.SELF],
            "frame-ancestors": [CSP.NONE],
        }

    Before it is enforced, change
      - 1 inline script without a nonce
        add `{% csp_nonce_attr %}` to the tag
        shop/templates/home.html:8
      - 1 event handler in attributes, such as `onclick`
        listen in a script: `element.addEventListener(…)`
        shop/templates/home.html:10

    Looser than it could be, because of
      - 1 `style` attribute: `style-src-attr 'unsafe-inline'`
        use classes; a nonce does not help attributes
        shop/templates/home.html:11

    'strict-dynamic' is not in it, because of
      - 3 loaded scripts without a nonce
        add `{% csp_nonce_attr %}` to the tag
        shop/templates/home.html:2
        shop/templates/home.html:3
        shop/templates/home.html:4

    Not known
      - computed addresses of images (`img-src`)
        add their hosts if they are not the site's own
        shop/templates/home.html:7
      - 1 template left out, as its name says that it is a mail
      - what scripts and style sheets load themselves, HTML that code writes, and where requests are
        redirected to
    "#);
}

#[test]
fn each_sender_has_its_own_form() {
    let project = project("Django==6.1\n", "", PAGE);
    let first = |style: &str| {
        let text = run(&project, &["--style", style]);
        let (_, pasted) = text.split_once("\n\n    ").expect("a policy");
        let (pasted, _) = pasted.split_once("\n\nBefore").expect("something to do");
        pasted.replace("\n    ", "\n")
    };
    insta::assert_snapshot!(first("django-csp"), @r#"
    # MIDDLEWARE: "csp.middleware.CSPMiddleware"
    # Install django-csp 4.
    from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE

    CONTENT_SECURITY_POLICY_REPORT_ONLY = {
        "DIRECTIVES": {
            "default-src": [SELF],
            "script-src": [
                SELF,
                NONCE,
                "https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/dist/htmx.min.js",
                "https://js.payments.example.net",
            ],
            "style-src": [SELF, "https://fonts.googleapis.com"],
            "style-src-attr": [UNSAFE_INLINE],
            "img-src": [SELF, "data:"],
            "font-src": [SELF, "https://fonts.gstatic.com"],
            "object-src": [NONE],
            "base-uri": [NONE],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
        },
    }
    "#);
    insta::assert_snapshot!(first("nginx"), @r#"
    add_header Content-Security-Policy-Report-Only "default-src 'self'; script-src 'self' https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/dist/htmx.min.js https://js.payments.example.net; style-src 'self' https://fonts.googleapis.com; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self' https://fonts.gstatic.com; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" always;
    "#);
}

#[test]
fn the_sender_is_who_sends_policies_in_this_project() {
    let style = |requirements: &str, settings: &str| {
        json(&project(requirements, settings, PAGE), &[])["style"].as_str().map(str::to_owned)
    };
    assert_eq!(style("Django==6.0\n", "").as_deref(), Some("django"));
    // Django sends none before 6.0.
    assert_eq!(style("Django==5.2\n", "").as_deref(), Some("django-csp"));
    assert_eq!(style("Django==5.2\ndjango-csp==3.8\n", "").as_deref(), Some("django-csp-3"));
    let package = "MIDDLEWARE = ['csp.middleware.CSPMiddleware']\n\
                   CONTENT_SECURITY_POLICY = {'DIRECTIVES': {'default-src': [\"'self'\"]}}\n";
    assert_eq!(style("Django==6.0\ndjango-csp==4.0\n", package).as_deref(), Some("django-csp"));
}

#[test]
fn djangos_own_policy_needs_django_6() {
    let old = project("Django==5.2\n", "", PAGE);
    assert!(
        run(&old, &["--style", "django"]).contains("# SECURE_CSP needs Django 6.0 or newer.\n")
    );
    let new = project("Django==6.0\n", "", PAGE);
    let text = run(&new, &["--style", "django"]);
    assert!(!text.contains("needs Django"), "{text}");
    // The tag for nonces came with 6.1.
    assert!(text.contains("add `nonce=\"{{ csp_nonce }}\"` to the tag"), "{text}");
}

#[test]
fn a_page_with_nonces_alone_can_have_strict_dynamic_enforced() {
    let page = "<script src=\"/app.js\" {% csp_nonce_attr %}></script>\n\
                <script {% csp_nonce_attr %}>start()</script>\n";
    let wired = "MIDDLEWARE = ['django.middleware.csp.ContentSecurityPolicyMiddleware']\n\
                 TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'OPTIONS': \
                 {'context_processors': ['django.template.context_processors.csp']}}]\n";
    let known = json(&project("Django==6.1\n", wired, page), &[]);
    assert_eq!(known["can_be_enforced"], true);
    assert_eq!(known["header"], "Content-Security-Policy");
    let expected = ["'self'", "'nonce-…'", "'strict-dynamic'"].map(str::to_owned);
    assert_eq!(sources(&known, "script-src").as_deref(), Some(&expected[..]));
    assert!(!known["snippet"].as_str().expect("a text").contains('#'));
    // Of what a package's tag writes nothing is known.
    let page = format!("{page}{{% widget %}}\n");
    let unknown = json(&project("Django==6.1\n", wired, &page), &[]);
    let expected = ["'self'", "'nonce-…'"].map(str::to_owned);
    assert_eq!(sources(&unknown, "script-src").as_deref(), Some(&expected[..]));
}

#[test]
fn of_a_host_where_anybody_can_publish_the_one_file_is_allowed() {
    let found = json(&project("Django==6.1\n", "", PAGE), &[]);
    let scripts = sources(&found, "script-src").expect("there");
    let file = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.4/dist/htmx.min.js";
    assert!(scripts.contains(&file.to_owned()), "{scripts:?}");
    assert!(scripts.contains(&"https://js.payments.example.net".to_owned()), "{scripts:?}");
    // Where the nonce allows it, no host has to.
    let page = "<script src=\"https://cdn.example.net/a.js\" {% csp_nonce_attr %}></script>";
    let found = json(&project("Django==6.1\n", "", page), &[]);
    let scripts = sources(&found, "script-src").expect("there");
    assert!(!scripts.iter().any(|source| source.contains("example.net")), "{scripts:?}");
}

#[test]
fn what_static_leads_to_is_asked_of_the_settings() {
    let page = "{% load static %}<img src=\"{% static 'a.png' %}\">";
    let images = |settings: &str| {
        let found = json(&project("Django==6.1\n", settings, page), &[]);
        (sources(&found, "img-src"), ids(&found, "unknown"))
    };
    let remote = ["'self'", "https://static.example.net"].map(str::to_owned).to_vec();
    let (found, _) = images("STATIC_URL = 'https://static.example.net/a/'\n");
    assert_eq!(found, Some(remote));
    let (found, unknown) = images("");
    assert_eq!(found, None);
    assert!(!unknown.contains(&"setting".to_owned()));
    let (found, unknown) = images("import os\nSTATIC_URL = os.environ['STATIC_URL']\n");
    assert_eq!(found, None);
    assert!(unknown.contains(&"setting".to_owned()));
    let stored = "STORAGES = {'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}\n";
    let (_, unknown) = images(stored);
    assert!(unknown.contains(&"setting".to_owned()));
}

#[test]
fn mails_are_left_out_and_said_to_be() {
    let found = json(&project("Django==6.1\n", "", "<p>Nothing</p>"), &[]);
    assert_eq!(found["uses"], Value::Array(Vec::new()));
    assert!(ids(&found, "unknown").contains(&"mails".to_owned()));
}

#[test]
fn what_another_loader_finds_is_not_known() {
    let settings = "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'OPTIONS': \
                    {'loaders': [('shop.loaders.Mine', 'a'), \
                    'django.template.loaders.app_directories.Loader']}}]\n";
    let found = json(&project("Django==6.1\n", settings, PAGE), &[]);
    let notes = found["unknown"].as_array().expect("a list");
    let text = notes.iter().find(|note| note["id"] == "loaders").map(|note| note["text"].clone());
    assert_eq!(text, Some("templates that other loaders find: shop.loaders.Mine".into()));
}

#[test]
fn a_project_without_templates_gets_no_policy_to_enforce() {
    let files = [
        ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"),
        ("settings.py", "SECRET_KEY = 'x'\n"),
    ];
    let text = run(&Project::new(&files), &[]);
    assert!(text.contains("djsec found no templates"), "{text}");
    assert!(text.contains("SECURE_CSP_REPORT_ONLY"), "{text}");
}

#[test]
fn a_folder_without_a_project_is_said_to_be_none() {
    let ran = Project::new(&[("a.txt", "")]).run(&["csp"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("no Django project was found"), "{}", ran.stderr);
}

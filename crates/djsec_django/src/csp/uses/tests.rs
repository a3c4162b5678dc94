use std::sync::Arc;

use djsec_base::FileId;
use djsec_templates::page::{Page, Source, Sources};
use djsec_templates::parse::parse;

use super::*;

/// What a page does, a line each: what stands there, then what it is.
fn told(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let tree = parse(text, &());
    let name: Arc<str> = Arc::from("page.html");
    sources.add(Arc::clone(&name), Source { file: FileId(0), text: Arc::from(text), tree });
    let page = Page::new(&sources, &name, &()).unwrap();
    uses([&page], &Roots::own())
        .into_iter()
        .map(|one| match one.what {
            What::Load(fetch, origin) => format!("{fetch:?} from {}", from(&origin)),
            What::Handler(name) => format!("Handler {name}"),
            What::Script | What::Style => format!("{:?}, nonce {:?}", one.what, one.nonce),
            what => format!("{what:?}"),
        })
        .collect()
}

fn from(origin: &Origin) -> String {
    match origin {
        Origin::Remote(remote) => {
            format!("{} {}", remote.host, remote.path.as_deref().unwrap_or("…"))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn code_in_a_page_is_told_with_its_nonce() {
    let page = "\
<script>a()</script>
<script nonce=\"{{ request.csp_nonce }}\">a()</script>
<script {% csp_nonce_attr %}>a()</script>
{% script %}<script>a()</script>{% endscript %}
<script {{ attrs }}>a()</script>
<script nonce=\"fixed\">a()</script>
<style>p {}</style>
<p style=\"top: 0\" onclick=\"a()\"><a href=\" JavaScript:a()\">";
    assert_eq!(
        told(page),
        [
            "Script, nonce Absent",
            "Script, nonce Present",
            "Script, nonce Present",
            "Script, nonce Present",
            "Script, nonce Unknown",
            "Script, nonce Unknown",
            "Style, nonce Absent",
            "StyleAttribute",
            "Handler onclick",
            "Address",
        ]
    );
}

#[test]
fn what_a_value_writes_into_a_script_is_code_too() {
    assert_eq!(told("<script>{{ code }}</script>"), ["Script, nonce Absent"]);
}

#[test]
fn data_and_what_does_nothing_is_no_code() {
    let page = "\
<script type=\"application/json\">{}</script>
<script type=\"text/template\"><b onclick=\"a()\"></script>
<script> </script><style>
</style>
<p style=\"\" onclick=\"\" once=\"x\"><a href=\"javascript:void(0);\"><a href=\"mailto:a@example.com\">";
    assert_eq!(told(page), Vec::<String>::new());
}

#[test]
fn a_nonce_in_one_branch_counts() {
    let page = "<script {% if x %}nonce=\"{{ csp_nonce }}\"{% endif %}>a()</script>";
    assert_eq!(told(page), ["Script, nonce Present"]);
}

#[test]
fn an_import_map_counts_as_a_script() {
    assert_eq!(told("<script type=\"importmap\">{}</script>"), ["Script, nonce Absent"]);
}

#[test]
fn requests_are_told_by_where_they_lead() {
    let page = "\
<script src=\"https://CDN.example.com:8443/a/b.js?v=1\"></script>
<script src=\"//cdn.example.com\"></script>
<script src=\"https://cdn.example.com/{{ version }}/a.js\"></script>
<script src=\"https://cdn.example.com{{ path }}\"></script>
<script src=\"{% static 'a.js' %}\"></script>
<link rel=\"stylesheet\" href=\"/a.css\">
<link rel=\"preload\" as=\"font\" href=\"a.woff2\">
<link rel=\"preconnect\" href=\"https://cdn.example.com\">
<img src=\"data:image/png;base64,AA\">
<img srcset=\"a.png 1x, https://img.example.com/b.png 2x\">
<img src=\"{{ product.image.url }}\">
<iframe src=\"about:blank\"></iframe><iframe src=\"{% url 'inner' %}\"></iframe>
<object data=\"/a.pdf\"></object>
<base href=\"https://example.com/\">
<form></form><form action=\"https://pay.example.com/go\"></form>";
    assert_eq!(
        told(page),
        [
            "Script from cdn.example.com:8443 /a/b.js",
            "Script from cdn.example.com /",
            "Script from cdn.example.com …",
            "Script from Computed",
            "Script from Own",
            "Style from Own",
            "Font from Own",
            "Image from Data",
            "Image from Own",
            "Image from img.example.com /b.png",
            "Image from Computed",
            "Frame from Own",
            "Object from Own",
            "Base from example.com /",
            "Form from Own",
            "Form from pay.example.com /go",
        ]
    );
}

#[test]
fn frameworks_that_need_eval_are_told_by_their_builds() {
    let engines = |address: &str| {
        let told = told(&format!("<script src=\"{address}\"></script>"));
        told.into_iter().filter(|one| one.starts_with("Eval")).collect::<Vec<_>>()
    };
    for address in [
        "https://cdn.jsdelivr.net/npm/alpinejs@3.14.1/dist/cdn.min.js",
        "//unpkg.com/alpinejs",
        "{% static 'js/alpinejs/cdn.min.js' %}",
    ] {
        assert_eq!(engines(address), ["Eval(Alpine)"], "{address}");
    }
    for address in ["https://unpkg.com/vue@3", "/js/vue.global.prod.js", "/js/vue.min.js"] {
        assert_eq!(engines(address), ["Eval(Vue)"], "{address}");
    }
    for address in [
        "https://cdn.jsdelivr.net/npm/@alpinejs/csp@3.14.1/dist/cdn.min.js",
        "https://cdn.jsdelivr.net/npm/@alpinejs/focus@3.14.1/dist/cdn.min.js",
        "/js/vue.runtime.global.prod.js",
        "/js/angular.min.js",
        "/vue",
    ] {
        assert_eq!(engines(address), Vec::<String>::new(), "{address}");
    }
    assert_eq!(told("<b hx-on::load=\"a()\">"), ["Eval(HtmxOn)"]);
}

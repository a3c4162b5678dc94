//! Where only settings are asked for, little is read; what is found of them stays the same.

use std::collections::BTreeSet;

use djsec_engine::Config;
use djsec_testkit::MemorySystem;

const SETTINGS: &str = "\
SECRET_KEY = 'x'
DEBUG = True
ROOT_URLCONF = 'shop.urls'
INSTALLED_APPS = ['shop']
MIDDLEWARE = ['shop.middleware.Log', 'django.contrib.sessions.middleware.SessionMiddleware']
SESSION_COOKIE_HTTPONLY = False
";
const VIEWS: &str = "\
from django.utils.safestring import mark_safe
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

@xframe_options_exempt
def search(request):
    return render(request, 'search.html', {'q': mark_safe(request.GET['q'])})
";

fn found(config: &str) -> BTreeSet<(String, String)> {
    let manage = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
    let system = MemorySystem::new()
        .with("manage.py", manage)
        .with("shop/__init__.py", "")
        .with("shop/settings.py", SETTINGS)
        .with("shop/middleware.py", "class Log:\n    pass\n")
        .with("shop/urls.py", URLS)
        .with("shop/views.py", VIEWS)
        .with("shop/templates/search.html", "{{ q }}\n");
    let catalog = djsec_engine::catalog();
    let kind = djsec_engine::config::ConfigKind::Djsec;
    let config = Config::read(config, kind, "djsec.toml".into(), &catalog);
    let config = config.ok().flatten().unwrap_or_default();
    let run = djsec_engine::run(&system, &config, jiff::civil::date(2026, 11, 21));
    let findings = run.outcome.findings.iter();
    findings
        .map(|finding| (finding.rule.id.to_string(), format!("{:?}", finding.primary)))
        .collect()
}

const URLS: &str = "\
from django.urls import path
from shop import views
urlpatterns = [path('search/', views.search)]
";

#[test]
fn rules_on_settings_find_the_same_alone_as_among_all() {
    let all = found("confidence = 'low'\n");
    let alone: BTreeSet<_> = all.iter().filter(|(rule, _)| !reads_code(rule)).cloned().collect();
    assert!(alone.len() > 5 && alone.len() < all.len(), "{all:?}");
    let rules: BTreeSet<&str> = alone.iter().map(|(rule, _)| rule.as_str()).collect();
    let selected = format!("confidence = 'low'\nselect = {rules:?}\n").replace(['{', '}'], "");
    assert_eq!(found(&selected.replace("= \"", "= [\"").replace("\"\n", "\"]\n")), alone);
}

fn reads_code(rule: &str) -> bool {
    djsec_rules::all().any(|known| known.meta.id == rule && known.reads_code())
}

//! Untrusted data through a project: what is printed of its way, and the models that a user adds.

use super::Project;

const MANAGE: &str =
    "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
const SETTINGS: &str = "SECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\n";
const URLS: &str = "from django.urls import path\n\nfrom . import views\n\nurlpatterns = [path('', views.report)]\n";
const VIEWS: &str = "\
import legacy
from django.http import JsonResponse


def report(request):
    text = legacy.cleaned(request.GET['text'])
    return JsonResponse({'rows': legacy.run_query('SELECT ' + text)})
";

fn shop(config: &str) -> Project {
    Project::new(&[
        ("djsec.toml", config),
        ("manage.py", MANAGE),
        ("shop/__init__.py", ""),
        ("shop/settings.py", SETTINGS),
        ("shop/urls.py", URLS),
        ("shop/views.py", VIEWS),
    ])
}

fn flows(project: &Project) -> Vec<String> {
    let (_, report) = project.json(&["--select", "sql-injection", "--confidence", "low"]);
    let findings = report["findings"].as_array().expect("a list");
    findings
        .iter()
        .map(|finding| {
            let line = &finding["place"]["range"]["start"]["line"];
            let steps = finding["trace"].as_array().expect("a list").len();
            format!("{} {line} {steps}", finding["confidence"].as_str().expect("text"))
        })
        .collect()
}

const SINK: &str =
    "[[sink]]\ncall = 'legacy.run_query'\nargument = 0\nkind = 'sql'\nwords = 'a query'\n";

#[test]
fn a_model_of_the_user_makes_a_function_a_sink() {
    assert!(flows(&shop("")).is_empty());
    let project = shop("flow-models = 'security/models.toml'\n");
    project.write("security/models.toml", SINK.as_bytes());
    // What nobody knows lies on the way.
    assert_eq!(flows(&project), ["medium 7 4"]);
}

#[test]
fn a_model_of_the_user_makes_a_function_a_sanitizer() {
    let project = shop("flow-models = ['models.toml']\n");
    let sanitizer = "[[sanitizer]]\ncall = 'legacy.cleaned'\nsafe = ['sql']\n";
    project.write("models.toml", format!("{SINK}{sanitizer}").as_bytes());
    assert!(flows(&project).is_empty());
}

#[test]
fn what_is_wrong_with_a_model_is_said_with_its_place_and_nothing_runs() {
    let project = shop("flow-models = 'models.toml'\n");
    project.write(
        "models.toml",
        b"[[sink]]\ncall = 'legacy.run_query'\nargument = 0\nkind = 'sequel'\n",
    );
    let output = project.command(&["check"]).output().expect("run");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("models.toml:1:1: unknown kind `sequel`; there are sql,"), "{stderr}");
    assert!(stderr.contains("docs/flow-models.md"), "{stderr}");
}

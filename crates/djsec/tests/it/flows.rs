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

fn traced(project: &Project, question: &str) -> String {
    let ran = project.run(&["check", "--trace", question]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn a_trace_says_why_a_line_is_reported() {
    let project = shop("flow-models = 'models.toml'\n");
    project.write("models.toml", SINK.as_bytes());
    let shown = traced(&project, "sql-injection:shop/views.py:7");
    assert!(shown.contains("Reported with medium confidence"), "{shown}");
    assert!(shown.contains("a sink of kind sql: a query"), "{shown}");
    assert!(shown.contains("through something that djsec does not know"), "{shown}");
}

#[test]
fn a_trace_says_why_a_line_is_not_reported() {
    let project = shop("");
    let shown = traced(&project, "sql-injection:shop/views.py:7");
    assert!(
        shown.contains("Not reported.\nNo call there is known as a sink of kind sql"),
        "{shown}"
    );
    let shown = traced(&project, "sql-injection:shop/urls.py:1");
    assert!(shown.contains("No function of the project's own code stands there"), "{shown}");
    let shown = traced(&project, "debug-enabled:shop/views.py:7");
    assert!(shown.contains("This rule does not follow data"), "{shown}");
}

#[test]
fn a_question_that_cannot_be_answered_gets_one_line_and_a_hint() {
    let project = shop("");
    for (question, error) in [
        ("sql-injection", "error: 'sql-injection' is not RULE:FILE:LINE"),
        ("sql-injection:nowhere.py:1", "error: 'nowhere.py' is not among the audited files"),
        ("sql-injection:shop/urls.py:99", "error: 'shop/urls.py' has only 5 lines"),
        ("sequel:shop/urls.py:1", "error: unknown rule 'sequel'"),
    ] {
        let ran = project.run(&["check", "--trace", question]);
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.starts_with(error), "{}", ran.stderr);
        assert!(ran.stderr.contains("\n hint: "), "{}", ran.stderr);
    }
}

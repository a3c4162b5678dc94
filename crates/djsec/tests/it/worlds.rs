//! What the user says of production decides what is found.

use super::{Project, notices};

const SETTINGS: &str = r#"
import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["shop.example.com"]
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
ROOT_URLCONF = "shop.urls"
SESSION_COOKIE_SECURE = os.environ.get("COOKIES", "insecure") == "secure"
"#;

const MANAGE: &str =
    "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";

fn shop(settings: &str) -> Project {
    Project::new(&[
        ("manage.py", MANAGE),
        ("requirements.txt", "Django==5.2.3\n"),
        ("shop/__init__.py", ""),
        ("shop/settings.py", settings),
    ])
}

fn found(project: &Project, arguments: &[&str]) -> Option<String> {
    let only = ["--select", "session-cookie-not-secure", "--confidence", "low"];
    let (_, report) = project.json(&[&only, arguments].concat());
    let findings = report["findings"].as_array().expect("a list");
    assert!(findings.len() < 2, "{findings:?}");
    let finding = findings.first()?;
    Some(format!(
        "{} {} {}",
        finding["severity"].as_str().expect("text"),
        finding["confidence"].as_str().expect("text"),
        finding["message"].as_str().expect("text")
    ))
}

#[test]
fn an_unset_variable_fails_open_and_the_finding_names_it() {
    let finding = found(&shop(SETTINGS), &[]).expect("a finding");
    assert!(finding.starts_with("medium high "), "{finding}");
    assert!(finding.contains("COOKIES"), "{finding}");
}

#[test]
fn a_given_variable_decides() {
    let project = shop(SETTINGS);
    assert_eq!(found(&project, &["--env", "COOKIES=secure"]), None);
    let finding = found(&project, &["--env", "COOKIES=nonsense"]).expect("a finding");
    assert!(finding.starts_with("high high "), "{finding}");
}

#[test]
fn a_file_of_variables_decides_and_the_command_line_wins_over_it() {
    let project = shop(SETTINGS);
    project.write("prod.env", b"COOKIES=secure\n");
    assert_eq!(found(&project, &["--env-file", "prod.env"]), None);
    assert!(found(&project, &["--env-file", "prod.env", "--env", "COOKIES=no"]).is_some());
}

#[test]
fn a_closed_environment_makes_a_missing_variable_a_failure() {
    let project = shop(SETTINGS);
    let ran = project.run(&["settings", "--env-closed", "--format", "json"]);
    let view: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let fails = view["projects"][0]["fails_when"].to_string();
    assert!(fails.contains("KeyError"), "{fails}");
}

#[test]
fn settings_that_never_end_are_reported_and_end() {
    for settings in [
        "X = 0\nwhile True:\n    X += 1\nDEBUG = True\n",
        "from shop.settings import *\nDEBUG = True\n",
        "def f(n):\n    return f(n + 1)\nDEBUG = f(0)\nSECRET_KEY = 'x'\n",
        "A = 'a' * 10**12\nL = [0] * 10**9\nDEBUG = True\n",
        "class A(B): pass\nclass B(A): pass\nDEBUG = B.x\nSECRET_KEY = 'x'\n",
    ] {
        let project = shop(settings);
        let (status, report) = project.json(&[]);
        assert!(matches!(status, 0 | 1 | 3), "{settings}");
        let ids = notices(&report);
        assert!(!ids.contains(&"settings-crash"), "{settings}: {ids:?}");
    }
}

#[test]
fn an_endless_loop_makes_the_run_incomplete() {
    let (status, report) = shop("while True:\n    pass\nDEBUG = False\n").json(&[]);
    assert_eq!(status, 3);
    let ids = notices(&report);
    assert!(ids.iter().any(|id| id.starts_with("settings-")), "{ids:?}");
}

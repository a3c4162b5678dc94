//! A run in which data was not followed everywhere must not pass as complete.

use djsec_base::NoticeKind;
use djsec_engine::Config;
use djsec_testkit::MemorySystem;

const SETTINGS: &str = "SECRET_KEY = 'x'\nROOT_URLCONF = 'urls'\nINSTALLED_APPS = []\n";

/// The notices of a run over a view with this many lines.
fn notices(lines: usize) -> Vec<(&'static str, NoticeKind, bool)> {
    let line = |at: usize| format!("    x{} = x{} + 'a'\n", at % 50, (at * 3 + 1) % 50);
    let body: String = (0..lines).map(line).collect();
    let view = format!("def view(request):\n    x0 = x1 = request.GET['q']\n{body}");
    let manage = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config')\n";
    let system = MemorySystem::new()
        .with("manage.py", manage)
        .with("config.py", SETTINGS)
        .with("urls.py", "urlpatterns = []\n")
        .with("views.py", view);
    let run = djsec_engine::run(&system, &Config::default(), jiff::civil::date(2026, 11, 21));
    let notices = run.outcome.notices.into_iter();
    notices.map(|notice| (notice.id, notice.kind, notice.location.is_some())).collect()
}

#[test]
fn a_function_too_long_to_be_followed_makes_the_run_incomplete() {
    let cut = ("flow-cut", NoticeKind::Incomplete, true);
    assert!(notices(20_000).contains(&cut));
    assert!(!notices(2_000).contains(&cut));
}

//! A tree with more Django projects than one run judges must not pass as complete.

use djsec_base::NoticeKind;
use djsec_engine::Config;
use djsec_testkit::MemorySystem;

/// The projects that a run over so many judges, and what it says of the others.
fn run(projects: usize) -> (usize, Option<String>) {
    let manage = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config')\n";
    let mut system = MemorySystem::new();
    for at in 0..projects {
        // The last one is nearest to the root of the tree.
        let folder = if at + 1 < projects { format!("course/p{at:03}") } else { "shop".to_owned() };
        system = system
            .with(format!("{folder}/manage.py"), manage)
            .with(format!("{folder}/config.py"), "SECRET_KEY = 'x'\n");
    }
    let run = djsec_engine::run(&system, &Config::default(), jiff::civil::date(2026, 11, 30));
    assert!(run.outcome.projects.iter().any(|project| project.root == "shop"));
    let mut notices = run.outcome.notices.into_iter();
    let cut =
        notices.find(|notice| notice.id == "projects-cut" && notice.kind == NoticeKind::Incomplete);
    (run.outcome.projects.len(), cut.map(|notice| notice.message))
}

#[test]
fn more_projects_than_one_run_judges_make_it_incomplete() {
    let (judged, said) = run(103);
    assert_eq!(judged, 100);
    let said = said.unwrap();
    assert!(said.contains("3 Django projects more"), "{said}");
    assert!(said.contains("course/p099"), "{said}");
    assert_eq!(run(3), (3, None));
}

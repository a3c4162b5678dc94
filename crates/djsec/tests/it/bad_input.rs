//! Bad input ends quickly, with a clear message or a notice, and never with a silent "clean".

use std::{io::Read, process::Stdio};

use insta::assert_snapshot;

use crate::{Project, notices};

/// The one error of a run that could not do its job.
#[track_caller]
fn error(project: &Project, arguments: &[&str]) -> String {
    let ran = project.run(arguments);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert_eq!(ran.stdout, "");
    ran.stderr
}

#[test]
fn a_missing_path_is_an_error() {
    assert_snapshot!(error(&Project::new(&[]), &["check", "shop"]), @r"
    error: there is no 'shop'
     hint: give the folder of a Django project, or nothing for the current one
    ");
}

#[test]
fn a_path_that_is_a_file_is_an_error() {
    let project = Project::new(&[("shop/manage.py", "")]);
    assert_snapshot!(error(&project, &["check", "shop/manage.py"]), @r"
    error: 'shop/manage.py' is not a folder
     hint: djsec audits whole projects: djsec check shop
    ");
}

#[test]
fn an_unknown_rule_is_an_error_wherever_it_is_named() {
    let project = Project::new(&[]);
    for arguments in [
        &["explain", "no-such-rule-at-all"][..],
        &["rules", "no-such-rule-at-all"],
        &["check", "--select", "no-such-rule-at-all"],
        &["check", "--ignore", "no-such-rule-at-all"],
    ] {
        let text = error(&project, arguments);
        assert!(text.starts_with("error: unknown rule 'no-such-rule-at-all'"), "{text}");
        assert!(text.contains("hint: `djsec rules`"), "{text}");
    }
}

#[test]
fn wrong_arguments_are_an_error() {
    let project = Project::new(&[]);
    assert_snapshot!(error(&project, &["check", "--fail-on", "hihg"]), @r"
    error: 'hihg' is no value for --fail-on (did you mean 'high'?)
     hint: choose info, low, medium, high or critical
    ");
    assert_snapshot!(error(&project, &["check", "--fail-on"]), @r"
    error: --fail-on wants a value
     hint: choose info, low, medium, high or critical
    ");
    assert_snapshot!(error(&project, &["check", "--env", "DEBUG"]), @r"
    error: 'DEBUG' is no value for --env: write it as KEY=VALUE
     hint: `djsec check --help` lists arguments and options
    ");
    assert_snapshot!(error(&project, &["check", "--verbos"]), @r"
    error: unknown option '--verbos' (did you mean '--verbose'?)
     hint: `djsec check --help` lists arguments and options
    ");
    assert_snapshot!(error(&project, &["check", ".", "blog"]), @r"
    error: one argument too many: 'blog'
     hint: `djsec check --help` lists arguments and options
    ");
    assert_snapshot!(error(&project, &["check", "-q", "-v"]), @r"
    error: --quiet and --verbose exclude each other
     hint: `djsec check --help` lists arguments and options
    ");
    assert_snapshot!(error(&project, &["check", "--config", "a", "--config", "b"]), @r"
    error: --config is given twice
     hint: `djsec check --help` lists arguments and options
    ");
    assert_snapshot!(error(&project, &["explain"]), @r"
    error: RULE is missing
     hint: `djsec explain --help` lists arguments and options
    ");
    assert_snapshot!(error(&project, &["check", "--settings", "config/settings.py"]), @"error: 'config/settings.py' is not a dotted module name such as 'config.settings.production'");
}

#[test]
fn an_unknown_command_names_the_nearest_or_takes_a_folder_for_what_it_is() {
    let project = Project::new(&[("shop/manage.py", "")]);
    assert_snapshot!(error(&project, &["chek"]), @r"
    error: unknown command 'chek' (did you mean 'check'?)
     hint: the commands are check, settings, routes, csp, explain, rules and completions
    ");
    assert_snapshot!(error(&project, &["shop"]), @r"
    error: unknown command 'shop'
     hint: `djsec check shop` audits that folder
    ");
}

#[test]
fn explain_knows_groups_and_checks_of_django() {
    let project = Project::new(&[]);
    assert_snapshot!(error(&project, &["explain", "sessions"]), @r"
    error: unknown rule 'sessions'
     hint: 'sessions' is a group: `djsec rules sessions` lists its rules
    ");
    assert_snapshot!(error(&project, &["explain", "security.w018"]), @r"
    error: unknown rule 'security.w018'
     hint: security.w018 is a check of Django: `djsec explain debug-enabled` explains it
    ");
}

#[test]
fn a_misspelt_file_names_the_nearest_one_beside_it() {
    let project = Project::new(&[("shop/.env.production", ""), ("baseline.json", "")]);
    assert_snapshot!(error(&project, &["check", "--env-file", "shop/.env.productoin"]), @"error: there is no 'shop/.env.productoin' (did you mean 'shop/.env.production'?)");
    assert_snapshot!(error(&project, &["check", "--baseline", "baselin.json"]), @r"
    error: there is no 'baselin.json' (did you mean 'baseline.json'?)
     hint: `djsec check --write-baseline baselin.json` writes one
    ");
    assert_snapshot!(error(&project, &["check", "shp"]), @r"
    error: there is no 'shp' (did you mean 'shop'?)
     hint: give the folder of a Django project, or nothing for the current one
    ");
}

#[test]
fn a_folder_where_a_file_is_wanted_is_said_so() {
    let project = Project::new(&[("shop/manage.py", "")]);
    for option in ["--env-file", "--baseline", "--config", "--output", "--write-baseline"] {
        let text = error(&project, &["check", option, "shop"]);
        assert_eq!(text, "error: 'shop' is a folder, not a file\n", "{option}");
    }
    assert_snapshot!(error(&project, &["check", "--output", "reports/djsec.json"]), @"error: 'reports/djsec.json' could not be written: there is no folder 'reports'");
}

/// A project with one split settings package.
fn split() -> Project {
    Project::new(&[
        (
            "manage.py",
            "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.production')\n",
        ),
        ("shop/__init__.py", ""),
        ("shop/settings/__init__.py", ""),
        (
            "shop/settings/production.py",
            "DEBUG = False\nSESSION_COOKIE_AGE = 5\nSESSION_ENGINE = 'x'\n",
        ),
    ])
}

#[test]
fn a_misspelt_settings_module_names_the_nearest_one() {
    let project = split();
    assert_snapshot!(error(&project, &["settings", "--settings", "shop.settings.prodution"]), @"error: the settings module shop.settings.prodution of the project in . is not in this tree (did you mean 'shop.settings.production'?); pass the one that production loads with --settings");
    let (status, report) = project.json(&["--settings", "settings.production"]);
    assert_eq!(status, 3);
    let message = report["notices"][0]["message"].as_str().unwrap();
    assert!(message.contains("did you mean 'shop.settings.production'?"), "{message}");
}

#[test]
fn a_pattern_that_matches_no_setting_is_an_error() {
    let project = split();
    assert_snapshot!(error(&project, &["settings", "--only", "SESSION"]), @r"
    error: the project sets nothing that matches 'SESSION' (did you mean 'SESSION_*'?)
     hint: settings that the project leaves out have Django's defaults
    ");
    let names = |arguments: &[&str]| {
        let ran = project.run(&[&["settings", "--format", "json", "--only"], arguments].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let settings = report["projects"][0]["settings"].as_array().unwrap();
        let names: Vec<_> =
            settings.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
        (ran.stderr, names.join(" "))
    };
    assert_eq!(names(&["session_"]), (String::new(), "SESSION_COOKIE_AGE SESSION_ENGINE".into()));
    let (note, found) = names(&["DEBUG,SESION_ENGINE"]);
    assert_eq!(found, "DEBUG");
    assert_eq!(
        note,
        "note: the project sets nothing that matches 'SESION_ENGINE' (did you mean \
         'SESSION_ENGINE'?)\n"
    );
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new(&[]);
    let mut command = project.command(&["check"]);
    let output = command.arg(std::ffi::OsStr::from_bytes(b"sh\xffop")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("error: the argument 'sh\u{fffd}op' is not valid UTF-8\n"), "{text}");
}

#[test]
fn a_folder_without_python_is_not_called_clean() {
    for files in [&[][..], &[("README.md", "# Hello\n")]] {
        let project = Project::new(files);
        let ran = project.run(&["check"]);
        assert!(ran.stdout.contains("No Django project was found"), "{}", ran.stdout);
        let (_, report) = project.json(&[]);
        assert_eq!(notices(&report), ["no-python"]);
        let text = error(&project, &["settings"]);
        assert!(text.starts_with("error: no Django project was found in '.'"), "{text}");
    }
}

#[test]
fn a_huge_python_file_is_skipped_and_makes_the_run_incomplete() {
    let project = Project::new(&[("shop.py", "")]);
    project.write("data.py", format!("DATA = '{}'", "x".repeat(50 << 20)).as_bytes());
    let ran = project.run(&["check"]);
    assert_eq!(ran.status, 3);
    assert!(
        ran.stdout.contains("data.py was not read: it has 50 MB, more than 5 MB"),
        "{}",
        ran.stdout
    );
}

#[test]
fn badly_encoded_and_binary_files_are_survived() {
    let project = Project::new(&[]);
    project.write("latin.py", b"NAME = '\xe9'\n");
    project.write("declared.py", b"# -*- coding: latin-1 -*-\nNAME = '\xe9'\n");
    project.write("zero.py", b"NAME = '\0'\n");
    let (status, report) = project.json(&[]);
    assert_eq!(status, 3);
    assert_eq!(notices(&report), ["invalid-encoding", "not-text"]);
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{self, Permissions},
        os::unix::{
            ffi::OsStrExt,
            fs::{MetadataExt, PermissionsExt, symlink},
            process::CommandExt,
        },
    };

    use crate::{Project, Ran, notices};

    #[test]
    fn symlink_loops_are_not_followed() {
        let project = Project::new(&[("app/views.py", "x = 1\n")]);
        symlink("..", project.path().join("app/loop")).unwrap();
        symlink("self.py", project.path().join("self.py")).unwrap();
        symlink("/dev/zero", project.path().join("zero.py")).unwrap();
        let (status, report) = project.json(&[]);
        assert_eq!(status, 0);
        assert_eq!(report["coverage"]["files"], 1, "{report}");
    }

    /// The user `nobody`: root may read everything.
    const NOBODY: u32 = 65534;

    /// Runs djsec as a user who may not read some of the files; `None` where that cannot be set up
    /// (the program lies where `nobody` cannot start it).
    fn run_without_rights(project: &Project, arguments: &[&str]) -> Option<Ran> {
        let mut command = project.command(arguments);
        if fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
            fs::set_permissions(project.path(), Permissions::from_mode(0o755)).unwrap();
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output().ok().map(|output| Ran::of(output, project))
    }

    fn forbid(project: &Project, path: &str) {
        fs::set_permissions(project.path().join(path), Permissions::from_mode(0o000)).unwrap();
    }

    #[test]
    fn what_may_not_be_read_makes_the_run_incomplete() {
        let project = Project::new(&[("settings.py", ""), ("secret/a.py", "")]);
        forbid(&project, "settings.py");
        forbid(&project, "secret");
        if let Some(ran) = run_without_rights(&project, &["check"]) {
            assert_eq!(ran.status, 3, "{ran:?}");
            for path in ["settings.py", "secret"] {
                let said = format!("{path} could not be read: permission denied");
                assert!(ran.stdout.contains(&said), "{}", ran.stdout);
            }
            assert!(!ran.stdout.contains("No findings"), "{}", ran.stdout);
        }
        fs::set_permissions(project.path().join("secret"), Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn a_folder_that_may_not_be_read_is_an_error() {
        let project = Project::new(&[("shop/a.py", "")]);
        forbid(&project, "shop");
        if let Some(ran) = run_without_rights(&project, &["check", "shop"]) {
            assert_eq!(ran.status, 2);
            assert_eq!(ran.stderr, "error: 'shop' could not be read: permission denied\n");
        }
        fs::set_permissions(project.path().join("shop"), Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_named() {
        let project = Project::new(&[]);
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.py");
        if fs::write(project.path().join(name), "x = 1\n").is_ok() {
            let (status, report) = project.json(&[]);
            assert_eq!(status, 3);
            assert!(notices(&report).contains(&"unreadable"), "{report}");
        }
    }
}

#[test]
fn hostile_templates_end_and_say_what_was_left_out() {
    let deep = "{% if a %}".repeat(100_000);
    let project = Project::new(&[
        ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"),
        ("settings.py", "ROOT_URLCONF = 'urls'\n"),
        ("urls.py", "urlpatterns = []\n"),
        ("templates/one.html", "<p {% include 'two.html' %}>{% include 'two.html' %}"),
        ("templates/two.html", "<a {% include 'one.html' %}>{% include 'one.html' %}"),
        (
            "templates/self.html",
            "{% extends 'self.html' %}{% block a %}{{ block.super }}{% endblock %}",
        ),
        (
            "templates/open.html",
            "{% if %}{% for %}{% block %}{{ a|b: }}{% include %}<form method=post",
        ),
        ("templates/deep.html", &deep),
    ]);
    let (status, report) = project.json(&["--select", "templates"]);
    assert_eq!((status, notices(&report)), (3, vec!["templates-cut"]), "{report}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = Project::new(&[("shop.py", "")]);
    for arguments in [&["check"][..], &["completions", "bash"], &["rules"]] {
        let mut child = project
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
        assert_eq!(stderr, "");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let project = Project::new(&[("shop.py", "")]);
    assert_snapshot!(error(&project, &["check", "--output", "no/such/folder.json"]), @"error: 'no/such/folder.json' could not be written: there is no folder 'no/such'");
}

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
    assert!(
        error(&project, &["check", "--fail-on", "hihg"])
            .contains("tip: a similar value exists: 'high'")
    );
    assert!(error(&project, &["check", "--env", "DEBUG"]).contains("write it as KEY=VALUE"));
    assert!(error(&project, &["chek"]).contains("tip: a similar subcommand exists: 'check'"));
    assert_snapshot!(error(&project, &["check", "--settings", "config/settings.py"]), @"error: 'config/settings.py' is not a dotted module name such as 'config.settings.production'");
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
    assert_snapshot!(error(&project, &["check", "--output", "no/such/folder.json"]), @"error: 'no/such/folder.json' could not be written: no such file or directory");
}

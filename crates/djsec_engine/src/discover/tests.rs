use djsec_base::{FileKind, NoticeKind, Role, SystemError};

use super::{Bounds, discover, discover_with, discover_within};
use crate::{Config, Depth, testing::Tree};

/// The kind and role of a file whose text is `text`.
fn classified(path: &str, text: &str) -> (FileKind, Role) {
    let (files, _) = discover(&Tree::of(&[(path, text)]), &Config::default(), Depth::Structure);
    let file = files.file(files.find(path.into()).unwrap()).unwrap();
    (file.kind, file.role)
}

#[track_caller]
fn kinds(expected: &[(&str, FileKind)]) {
    for (path, kind) in expected {
        assert_eq!(classified(path, "").0, *kind, "{path}");
    }
}

#[track_caller]
fn roles(expected: &[(&str, Role)]) {
    for (path, role) in expected {
        assert_eq!(classified(path, "").1, *role, "{path}");
    }
}

#[test]
fn copies_of_libraries_are_told_from_files_that_are_called_alike() {
    let copy = "/*!\n * Bootstrap v3.2.0 (http://getbootstrap.com)\n */";
    assert_eq!(classified("static/js/bootstrap.js", copy).0, FileKind::Library);
    assert_eq!(classified("static/js/bootstrap.js", "start();").0, FileKind::Script);
    assert_eq!(classified("static/js/app.js", copy).0, FileKind::Script);
    let (files, _) = discover(
        &Tree::of(&[("static/vendor/jquery-1.8.3.min.js", &"é".repeat(4000))]),
        &Config::default(),
        Depth::Structure,
    );
    assert!(files.iter().all(|(_, file)| file.text().len() <= 4096));
}

#[test]
fn names_and_places_give_kinds() {
    kinds(&[
        ("shop/views.py", FileKind::Python),
        ("shop/templates/shop/a.html", FileKind::Template),
        ("shop/templates/mail.txt", FileKind::Template),
        ("jinja2/base.jinja", FileKind::Template),
        ("static/app/index.html", FileKind::Other),
        ("shop/static/shop/cart.js", FileKind::Script),
        ("static/js/app.mjs", FileKind::Script),
        ("static/js/app.min.js", FileKind::Other),
        ("static/vendor/app.js", FileKind::Other),
        ("static/js/jquery-3.7.js", FileKind::Library),
        ("static/js/jquery.js", FileKind::Other),
        ("static/js/bootstrap.js", FileKind::Script),
        ("frontend/app.js", FileKind::Other),
        ("shop/templates/shop/static/app.js", FileKind::Template),
        ("requirements.txt", FileKind::Requirements),
        ("requirements/prod.txt", FileKind::Requirements),
        ("dev-requirements.in", FileKind::Requirements),
        ("constraints.txt", FileKind::Requirements),
        ("notes.txt", FileKind::Other),
        ("poetry.lock", FileKind::Lock),
        ("pylock.prod.toml", FileKind::Lock),
        ("Pipfile", FileKind::Pipfile),
        ("Pipfile.lock", FileKind::Lock),
        ("Dockerfile.django-debian", FileKind::Dockerfile),
        ("compose/production/django/Dockerfile", FileKind::Dockerfile),
        ("docker-compose.override.yml", FileKind::Compose),
        ("compose.yaml", FileKind::Compose),
        ("k8s/web.yaml", FileKind::Yaml),
        (".github/workflows/ci.yml", FileKind::Pipeline),
        (".gitlab-ci.yml", FileKind::Pipeline),
        (".env", FileKind::DotEnv),
        (".env.production", FileKind::DotEnv),
        (".envs/.production/.django", FileKind::DotEnv),
        ("Procfile", FileKind::Procfile),
        ("etc/web.service", FileKind::Systemd),
        ("deploy/nginx/site.conf", FileKind::Nginx),
        ("contrib/nginx.conf", FileKind::Nginx),
        ("nginx/web.conf.template", FileKind::Nginx),
        (".htaccess", FileKind::Apache),
        ("Caddyfile", FileKind::Caddy),
        ("entrypoint.sh", FileKind::Shell),
        ("uwsgi.ini", FileKind::Ini),
        ("tox.ini", FileKind::Ini),
        ("fly.toml", FileKind::Toml),
        ("app.json", FileKind::Json),
        ("shop/fixtures/data.json", FileKind::Other),
        ("logo.png", FileKind::Other),
    ]);
}

#[test]
fn the_text_decides_where_the_name_does_not() {
    let kind = |path, text| classified(path, text).0;
    assert_eq!(kind("manage", "#!/usr/bin/env python3\n"), FileKind::Python);
    assert_eq!(kind("start", "#!/bin/bash\n"), FileKind::Shell);
    assert_eq!(kind("LICENSE", "MIT\n"), FileKind::Other);
    assert_eq!(kind("site.conf", "# x\nserver {\n"), FileKind::Nginx);
    assert_eq!(kind("site.conf", "<VirtualHost *:80>\n"), FileKind::Apache);
    assert_eq!(kind("web.conf", "[program:web]\n"), FileKind::Ini);
    assert_eq!(kind("production.yml", "services:\n  web:\n    build: .\n"), FileKind::Compose);
    assert_eq!(kind("values.yml", "services:\n  - a\n"), FileKind::Yaml);
}

#[test]
fn files_that_others_are_made_from_keep_their_kind_and_are_examples() {
    for (path, kind) in [
        (".env.example", FileKind::DotEnv),
        ("example.env", FileKind::DotEnv),
        ("local_settings.py.example", FileKind::Python),
        ("conf/settings.dist.py", FileKind::Python),
        ("netbox/configuration_example.py", FileKind::Python),
        ("project_template/manage.py-tpl", FileKind::Python),
        ("roles/web/nginx.conf.j2", FileKind::Nginx),
        ("{{cookiecutter.project_slug}}/config/settings/base.py", FileKind::Python),
        ("docs/conf.py", FileKind::Python),
    ] {
        assert_eq!(classified(path, ""), (kind, Role::Example), "{path}");
    }
}

#[test]
fn places_give_roles() {
    roles(&[
        ("shop/views.py", Role::Application),
        ("shop/tests/test_views.py", Role::Test),
        ("shop/tests.py", Role::Test),
        ("conftest.py", Role::Test),
        ("config/settings/test.py", Role::Test),
        ("netbox/configuration_testing.py", Role::Test),
        ("shop/ab_testing.py", Role::Application),
        (".env.test", Role::Test),
        ("shop/migrations/0001_initial.py", Role::Migration),
        ("dojo/db_migrations/0001_initial.py", Role::Migration),
        ("vendor/lib/a.py", Role::Vendored),
        ("utilities/testing/views.py", Role::Test),
        ("shop/rtd_tests/models.py", Role::Test),
        ("nginx/web.conf.template", Role::Application),
        ("config/settings/production.py", Role::Application),
        ("templates/base.html.j2", Role::Application),
        ("shop/distribution.py", Role::Application),
        ("shop/samples.py", Role::Application),
    ]);
}

#[test]
fn a_django_app_keeps_its_role_whatever_its_name() {
    let tree = Tree::of(&[
        ("shop/vendors/models.py", ""),
        ("shop/vendors/api/views.py", ""),
        ("dojo/test/views.py", ""),
        ("dojo/test/urls.py", ""),
        ("exams/testing/models.py", ""),
        ("exams/testing/admin.py", ""),
        ("core/testing/models.py", ""),
        ("core/testing/views.py", ""),
        ("lib/test/helper.py", ""),
        ("wag/test/apps.py", ""),
        ("wag/test/settings.py", ""),
    ]);
    let (files, _) = discover(&tree, &Config::default(), Depth::Structure);
    let roles: Vec<_> = files.iter().map(|(_, file)| (file.path.as_str(), file.role)).collect();
    assert_eq!(
        roles,
        [
            ("core/testing/models.py", Role::Test),
            ("core/testing/views.py", Role::Test),
            ("dojo/test/urls.py", Role::Application),
            ("dojo/test/views.py", Role::Application),
            ("exams/testing/admin.py", Role::Application),
            ("exams/testing/models.py", Role::Application),
            ("lib/test/helper.py", Role::Test),
            ("shop/vendors/api/views.py", Role::Application),
            ("shop/vendors/models.py", Role::Application),
            ("wag/test/apps.py", Role::Test),
            ("wag/test/settings.py", Role::Test),
        ]
    );
}

/// The ids and kinds of the notices, and whether the file has a text.
fn noticed(tree: &Tree, path: &str) -> (Vec<(&'static str, NoticeKind)>, bool) {
    let (files, notices) = discover(tree, &Config::default(), Depth::Structure);
    let read = files.find(path.into()).and_then(|id| files.file(id)).unwrap().text.is_some();
    (notices.iter().map(|notice| (notice.id, notice.kind)).collect(), read)
}

#[test]
fn a_huge_file_is_not_read_and_application_code_makes_the_run_incomplete() {
    let code = Tree::default().huge("data.py", 50 * 1024 * 1024);
    let incomplete = vec![("file-too-large", NoticeKind::Incomplete)];
    assert_eq!(noticed(&code, "data.py"), (incomplete, false));

    let info = vec![("file-too-large", NoticeKind::Info)];
    let test = Tree::default().huge("tests/data.py", 50 * 1024 * 1024);
    assert_eq!(noticed(&test, "tests/data.py"), (info.clone(), false));
    let script = Tree::default().huge("a.sh", 3 * 1024 * 1024);
    assert_eq!(noticed(&script, "a.sh"), (info.clone(), false));
    let page = Tree::default().huge("a.html", 3 * 1024 * 1024);
    assert_eq!(noticed(&page, "a.html"), (info, false));
    let bundle = Tree::default().huge("static/a.js", 3 * 1024 * 1024);
    assert_eq!(noticed(&bundle, "static/a.js"), (vec![], false));
    let image = Tree::default().huge("a.png", 3 * 1024 * 1024);
    assert_eq!(noticed(&image, "a.png"), (vec![], false));
}

#[test]
fn what_cannot_be_read_is_said() {
    let tree = Tree::default().unreadable("settings.py");
    let incomplete = vec![("unreadable", NoticeKind::Incomplete)];
    assert_eq!(noticed(&tree, "settings.py"), (incomplete, false));

    let mut folder = Tree::of(&[("a.py", "")]);
    let reason = "permission denied".to_owned();
    folder.errors.push(SystemError { path: "secret".into(), reason: reason.clone() });
    folder.errors.push(SystemError { path: "caf\u{fffd}.png".into(), reason });
    let (notices, _) = noticed(&folder, "a.py");
    let expected = [NoticeKind::Incomplete, NoticeKind::Info].map(|kind| ("unreadable", kind));
    assert_eq!(notices, expected);
}

#[test]
fn binary_and_badly_encoded_files_are_survived() {
    let zero = Tree::default().bytes("a.py", b"x = 1\0");
    assert_eq!(noticed(&zero, "a.py"), (vec![("not-text", NoticeKind::Incomplete)], false));
    let latin = Tree::default().bytes("a.py", b"x = '\xe9'\n");
    assert_eq!(noticed(&latin, "a.py"), (vec![("invalid-encoding", NoticeKind::Info)], true));
    let script = Tree::default().bytes("a.sh", b"\xef\xbb\xbf\xe9");
    assert_eq!(noticed(&script, "a.sh"), (vec![], true));
}

#[test]
fn the_number_and_the_size_of_files_are_bounded() {
    let tree = Tree::of(&[("a.py", "x = 1\n"), ("b.py", "x = 2\n"), ("c.py", "x = 3\n")]);
    let (files, _, notices) = discover_within(
        &tree,
        &Config::default(),
        Depth::Structure,
        Bounds { files: 2, bytes: 1000 },
        |_, _| (),
    );
    assert_eq!(files.len(), 2);
    assert_eq!(notices[0].id, "too-many-files");
    let (files, _, notices) = discover_within(
        &tree,
        &Config::default(),
        Depth::Structure,
        Bounds { files: 10, bytes: 13 },
        |_, _| (),
    );
    assert_eq!(files.iter().filter(|(_, file)| file.text.is_some()).count(), 2);
    assert_eq!(notices[0].id, "too-much-text");
    assert_eq!(notices[0].kind, NoticeKind::Incomplete);
}

#[test]
fn excluded_paths_are_not_seen() {
    let text = "exclude = ['legacy']\n";
    let config = Config::read(
        text,
        crate::config::ConfigKind::Djsec,
        "djsec.toml".into(),
        &crate::testing::catalog(),
    );
    let tree = Tree::of(&[("legacy/a.py", ""), ("b.py", "")]);
    let (files, _) = discover(&tree, &config.unwrap().unwrap(), Depth::Structure);
    assert_eq!(files.iter().count(), 1);
}

/// Whether the text of `path` was read, and as what `each` was shown it last.
fn seen(tree: &Tree, path: &str) -> (bool, Role) {
    let (files, made, _) =
        discover_with(tree, &Config::default(), Depth::Structure, |_, file| file.role);
    let id = files.find(path.into()).unwrap();
    (files.file(id).unwrap().text.is_some(), made[id.0 as usize])
}

#[test]
fn what_tests_keep_is_not_read_unless_the_folder_turns_out_to_be_an_app() {
    let fixture = Tree::of(&[("tests/answers.yaml", "a: 1"), ("shop/models.py", "")]);
    assert_eq!(seen(&fixture, "tests/answers.yaml"), (false, Role::Test));
    // Only `models.py` says so, which the walk finds after it.
    let app = Tree::of(&[("vendor/deploy.yaml", "a: 1"), ("vendor/models.py", "")]);
    assert_eq!(seen(&app, "vendor/deploy.yaml"), (true, Role::Application));
    let deployed = Tree::of(&[("deploy/answers.yaml", "a: 1")]);
    assert_eq!(seen(&deployed, "deploy/answers.yaml"), (true, Role::Application));
}

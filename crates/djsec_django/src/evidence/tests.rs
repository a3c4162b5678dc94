use djsec_base::{Certainty, File, FileKind, Files, Role, Utf8Path};

use super::*;

mod elsewhere;

fn kind(path: &str) -> FileKind {
    let name = path.rsplit('/').next().unwrap();
    let end = name.rsplit('.').next().unwrap();
    match name {
        "Procfile" => FileKind::Procfile,
        "pyproject.toml" => FileKind::Pyproject,
        _ if name.starts_with("Dockerfile") => FileKind::Dockerfile,
        _ if name.contains("compose") => FileKind::Compose,
        _ if path.contains(".envs/") || name.starts_with(".env") => FileKind::DotEnv,
        _ if path.contains(".github/") => FileKind::Pipeline,
        _ if name.contains(".py") => FileKind::Python,
        _ => match end {
            "py" => FileKind::Python,
            "yml" | "yaml" => FileKind::Yaml,
            "service" => FileKind::Systemd,
            "ini" => FileKind::Ini,
            "toml" => FileKind::Toml,
            "json" => FileKind::Json,
            _ => FileKind::Shell,
        },
    }
}

pub(super) fn tree(files: &[(&str, &str)]) -> Files {
    let file = |(path, text): &(&str, &str)| {
        let role = match path {
            _ if path.contains("{{") || path.contains("examples/") => Role::Example,
            _ if path.contains(".example") => Role::Example,
            _ if path.starts_with("tests/") => Role::Test,
            _ => Role::Application,
        };
        File::new((*path).into(), kind(path), role, Some((*text).into()))
    };
    Files::new(files.iter().map(file).collect())
}

fn choose_in(files: &Files, root: &Utf8Path) -> Option<Choice> {
    let speakers = speakers(files, root);
    choose(files, &placed(files), &speakers, &collect(files, &speakers), &Overrides::default())
}

/// The files that speak for the project at `root`.
pub(super) fn speakers(files: &Files, root: &Utf8Path) -> Speakers {
    Speakers::new(files, &project_roots(files), root)
}

const WSGI: &str =
    "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.dev')\n";
const MANAGE: &str = "import os\nif __name__ == '__main__':\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.dev')\n";

/// A project with split settings and these files besides.
fn shop(more: &[(&str, &str)]) -> Files {
    let mut files = vec![
        ("manage.py", MANAGE),
        ("shop/wsgi.py", WSGI),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/base.py", ""),
        ("shop/settings/dev.py", ""),
        ("shop/settings/production.py", ""),
        ("shop/settings/test.py", ""),
    ];
    files.retain(|(path, _)| !more.iter().any(|(other, _)| other == path));
    files.extend_from_slice(more);
    tree(&files)
}

fn chosen(files: &Files) -> Choice {
    let root = Utf8Path::new("");
    choose_in(files, root).unwrap()
}

fn check(more: &[(&str, &str)], module: &str, certainty: Certainty) -> Choice {
    let choice = chosen(&shop(more));
    assert_eq!((choice.module.as_str(), choice.certainty), (module, certainty), "{choice:#?}");
    choice
}

fn value<'a>(choice: &'a Choice, name: &str) -> Option<&'a EnvValue> {
    choice.environment.iter().find(|it| it.name == name).map(|it| &it.value)
}

fn literal(text: &str) -> EnvValue {
    EnvValue::Literal(text.to_owned())
}

const SERVED: (&str, &str) = ("Dockerfile", "FROM python\nCOPY . /app\nCMD gunicorn shop.wsgi\n");

#[test]
fn a_development_fallback_that_an_image_runs_stays_and_the_production_module_is_a_conflict() {
    let choice = check(&[SERVED], "shop.settings.dev", Certainty::Fallback);
    assert_eq!(choice.conflicts.len(), 1);
    assert_eq!(choice.conflicts[0].reason, ConflictReason::DevelopmentFallback);
    assert_eq!(choice.conflicts[0].module, "shop.settings.production");
}

#[test]
fn settings_for_production_beside_a_development_fallback_are_what_a_server_elsewhere_is_told() {
    for more in [&[][..], &[("Procfile", "web: gunicorn shop.wsgi\n")]] {
        let choice = check(more, "shop.settings.production", Certainty::Guessed);
        assert_eq!(choice.conflicts.len(), 1, "{choice:#?}");
        assert_eq!(choice.conflicts[0].reason, ConflictReason::ProductionElsewhere);
        assert_eq!(choice.conflicts[0].module, "shop.settings.dev");
        assert!(!choice.for_development());
    }
    let told = "web: DJANGO_SETTINGS_MODULE=shop.settings.dev gunicorn shop.wsgi\n";
    check(&[("Procfile", told)], "shop.settings.dev", Certainty::Deployed);
}

#[test]
fn a_package_that_is_nothing_but_its_settings_for_development_is_for_development() {
    let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
    let with = |package: &str| {
        chosen(&tree(&[
            ("shop/wsgi.py", wsgi),
            ("shop/settings/__init__.py", package),
            ("shop/settings/base.py", ""),
            ("shop/settings/dev.py", ""),
            ("shop/settings/production.py", ""),
        ]))
    };
    for package in ["from .dev import *\n", "# Whoever develops\nfrom .dev import *  # noqa\n"] {
        let choice = with(package);
        assert_eq!(choice.module, "shop.settings.production", "{package} {choice:#?}");
        assert_eq!(choice.conflicts[0].reason, ConflictReason::ProductionElsewhere);
        assert_eq!(choice.conflicts[0].module, "shop.settings");
    }
    for package in ["from .base import *\n", "from .dev import *\nDEBUG = False\n"] {
        assert_eq!(with(package).module, "shop.settings", "{package}");
    }
}

#[test]
fn a_package_may_have_a_name_that_only_texts_can_write() {
    let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'my-shop.settings')\n";
    let mut files = vec![
        ("manage.py", wsgi),
        ("my-shop/wsgi.py", wsgi),
        ("my-shop/settings/__init__.py", "from .dev import *\n"),
        ("my-shop/settings/dev.py", ""),
        ("my-shop/settings/production.py", ""),
    ];
    assert_eq!(chosen(&tree(&files)).module, "my-shop.settings");
    files.push(("my-shop/__init__.py", ""));
    assert_eq!(chosen(&tree(&files)).module, "my-shop.settings.production");
}

#[test]
fn settings_that_say_so_of_themselves_are_for_production() {
    let without = |text: &str| {
        let mut files = vec![
            ("shop/wsgi.py", WSGI),
            ("shop/settings/__init__.py", ""),
            ("shop/settings/base.py", "\"\"\"What production and all others share.\"\"\"\n"),
            ("shop/settings/dev.py", ""),
        ];
        files.push(("shop/settings/harbour.py", text));
        chosen(&tree(&files))
    };
    let choice = without("# Copyright\n\n\"\"\"Settings of production, in our harbour.\"\"\"\n");
    assert_eq!(choice.module, "shop.settings.harbour", "{choice:#?}");
    for other in [
        "",
        "\"\"\"Settings for the harbour.\"\"\"\n",
        "\"\"\"Not for production.\"\"\"\n",
        "\"\"\"For local work with data of production.\"\"\"\n",
        "DEBUG = False\n\"\"\"Settings of production.\"\"\"\n",
    ] {
        let choice = without(other);
        assert_eq!(choice.module, "shop.settings.dev", "{other}");
        assert!(choice.for_development());
    }
}

#[test]
fn a_project_that_a_package_is_tried_with_is_not_what_production_runs() {
    let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
    let within = |folder: &str, packaged: &str| {
        let paths = ["shop/wsgi.py", "shop/settings.py"].map(|path| format!("{folder}/{path}"));
        let files = tree(&[(&paths[0], wsgi), (&paths[1], ""), (packaged, "")]);
        let root = Utf8Path::new(folder);
        choose_in(&files, root).unwrap()
    };
    for folder in ["test_project", "src/demosite", "example-project"] {
        let choice = within(folder, "pyproject.toml");
        assert_eq!(choice.conflicts[0].reason, ConflictReason::TrialOnly, "{choice:#?}");
        assert!(choice.for_development());
    }
    for (folder, packaged) in [
        ("test_project", "requirements.txt"),
        ("test_project", "test_project/pyproject.toml"),
        ("contest_project", "pyproject.toml"),
        ("tested", "pyproject.toml"),
        ("site", "pyproject.toml"),
    ] {
        let choice = within(folder, packaged);
        assert!(!choice.for_development(), "{folder} {packaged} {choice:#?}");
    }
}

#[test]
fn the_environment_of_the_final_stage_is_what_production_loads() {
    let docker = "FROM python AS build\nENV DJANGO_SETTINGS_MODULE=shop.settings.dev\nFROM python\nENV DJANGO_SETTINGS_MODULE=shop.settings.production DEBUG=0\nCMD [\"gunicorn\", \"shop.wsgi\"]\n";
    let choice = check(&[("Dockerfile", docker)], "shop.settings.production", Certainty::Deployed);
    assert_eq!(value(&choice, "DEBUG"), Some(&literal("0")));
    assert!(choice.conflicts.is_empty());
}

#[test]
fn variables_of_a_run_step_are_gone_when_the_container_starts() {
    let docker = "FROM python\nRUN DJANGO_SETTINGS_MODULE=shop.settings.test SECRET_KEY=dummy ./manage.py collectstatic\nCMD gunicorn shop.wsgi\n";
    let choice = check(&[("Dockerfile", docker)], "shop.settings.dev", Certainty::Fallback);
    assert_eq!(value(&choice, "SECRET_KEY"), None);
}

#[test]
fn a_stage_for_development_is_not_what_is_shipped() {
    let docker = "FROM python AS release\nENV DJANGO_SETTINGS_MODULE=shop.settings.production\nENTRYPOINT [\"/start.sh\"]\nFROM release AS development\nENV DJANGO_SETTINGS_MODULE=shop.settings.dev\n";
    check(
        &[("Dockerfile", docker), ("docker/start.sh", "#!/bin/sh\nexec gunicorn shop.wsgi\n")],
        "shop.settings.production",
        Certainty::Deployed,
    );
}

#[test]
fn scripts_are_followed_to_the_server_with_what_they_export() {
    let docker = "FROM python\nWORKDIR /app\nCOPY . /app\nCOPY ./docker/entry.sh /entry\nENTRYPOINT [\"/entry\"]\nCMD [\"/app/docker/start.sh\"]\n";
    let entry = "#!/bin/bash\nexport DJANGO_SETTINGS_MODULE=${SETTINGS:-shop.settings.production}\nexec \"$@\"\n";
    let start = "#!/bin/bash\npython manage.py migrate\nDEBUG=no gunicorn shop.wsgi:application\n";
    let choice = check(
        &[("Dockerfile", docker), ("docker/entry.sh", entry), ("docker/start.sh", start)],
        "shop.settings.production",
        Certainty::Deployed,
    );
    assert_eq!(value(&choice, "DEBUG"), Some(&literal("no")));
}

#[test]
fn what_a_script_only_sets_under_a_condition_may_be_missing() {
    let docker = "FROM python\nWORKDIR /app\nENV DJANGO_SETTINGS_MODULE=shop.settings.production OLD=a\nCOPY . /app\nENTRYPOINT [\"/app/start.sh\"]\n";
    let start = r#"#!/bin/sh
if [ -f "${KEY_FILE}" ]; then
    export KEY=$(cat "$KEY_FILE")
    export OLD=$(cat "$OLD_FILE")
fi
if [ -z "${MADE}" ]; then
    export MADE=$(make-key)
fi
if [ -f /run/ends ]; then
    export ENDS=$(cat /run/ends)
else
    echo "there is none"
    exit 1
fi
if [ -f /run/both ]; then
    export BOTH=$(cat /run/both)
else
    export BOTH=$(make-key)
fi
exec gunicorn shop.wsgi
"#;
    let choice = check(
        &[("Dockerfile", docker), ("start.sh", start)],
        "shop.settings.production",
        Certainty::Deployed,
    );
    assert_eq!(value(&choice, "KEY"), None);
    for name in ["OLD", "MADE", "ENDS", "BOTH"] {
        assert_eq!(value(&choice, name), Some(&EnvValue::Passed), "{name}");
    }
}

#[test]
fn what_a_script_exports_is_gone_when_it_passes_nothing_on() {
    let docker =
        "FROM python\nCOPY . /app\nENTRYPOINT [\"/app/prepare.sh\"]\nCMD gunicorn shop.wsgi\n";
    let prepare =
        "#!/bin/sh\nexport DJANGO_SETTINGS_MODULE=shop.settings.test\n./manage.py collectstatic\n";
    let start = "#!/bin/sh\n./prepare.sh\nexec gunicorn shop.wsgi\n";
    let outer = docker.replace("prepare.sh", "start.sh");
    let inline = "FROM python\nCMD DJANGO_SETTINGS_MODULE=shop.settings.test ./manage.py migrate && gunicorn shop.wsgi\n";
    check(&[("Dockerfile", inline)], "shop.settings.dev", Certainty::Fallback);
    check(
        &[("Dockerfile", &outer), ("prepare.sh", prepare), ("start.sh", start)],
        "shop.settings.dev",
        Certainty::Fallback,
    );
}

#[test]
fn the_env_file_of_the_service_that_serves_counts() {
    let compose = "services:\n  db:\n    image: postgres\n    environment: {DJANGO_SETTINGS_MODULE: shop.settings.base}\n  django:\n    image: shop\n    command: gunicorn shop.wsgi\n    env_file: [.envs/.production/.django]\n    environment:\n      - WORKERS=${WORKERS:-4}\n      - TOKEN\n";
    let env = "DJANGO_SETTINGS_MODULE=shop.settings.production # here\nDEBUG='off'\n";
    let choice = check(
        &[("docker-compose.production.yml", compose), (".envs/.production/.django", env)],
        "shop.settings.production",
        Certainty::Deployed,
    );
    assert_eq!(value(&choice, "DEBUG"), Some(&literal("off")));
    assert_eq!(value(&choice, "WORKERS"), Some(&EnvValue::Default("4".to_owned())));
    assert_eq!(value(&choice, "TOKEN"), Some(&EnvValue::Passed));
}

#[test]
fn compose_files_for_development_do_not_tell_production() {
    let compose = "services:\n  web:\n    image: shop\n    command: gunicorn shop.wsgi\n    environment: {DJANGO_SETTINGS_MODULE: shop.settings.test}\n";
    for name in ["docker-compose.override.yml", "docker-compose.local.yml", "ci/docker-compose.yml"]
    {
        check(&[(name, compose), SERVED], "shop.settings.dev", Certainty::Fallback);
    }
    check(&[("docker-compose.yml", compose)], "shop.settings.test", Certainty::Deployed);
}

#[test]
fn the_development_server_is_no_deployment() {
    let compose = "services:\n  web:\n    image: shop\n    command: python manage.py runserver 0.0.0.0:80\n    environment: {DJANGO_SETTINGS_MODULE: shop.settings.test}\n";
    check(&[("docker-compose.yml", compose), SERVED], "shop.settings.dev", Certainty::Fallback);
}

#[test]
fn a_settings_file_mounted_under_another_name_is_found() {
    let compose = "services:\n  web:\n    image: shop\n    command: uwsgi --http :80\n    volumes:\n      - ${PWD}/docker/web.py:/app/shop/settings/web_docker.py\n    environment:\n      - DJANGO_SETTINGS_MODULE=shop.settings.web_docker\n";
    let choice = check(
        &[("docker-compose.yml", compose), ("docker/web.py", "DEBUG = False\n")],
        "docker.web",
        Certainty::Deployed,
    );
    assert!(choice.file.is_some());
}

#[test]
fn a_hard_assignment_in_wsgi_beats_the_environment() {
    let wsgi = "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings.base'\n";
    let docker = "FROM python\nENV DJANGO_SETTINGS_MODULE=shop.settings.production\nCMD gunicorn shop.wsgi\n";
    let choice = check(
        &[("shop/wsgi.py", wsgi), ("Dockerfile", docker)],
        "shop.settings.base",
        Certainty::Deployed,
    );
    assert_eq!(choice.conflicts[0].reason, ConflictReason::OtherDeployment);
}

#[test]
fn a_fallback_that_is_computed_or_conditional_names_nothing() {
    for wsgi in [
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', f'shop.settings.{os.environ[\"ENV\"]}')\n",
        "import os\nif os.environ.get('X'):\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.dev')\nelse:\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.test')\n",
    ] {
        let files = shop(&[("shop/wsgi.py", wsgi)]);
        let evidence = collect(&files, &speakers(&files, Utf8Path::new("")));
        let wsgi: Vec<_> = evidence.iter().filter(|it| it.kind == EvidenceKind::Wsgi).collect();
        assert_eq!(wsgi.len(), 1);
        assert_eq!(wsgi[0].settings_module, None);
        assert!(wsgi[0].note.contains("computes") || wsgi[0].note.contains("chooses"));
        check(
            &[("shop/wsgi.py", files.text(wsgi[0].location.file))],
            "shop.settings.production",
            Certainty::Guessed,
        );
    }
}

#[test]
fn a_package_with_nothing_in_it_is_not_what_is_loaded() {
    let wsgi = (
        "shop/wsgi.py",
        "import os\nfrom shop import prepare\nprepare()\n\
         os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
    );
    let empty = ("shop/settings/__init__.py", "# Copyright\n\n");
    check(&[wsgi, empty], "shop.settings.production", Certainty::Guessed);
    let full = ("shop/settings/__init__.py", "from .base import *\n");
    check(&[wsgi, full], "shop.settings", Certainty::Fallback);
}

#[test]
fn a_template_of_projects_names_its_own_folder() {
    let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '{{ project_name }}.settings')\n";
    let files = tree(&[("project_name/wsgi.py", wsgi), ("project_name/settings.py", "")]);
    let choice = chosen(&files);
    assert_eq!(choice.module, "project_name.settings");
    assert!(choice.file.is_some());
}

#[test]
fn setting_what_is_absent_is_a_fallback_and_not_a_command() {
    let wsgi = "import os\nif 'DJANGO_SETTINGS_MODULE' not in os.environ:\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings.base'\n";
    check(&[("shop/wsgi.py", wsgi)], "shop.settings.base", Certainty::Fallback);
}

#[test]
fn class_based_settings_name_their_class() {
    let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.base')\nos.environ.setdefault('DJANGO_CONFIGURATION', 'Production')\nfrom configurations.wsgi import get_wsgi_application\n";
    let choice = check(&[("shop/wsgi.py", wsgi)], "shop.settings.base", Certainty::Fallback);
    assert_eq!(choice.configuration.as_deref(), Some("Production"));
}

#[test]
fn units_processes_and_platforms_are_read() {
    let unit = "[Service]\nEnvironment=\"DJANGO_SETTINGS_MODULE=shop.settings.production\" A=1\nExecStart=/venv/bin/gunicorn shop.wsgi\n";
    let proc_ = "release: ./manage.py migrate --settings=shop.settings.test\nweb: DJANGO_SETTINGS_MODULE=shop.settings.production gunicorn shop.wsgi\n";
    let fly = "app = \"shop\"\n[env]\nDJANGO_SETTINGS_MODULE = \"shop.settings.production\"\n";
    let app = "{\"env\": {\"DJANGO_SETTINGS_MODULE\": {\"value\": \"shop.settings.production\"}}}";
    let render = "services:\n  - type: web\n    name: shop\n    startCommand: gunicorn shop.wsgi\n    envVars:\n      - key: DJANGO_SETTINGS_MODULE\n        value: shop.settings.production\n";
    let engine =
        "runtime: python313\nenv_variables:\n  DJANGO_SETTINGS_MODULE: shop.settings.production\n";
    let uwsgi = "[uwsgi]\nmodule = shop.wsgi:application\nenv = DJANGO_SETTINGS_MODULE=shop.settings.production\n";
    let gunicorn = "raw_env = ['DJANGO_SETTINGS_MODULE=shop.settings.production']\n";
    for file in [
        ("shop.service", unit),
        ("Procfile", proc_),
        ("fly.toml", fly),
        ("app.json", app),
        ("render.yaml", render),
        ("app.yaml", engine),
        ("uwsgi.ini", uwsgi),
        ("gunicorn.conf.py", gunicorn),
    ] {
        check(&[file], "shop.settings.production", Certainty::Deployed);
    }
}

#[test]
fn kubernetes_takes_variables_from_config_maps() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          command: [gunicorn, shop.wsgi]\n          envFrom:\n            - configMapRef: {name: shop-env}\n          env:\n            - name: SECRET_KEY\n              valueFrom: {secretKeyRef: {name: s, key: k}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop-env}\ndata:\n  DJANGO_SETTINGS_MODULE: shop.settings.production\n";
    let choice =
        check(&[("k8s/shop.yaml", deployment)], "shop.settings.production", Certainty::Deployed);
    assert_eq!(value(&choice, "SECRET_KEY"), Some(&EnvValue::Passed));
    check(&[("k8s/dev/shop.yaml", deployment), SERVED], "shop.settings.dev", Certainty::Fallback);
}

#[test]
fn tests_and_pipelines_never_tell_production() {
    let files = shop(&[
        ("pytest.ini", "[pytest]\naddopts = --ds=shop.settings.test -q\n"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    env:\n      DJANGO_SETTINGS_MODULE: shop.settings.production\n",
        ),
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = \"shop.settings.test\"\n",
        ),
        SERVED,
    ]);
    let evidence = collect(&files, &speakers(&files, Utf8Path::new("")));
    let tests = evidence.iter().filter(|it| it.strength == Strength::Test);
    let modules: Vec<_> = tests.map(|it| it.settings_module.as_ref().unwrap().0.as_str()).collect();
    assert_eq!(modules, ["shop.settings.production", "shop.settings.test", "shop.settings.test"]);
    assert_eq!(chosen(&files).certainty, Certainty::Fallback);
}

#[test]
fn what_the_user_says_beats_everything() {
    let files = shop(&[]);
    let overrides = Overrides { module: Some("shop.settings.test:Live".to_owned()) };
    let choice =
        choose(&files, &[], &speakers(&files, Utf8Path::new("")), &[], &overrides).unwrap();
    assert_eq!(choice.certainty, Certainty::Stated);
    assert_eq!(choice.configuration.as_deref(), Some("Live"));
    let gone = Overrides { module: Some("no.such".to_owned()) };
    let choice = choose(&files, &[], &speakers(&files, Utf8Path::new("")), &[], &gone).unwrap();
    assert_eq!(choice.conflicts[0].reason, ConflictReason::ModuleMissing);
}

#[test]
fn several_projects_are_found_and_keep_their_evidence_apart() {
    let a = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'a.settings')\n";
    let files = tree(&[
        ("one/manage.py", a),
        ("one/a/settings.py", ""),
        (
            "one/Dockerfile",
            "FROM python\nENV DJANGO_SETTINGS_MODULE=a.settings\nCMD gunicorn a.wsgi\n",
        ),
        (
            "two/b/wsgi.py",
            "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'b.settings')\n",
        ),
        ("two/b/settings.py", ""),
        ("{{cookiecutter.x}}/manage.py", a),
        ("examples/manage.py", a),
    ]);
    assert_eq!(project_roots(&files), ["one", "two"]);
    let two = collect(&files, &speakers(&files, Utf8Path::new("two")));
    assert!(two.iter().all(|it| it.kind == EvidenceKind::Wsgi), "{two:#?}");
    let only_sample = tree(&[("{{cookiecutter.x}}/manage.py", a)]);
    assert_eq!(project_roots(&only_sample), ["{{cookiecutter.x}}"]);
    assert!(project_roots(&tree(&[("manage.py", "print('hello')\n")])).is_empty());
}

#[test]
fn settings_are_found_by_name_when_nothing_loads_them() {
    let files = tree(&[("shop/settings/live.py", ""), ("shop/settings/base.py", "")]);
    let choice = chosen(&files);
    assert_eq!(
        (choice.module.as_str(), choice.certainty),
        ("shop.settings.live", Certainty::Guessed)
    );
    let single = tree(&[("shop/settings.py", ""), ("shop/urls.py", "")]);
    assert_eq!(chosen(&single).module, "shop.settings");
    let nothing = tree(&[("shop/urls.py", "")]);
    assert!(
        choose(&nothing, &[], &speakers(&nothing, Utf8Path::new("")), &[], &Overrides::default())
            .is_none()
    );
}

/// The root of the only project of a tree, and the settings chosen there.
fn only_project(files: &Files) -> (String, Choice) {
    let roots = project_roots(files);
    let [root] = roots.as_slice() else { panic!("one project and not {roots:?}") };
    let choice = choose_in(files, root).unwrap();
    (root.to_string(), choice)
}

fn sets(module: &str) -> String {
    format!("import os\nos.environ['DJANGO_SETTINGS_MODULE'] = '{module}'\n")
}

#[test]
fn the_longest_package_that_an_entry_names_tells_where_it_is_imported_from() {
    let wsgi = sets("shop.core.settings");
    let files = tree(&[("src/shop/core/wsgi.py", &wsgi), ("src/shop/core/settings.py", "")]);
    let (root, choice) = only_project(&files);
    assert_eq!((root.as_str(), choice.module.as_str()), ("src", "shop.core.settings"));
    // `hardcore.` names no package `core`.
    let wsgi = format!("{}# hardcore.\n", sets("settings"));
    let files = tree(&[("core/wsgi.py", &wsgi), ("core/settings.py", "")]);
    assert_eq!(only_project(&files).0, "core");
}

#[test]
fn settings_that_stand_beside_what_loads_them_are_found_under_their_own_name() {
    let files = tree(&[
        ("manage.py", &sets("shop.dev_settings")),
        ("shop/wsgi.py", &sets("settings")),
        ("shop/settings.py", ""),
    ]);
    let (root, choice) = only_project(&files);
    assert_eq!((root.as_str(), choice.module.as_str()), ("", "shop.settings"));
    assert!(choice.conflicts.is_empty(), "{choice:#?}");
    let said = "shop/settings.py is what that names: it stands beside it";
    assert!(choice.evidence.iter().any(|line| line.text == said), "{choice:#?}");

    let elsewhere = tree(&[
        ("manage.py", MANAGE),
        ("shop/wsgi.py", &sets("settings")),
        ("other/settings.py", ""),
    ]);
    let choice = only_project(&elsewhere).1;
    assert_eq!((choice.module.as_str(), choice.file), ("settings", None));
}

#[test]
fn a_program_of_a_projects_own_tells_where_it_is_and_what_it_loads() {
    let program = "import os\nif TESTING:\n    os.environ['DJANGO_SETTINGS_MODULE'] = NAME\nelse:\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'game.defaults'\n";
    let files = tree(&[("src/game/run/start.py", program), ("src/game/defaults.py", "")]);
    let (root, choice) = only_project(&files);
    assert_eq!((root.as_str(), choice.module.as_str()), ("src", "game.defaults"));
    assert_eq!(choice.certainty, Certainty::Guessed);
    assert!(project_roots(&tree(&[("game/start.py", program)])).is_empty(), "settings elsewhere");
    let usual = tree(&[
        ("src/game/run/start.py", program),
        ("src/game/defaults.py", ""),
        ("manage.py", MANAGE),
    ]);
    assert_eq!(project_roots(&usual), [""], "where there is a usual one, no other is looked for");
}

#[test]
fn settings_of_a_program_that_serves_nothing_are_no_project() {
    let files = tree(&[
        ("shop/__main__.py", &sets("shop.commands.settings")),
        ("shop/commands/settings.py", "from shop.settings import *\nROOT_URLCONF = ''\n"),
        ("shop/settings.py", "ROOT_URLCONF = 'config.urls'\n"),
        ("tests/manage.py", &sets("config.settings")),
        ("tests/config/settings.py", ""),
    ]);
    let (root, choice) = only_project(&files);
    assert_eq!((root.as_str(), choice.module.as_str()), ("tests", "config.settings"));
}

#[test]
fn settings_that_only_tests_load_are_for_development() {
    let files = tree(&[
        ("tests/manage.py", &sets("site.settings")),
        ("tests/site/settings.py", ""),
        ("app/views.py", ""),
    ]);
    let (root, choice) = only_project(&files);
    assert_eq!((root.as_str(), choice.module.as_str()), ("tests", "site.settings"));
    assert!(choice.for_development(), "{choice:#?}");
}

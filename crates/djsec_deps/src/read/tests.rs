use djsec_base::{File, FileKind, Files, Role, Utf8Path};

use crate::{DjangoVersion, Group, Inventory, Origin, Pin, Relation};

fn kind(path: &str) -> FileKind {
    match path.rsplit('/').next().unwrap() {
        "pyproject.toml" => FileKind::Pyproject,
        "setup.cfg" => FileKind::SetupCfg,
        "Pipfile" => FileKind::Pipfile,
        name if name.contains(".lock") || name.starts_with("pylock") => FileKind::Lock,
        _ => FileKind::Requirements,
    }
}

fn inventory(files: &[(&str, &str)]) -> (Files, Inventory) {
    inventory_at("", files)
}

fn inventory_at(root: &str, files: &[(&str, &str)]) -> (Files, Inventory) {
    let files = files
        .iter()
        .map(|(path, text)| {
            File::new((*path).into(), kind(path), Role::Application, Some((*text).into()))
        })
        .collect();
    let files = Files::new(files);
    let inventory = Inventory::read(&files, Utf8Path::new(root));
    (files, inventory)
}

fn django(files: &[(&str, &str)]) -> String {
    let (_, inventory) = inventory(files);
    inventory.version_of("Django").map_or("unknown".to_owned(), |resolved| {
        let version = DjangoVersion::from(&resolved);
        if resolved.exact { format!("={version}") } else { format!(">={version}") }
    })
}

#[test]
fn a_lock_beats_a_pin_and_a_pin_beats_a_bound() {
    let project = ("pyproject.toml", "[project]\ndependencies = [\"django>=4.2,<6\"]\n");
    let pin = ("requirements.txt", "Django==5.1.4 --hash=sha256:00\n");
    let lock = ("poetry.lock", "[[package]]\nname = \"django\"\nversion = \"5.2.3\"\n");
    assert_eq!(django(&[project, pin, lock]), "=5.2.3");
    assert_eq!(django(&[project, pin]), "=5.1.4");
    assert_eq!(django(&[project]), ">=4.2");
    assert_eq!(django(&[("requirements.txt", "django\n")]), "unknown");
}

#[test]
fn the_version_points_at_its_place() {
    let (files, inventory) =
        inventory(&[("poetry.lock", "[[package]]\nname = \"Django\"\nversion = \"2028.1\"\n")]);
    let resolved = inventory.version_of("django").unwrap();
    assert_eq!(files.slice(resolved.source), "\"2028.1\"");
    assert_eq!(DjangoVersion::from(&resolved).series(), "2028");
}

#[test]
fn what_production_installs_beats_what_tests_install() {
    let got = django(&[
        ("requirements/base.txt", "django==5.2.1\n"),
        ("requirements/test.txt", "-r base.txt\ndjango==6.0\n"),
    ]);
    assert_eq!(got, "=5.2.1");
}

#[test]
fn names_of_requirements_files_tell_the_group() {
    let (_, inventory) = inventory(&[
        ("requirements.txt", "-r requirements/pip.txt\n"),
        ("requirements/pip.txt", "django-cors-headers\n"),
        ("requirements/local.txt", "-r pip.txt\ndjango-debug-toolbar\n"),
        ("requirements/odd.txt", "django-axes\n"),
        ("docs/requirements.txt", "sphinx\n"),
    ]);
    assert_eq!(inventory.is_installed_in_production("corsheaders"), Some(true));
    assert_eq!(inventory.is_installed_in_production("debug_toolbar"), Some(false));
    assert_eq!(inventory.is_installed_in_production("axes.middleware"), None);
    assert_eq!(inventory.is_installed_in_production("sphinx"), Some(false));
    assert_eq!(inventory.is_installed_in_production("csp"), None, "not everything is listed");
}

#[test]
fn a_lock_says_that_a_known_package_is_missing() {
    let (_, inventory) = inventory(&[(
        "Pipfile.lock",
        "{\"default\": {\"django\": {\"version\": \"==5.2.3\"}}, \"develop\": {\"django-debug-toolbar\": {\"version\": \"==5.0\"}}}",
    )]);
    assert_eq!(inventory.is_installed_in_production("csp"), Some(false));
    assert_eq!(inventory.is_installed_in_production("debug_toolbar"), Some(false));
    assert_eq!(inventory.is_installed_in_production("shop.own_app"), None);
    assert_eq!(inventory.is_installed_in_production("django.contrib.admin"), Some(true));
}

#[test]
fn a_lock_without_groups_leaves_the_word_to_the_manifest() {
    let (_, inventory) = inventory(&[
        (
            "poetry.lock",
            "[[package]]\nname = \"django-debug-toolbar\"\nversion = \"5.0\"\n[[package]]\nname = \"pyyaml\"\nversion = \"6\"\n",
        ),
        ("pyproject.toml", "[tool.poetry.dev-dependencies]\ndjango-debug-toolbar = \"^5\"\n"),
    ]);
    assert_eq!(inventory.is_installed_in_production("debug_toolbar"), Some(false));
    assert_eq!(inventory.is_installed_in_production("yaml"), None);
}

#[test]
fn uv_locks_are_followed_from_the_project() {
    let lock = "[[package]]\nname = \"shop\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"django\" }]\n[package.dev-dependencies]\ndev = [{ name = \"django-debug-toolbar\" }]\n[[package]]\nname = \"django\"\nversion = \"5.2.3\"\ndependencies = [{ name = \"sqlparse\" }]\n[[package]]\nname = \"sqlparse\"\nversion = \"0.5\"\n[[package]]\nname = \"django-debug-toolbar\"\nversion = \"5.0\"\n";
    let (_, inventory) = inventory(&[
        ("uv.lock", lock),
        ("pyproject.toml", "[project]\ndependencies = [\"django\"]\n"),
    ]);
    let find = |name: &str| {
        let package = inventory.mentions(name).find(|p| p.origin == Origin::Lock).unwrap();
        (package.group.clone(), package.relation)
    };
    assert_eq!(find("django"), (Group::Production, Relation::Direct));
    assert_eq!(find("sqlparse"), (Group::Production, Relation::Transitive));
    assert_eq!(inventory.is_installed_in_production("debug_toolbar"), Some(false));
}

#[test]
fn every_table_of_pyproject_is_read() {
    let text = "[project]\ndependencies = [\"a==1\"]\n[project.optional-dependencies]\nprod = [\"b\"]\nextra = [\"c\"]\n[dependency-groups]\nlint = [\"d\", {include-group = \"x\"}]\n[tool.poetry.dependencies]\npython = \"^3.12\"\ne = \"^2.1\"\nf = {version = \"3.0\", optional = true}\ng = {git = \"https://x.invalid/g\"}\n[tool.poetry.group.test.dependencies]\nh = \"*\"\n[tool.pdm.dev-dependencies]\nq = [\"i>=1\"]\n";
    let (_, inventory) = inventory(&[("pyproject.toml", text)]);
    let got: Vec<_> = inventory
        .packages
        .iter()
        .map(|package| {
            (package.name.as_str(), package.group == Group::Production, package.pin.clone())
        })
        .collect();
    let dev = |name: &str| Group::Development(name.to_owned());
    assert_eq!(
        got,
        [
            ("a", true, Pin::Exact("1".into())),
            ("b", true, Pin::Any),
            ("c", false, Pin::Any),
            ("d", false, Pin::Any),
            ("e", true, Pin::Specifier("^2.1".into())),
            ("f", false, Pin::Exact("3.0".into())),
            ("g", true, Pin::Url("https://x.invalid/g".into())),
            ("h", false, Pin::Any),
            ("i", false, Pin::Specifier(">=1".into())),
        ]
    );
    assert_eq!(inventory.mentions("h").next().unwrap().group, dev("test"));
    assert_eq!(inventory.mentions("c").next().unwrap().group, Group::Unknown);
}

#[test]
fn setup_cfg_pylock_and_compiled_requirements_are_read() {
    let (_, inventory) = inventory(&[
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n    django>=5.2\n[options.extras_require]\ntest = pytest\n",
        ),
        ("pylock.dev.toml", "[[packages]]\nname = \"ruff\"\nversion = \"1\"\n"),
        ("requirements.in", "gunicorn\n"),
        ("requirements.txt", "gunicorn==23.0\npackaging==24.1 # via gunicorn\n"),
    ]);
    assert_eq!(inventory.mentions("ruff").next().unwrap().group, Group::Development("dev".into()));
    assert_eq!(inventory.mentions("packaging").next().unwrap().relation, Relation::Transitive);
    assert!(!inventory.version_of("django").unwrap().exact);
}

#[test]
fn files_of_sister_projects_do_not_count() {
    let files = [
        ("requirements.txt", "django==5.2.1\n"),
        ("a/requirements.txt", "rich==1\n"),
        ("b/requirements.txt", "django==4.2\n"),
        ("requirements/prod.txt", "gunicorn==1\n"),
    ];
    let (_, inventory) = inventory_at("a", &files);
    assert_eq!(inventory.version_of("django").unwrap().version.to_string(), "5.2.1");
    assert!(inventory.version_of("gunicorn").is_some());
    assert_eq!(inventory.mentions("django").count(), 1);
}

#[test]
fn files_that_include_each_other_end() {
    let (_, inventory) = inventory(&[("a.txt", "-r b.txt\n"), ("b.txt", "-r a.txt\nx==1\n")]);
    assert_eq!(inventory.mentions("x").count(), 1);
}

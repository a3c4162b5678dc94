//! Which files are looked at.

use std::fs;

use crate::Project;

/// How many files djsec sees.
fn seen(project: &Project, arguments: &[&str]) -> u64 {
    project.json(arguments).1["coverage"]["files"].as_u64().expect("a number")
}

#[test]
fn environments_caches_and_build_output_are_skipped() {
    let project = Project::new(&[
        ("shop/views.py", ""),
        ("shop/build/models.py", ""),
        ("staticfiles/__init__.py", ""),
        (".github/workflows/ci.yml", ""),
        (".env", ""),
    ]);
    assert_eq!(seen(&project, &[]), 5);
    for path in [
        "env/pyvenv.cfg",
        "env/lib/a.py",
        "node_modules/a/a.py",
        "shop/__pycache__/a.py",
        ".tox/py/a.py",
        "lib/site-packages/a.py",
        "dist/shop-1.0.whl",
        "dist/a.py",
        "build/shop-1.0/PKG-INFO",
        "build/shop-1.0/a.py",
        "shop.egg-info/PKG-INFO",
        "web/staticfiles/a.html",
        ".git/hooks/a.py",
    ] {
        project.write(path, b"");
    }
    assert_eq!(seen(&project, &[]), 5);
}

#[test]
fn gitignore_holds_inside_and_outside_a_repository() {
    let project =
        Project::new(&[(".gitignore", "local.py\n"), ("app/views.py", ""), ("app/local.py", "")]);
    assert_eq!(seen(&project, &[]), 2);
    fs::create_dir(project.path().join(".git")).unwrap();
    assert_eq!(seen(&project, &[]), 2);
    // Only in a repository do the rules of the folders above hold.
    assert_eq!(seen(&project, &["app"]), 1);
    fs::remove_dir(project.path().join(".git")).unwrap();
    assert_eq!(seen(&project, &["app"]), 2);
}

#[test]
fn what_is_looked_at_does_not_depend_on_how_the_path_is_written() {
    let project = Project::new(&[("shop/a.py", "# djsec: ?\n")]);
    let absolute = project.path().join("shop");
    let absolute = absolute.to_str().unwrap();
    let first = project.run(&["check", "shop", "--format", "json"]).stdout;
    assert!(first.contains("\"a.py\""), "{first}");
    for path in ["shop/", "./shop", "./shop/../shop", absolute] {
        assert_eq!(project.run(&["check", path, "--format", "json"]).stdout, first, "{path}");
    }
}

//! Settings that stand elsewhere where they run than in the repository.

use super::*;

/// A project whose image makes the settings of one of its files.
fn with_settings_elsewhere(docker: &str, more: &[(&str, &str)]) -> Files {
    let mut files = vec![
        ("manage.py", MANAGE),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/common.py", ""),
        ("docker/config.py", "from .common import *\n"),
        ("docker/Dockerfile", docker),
    ];
    files.extend_from_slice(more);
    tree(&files)
}

fn put(docker: &str, more: &[(&str, &str)]) -> Vec<String> {
    let files = with_settings_elsewhere(docker, more);
    let words = |one: &Placed| format!("{} -> {}", files.path(one.file), one.path);
    placed(&files).iter().map(words).collect()
}

#[test]
fn settings_that_are_only_there_as_a_sample_are_read_from_it() {
    let named = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.conf.live')\n";
    let entry = ("web/shop/wsgi.py", named);
    let base = ("web/shop/conf/base.py", "");
    let sample = ("web/shop/conf/live.py.example", "from shop.conf.base import *\n");
    let files = tree(&[entry, base, sample]);
    let root = Utf8Path::new("web");
    let choice = choose_in(&files, root).unwrap();
    assert_eq!(choice.module, "shop.conf.live");
    assert_eq!(choice.file.map(|file| files.path(file).as_str()), Some(sample.0));
    let said = &choice.evidence.last().unwrap().text;
    assert!(said.contains("is what web/shop/conf/live.py is made from"), "{said}");
    // That of settings for production is found by its name.
    let manage = ("manage.py", "execute_from_command_line()\n");
    let package = ("shop/settings/__init__.py", "");
    let base = ("shop/settings/base.py", "");
    let live = ("shop/settings/production.example.py", "from .base import *\n");
    let files = tree(&[manage, package, base, live]);
    let choice = choose_in(&files, Utf8Path::new("")).unwrap();
    assert_eq!(choice.module, "shop.settings.production");
    assert_eq!(choice.file.map(|file| files.path(file).as_str()), Some(live.0));
    // A sample of what nobody names, or that is there beside the file itself, is no settings module.
    let base = ("web/shop/conf/base.py", "");
    let other = ("web/shop/conf/local.py.example", "DEBUG = True\n");
    let own = ("web/shop/conf/live.py", "");
    assert!(placed(&tree(&[entry, base, other])).is_empty());
    assert!(placed(&tree(&[entry, base, sample, own])).is_empty());
}

#[test]
fn an_image_may_put_a_file_where_python_looks_for_the_settings() {
    let moved = ["docker/config.py -> shop/settings/config.py"];
    let start = "WORKDIR /srv\nCOPY . /srv\n";
    let run = format!(
        "FROM python\n{start}RUN set -eux; \\\n    cp docker/config.py shop/settings/config.py; \\\n    python manage.py check\nENV DJANGO_SETTINGS_MODULE=shop.settings.config\nCMD gunicorn shop.wsgi\n"
    );
    assert_eq!(put(&run, &[]), moved);
    let copy = format!("FROM python\n{start}COPY docker/config.py shop/settings/config.py\n");
    assert_eq!(put(&copy, &[]), moved);
    let folder = format!("FROM python\n{start}COPY docker/config.py /srv/shop/settings/\n");
    assert_eq!(put(&folder, &[]), moved);
    let linked =
        format!("FROM python\n{start}RUN ln -s /srv/docker/config.py shop/settings/config.py\n");
    assert_eq!(put(&linked, &[]), moved);

    let files = with_settings_elsewhere(&run, &[]);
    let choice = chosen(&files);
    assert_eq!(choice.module, "shop.settings.config");
    assert_eq!(choice.file.map(|file| files.path(file)), Some(Utf8Path::new("docker/config.py")));
    assert!(choice.conflicts.is_empty(), "{choice:#?}");
    let said = "docker/config.py is put there as shop/settings/config.py";
    assert!(choice.evidence.iter().any(|line| line.text == said), "{choice:#?}");
}

#[test]
fn what_an_image_only_keeps_where_it_is_or_elsewhere_is_no_module_of_another_name() {
    let start = "FROM python\nWORKDIR /srv\nCOPY . /srv\n";
    for line in [
        "COPY docker/config.py docker/",
        "COPY docker/config.py /etc/config.py",
        "RUN cp docker/config.py $TARGET/config.py",
        "RUN cp docker/config.py shop/settings/common.py",
        "RUN cp docker/config.txt shop/settings/config.py",
    ] {
        assert_eq!(put(&format!("{start}{line}\n"), &[]), [""; 0], "{line}");
    }
    let test = format!("{start}FROM python AS test\nRUN cp docker/config.py shop/settings/x.py\n");
    assert_eq!(put(&test, &[]), [""; 0], "a stage for tests is not what is shipped");
}

#[test]
fn a_program_may_give_the_settings_itself() {
    let app = "from django.conf import settings\n\
        settings.configure(ROOT_URLCONF=__name__)\n\
        application = get_wsgi_application()\n";
    let files = tree(&[("service/app.py", app)]);
    assert_eq!(project_roots(&files), ["service"]);
    let choice = choose_in(&files, Utf8Path::new("service")).unwrap();
    assert_eq!(choice.module, "app");
    let said = &choice.evidence.first().unwrap().text;
    assert!(said.contains("settings.configure"), "{said}");
    // In a function that what the server loads calls.
    let loads = "def load():\n    from django.conf import settings\n    settings.configure(**all_of(base))\n";
    let wsgi = "from shop.loading import load\nload()\napplication = get_wsgi_application()\n";
    let manage = "from shop.loading import load\nload()\nexecute_from_command_line()\n";
    let shop = [("shop/loading.py", loads), ("shop/wsgi.py", wsgi), ("manage.py", manage)];
    let files = tree(&shop);
    assert_eq!(choose_in(&files, Utf8Path::new("")).unwrap().module, "shop.wsgi");
    // What names a module is believed, and what runs the tests of a package or builds its documentation is no project.
    let named = [("asgi.py", WSGI), ("shop/settings/dev.py", ""), shop[0], shop[1], shop[2]];
    assert_eq!(choose_in(&tree(&named), Utf8Path::new("")).unwrap().module, "shop.settings.dev");
    let tests = format!("{app}get_runner(settings)().run_tests(['shop'])\n");
    assert!(project_roots(&tree(&[("run.py", &tests)])).is_empty());
    let docs =
        "from django.conf import settings\nsettings.configure(ROOT_URLCONF='x')\ndjango.setup()\n";
    assert!(project_roots(&tree(&[("conf.py", docs)])).is_empty());
}

#[test]
fn a_class_for_production_stands_beside_the_one_that_the_code_falls_back_to() {
    let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n\
        os.environ.setdefault('DJANGO_CONFIGURATION', 'Development')\n";
    let classes = "class Base(Configuration):\n    A = 1\n\nclass PreProduction(Base):\n    pass\n\n\
        class Development(Base):\n    DEBUG = True\n\nclass Production(Base):\n    pass\n";
    let start = [("manage.py", "execute_from_command_line()\n"), ("shop/wsgi.py", wsgi)];
    let class = |settings, more: &[(&str, &str)]| {
        let files = [&start[..], &[("shop/settings.py", settings)], more].concat();
        choose_in(&tree(&files), Utf8Path::new("")).unwrap()
    };
    let choice = class(classes, &[]);
    assert_eq!(choice.configuration.as_deref(), Some("Production"));
    assert_eq!(choice.certainty, Certainty::Guessed);
    let conflict = choice.conflicts.first().unwrap();
    assert_eq!(conflict.reason, ConflictReason::ProductionElsewhere);
    assert_eq!(conflict.module, "shop.settings:Development");
    // A class for tests that an image sets says nothing of production.
    let tested =
        "FROM python\nENV DJANGO_CONFIGURATION=ContinuousIntegration\nCMD gunicorn shop.wsgi\n";
    let choice = class(classes, &[("Dockerfile", tested)]);
    assert_eq!(choice.configuration.as_deref(), Some("Production"));
    // What is deployed with another class is; and without one for production, the fallback counts.
    let other = "FROM python\nENV DJANGO_CONFIGURATION=Cloud\nCMD gunicorn shop.wsgi\n";
    let choice = class(classes, &[("Dockerfile", other)]);
    assert_ne!(choice.configuration.as_deref(), Some("Production"));
    let choice = class("class PreProduction:\n    pass\nclass Development:\n    pass\n", &[]);
    assert_eq!(choice.configuration.as_deref(), Some("Development"));
}

use djsec_base::{Confidence, Severity};

use super::{Config, ConfigKind, EnvFile, Overrides};
use crate::testing::catalog;

fn read(text: &str) -> Config {
    Config::read(text, ConfigKind::Djsec, "djsec.toml".into(), &catalog()).unwrap().unwrap()
}

fn errors(text: &str) -> String {
    Config::read(text, ConfigKind::Djsec, "djsec.toml".into(), &catalog()).unwrap_err().to_string()
}

#[test]
fn a_whole_config_is_read() {
    let config = read(
        r#"
select = ["settings", "hsts-*"]
ignore = ["hsts-missing"]
fail-on = "high"
confidence = "low"
exclude = ["legacy", "docs/*.py"]
settings = "config.settings.production"
env = { DJANGO_ENV = "prod", WORKERS = 4 }
env-file = ".env.production"
env-closed = true
baseline = "baseline.json"

[[accept]]
rule = "debug-enabled"
path = "demo/**"
reason = "the demo is not deployed"
owner = "web team"
until = 2027-01-31

[profiles.shop]
root = "./shop/"
settings = "shop.settings:Prod"
env-file = ["a.env", "b.env"]
"#,
    );
    assert_eq!((config.select.len(), config.ignore.len()), (2, 1));
    assert_eq!(config.fail_on, Severity::High);
    assert_eq!(config.confidence, Confidence::Low);
    assert!(config.excludes("legacy/a/b.py".into()));
    assert!(config.excludes("x/legacy/b.py".into()));
    assert!(config.excludes("docs/conf.py".into()));
    assert!(!config.excludes("docs/a/conf.py".into()));
    assert!(!config.excludes("legacy.py".into()));
    assert_eq!(config.profile.env["WORKERS"], "4");
    assert!(config.profile.env_closed);
    assert_eq!(config.baseline_path.as_deref(), Some("baseline.json".into()));
    let accept = &config.accept[0];
    assert_eq!(accept.until.unwrap().to_string(), "2027-01-31");
    assert_eq!(accept.owner.as_deref(), Some("web team"));
    let shop = config.profile_at("shop".into());
    assert_eq!(shop.settings.as_deref(), Some("shop.settings:Prod"));
    assert_eq!(shop.env_files.len(), 2);
    assert_eq!(config.profile_at("other".into()), &config.profile);
}

#[test]
fn an_unknown_key_names_its_place_and_the_nearest_key() {
    assert_eq!(
        errors("\n\n  slect = []\n"),
        "djsec.toml:3:3: unknown key 'slect' (did you mean 'select'?)"
    );
    assert_eq!(
        errors("fail_on = 'low'"),
        "djsec.toml:1:1: unknown key 'fail_on' (did you mean 'fail-on'?)"
    );
    assert_eq!(
        errors("[profiles.a]\nroots = ''\n"),
        "djsec.toml:2:1: unknown key 'roots' (did you mean 'root'?)"
    );
}

#[test]
fn every_mistake_is_named_in_order() {
    assert_eq!(
        errors(
            "select = ['debug-enabeld', 1]\nfail-on = 'hihg'\nenv = { DEBUG = false }\nexclude = ['a[']\nsettings = 'a/b.py'\n[[accept]]\nrule = 'debug-enabled'\nuntil = 'soon'\n"
        ),
        "djsec.toml:1:11: unknown rule 'debug-enabeld' (did you mean 'debug-enabled'?)\n\
         djsec.toml:1:28: 'select' must be a list of strings, not a number\n\
         djsec.toml:2:11: 'fail-on' must be one of info, low, medium, high, critical, not 'hihg' \
         (did you mean 'high'?)\n\
         djsec.toml:3:17: environment variables are text: write DEBUG = \"false\", or whatever the \
         settings read as false\n\
         djsec.toml:4:12: 'a[' is not a path pattern: unclosed character class; missing ']'\n\
         djsec.toml:5:12: 'settings' must be a dotted module name such as \
         'config.settings.production', not 'a/b.py'\n\
         djsec.toml:6:1: this [[accept]] entry has no 'reason': say why the finding is accepted\n\
         djsec.toml:8:9: 'until' must be a date such as 2027-01-31, not 'soon'"
    );
}

#[test]
fn broken_toml_says_where() {
    let text = errors("select = [\n");
    assert!(text.starts_with("djsec.toml:"), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn a_pyproject_without_a_word_about_djsec_is_no_config() {
    let read =
        |text| Config::read(text, ConfigKind::Pyproject, "pyproject.toml".into(), &catalog());
    assert!(read("[project]\nname = 'x'\n").unwrap().is_none());
    assert!(read("[project\n").unwrap().is_none());
    assert!(read("[tool.djsec]\nfail-on = 'low'\n").unwrap().is_some());
    assert!(read("[tool.djsec]\nx = 1\n").is_err());
}

#[test]
fn the_command_line_wins() {
    let config =
        read("select = ['settings']\nignore = ['hsts-missing']\nenv = { A = '1', B = '1' }\n");
    let overrides = Overrides {
        select: vec!["hsts-*".to_owned()],
        settings: Some("shop.settings".to_owned()),
        env: [("B".to_owned(), "2".to_owned())].into(),
        env_files: vec![EnvFile { path: "x.env".into(), text: "C=1".to_owned() }],
        fail_on: Some(Severity::Low),
        ..Overrides::default()
    };
    let config = config.overridden(overrides, &catalog()).unwrap();
    assert_eq!(config.select.len(), 1);
    assert!(config.ignore.is_empty());
    assert_eq!(config.profile.env["A"], "1");
    assert_eq!(config.profile.env["B"], "2");
    assert_eq!(config.profile.env_files[0].text, "C=1");
    assert_eq!(config.fail_on, Severity::Low);
}

#[test]
fn a_wrong_option_is_said() {
    let overridden = |overrides| Config::default().overridden(overrides, &catalog()).unwrap_err();
    let unknown = Overrides { ignore: vec!["hsts-mising".to_owned()], ..Overrides::default() };
    assert_eq!(
        overridden(unknown).to_string(),
        "unknown rule 'hsts-mising' (did you mean 'hsts-missing'?)"
    );
    let path = Overrides { settings: Some("a/b.py".to_owned()), ..Overrides::default() };
    assert!(overridden(path).to_string().contains("dotted module name"));
}

/// The `toml` blocks of a page.
fn examples(page: &str) -> Vec<String> {
    page.split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn every_example_of_the_documentation_is_a_valid_config() {
    let configuration = examples(include_str!("../../../../docs/configuration.md"));
    let suppression = examples(include_str!("../../../../docs/suppression.md"));
    assert_eq!((configuration.len(), suppression.len()), (4, 1));
    for example in configuration.iter().chain(&suppression) {
        read(example);
    }
}

#[test]
fn of_an_ignored_group_a_selected_rule_still_runs() {
    let config = read("ignore = ['transport']\nselect = ['all', 'hsts-missing']\n");
    let running = catalog()
        .iter()
        .filter(|rule| config.selects(rule))
        .map(|rule| rule.id)
        .collect::<Vec<_>>();
    assert_eq!(running, ["debug-enabled", "hsts-missing"]);
}

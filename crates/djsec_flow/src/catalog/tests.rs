use super::{BUILT_IN, Catalog};
use crate::Kind;

#[test]
fn the_models_that_come_with_djsec_can_be_read() {
    let mut catalog = Catalog::default();
    let flaws: Vec<String> = BUILT_IN
        .iter()
        .flat_map(|(file, text)| catalog.add(file, text))
        .map(|e| e.to_string())
        .collect();
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}

#[test]
fn every_kind_has_a_sink() {
    let catalog = Catalog::built_in();
    let loose = |kind: Kind| catalog.loose.values().flatten().any(|sink| sink.kind == kind);
    let missing: Vec<Kind> = Kind::all()
        .filter(|kind| !kind.is_of_templates())
        .filter(|kind| catalog.sinks(*kind).is_empty() && !loose(*kind))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let mut catalog = Catalog::default();
    let text = "[[sink]]\ncall = \"a.b\"\nargument = 0\nkind = \"sequel\"\n";
    let errors = catalog.add("mine.toml", text);
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 1);
    assert!(
        shown.iter().all(|e| e.starts_with("mine.toml:1:1: unknown kind `sequel`; there are sql,"))
    );
    let errors = catalog.add("mine.toml", "[[sunk]]\ncall = 'a'\n");
    assert!(errors.iter().any(|e| e.message.starts_with("unknown table sunk")), "{errors:?}");
}

#[test]
fn what_is_wrong_with_a_condition_is_said_with_its_place() {
    let said = |condition: &str| {
        let sink = "[[sink]]\ncall = \"a.b\"\nargument = 0\nkind = \"sql\"\n";
        let errors = Catalog::default().add("mine.toml", &format!("{sink}{condition}\n"));
        errors.first().map(ToString::to_string).unwrap_or_default()
    };
    let right = [
        "when = { argument = 1, class = [\"a.C\", \"a.D\"] }",
        "unless = [{ argument = 1, class = \"a.C\" }, { argument = \"x\", defines = \"check\" }]",
        "when = { argument = \"<owner>\", field = \"loaders\", class = \"a.C\" }",
    ];
    for condition in right {
        assert_eq!(said(condition), "");
    }
    let wrong = [
        ("when = true", "5:8: `when` is written { argument = …, is = … }, or a list of that"),
        ("when = [1]", "5:8: `when` is written { argument = …, is = … }, or a list of that"),
        ("when = { is = true }", "5:8: `argument` says which argument a condition is about"),
        ("when = { argument = 1, klass = 1 }", "5:32: unknown key `klass` of a condition;"),
        ("when = { argument = 1, is = 1 }", "5:29: `is` is true or false"),
        ("when = { argument = 1, class = 1 }", "5:32: `class` is a text or a list of texts"),
        (
            "when = { argument = 1, is = true, class = \"a.C\" }",
            "5:8: a condition asks one thing; `when` and `unless` take a list of them",
        ),
        (
            "when = [{ argument = 1 }, { argument = \"<owner>\", class = \"a.C\" }]",
            "5:27: `<owner>` is asked for the `class` of what stands in a `field`",
        ),
    ];
    for (condition, error) in wrong {
        let said = said(condition);
        assert!(said.starts_with(&format!("mine.toml:{error}")), "{condition}: {said}");
    }
}

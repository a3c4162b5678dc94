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

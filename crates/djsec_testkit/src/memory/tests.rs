use djsec_base::{EntryKind, System, Utf8Path};

use super::MemorySystem;

#[test]
fn the_walk_sees_files_and_links_in_order_but_not_what_is_ignored() {
    let system = MemorySystem::new()
        .with("shop/settings.py", "DEBUG = True\n")
        .with("manage.py", "")
        .with_ignored(".env", "SECRET_KEY=x\n")
        .with_link("loop");
    let mut seen = Vec::new();
    system.walk(&mut |entry| {
        let entry = entry.unwrap();
        seen.push((entry.path.to_string(), entry.kind, system.size(&entry.path)));
    });
    let expected = [
        ("loop", EntryKind::Link, 0),
        ("manage.py", EntryKind::File, 0),
        ("shop/settings.py", EntryKind::File, 13),
    ];
    assert_eq!(seen, expected.map(|(path, kind, size)| (path.to_owned(), kind, size)));
}

#[test]
fn ignored_files_exist_and_can_be_read() {
    let system = MemorySystem::new().with_ignored(".env", "A=1");
    assert!(system.exists(Utf8Path::new(".env")));
    assert_eq!(system.read(Utf8Path::new(".env")).unwrap(), b"A=1");
}

#[test]
fn folders_exist_by_what_is_in_them_and_neighbors_do_not() {
    let system = MemorySystem::new().with("shop/settings.py", "");
    assert!(system.exists(Utf8Path::new("shop")));
    assert!(!system.exists(Utf8Path::new("sho")));
    assert!(!system.exists(Utf8Path::new("shop/urls.py")));
}

#[test]
fn reading_fails_with_a_reason() {
    let system = MemorySystem::new().with_unreadable("secret.py", "Permission denied");
    let denied = system.read(Utf8Path::new("secret.py")).unwrap_err();
    assert_eq!((denied.path.as_str(), denied.reason.as_str()), ("secret.py", "Permission denied"));
    assert!(system.read(Utf8Path::new("missing.py")).is_err());
}

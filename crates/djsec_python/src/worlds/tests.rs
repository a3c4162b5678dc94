use super::*;

fn eq(worlds: &mut Worlds, name: &str, value: &str) -> Guard {
    worlds.atom(Atom::Truthy(Arc::new(Sym {
        root: Root::Env(Arc::from(name)),
        ops: vec![Arc::from(format!("== '{value}'"))],
        ty: Type::Bool,
        span: None,
    })))
}

#[test]
fn equal_conditions_are_equal_guards() {
    let mut worlds = Worlds::new();
    let a = worlds.atom(Atom::EnvSet(Arc::from("A")));
    let b = worlds.atom(Atom::EnvSet(Arc::from("B")));
    let ab = worlds.and(a, b);
    let ba = worlds.and(b, a);
    assert_eq!(ab, ba);
    let (na, nb) = (worlds.not(a), worlds.not(b));
    let either = worlds.or(na, nb);
    assert_eq!(worlds.not(either), ab, "De Morgan");
}

#[test]
fn one_variable_cannot_equal_two_constants() {
    let mut worlds = Worlds::new();
    let prod = eq(&mut worlds, "ENV", "prod");
    let dev = eq(&mut worlds, "ENV", "dev");
    let both = worlds.and(prod, dev);
    assert!(!both.is_never());
    assert!(worlds.impossible(both));
    let set = worlds.atom(Atom::EnvSet(Arc::from("ENV")));
    let unset = worlds.not(set);
    let contradiction = worlds.and(prod, unset);
    assert!(worlds.impossible(contradiction), "a predicate presupposes that it is set");
}

#[test]
fn words_leave_out_what_is_given_or_implied() {
    let mut worlds = Worlds::new();
    let prod = eq(&mut worlds, "ENV", "prod");
    assert_eq!(worlds.describe(prod, Guard::ALWAYS), "`ENV == 'prod'`");
    let key = worlds.atom(Atom::EnvSet(Arc::from("KEY")));
    let both = worlds.and(prod, key);
    assert_eq!(worlds.describe(both, key), "`ENV == 'prod'`");
    let not = worlds.not(key);
    assert_eq!(worlds.describe(not, Guard::ALWAYS), "`KEY` is not set");
}

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
    assert_eq!(worlds.describe(prod, Guard::ALWAYS), "`ENV` is 'prod'");
    let key = worlds.atom(Atom::EnvSet(Arc::from("KEY")));
    let both = worlds.and(prod, key);
    assert_eq!(worlds.describe(both, key), "`ENV` is 'prod'");
    let not = worlds.not(key);
    assert_eq!(worlds.describe(not, Guard::ALWAYS), "`KEY` is not set");
}

/// A variable as a boolean.
fn switch(worlds: &mut Worlds, name: &str) -> Guard {
    worlds.atom(Atom::Truthy(Arc::new(Sym {
        root: Root::Env(Arc::from(name)),
        ops: vec![Arc::from("bool")],
        ty: Type::Bool,
        span: None,
    })))
}

/// The text of a variable.
fn text(worlds: &mut Worlds, name: &str) -> Guard {
    worlds.atom(Atom::Truthy(Arc::new(Sym {
        root: Root::Env(Arc::from(name)),
        ops: vec![],
        ty: Type::Str,
        span: None,
    })))
}

#[test]
fn what_fails_open_leaves_out_what_somebody_would_have_to_choose() {
    let mut worlds = Worlds::new();
    let on = switch(&mut worlds, "DEBUG");
    let set = worlds.atom(Atom::EnvSet(Arc::from("DEBUG")));
    let unset = worlds.not(set);
    let guard = worlds.or(on, unset);
    assert_eq!(
        worlds.describe_omission(guard, Guard::ALWAYS, unset),
        "whenever the environment variable `DEBUG` is not set"
    );
    assert_eq!(
        worlds.describe(guard, Guard::ALWAYS),
        "`DEBUG` is true, or `DEBUG` is not set",
        "a table shows both ways"
    );
}

#[test]
fn what_fails_open_names_the_value_that_would_prevent_it() {
    let mut worlds = Worlds::new();
    let on = switch(&mut worlds, "REDIRECT");
    let off = worlds.not(on);
    assert_eq!(
        worlds.describe_omission(off, Guard::ALWAYS, off),
        "unless the environment variable `REDIRECT` is true"
    );
    let prod = eq(&mut worlds, "configuration.ENV", "prod");
    let other = worlds.not(prod);
    assert_eq!(
        worlds.describe_omission(other, Guard::ALWAYS, other),
        "unless `configuration.ENV` is 'prod'",
        "a name of the operator's module is no environment variable"
    );
}

#[test]
fn two_variables_of_which_neither_is_set_are_told_at_once() {
    let mut worlds = Worlds::new();
    let key = text(&mut worlds, "KEY");
    let file = text(&mut worlds, "KEY_FILE");
    let either = worlds.or(key, file);
    let guard = worlds.not(either);
    assert_eq!(worlds.describe(guard, Guard::ALWAYS), "`KEY` and `KEY_FILE` are unset or empty");
    assert_eq!(
        worlds.describe_omission(guard, Guard::ALWAYS, guard),
        "whenever neither the environment variable `KEY` nor `KEY_FILE` is set"
    );
}

#[test]
fn constants_of_one_variable_are_told_at_once() {
    let mut worlds = Worlds::new();
    let a = eq(&mut worlds, "DB", "mysql");
    let b = eq(&mut worlds, "DB", "mariadb");
    let either = worlds.or(a, b);
    let set = worlds.atom(Atom::EnvSet(Arc::from("KEY")));
    let with_key = worlds.and(either, set);
    assert_eq!(
        worlds.describe(with_key, Guard::ALWAYS),
        "`DB` is 'mariadb' or 'mysql' and `KEY` is set"
    );
    let neither = worlds.not(either);
    let has = worlds.atom(Atom::EnvSet(Arc::from("DB")));
    let other = worlds.and(neither, has);
    assert_eq!(
        worlds.describe(other, Guard::ALWAYS),
        "`DB` is set, but neither 'mysql' nor 'mariadb'"
    );
}

#[test]
fn a_text_with_an_unknown_part_is_shown_with_what_is_known_around_it() {
    let symbol =
        Sym { root: Root::Env(Arc::from("PREFIX")), ops: Vec::new(), ty: Type::Str, span: None };
    let outline = |ops: &[&str]| {
        let made = ops.iter().fold(symbol.clone(), |sym, op| sym.then(*op, Type::Str));
        made.outline()
    };
    assert_eq!(outline(&[]), "{$PREFIX}");
    assert_eq!(outline(&["str", "in '^{}'", "+ ''", "+ 'shop/'"]), "^{$PREFIX}shop/");
    assert_eq!(outline(&["in 'a/{}'", ".strip('/')", "+ '/b'"]), "{$PREFIX}/b");
}

#[test]
fn what_is_not_known_of_a_text_is_left_out_and_repetitions_stay() {
    assert_eq!(without_unknown("^{…}shop/"), "^shop/");
    assert_eq!(without_unknown("{$PREFIX}shop/<int:pk>/"), "shop/<int:pk>/");
    assert_eq!(without_unknown(r"^(\d{4})/x{2,}$"), r"^(\d{4})/x{2,}$");
    assert_eq!(without_unknown("{{…}"), "{");
}

#[test]
fn what_came_since_a_mark_can_be_forgotten() {
    let mut worlds = Worlds::new();
    let key = text(&mut worlds, "KEY");
    let old = eq(&mut worlds, "DB", "mysql");
    let both = worlds.and(key, old);
    let mark = worlds.mark();
    let other = eq(&mut worlds, "DB", "mariadb");
    let never = worlds.and(old, other);
    assert!(worlds.impossible(never), "one variable has one value");
    assert!(mark.has(both) && !mark.has(other));
    worlds.rewind(mark);
    let again = worlds.and(key, old);
    assert_eq!(again, both, "what is older stays as it is");
    let other = eq(&mut worlds, "DB", "mariadb");
    let never = worlds.and(old, other);
    assert!(worlds.impossible(never), "and what comes anew is related to it");
    assert!(!worlds.impossible(other));
}

#[test]
fn ways_that_read_alike_are_told_once() {
    let mut worlds = Worlds::new();
    let mut unknown = |at: u32| worlds.atom(Atom::Unknown(at, Arc::from("a comparison holds")));
    let (one, two) = (unknown(1), unknown(2));
    let either = worlds.or(one, two);
    assert_eq!(worlds.describe(either, Guard::ALWAYS), "(a comparison holds)");
}

#[test]
fn one_condition_that_grows_out_of_bounds_leaves_room_for_the_others() {
    let mut worlds = Worlds::new();
    let set = |worlds: &mut Worlds, kind: &str, n: usize| {
        worlds.atom(Atom::EnvSet(Arc::from(format!("{kind}{n}"))))
    };
    // Pairs of what was asked for far from each other: each doubles the diagram.
    let left: Vec<Guard> = (0..24).map(|n| set(&mut worlds, "LEFT", n)).collect();
    let right: Vec<Guard> = (0..24).map(|n| set(&mut worlds, "RIGHT", n)).collect();
    let pairs = |worlds: &mut Worlds| {
        left.iter().zip(&right).fold(Guard::NEVER, |any, (a, b)| {
            let both = worlds.and(*a, *b);
            worlds.or(any, both)
        })
    };
    let any = pairs(&mut worlds);
    assert!(!worlds.overflowed());
    assert!(!worlds.impossible(any) && !any.is_always());
    assert_eq!(pairs(&mut worlds), any, "the same condition is the same unknown one");
    let (a, b) = (left[0], right[1]);
    let both = worlds.and(a, b);
    assert!(worlds.minus(both, a).is_never(), "others are computed as before");
}

#[test]
fn questions_leave_no_more_behind_than_they_may() {
    let mut worlds = Worlds::new();
    let set = |worlds: &mut Worlds, n: usize| worlds.atom(Atom::EnvSet(Arc::from(format!("V{n}"))));
    let atoms: Vec<Guard> = (0..40).map(|n| set(&mut worlds, n)).collect();
    // The program ends where two of them that stand far from each other are both set.
    for (a, b) in atoms.iter().zip(atoms.iter().skip(20)) {
        let both = worlds.and(*a, *b);
        worlds.kill(both);
    }
    let all = atoms.iter().fold(Guard::NEVER, |any, atom| worlds.or(any, *atom));
    let before = worlds.nodes.len();
    assert!(!worlds.impossible(all));
    assert!(worlds.nodes.len() <= before + KEPT_OF_A_QUESTION, "{}", worlds.nodes.len());
    let (a, b) = (atoms[0], atoms[20]);
    let both = worlds.and(a, b);
    assert!(worlds.impossible(both), "what can be told is told as before");
    let known = worlds.nodes.len();
    assert_eq!(worlds.and(a, b), both, "and what was there before is there still");
    assert_eq!(worlds.nodes.len(), known);
}

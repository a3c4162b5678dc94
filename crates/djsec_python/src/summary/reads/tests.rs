//! Both walks note the same.

use djsec_syntax::python;

use super::{Candidate, Visited};
use crate::code;

/// What a walk notes, as text; the objects that settings are read from by name.
fn noted(visited: &Visited) -> Vec<String> {
    let reads = &visited.reads;
    let candidate = |found: &Candidate| {
        let base = reads.bases.get(found.base as usize);
        format!("{base:?} {} {:?} {:?}", found.name, found.range, found.access)
    };
    let imports = visited.local_imports.iter().map(|import| format!("{import:?}"));
    let mentions = reads.mentions.iter().map(u64::to_string);
    reads.candidates.iter().map(candidate).chain(imports).chain(mentions).collect()
}

#[test]
fn a_glance_notes_what_lowering_notes() {
    let text = r#"
from django.conf import settings as conf, OTHER
@conf.DECORATOR(KEYWORD=conf.A)
class Shop(conf.BASE, metaclass=conf.META):
    x: conf.ANNOTATION = conf.VALUE
    def buy[T: conf.BOUND](self, a: conf.P = conf.DEFAULT, *args: conf.ARGS, b=conf.KW) -> conf.R:
        import os as ROOT
        from json import LOADS
        for conf.TARGET in conf.ITER:
            conf.AUGMENTED += getattr(conf, "NAMED", 1)
        with conf.ENTERED as conf.AS:
            del conf.DELETED
        try:
            raise conf.RAISED from conf.CAUSE
        except conf.EXCEPTION:
            assert conf.TEST, conf.MESSAGE
        while (y := conf.WALRUS): pass
        else: conf.ELSE
        match conf.SUBJECT:
            case conf.CASE if conf.GUARD: return f"{conf.FORMAT!r:{conf.SPEC}} NOT_A_NAME"
            case {"KEY": conf.INNER} | conf.Cls(z=conf.PART): yield conf.YIELDED
        return lambda q=conf.LAMBDA: [conf.ELEMENT for i in conf.COMP if conf.IF]
async def other():
    await conf.AWAITED[conf.INDEX:conf.END](*conf.STAR, **conf.SPREAD)
    global GLOBAL
    setattr(conf, "SET", {conf.K: conf.V, "TEXT": (conf.T, -conf.NEGATIVE)})
type Alias = conf.ALIAS
"#;
    let parsed = python::parse(text);
    assert_eq!(parsed.errors, []);
    let (_, lowered) = code::lower(&parsed.tree, text);
    let notes = noted(&lowered);
    assert!(notes.len() > 80, "{}", notes.len());
    assert_eq!(noted(&code::glance(&parsed.tree, text)), notes);
}

//! Parsers of XML that are told after they were made what they follow.

use djsec_python::QualifiedName;
use djsec_python::code::Expr;

use super::Run;
use crate::args::Args;
use crate::catalog::last;
use crate::value::{Value, What};

/// Under which name the models know parsers of this kind.
const READER: &str = "xml.sax.xmlreader.XMLReader";
/// What makes one.
const MAKERS: &[&str] = &[
    "xml.sax.make_parser",
    "xml.sax.expatreader.create_parser",
    "xml.sax.expatreader.ExpatParser",
];
/// Under which name a parser keeps that it reads files and calls addresses that a document names.
const OUTSIDE: &str = "external";
/// What that is called, as a name and as what it stands for.
const FEATURES: &[&str] = &[
    "feature_external_ges",
    "feature_external_pes",
    "http://xml.org/sax/features/external-general-entities",
    "http://xml.org/sax/features/external-parameter-entities",
];

impl Run<'_, '_> {
    /// `parser.setFeature(feature_external_ges, True)`
    pub(super) fn told_to_follow(&mut self, class: &QualifiedName, name: &str, args: &Args) {
        let [feature, on] = args.positional.as_slice() else { return };
        let Some(receiver) = args.receiver.as_ref().filter(|_| name == "setFeature") else {
            return;
        };
        let known = match &feature.value.what {
            What::Text(text) => FEATURES.contains(&&**text),
            What::Name(QualifiedName::External(name)) => FEATURES.contains(&last(name)),
            _ => false,
        };
        if known && class.is_external(READER) {
            let on = match (&on.value.what, self.code.expr(on.expr)) {
                (What::Bool(on), _) => *on,
                (_, Expr::Int(number)) => number != 0,
                _ => return,
            };
            self.store(receiver.expr, OUTSIDE, Value::of(What::Bool(on)), true);
        }
    }
}

/// A parser that follows nothing outside yet.
pub(super) fn made_parser(name: &str) -> Option<Value> {
    let known = MAKERS.contains(&name);
    known.then(|| Value::instance(READER).with_field(OUTSIDE, Value::of(What::Bool(false))))
}

//! What a content security policy blocks, in words.

use djsec_django::csp::uses::{Fetch, Origin, What};
use djsec_django::csp::{Directive, Emitter, Token};

use crate::Cx;

/// What browsers leave out.
pub(super) fn words(what: &What) -> String {
    match what {
        What::Script => "browsers do not run this script".to_owned(),
        What::Style => "browsers do not apply this style".to_owned(),
        What::StyleAttribute => "browsers do not apply this `style` attribute".to_owned(),
        What::Handler(name) => format!("browsers do not run `{name}`"),
        What::Address => "browsers do not run this `javascript:` address".to_owned(),
        What::Eval(engine) => format!("{} does not run", engine.words()),
        What::Policy(_) => String::new(),
        What::Load(fetch, origin) => {
            let from = match origin {
                Origin::Remote(remote) => remote.host.to_string(),
                Origin::Data => "`data:`".to_owned(),
                Origin::Blob => "`blob:`".to_owned(),
                _ => "this site".to_owned(),
            };
            match fetch {
                Fetch::Form => format!("browsers do not send this form to {from}"),
                Fetch::Base => format!("browsers do not take {from} for the base of addresses"),
                Fetch::Script => format!("browsers do not load scripts from {from}"),
                Fetch::Style => format!("browsers do not load style sheets from {from}"),
                Fetch::Image => format!("browsers do not load images from {from}"),
                Fetch::Frame => format!("browsers do not show frames of {from}"),
                _ => format!("browsers do not load this from {from}"),
            }
        }
    }
}

/// What to do about it.
pub(super) fn help(
    cx: &Cx<'_>,
    what: &What,
    directive: &Directive<'_>,
    emitter: Emitter,
) -> String {
    let nonce = directive.sources.iter().any(|source| source.token == Token::Nonce);
    match what {
        What::Script | What::Style if nonce => match emitter {
            Emitter::Django if cx.django_at_least(6, 1) => "add `{% csp_nonce_attr %}` to the tag",
            Emitter::Django => "add `nonce=\"{{ csp_nonce }}\"` to the tag",
            _ => "add `nonce=\"{{ request.csp_nonce }}\"` to the tag",
        }
        .to_owned(),
        What::Script | What::Style => "move it into a file, or allow a nonce and add it".to_owned(),
        What::StyleAttribute => "use a class".to_owned(),
        What::Handler(_) | What::Address => "listen to the event in a script".to_owned(),
        What::Eval(engine) => engine.instead().to_owned(),
        What::Load(..) | What::Policy(_) => {
            format!("list it in `{}` if the page needs it, or take it out", directive.name)
        }
    }
}

//! What clients claim of themselves: names of fields, cookies and headers that say who somebody is or what
//! they may do. A name alone says nothing: the rule asks what the code does with it.

use djsec_django::models::OwnerPath;
use djsec_django::views::Level;
use djsec_django::views::effects::EffectKind;
use djsec_django::views::objects::{Decision, KeyOrigin, ObjectAccess, Sent};

use super::ownership::is_free;
use crate::{Cx, Endpoint};

/// What somebody is, or is not.
const FLAGS: &[&str] = &[
    "admin",
    "isadmin",
    "isadministrator",
    "ismoderator",
    "isroot",
    "isstaff",
    "issuperuser",
    "staff",
    "superuser",
];

/// As what somebody acts.
const ROLES: &[&str] = &[
    "accesslevel",
    "accounttype",
    "permission",
    "permissions",
    "privilege",
    "privileges",
    "role",
    "roles",
    "userlevel",
    "userrole",
    "usertype",
];

/// What somebody has paid for. In a form it is what they choose to buy.
const PLANS: &[&str] =
    &["ispaid", "ispremium", "ispro", "paid", "plan", "premium", "subscription", "tier"];

/// Roles that nobody takes for himself.
const POWERS: &[&str] =
    &["admin", "administrator", "moderator", "root", "staff", "superadmin", "superuser"];

/// Who somebody is, or for whom they act.
const IDENTITIES: &[&str] = &[
    "account",
    "accountid",
    "company",
    "companyid",
    "customer",
    "customerid",
    "email",
    "loggedinuser",
    "member",
    "memberid",
    "org",
    "organisation",
    "organisationid",
    "organization",
    "organizationid",
    "orgid",
    "owner",
    "ownerid",
    "remoteuser",
    "tenant",
    "tenantid",
    "uid",
    "user",
    "useremail",
    "userid",
    "username",
    "userpk",
];

/// A name without what people write between its words: `isadmin` of `is_admin`, `X-Is-Admin`.
fn plain(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("x-").unwrap_or(&name);
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn name(origin: &KeyOrigin) -> Option<String> {
    match origin {
        KeyOrigin::Query(name)
        | KeyOrigin::Body(name)
        | KeyOrigin::Header(name)
        | KeyOrigin::Cookie(name) => name.as_deref().map(plain),
        _ => None,
    }
}

/// What of a condition says what somebody may do; not where a form has looked at it, which says which
/// roles may be chosen.
pub(super) fn privilege(decision: &Decision) -> Option<&Sent> {
    let power = decision.words.iter().any(|word| {
        let word = plain(word);
        POWERS.contains(&&*word) || FLAGS.contains(&&*word)
    });
    decision.sent.iter().filter(|sent| sent.form.is_none()).find(|sent| {
        let Some(name) = name(&sent.origin) else { return false };
        let name = &*name;
        let role = ROLES.contains(&name) && (power || sent.origin.is_ambient());
        role || FLAGS.contains(&name) || (PLANS.contains(&name) && sent.origin.is_ambient())
    })
}

/// The header or cookie by which a client says who it is, where rows are looked up by that and nothing
/// else says whose they are.
pub(super) fn identity<'o>(cx: &Cx<'_>, access: &'o ObjectAccess) -> Option<&'o KeyOrigin> {
    if !is_free(access) {
        return None;
    }
    let user = cx.models().is_user(&access.model);
    let model = cx.models().get(&access.model);
    let owner = model.and_then(|model| model.owner());
    let key = access.keys.iter().find(|key| {
        // A cookie by which a user is looked up says who it is, whatever it is called; headers bring many things.
        let cookie = matches!(key.origin, KeyOrigin::Cookie(_));
        let identity = cookie || name(&key.origin).is_some_and(|n| IDENTITIES.contains(&&*n));
        let about = (user && names_user(&key.lookup))
            || owner.is_some_and(|owner| names_owner(owner, &key.lookup));
        key.origin.is_ambient() && identity && about
    });
    key.map(|key| &key.origin)
}

/// Whether what is sent is meant as an amount of money: a count that is stored as a total has been worked
/// on before.
pub(super) fn names_money(origin: &KeyOrigin) -> bool {
    const WORDS: &[&str] =
        &["amount", "balance", "cost", "credit", "discount", "fee", "price", "sum", "total"];
    name(origin).is_none_or(|name| WORDS.iter().any(|word| name.contains(word)))
}

/// Whether a look-up says which user is meant.
fn names_user(lookup: &str) -> bool {
    let field = lookup.split("__").next().unwrap_or(lookup);
    matches!(field, "pk" | "id" | "username" | "email" | "user_id" | "uid")
}

/// Whether a look-up says whose rows are meant, by an id.
pub(super) fn names_owner(owner: &OwnerPath, lookup: &str) -> bool {
    let way = owner.lookup();
    let rest = lookup.strip_prefix(&*way).filter(|_| !way.is_empty());
    rest.is_some_and(|rest| matches!(rest, "" | "_id" | "__id" | "__pk" | "__username" | "__email"))
}

/// What a client sends, in words: `` the cookie `role` ``.
pub(super) fn said(origin: &KeyOrigin) -> String {
    let (what, name) = match origin {
        KeyOrigin::Query(name) => ("of the query string", name),
        KeyOrigin::Body(name) => ("of the body", name),
        KeyOrigin::Header(name) => ("header", name),
        KeyOrigin::Cookie(name) => ("cookie", name),
        _ => return "a part of the request".to_owned(),
    };
    match name {
        Some(name) if origin.is_ambient() => format!("the {what} `{name}`"),
        Some(name) => format!("`{name}` {what}"),
        None if origin.is_ambient() => format!("a {what}"),
        None => format!("a part {what}"),
    }
}

/// Whether a middleware has asked whose it is what the row is found by, or who calls has signed what is sent: whoever has
/// the key may name any row.
pub(super) fn is_asked_before(cx: &Cx<'_>, endpoint: &Endpoint<'_>, access: &ObjectAccess) -> bool {
    if endpoint.level_of(access) == Some(&Level::Public) && is_proven(cx, endpoint) {
        return true;
    }
    access.keys.iter().any(|key| match &key.origin {
        KeyOrigin::UrlParameter(name) => cx.asked_parameters().contains(name),
        _ => false,
    })
}

/// Whether a view that everybody may call asks for a signature or a secret.
fn is_proven(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    let public = endpoint.verbs_where(Level::is_public);
    let proofs = [EffectKind::Verifies, EffectKind::ComparesSecret, EffectKind::ChecksToken];
    let deeds = cx.deeds(endpoint);
    let mut found = deeds.all.iter().filter(|effect| proofs.contains(&effect.kind));
    // A checksum is made for many reasons.
    found.any(|effect| !effect.verbs.and(public).is_empty() && !effect.words.ends_with("hexdigest"))
}

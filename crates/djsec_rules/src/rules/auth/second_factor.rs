//! Whether something asks privileged users for more than a password.

use djsec_django::routes::Target;

use crate::{Cx, Endpoint};

/// Apps that bring second factors.
const APPS: &[&str] = &[
    "django_otp",
    "two_factor",
    "allauth.mfa",
    "allauth_2fa",
    "django_mfa2",
    "mfa",
    "multifactor",
    "django_mfa",
    "trench",
    "deux",
    "webauthn",
    "kagi",
    "wagtail_2fa",
];

/// Apps through which logins are somebody else's business, and so are second factors.
const DELEGATED: &[&str] = &[
    "mozilla_django_oidc",
    "djangosaml2",
    "django_auth_adfs",
    "django_saml2_auth",
    "social_django",
];

/// Whether an app for second factors, or one that leaves logins to others, is or may be installed.
pub(super) fn is_there(cx: &Cx<'_>) -> bool {
    APPS.iter().chain(DELEGATED).any(|app| !cx.has_app(app).is_never())
        || LIBRARIES.iter().any(|name| cx.project.inventory.mentions(name).next().is_some())
}

/// Packages by which a project asks for second factors itself.
const LIBRARIES: &[&str] = &["pyotp", "fido2", "webauthn"];

/// The first page of an admin site of Django's own class, as far as djsec sees: a class of the project
/// or of a package may ask for more.
pub(super) fn plain_admin<'a>(cx: &Cx<'a>) -> Option<Endpoint<'a>> {
    let admin = cx.endpoints().find(|endpoint| {
        endpoint.routes.iter().any(|route| match &route.target {
            Target::Admin { site, page, .. } => {
                &**page == "index" && site.is_external("django.contrib.admin.sites.AdminSite")
            }
            _ => false,
        })
    })?;
    // A view of the project may stand at the address of the admin's login.
    let login = format!("{}login/", admin.routes.first()?.address());
    let replaced = cx.endpoints().any(|endpoint| {
        endpoint.is_own() && endpoint.routes.iter().any(|route| route.address() == login)
    });
    (!replaced).then_some(admin)
}

//! Which authentication backends check passwords.

use djsec_django::settings::Cond;

use crate::Cx;

/// Backends that let people in by password.
pub(super) const PASSWORD: &[&str] = &[
    "django.contrib.auth.backends.ModelBackend",
    "django.contrib.auth.backends.AllowAllUsersModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "django_auth_ldap.backend.LDAPBackend",
];

/// Backends that check passwords which Django stores.
const STORED: &[&str] = &[
    "django.contrib.auth.backends.ModelBackend",
    "django.contrib.auth.backends.AllowAllUsersModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
];

/// In which worlds people log in with passwords that Django stores; unknown backends may.
pub(super) fn stored_passwords<'a>(cx: &Cx<'a>) -> Cond<'a> {
    cx.setting("AUTHENTICATION_BACKENDS").any(|data| cx.does_as(data, "authenticate", STORED))
}

//! Which of Django's protections are active as middleware.

use djsec_base::last_part as last;
use djsec_python::value::Data;

use crate::project::Project;
use crate::settings::Cond;

/// Django's middleware for HSTS, the redirect to HTTPS, nosniff, referrer and opener policy.
pub const SECURITY: &str = "django.middleware.security.SecurityMiddleware";
/// Django's middleware that sets the session cookie.
pub const SESSION: &str = "django.contrib.sessions.middleware.SessionMiddleware";
/// Django's middleware that checks CSRF tokens and sets their cookie.
pub const CSRF: &str = "django.middleware.csrf.CsrfViewMiddleware";
/// Django's middleware that sends `X-Frame-Options`.
pub const FRAME: &str = "django.middleware.clickjacking.XFrameOptionsMiddleware";
/// Django's middleware that sends `SECURE_CSP` (6.0 and newer).
pub const DJANGO_CSP: &str = "django.middleware.csp.ContentSecurityPolicyMiddleware";
/// django-csp's middleware.
pub const PACKAGE_CSP: &str = "csp.middleware.CSPMiddleware";

impl Project {
    /// Worlds with Django's security middleware or one that stands in for it.
    pub fn security_middleware(&self) -> Cond<'_> {
        self.protection(SECURITY)
    }

    /// Worlds with a middleware that sets the session cookie.
    pub fn session_middleware(&self) -> Cond<'_> {
        self.protection(SESSION)
    }

    /// Worlds with a middleware that checks CSRF tokens.
    pub fn csrf_middleware(&self) -> Cond<'_> {
        self.protection(CSRF) | self.protection("session_csrf.CsrfMiddleware")
    }

    /// Worlds with a middleware that sends `X-Frame-Options`.
    pub fn frame_middleware(&self) -> Cond<'_> {
        self.protection(FRAME)
    }

    /// As [`Self::has_middleware`], but a class of a package that has the same name counts too
    /// (`user_sessions.middleware.SessionMiddleware` for Django's): they are derived from it.
    fn protection(&self, path: &str) -> Cond<'_> {
        let class = last(path);
        self.settings.get("MIDDLEWARE").any(|data| match data {
            Data::Str(name)
                if last(name) == class && !self.middleware_bases.contains_key(&**name) =>
            {
                Some(true)
            }
            _ => self.is_middleware(data, path),
        })
    }
}

//! What decorators, mixins and views of packages do, by their canonical dotted names. From the
//! packages' own code: Django 6.1, DRF 3.18, braces 1.17, allauth 65, oauth-toolkit 3.4.

use super::{Level, Purpose};

/// What a decorator does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// Lets in only these.
    Guard(Level),
    /// Asks the permission in its first argument.
    Permission,
    /// Asks its first argument, a function of the user.
    Test,
    /// `csrf_exempt`.
    CsrfExempt,
    /// `csrf_protect`, `requires_csrf_token`.
    CsrfProtect,
    /// `xframe_options_exempt`.
    FrameExempt,
    /// `xframe_options_sameorigin`.
    FrameSameOrigin,
    /// `xframe_options_deny`.
    FrameDeny,
    /// `csp_exempt`, `csp_override` and their kind.
    PagePolicy,
    /// Answers only these methods.
    Only(&'static [&'static str]),
    /// Answers only the methods in its first argument.
    OnlyGiven,
    /// `login_not_required`.
    LoginNotRequired,
    /// Limits the rate; the keyword that says how much.
    Throttle(&'static str),
    /// `api_view`.
    ApiView,
    /// `permission_classes(…)` of DRF and its kind.
    Drf,
    /// Nothing that matters here.
    None,
}

/// What a decorator of a package does; `None` for one nobody knows.
pub(super) fn decorator(name: &str) -> Option<Effect> {
    let effect = match name {
        "django.contrib.auth.decorators.login_required"
        | "allauth.account.decorators.reauthentication_required"
        | "allauth.account.decorators.verified_email_required"
        | "django_otp.decorators.otp_required"
        | "two_factor.views.utils.class_view_decorator"
        | "oauth2_provider.decorators.protected_resource"
        | "wagtail.admin.auth.require_admin_access" => Effect::Guard(Level::Authenticated),
        "django.contrib.admin.views.decorators.staff_member_required" => {
            Effect::Guard(Level::Staff)
        }
        "django.contrib.auth.decorators.permission_required"
        | "rules.contrib.views.permission_required"
        | "guardian.decorators.permission_required"
        | "guardian.decorators.permission_required_or_403" => Effect::Permission,
        "django.contrib.auth.decorators.user_passes_test" => Effect::Test,
        "django.contrib.auth.decorators.login_not_required" => Effect::LoginNotRequired,
        "django.views.decorators.csrf.csrf_exempt" => Effect::CsrfExempt,
        "django.views.decorators.csrf.csrf_protect"
        | "django.views.decorators.csrf.requires_csrf_token" => Effect::CsrfProtect,
        "django.views.decorators.clickjacking.xframe_options_exempt" => Effect::FrameExempt,
        "django.views.decorators.clickjacking.xframe_options_sameorigin" => Effect::FrameSameOrigin,
        "django.views.decorators.clickjacking.xframe_options_deny" => Effect::FrameDeny,
        "django.views.decorators.csp.csp_override"
        | "csp.decorators.csp_exempt"
        | "csp.decorators.csp" => Effect::PagePolicy,
        "django.views.decorators.http.require_GET" => Effect::Only(&["GET"]),
        "django.views.decorators.http.require_POST" => Effect::Only(&["POST"]),
        "django.views.decorators.http.require_safe" => Effect::Only(&["GET", "HEAD"]),
        "django.views.decorators.http.require_http_methods" => Effect::OnlyGiven,
        "django_ratelimit.decorators.ratelimit" | "ratelimit.decorators.ratelimit" => {
            Effect::Throttle("rate")
        }
        "allauth.decorators.rate_limit" => Effect::Throttle("action"),
        "axes.decorators.axes_dispatch" | "defender.decorators.watch_login" => Effect::Throttle(""),
        "debug_toolbar.decorators.require_show_toolbar" => {
            Effect::Guard(Level::Custom("SHOW_TOOLBAR_CALLBACK".into()))
        }
        "rest_framework.decorators.api_view" => Effect::ApiView,
        "rest_framework.decorators.permission_classes"
        | "rest_framework.decorators.authentication_classes"
        | "rest_framework.decorators.throttle_classes" => Effect::Drf,
        _ => return harmless(name).then_some(Effect::None),
    };
    Some(effect)
}

/// Packages whose other decorators do not decide about access.
fn harmless(name: &str) -> bool {
    const PACKAGES: &[&str] = &[
        "django",
        "functools",
        "contextlib",
        "builtins",
        "typing",
        "rest_framework",
        "drf_spectacular",
        "drf_yasg",
        "asgiref",
        "channels",
        "celery",
        "csp",
        "newrelic",
        "sentry_sdk",
        "cacheops",
        "silk",
        "waffle",
        "wraptor",
        "opentelemetry",
        "statsd",
        "django_htmx",
        "ninja",
        "strawberry",
        "social_django",
        "debug_toolbar",
    ];
    PACKAGES.contains(&name.split('.').next().unwrap_or(name))
}

/// Whom a class of a package lets in through its `dispatch` (or what that calls).
pub(super) fn mixin(name: &str) -> Option<Level> {
    let level = match name {
        "django.contrib.auth.mixins.LoginRequiredMixin"
        | "braces.views._access.LoginRequiredMixin"
        | "guardian.mixins.LoginRequiredMixin"
        | "django_otp.views.OTPRequiredMixin"
        | "two_factor.views.mixins.OTPRequiredMixin"
        | "oauth2_provider.views.mixins.ProtectedResourceMixin"
        | "allauth.account.mixins.LoginRequiredMixin" => Level::Authenticated,
        "braces.views._access.StaffuserRequiredMixin" => Level::Staff,
        "braces.views._access.SuperuserRequiredMixin" => Level::Superuser,
        "braces.views._access.GroupRequiredMixin" => Level::Permission(vec!["a group".into()]),
        _ => return None,
    };
    Some(level)
}

/// Classes whose `permission_required` (or `has_permission`) decides.
pub(super) const PERMISSION_MIXINS: &[&str] = &[
    "django.contrib.auth.mixins.PermissionRequiredMixin",
    "braces.views._access.PermissionRequiredMixin",
    "braces.views._access.MultiplePermissionsRequiredMixin",
    "guardian.mixins.PermissionRequiredMixin",
    "rules.contrib.views.PermissionRequiredMixin",
    "rules.contrib.views.AutoPermissionRequiredMixin",
];

/// Classes whose `test_func` decides.
pub(super) const TEST_MIXINS: &[&str] =
    &["django.contrib.auth.mixins.UserPassesTestMixin", "braces.views._access.UserPassesTestMixin"];

/// Whom a permission class of a package lets in, for a method (upper case; `"*"` for any).
pub(super) fn permission_class(name: &str, method: &str) -> Option<Level> {
    let safe = matches!(method, "GET" | "HEAD" | "OPTIONS");
    let model = || Level::Permission(vec!["of the model".into()]);
    let level = match name {
        "rest_framework.permissions.AllowAny" | "rest_framework.permissions.BasePermission" => {
            Level::Public
        }
        "rest_framework.permissions.IsAuthenticated" => Level::Authenticated,
        "rest_framework.permissions.IsAdminUser" => Level::Staff,
        "rest_framework.permissions.IsAuthenticatedOrReadOnly" => {
            if safe {
                Level::Public
            } else {
                Level::Authenticated
            }
        }
        "rest_framework.permissions.DjangoModelPermissions"
        | "rest_framework.permissions.DjangoObjectPermissions" => {
            if safe {
                Level::Authenticated
            } else {
                model()
            }
        }
        "rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly" => {
            if safe {
                Level::Public
            } else {
                model()
            }
        }
        "rest_framework_api_key.permissions.HasAPIKey"
        | "rest_framework_api_key.permissions.BaseHasAPIKey" => Level::Custom("API key".into()),
        _ if name.starts_with("oauth2_provider.contrib.rest_framework.") => {
            Level::Permission(vec!["OAuth scope".into()])
        }
        _ => return None,
    };
    Some(level)
}

/// Who may reach a view of a package, and what it is for where it is public by nature.
pub(super) fn view(name: &str) -> Option<(Level, Option<Purpose>)> {
    use Purpose::{Login, Logout, OauthCallback, PasswordReset, Published, Schema, Signup};
    use Purpose::{StaticFiles, StaticPage, Token};
    let public = |purpose| Some((Level::Public, Some(purpose)));
    match name {
        "django.contrib.auth.views.LoginView"
        | "allauth.account.views.LoginView"
        | "two_factor.views.core.LoginView"
        | "dj_rest_auth.views.LoginView" => public(Login),
        "django.contrib.auth.views.LogoutView"
        | "allauth.account.views.LogoutView"
        | "dj_rest_auth.views.LogoutView" => public(Logout),
        "allauth.account.views.SignupView" | "dj_rest_auth.registration.views.RegisterView" => {
            public(Signup)
        }
        "django.contrib.auth.views.PasswordResetView"
        | "django.contrib.auth.views.PasswordResetDoneView"
        | "django.contrib.auth.views.PasswordResetConfirmView"
        | "django.contrib.auth.views.PasswordResetCompleteView" => public(PasswordReset),
        "django.contrib.auth.views.PasswordChangeView"
        | "django.contrib.auth.views.PasswordChangeDoneView" => Some((Level::Authenticated, None)),
        "django.views.static.serve"
        | "django.contrib.staticfiles.views.serve"
        | "django.conf.urls.static.static" => public(StaticFiles),
        "django.views.i18n.JavaScriptCatalog"
        | "django.views.i18n.JSONCatalog"
        | "django.views.i18n.set_language"
        | "django.views.generic.base.TemplateView"
        | "django.views.generic.base.RedirectView"
        | "django.views.defaults.page_not_found"
        | "django.views.defaults.server_error"
        | "django.views.defaults.bad_request"
        | "django.views.defaults.permission_denied" => public(StaticPage),
        "django.contrib.sitemaps.views.sitemap"
        | "django.contrib.sitemaps.views.index"
        | "django.contrib.flatpages.views.flatpage"
        | "wagtail.views.serve" => public(Published),
        "rest_framework.authtoken.views.obtain_auth_token"
        | "rest_framework.authtoken.views.ObtainAuthToken" => public(Token),
        "django_prometheus.exports.ExportToDjangoView" => Some((Level::Public, None)),
        // They are given what another service has made, and no password.
        "social_django.views.auth"
        | "social_django.views.complete"
        | "dj_rest_auth.registration.views.SocialLoginView" => public(OauthCallback),
        _ if name.starts_with("allauth.account.views.PasswordReset")
            || name.starts_with("allauth.account.views.password_reset")
            || name.starts_with("dj_rest_auth.views.PasswordReset") =>
        {
            public(PasswordReset)
        }
        _ if name.starts_with("rest_framework_simplejwt.views.") => public(Token),
        "ninja.openapi.views.openapi_json"
        | "ninja.openapi.views.openapi_view"
        | "rest_framework.schemas.views.SchemaView" => public(Schema),
        _ if name.starts_with("drf_spectacular.views.") || name.starts_with("drf_yasg.views.") => {
            public(Schema)
        }
        _ if name.starts_with("oauth2_provider.views.")
            || name.starts_with("allauth.socialaccount.providers.") =>
        {
            public(OauthCallback)
        }
        _ if name.starts_with("wagtail.admin.") => {
            Some((Level::Permission(vec!["wagtailadmin.access_admin".into()]), None))
        }
        _ => None,
    }
}

use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::{Data, Map};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds logins through LDAP that send passwords in the clear, do not check the server's
    /// certificate or accept empty passwords, and logins through SAML that need no signature.
    ///
    /// ## Why it matters
    /// Over `ldap://` without `StartTLS` every password crosses the network as text; with the certificate
    /// unchecked, whoever stands between reads it all the same. Many directories let a login with a
    /// name and an empty password succeed. A SAML answer without a signature can be written by anybody.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// AUTHENTICATION_BACKENDS = ["django_auth_ldap.backend.LDAPBackend"]
    /// AUTH_LDAP_SERVER_URI = "ldap://directory.example.com"  # finding
    /// ```
    /// ```python settings.py
    /// SAML_CONFIG = {
    ///     "service": {
    ///         "sp": {"want_response_signed": False, "want_assertions_signed": False},  # finding
    ///     },
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// AUTHENTICATION_BACKENDS = ["django_auth_ldap.backend.LDAPBackend"]
    /// AUTH_LDAP_SERVER_URI = "ldap://directory.example.com"
    /// AUTH_LDAP_START_TLS = True
    /// ```
    /// ```python settings.py
    /// AUTHENTICATION_BACKENDS = ["django_auth_ldap.backend.LDAPBackend"]
    /// AUTH_LDAP_SERVER_URI = "ldaps://directory.example.com"
    /// SAML_CONFIG = {"service": {"sp": {"want_response_signed": False, "want_assertions_signed": True}}}
    /// ```
    ///
    /// ## How to fix
    /// Use `ldaps://`, or `AUTH_LDAP_START_TLS = True`, and give the directory's CA in
    /// `ldap.OPT_X_TLS_CACERTFILE`. Ask for signed assertions.
    ///
    /// ## Limits
    /// Connections to the same machine (`localhost`, `ldapi://`) are fine.
    ///
    /// ## References
    /// - [django-auth-ldap: authentication](https://django-auth-ldap.readthedocs.io/en/latest/authentication.html)
    /// - [pysaml2: configuration](https://pysaml2.readthedocs.io/en/latest/howto/config.html)
    RULE {
        id: "ldap-or-saml-auth-insecure",
        group: "auth",
        summary: "logins through a directory or SAML can be read or forged",
        severity: High,
        cwe: [319, 295, 287, 347],
        owasp: ["2025:A07", "2025:A04"],
        asvs: ["5.0:12.3.1", "5.0:12.3.2", "5.0:6.8.2"],
        checklist: ["auth-backends-sound"],
        since: "next",
        checks: [Check::Project(ldap), Check::Project(saml)],
    }
}

fn ldap(cx: &Cx<'_>, out: &mut Findings) {
    let backends = cx.setting("AUTHENTICATION_BACKENDS");
    let used = backends.any(|data| match data {
        Data::Sym(_) => None,
        other => Some(cx.is_class(other, &["django_auth_ldap.backend.LDAPBackend"]) == Some(true)),
    });
    if used.is_never() {
        return;
    }
    let server = cx.setting("AUTH_LDAP_SERVER_URI");
    let plain = server.is(|data| Some(data.as_str().is_some_and(crosses_the_network)));
    let tls = cx.setting("AUTH_LDAP_START_TLS");
    let message = "passwords cross the network in the clear, from this site to the directory";
    out.judge(cx, &RULE, &server, plain & tls.falsy() & used, message)
        .help("use `ldaps://`, or set `AUTH_LDAP_START_TLS = True`")
        .done();
    let empty = cx.setting("AUTH_LDAP_PERMIT_EMPTY_PASSWORD");
    let message =
        "an empty password may log in as anybody, if the directory allows anonymous binds";
    out.judge(cx, &RULE, &empty, empty.truthy() & used, message)
        .help("remove `AUTH_LDAP_PERMIT_EMPTY_PASSWORD`")
        .fix(cx.set(&empty, "Refuse empty passwords", "False"))
        .done();
    for name in ["AUTH_LDAP_GLOBAL_OPTIONS", "AUTH_LDAP_CONNECTION_OPTIONS"] {
        let setting = cx.setting(name);
        for part in setting.alternatives() {
            let Data::Dict(map) = &part.data else { continue };
            let Some((value, how)) = unchecked(map) else { continue };
            let message = format!("the certificate of the directory is not checked ({how})");
            out.judge(cx, &RULE, &setting, part.when & used, message)
                .at(value.alts.first().and_then(|alt| alt.span))
                .help("use `ldap.OPT_X_TLS_DEMAND`, and name the CA in `OPT_X_TLS_CACERTFILE`")
                .done();
        }
    }
}

/// Whether one of the servers is reached over the network without TLS.
fn crosses_the_network(uris: &str) -> bool {
    uris.split([' ', ',']).any(|uri| {
        let Some(rest) = uri.trim().strip_prefix("ldap://") else { return false };
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        !matches!(host, "" | "localhost" | "127.0.0.1" | "[")
    })
}

/// The option that leaves certificates unchecked.
fn unchecked(map: &Map) -> Option<(&djsec_python::value::Value, &'static str)> {
    let named = |data: &Data, name: &str| match data {
        Data::Object(object) => object.name.strip_prefix("ldap.") == Some(name),
        _ => false,
    };
    let (_, value) = map.entries.iter().find(|(key, _)| named(key, "OPT_X_TLS_REQUIRE_CERT"))?;
    let data = &value.single()?.data;
    ["OPT_X_TLS_NEVER", "OPT_X_TLS_ALLOW"]
        .into_iter()
        .find(|name| named(data, name))
        .map(|name| (value, name))
}

fn saml(cx: &Cx<'_>, out: &mut Findings) {
    let message =
        "nothing in the answer of the identity provider must be signed: anybody can write one";
    let help = "ask for signed assertions";
    // pysaml2 (djangosaml2): the response must be signed unless this says otherwise.
    let sp = cx.setting("SAML_CONFIG").entry("service").entry("sp");
    let response = sp.entry("want_response_signed");
    let off = (!response.is_absent() & response.falsy()).surely();
    let others = sp.entry("want_assertions_signed").falsy()
        & sp.entry("want_assertions_or_response_signed").falsy();
    out.judge(cx, &RULE, &response, off & others, message).help(help).done();
    // django-saml2-auth: both are on by default.
    let auth = cx.setting("SAML2_AUTH");
    let response: SettingRef<'_> = auth.entry("WANT_RESPONSE_SIGNED");
    let assertions = auth.entry("WANT_ASSERTIONS_SIGNED");
    let off = (!response.is_absent() & response.falsy()).surely();
    let both = off & !assertions.is_absent() & assertions.falsy();
    out.judge(cx, &RULE, &response, both, message).help(help).done();
    let unsolicited = sp.entry("allow_unsolicited");
    let message =
        "answers that nobody asked for log visitors in: any page can log them in as another";
    out.judge(cx, &RULE, &unsolicited, unsolicited.truthy().surely(), message)
        .rated(Severity::Low)
        .help("remove `allow_unsolicited`, unless logins must start at the identity provider")
        .done();
}

#[cfg(test)]
mod tests {
    use super::crosses_the_network;

    #[test]
    fn plain_ldap_counts_where_it_leaves_the_machine() {
        assert!(crosses_the_network("ldap://dir.example.com:389"));
        assert!(crosses_the_network("ldaps://a.example.com, ldap://b.example.com"));
        for uri in ["ldaps://dir.example.com", "ldap://localhost", "ldapi://%2frun%2fldapi", ""] {
            assert!(!crosses_the_network(uri), "{uri}");
        }
    }
}

use djsec_python::code::{Expr, Stmt};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds connections that the project opens with a version of TLS that is broken (SSL 2 and 3, TLS 1.0
    /// and 1.1), or with lists of ciphers that allow broken ones.
    ///
    /// ## Why it matters
    /// Old versions and ciphers have known attacks by which whoever stands between reads parts of what is
    /// sent. Nothing current needs them.
    ///
    /// ## Flagged
    /// ```python gateway.py
    /// import ssl
    ///
    /// context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python gateway.py
    /// import ssl
    ///
    /// context = ssl.create_default_context()
    /// context.minimum_version = ssl.TLSVersion.TLSv1_2
    /// context.set_ciphers("ECDHE+AESGCM:!aNULL:!MD5")
    /// ```
    ///
    /// ## How to fix
    /// Use `ssl.create_default_context()` as it is: it takes TLS 1.2 and 1.3 with sound ciphers.
    ///
    /// ## References
    /// - [Python: ssl, protocol versions](https://docs.python.org/3/library/ssl.html#protocol-versions)
    /// - [RFC 8996: deprecating TLS 1.0 and 1.1](https://www.rfc-editor.org/rfc/rfc8996)
    RULE {
        id: "tls-weak-version",
        group: "crypto",
        summary: "connections may use a broken version of TLS",
        severity: Medium,
        cwe: [326, 327],
        owasp: ["2025:A04"],
        asvs: ["5.0:12.1.1", "5.0:12.1.2"],
        checklist: ["crypto-sound", "tls-strong"],
        since: "next",
        checks: [Check::Project(protocols), Check::Project(attributes)],
    }
}

const PROTOCOLS: &[&str] = &[
    "ssl.PROTOCOL_SSLv2",
    "ssl.PROTOCOL_SSLv3",
    "ssl.PROTOCOL_TLSv1",
    "ssl.PROTOCOL_TLSv1_1",
    "OpenSSL.SSL.SSLv2_METHOD",
    "OpenSSL.SSL.SSLv3_METHOD",
    "OpenSSL.SSL.TLSv1_1_METHOD",
    "OpenSSL.SSL.TLSv1_METHOD",
];
const VERSIONS: &[&str] = &[
    "ssl.TLSVersion.MINIMUM_SUPPORTED",
    "ssl.TLSVersion.SSLv3",
    "ssl.TLSVersion.TLSv1",
    "ssl.TLSVersion.TLSv1_1",
];
const CONTEXTS: &[&str] = &[
    "OpenSSL.SSL.Context",
    "ssl.SSLContext",
    "ssl.wrap_socket",
    "urllib3.util.ssl_.create_urllib3_context",
];
const HELP: &str = "use `ssl.create_default_context()` as it is";

fn protocols(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(CONTEXTS) {
        for argument in call.arguments {
            if cx.names(call.at, argument.value, PROTOCOLS) {
                let name = call.at.code.dotted(argument.value).unwrap_or_default();
                let message = format!("`{name}` is a version of TLS that is broken");
                out.found(&RULE, call.at.expr_span(argument.value), name, message)
                    .help(HELP)
                    .done();
            }
        }
    }
}

fn attributes(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        if at.code.symbol("minimum_version").is_some() {
            for (_, stmt) in at.code.all_stmts() {
                let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
                let sets = |target| matches!(at.code.expr(target), Expr::Attribute(_, name) if at.code.text(name) == "minimum_version");
                let any = at.code.exprs(targets).iter().any(|target| sets(*target));
                if any && cx.names(at, value, VERSIONS) {
                    let name = at.code.dotted(value).unwrap_or_default();
                    let message = format!("`{name}` allows versions of TLS that are broken");
                    out.found(&RULE, at.expr_span(value), name, message).help(HELP).done();
                }
            }
        }
        if at.code.symbol("set_ciphers").is_none() {
            continue;
        }
        for (id, _) in at.code.all_exprs().filter(|(id, _)| at.called(*id) == Some("set_ciphers")) {
            let Some((_, [list, ..])) = at.code.call(id) else { continue };
            let Some(cipher) = at.code.string(list.value).and_then(broken) else { continue };
            let message = format!("`{cipher}` allows ciphers that are broken");
            out.found(&RULE, at.expr_span(list.value), "set_ciphers", message).help(HELP).done();
        }
    }
}

/// The entry of a list of ciphers that lets broken ones in.
fn broken(list: &str) -> Option<&str> {
    const BROKEN: &[&str] =
        &["ADH", "ALL", "DES", "EXPORT", "LOW", "MD5", "NULL", "RC4", "aNULL", "eNULL"];
    list.split([':', ',', ' ']).find(|entry| {
        let level = matches!(*entry, "@SECLEVEL=0");
        let removed = entry.starts_with(['!', '-']);
        let weak = entry.split(['-', '+']).any(|part| BROKEN.contains(&part));
        level
            || (weak && !removed && *entry != "ALL" || *entry == "ALL" && !list.contains("!aNULL"))
    })
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn ciphers_count_where_they_are_let_in() {
        assert_eq!(broken("DEFAULT:@SECLEVEL=0"), Some("@SECLEVEL=0"));
        assert_eq!(broken("HIGH:RC4-SHA"), Some("RC4-SHA"));
        assert_eq!(broken("ALL"), Some("ALL"));
        for list in
            ["HIGH:!aNULL:!MD5:!RC4", "ECDHE+AESGCM", "ALL:!aNULL:-RC4", "DEFAULT@SECLEVEL=2"]
        {
            assert_eq!(broken(list), None, "{list}");
        }
    }
}

use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId};

use super::credentials::{Kept, host_of, is_login, object, sends_credentials, start};
use crate::calls::Called;
use crate::network::{Reach, reach, url};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds logins that cross the network as they are: over `http://`, FTP, telnet, and over SMTP, POP, IMAP and LDAP
    /// without TLS.
    ///
    /// ## Why it matters
    /// Everybody on the way reads the password or the key, and can change what comes back: in the network of the
    /// server, at each provider in between, at the other end. With TLS nobody can.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import ftplib
    ///
    /// import requests
    /// from django.conf import settings
    ///
    ///
    /// def deliver(order):
    ///     requests.post(
    ///         "http://api.shipping.example/orders",  # finding
    ///         json={"order": order.pk},
    ///         headers={"Authorization": f"Bearer {settings.SHIPPING_KEY}"},
    ///         timeout=10,
    ///     )
    ///     ftp = ftplib.FTP("files.shipping.example")  # finding
    ///     ftp.login("shop", settings.FTP_PASSWORD)
    /// ```
    ///
    /// ## Not flagged
    /// The same with TLS, what needs no login, and services next door:
    /// ```python views.py
    /// import ftplib
    /// import smtplib
    ///
    /// import requests
    /// from django.conf import settings
    ///
    ///
    /// def deliver(order):
    ///     key = {"Authorization": f"Bearer {settings.SHIPPING_KEY}"}
    ///     requests.post("https://api.shipping.example/orders", headers=key, timeout=10)
    ///     requests.post("http://search:9200/orders", headers=key, timeout=10)
    ///     requests.get("http://rates.example/today", timeout=10)
    ///     with ftplib.FTP_TLS("files.shipping.example") as ftp:
    ///         ftp.login("shop", settings.FTP_PASSWORD)
    ///     mail = smtplib.SMTP("mail.example.com")
    ///     mail.starttls()
    ///     mail.login("shop", settings.MAIL_PASSWORD)
    /// ```
    ///
    /// ## How to fix
    /// Use `https://`, `ldaps://`, `FTP_TLS` (or SFTP), `SMTP_SSL`, `POP3_SSL` and `IMAP4_SSL`, or call `starttls()` before
    /// `login()`.
    ///
    /// ## Limits
    /// Addresses have to stand in the code or in the settings. Hosts of the same machine or of a private network are
    /// left out. The settings of mail, caches and databases have rules of their own.
    ///
    /// ## References
    /// - [OWASP: transport layer security](https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html)
    RULE {
        id: "cleartext-protocol",
        group: "crypto",
        summary: "a login crosses the network in the clear",
        severity: Medium,
        cwe: [319, 523],
        owasp: ["2025:A04"],
        asvs: ["5.0:12.3.1"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [Check::Project(requests), Check::Project(connections)],
    }
}

/// Requests over HTTP, with the place of the address.
const REQUESTS: &[(&str, usize)] = &[
    ("httpx.delete", 0),
    ("httpx.get", 0),
    ("httpx.patch", 0),
    ("httpx.post", 0),
    ("httpx.put", 0),
    ("httpx.request", 1),
    ("requests.delete", 0),
    ("requests.get", 0),
    ("requests.patch", 0),
    ("requests.post", 0),
    ("requests.put", 0),
    ("requests.request", 1),
    ("urllib.request.Request", 0),
];

fn requests(cx: &Cx<'_>, out: &mut Findings) {
    let names: Vec<&'static str> = REQUESTS.iter().map(|(name, _)| *name).collect();
    for call in cx.calls_to(&names) {
        let position = REQUESTS.iter().find(|(name, _)| *name == call.name).map_or(0, |it| it.1);
        let Some(address) = call.argument(position, "url") else { continue };
        let Some(begins) = start(cx, call.at, address) else { continue };
        let Some(url) = url(&begins).filter(|url| url.scheme == "http") else { continue };
        // A host that goes on with what the code puts in is not known.
        let whole = begins.split_once("://").is_some_and(|(_, rest)| rest.contains(['/', '?']))
            || call.at.code.string(address).is_some();
        if !whole || reach(url.host) != Reach::Public || call.at.is_chosen(call.id) {
            continue;
        }
        let Some(what) = sends_credentials(cx, &call, address, &begins) else { continue };
        let message = format!("{what} crosses the network in the clear on its way to {}", url.host);
        out.found(&RULE, call.at.expr_span(address), call.path_around(), message)
            .help("use `https://`")
            .done();
    }
}

/// A protocol without TLS: what opens a connection, how it logs in, and what makes it TLS after all.
struct Protocol {
    opens: &'static str,
    /// Where the name and the password stand when it is opened with them.
    password: Option<(usize, &'static str)>,
    logs_in: &'static [&'static str],
    secures: &'static [&'static str],
    words: &'static str,
    help: &'static str,
}

const PROTOCOLS: &[Protocol] = &[
    Protocol {
        opens: "ftplib.FTP",
        password: Some((2, "passwd")),
        logs_in: &["login"],
        secures: &[],
        words: "FTP",
        help: "use `ftplib.FTP_TLS`, or SFTP",
    },
    Protocol {
        opens: "imaplib.IMAP4",
        password: None,
        logs_in: &["login"],
        secures: &["starttls"],
        words: "IMAP",
        help: "use `imaplib.IMAP4_SSL`, or call `starttls()` before `login()`",
    },
    Protocol {
        opens: "ldap.initialize",
        password: None,
        logs_in: &["bind", "bind_s", "simple_bind", "simple_bind_s"],
        secures: &["start_tls_s"],
        words: "LDAP",
        help: "use `ldaps://`, or call `start_tls_s()` before binding",
    },
    Protocol {
        opens: "poplib.POP3",
        password: None,
        logs_in: &["pass_"],
        secures: &["stls"],
        words: "POP3",
        help: "use `poplib.POP3_SSL`, or call `stls()` before the password",
    },
    Protocol {
        opens: "smtplib.SMTP",
        password: None,
        logs_in: &["login"],
        secures: &["starttls"],
        words: "SMTP",
        help: "use `smtplib.SMTP_SSL`, or call `starttls()` before `login()`",
    },
    Protocol {
        opens: "telnetlib.Telnet",
        password: None,
        logs_in: &["write"],
        secures: &[],
        words: "telnet",
        help: "use SSH",
    },
];

fn connections(cx: &Cx<'_>, out: &mut Findings) {
    let names: Vec<&'static str> = PROTOCOLS.iter().map(|protocol| protocol.opens).collect();
    for call in cx.calls_to(&names) {
        let Some(protocol) = PROTOCOLS.iter().find(|it| it.opens == call.name) else { continue };
        let host = call.arguments.first().map(|argument| argument.value);
        let known = host.and_then(|host| start(cx, call.at, host));
        let confidence = match known.as_deref().map(host_of) {
            Some(host) if reach(host) != Reach::Public => continue,
            Some(_) => Confidence::High,
            None => Confidence::Medium,
        };
        // Whether an address that is not known is `ldaps://` is not known, either.
        let ldap = known.as_deref().is_some_and(|uri| uri.starts_with("ldap://"));
        if (protocol.opens == "ldap.initialize" && !ldap) || call.at.is_chosen(call.id) {
            continue;
        }
        let Some(login) = login(&call, protocol) else { continue };
        let message = format!(
            "the login crosses the network in the clear: {} has no TLS here",
            protocol.words
        );
        out.found(&RULE, call.at.expr_span(call.id), call.path_around(), message)
            .confidence(confidence)
            .related((login != call.id).then(|| call.at.expr_span(login)), "the login is sent here")
            .help(protocol.help)
            .done();
    }
}

/// Where a connection logs in, unless it is secured first.
fn login(call: &Called<'_>, protocol: &Protocol) -> Option<ExprId> {
    let code = call.at.code;
    let kept: Kept<'_> = object(call);
    if kept.calls(protocol.secures).next().is_some() {
        return None;
    }
    if let Some((position, name)) = protocol.password
        && let Some(password) = call.argument(position, name)
    {
        return (!matches!(code.expr(password), Expr::None)).then_some(password);
    }
    kept.calls(protocol.logs_in).find(|login| match protocol.opens {
        "telnetlib.Telnet" => kept.names_a_password(),
        _ => is_login(call.at, *login),
    })
}

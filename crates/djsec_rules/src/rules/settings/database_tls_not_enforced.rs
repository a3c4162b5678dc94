use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use super::database::{self, Kind};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds databases on a public host whose connection may go over the network in the clear:
    /// PostgreSQL without `sslmode` `require`, `verify-ca` or `verify-full`, MySQL without `ssl`.
    ///
    /// ## Why it matters
    /// libpq's default, `prefer`, encrypts only when the server offers it, and tells nobody when it does
    /// not. Who sits on the way turns encryption off, and reads the password and every row.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// import os
    ///
    /// DATABASES = {
    ///     "default": {
    ///         "ENGINE": "django.db.backends.postgresql",
    ///         "HOST": "db.example.com",  # finding
    ///         "PASSWORD": os.environ["SHOP_DB_PASSWORD"],
    ///     }
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// DATABASES["default"]["HOST"] = "db.example.com"
    /// DATABASES["default"]["OPTIONS"] = {"sslmode": "verify-full"}
    /// ```
    /// The host is this machine, a neighbour container, or not known:
    /// ```python settings.py
    /// DATABASES = {
    ///     "default": {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1"},
    ///     "replica": {"ENGINE": "django.db.backends.postgresql", "HOST": "db"},
    /// }
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DATABASES = {
    ///     "default": {"ENGINE": "django.db.backends.postgresql", "HOST": os.environ["SHOP_DB"]},
    /// }
    /// ```
    /// ```python settings.py
    /// DATABASES = {
    ///     "default": {
    ///         "ENGINE": "django.db.backends.mysql",
    ///         "HOST": "db.example.com",
    ///         "OPTIONS": {"ssl": {"ca": "/etc/ssl/db-ca.pem"}},
    ///     }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// `"OPTIONS": {"sslmode": "verify-full", "sslrootcert": "…"}` for PostgreSQL, `"OPTIONS": {"ssl":
    /// {"ca": "…"}}` for MySQL.
    ///
    /// ## Limits
    /// Clouds that refuse connections without TLS are reported as information: the server protects
    /// the data, and yet nothing checks that it is the server. Hosts that come from the
    /// environment are not judged.
    ///
    /// ## References
    /// - [PostgreSQL: SSL support](https://www.postgresql.org/docs/current/libpq-ssl.html)
    /// - [Django: PostgreSQL notes](https://docs.djangoproject.com/en/stable/ref/databases/#postgresql-notes)
    RULE {
        id: "database-tls-not-enforced",
        group: "settings",
        summary: "the way to the database may be in the clear",
        severity: Medium,
        cwe: [319],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:12.3.1"],
        checklist: ["database-least-privilege"],
        since: "next",
        checks: [Check::Setting(&["DATABASES"], check)],
    }
}

/// Names of clouds whose servers refuse, or by default refuse, what is not encrypted.
const FORCES_TLS: [&str; 7] = [
    ".aivencloud.com",
    ".database.azure.com",
    ".db.ondigitalocean.com",
    ".neon.tech",
    ".psdb.cloud",
    ".rds.amazonaws.com",
    ".supabase.co",
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for alias in setting.keys() {
        let db = setting.entry(&alias);
        let postgres = database::kind_is(&db, |kind| kind == Kind::Postgres);
        let mysql = database::kind_is(&db, |kind| kind == Kind::MySql);
        let open = (postgres & !postgres_encrypts(&db)) | (mysql & !mysql_encrypts(&db));
        let host = db.entry("HOST");
        let message = format!(
            "the connection to the database `{alias}` may go over the network in the clear"
        );
        let report = out.judge(cx, &RULE, &host, open & database::public(&db), message).help(
            "set `sslmode` to `verify-full` (PostgreSQL) or give `ssl` a CA (MySQL) in `OPTIONS`",
        );
        let forced = host.is(|data| {
            let ends = |host: &str| FORCES_TLS.iter().any(|end| host.ends_with(end));
            Some(data.as_str().is_some_and(ends))
        });
        if forced.is_always() { report.at_most(Severity::Info).done() } else { report.done() }
    }
}

fn postgres_encrypts<'a>(db: &SettingRef<'a>) -> Cond<'a> {
    let options = db.entry("OPTIONS");
    let mode = options
        .entry("sslmode")
        .is(|data| Some(matches!(data.as_str(), Some("require" | "verify-ca" | "verify-full"))));
    // A service file may say anything.
    mode | (!options.entry("service").is_none()).possibly()
}

fn mysql_encrypts<'a>(db: &SettingRef<'a>) -> Cond<'a> {
    let options = db.entry("OPTIONS");
    let given = ["ssl", "ssl_ca", "ssl_mode", "read_default_file"];
    let cond = given.map(|key| {
        options.entry(key).is_raw(|data| match data {
            Data::Sym(_) => None,
            Data::None | Data::Absent => Some(false),
            data => Some(!matches!(data.as_str(), Some("DISABLED" | "PREFERRED"))),
        })
    });
    let [ssl, ca, mode, file] = cond;
    ssl | ca | mode | file.possibly()
}

use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef, Verdict};
use djsec_python::value::Data;

use super::database::{self, Kind};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds databases that production reaches over a network with no password, or with one that
    /// everybody tries first (`postgres`, `root`, `password`), also as the default of a variable.
    ///
    /// ## Why it matters
    /// Whoever reaches the port has the data: a neighbour container, a colleague's laptop in the VPN,
    /// or the internet after one wrong firewall rule.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// DATABASES = {
    ///     "default": {
    ///         "ENGINE": "django.db.backends.postgresql",
    ///         "HOST": "db.example.com",
    ///         "NAME": "shop",
    ///         "USER": "shop",
    ///         "PASSWORD": "postgres",  # finding
    ///     }
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/shop.db"}}
    /// ```
    /// A socket or this machine: the operating system says who it is.
    /// ```python settings.py
    /// DATABASES = {
    ///     "default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "USER": "shop"}
    /// }
    /// ```
    /// The password stands in a file of its own, or is a certificate:
    /// ```python settings.py
    /// DATABASES = {
    ///     "default": {
    ///         "ENGINE": "django.db.backends.postgresql",
    ///         "HOST": "db.example.com",
    ///         "OPTIONS": {"service": "shop", "passfile": ".pgpass"},
    ///     }
    /// }
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DATABASES["default"]["HOST"] = "db.example.com"
    /// DATABASES["default"]["PASSWORD"] = os.environ.get("SHOP_DB_PASSWORD", "")
    /// ```
    ///
    /// ## How to fix
    /// Give the role a password of its own and read it from the environment without a default.
    ///
    /// ## Limits
    /// An empty *default* of a variable is not reported: a server that wants a password refuses it.
    /// Engines that djsec does not know (such as ones that fetch IAM tokens) are left alone.
    ///
    /// ## References
    /// - [Django: DATABASES](https://docs.djangoproject.com/en/stable/ref/settings/#databases)
    RULE {
        id: "database-empty-password",
        group: "settings",
        summary: "a database is reached over the network without a real password",
        severity: High,
        cwe: [521, 258],
        owasp: ["2025:A02", "2025:A07"],
        asvs: ["5.0:13.2.3"],
        checklist: ["database-least-privilege"],
        since: "next",
        checks: [Check::Setting(&["DATABASES"], check)],
    }
}

/// What people try first.
const TRIVIAL: [&str; 18] = [
    "123456",
    "12345678",
    "admin",
    "changeme",
    "change-me",
    "default",
    "django",
    "example",
    "guest",
    "mysql",
    "oracle",
    "pass",
    "password",
    "postgres",
    "postgresql",
    "root",
    "secret",
    "test",
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for alias in setting.keys() {
        let db = setting.entry(&alias);
        let networked = database::kind_is(&db, |kind| kind != Kind::File);
        let options = db.entry("OPTIONS");
        let elsewhere =
            ["service", "passfile", "sslcert", "sslkey", "read_default_file", "password"]
                .into_iter()
                .fold(cx.settings().never(), |cond, key| cond | !options.entry(key).is_none());
        let remote = networked & database::remote(&db) & !elsewhere;
        let password = db.entry("PASSWORD");
        empty(cx, &alias, &password, remote, out);
        trivial(cx, &alias, &password, remote, out);
    }
}

fn empty(
    cx: &Cx<'_>,
    alias: &str,
    password: &SettingRef<'_>,
    remote: Cond<'_>,
    out: &mut Findings,
) {
    let none = password.is(|data| match data {
        Data::None | Data::Absent => Some(true),
        Data::Str(text) => Some(text.is_empty()),
        _ => Some(false),
    }) & remote;
    if matches!(cx.settings().verdict(none), Verdict::Always | Verdict::Possible { .. }) {
        let message =
            format!("the database `{alias}` is reached over the network without a password");
        out.judge(cx, &RULE, password, none, message)
            .help("give the role a password, and read it from the environment without a default")
            .done();
    }
}

fn trivial(
    cx: &Cx<'_>,
    alias: &str,
    password: &SettingRef<'_>,
    remote: Cond<'_>,
    out: &mut Findings,
) {
    let known = password.is(|data| {
        Some(
            data.as_str().is_some_and(|text| TRIVIAL.contains(&text.to_ascii_lowercase().as_str())),
        )
    }) & remote;
    let message = format!("the database `{alias}` has a password that everybody tries first");
    out.judge(cx, &RULE, password, known, message)
        .at_most(Severity::High)
        .help("give the role a password of its own, and read it from the environment without a default")
        .done();
}

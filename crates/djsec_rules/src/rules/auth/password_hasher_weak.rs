use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::QualifiedName;

use crate::classes::dotted;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a first entry of `PASSWORD_HASHERS` that is quick to compute: MD5, SHA-1, `crypt`, or a
    /// PBKDF2 of the project with fewer rounds than the installed Django uses itself.
    ///
    /// ## Why it matters
    /// The first hasher makes the hash of every new password. Whoever gets a copy of the table tries
    /// billions of passwords a second against MD5 or SHA-1, and has most of them in a day.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// PASSWORD_HASHERS = [
    ///     "django.contrib.auth.hashers.MD5PasswordHasher",  # finding
    ///     "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # Old hashes are still read, and written anew at the next login.
    /// PASSWORD_HASHERS = [
    ///     "django.contrib.auth.hashers.Argon2PasswordHasher",
    ///     "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ///     "django.contrib.auth.hashers.MD5PasswordHasher",
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// Put `Argon2PasswordHasher` (with the package `argon2-cffi`), `ScryptPasswordHasher` or
    /// `PBKDF2PasswordHasher` first, and keep the old one further down, so that old passwords still
    /// work and are hashed anew when their owners log in. In tests a quick hasher is fine: set it in
    /// the settings of the tests.
    ///
    /// ## Limits
    /// Hashers that the project's Django no longer has are not reported: the process fails with them.
    /// The rounds of a hasher of the project are read where they are written as a number.
    ///
    /// ## References
    /// - [Django: how Django stores passwords](https://docs.djangoproject.com/en/stable/topics/auth/passwords/#how-django-stores-passwords)
    /// - [OWASP: password storage](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html)
    RULE {
        id: "password-hasher-weak",
        group: "auth",
        summary: "passwords are hashed so that they can be guessed quickly",
        severity: Critical,
        cwe: [916, 327],
        owasp: ["2025:A04", "2025:A07"],
        asvs: ["5.0:11.4.2"],
        checklist: ["password-hashing"],
        since: "next",
        checks: [Check::Setting(&["PASSWORD_HASHERS"], check)],
    }
}

const HASHERS: &str = "django.contrib.auth.hashers.";

/// Hashers of Django that are quick, what they do, and the first series without them.
const QUICK: &[(&str, &str, (u16, u16))] = &[
    ("MD5PasswordHasher", "MD5", (u16::MAX, 0)),
    ("UnsaltedMD5PasswordHasher", "MD5 without a salt", (5, 1)),
    ("SHA1PasswordHasher", "SHA-1", (5, 1)),
    ("UnsaltedSHA1PasswordHasher", "SHA-1 without a salt", (5, 1)),
    ("CryptPasswordHasher", "`crypt`", (5, 0)),
];

/// The rounds of Django's PBKDF2 hasher from each series on (`django/contrib/auth/hashers.py`).
const ROUNDS: &[((u16, u16), u64)] = &[
    ((3, 2), 260_000),
    ((4, 0), 320_000),
    ((4, 1), 390_000),
    ((4, 2), 600_000),
    ((5, 0), 720_000),
    ((5, 1), 870_000),
    ((5, 2), 1_000_000),
    ((6, 0), 1_200_000),
    ((6, 1), 1_500_000),
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let first = setting.index(0);
    let users = cx.uses_app("django.contrib.auth");
    for part in first.alternatives() {
        let Some(path) = dotted(&part.data) else { continue };
        if let Some(what) = quick(cx, path) {
            let message =
                format!("passwords are hashed with {what}, which can be guessed by the billion");
            out.judge(cx, &RULE, &first, part.when & users, message)
                .at(part.span)
                .help("put `Argon2PasswordHasher` or `PBKDF2PasswordHasher` first")
                .done();
        } else if let Some((rounds, usual)) = few_rounds(cx, path) {
            let message =
                format!("passwords are hashed with {rounds} rounds; this Django uses {usual}");
            out.judge(cx, &RULE, &first, part.when & users, message)
                .rated(Severity::Medium)
                .at(part.span)
                .help("leave the rounds to Django, which raises them with each version")
                .done();
        }
    }
}

fn quick(cx: &Cx<'_>, path: &str) -> Option<&'static str> {
    let known = |path: &str| {
        let name = path.strip_prefix(HASHERS)?;
        let (_, what, (major, minor)) = QUICK.iter().find(|(class, ..)| *class == name)?;
        let gone = cx.django().is_some() && cx.django_at_least(*major, *minor);
        (!gone).then_some(*what)
    };
    known(path).or_else(|| {
        cx.hierarchy(path)?.iter().find_map(|base| match base {
            QualifiedName::External(name) => known(name),
            _ => None,
        })
    })
}

/// The rounds of a PBKDF2 hasher of the project and Django's own, where they are fewer.
fn few_rounds(cx: &Cx<'_>, path: &str) -> Option<(u64, u64)> {
    let order = cx.hierarchy(path)?;
    let pbkdf2 =
        |base: &QualifiedName| base.is_external("django.contrib.auth.hashers.PBKDF2PasswordHasher");
    if !order.iter().any(pbkdf2) {
        return None;
    }
    let series = cx.settings().series;
    let (_, usual) = ROUNDS.iter().rev().find(|(from, _)| *from <= (series.major, series.minor))?;
    for base in &order {
        let (QualifiedName::Project(module, _), Some(class)) = (base, cx.program.class(base))
        else {
            continue;
        };
        let Some(binding) = class.attributes.iter().find(|found| &*found.name == "iterations")
        else {
            continue;
        };
        let file = cx.program.module(*module)?.file;
        let text = cx.source(djsec_base::Span::new(file, binding.range));
        let number = text.split_once('=')?.1.trim().replace('_', "");
        let rounds: u64 = number.parse().ok()?;
        return (rounds < *usual).then_some((rounds, *usual));
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn rounds_are_in_the_order_of_the_series() {
        assert!(super::ROUNDS.is_sorted());
    }
}

use djsec_base::{Finding, Severity};
use djsec_templates::page::Element;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds fields for the visitor's own password that refuse what is pasted, or that ask browsers with
    /// `autocomplete="off"` not to fill them in.
    ///
    /// ## Why it matters
    /// Passwords that are long and used once come from a password manager. Who cannot paste chooses one that can be typed,
    /// and uses it elsewhere, too. Standards ask sites to let managers in (ASVS 5.0 V6.2.7, NIST SP 800-63B), against what
    /// older checklists said. Refusing to paste really does it. `autocomplete="off"` does little by now, as browsers pass
    /// over it in fields for passwords: it is reported as a matter of information, since the right words help managers.
    ///
    /// ## Flagged
    /// ```html templates/login.html
    /// <input type="password" name="password" onpaste="return false"> {# finding #}
    /// <input type="password" name="new_password1" autocomplete="off"> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// The right words, codes that are used once, and secrets that are not the visitor's password, which a manager should
    /// not fill in:
    /// ```html templates/login.html
    /// <input type="password" name="password" autocomplete="current-password">
    /// <input type="password" name="new_password1" autocomplete="new-password">
    /// <input type="password" name="password2">
    /// <input type="text" name="otp" autocomplete="off">
    /// <input type="text" name="code" autocomplete="one-time-code">
    /// <input type="password" name="smtp_password" autocomplete="off">
    /// <input type="password" name="api_key" autocomplete="off">
    /// <input type="password" name="password" onpaste="checkLater()">
    /// ```
    ///
    /// ## How to fix
    /// Take the handler away. Write `autocomplete="current-password"` where somebody logs in, and `"new-password"` where
    /// they choose one, as the forms of `django.contrib.auth` do.
    ///
    /// ## Limits
    /// Fields that forms of Django write, and handlers that scripts add, are not looked at.
    ///
    /// ## References
    /// - [OWASP ASVS 5.0, V6.2.7](https://github.com/OWASP/ASVS)
    /// - [MDN: autocomplete](https://developer.mozilla.org/en-US/docs/Web/HTML/Reference/Attributes/autocomplete)
    RULE {
        id: "password-manager-blocked",
        group: "templates",
        summary: "a field for a password keeps password managers out",
        severity: Low,
        cwe: [521],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.2.7"],
        checklist: ["password-validators"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for element in cx.templates().elements() {
        let kind = element.text("type").unwrap_or_default();
        if &*element.name != "input" || !kind.trim().eq_ignore_ascii_case("password") {
            continue;
        }
        let Some(name) = element.text("name").filter(|name| is_own_password(name)) else {
            continue;
        };
        let (severity, message, help) = if refuses_paste(element) {
            let message = format!("`{name}` refuses a password that is pasted");
            (Severity::Low, message, "take the handler away")
        } else if element
            .text("autocomplete")
            .is_some_and(|text| text.trim().eq_ignore_ascii_case("off"))
        {
            let message = format!("`{name}` asks password managers not to fill it in");
            let help = "write `autocomplete=\"current-password\"` or `\"new-password\"`";
            (Severity::Info, message, help)
        } else {
            continue;
        };
        let finding =
            Finding::new(&RULE.meta, element.span.into(), name, message).severity(severity);
        out.report(finding).help(help).done();
    }
}

/// Whether nothing can be pasted or dropped into a field.
fn refuses_paste(element: &Element) -> bool {
    ["onpaste", "ondrop"].iter().any(|name| {
        element.text(name).is_some_and(|code| {
            let code: String = code.split_whitespace().collect();
            code.contains("returnfalse") || code.contains("preventDefault()")
        })
    })
}

/// Whether a field is for the password of whoever fills it in: `password`, `new_password2`, `login-password`.
fn is_own_password(name: &str) -> bool {
    const BEFORE: [&str; 11] = [
        "account", "auth", "confirm", "current", "login", "new", "old", "register", "repeat",
        "signup", "user",
    ];
    let name = name.to_ascii_lowercase();
    let mut words: Vec<&str> = name.split(['_', '-', '.']).collect();
    words.retain(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
    let mut found = false;
    words.iter().all(|word| {
        let is_password = matches!(
            word.trim_end_matches(|c: char| c.is_ascii_digit()),
            "password" | "passwd" | "pwd"
        );
        found |= is_password;
        is_password || BEFORE.contains(word) || matches!(*word, "confirmation" | "again")
    }) && found
}

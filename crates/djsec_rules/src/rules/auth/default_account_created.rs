use djsec_base::{Confidence, Role, Severity, last_part};
use djsec_python::Call;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds accounts that migrations, commands and other code make with a password that is written
    /// there: `create_superuser(…, password="…")`.
    ///
    /// ## Why it matters
    /// Every installation that runs the code has the account, and everybody who reads the source has
    /// its password. Nobody remembers to change it.
    ///
    /// ## Flagged
    /// ```python shop/management/commands/setup.py
    /// from django.contrib.auth.models import User
    /// from django.core.management.base import BaseCommand
    ///
    ///
    /// class Command(BaseCommand):
    ///     def handle(self, **options):
    ///         User.objects.create_superuser("admin", "", "Winter2026!")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python shop/management/commands/setup.py
    /// import os
    ///
    /// from django.contrib.auth.models import User
    /// from django.core.management.base import BaseCommand
    ///
    ///
    /// class Command(BaseCommand):
    ///     def handle(self, **options):
    ///         User.objects.create_superuser("admin", "", os.environ["ADMIN_PASSWORD"])
    /// ```
    ///
    /// ## How to fix
    /// Read the password from the environment without a default, or make the account without one and
    /// let its owner set it by a reset link.
    ///
    /// ## Limits
    /// Code for tests is left out. Where the module's name says that it fills a development database
    /// (`demo`, `seed`, `fake`), the finding is milder.
    RULE {
        id: "default-account-created",
        group: "auth",
        summary: "an account with a known password is made",
        severity: High,
        cwe: [798, 1392],
        owasp: ["2025:A07", "2025:A02"],
        asvs: ["5.0:6.3.2"],
        checklist: ["secrets-out-of-source"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What makes accounts.
const MAKERS: [&str; 2] = ["create_superuser", "create_user"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (id, module) in cx.program.modules() {
        let Some(file) = cx.files.file(module.file) else { continue };
        let runs = matches!(file.role, Role::Application | Role::Migration);
        if !runs
            || !file.path.starts_with(&cx.project.root)
            || !MAKERS.iter().any(|name| module.may_mention(name))
        {
            continue;
        }
        for call in cx.program.calls(id, &|callee| MAKERS.contains(&last_part(callee))) {
            let superuser = last_part(call.callee) == "create_superuser";
            account(cx, &call, superuser, file.path.as_str(), out);
        }
    }
}

fn account(cx: &Cx<'_>, call: &Call<'_>, superuser: bool, path: &str, out: &mut Findings) {
    let arguments = call.arguments(cx.files);
    let named = |name: &str| {
        arguments.iter().find(move |argument| argument.keyword.as_deref() == Some(name))
    };
    let positional: Vec<_> = arguments.iter().filter(|a| a.keyword.is_none()).collect();
    let unpacked = positional.iter().any(|argument| argument.unpacked);
    let third = || positional.get(2).copied().filter(|_| !unpacked);
    let Some(password) = named("password").or_else(third) else { return };
    let Some(text) = cx.program.argument_text(call.module, password) else { return };
    let privileged = superuser || named("is_superuser").or_else(|| named("is_staff")).is_some();
    if text.is_empty() {
        return;
    }
    let word = |word: &str| path.to_ascii_lowercase().contains(word);
    let development = ["demo", "seed", "fake", "dummy", "dev", "sample", "populate", "e2e", "test"];
    let (severity, confidence) = match (privileged, development.iter().any(|w| word(w))) {
        (true, false) => (Severity::High, Confidence::High),
        (false, false) => (Severity::Medium, Confidence::Medium),
        (_, true) => (Severity::Low, Confidence::Low),
    };
    let who = if privileged { "an administrator" } else { "an account" };
    let message = format!("{who} is made with a password that is written here");
    out.found(&RULE, password.span, call.scope, message)
        .severity(severity)
        .confidence(confidence)
        .help("read the password from the environment, without a default")
        .done();
}

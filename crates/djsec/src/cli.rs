//! The command line.

use camino::Utf8PathBuf;
use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::styling::{AnsiColor, Styles},
};
use clap_complete::Shell;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default())
    .error(AnsiColor::Red.on_default().bold())
    .valid(AnsiColor::Cyan.on_default())
    .invalid(AnsiColor::Yellow.on_default());

const AFTER_HELP: &str = "\
\u{1b}[1;32mExit status:\u{1b}[0m
  0  nothing at or above --fail-on
  1  at least one finding is
  2  djsec could not do its job: wrong arguments, unreadable path, broken config
  3  the run is incomplete: something was skipped, and is named

djsec reads; it never runs, imports or changes your project, and needs no network.";

/// The Django security checklist, made executable.
#[derive(Debug, Parser)]
#[command(name = "djsec", version, styles = STYLES, after_help = AFTER_HELP, max_term_width = 100)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Audit a Django project
    Check(Check),
    /// Show the settings that production loads, and what decides them
    Settings(Settings),
    /// Show every address: what answers it, and who may reach it
    Routes(Routes),
    /// Propose the content security policy that the templates need
    Csp(Csp),
    /// Explain a rule: what it finds, why it matters, how to fix it
    Explain(Explain),
    /// List the rules
    Rules(Rules),
    /// Write a completion script for a shell
    Completions(Completions),
}

/// Options of every command.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
#[command(next_help_heading = "Terminal")]
pub(crate) struct Look {
    /// When to use colors: auto, always, never
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) color: When,
    /// When to make links of files: auto, always, never
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) hyperlinks: When,
    /// Show no progress
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Say more: also what is otherwise only counted
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Write nothing to stderr but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say on stderr how long each stage took
    #[arg(long, global = true)]
    pub(crate) timings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    // When a terminal is there that can
    Auto,
    // Even into files and pipes
    Always,
    // Not at all
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The folder to audit
    #[arg(default_value = ".", hide_default_value = true)]
    pub(crate) path: Utf8PathBuf,
    /// Say why a rule reports a line or not, instead of auditing
    #[arg(
        long,
        value_name = "RULE:FILE:LINE",
        help_heading = "Report",
        conflicts_with_all = ["format", "output", "write_baseline"]
    )]
    pub(crate) trace: Option<String>,
    #[command(flatten)]
    pub(crate) report: ReportOptions,
    #[command(flatten)]
    pub(crate) verdict: Verdict,
    #[command(flatten)]
    pub(crate) production: Production,
    #[command(flatten)]
    pub(crate) config: ConfigOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// The folder of the project
    #[arg(default_value = ".", hide_default_value = true)]
    pub(crate) path: Utf8PathBuf,
    /// Show only settings whose names match, such as 'SESSION_*'
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// How to write them: text, json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: PlainFormat,
    /// Write to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) production: Production,
    #[command(flatten)]
    pub(crate) config: ConfigOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Routes {
    /// The folder of the project
    #[arg(default_value = ".", hide_default_value = true)]
    pub(crate) path: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) only: RouteFilters,
    /// How to write them: text, json, csv, markdown, html
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: RouteFormat,
    /// Write to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) lock: LockOptions,
    #[command(flatten)]
    pub(crate) production: Production,
    #[command(flatten)]
    pub(crate) config: ConfigOptions,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct RouteFilters {
    /// Only what anyone may reach
    #[arg(long)]
    pub(crate) public: bool,
    /// Only what answers methods that change state
    #[arg(long)]
    pub(crate) unsafe_methods: bool,
    /// Only views of these apps, by their labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub(crate) app: Vec<String>,
    /// Only routes whose names match, such as 'accounts:*'
    #[arg(long, value_name = "PATTERN")]
    pub(crate) name: Vec<String>,
    /// Only patterns that match, such as '/api/*'
    #[arg(long = "path", value_name = "PATTERN")]
    pub(crate) pattern: Vec<String>,
}

/// A lock is one of everything, so filters and formats have no place beside it. An empty name is the
/// one in the folder of the project.
#[derive(Debug, Args)]
#[command(next_help_heading = "Lock")]
pub(crate) struct LockOptions {
    /// Write who may reach what to a file [default: djsec-routes.lock in PATH]
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        default_missing_value = "",
        require_equals = true,
        conflicts_with_all = ["check_lock", "format", "output", "public", "unsafe_methods", "app", "name", "pattern"]
    )]
    pub(crate) write_lock: Option<Utf8PathBuf>,
    /// Say what changed since the lock was written, and exit with 1 if anything did
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        default_missing_value = "",
        require_equals = true,
        conflicts_with_all = ["format", "public", "unsafe_methods", "app", "name", "pattern"]
    )]
    pub(crate) check_lock: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Csp {
    /// The folder of the project
    #[arg(default_value = ".", hide_default_value = true)]
    pub(crate) path: Utf8PathBuf,
    /// Who sends the policy: django, django-csp, nginx [default: who can, by the project]
    #[arg(long, value_name = "STYLE", hide_possible_values = true)]
    pub(crate) style: Option<CspStyle>,
    /// How to write it: text, json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: PlainFormat,
    /// Write to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) production: Production,
    #[command(flatten)]
    pub(crate) config: ConfigOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CspStyle {
    // Django 6.0 and newer
    Django,
    // The package, as its installed version wants it
    DjangoCsp,
    // A web server in front
    Nginx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RouteFormat {
    // For people
    Text,
    // For programs; documented in docs/
    Json,
    // For spreadsheets
    Csv,
    // For issues and wikis
    Markdown,
    // One page that needs nothing else
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule, such as debug-enabled
    pub(crate) rule: String,
    /// How to write the page: text, json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: PlainFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// Only these rules, groups or prefixes*
    #[arg(value_name = "RULE")]
    pub(crate) only: Vec<String>,
    /// How to write the list: text, json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: PlainFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportOptions {
    /// How to write the report: text, json, sarif, html
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) format: ReportFormat,
    /// Write the report to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Verdict")]
pub(crate) struct Verdict {
    /// Rules to run: ids, groups, prefixes* or 'all', separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Rules not to run
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// The least confidence to show: low, medium, high [default: medium]
    #[arg(long, value_name = "LEVEL", hide_possible_values = true)]
    pub(crate) confidence: Option<ConfidenceLevel>,
    /// The least severity to fail on: info, low, medium, high, critical [default: medium]
    #[arg(long, value_name = "SEVERITY", hide_possible_values = true)]
    pub(crate) fail_on: Option<SeverityLevel>,
    /// Exit with status 0 whatever was found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Count only findings that are not in this baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<Utf8PathBuf>,
    /// Write all present findings to a baseline, and count none
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(crate) write_baseline: Option<Utf8PathBuf>,
    /// The day that counts as today, for expiry dates [default: today in UTC]
    #[arg(long, value_name = "DATE", hide = true)]
    pub(crate) today: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Production")]
pub(crate) struct Production {
    /// The settings module that production loads, such as shop.settings.prod
    #[arg(long, value_name = "MODULE")]
    pub(crate) settings: Option<String>,
    /// An environment variable of production; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = variable)]
    pub(crate) env: Vec<(String, String)>,
    /// A file with environment variables of production; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<Utf8PathBuf>,
    /// Variables that are not given are unset (otherwise they are unknown)
    #[arg(long)]
    pub(crate) env_closed: bool,
    /// The virtualenv to read packages' classes from [default: one in PATH]
    #[arg(long, value_name = "DIR")]
    pub(crate) python_env: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Config")]
pub(crate) struct ConfigOptions {
    /// Use this config [default: djsec.toml or pyproject.toml in PATH]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Use no config file
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    // For people
    Text,
    // For programs; documented in docs/
    Json,
    // SARIF 2.1.0, for code scanning services and editors
    Sarif,
    // One page for people, to sort, search and hand on
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlainFormat {
    // For people
    Text,
    // For programs
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityLevel {
    // Everything
    Info,
    // A missing layer of defence
    Low,
    // Helps an attacker, or removes a protection
    Medium,
    // Exploitable under common conditions
    High,
    // Gives an attacker data or control by itself
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfidenceLevel {
    // Also leads for a reviewer
    Low,
    // Very likely
    Medium,
    // Proven from what the project says
    High,
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

//! Help, formats, colors, files.

use insta::assert_snapshot;

use crate::Project;

#[test]
fn without_a_command_djsec_shows_its_help() {
    let ran = Project::new(&[]).run(&[]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("Usage: djsec [OPTIONS] <COMMAND>"), "{}", ran.stderr);
    let help = Project::new(&[]).run(&["--help"]);
    assert_eq!((help.status, help.stdout.as_str()), (0, ran.stderr.as_str()));
}

#[test]
fn every_option_of_check_is_in_its_help() {
    let ran = Project::new(&[]).run(&["check", "--help"]);
    assert_snapshot!(ran.stdout, @r"
    Audit a Django project

    Usage: djsec check [OPTIONS] [PATH]

    Arguments:
      [PATH]  The folder to audit

    Options:
      -h, --help  Print help

    Report:
          --trace <RULE:FILE:LINE>  Say why a rule reports a line or not, instead of auditing
          --format <FORMAT>         How to write the report: text, json, sarif, html [default: text]
      -o, --output <FILE>           Write the report to a file instead of stdout

    Verdict:
          --select <RULES>         Rules to run: ids, groups, prefixes* or 'all', separated by commas
          --ignore <RULES>         Rules not to run
          --confidence <LEVEL>     The least confidence to show: low, medium, high [default: medium]
          --fail-on <SEVERITY>     The least severity to fail on: info, low, medium, high, critical
                                   [default: medium]
          --exit-zero              Exit with status 0 whatever was found
          --baseline <FILE>        Count only findings that are not in this baseline
          --write-baseline <FILE>  Write all present findings to a baseline, and count none

    Production:
          --settings <MODULE>  The settings module that production loads, such as shop.settings.prod
          --env <KEY=VALUE>    An environment variable of production; may be repeated
          --env-file <FILE>    A file with environment variables of production; may be repeated
          --env-closed         Variables that are not given are unset (otherwise they are unknown)
          --python-env <DIR>   The virtualenv to read packages' classes from [default: one in PATH]

    Config:
          --config <FILE>  Use this config [default: djsec.toml or pyproject.toml in PATH]
          --no-config      Use no config file

    Terminal:
          --color <WHEN>       When to use colors: auto, always, never
          --hyperlinks <WHEN>  When to make links of files: auto, always, never
          --no-progress        Show no progress
      -v, --verbose            Say more: also what is otherwise only counted
      -q, --quiet              Write nothing to stderr but errors
          --timings            Say on stderr how long each stage took
    ");
}

#[test]
fn the_version_is_one_line() {
    let ran = Project::new(&[]).run(&["--version"]);
    assert_eq!(ran.stdout, format!("djsec {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn colors_follow_the_option_and_the_environment() {
    let project = Project::new(&[("shop.py", "")]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = project.command(&[&["check"], arguments].concat());
        let output = command.envs(variables.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--output", "/dev/stdout"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_report_goes_to_a_file_and_stdout_stays_empty() {
    let project = Project::new(&[("shop.py", "")]);
    let ran = project.run(&["check", "--format", "sarif", "--output", "report.sarif"]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let report: serde_json::Value = serde_json::from_str(&project.read("report.sarif")).unwrap();
    assert_eq!(report["version"], "2.1.0");
}

#[test]
fn two_runs_say_the_same() {
    let files: Vec<(String, &str)> =
        (0..60).map(|at| (format!("app{at}/djsec_{at}.py"), "x = 1  # djsec: bad\n")).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let project = Project::new(&files);
    let first = project.run(&["check", "--format", "json"]);
    assert_eq!(first.stdout, project.run(&["check", "--format", "json"]).stdout);
    assert!(first.stdout.contains("suppression-malformed"));
}

#[test]
fn timings_name_the_stages_on_stderr() {
    let ran = Project::new(&[("shop.py", "")]).run(&["check", "--timings"]);
    for stage in ["discover", "settle", "total"] {
        assert!(ran.stderr.contains(stage), "{}", ran.stderr);
    }
    assert!(!ran.stdout.contains("discover"));
}

#[test]
fn completions_are_written_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = Project::new(&[]).run(&["completions", shell]);
        assert_eq!(ran.status, 0);
        assert!(ran.stdout.contains("write-baseline"), "{shell}");
    }
}

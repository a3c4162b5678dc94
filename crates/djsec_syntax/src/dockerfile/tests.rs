use super::*;

fn env(stage: &Stage) -> Vec<(String, Option<String>)> {
    let mut out = Vec::new();
    for instruction in &stage.instructions {
        if let Instruction::Env(variables) = instruction {
            out.extend(variables.iter().map(|v| (v.name.clone(), v.value.clone())));
        }
    }
    out
}

fn pair(name: &str, value: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(value.to_owned()))
}

#[test]
fn env_lines_are_split_with_quotes_comments_and_joined_lines() {
    let text =
        "FROM a\nENV A=1 B=\"x y\" \\\n  # a comment\n  C='' \\\n  D=${A}/z\nENV E old style\n";
    let parsed = parse(text);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let got = env(&parsed.tree.stages[0]);
    assert_eq!(
        got,
        [
            pair("A", "1"),
            pair("B", "x y"),
            pair("C", ""),
            pair("D", "${A}/z"),
            pair("E", "old style")
        ]
    );
    let Instruction::Env(variables) = &parsed.tree.stages[0].instructions[0] else { panic!() };
    assert_eq!(crate::under(text, variables[1].range), "B=\"x y\"");
    assert_eq!(crate::under(text, variables[3].range), "D=${A}/z");
}

#[test]
fn stages_know_what_they_are_built_on() {
    let text = "ARG V=1\nFROM python:$V AS base\nENV A=1\nFROM node AS assets\nFROM base\nCOPY --from=assets /x /y\nCMD [\"gunicorn\", \"a\"]\n";
    let tree = parse(text).tree;
    assert_eq!(tree.args[0].value.as_deref(), Some("1"));
    let lineage: Vec<_> = tree.lineage(2).iter().map(|stage| stage.image.as_str()).collect();
    assert_eq!(lineage, ["python:$V", "base"]);
    let last = &tree.stages[2].instructions;
    assert!(matches!(&last[0], Instruction::Copy { from: Some(from), .. } if from == "assets"));
    assert!(
        matches!(&last[1], Instruction::Cmd(Command::Exec(words)) if words[0].text == "gunicorn")
    );
}

#[test]
fn fragments_and_template_lines_survive() {
    let text = "ENV A=1\n{% if x %}\nENV B=2\n{% endif %}\nCMD gunicorn a\n";
    let parsed = parse(text);
    assert_eq!(parsed.errors.len(), 2);
    assert_eq!(env(&parsed.tree.stages[0]), [pair("A", "1"), pair("B", "2")]);
    let Some(Instruction::Cmd(Command::Shell(line))) = parsed.tree.stages[0].instructions.last()
    else {
        panic!()
    };
    assert_eq!(crate::under(text, line.range), "gunicorn a");
}

#[test]
fn a_file_of_nothing_but_garbage_ends() {
    let parsed = parse(&"{{ x }}\n".repeat(5_000));
    assert_eq!(parsed.errors.len(), MAX_ERRORS);
}

use super::*;

fn words(command: &Command) -> Vec<&str> {
    command.words.iter().map(Text::as_str).collect()
}

#[test]
fn an_entrypoint_gives_its_exports_and_commands() {
    let text = "#!/bin/bash\nset -e\nexport A=1 B='two words'\n# C=3\nX=y python manage.py migrate && \\\n  exec gunicorn a.wsgi \"--bind=0.0.0.0:$PORT\"\n";
    let commands = parse(text);
    assert_eq!(commands.len(), 4);
    assert!(commands[1].exported);
    assert_eq!(commands[1].assignments[1].value.as_deref(), Some("two words"));
    assert_eq!(commands[2].assignments[0].name, "X");
    assert_eq!(words(&commands[2]), ["python", "manage.py", "migrate"]);
    assert_eq!(words(&commands[3]), ["gunicorn", "a.wsgi", "--bind=0.0.0.0:$PORT"]);
    assert_eq!(crate::under(text, commands[2].range), "X=y python manage.py migrate");
}

#[test]
fn commands_in_conditions_are_marked_and_those_after_are_not() {
    let commands =
        parse("if [ -n \"$D\" ]; then\n  ./manage.py runserver\nelse\n  gunicorn a\nfi\nuwsgi b\n");
    let names: Vec<_> = commands.iter().map(|c| (c.name(), c.nested)).collect();
    assert_eq!(names, [("[", true), ("manage.py", true), ("gunicorn", true), ("uwsgi", false)]);
}

#[test]
fn substitutions_redirections_and_here_documents_are_no_commands() {
    let text = "A=$(cat x; rm y) run > out 2>&1\ncat <<EOF\ngunicorn fake\nEOF\nlast\n";
    let commands = parse(text);
    let names: Vec<_> = commands.iter().map(Command::name).collect();
    assert_eq!(names, ["run", "cat", "last"]);
    assert_eq!(commands[0].assignments[0].value.as_deref(), Some("$(cat x; rm y)"));
}

#[test]
fn strange_input_ends() {
    for text in ["<", "<<", "$", "${", "$(", "'", "\"", "\\", "<(", "((((", "a <\n", ">;", "`"] {
        parse(text);
    }
    parse(&"${".repeat(2_000));
}

#[test]
fn defaults_are_told_from_values_and_from_the_unknown() {
    let known = |name: &str| (name == "SET").then(|| "yes".to_owned());
    let known: &dyn Fn(&str) -> Option<String> = &known;
    assert_eq!(expand("a$$b-$SET", known), Expanded::Known("a$b-yes".to_owned()));
    assert_eq!(expand("${SET:-no}", known), Expanded::Known("yes".to_owned()));
    assert_eq!(
        expand("${X:-a${Y-b}}", known),
        Expanded::Default { value: "ab".to_owned(), variables: vec!["X".into(), "Y".into()] }
    );
    assert_eq!(expand("${X}", known), Expanded::Unknown { variables: vec!["X".into()] });
    assert_eq!(expand("${X:?needed}", known), Expanded::Unknown { variables: vec!["X".into()] });
    assert_eq!(expand("100%$", known), Expanded::Known("100%$".to_owned()));
}

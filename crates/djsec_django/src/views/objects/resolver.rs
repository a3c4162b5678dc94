//! Running resolvers of GraphQL.

use std::sync::Arc;

use djsec_python::code::ParameterKind;

use super::Objects;
use super::run::{Frame, Framework, Run};
use super::value::{Origin, Source, Value, What};
use crate::views::graphql::Resolver;

impl Run<'_> {
    /// Runs a resolver: `def resolve_order(self, info, id)`.
    pub(super) fn resolver(mut self, resolver: &Resolver) -> Objects {
        self.framework = Framework::Graphql;
        self.handler = Arc::from(resolver.name.as_str());
        let Some(code) = self.world.program.code(resolver.module) else { return self.settle() };
        let Some(function) = code.function(resolver.function) else { return self.settle() };
        let mut frame = Frame::new(resolver.module, code);
        frame.outermost = true;
        frame.owner.clone_from(&resolver.owner);
        let is_info = |name: &str| matches!(name.trim_start_matches('_'), "info" | "inf");
        let info =
            function.parameters.iter().position(|parameter| is_info(code.text(parameter.name)));
        for (at, parameter) in function.parameters.iter().enumerate() {
            let name = self.shared_text(&frame, parameter.name);
            let before = info.is_some_and(|info| at < info)
                || matches!(&*name, "self" | "cls" | "root" | "parent");
            let value = match parameter.kind {
                // It holds the request.
                _ if info == Some(at) => Value::new(What::Request),
                _ if before => Value::other(),
                ParameterKind::VariadicKeyword => {
                    Value { what: What::Mapping(Source::Body), from: Origin::Body(None).into() }
                }
                _ => Value::from(Origin::Body(Some(name))),
            };
            frame.env.insert(parameter.name, value);
        }
        self.enter(frame, resolver.function);
        self.settle()
    }
}

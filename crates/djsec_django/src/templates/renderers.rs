//! The calls of Django that render a template.

/// A call that renders a template.
#[derive(Debug, Clone, Copy)]
pub struct Renderer {
    /// Its full name.
    pub call: &'static str,
    /// The place of the template's name; none where it is what the call is made on.
    pub name: Option<usize>,
    /// The keyword of the template's name.
    pub keyword: &'static str,
    /// The place of the context; its keyword is `context`.
    pub context: usize,
    /// Whether what it gives is a response.
    pub responds: bool,
}

/// All of them. Source: `django.shortcuts`, `django.template.response`, `django.template.loader`.
pub const RENDERERS: [Renderer; 6] = [
    responds("django.shortcuts.render", 1, "template_name"),
    responds("django.shortcuts.render_to_response", 0, "template_name"),
    responds("django.template.response.TemplateResponse", 1, "template"),
    responds("django.template.response.SimpleTemplateResponse", 0, "template"),
    Renderer {
        responds: false,
        ..responds("django.template.loader.render_to_string", 0, "template_name")
    },
    Renderer {
        call: "django.template.backends.django.Template.render",
        name: None,
        keyword: "",
        context: 0,
        responds: false,
    },
];

/// The context stands behind the name.
const fn responds(call: &'static str, name: usize, keyword: &'static str) -> Renderer {
    Renderer { call, name: Some(name), keyword, context: name + 1, responds: true }
}

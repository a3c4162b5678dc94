use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request in what tells a language model what to do: messages with the role `system` or
    /// `developer`, `instructions`, `system`, `system_instruction` of the packages `openai`, `anthropic`, `litellm`,
    /// `ollama`, `langchain` and those of Google.
    ///
    /// ## Why it matters
    /// Models are made to follow these texts before all others. Who writes in them gives the orders: to tell
    /// what else stands there, to leave out what the site forbids, to use the tools that the model was given.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import JsonResponse
    /// from openai import OpenAI
    ///
    /// client = OpenAI()
    ///
    ///
    /// def ask(request):
    ///     answer = client.responses.create(
    ///         model="any",
    ///         instructions=f"Talk about {request.POST['topic']} only.",  # finding
    ///         input=request.POST["question"],
    ///     )
    ///     return JsonResponse({"answer": answer.output_text})
    /// ```
    ///
    /// ## Not flagged
    /// What a user says in the role of a user:
    /// ```python views.py
    /// from django.http import JsonResponse
    /// from openai import OpenAI
    ///
    /// client = OpenAI()
    ///
    ///
    /// def ask(request):
    ///     answer = client.responses.create(
    ///         model="any",
    ///         instructions="Talk about books only.",
    ///         input=request.POST["question"],
    ///     )
    ///     return JsonResponse({"answer": answer.output_text})
    /// ```
    ///
    /// ## How to fix
    /// Keep these texts fixed, or choose among fixed ones, and put what users write into a message with the
    /// role `user`. What a model may do must not depend on what it was told.
    ///
    /// ## Limits
    /// A model may follow what stands in a user's message as well; that is not looked for. What was stored
    /// before is reported with `--confidence low` only.
    ///
    /// ## References
    /// - [OWASP: LLM01 prompt injection](https://genai.owasp.org/llmrisk/llm01-prompt-injection/)
    RULE {
        id: "llm-prompt-injection",
        group: "injection",
        summary: "data of a request becomes part of what a language model is told to do",
        severity: Low,
        cwe: [1427],
        owasp: ["2025:A05"],
        checklist: ["input-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Prompt], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "becomes part of", out)
        .help("keep it fixed, and put what users write into a message with the role `user`")
        .done();
}

# What a request sends becomes part of what a language model is told to do.
import anthropic
import openai
from django.http import JsonResponse

client = openai.OpenAI()


def told(request):
    topic = request.POST["topic"]
    a = client.chat.completions.create(
        model="any",
        messages=[{"role": "system", "content": f"You only talk about {topic}."}],  # bad: prompt
    )
    b = client.responses.create(
        model="any",
        instructions="Answer as " + topic,  # bad: prompt
        input=request.POST["question"],
    )
    c = anthropic.Anthropic().messages.create(
        model="any",
        max_tokens=100,
        system=topic,  # bad: prompt
        messages=[{"role": "user", "content": request.POST["question"]}],
    )
    return JsonResponse({"all": [str(a), str(b), str(c)]})


def asked(request):
    question = request.POST["question"]
    messages = [
        {"role": "system", "content": "You only talk about books."},
        {"role": "user", "content": question},
    ]
    a = client.chat.completions.create(model="any", messages=messages)  # ok: prompt
    b = client.responses.create(model="any", instructions="Be short.", input=question)  # ok: prompt
    level = int(request.POST["level"])
    c = client.responses.create(model="any", instructions=f"Level {level}", input=question)  # ok: prompt
    return JsonResponse({"all": [str(a), str(b), str(c)]})

# Objects out of bytes that the visitor sends.
import base64
import pickle


def view(request):
    pickle.loads(request.body)  # bad: deserialize
    pickle.loads(base64.b64decode(request.COOKIES["cart"]))  # bad: deserialize
    pickle.load(request.FILES["cart"])  # bad: deserialize
    pickle.loads(b"fixed")  # ok: deserialize

# Other packages that make objects out of bytes, and switches that keep them from it.
import io
import marshal
import shelve

import dill
import joblib
import jsonpickle
import numpy
import pandas
import torch


def view(request):
    sent = io.BytesIO(request.body)
    dill.loads(request.body)  # bad: deserialize
    marshal.loads(request.body)  # bad: deserialize
    joblib.load(request.FILES["model"])  # bad: deserialize
    jsonpickle.decode(request.body)  # bad: deserialize
    pandas.read_pickle(sent)  # bad: deserialize
    pandas.read_csv(sent)  # ok: deserialize
    numpy.load(sent, allow_pickle=True)  # bad: deserialize
    numpy.load(sent)  # ok: deserialize
    torch.load(sent)  # bad: deserialize
    torch.load(sent, weights_only=True)  # ok: deserialize
    shelve.open("/srv/cache")  # ok: path

from django.http import HttpResponse
from django.urls import path

from notes.models import Note


def index(request):
    Note.objects.get_or_create(text="first")
    return HttpResponse("\n".join(note.text for note in Note.objects.all()))


urlpatterns = [path("", index)]

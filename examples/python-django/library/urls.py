from django.contrib.auth.models import User
from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import path
from django.utils.translation import gettext


def health(request):
    return JsonResponse(
        {
            "status": "healthy",
            "users": User.objects.count(),
            "greeting": gettext("Welcome"),
            "style": static("style.css"),
        }
    )


urlpatterns = [path("health", health)]

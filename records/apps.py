from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        """Every connection is listened to from its first statement on."""
        from records.recorder import listen_to_every_connection

        listen_to_every_connection()

from channels.consumer import AsyncConsumer
from channels.generic.http import AsyncHttpConsumer
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer, WebsocketConsumer


class RoomConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        if self.scope["user"].is_anonymous:
            await self.close()
        else:
            await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        await self.send(text_data)


class OpenConsumer(WebsocketConsumer):
    def connect(self):
        self.accept()


class Guarded:
    async def connect(self):
        if not self.scope["user"].is_staff:
            return await self.close(code=4403)
        await super().connect()


class StaffConsumer(Guarded, AsyncJsonWebsocketConsumer):
    async def receive_json(self, content):
        await self.send_json(content)


class PlainConsumer(AsyncConsumer):
    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})


class EventConsumer(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_response(200, b"")


class WorkConsumer(AsyncConsumer):
    async def work(self, message):
        pass

import asyncio
import os

import tornado.web


class Health(tornado.web.RequestHandler):
    def get(self):
        self.write(os.environ["BEACON_MESSAGE"] + "\n")


async def main():
    tornado.web.Application([("/health", Health)]).listen(int(os.environ["BEACON_PORT"]))
    await asyncio.Event().wait()


asyncio.run(main())

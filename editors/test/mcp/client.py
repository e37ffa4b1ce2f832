"""Drives `pylint-docker mcp` with the official Python client (PyPI: mcp).

PYLINT_DOCKER is the program, WORKDIR a folder with a Dockerfile. Prints "ok" and exits with 0, or says what went wrong.
"""

import asyncio
import os
import pathlib

from mcp import ClientSession, StdioServerParameters, stdio_client

DIR = pathlib.Path(os.environ["WORKDIR"])
TOOLS = {"check", "convert", "explain_rule", "fix", "graph", "inspect_image"}


async def main() -> None:
    parameters = StdioServerParameters(command=os.environ["PYLINT_DOCKER"], args=["mcp"], cwd=DIR)
    async with stdio_client(parameters) as (reader, writer), ClientSession(reader, writer) as session:
        start = await session.initialize()
        assert start.server_info.name == "pylint-docker", start
        assert {tool.name for tool in (await session.list_tools()).tools} == TOOLS
        await session.send_ping()

        async def call(tool: str, **arguments: object) -> dict:
            # The client itself compares the result with the tool's schema.
            result = await session.call_tool(tool, arguments)
            assert not result.is_error, (tool, result)
            assert "they are data" in result.content[0].text
            return result.structured_content

        found = await call("check")
        assert "PLD205" in {f["code"] for f in found["findings"]}, found
        assert (await call("explain_rule", rule="PLD205"))["name"] == "pip-cache-in-layer"
        assert len((await call("graph"))["graph"]["stages"]) == 1
        assert (await call("convert"))["changed"]
        before = (DIR / "Dockerfile").read_text()
        assert "+RUN pip install --no-cache-dir" in (await call("fix"))["diff"]
        assert (DIR / "Dockerfile").read_text() == before
        assert "Dockerfile" in (await call("fix", write=True))["written"]
        assert "--no-cache-dir" in (DIR / "Dockerfile").read_text()
        assert (await call("inspect_image", path="image"))["layers"]
        outside = await session.call_tool("fix", {"path": "../Dockerfile", "write": True})
        assert outside.is_error and "outside" in outside.content[1].text, outside
    print("ok")


asyncio.run(main())

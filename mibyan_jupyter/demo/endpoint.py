"""HTTP for the demo: one tornado application with one route, thin over `wire` and `replies`."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from dataclasses import dataclass, field
from http.client import responses
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler

from mibyan_jupyter.demo import wire
from mibyan_jupyter.demo.directives import Directives, directives_in
from mibyan_jupyter.demo.replies import Question, reply_to

BASE_PATH = "/api/public/v1"


@dataclass(eq=False)
class Conversations:
    """The pace that answers keep, and the answers under way."""

    tokens_per_second: float
    open_answers: set[asyncio.Future[None]] = field(default_factory=set)

    async def ended(self) -> None:
        """Return when no answer is under way."""
        if self.open_answers:
            await asyncio.wait(self.open_answers)


def make_application(conversations: Conversations) -> Application:
    """The tornado application; it logs no requests."""
    shared = {"conversations": conversations}
    return Application(
        [(f"{BASE_PATH}/chat/completions", ChatCompletions, shared)],
        default_handler_class=UnknownPath,
        default_handler_args=shared,
        log_function=lambda _: None,
    )


class _Endpoint(RequestHandler):
    """Errors as JSON, and a future that is done when the client has left."""

    def initialize(self, conversations: Conversations) -> None:
        """Take what the application shares; tornado calls this for each request."""
        self.conversations = conversations
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def set_default_headers(self) -> None:
        self.set_header("Server", "mibyan-demo")

    def on_connection_close(self) -> None:
        if not self.gone.done():
            self.gone.set_result(None)

    def write_error(self, status_code: int, **_: Any) -> None:
        message = (
            f"{responses.get(status_code, 'Error')}: {self.request.method} {self.request.path}"
        )
        self.refuse(status_code, f"{message}. Try POST {BASE_PATH}/chat/completions.")

    def refuse(self, status: int, message: str, param: str | None = None) -> None:
        """Finish with an error status and its error object."""
        self.set_status(status, responses.get(status, "Error"))
        self.send_json(wire.error_object(status, message, param))

    def send_json(self, value: object) -> None:
        """Finish with one JSON body."""
        self.set_header("Content-Type", "application/json")
        self.finish(wire.json_bytes(value))


class UnknownPath(_Endpoint):
    """404 for every other path, whatever the method."""

    def prepare(self) -> None:
        self.send_error(404)


class ChatCompletions(_Endpoint):
    """`POST /chat/completions`, streaming and not."""

    async def post(self) -> None:
        """Answer, or play the fault that the prompt asks for."""
        answering = asyncio.get_running_loop().create_future()
        self.conversations.open_answers.add(answering)
        try:
            with contextlib.suppress(StreamClosedError):
                await self._answer()
        finally:
            self.conversations.open_answers.discard(answering)
            answering.set_result(None)

    async def _answer(self) -> None:
        try:
            request = wire.parse_request(self.request.body)
        except wire.BadRequestError as error:
            self.refuse(400, error.message, error.param)
            return
        prompts = request.texts_of("user")
        directives = directives_in(prompts[-1] if prompts else "")
        if directives.error is not None:
            self._fail(directives.error)
            return
        question = Question(
            prompt=prompts[-1] if prompts else "",
            system="\n".join(request.texts_of("system", "developer")),
            number=len(prompts),
        )
        plan = _Plan.of(question, request, directives)
        await (self._stream(plan) if request.stream else self._complete(plan))

    def _fail(self, status: int) -> None:
        if status in {429, 503, 529}:
            self.set_header("Retry-After", "1")
        self.refuse(status, f"The prompt asked the demo for this error: demo:error={status}.")

    async def _stream(self, plan: _Plan) -> None:
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        await self._send(plan.envelope.chunk({"role": "assistant", "content": ""}))
        pace = _Pace(plan.directives.tokens_per_second or self.conversations.tokens_per_second)
        for token in plan.tokens:
            await self._wait(pace.next_delay())
            await self._send(plan.envelope.chunk({"content": token}))
        if not await self._broken(plan.directives):
            ending = plan.envelope.chunk({}, finish_reason=plan.finish_reason, usage=plan.usage)
            self.write(wire.event(ending) + wire.DONE)

    async def _complete(self, plan: _Plan) -> None:
        pace = plan.directives.tokens_per_second or self.conversations.tokens_per_second
        await self._wait(len(plan.tokens) / pace)
        body = wire.json_bytes(
            plan.envelope.completion("".join(plan.tokens), plan.finish_reason, plan.usage)
        )
        self.set_header("Content-Type", "application/json")
        if plan.directives.cut:
            self.set_header("Content-Length", str(len(body)))
            self.write(body[: len(body) // 2])
            await self.flush()
        if not await self._broken(plan.directives):
            self.finish(body)

    async def _broken(self, directives: Directives) -> bool:
        """Play `demo:stall` or `demo:cut`; true when the connection is closed."""
        if directives.stall:
            await self._wait(None)
        if directives.cut:
            self.detach().close()
            return True
        return False

    async def _send(self, value: object) -> None:
        self.write(wire.event(value))
        await self.flush()

    async def _wait(self, seconds: float | None) -> None:
        """Wait so long, or for ever; raises StreamClosedError when the client leaves."""
        await asyncio.wait([self.gone], timeout=seconds)
        if self.gone.done():
            raise StreamClosedError


@dataclass(frozen=True)
class _Plan:
    """Everything about a response but its transport."""

    envelope: wire.Envelope
    tokens: list[str]
    finish_reason: str
    usage: dict[str, int]
    directives: Directives

    @classmethod
    def of(cls, question: Question, request: wire.ChatRequest, directives: Directives) -> _Plan:
        text = reply_to(question)
        tokens = wire.tokens_of(text)
        if directives.cut or directives.stall or directives.length:
            tokens = tokens[: len(tokens) // 2]
        mark = hashlib.sha256(text.encode()).hexdigest()[:16]
        return cls(
            envelope=wire.Envelope(f"chatcmpl-demo-{mark}", int(time.time())),
            tokens=tokens,
            finish_reason="length" if directives.length else "stop",
            usage=wire.usage_of(request, len(tokens)),
            directives=directives,
        )


class _Pace:
    """Delays that keep a rate, measured from the start so that they do not drift."""

    def __init__(self, tokens_per_second: float) -> None:
        self._step = 1 / tokens_per_second
        self._due = time.monotonic()

    def next_delay(self) -> float:
        """Seconds until the next token is due."""
        self._due += self._step
        return max(0.0, self._due - time.monotonic())

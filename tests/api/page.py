"""What the API's page shows: its two requests and its example response, as data."""

from __future__ import annotations

from typing import Any

PROMPT = "Write a short tagline for a logistics startup."
PATH = "/api/public/v1/chat/completions"
REQUEST: dict[str, Any] = {
    "model": "mibyan-4.1",
    "messages": [{"role": "user", "content": PROMPT}],
}
STREAMING_REQUEST: dict[str, Any] = {**REQUEST, "stream": True}
RESPONSE: dict[str, Any] = {
    "id": "chatcmpl-123",
    "object": "chat.completion",
    "created": 1677652288,
    "model": "mibyan-4.1",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Mibyan: Delivering trust, one parcel at a time.",
            },
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 15, "completion_tokens": 10, "total_tokens": 25},
}

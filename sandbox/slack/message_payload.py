"""What a message may hold: text, blocks, attachments, and how much of each."""

from sandbox.slack.blocks import MARKDOWN_TEXT, block_problems, text_length
from sandbox.slack.refusal import Refused, refused_blocks
from sandbox.slack.shapes import Json

# Undocumented; bolt-js issue 2509 saw refusals at about this sum over legal blocks.
BLOCKS_TEXT = 13_200
MOST_ATTACHMENTS = 100
ATTACHMENT_BLOCKS = 20
METADATA_FIELDS = {"event_type", "event_payload"}


def check_message(content: Json, text_limit: int) -> None:
    """Raise `Refused` where Slack would; `text_limit` in characters."""
    text, blocks = content.get("text"), content.get("blocks")
    attachments = content.get("attachments")
    if "markdown_text" in content:
        _check_markdown(content)
        return
    _check_types(text, blocks, attachments)
    if not (text and str(text).strip()) and not blocks and not attachments:
        raise Refused("no_text")
    if len(str(text or "")) > text_limit:
        raise Refused("msg_too_long")
    _check_blocks(blocks or [])
    for attachment in attachments or []:
        _check_attachment(attachment)
    _check_metadata(content.get("metadata"))


def _check_markdown(content: Json) -> None:
    if content.get("text") or content.get("blocks"):
        raise Refused("markdown_text_conflict")
    if len(str(content["markdown_text"])) > MARKDOWN_TEXT:
        raise Refused("msg_too_long")


def _check_types(text: object, blocks: object, attachments: object) -> None:
    if text is not None and not isinstance(text, str):
        raise Refused("invalid_arguments")
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if attachments is not None and not isinstance(attachments, list):
        raise Refused("invalid_attachments")
    if len(attachments or []) > MOST_ATTACHMENTS:
        raise Refused("too_many_attachments")


def _check_blocks(blocks: list[object]) -> None:
    if problems := block_problems(blocks, "message"):
        raise refused_blocks(problems)
    if text_length(blocks) > BLOCKS_TEXT:
        raise Refused("msg_blocks_too_long")


def _check_attachment(attachment: object) -> None:
    if not isinstance(attachment, dict):
        raise Refused("invalid_attachments")
    blocks = attachment.get("blocks") or []
    if not isinstance(blocks, list) or len(blocks) > ATTACHMENT_BLOCKS:
        raise Refused("invalid_attachments")
    if problems := block_problems(blocks, "message"):
        raise refused_blocks(problems, "invalid_attachments")


def _check_metadata(metadata: object) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict) or set(metadata) != METADATA_FIELDS:
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict) or not metadata["event_type"]:
        raise Refused("invalid_metadata_format")

"""Told to stop, the bot ends soon and well; and there is never a second one on a file."""

import asyncio
from pathlib import Path

from sandbox.demo import BOT
from tests.crash.home import Home
from tests.crash.proof import (
    assert_every_phone_is_accounted_for,
    assert_the_card_only_went_forward,
    assert_the_thread_tells_it_in_order,
    repeated,
)
from tests.crash.scene import Scene

SOON = 10.0  # seconds, the time a container has before it is killed
SECOND = 20.0


async def test_an_idle_bot_ends_at_once_and_is_the_only_one_on_its_file(
    home: Home, scene: Scene, tmp_path: Path
) -> None:
    await home.start()
    code, said = await second_bot(Home.of(scene.sandbox, tmp_path))
    assert code == 2
    assert "CPH_BOT_DATABASE_URL: another bot is running on" in said
    assert "Traceback" not in said
    code, seconds = await home.terminate()
    assert code == 0
    assert seconds < SOON
    print(f"idle, ended in {seconds:.1f} s")


async def second_bot(home: Home) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *BOT, env=home.environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), SECOND)
    return process.returncode, said.decode()


async def test_a_bot_told_to_stop_in_a_run_ends_soon_and_sends_nothing_twice(
    home: Home, scene: Scene
) -> None:
    ids = await scene.phones(1500)
    await home.start()
    card = await scene.asks_by_file(ids)
    await scene.approve(card)
    await scene.sent(3)
    code, seconds = await home.terminate()
    assert code == 0
    assert seconds < SOON
    assert len(scene.sends()) < 15, "the end came too late to prove anything"
    print(f"in a run, ended in {seconds:.1f} s")
    await home.start()
    await scene.ends(card)
    assert repeated(scene.sends()) == set()
    await assert_every_phone_is_accounted_for(scene, card, dict.fromkeys(ids, "succeeded"))
    await assert_the_thread_tells_it_in_order(scene, card)
    await assert_the_card_only_went_forward(scene, card)
    assert "Traceback" not in home.log.read_text(encoding="utf-8")

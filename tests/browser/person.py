"""What a person does at the page and sees on it."""

import re

from playwright.async_api import Locator, Page, expect

CARD = re.compile(r"D-[0-9A-Z]{4}")


class AtThePage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.channel = page.get_by_role("log", name="Messages")
        self.thread = page.get_by_role("complementary", name="Thread")
        self.form = page.locator("dialog#form")
        self.question = page.locator("dialog#confirm")

    async def becomes(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name)
        await button.click()
        await expect(button).to_have_attribute("aria-current", "true")

    async def types(self, line: str) -> None:
        box = self.page.get_by_label("Message or command")
        await box.fill(line)
        await box.press("Enter")

    async def tries(self, example: str) -> str:
        """Send an example; the request's id from the answer only they see."""
        await self.sends(example)
        return await self.heard()

    async def sends(self, example: str) -> None:
        await self.page.get_by_role("button", name=example).click()
        box = self.page.get_by_label("Message or command")
        await expect(box).to_have_value(re.compile("^/cph "))
        await box.press("Enter")

    async def heard(self) -> str:
        answer = self.alone("I am reading these phones from the cloud").last
        await expect(answer).to_contain_text("Only visible to you")
        found = CARD.search(await answer.inner_text())
        assert found is not None
        return found[0]

    def alone(self, text: str) -> Locator:
        """Messages that only this person sees."""
        return self.channel.locator("article.alone", has_text=text)

    def card(self, request: str) -> Locator:
        title = self.page.locator("h3", has_text=request)
        return self.channel.locator("article:not(.alone)", has=title)

    async def presses(self, request: str, label: str) -> None:
        await self.card(request).get_by_role("button", name=label, exact=True).click()

    async def opens_thread(self, request: str) -> None:
        await self.card(request).locator("button.replies").click()
        await expect(self.thread).to_be_visible()

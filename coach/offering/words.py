"""What a rep may write to a customer with the link to a page."""

from coach.offering.pages import Sent

_GREETING = ("{customer}: ", "{customer}：")
_MESSAGE = (
    "here is what the investment would bring you, worked out in figures that you can change yourself: {link}",
    "这是为贵方测算的投资回报，数字可自行调整：{link}",
)


def message(page: Sent, customer: str | None, link: str) -> str:
    """In the language of the page."""
    place = page.language == "zh"
    told = _MESSAGE[place].format(link=link)
    greeting = _GREETING[place].format(customer=customer) if customer else ""
    own = f"{page.words}\n" if page.words else ""
    return f"{own}{greeting}{told if greeting else told[:1].upper() + told[1:]}"

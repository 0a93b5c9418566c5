"""Every kind of page without any stylesheet: in order, in words that stand apart, with drawings of a bearable size."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.fixtures import engines
from tests.fixtures.demo import BUSIEST_FIRST, Demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite(engines.LOOK)]

DESK = {"width": 1280, "height": 900}
DRAWING_WIDEST = 300
"""So wide is a chart, in px; whatever has no measures of its own comes as large as that and half as high."""
ICON_WIDEST = 64
LABEL_FARTHEST = 90
"""Between the top of a field and that of its label, with a hint between, in px."""
WRONG = """([drawing, icon, far]) => {
    const wrong = [], all = selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility());
    const box = each => each.getBoundingClientRect(), said = each => each.outerHTML.slice(0, 90);
    if (getComputedStyle(document.body).display !== 'block') wrong.push('a stylesheet came');
    if (document.documentElement.scrollWidth > innerWidth) wrong.push('scrolls sideways');
    for (const each of all('body *'))
        if (getComputedStyle(each).position !== 'static') wrong.push(`lies over others: ${said(each)}`);
    for (const each of all('svg')) {
        const widest = each.matches('.icon, .picture') ? icon : drawing;
        if (box(each).width > widest || box(each).height > widest) wrong.push(`is huge: ${said(each)}`);
        if (each.matches('.icon') && getComputedStyle(each).fill !== 'none') wrong.push(`is a blot: ${said(each)}`);
    }
    const [head] = all('main h1'), order = [...all('.skip'), ...all('header.top'), ...all('nav.bar'), ...all('main')];
    if (!head || !head.innerText.trim()) wrong.push('no heading');
    else if (all('main :is(h1, h2, h3, input, select, textarea, .main-action, table)').find(each =>
        !each.matches('[type=hidden]')) !== head) wrong.push('does not begin with its heading');
    for (let at = 1; at < order.length; at++)
        if (box(order[at]).top < box(order[at - 1]).bottom - 1) wrong.push(`is out of order: ${said(order[at])}`);
    for (const each of all('input:not([type=hidden]), select, textarea')) {
        const named = [...(each.labels || [])].filter(one => one.checkVisibility());
        const label = named.find(one => one.innerText.trim() || one.querySelector('svg[role=img], img'));
        if (!label && !each.closest('[data-own-name]')) wrong.push(`has no label: ${said(each)}`);
        else if (label && !label.contains(each) && Math.abs(box(label).top - box(each).top) > far
            && Math.abs(box(label).bottom - box(each).bottom) > far) wrong.push(`is far from its label: ${said(each)}`);
    }
    let last = '', from = null;
    const isLetter = sign => /[\\p{L}\\p{N}]/u.test(sign);
    const read = each => {
        if (each.nodeType === 3) {
            if (isLetter(last) && isLetter(each.data[0]) && from !== each)
                wrong.push(`runs together: ${from.data.trim().slice(-20)}|${each.data.trim().slice(0, 20)}`);
            if (each.data) { last = each.data.at(-1); from = each; }
        } else if (each.nodeType === 1 && each.checkVisibility()) {
            const isFlowing = getComputedStyle(each).display === 'inline' && !each.matches('svg, img, br, wbr');
            if (!isFlowing) last = '';
            if (!each.matches('svg, script, select, textarea')) each.childNodes.forEach(read);
            if (!isFlowing) last = '';
        }
    };
    read(document.body);
    return wrong;
}"""


@pytest.mark.parametrize("role", BUSIEST_FIRST)
def test_every_page_can_be_read_without_stylesheet(
    demo: Demo, shares: dict[str, list[str]], phone: Callable[..., BrowserContext], role: str
) -> None:
    """Heading first, labels beside fields, nothing over anything, no word run into the next, no drawing blown up."""
    context = phone(viewport=DESK)
    context.add_cookies(demo.cookies(role))  # type: ignore[arg-type]
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setBlockedURLs", {"urls": ["*.css*"]})
    wrong: list[str] = []
    for address in shares[role]:
        page.goto(demo.url + address, wait_until="domcontentloaded")
        found = page.evaluate(WRONG, [DRAWING_WIDEST, ICON_WIDEST, LABEL_FARTHEST])
        wrong += [f"{address}: {each}" for each in found]
    assert wrong == []

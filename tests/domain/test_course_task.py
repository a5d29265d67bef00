"""Tasks: the address in a pasted text, and what a hand-in does not show yet."""

import pytest

from trainer.domain.course_task import Given, Proof, find_link, lacks

DOUYIN = (
    "4.66 复制打开抖音，看看【秀芳的作品】今天第一次直播！ https://v.douyin.com/iRNBho5u/ "
    "复制此链接，打开抖音搜索，直接观看视频！ 11/05 F@h.Ou JVy:/"
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (DOUYIN, "https://v.douyin.com/iRNBho5u/"),
        ("https://v.kuaishou.com/abc 秀芳发了一个快手作品，打开【快手】观看！", "https://v.kuaishou.com/abc"),
        ("看这里https://weixin.qq.com/sph/A1b2，谢谢。", "https://weixin.qq.com/sph/A1b2"),
        ("v.douyin.com/abc/", "https://v.douyin.com/abc/"),
        ("快手v.kuaishou.com/abc", "https://v.kuaishou.com/abc"),
        ("https：//v.douyin.com/x", "https://v.douyin.com/x"),
        ("(http://a.cn/b?c=1&d=2).", "http://a.cn/b?c=1&d=2"),
        ('http://a.cn/x"onclick=1', "http://a.cn/x"),
        ("没有链接 9.9/斤", None),
        ("javascript:alert(1)", None),
        ("http://name:word@evil.cn/x", None),
        ("xiufang@qq.com/a", None),
        ("https://a.cn/" + "x" * 500, None),
        ("", None),
    ],
)
def test_the_address_in_what_was_pasted(typed, found):
    assert find_link(typed) == found


@pytest.mark.parametrize(
    ("proof", "least", "given", "missing"),
    [
        ("picture", None, Given(link="https://a.cn"), "picture"),
        ("link", None, Given(picture=b"x"), "link"),
        ("either", None, Given(words="播了"), "either"),
        ("either", None, Given(link="https://a.cn"), None),
        ("none", None, Given(), "words"),
        ("none", None, Given(words="播了"), None),
        ("picture", 30, Given(picture=b"x"), "minutes"),
        ("picture", 30, Given(picture=b"x", minutes=0), None),
    ],
)
def test_what_a_hand_in_does_not_show_yet(proof, least, given, missing):
    assert lacks(Proof(proof), least, given) == missing

"""Which browser on what kind of machine, as far as people tell them apart: from what the browser says of itself."""

from enum import StrEnum


class Browser(StrEnum):
    WECOM = "wecom"
    WECHAT = "wechat"
    DINGTALK = "dingtalk"
    QQ = "qq"
    HUAWEI = "huawei"
    XIAOMI = "xiaomi"
    OPPO = "oppo"
    VIVO = "vivo"
    UC = "uc"
    SAMSUNG = "samsung"
    EDGE = "edge"
    FIREFOX = "firefox"
    OPERA = "opera"
    CHROME = "chrome"
    SAFARI = "safari"
    OTHER = "other"


class Machine(StrEnum):
    ANDROID = "android"
    HARMONY = "harmony"
    IPHONE = "iphone"
    IPAD = "ipad"
    WINDOWS = "windows"
    MAC = "mac"
    LINUX = "linux"
    OTHER = "other"


# Nearly all say "Chrome" and "Safari" too: whoever says most about itself comes first.
_BROWSERS = (
    ("wxwork", Browser.WECOM),
    ("MicroMessenger", Browser.WECHAT),
    ("DingTalk", Browser.DINGTALK),
    ("QQBrowser", Browser.QQ),
    (" QQ/", Browser.QQ),
    ("HuaweiBrowser", Browser.HUAWEI),
    ("MiuiBrowser", Browser.XIAOMI),
    ("HeyTapBrowser", Browser.OPPO),
    ("OppoBrowser", Browser.OPPO),
    ("VivoBrowser", Browser.VIVO),
    ("UCBrowser", Browser.UC),
    ("UBrowser", Browser.UC),
    ("SamsungBrowser", Browser.SAMSUNG),
    ("Edg", Browser.EDGE),
    ("Firefox", Browser.FIREFOX),
    ("FxiOS", Browser.FIREFOX),
    ("OPR/", Browser.OPERA),
    ("Chrome", Browser.CHROME),
    ("CriOS", Browser.CHROME),
    ("Safari", Browser.SAFARI),
)
_MACHINES = (
    ("OpenHarmony", Machine.HARMONY),
    ("HarmonyOS", Machine.HARMONY),
    ("Android", Machine.ANDROID),
    ("iPhone", Machine.IPHONE),
    ("iPad", Machine.IPAD),
    ("Windows", Machine.WINDOWS),
    ("Macintosh", Machine.MAC),
    ("Linux", Machine.LINUX),
)


def read_user_agent(text: str) -> tuple[Browser, Machine]:
    """`OTHER` where nothing is recognised."""
    browser = next((found for sign, found in _BROWSERS if sign in text), Browser.OTHER)
    return browser, next((found for sign, found in _MACHINES if sign in text), Machine.OTHER)

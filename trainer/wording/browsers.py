"""Words for browsers and the machines they run on."""

from flask_babel import lazy_gettext as _

from trainer.domain.browsers import Browser, Machine

LABELS: dict[type, dict] = {
    Browser: {
        Browser.WECOM: _("WeCom"),
        Browser.WECHAT: _("WeChat"),
        Browser.DINGTALK: _("DingTalk"),
        Browser.QQ: _("QQ browser"),
        Browser.HUAWEI: _("Huawei browser"),
        Browser.XIAOMI: _("Xiaomi browser"),
        Browser.OPPO: _("OPPO browser"),
        Browser.VIVO: _("vivo browser"),
        Browser.UC: _("UC browser"),
        Browser.SAMSUNG: _("Samsung browser"),
        Browser.EDGE: _("Edge browser"),
        Browser.FIREFOX: _("Firefox browser"),
        Browser.OPERA: _("Opera browser"),
        Browser.CHROME: _("Chrome browser"),
        Browser.SAFARI: _("Safari browser"),
        Browser.OTHER: _("another browser"),
    },
    Machine: {
        Machine.ANDROID: _("Android phone"),
        Machine.HARMONY: _("Huawei phone (HarmonyOS)"),
        Machine.IPHONE: _("iPhone"),
        Machine.IPAD: _("iPad"),
        Machine.WINDOWS: _("Windows computer"),
        Machine.MAC: _("Apple computer"),
        Machine.LINUX: _("Linux computer"),
        Machine.OTHER: _("another device"),
    },
}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {}

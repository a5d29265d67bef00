"""Words for platforms, shops and sales figures."""

from flask_babel import lazy_gettext as _

PLATFORMS = {
    "kuaishou": _("Kuaishou"),
    "douyin": _("Douyin"),
    "taobao": _("Taobao"),
    "wechat_channels": _("WeChat Channels"),
    "pinduoduo": _("Pinduoduo"),
}

LABELS: dict[type, dict] = {}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {}

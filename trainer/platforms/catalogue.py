"""Every file of every platform that is known."""

from trainer.platforms import douyin, kuaishou, pinduoduo, taobao, wechat_channels
from trainer.platforms.profile import Profile

PROFILES: tuple[Profile, ...] = (
    *kuaishou.PROFILES,
    *douyin.PROFILES,
    *taobao.PROFILES,
    *wechat_channels.PROFILES,
    *pinduoduo.PROFILES,
)

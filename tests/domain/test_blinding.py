"""What is masked in a candidate's text, and what is listed to look at."""

import pytest

from trainer.domain.blinding import Clue, Known, list_doubts, list_known, marked, mask

HER = list_known(
    "王秀芳",
    "wang xiu fang",
    village="西坪村",
    township="倍加造镇",
    phones=["13812345678", "0352-1234567"],
    id_number="140215198001010022",
    accounts=["秀芳杂粮", "kx_8812"],
    teacher="赵老师",
    note="2021年入股惠民种植合作社",
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫王秀芳。", "我叫【姓名】。"),
        ("王 秀 芳的计划", "【姓名】的计划"),
        ("秀芳今年四十", "【姓名】今年四十"),
        ("王大姐、王女士、芳姐、芳嫂", "【姓名】、【姓名】、【姓名】、【姓名】"),
        ("WangXiuFang / xiufang wang", "【姓名】 / 【姓名】"),
        ("西坪村在云州区，西坪有地", "【村名】在云州区，【村名】有地"),
        ("倍加造镇、倍加造的集", "【乡镇】、【乡镇】的集"),
        ("电话13812345678", "电话【电话】"),
        ("电话 138-1234-5678 或 138 1234 5678", "电话 【电话】 或 【电话】"),
        ("另一个：１３９００００１１１１", "另一个：【电话】"),
        ("+86 13900001111", "【电话】"),
        ("座机0352-7654321", "座机【电话】"),
        ("证件140215 19800101 0022", "证件【证件号】"),
        ("别人的11010519491231002X", "别人的【证件号】"),
        ("卡6222 0212 3456 7890 123", "卡【卡号】"),
        ("快手店秀芳杂粮，号kx_8812", "快手店【账号】，号【账号】"),
        ("微信：xiu_fang88，QQ号 123456", "微信：【账号】，QQ号 【账号】"),
        ("wxid_ab12cd", "【账号】"),
        ("见 https://v.kuaishou.com/abc 或 a.b@qq.com。", "见 【网址】 或 【网址】。"),
        ("跟赵老师学的", "跟【老师】学的"),
        ("入了惠民种植合作社", "入了【单位】"),
        ("投入20000元，三年卖出1500斤，共48人", "投入20000元，三年卖出1500斤，共48人"),
        ("乡村农村我们村", "乡村农村我们村"),
        ("", ""),
    ],
)
def test_what_is_known_of_her_and_what_has_the_form_of_a_number_is_masked(text, masked):
    assert mask(text, HER) == masked
    assert mask(masked, HER) == masked


def test_a_word_that_staff_add_is_masked_too_and_a_longer_value_goes_before_a_shorter():
    assert mask("红星小卖部", [*HER, Known(Clue.WORD, "红星小卖部")]) == "【隐去】"
    assert mask("秀芳杂粮店", HER) == "【账号】店"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("二姨在东坪村，进村的路", [("姨在东坪村", Clue.PLACE)]),
        ("带动村民，家乡的农村，全村", []),
        ("加入富民合作社", [("加入富民合作社", Clue.ORGANISATION)]),
        ("编为 1234567", [("1234567", Clue.DIGITS)]),
        ("打一三八零零一二三四五六", [("一三八零零一二三四五六", Clue.DIGITS)]),
        ("加我 lihua2020", [("lihua2020", Clue.ACCOUNT)]),
        ("抖音号叫塞上阿芳", [("抖音号叫塞上阿芳", Clue.ACCOUNT)]),
        ("丈夫叫李大山", [("夫叫李大山", Clue.INTRODUCTION)]),
        ("大家叫我小王，王总", [("小王", Clue.NICKNAME), ("王总", Clue.NICKNAME)]),
        ("王秀芳和秀芳", [("王秀芳", Clue.NAME), ("秀芳", Clue.PART_OF_NAME)]),
        ("【姓名】在【村名】卖小米，【单位】", []),
    ],
)
def test_what_may_still_say_who_she_is_is_listed_once_in_its_order(text, found):
    assert [(doubt.found, doubt.clue) for doubt in list_doubts(text, HER)] == found


def test_her_name_and_numbers_are_never_a_chance():
    certain = {doubt.found: doubt.is_certain for doubt in list_doubts("王秀芳，秀芳，13900001111，小王，西坪", HER)}
    assert certain == {"王秀芳": True, "秀芳": False, "13900001111": True, "小王": False, "西坪": False}


def test_a_name_of_one_character_and_a_long_name_are_known_by_their_parts():
    single = list_known("李娟", "li juan")
    assert mask("李娟，娟姐，李女士，婵娟", single) == "【姓名】，【姓名】，【姓名】，婵娟"
    far = list_known("阿依古丽·买买提")
    assert mask("阿依古丽来了，买买提", far) == "【姓名】来了，【姓名】"
    assert mask("欧阳女士，欧女士", list_known("欧阳小红")) == "【姓名】，欧女士"


def test_the_original_is_shown_with_what_is_taken_out_marked():
    assert marked("我是王秀芳，卖小米", HER) == [("我是", False), ("王秀芳", True), ("，卖小米", False)]
    assert marked("", HER) == []


def test_nothing_is_masked_for_what_the_records_do_not_hold():
    assert mask("一个村，一个镇", list_known("王秀芳", village="", township=None, accounts=[None, ""], teacher="")) == (
        "一个村，一个镇"
    )


@pytest.mark.parametrize("text", ["1" * 40_000, "1 " * 20_000, "微信" * 20_000, "a-" * 20_000, "村" * 40_000])
def test_a_long_text_is_read_in_no_time(text):
    list_doubts(text, HER)

"""The templates an installation begins with, five in Chinese and the same in English: (name, subject, text)."""

STARTING: tuple[tuple[str, str, str], ...] = (
    (
        "上课提醒",
        "请记得下一次上课",
        "{姓名}，您好！{培训班}下一次上课是{下次课}，地点：{地点}。请带好手机和笔记本，提前十分钟到。"
        "来不了请给班主任打电话。",
    ),
    (
        "缺课关心",
        "上次课没有见到您",
        "{姓名}，您好！上次课没有见到您，家里一切都好吗？下一次上课是{下次课}，地点：{地点}。"
        "有困难请告诉班主任，我们一起想办法。",
    ),
    (
        "登录帮助",
        "怎样看自己的学习情况",
        "{姓名}，您好！您可以用手机看自己的课表和出勤。请向班主任要一个六位数的登录码，"
        "打开网站，输入手机号和登录码就可以了。登录码十分钟内有效。",
    ),
    (
        "店铺数据收取",
        "请交店铺数据",
        "{姓名}，您好！{培训班}正在收取上个月的店铺数据。请从平台后台导出直播和订单表格，交给班主任。不会导出的，"
        "请带手机来，我们帮您。",
    ),
    (
        "结业通知",
        "培训就要结束了",
        "{姓名}，您好！{培训班}就要结束了，感谢您坚持到现在。请打开“我的培训”看自己的出勤，有不对的地方请在结业前告诉班主任。",
    ),
    (
        "Lesson reminder",
        "Your next lesson",
        "Dear {name}, the next lesson of {cohort} is on {next_lesson}, at {next_place}. Please bring your phone and a "
        "notebook and come ten minutes early. If you cannot come, call your teacher.",
    ),
    (
        "Absence",
        "We missed you",
        "Dear {name}, we missed you at the last lesson. Is everything well at home? The next one is on {next_lesson}, at "
        "{next_place}. If something is in the way, tell your teacher and we will find a way together.",
    ),
    (
        "Sign-in help",
        "How to see your own training",
        "Dear {name}, you can see your timetable and attendance on your phone. Ask your teacher for a code of six digits, "
        "open the site and type your phone number and the code. A code lasts ten minutes.",
    ),
    (
        "Shop figures due",
        "Please hand in your shop's figures",
        "Dear {name}, {cohort} is collecting last month's shop figures. Please export the tables of livestreams and "
        "orders from your platform and give them to your teacher. If you do not know how, bring your phone and we help.",
    ),
    (
        "End of the course",
        "Your course is ending",
        "Dear {name}, {cohort} is about to end. Thank you for staying with it. Please look at your attendance on “My "
        "training” and tell your teacher before the end if something is wrong.",
    ),
)

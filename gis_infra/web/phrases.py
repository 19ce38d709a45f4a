"""What the map, the register, works checks and the dashboard refuse, in Vietnamese: pattern -> what is said instead.

The importer's words are in `transfer.reporting.phrases`. Names of parameters and codes stay as they are written.
"""

from collections.abc import Mapping

PHRASES: Mapping[str, str] = {
    # The values of parameters and members, whichever they are.
    r"(\w+) is missing; give (?:a number from (.+) to (.+))": r"thiếu \1; hãy cho một số từ \2 đến \3",
    r"(\w+) is missing; give west,south,east,north in degrees": r"thiếu \1; hãy cho tây,nam,đông,bắc theo độ",
    r"(\w+) is missing; give what is looked for": r"thiếu \1; hãy cho nội dung cần tìm",
    r"(\w+) must be a number, got (.*)": r"\1 phải là một số, nhận được \2",
    r"(\w+) must be a whole number from 0, got (.*)": r"\1 phải là số nguyên từ 0 trở lên, nhận được \2",
    r"(\w+) must be from (.+?) to (.+?)( m)?, got (.*)": r"\1 phải từ \2 đến \3\4, nhận được \5",
    r"(\w+) must be one of (.+), got (.*)": r"\1 phải là một trong: \2; nhận được \3",
    r"(\w+) must be (\w+) or (.+), got (.*)": r"\1 phải là \2 hoặc \3, nhận được \4",
    r"(\w+) must be of (.+), got (.*)": r"\1 phải thuộc: \2; nhận được \3",
    r"(\w+) must be a day (?:as|like) (\S+), got (.*)": r"\1 phải là ngày viết như \2, nhận được \3",
    r"(\w+) must be a text": r"\1 phải là văn bản",
    r"(\w+) must be four numbers \(or six with heights\), got (.*) in (.*)":
        r"\1 phải là bốn số (hoặc sáu số nếu có độ cao), nhận được \2 trong \3",
    r"(\w+) has (\d+) characters, at most (\d+) are allowed": r"\1 có \2 ký tự, nhiều nhất được \3",
    r"(\w+) has at most (\d+) printable characters, got (.*)": r"\1 có nhiều nhất \2 ký tự in được, nhận được \3",
    r"(\w+) is at most ([\d,]+), got (.*)": r"\1 nhiều nhất là \2, nhận được \3",
    r"unknown parameter (.+); known are (.*)": r"không có tham số \1; có: \2",
    r"there is no parameter (.+?);? ?there are (.*)": r"không có tham số \1; có: \2",
    r"there is no layer (.*)": r"không có lớp dữ liệu \1",
    r"there is nothing at (.+); the map is at /, the OGC API at /ogc/, the WFS at /wfs":
        r"không có gì ở \1; bản đồ ở /, OGC API ở /ogc/, WFS ở /wfs",
    r"sign in to ask for owner, assignee or due date":
        r"hãy đăng nhập để hỏi theo đơn vị phụ trách, người xử lý hay hạn xử lý",
    # The register.
    r"there is no conflict (.*)": r"không có xung đột \1",
    r"there is no rule (.+?); there are the packs (.+); a rule is named by its pack, a point and its own name":
        r"không có quy tắc \1; có các bộ: \2; tên quy tắc gồm tên bộ, dấu chấm và tên riêng",
    r"there is no rule (.+?); pack (\S+) has (.*)": r"không có quy tắc \1; bộ \2 có: \3",
    r"a text has at most ([\d,]+) characters, got ([\d,]+)": r"lời ghi có nhiều nhất \1 ký tự, nhận được \2",
    r"a comment needs a text": r"ghi chú cần có nội dung",
    r"an approval needs its reason as text": r"chấp thuận cần nêu lý do",
    r"conflict (\d+) has ([\d,]+) comments, and no conflict has more":
        r"xung đột \1 đã có \2 ghi chú, không thêm được nữa",
    r"conflict (\d+) is (\w+); to (\w+) it, it must be one of (.*)":
        r"xung đột \1 đang ở trạng thái \2; để thực hiện \3 phải ở một trong: \4",
    r"conflict (\d+) is at version (\d+) by now, not (\d+)": r"xung đột \1 nay ở phiên bản \2, không còn là \3",
    r"a due date is a day as (\S+), got (.*)": r"hạn xử lý là ngày viết như \1, nhận được \2",
    r"there is no department (.*)": r"không có đơn vị \1",
    r"there is no person (.+) who may see conflict (\d+)": r"không có người dùng \1 được xem xung đột \2",
    r"sign in to (\w+) conflict (\d+)": r"hãy đăng nhập để thực hiện \1 với xung đột \2",
    r"the body must say its action": r"nội dung gửi lên phải nêu action",
    # Planned works.
    r"type must be Feature, FeatureCollection or one of (.+), got (.*)":
        r"type phải là Feature, FeatureCollection hoặc một trong: \1; nhận được \2",
    r"a FeatureCollection must hold a list of at least one feature":
        r"FeatureCollection phải có danh sách ít nhất một đối tượng",
    r"the geometry must be one of (.*)": r"hình phải là một trong: \1",
    r"the works lie far outside the city": r"công trình nằm xa ngoài phạm vi thành phố",
    r"the works cover (.+) km², at most (.+) km² are allowed": r"công trình rộng \1 km², nhiều nhất được \2 km²",
    # The report of a period.
    r"of must be a month as (\S+), half a year as (\S+) or a year as (\S+), got (.*)":
        r"of phải là tháng viết như \1, nửa năm như \2 hoặc năm như \3; nhận được \4",
    r"(\S+) has not begun; today is (\d{4})-(\d\d)-(\d\d)": r"kỳ \1 chưa bắt đầu; hôm nay là \4/\3/\2",
    r"the figures of the layers are being made; try again in a moment":
        r"số liệu các lớp đang được tính; hãy thử lại sau giây lát",
}  # fmt: skip

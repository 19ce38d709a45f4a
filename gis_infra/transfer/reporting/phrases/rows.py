"""What is said of a row: its values, its text, its shape."""

from collections.abc import Mapping

ROWS: Mapping[str, str] = {
    # values
    r"is none of the codes (.*), nor a title or synonym of one; say which with .*": (
        r"không phải mã nào trong \1, cũng không phải tên mã; hãy cho biết là mã nào"
    ),
    r"is none of the codes (.*), nor a title or synonym of one": r"không phải mã nào trong \1, cũng không phải tên mã",
    r"is none of the codes (.*)": r"không phải mã nào trong \1",
    r"is below the least allowed, (.*)": r"nhỏ hơn mức thấp nhất cho phép, \1",
    r"is above the greatest allowed, (.*)": r"lớn hơn mức cao nhất cho phép, \1",
    r"must have a value": r"bắt buộc phải có giá trị",
    r"must hold: (.*)": r"phải thỏa điều kiện: \1",
    r"is not a number in (.*): (.*) is no unit known here": r"không phải là số tính bằng \1: không biết đơn vị \2",
    r"is not a number: (.*) is no unit known here": r"không phải là số: không biết đơn vị \1",
    r"is not a number in (.*)": r"không phải là số tính bằng \1",
    r"is not a number": r"không phải là số",
    r"is not a whole number": r"không phải là số nguyên",
    r"is not a finite number": r"không phải là số hữu hạn",
    r"is in the wrong unit: (.*)": r"sai đơn vị: \1",
    r"is no trade size of pipes in inches, (.*)": r"không phải cỡ ống thông dụng tính bằng inch; hãy ghi bằng mm",
    r"is too large to be exact": r"quá lớn nên không còn chính xác",
    r"is too large": r"quá lớn",
    r"is neither yes nor no (.*)": r"không rõ là có hay không \1",
    r"is no day of the calendar": r"không phải ngày có thật",
    r"is no date from (\d+) to (\d+)": r"không phải ngày từ năm \1 đến năm \2",
    r"is not a date; written as (.*) or (.*)": r"không phải là ngày; viết dạng \1 hoặc \2",
    r"may have the day first or the month first, and the column has both": (
        r"không rõ ngày trước hay tháng trước, cột có cả hai"
    ),
    r"the year has two digits and is read as (\d+)": r"năm chỉ có hai chữ số, được hiểu là \1",
    r"is taken for no value, for no such number is allowed here": r"được hiểu là không có giá trị",
    r"the time of day is left out": r"bỏ giờ trong ngày",
    r"holds a NUL character": r"có ký tự NUL",
    r"is longer than the (\d+) letters allowed; it is not cut": r"dài hơn \1 ký tự cho phép; không bị cắt bớt",
    r"does not have the form (.*)": r"không đúng dạng \1",
    r"came before in this file, for the same owner (.*), in row (\d+)": (
        r"đã có ở dòng \2 của tệp, cùng chủ sở hữu \1"
    ),
    r"came before in this file, for the same owner (.*)": r"đã có ở dòng trước của tệp, cùng chủ sở hữu \1",
    r"is already in the layer, for the same owner (.*)": r"lớp dữ liệu đã có mã này, cùng chủ sở hữu \1",
    # text
    r"text cannot be read as (.*)": r"không đọc được chữ theo bảng mã \1",
    r"the width of its field cut the text in the middle of a letter; it was read up to there": (
        r"chữ bị cắt giữa chừng do độ rộng trường; phần còn lại đã được đọc"
    ),
    r"is Unicode already, unlike the rest of its column, so it was kept as it is": (
        r"đã là Unicode, khác phần còn lại của cột, nên được giữ nguyên"
    ),
    r"is UTF-8, unlike the rest of its column, and was read so": (
        r"là UTF-8, khác phần còn lại của cột, và được đọc như vậy"
    ),
    # shapes
    r"the shape cannot be read": r"không đọc được hình",
    r"has no shape": r"không có hình",
    r"is empty": r"hình rỗng",
    r"has a coordinate that is not a finite number": r"có tọa độ không phải là số hữu hạn",
    r"lies where the coordinate system has no answer": r"nằm ngoài phạm vi của hệ tọa độ",
    r"lies outside the city": r"nằm ngoài thành phố",
    r"is a line shorter than 1 mm": r"là đường ngắn hơn 1 mm",
    r"is an area of nothing": r"là vùng không có diện tích",
    r"is not valid, and a repair would change it: (.*)": r"hình không hợp lệ, sửa tự động sẽ làm thay đổi hình: \1",
    r"was repaired: (.*)": r"đã được sửa: \1",
    r"is a ([\w ]+); the layer takes (\w+)": r"là \1; lớp dữ liệu nhận \2",
    r"has separate parts; the layer takes (\w+), one part a row": r"gồm nhiều phần rời; lớp nhận \1, mỗi dòng một phần",
    r"some vertices have no height, so none was kept": r"một số đỉnh không có độ cao nên không giữ độ cao",
}

"""What is said of an import as a whole: how far it is, why it came to nothing, what hinders its undoing."""

from collections.abc import Mapping

IMPORTS: Mapping[str, str] = {
    r"waiting for (?:its turn|a worker)": r"đang chờ đến lượt",
    r"running": r"đang chạy",
    r"done": r"xong",
    r"([\d,]+) of ([\d,]+)": r"\1 trên \2",
    r"dismissed; nothing was changed": r"đã dừng; không có gì thay đổi",
    r"the worker that ran it ended before it was done; nothing was changed, ask for it again": (
        r"tiến trình bị ngắt trước khi xong; không có gì thay đổi, hãy chạy lại"
    ),
    r"it changed the database, but its worker ended before it could tell what it did; see the list of "
    r"imports or runs": (
        r"dữ liệu đã được ghi nhưng tiến trình ngắt trước khi báo lại; hãy xem danh sách các lần nhập"
    ),
    r"the process that ran it broke off \((.*)\); nothing was changed": (
        r"tiến trình bị ngắt giữa chừng (\1); không có gì thay đổi"
    ),
    r"it took longer than the ([\d,]+) s a job may take here .*, and was given up": (
        r"chạy quá \1 giây cho phép nên bị dừng"
    ),
    r"it needs more memory than a job may use here .*; import the file in parts": (
        r"cần nhiều bộ nhớ hơn mức cho phép; hãy nhập từng phần"
    ),
    r"the server could not do this; its log says why": r"máy chủ không làm được việc này; nhật ký máy chủ ghi lý do",
    r"the account of who asked for this was closed": r"tài khoản yêu cầu việc này đã bị đóng",
    r"you have (\d+) jobs waiting or running; wait for one to end, or dismiss one": (
        r"bạn đang có \1 việc chờ hoặc chạy; hãy đợi một việc xong, hoặc dừng bớt"
    ),
    r"the job has stored its changes already and is about to end": r"việc này đã ghi xong dữ liệu và sắp kết thúc",
    r"([\d,]+) of ([\d,]+) rows of (.*) were rejected, so none was loaded: (.*)": (
        r"\1 trên \2 dòng của \3 bị từ chối nên không nhập dòng nào: {4}"
    ),
    r"row (\d+): ([^:]*): (.*)": r"dòng \1: \2: {3}",
    r"([\d,]+) of ([\d,]+) rows of (.*) were rejected, and what they are about could be deleted; nothing "
    r"was done; mend "
    r"them, or delete all the same with --accept-rejected: (.*)": (
        r"\1 trên \2 dòng của \3 bị từ chối, và những đối tượng đó có thể bị xóa nhầm nên chưa làm gì; hãy "
        r"sửa các dòng "
        r"đó trước: {4}"
    ),
    r"no row of (.*) is of the owner (.*), so all that this owner has would be deleted; nothing was done": (
        r"tệp \1 không có dòng nào của \2, nên mọi dòng của chủ sở hữu này sẽ bị xóa; chưa làm gì"
    ),
    r"replace deletes what one owner has and the file lacks, and no owner is named; name it with --owner": (
        r"thay thế sẽ xóa những gì chủ sở hữu có mà tệp không có; hãy ghi tên chủ sở hữu"
    ),
    r"(.*) may not import into layer (.*), of which some rows are hidden from them": (
        r"\1 không được nhập vào lớp \2 vì có dòng không được xem"
    ),
    r"import (\d+) was undone already, (.*) by (.*)": r"lần nhập \1 đã được hoàn tác, {2}, bởi \3",
    r"on (\d[\d:\- ]+) UTC": r"lúc \1 UTC",
    r"there is no import '?(\S+?)'?(?:; gis-infra imports list shows them)?": r"không có lần nhập \1",
    r"(.*) was (changed|deleted|replaced) (.*?) by ([\w ]+) of (.*)": r"\1 đã {2} {3}, qua \4, bởi \5",
    r"(.*) was (changed|deleted|replaced) (.*?) (?:by|of) (.*)": r"\1 đã {2} {3}, \4",
    r"(.*) was (changed|deleted|replaced) (.*)": r"\1 đã {2} {3}",
    r"before history was kept": r"trước khi có lịch sử",
    r"changed": r"được sửa",
    r"deleted": r"bị xóa",
    r"replaced": r"được thay",
    r"one of many more reasons; the rejected rows have each its own": (
        r"một trong nhiều lý do khác; mỗi dòng bị từ chối có lý do riêng"
    ),
}

"""The words of reports and letters, in both languages; the layers and rules bring their own titles."""

from collections.abc import Mapping

from gis_infra.catalogue.definitions import Title
from gis_infra.reports.board.words import BOARD_WORDS
from gis_infra.reports.coverage.words import COVERAGE_WORDS

WORDS: Mapping[str, Title] = {
    **COVERAGE_WORDS,
    **BOARD_WORDS,
    "register": Title("Báo cáo xung đột hạ tầng", "Report on conflicts of infrastructure"),
    "works": Title("Kiểm tra công trình dự kiến", "Check of planned works"),
    "letters": Title("Thư gửi chủ sở hữu", "Letters to owners"),
    "as_of": Title("Lập lúc", "Made on"),
    "shown": Title("Trình bày {shown} trong {matched} xung đột", "{shown} of {matched} conflicts shown"),
    "nothing": Title(
        "Trong phạm vi được hỏi không có gì mà người hỏi được xem.",
        "There is nothing within what was asked that is shown to who asks.",
    ),
    "summary": Title("Tổng hợp", "Summary"),
    "number": Title("Số", "Number"),
    "severity": Title("Mức", "Answer"),
    "severity.violation": Title("Vi phạm", "Violation"),
    "severity.possible": Title("Có thể vi phạm", "Possible"),
    "severity.vertical_unknown": Title("Chưa rõ độ sâu", "Vertical unknown"),
    "severity.opportunity": Title("Cơ hội phối hợp", "Opportunity"),
    "severity.clear": Title("Không vướng", "Clear"),
    "status": Title("Trạng thái", "Status"),
    "status.new": Title("Mới", "New"),
    "status.active": Title("Đang mở", "Active"),
    "status.reviewed": Title("Đã xem xét", "Reviewed"),
    "status.approved": Title("Chấp nhận", "Approved"),
    "status.resolved": Title("Đã giải quyết", "Resolved"),
    "rule": Title("Quy định", "Rule"),
    "clause": Title("Điều khoản", "Clause"),
    "source": Title("Nguồn", "Source"),
    "legal_basis": Title("Căn cứ pháp lý", "Legal basis"),
    "unverified": Title("số liệu chưa đối chiếu với văn bản gốc", "number not verified in its primary text"),
    "asset": Title("Tài sản", "Asset"),
    "layer": Title("Lớp", "Layer"),
    "code": Title("Mã", "Code"),
    "owner": Title("Chủ sở hữu", "Owner"),
    "no_owner": Title("chưa ghi chủ sở hữu", "owner not recorded"),
    "required": Title("Yêu cầu", "Required"),
    "found": Title("Đo được", "Found"),
    "accuracy": Title("Sai số", "Accuracy"),
    "accuracy_unknown": Title("chưa ghi sai số", "not recorded"),
    "vertical": Title("Khoảng cách đứng", "Vertical gap"),
    "unknown": Title("chưa rõ", "not known"),
    "length": Title("Chiều dài đoạn", "Length of stretch"),
    "street": Title("Đường", "Street"),
    "side": Title("Phía", "Side"),
    "side.left": Title("bên trái A", "left of A"),
    "side.right": Title("bên phải A", "right of A"),
    "side.above": Title("trên A", "above A"),
    "side.below": Title("dưới A", "below A"),
    "side.across": Title("cắt ngang A", "across A"),
    "side.inside": Title("trong A", "inside A"),
    "assignee": Title("Người xử lý", "Assigned to"),
    "due_on": Title("Hạn", "Due"),
    "reason": Title("Lý do", "Reason"),
    "found_on": Title("Phát hiện", "Found on"),
    "place": Title("Vị trí (kinh độ, vĩ độ)", "Place (longitude, latitude)"),
    "map_of": Title("Bản đồ nơi xung đột số {id}", "Map of the place of conflict {id}"),
    "map_of_works": Title("Bản đồ công trình và tài sản trong phạm vi", "Map of the works and the assets within reach"),
    "legend": Title("A, B: hai tài sản; vòng tròn đỏ: nơi gần nhất", "A, B: the two assets; red ring: the worst place"),
    "legend_works": Title("nét đứt đỏ: công trình", "broken red line: the works"),
    "project": Title("Công trình", "Works"),
    "applicant": Title("Đơn vị thi công", "Applicant"),
    "method": Title("Biện pháp", "Method"),
    "method.open_cut": Title("Đào hở", "Open cut"),
    "method.trenchless": Title("Không đào hở", "Trenchless"),
    "depth": Title("Độ sâu", "Depth"),
    "bottom_level": Title("Cao độ đáy", "Bottom level"),
    "window": Title("Thời gian", "Days"),
    "from_to": Title("từ {from_day} đến {to_day}", "from {from_day} to {to_day}"),
    "ask": Title("Cần hỏi và thông báo", "To ask and to tell"),
    "answer": Title("Trả lời", "Answer"),
    "answer.met": Title("Có tài sản trong phạm vi: {layers}", "Assets within reach: {layers}"),
    "answer.nothing_recorded": Title(
        "Không ghi nhận tài sản nào tại đây, tính đến {as_of}", "Nothing recorded here, as of {as_of}"
    ),
    "answer.owner_not_recorded": Title(
        "Có tài sản cùng ngành chưa ghi chủ sở hữu", "Assets of this sector without a recorded owner lie here"
    ),
    "answer.not_shown": Title(
        "Người hỏi không được xem hết dữ liệu ngành này: phải hỏi chủ sở hữu",
        "Not all data of this sector is open to who asks: only the owner can say",
    ),
    "contact": Title("Liên hệ", "Contact"),
    "no_contact": Title("chưa có liên hệ", "no contact kept"),
    "notify": Title("Báo trước", "Tell before"),
    "notify_by": Title("chậm nhất {day} ({days} ngày trước)", "by {day} ({days} days before)"),
    "notify_days": Title("ít nhất {days} ngày trước khi bắt đầu", "at least {days} days before the start"),
    "late": Title("đã quá hạn", "overdue"),
    "reached": Title("Tài sản trong phạm vi", "Assets within reach"),
    "told": Title("Trình bày {shown} trong {matched}", "{shown} of {matched} shown"),
    "chances": Title("Thời gian và phối hợp", "Days and coordination"),
    "chances_note": Title(
        "Đường mới làm, công trình khác gần kề, cơ hội đào chung một lần",
        "Streets newly surfaced, other works nearby, chances to share one opening",
    ),
    "checked": Title("Đã kiểm tra", "What was checked"),
    "checked_layers": Title("Lớp dữ liệu", "Layers"),
    "checked_rules": Title("Quy định", "Rules"),
    "unknown_depth": Title("tài sản chưa ghi độ sâu", "assets without a recorded depth"),
    "unknown_accuracy": Title("tài sản chưa ghi sai số", "assets without a recorded accuracy"),
    "no_licence": Title(
        "Kết quả dựa trên dữ liệu đã ghi; không thay cho việc dò tìm tại chỗ trước khi đào.",
        "This rests on what is recorded; it does not replace locating on site before digging.",
    ),
    "to": Title("Kính gửi", "To"),
    "subject_works": Title("Về việc thi công gần tài sản của Quý đơn vị", "Works planned near assets of yours"),
    "subject_nothing": Title(
        "Đề nghị xác nhận không có tài sản trong phạm vi thi công",
        "Please confirm that nothing of yours lies within planned works",
    ),
    "subject_conflicts": Title(
        "Về các xung đột liên quan tài sản của Quý đơn vị", "Conflicts that concern assets of yours"
    ),
    "letter_works": Title(
        "Chúng tôi dự kiến thi công như dưới đây. Theo dữ liệu hạ tầng của thành phố, tài sản sau đây của Quý đơn vị "
        "nằm trong phạm vi. Đề nghị Quý đơn vị kiểm tra vị trí, độ sâu và cho biết biện pháp bảo vệ.",
        "We plan the works below. By the city's records the following assets of yours lie within reach. Please check "
        "where and how deep they lie, and tell us how they are to be protected.",
    ),
    "letter_unowned": Title(
        "Trong phạm vi có tài sản cùng ngành chưa ghi chủ sở hữu. Đề nghị Quý đơn vị cho biết tài sản đó có thuộc Quý "
        "đơn vị hay không.",
        "Assets of your sector whose owner is not recorded lie within reach. Please tell us whether they are yours.",
    ),
    "letter_nothing": Title(
        "Chúng tôi dự kiến thi công như dưới đây. Dữ liệu hạ tầng của thành phố không ghi nhận tài sản nào của Quý đơn "
        "vị tại đây. Đề nghị Quý đơn vị xác nhận, hoặc cho biết tài sản chưa được ghi.",
        "We plan the works below. The city's records hold nothing of yours there. Please confirm this, or tell us what "
        "is not recorded.",
    ),
    "letter_ask": Title(
        "Chúng tôi dự kiến thi công như dưới đây. Đề nghị Quý đơn vị cho biết tài sản của mình trong phạm vi này.",
        "We plan the works below. Please tell us what you have within reach of them.",
    ),
    "letter_conflicts": Title(
        "Sổ theo dõi của thành phố ghi nhận các xung đột sau liên quan tài sản của Quý đơn vị. Đề nghị Quý đơn vị kiểm "
        "tra và cho biết hướng xử lý.",
        "The city's register holds the following conflicts that concern assets of yours. Please check them and tell "
        "us what you mean to do.",
    ),
    "letter_notice": Title(
        "Theo quy định, chủ sở hữu phải được thông báo ít nhất {days} ngày trước khi bắt đầu thi công.",
        "By rule the owner must be told at least {days} days before the works begin.",
    ),
    "letter_notice_by": Title("Tức là chậm nhất ngày {day}.", "That is by {day}."),
    "other_side": Title("Tài sản kia", "The other asset"),
    "your_asset": Title("Tài sản của Quý đơn vị", "Your asset"),
    "signature": Title("Người lập", "Signed"),
    "day": Title("Ngày", "Date"),
}

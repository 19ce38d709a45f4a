"""The words of the board and of the periodic report, in both languages; layers, rules and services bring their own."""

from collections.abc import Mapping

from gis_infra.catalogue.definitions import Title

BOARD_WORDS: Mapping[str, Title] = {
    "board": Title("Tổng quan hạ tầng", "The city at a glance"),
    "board.as_of": Title("Số liệu lúc {moment}, theo dữ liệu bạn được xem.", "As of {moment}, of what you may see."),
    "board.public": Title(
        "Bạn đang xem phần công khai; đăng nhập để thấy số liệu của cơ quan mình.",
        "This is what is public; sign in to see the figures of your department.",
    ),
    "board.sign_in": Title("Đăng nhập", "Sign in"),
    "board.features": Title("Đối tượng", "Features"),
    "board.length": Title("Chiều dài", "Length"),
    "board.area": Title("Diện tích", "Area"),
    "board.size": Title("Chiều dài, diện tích", "Length, area"),
    "board.lines": Title("Chiều dài tuyến", "Length of lines"),
    "board.layer": Title("Lớp dữ liệu", "Layer"),
    "board.on_map": Title("Trên bản đồ", "On the map"),
    "board.on_map_of": Title("Xem {name} trên bản đồ", "Show {name} on the map"),
    "board.by_sector": Title("Theo ngành", "By sector"),
    "board.meet": Title("Đạt chỉ tiêu bao phủ", "Meet coverage targets"),
    "board.empty": Title("Chưa có dữ liệu: {names}.", "No data yet: {names}."),
    "board.empty_sector": Title(
        "Ngành này chưa có dữ liệu mà bạn được xem.", "This sector holds no data that you may see."
    ),
    "board.without_shape": Title(
        "{count} đối tượng không có hình nên không tính vào chiều dài, diện tích.",
        "{count} features have no geometry and are in no length or area.",
    ),
    "board.age": Title("Tuổi công trình", "Age"),
    "board.age_note": Title(
        "Theo ngày lắp đặt; tuyến tính theo chiều dài, công trình điểm và vùng theo số lượng.",
        "By the day of installation; lines by length, points and areas by number.",
    ),
    "board.age.future": Title("Chưa lắp", "Yet to come"),
    "board.age.between": Title("{least}–{most} năm", "{least}–{most} years"),
    "board.age.from": Title("Từ {least} năm", "{least} years and more"),
    "board.quality_level": Title("Mức chất lượng dữ liệu", "Quality level"),
    "board.quality_level_note": Title(
        "A đo trực tiếp, B dò được, C theo dấu vết, D chỉ theo hồ sơ (PAS 128).",
        "A measured, B detected, C from surface features, D records only (PAS 128).",
    ),
    "board.material": Title("Vật liệu", "Material"),
    "board.material_of": Title("Vật liệu: {name}", "Material: {name}"),
    "board.status": Title("Tình trạng", "Status"),
    "board.not_recorded": Title("Chưa ghi", "Not recorded"),
    "board.nothing_recorded": Title("Chưa ghi gì ở: {names}.", "Nothing recorded in: {names}."),
    "board.share": Title("Tỷ lệ", "Share"),
    "board.numbers": Title("Bảng số", "The numbers"),
    "board.conflicts": Title("Xung đột đang mở", "Open conflicts"),
    "board.violations": Title("trong đó {count} vi phạm", "{count} of them violations"),
    "board.conflicts_none": Title("Không có xung đột nào đang mở.", "No conflict is open."),
    "board.conflicts_note": Title(
        "Xung đột giữa hai ngành được tính ở cả hai ngành.", "A conflict between two sectors counts in both."
    ),
    "board.register": Title("Mở sổ xung đột", "Open the register"),
    "board.register_of": Title("Xung đột của ngành {name} trong sổ", "Conflicts of {name} in the register"),
    "board.coverage": Title("Độ bao phủ so với chỉ tiêu", "Coverage against target"),
    "board.coverage_tile": Title("Dịch vụ đạt chỉ tiêu", "Services that meet their targets"),
    "board.service": Title("Dịch vụ", "Service"),
    "board.result": Title("Kết quả", "Result"),
    "board.computed_on": Title("Tính ngày", "Computed on"),
    "board.never": Title(
        "Chưa tính, hoặc tính trên dữ liệu bạn không được xem", "Never run, or not on what you may see"
    ),
    "board.compute": Title("Tính trên bản đồ", "Run it on the map"),
    "board.no_target": Title("không có chỉ tiêu", "no target"),
    "board.imports": Title("Dữ liệu mới nhập", "Imports lately"),
    "board.imports_tile": Title("Lần nhập trong 30 ngày", "Imports within 30 days"),
    "board.imports_none": Title("Chưa có lần nhập nào mà bạn được xem.", "There is no import that you may see."),
    "board.imports_note": Title(
        "Các lần nhập của bạn, và của các lớp bạn quản trị.", "Your own imports, and those of layers you administer."
    ),
    "board.import": Title("Lần nhập", "Import"),
    "board.file": Title("Tệp", "File"),
    "board.by": Title("Người nhập", "By"),
    "board.day": Title("Ngày", "Day"),
    "board.accepted": Title("Nhận", "Accepted"),
    "board.rejected": Title("Loại", "Rejected"),
    "board.inserted": Title("Thêm", "Added"),
    "board.updated": Title("Sửa", "Changed"),
    "board.deleted": Title("Xóa", "Removed"),
    "board.undone": Title("đã hoàn tác", "taken back"),
    "board.cameras": Title("Camera công cộng", "Public cameras"),
    "board.cameras_tile": Title("Camera đã kết nối", "Cameras linked"),
    "board.cameras_none": Title("Chưa có camera nào mà bạn được xem.", "There is no camera that you may see."),
    "board.cameras_note": Title(
        "Theo hồ sơ của lớp camera: tình trạng và việc đã kết nối trung tâm hay chưa; hệ thống không dò từng máy.",
        "By the records of the layer: status, and whether linked to the centre; no camera is asked over a network.",
    ),
    "board.cameras_all": Title("Danh sách camera", "All cameras"),
    "board.camera": Title("Camera", "Camera"),
    "board.camera.linked": Title("Đã kết nối", "Linked"),
    "board.camera.not_linked": Title("Chưa kết nối", "Not linked"),
    "board.camera.out": Title("Ngừng hoạt động", "Out of use"),
    "board.camera.planned": Title("Dự kiến", "Planned"),
    "board.camera.unknown": Title("Chưa ghi kết nối", "Not recorded"),
    "board.camera.all": Title("Tất cả", "All"),
    "board.state": Title("Trạng thái", "State"),
    "board.kind": Title("Loại", "Kind"),
    "board.purpose": Title("Mục đích", "Purpose"),
    "board.updated_at": Title("Cập nhật", "Updated"),
    "board.previous": Title("Trang trước", "Previous page"),
    "board.next": Title("Trang sau", "Next page"),
    "board.shown": Title("{first}–{last} trong {all}", "{first}–{last} of {all}"),
    "board.report": Title("Báo cáo để in", "Report to print"),
    "board.report_text": Title(
        "Báo cáo tháng, nửa năm hoặc năm: đầu kỳ, cuối kỳ, tăng giảm. In hoặc lưu PDF từ trình duyệt.",
        "Of a month, half a year or a year: beginning, end and change. Print it or save it as PDF from the browser.",
    ),
    "board.period": Title("Kỳ báo cáo", "Period"),
    "board.period.month": Title("Tháng", "Months"),
    "board.period.half_year": Title("Nửa năm", "Half years"),
    "board.period.year": Title("Năm", "Years"),
    "board.so_far": Title("{period} (đến nay)", "{period} (so far)"),
    "board.open_report": Title("Mở báo cáo", "Open the report"),
    "board.periodic": Title("Báo cáo hạ tầng {period}", "Report on infrastructure, {period}"),
    "board.span": Title("Từ {start} đến {end}.", "From {start} to {end}."),
    "board.still": Title(
        "Kỳ chưa kết thúc: số cuối kỳ là số lúc lập báo cáo.",
        "The period has not ended: its end is the moment of this report.",
    ),
    "board.reader": Title("Theo dữ liệu {name} được xem.", "Of the data that {name} may see."),
    "board.reader_public": Title("Theo dữ liệu công khai.", "Of the data that are public."),
    "board.before": Title("Đầu kỳ", "Beginning"),
    "board.after": Title("Cuối kỳ", "End"),
    "board.change": Title("Tăng giảm", "Change"),
    "board.sum": Title("Cộng", "Together"),
    "board.moves": Title("Xung đột trong kỳ", "Conflicts over the period"),
    "board.opened": Title("Phát sinh", "Opened"),
    "board.settled": Title("Giải quyết", "Settled"),
    "board.city": Title("Toàn thành phố", "The whole city"),
    "board.sector": Title("Ngành", "Sector"),
    "board.imports_period": Title("Nhập dữ liệu trong kỳ", "Imports over the period"),
    "board.imports_count": Title("Số lần", "Imports"),
    "board.undone_count": Title("Hoàn tác", "Taken back"),
    "board.none_in_period": Title("Không có trong kỳ.", "None over the period."),
    "board.of_period": Title("của kỳ", "of the period"),
    "board.how": Title("Cách tính", "How it is computed"),
    "board.how_text": Title(
        "Số lượng, chiều dài và diện tích là của mọi đối tượng có trong dữ liệu vào thời điểm nêu, đọc lại từ lịch "
        "sử từng đối tượng; đo trên mặt bằng trong hệ tọa độ của thành phố. Tuổi tính đến ngày cuối kỳ. Xung đột "
        "tính theo lịch sử sổ; xung đột giữa hai ngành có ở cả hai. Độ bao phủ là lần tính chính thức của kỳ, nếu "
        "không có thì lần gần nhất trước cuối kỳ.",
        "Numbers, lengths and areas are of every feature in the data at the moment named, read back from the history "
        "of each; measured on the ground plan in the city's coordinate system. Ages are told on the last day. "
        "Conflicts go by the history of the register; one between two sectors is in both. Coverage is the official "
        "run of the period, or else the latest before its end.",
    ),
    "board.print": Title("In", "Print"),
}

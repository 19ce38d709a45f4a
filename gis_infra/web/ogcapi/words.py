"""What the HTML pages say besides the data, in Vietnamese and in English."""

from collections.abc import Mapping

from gis_infra.catalogue.definitions import Language
from gis_infra.web.ogcapi.pages.words import WORDS as PAGE_WORDS

WORDS: Mapping[str, tuple[str, str]] = {
    "home": ("Trang chủ", "Home"),
    "board": ("Tổng quan", "Overview"),
    "collections": ("Các lớp dữ liệu", "Collections"),
    "features": ("Đối tượng", "Features"),
    "conformance": ("Tuân thủ tiêu chuẩn", "Conformance"),
    "api": ("Định nghĩa API", "API definition"),
    "schema": ("Lược đồ", "Schema"),
    "queryables": ("Thuộc tính có thể lọc", "Queryables"),
    "sortables": ("Thuộc tính có thể sắp xếp", "Sortables"),
    "functions": ("Hàm dùng trong bộ lọc", "Functions of filters"),
    "arguments": ("Tham số", "Arguments"),
    "returns": ("Kết quả", "Result"),
    "licence": ("Giấy phép", "Licence"),
    "attribution": ("Nguồn dữ liệu", "Attribution"),
    "role": ("Vai trò", "Role"),
    "tiles": ("Ô bản đồ", "Tiles"),
    "download": ("Tải xuống", "Download"),
    "processes": ("Các xử lý", "Processes"),
    "jobs": ("Công việc của tôi", "My jobs"),
    "job": ("Công việc", "Job"),
    "execute": ("Chạy xử lý (POST)", "Run the process (POST)"),
    "inputs": ("Đầu vào", "Inputs"),
    "outputs": ("Đầu ra", "Outputs"),
    "required": ("Bắt buộc", "Required"),
    "status": ("Trạng thái", "Status"),
    "progress": ("Tiến độ", "Progress"),
    "message": ("Thông báo", "Message"),
    "created": ("Tạo lúc", "Asked for"),
    "style": ("Kiểu thể hiện (MapLibre)", "Style (MapLibre)"),
    "map": ("Bản đồ", "Map"),
    "layer": ("Lớp", "Layer"),
    "geometry": ("Hình học", "Geometry"),
    "count": ("Số đối tượng", "Features"),
    "extent": ("Phạm vi (kinh độ, vĩ độ)", "Extent (longitude, latitude)"),
    "crs": ("Hệ tọa độ", "Coordinate systems"),
    "storage_crs": ("Hệ tọa độ lưu trữ", "Storage coordinate system"),
    "field": ("Thuộc tính", "Property"),
    "title": ("Tên", "Title"),
    "type": ("Kiểu", "Type"),
    "unit": ("Đơn vị", "Unit"),
    "codes": ("Giá trị", "Values"),
    "value": ("Giá trị", "Value"),
    "next": ("Trang sau", "Next page"),
    "previous": ("Trang trước", "Previous page"),
    "first": ("Trang đầu", "First page"),
    "shown": ("đối tượng trên trang này, tổng cộng", "features on this page, of"),
    "as_json": ("Dạng JSON", "As JSON"),
    "links": ("Liên kết", "Links"),
    "nothing": ("Không có gì", "Nothing here"),
    "path": ("Đường dẫn", "Path"),
    "summary": ("Nội dung", "What it gives"),
    "intro": (
        "Dữ liệu hạ tầng của thành phố theo OGC API. Thêm địa chỉ của trang này vào QGIS "
        "(Lớp → Thêm lớp → WFS / OGC API Features) để thấy mọi lớp bạn được xem.",
        "The city's infrastructure data by OGC API. Add this page's address to QGIS "
        "(Layer → Add Layer → WFS / OGC API Features) to see every layer you may see.",
    ),
}


def get_words(language: Language) -> Mapping[str, str]:
    """Every word, in one language."""
    index = 0 if language == "vi" else 1
    return {name: pair[index] for name, pair in {**WORDS, **PAGE_WORDS}.items()}

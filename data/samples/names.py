"""Names: of streets as in the real city, of wards, and of companies that do not exist."""

WARDS: tuple[tuple[str, str], ...] = (
    ("90101", "Bến Nghé"),
    ("90102", "Bến Thành"),
    ("90103", "Tân Định"),
    ("90104", "Cầu Ông Lãnh"),
    ("90105", "Khánh Hội"),
    ("90106", "Xóm Chiếu"),
)

STREETS: tuple[str, ...] = tuple(
    """Đồng Khởi;Lê Thánh Tôn;Nguyễn Du;Huyền Trân Công Chúa;Trương Định;Thủ Khoa Huân;Nguyễn Trung Trực;Lưu Văn Lang
Phan Bội Châu;Phan Chu Trinh;Nguyễn An Ninh;Lê Anh Xuân;Sương Nguyệt Anh;Bùi Thị Xuân;Nguyễn Trãi;Lê Thị Riêng
Phạm Ngũ Lão;Đề Thám;Bùi Viện;Đỗ Quang Đẩu;Cống Quỳnh;Tôn Thất Tùng;Nguyễn Cư Trinh;Trần Đình Xu;Hồ Hảo Hớn
Đề Công Tráng;Nguyễn Hữu Cầu;Trần Quang Khải;Trần Khắc Chân;Hai Bà Trưng;Mạc Đĩnh Chi;Phùng Khắc Khoan
Nguyễn Văn Thủ;Phan Kế Bính;Tự Đức;Cây Điệp;Hòa Mỹ;Huỳnh Khương Ninh;Nguyễn Huy Tự;Bà Lê Chân
Thạch Thị Thanh;Mã Lộ;Nguyễn Phi Khanh;Trần Nhật Duật;Đặng Dung;Đặng Tất;Lý Văn Phức;Võ Thị Sáu;Trần Cao Vân
Phạm Ngọc Thạch;Lê Duẩn;Hàn Thuyên;Alexandre de Rhodes;Thái Văn Lung;Chu Mạnh Trinh;Cao Bá Quát;Thi Sách
Phan Văn Đạt;Mạc Thị Bưởi;Ngô Đức Kế;Hồ Huấn Nghiệp;Hải Triều;Huỳnh Thúc Kháng;Tôn Thất Thiệp;Tôn Thất Đạm
Hồ Tùng Mậu;Phó Đức Chính;Ký Con;Yersin;Calmette;Lê Công Kiều;Nguyễn Thái Bình;Lê Thị Hồng Gấm;Đặng Thị Nhu
Cô Giang;Cô Bắc;Hồ Xuân Hương;Nguyễn Khắc Nhu;Trần Đình Thảo;Nguyễn Thái Học;Cao Thắng;Bàn Cờ;Vườn Chuối
Tôn Đản;Đoàn Văn Bơ;Xóm Chiếu;Nguyễn Tất Thành;Lê Quốc Hưng;Lê Văn Linh;Nguyễn Trường Tộ;Đinh Lễ;Ngô Văn Sở
Trương Đình Hợi;Nguyễn Thần Hiến;Tân Vĩnh;Vĩnh Hội;Khánh Hội;Vĩnh Khánh;Nguyễn Khoái;Hoàng Diệu Nối Dài
Nguyễn Hữu Hào;Đoàn Như Hài;Bến Cát;Nguyễn Siêu;Nguyễn Văn Tráng;Lương Hữu Khánh;Lê Lai;Nguyễn Văn Giai
Nguyễn Đình Chiểu;Trương Hán Siêu;Phan Liêm;Nguyễn Bỉnh Khiêm;Nguyễn Hậu;Đinh Tiên Hoàng;Phan Tôn;Nguyễn Văn Nghĩa
Lê Văn Hưu;Đặng Trần Côn;Nguyễn Văn Bình;Lý Chính Thắng;Kỳ Đồng;Rạch Bùng Binh;Trần Quốc Thảo;Ngô Thời Nhiệm
Tú Xương;Lê Quý Đôn;Nguyễn Thông;Bà Huyện Thanh Quan;Nguyễn Gia Thiều;Trần Quốc Toản;Hồ Biểu Chánh;Nguyễn Sơn Hà
Nguyễn Hiền;Đoàn Công Bửu;Nguyễn Thượng Hiền;Cao Đạt;An Bình;Nghĩa Thục;Bạch Vân;Trần Tuấn Khải;Lê Hồng Phong
Nguyễn Biểu;Huỳnh Mẫn Đạt;Phan Văn Trị;Nguyễn Duy Dương;Sư Vạn Hạnh;Trần Phú;An Dương Vương;Bùi Hữu Nghĩa""".replace(
        "\n", ";"
    ).split(";")
)

# Kinds of owners that a Vietnamese city has; the companies themselves are invented.
WATER_COMPANY = "Công ty Cấp nước Bến Nghé Mới"
DRAINAGE_COMPANY = "Công ty Thoát nước Sài Gòn Mới"
POWER_COMPANY = "Công ty Điện lực Sao Hôm"
LIGHTING_COMPANY = "Công ty Chiếu sáng công cộng Phương Nam"
TELECOMS: tuple[str, ...] = ("Viễn thông Sao Mai", "Viễn thông Cửu Long Mới")
POST_COMPANY = "Bưu điện Trung tâm"
PARKS_COMPANY = "Công ty Công viên cây xanh Phương Nam"
CITY = "UBND thành phố"
ENVIRONMENT_OFFICE = "Sở Nông nghiệp và Môi trường"
CONSTRUCTION_OFFICE = "Sở Xây dựng"

SPECIES: tuple[str, ...] = ("Sao đen", "Dầu rái", "Bằng lăng", "Me chua", "Phượng vĩ", "Lim xẹt", "Kèn hồng", "Xà cừ")
SURVEYORS: tuple[str, ...] = ("Nguyễn Văn Hải", "Trần Thị Mai", "Lê Quốc Dũng", "Phạm Minh Đức", "Võ Thị Lan")

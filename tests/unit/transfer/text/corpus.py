"""What surveyors write: streets, wards, words for assets, remarks; and what others write, which is to be left alone."""


def listed(text: str) -> tuple[str, ...]:
    """The values between the strokes."""
    return tuple(text.split("|"))


STREETS = listed(
    "Nguyễn Huệ|Lê Lợi|Trần Hưng Đạo|Hai Bà Trưng|Lý Tự Trọng|Pasteur|Nam Kỳ Khởi Nghĩa|Đồng Khởi|Tôn Đức Thắng|Hàm"
    " Nghi|Cách Mạng Tháng Tám|Điện Biên Phủ|Võ Thị Sáu|Nguyễn Thị Minh Khai|Nguyễn Đình Chiểu|Phạm Ngũ Lão|Bùi "
    "Viện|Đề Thám|Cống Quỳnh|Nguyễn Trãi|Nguyễn Cư Trinh|Trần Quang Khải|Đinh Tiên Hoàng|Phan Đăng Lưu|Bạch Đằng|Xô"
    " Viết Nghệ Tĩnh|Nguyễn Xí|Đặng Thùy Trâm|Phan Văn Trị|Lê Quang Định|Quang Trung|Nguyễn Oanh|Phạm Văn "
    "Đồng|Trường Chinh|Cộng Hòa|Hoàng Văn Thụ|Lạc Long Quân|Âu Cơ|Lũy Bán Bích|Hòa Bình|Ông Ích Khiêm|Tân Kỳ Tân "
    "Quý|Bình Long|Hậu Giang|Hồng Bàng|Ba Tháng Hai|Lý Thường Kiệt|Ngô Gia Tự|Hùng Vương|An Dương Vương|Nguyễn Tri "
    "Phương|Sư Vạn Hạnh|Tô Hiến Thành|Thành Thái|Nguyễn Văn Cừ|Võ Văn Kiệt|Bến Vân Đồn|Khánh Hội|Tôn Thất "
    "Thuyết|Huỳnh Tấn Phát|Nguyễn Văn Linh|Nguyễn Hữu Thọ|Kha Vạn Cân|Võ Văn Ngân|Đỗ Xuân Hợp|Nguyễn Duy Trinh|Mai "
    "Chí Thọ|Đồng Văn Cống|Lê Văn Việt|Nguyễn Xiển|Hoàng Hữu Nam|Hẻm 45|Hẻm 12/3 Cô Bắc|Đường số 7|Đường D2|Quốc lộ"
    " 1A|Quốc lộ 13|Tỉnh lộ 10|Đường vành đai 2|Cầu Rạch Chiếc|Hương lộ 80B|Ngã tư Bảy Hiền|Ngã sáu Phù Đổng|Vòng "
    "xoay Lăng Cha Cả|Cù lao Bình Quới|Bờ kè Nhiêu Lộc|Đại lộ Bình Dương|Cầu Ông Lãnh"
)
WARDS = listed(
    "Phường Bến Nghé|Phường Đa Kao|Phường Cầu Ông Lãnh|Phường Nguyễn Cư Trinh|Phường Tân Định|Phường Thảo "
    "Điền|Phường An Phú|Phường Bình Trưng Đông|Phường Cát Lái|Phường Thạnh Mỹ Lợi|Phường Hiệp Bình Chánh|Phường "
    "Linh Xuân|Phường Tam Phú|Phường Trường Thọ|Phường Tăng Nhơn Phú A|Phường Phước Long B|Phường Long Thạnh "
    "Mỹ|Phường Tây Thạnh|Phường Sơn Kỳ|Phường Phú Thọ Hòa|Phường Hiệp Tân|Phường Bình Hưng Hòa|Phường Tân "
    "Tạo|Phường Phú Mỹ|Phường Tân Thuận Đông|Xã Vĩnh Lộc A|Xã Phạm Văn Hai|Xã Lê Minh Xuân|Xã Bình Chánh|Xã Tân "
    "Kiên|Xã Đa Phước|Xã Phong Phú|Xã Nhà Bè|Xã Hiệp Phước|Xã Cần Thạnh|Xã Lý Nhơn|Xã An Thới Đông|Xã Thạnh An|Xã "
    "Củ Chi|Xã Phú Hòa Đông|Xã Nhuận Đức|Xã Thái Mỹ|Xã Hóc Môn|Xã Bà Điểm|Xã Xuân Thới Sơn|Đặc khu Côn Đảo|Phường "
    "Vũng Tàu|Phường Rạch Dừa|Phường Thủ Dầu Một|Phường Dĩ An|Phường Thuận An|Phường Lái Thiêu|Phường Chánh "
    "Nghĩa|Quận Tân Bình|Quận Gò Vấp|Quận Bình Thạnh|Huyện Bình Chánh|Thành phố Thủ Đức|Thành phố Hồ Chí Minh|Khu "
    "phố 3, phường 5|Ấp Tân Điền|Tổ dân phố số 12"
)
ASSETS = listed(
    "Ống cấp nước|Ống gang dẻo|Ống nhựa uPVC D114|Ống thép tráng kẽm|Ống bê tông cốt thép|Ống HDPE Ø200|Van "
    "cổng|Van xả cặn|Van xả khí|Đồng hồ nước|Trụ cứu hỏa|Trạm bơm tăng áp|Bể chứa nước sạch|Giếng khoan|Nhà máy "
    "nước Tân Hiệp|Đai khởi thủy|Cống hộp|Cống tròn BTCT|Cống ngầm|Mương hở|Hố ga thăm|Hố ga thu|Cửa xả|Cửa thu "
    "nước mưa|Giếng tách dòng|Rãnh thoát nước|Kênh Nhiêu Lộc - Thị Nghè|Rạch Xuyên Tâm|Trạm xử lý nước thải|Lưu vực"
    " Tham Lương|Triều cường gây ngập|Điểm ngập nặng|Cáp ngầm trung thế|Cáp ngầm hạ thế|Đường dây trên không|Trụ bê"
    " tông ly tâm|Trạm biến áp treo|Trạm biến áp phòng|Tủ điện|Tủ trung thế RMU|Đèn chiếu sáng|Đèn LED 150W|Tủ điều"
    " khiển chiếu sáng|Cột thép mạ kẽm|Cáp quang|Cáp đồng|Bể cáp|Cống bể|Ống luồn cáp|Tủ phối quang|Cột anten|Trạm "
    "phát sóng|Bưu cục cấp 2|Điểm bưu điện văn hóa xã|Cây xanh đường phố|Cây sao đen|Cây dầu rái|Cây bàng|Cây lim "
    "xẹt|Cây bằng lăng|Cỏ lá gừng|Công viên Tao Đàn|Vườn hoa|Trạm quan trắc không khí|Trạm trung chuyển rác|Bãi "
    "chôn lấp Đa Phước|Hành lang bảo vệ nguồn nước|Tuy-nen kỹ thuật|Hào kỹ thuật"
)
REMARKS = listed(
    "tốt|xấu|trung bình|đang sử dụng|đã hỏng|đã sửa chữa năm 2015|cần thay thế|chưa xác định|không rõ|chưa nghiệm "
    "thu|bị rò rỉ|nắp bể bị vỡ|lấn chiếm hành lang|nằm dưới vỉa hè|nằm dưới lòng đường|sâu 1,2 m so với mặt "
    "đường|mép bó vỉa|đo bằng GPS RTK|số liệu kế thừa|đơn vị thi công: Công ty TNHH Xây dựng|Công ty Cổ phần Cấp "
    "nước Bến Thành|Tổng công ty Điện lực|Sở Giao thông vận tải|Sở Tài nguyên và Môi trường|Trung tâm Quản lý hạ "
    "tầng kỹ thuật|Ủy ban nhân dân quận|người đo: Trần Văn Ả|Nguyễn Thị Ánh Tuyết|Lê Hoàng Phước|Đỗ Mỹ Linh|Phạm "
    "Quốc Bảo|Huỳnh Ngọc Yến|Vũ Đức Thịnh|Đặng Thị Thu Hằng|Bùi Quang Huy|tim cống lệch 0,3 m|ống đi nổi qua "
    "cầu|đấu nối vào tuyến chính|tạm ngưng hoạt động|đã bàn giao|chờ thẩm định|lắp đặt năm 1998|vật liệu: gạch "
    "xây|nước đục, áp lực yếu|cây nghiêng, rễ trồi|bóng đèn cháy|dây chằng đứt|cáp thông tin chằng chịt|ngập khi "
    "mưa lớn|bùn lắng dày|cửa xả bị bồi lấp|khoảng cách đến nhà dân|thuộc dự án cải tạo|điểm mốc số 5|mặt cắt "
    "ngang|độ dốc dọc|cao độ đáy|cao độ đỉnh|đường kính trong|chiều dài tuyến|chất lượng trung bình|quyết định phê "
    "duyệt|giấy phép đào đường"
)
HEADINGS = listed(
    "QUẬN TÂN BÌNH|PHƯỜNG 12|XÃ HÓC MÔN|THÀNH PHỐ THỦ ĐỨC|BẢN ĐỒ ĐỊA CHÍNH|SƠ ĐỒ MẠNG LƯỚI|VỊ TRÍ|GHI CHÚ|SỐ "
    "HIỆU|LOẠI|CÔNG TY CẤP NƯỚC|ĐƯỜNG NGUYỄN HUỆ|HỐ GA|TRẠM BIẾN ÁP|ỐNG GANG|ĐANG SỬ DỤNG|UBND QUẬN 3|TP. HỒ CHÍ "
    "MINH"
)
VALUES = (*STREETS, *WARDS, *ASSETS, *REMARKS, *HEADINGS)
# What is read as Vietnamese only by chance, or not at all: shorthand, names of the highlands, words cut off.
SHORTHAND = listed(
    "TĐ|QĐ 12|ĐT|HĐND|đ/c|CĐ|ĐTHH|Đắk Lắk|Krông Búk|Ê Đê|Chư Păh|Đăk Đoa|Nguyễ|Trầ|Phườn|Hồ Chí "
    "Mi|Đư|Ấ|Ư|ố|Ø200|Đ1|đ|Đ|Ô|Ý|Á|à|m²|5°"
)
CODES = listed("PVC D100|DN150|HDPE|WP-0012|MH_334|BTCT|uPVC|OK|N/A|2x(600x600)|RMU 24kV|FTTH 48FO|Q.1|P.5|Road 9")

FRENCH = listed(
    "Rue de l'Église|Hôtel de Ville|Allée des Peupliers|Chemin du Pré|Boulevard Gambetta|Impasse de la "
    "Forêt|Café|Thé|né|été|Château d'eau|Poteau électrique|Égout|canalisation en béton|très abîmé|à "
    "réparer|bouché|diamètre inconnu|réseau "
    "unitaire|Frédéric|Pallaïssou|Bâlicôt|Noël|Où|là|dû|forêt|Saint-Étienne|Père-Lachaise|côté impair|clôturé|début"
    " de tronçon|fin d'été"
)
GERMAN = listed(
    "Mühlstraße|Königsallee|Großer Weg|Süd|Übergabeschacht|Brücke|Müller|Gießen|Köln|Höhe "
    "unbekannt|größer|für|Tür|Öl|Ähre|Schacht zugeschüttet|Kanal gespült|Äußere "
    "Ringstraße|Übersicht|schön|grün|Fußweg|Straßenbahn|Wärme|Löschwasser|Hydrant gestört"
)
RUSSIAN = listed(
    "Улица Ленина|Московский проспект|колодец|водопровод|Да|нет|чугун|сталь|канализация|дом "
    "5|Садовая|а|и|ремонт|насосная станция"
)
ARABIC = listed("شارع|الطريق الرئيسي|مخيم الزعتري|خزان مياه|مدرسة|حي")
CHINESE = listed("中山路|人民路|给水管|污水井|电缆|球墨铸铁|良好|西|胡志明市|南")
SPANISH = listed(
    "José Martínez|Peñón|calle Añil|camión|sección|tubería|Málaga|Ávila|más|sí|tú|pozo ciego|río|está|aquí"
)
PORTUGUESE = listed("São João|Praça|água|ligação|não|até|é|à|manhã|pé|café|avô|lã|pão|maçã|mão")
POLISH = listed("ulica Łódź|Kraków|wodociąg|żółty|ścieki|główny|świętego|ręka|mała")
THAI = listed("ถนน|น้ำ|กรุงเทพ|ท่อ")
SIGNS = listed("“quoted”|Smith’s|5°|m²|½ inch|–|• item|100±5|£5|naïve|résumé")
FOREIGN = {
    "cp1252": (FRENCH, GERMAN, SPANISH, PORTUGUESE, SIGNS),
    "cp1250": (POLISH,),
    "cp1251": (RUSSIAN,),
    "cp1256": (ARABIC,),
    "cp874": (THAI,),
    "gbk": (CHINESE,),
}

"""What is said of how a file is read: its coordinate system, its text, its columns, the layer it may be for."""

from collections.abc import Mapping

SYSTEMS: Mapping[str, str] = {
    r"in the city \(longitude (.*), latitude (.*)\)": r"trong thành phố (kinh độ {1}, vĩ độ {2})",
    r"partly outside the city \(longitude (.*), latitude (.*)\)": (
        r"một phần ngoài thành phố (kinh độ {1}, vĩ độ {2})"
    ),
    r"([\d,.]+) km outside the city \(longitude (.*), latitude (.*)\)": (
        r"cách thành phố \1 km (kinh độ {2}, vĩ độ {3})"
    ),
    r"(-?[\d.]+) to (-?[\d.]+)": r"\1 đến \2",
    r"nowhere on earth": r"không ở đâu trên trái đất",
    r"the file does not say its coordinate system": r"tệp không ghi hệ tọa độ",
    r"the file says so \((.*)\)": r"tệp ghi như vậy (\1)",
    r"the file says longitude/latitude on (.*)": r"tệp ghi kinh độ/vĩ độ trên \1",
    r"the file's definition \((.*)\) has the parameters of (.*)": r"định nghĩa trong tệp (\1) có tham số của \2",
    r"the file's definition \((.*)\) is that of (EPSG:\d+)": r"định nghĩa trong tệp (\1) chính là \2",
    r"the file \((.*)\) names the datum (.*), but its grid \((.*)\) is that of (.*) and of nothing else: its datum is "
    r"taken to be VN-2000, a guess": (
        r"tệp (\1) ghi mốc \2, nhưng lưới (\3) chỉ là của \4: mốc được coi là VN-2000, đây là phỏng đoán"
    ),
    r"the file \((.*)\) has the meridian of (.*), but k 0\.9996 where that has 0\.9999: a slip that is "
    r"often made, so k is "
    r"taken to be 0\.9999, a guess": (
        r"tệp (\1) có kinh tuyến của \2, nhưng hệ số k 0.9996 thay vì 0.9999: lỗi hay gặp, nên coi k là "
        r"0.9999, phỏng đoán"
    ),
    r"(\d+) m hang on it": r"sai lệch có thể tới \1 m",
    r"no EPSG system has the definition in the file \((.*)\)": r"không hệ EPSG nào có định nghĩa như trong tệp (\1)",
    r"the file's grid is UTM, but on an unknown datum \((.*)\)": r"tệp dùng lưới UTM nhưng không rõ mốc (\1)",
    r"the two that occur lie 226 m apart": r"hai mốc thường gặp lệch nhau 226 m",
    r"the file names no place on earth \((.*)\)": r"tệp không ghi nơi nào trên trái đất (\1)",
    r"what the file says of its coordinate system cannot be read": r"không đọc được hệ tọa độ tệp ghi",
    r"its shift to WGS 84 is none that VN-2000 is known by": r"tham số chuyển sang WGS 84 không phải của VN-2000",
    r"it names VN-2000 but shifts it to WGS 84 by nothing, and the two lie 226 m apart": (
        r"tệp ghi VN-2000 nhưng tham số chuyển sang WGS 84 bằng 0, hai hệ lệch nhau 226 m"
    ),
    r"its shift to WGS 84 is not the official one, which is used instead": (
        r"tham số chuyển sang WGS 84 không phải bộ chính thức; dùng bộ chính thức"
    ),
    r"its shift to WGS 84 lacks the rotations, about 0\.3 m: the official one is used": (
        r"tham số chuyển sang WGS 84 thiếu góc xoay, lệch khoảng 0,3 m: dùng bộ chính thức"
    ),
    r"the rotations of its shift to WGS 84 have the wrong sign, about 0\.5 m: the official one is used": (
        r"góc xoay của tham số chuyển sang WGS 84 sai dấu, lệch khoảng 0,5 m: dùng bộ chính thức"
    ),
    r"how its datum lies to the city's is not known, so it may be hundreds of metres off": (
        r"không rõ mốc này lệch mốc của thành phố bao nhiêu, có thể hàng trăm mét"
    ),
    r"its datum is tied to the city's to (.*) m": r"mốc này khớp mốc của thành phố trong \1 m",
    r"as asked": r"như đã chọn",
    r"as asked, axes swapped": r"như đã chọn, đổi trục",
    r"(.*), but so it would land (.*)": r"{1}, nhưng như vậy sẽ nằm {2}",
    r"(.*), which is degrees, but its coordinates run to (.*)": r"{1}, là độ, nhưng tọa độ lên tới \2",
    r"its first coordinate seems to be the northing: with the axes swapped it lands in the city, a guess": (
        r"tọa độ đầu có vẻ là hướng bắc: đổi trục thì nằm trong thành phố, phỏng đoán"
    ),
    r"of the systems in use here only (EPSG:\d+ \(.*\)) with its axes swapped \(northing first\) puts it "
    r"in the city, a "
    r"guess": r"trong các hệ đang dùng chỉ \1, đổi trục (hướng bắc trước), đưa dữ liệu vào thành phố, phỏng đoán",
    r"of the systems in use here only (EPSG:\d+ \(.*\)) puts it in the city, a guess": (
        r"trong các hệ đang dùng chỉ \1 đưa dữ liệu vào thành phố, phỏng đoán"
    ),
    r"of the systems in use here only (EPSG:\d+ \(.*\)) puts it partly in the city, a guess": (
        r"trong các hệ đang dùng chỉ \1 đưa một phần dữ liệu vào thành phố, phỏng đoán"
    ),
    r"(EPSG:\d+ \(.*\))(?:, axes swapped,| with its axes swapped \(northing first\)) puts it (?:partly "
    r")?in the city, a "
    r"guess": r"\1, đổi trục, đưa dữ liệu vào thành phố, phỏng đoán",
    r"(EPSG:\d+ \(.*\)) puts it (?:partly )?in the city, a guess": r"\1 đưa dữ liệu vào thành phố, phỏng đoán",
    r"(.*, a guess), and so would (.*)": r"{1}; \2 cũng vậy",
    r"(.*), which is the zone of other provinces": r"{1}, là múi của tỉnh khác",
    r"the city's own puts it in the city as well": r"múi của thành phố cũng đưa dữ liệu vào thành phố",
    r"(.*), and there are no coordinates to judge by": r"{1}, và không có tọa độ để suy ra",
    r"(.*), and (no system in use here .*|its coordinates .*)": r"{1}, và {2}",
    r"no system in use here puts its coordinates \((.*)\) in the city or within (.*) km of it": (
        r"không hệ nào đang dùng đưa tọa độ (\1) vào thành phố hoặc cách dưới \2 km"
    ),
    r"no system in use here puts it in the city": r"không hệ nào đang dùng đưa dữ liệu vào thành phố",
    r"no other system in use here puts it in or near the city": r"không hệ nào khác đưa dữ liệu vào hoặc gần thành phố",
    r"its coordinates \((.*)\) reach far beyond the city in every system in use here: some may be stray": (
        r"tọa độ (\1) vượt xa thành phố trong mọi hệ đang dùng: có thể có điểm lạc"
    ),
    r"its coordinates \((.*)\) look like millimetres: bring them to metres first": (
        r"tọa độ (\1) có vẻ tính bằng mi-li-mét: hãy đổi sang mét trước"
    ),
    r"(.*); accepted as a guess": r"{1}; đã nhận theo phỏng đoán",
    r"the coordinate system of (.*) is not sure: (.*)": r"chưa chắc hệ tọa độ của \1: {2}",
    r"read as (EPSG:\d+) \((.*)\), (.*) lands (nowhere on earth)(;.*)?": r"đọc theo \1 ({2}), \3 nằm {4}",
    r"read as (EPSG:\d+) \((.*)\), (.*) lands (.*? \(longitude .*?\))(;.*)?": (
        r"đọc theo \1 ({2}), \3 nằm {4}; hãy chọn hệ tọa độ khác, hoặc nhận dữ liệu ngoài thành phố"
    ),
    r"as (EPSG:\d+ \(.*\)): (.*): --crs .*": r"theo \1: {2}",
    r"or (EPSG:\d+ \(.*\)): (.*): --crs .*": r"hoặc \1: {2}",
    r"(?:if it is right, add|name the right one with|to take it where it is add) --.*": r"hãy chọn hệ tọa độ đúng",
    r"so it lands (.*)": r"như vậy sẽ nằm {1}",
}

TEXT: Mapping[str, str] = {
    r"all text is plain ASCII": r"chữ chỉ gồm ký tự ASCII",
    r"(.*) says so, and the words look like words": r"{1} ghi như vậy, và chữ đọc được",
    r"(.*) says so, and all text can be read by it": r"{1} ghi như vậy, và mọi chữ đều đọc được",
    r"(.*) says (.*), which is not so": r"{1} ghi là \2, nhưng không đúng",
    r"the \.cpg (.*)": r"tệp .cpg \1",
    r"the \.dbf's language driver (.*)": r"mã ngôn ngữ của .dbf (\1)",
    r"the drawing's code page (.*)": r"bảng mã của bản vẽ \1",
    r"the drawing": r"bản vẽ",
    r"the table's character set (.*)": r"bảng mã của bảng \1",
    r"the letters (.*)": r"các ký tự \1",
    r"all ([\d,]+) values beyond ASCII are valid UTF-8": r"cả \1 giá trị ngoài ASCII đều là UTF-8 hợp lệ",
    r"([\d,]+) of ([\d,]+) values beyond ASCII are valid UTF-8": r"\1 trên \2 giá trị ngoài ASCII là UTF-8 hợp lệ",
    r"read so, ([\d%]+) of the words are Vietnamese syllables": r"đọc như vậy thì \1 số chữ là âm tiết tiếng Việt",
    r"the text was taken for Western letters once and written again; read as (.*), ([\d%]+) of the words "
    r"are Vietnamese "
    r"syllables": r"chữ từng bị hiểu là chữ phương Tây rồi ghi lại; đọc theo \1 thì \2 số chữ là âm tiết tiếng Việt",
    r"no encoding leads clearly \(share of Vietnamese syllables(?: of the little text there is)?: (.*)\); name it with "
    r"--encoding": r"không bảng mã nào trội hẳn (tỉ lệ âm tiết tiếng Việt: \1); hãy chọn bảng mã",
    r"other than the rest: (.*)": r"khác phần còn lại: \1",
    r"column (.*) differs from the rest, and (.*)": r"cột \1 khác phần còn lại, và {2}",
    r"the names of the columns differs from the rest, and (.*)": r"tên các cột khác phần còn lại, và {1}",
}

COLUMNS: Mapping[str, str] = {
    r"by name": r"theo tên",
    r"by alias": r"theo tên gọi khác",
    r"by title": r"theo tiêu đề",
    r"by name without unit": r"theo tên, bỏ đơn vị",
    r"by name and unit": r"theo tên và đơn vị",
    r"by name without '(.*)'": r"theo tên, bỏ “\1”",
    r"by name cut to ten letters": r"theo tên bị cắt còn mười ký tự",
    r"by name cut to ten letters and numbered": r"theo tên bị cắt còn mười ký tự và đánh số",
    r"by likeness to (.*) \((.*)\)": r"vì giống “\1” (\2)",
    r"by the profile(.*)": r"theo hồ sơ\1",
    r"kept as it is": r"giữ nguyên",
    r"kept as it is: it could be (.*), (by .*)": r"giữ nguyên: có thể là \1, {2}",
    r"the file is named like it": r"tên tệp giống tên lớp",
    r"(\d+) of (\d+) columns map": r"khớp \1 trên \2 cột",
    r"the values of (.*) do not fit": r"giá trị của \1 không hợp",
    r"(.*): dates without a day, such as (.*), are taken as the first day of the month, quarter or year": (
        r"\1: ngày không ghi đủ, như \2, được hiểu là ngày đầu của tháng, quý hoặc năm"
    ),
    r"(.*) has dates with the day first \((.*)\) and with the month first \((.*)\); those that could be "
    r"either are refused:"
    r" say .*": (
        r"\1 có ngày viết ngày trước (\2) lẫn tháng trước (\3); dòng không rõ sẽ bị từ chối: hãy ghi đơn vị của cột là "
        r"dd/mm/yyyy hoặc mm/dd/yyyy"
    ),
    r"(.*): dates are read month first, for (.*) can be no other": (
        r"\1: ngày đọc theo tháng trước, vì \2 chỉ có thể như vậy"
    ),
    r"(.*): dates such as (.*) are read day first; --unit .* is the other way": (
        r"\1: ngày như \2 được đọc theo ngày trước; nếu ngược lại hãy ghi đơn vị của cột là mm/dd/yyyy"
    ),
    r"(.*): (\S+) to (\S+) (\S+) are odd for (.*); in (\S+) they would be (\S+) to (\S+) (\S+): say .*": (
        r"\1: từ \2 đến \3 \4 là bất thường với \5; nếu tính bằng \6 sẽ là \7 đến \8 \9: hãy ghi đơn vị của cột"
    ),
    r"the profile names columns the file does not have: (.*)": r"hồ sơ nêu các cột tệp không có: \1",
    r"the file has no column '(.*)'; it has (.*)": r"tệp không có cột “\1”; có: \2",
    r"there is no column '(.*)'; there are (.*)": r"không có cột “\1”; có: \2",
    r"(.*) is kept by the program itself and takes no column": r"\1 do chương trình tự giữ, không nhận cột nào",
    r"layer (.*) has no field '(.*)' to fill; it has (.*)": r"lớp \1 không có thuộc tính “\2”; có: \3",
    r"two columns are mapped to (.*); a field takes one": r"hai cột cùng vào \1; mỗi thuộc tính chỉ nhận một cột",
    r"(.*) goes to (.*), which is no number and has no unit": r"\1 vào \2, không phải số nên không có đơn vị",
    r"(.*) goes to a field without a unit, and cannot be in '(.*)'": (
        r"\1 vào thuộc tính không có đơn vị, không thể là “\2”"
    ),
    r"(.*) goes to a field in (.*), and cannot be in '(.*)'; allowed are (.*)": (
        r"\1 vào thuộc tính tính bằng \2, không thể là “\3”; được phép: \4"
    ),
    r"(.*) holds dates, which are (.*), not '(.*)'": r"\1 là ngày, ghi dạng \2, không phải “\3”",
    r"(.*) goes to (.*), which has no codes": r"\1 vào \2, là thuộc tính không có mã",
    r"(.*) has no code '(.*)'; it has (.*)": r"\1 không có mã “\2”; có: \3",
    r"(.*) goes to no field, so nothing can be said of its values; add .*": (
        r"\1 không vào thuộc tính nào nên không thể nói gì về giá trị của nó"
    ),
    r"'(.*)' is no unit known here": r"không biết đơn vị “\1”",
}

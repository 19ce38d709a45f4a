"""What is said of a file: what is missing, cut off, damaged, or of no use here."""

from collections.abc import Mapping

FILES: Mapping[str, str] = {
    # handing in
    r"'(.*)' is of no use here; hand in (.*), and what belongs to it": (
        r"không dùng được tệp “\1”; hãy nộp \2 và các tệp đi kèm"
    ),
    r"two of the files are called '(.*)'; hand in folders as one zip": (
        r"có hai tệp cùng tên “\1”; hãy nén các thư mục thành một tệp zip"
    ),
    r"an upload has at most (\d+) files; hand in more as one zip": (
        r"mỗi lần tải lên tối đa \1 tệp; nhiều hơn thì hãy nén thành một tệp zip"
    ),
    r"an upload has at most ([\d,]+) MB and (\d+) files": r"mỗi lần tải lên tối đa \1 MB và \2 tệp",
    r"there is none to read among (.*); hand in one of (.*) in the field 'file'": (
        r"trong các tệp \1 không có tệp nào đọc được; hãy nộp một tệp \2"
    ),
    r"there is no file; hand in one of (.*) in the field 'file'": r"chưa có tệp nào; hãy nộp một tệp \1",
    r"you have (\d+) uploads; import or delete one first": (
        r"bạn đang có \1 tệp chờ; hãy nhập hoặc bỏ bớt một tệp trước"
    ),
    r"the server's disk has no room for this upload.*; tell who runs it": (
        r"máy chủ hết chỗ cho tệp này; hãy báo người quản trị"
    ),
    r"there is no upload '(.*)'; it may have been deleted": r"không còn tệp đã tải lên \1; có thể đã bị xóa",
    r"a job that waits or runs needs this upload; dismiss it first": (
        r"một việc đang chờ hoặc đang chạy cần tệp này; hãy dừng việc đó trước"
    ),
    r"the upload cannot be read: (.*); import it in parts, or mend it first": (
        r"không đọc được tệp đã tải lên: {1}; hãy nhập từng phần, hoặc sửa tệp trước"
    ),
    r"it takes longer than (.*) s": r"đọc lâu hơn \1 giây",
    r"reading it broke off (.*)": r"việc đọc bị ngắt giữa chừng \1",
    r"it was deleted meanwhile": r"tệp đã bị xóa trong lúc đọc",
    r"(\d+) files are being (?:taken in|looked into) already; try again when one is done": (
        r"đang xử lý \1 tệp khác; hãy thử lại sau ít phút"
    ),
    r"sign in to import files": r"hãy đăng nhập để nhập tệp",
    r"(.*) may not import into any layer": r"\1 không có quyền nhập vào lớp nào",
    # archives
    r"(\S+) holds ([\d,]+) files; ([\d,]+) are read, so unpack it and name the one to read": (
        r"\1 chứa \2 tệp, chỉ đọc tối đa \3; hãy giải nén và chọn tệp cần nhập"
    ),
    r"the list of what is in (.*) is not where its end says; unpack it and zip it again": (
        r"mục lục của \1 nằm sai chỗ; hãy giải nén rồi nén lại"
    ),
    r"(.*) holds (.*), a name that leads out of the archive; nothing of it is read": (
        r"\1 chứa tên \2 dẫn ra ngoài tệp nén; không đọc gì trong đó"
    ),
    r"(\S+) unpacks to ([\d,]+) bytes, ([\d,.]+) times its size; ([\d,.]+) times is read at most": (
        r"\1 bung ra \2 byte, gấp \3 lần; chỉ đọc tối đa gấp \4 lần"
    ),
    r"(\S+) unpacks to ([\d,]+) bytes; ([\d,]+) are read in all, so unpack it first": (
        r"\1 bung ra \2 byte, chỉ đọc tối đa \3; hãy giải nén trước"
    ),
    r"(.*) is an archive in an archive in an archive; unpack it first": (
        r"\1 là tệp nén lồng ba lớp; hãy giải nén trước"
    ),
    r"(.*) is packed in a way not read here \((.*)\); unpack it and zip it again": (
        r"\1 được nén theo kiểu không đọc được (\2); hãy giải nén rồi nén lại"
    ),
    r"(.*) is not a zip archive, or its end is missing; ask for it again": (
        r"\1 không phải tệp zip, hoặc bị thiếu phần cuối; hãy xin lại tệp"
    ),
    r"(.*) holds a link, (.*); put the file itself in its place": r"\1 chứa liên kết \2; hãy thay bằng chính tệp đó",
    r"(.*) is encrypted \((.*)\); unpack it with its password first": (
        r"\1 có mật khẩu (\2); hãy giải nén bằng mật khẩu trước"
    ),
    r"(.*) brings the files to more than ([\d,]+); unpack it first": (r"với \1 số tệp vượt quá \2; hãy giải nén trước"),
    r"(.*) is not a zip archive, or is damaged: (.*)": r"\1 không phải tệp zip, hoặc bị hỏng: \2",
    r"(.*) cannot be unpacked, it is damaged: (.*)": r"không giải nén được \1, tệp bị hỏng: \2",
    r"(.*) holds more than ([\d,]+) files; name the one to read": r"\1 chứa hơn \2 tệp; hãy chọn tệp cần đọc",
    r"(.*) has folders more than (\d+) deep": r"\1 có thư mục lồng quá \2 cấp",
    # shapefiles
    r"(.*); ask for the whole shapefile, or take its shapes alone with --bare-geometry": (
        r"{1}; hãy xin lại đủ bộ shapefile"
    ),
    r"(.*), which holds the (.*), is empty \(0 bytes\)": r"\1 (chứa {2}) rỗng, 0 byte",
    r"(.*) has no (\.\w+) beside it, which holds the (.*)": r"\1 thiếu tệp \2 đi kèm (chứa {3})",
    r"attributes": r"thuộc tính",
    r"rows or shapes of the table": r"dòng và hình của bảng",
    r"rows of the table": r"các dòng của bảng",
    r"ask for the whole table": r"hãy xin lại đủ bộ tệp của bảng",
    r"ask for the whole shapefile": r"hãy xin lại đủ bộ shapefile",
    r"ask for (?:it|the file) again": r"hãy xin lại tệp",
    r"(.*), ask for it again": r"{1}, hãy xin lại tệp",
    r"(.*): the shapes are read alone, which an import does with --bare-geometry": r"{1}: chỉ đọc được phần hình",
    r"(.*) is not the attributes of a shapefile": r"\1 không phải tệp thuộc tính của shapefile",
    r"(.*) is cut off: it says ([\d,]+) rows of ([\d,]+) bytes and holds less": (
        r"\1 bị cắt cụt: ghi là \2 dòng, mỗi dòng \3 byte, nhưng thực có ít hơn"
    ),
    r"(.*) is cut off: (?:it says|its header says) ([\d,]+) bytes and (?:it )?holds ([\d,]+)": (
        r"\1 bị cắt cụt: ghi là \2 byte nhưng chỉ có \3"
    ),
    r"(.*) is cut off: it does not end with EOF, as drawings do": r"\1 bị cắt cụt: không kết thúc bằng EOF như bản vẽ",
    r"(.*) is damaged: its columns have ([\d,]+) bytes and its rows ([\d,]+)": (
        r"\1 bị hỏng: các cột dài \2 byte còn dòng dài \3"
    ),
    r"(.*) is not a shapefile: its first bytes are not those of one": (
        r"\1 không phải shapefile: phần đầu tệp không đúng"
    ),
    r"(.*): rows marked as deleted, left out: ([\d,]+)": r"\1: bỏ qua \2 dòng đã đánh dấu xóa",
    r"(.*): the text of (.*) is in a \.dbt, which is not read; export it as plain text columns": (
        r"\1: chữ của \2 nằm trong tệp .dbt, không đọc được; hãy xuất thành cột chữ thường"
    ),
    r"(.*) has no \.shx, the index of its shapes": r"\1 thiếu tệp .shx, chỉ mục của hình",
    r"(.*), the index of shapes, is damaged": r"\1, chỉ mục của hình, bị hỏng",
    r"(.*), the index of shapes, does not fit the \.shp": r"\1, chỉ mục của hình, không khớp với tệp .shp",
    r"(.*), the index of shapes, has ([\d,]+) of the ([\d,]+) there are": (
        r"\1, chỉ mục của hình, chỉ có \2 trên \3 hình"
    ),
    r"(.*): it was built anew from the \.shp, the original is as it was": (
        r"{1}: đã dựng lại từ tệp .shp, tệp gốc giữ nguyên"
    ),
    r"(.*), and the \.shp is damaged at byte ([\d,]+)": r"{1}, và tệp .shp bị hỏng từ byte \2",
    r"(\S+) is damaged at byte ([\d,]+), after ([\d,]+) shapes, and (.*)": (
        r"\1 bị hỏng từ byte \2, sau \3 hình, và {4}"
    ),
    r"(.*), there are ([\d,]+) shapes and ([\d,]+) rows of attributes, and the numbers of the shapes have "
    r"gaps, so which "
    r"belongs to which cannot be told": (
        r"{1}, có \2 hình và \3 dòng thuộc tính, số thứ tự hình lại đứt quãng nên không biết hình nào của dòng nào"
    ),
    r"(.*): damaged shapes, whose rows come without one: (.*)": (
        r"\1: hình bị hỏng, dòng vẫn nhận nhưng không có hình: {2}"
    ),
    r"(.*): multipatches, which are solids and no shapes of a plan: ([\d,]+)": (
        r"\1: \2 hình khối (multipatch), không phải hình trên mặt bằng"
    ),
    r"(.*): shapes of another kind than the file says \((\d+)\): (.*)": r"\1: hình khác loại tệp ghi (\2): {3}",
    r"([\d,]+) \(row (.*)\)": r"\1 (dòng \2)",
    r"(\S+) has ([\d,]+) shapes, and its \.dbf ([\d,]+) rows of attributes: the first ([\d,]+) of both go together in "
    r"order, and the other ([\d,]+) shapes have no attributes": (
        r"\1 có \2 hình, còn tệp .dbf có \3 dòng: \4 cái đầu ghép theo thứ tự, \5 hình còn lại không có thuộc tính"
    ),
    r"(\S+) has ([\d,]+) shapes, and its \.dbf ([\d,]+) rows of attributes: the first ([\d,]+) of both go together in "
    r"order, and the other ([\d,]+) rows have no shape": (
        r"\1 có \2 hình, còn tệp .dbf có \3 dòng: \4 cái đầu ghép theo thứ tự, \5 dòng còn lại không có hình"
    ),
    r"if a row was taken out of the \.dbf by hand, all rows after it are wrong": (
        r"nếu ai đã xóa tay một dòng trong .dbf thì mọi dòng sau đó đều lệch"
    ),
    # what is found and what is not
    r"(.*) has no features": r"\1 không có đối tượng nào",
    r"(.*) is empty \(0 bytes\)": r"\1 rỗng (0 byte)",
    r"there is no file (.*)": r"không có tệp \1",
    r"(.*) is neither a file nor a folder": r"\1 không phải tệp cũng không phải thư mục",
    r"(.*) holds no layer; read here: ([^;]*)": r"\1 không chứa lớp dữ liệu nào; đọc được: \2",
    r"(.*) holds no layer; read here: ([^;]*); left out: (.*)": (
        r"\1 không chứa lớp dữ liệu nào; đọc được: \2; bỏ qua: {3}"
    ),
    r"(?:(.*) holds|the upload holds) (\d+) layers(?:, |; )name one.*: (.*)": r"tệp có \2 lớp, hãy chọn một: \3",
    r"(.*) has (?:several layers like|no layer) '(.*)'; it has (.*)": r"\1 không có đúng một lớp tên “\2”; có: \3",
    r"(.*) is not read here; allowed: a folder, (.*)": r"không đọc được \1; nhận: thư mục, \2",
    r"(.*) is only a part of what is read; name (.*)": r"\1 chỉ là tệp đi kèm; hãy chọn \2",
    r"(\S+): there is no (\S+) beside it": r"\1: không có \2 bên cạnh",
    r"(\S+): (\.\w+) is not read here, (.*)": r"\1: không đọc được \2, {3}",
    r"save it as (\w+)": r"hãy lưu thành \1",
    r"save it as DXF in ASCII form": r"hãy lưu thành DXF dạng ASCII",
    r"unpack it first": r"hãy giải nén trước",
    r"export it as GeoPackage": r"hãy xuất thành GeoPackage",
    r"export it as GeoPackage or KML": r"hãy xuất thành GeoPackage hoặc KML",
    r"export it as a shapefile or CSV, whose text may be in any encoding": (
        r"hãy xuất thành shapefile hoặc CSV, là loại dùng được mọi bảng mã chữ"
    ),
    r"it is a picture": r"đó là ảnh",
    r"(.*) (?:is|are) needed in .* to read the file, and .* free": r"máy chủ thiếu chỗ trống để đọc tệp",
    r"there is no room on the disk to read (.*)": r"máy chủ hết chỗ trống để đọc \1",
    r"(.*) says it has ([\d,]+) features, and holds ([\d,]+) bytes in all; it is damaged": (
        r"\1 ghi là có \2 đối tượng nhưng cả tệp chỉ \3 byte; tệp bị hỏng"
    ),
    r"(.*) says it has ([\d,]+) features, but ([\d,]+) can be read; it is damaged": (
        r"\1 ghi là có \2 đối tượng nhưng chỉ đọc được \3; tệp bị hỏng"
    ),
    r"it is damaged": r"tệp bị hỏng",
    r"(.*) has ([\d,]+) bytes, and such a file has some hundred; it is not what its name says": (
        r"\1 có \2 byte, trong khi loại tệp này chỉ vài trăm; không đúng như tên gọi"
    ),
    r"(.*) has (.*) at its beginning, which makes programs read other files; take it out": (
        r"\1 bắt đầu bằng \2, khiến phần mềm đọc tệp khác; hãy bỏ phần đó"
    ),
    r"(.*): column (.*) holds text that is not Unicode, as (.*) has to be": (
        r"\1: cột \2 có chữ không phải Unicode, mà \3 phải là Unicode"
    ),
    # other formats
    r"(.*) cannot be read as (?:a )?GeoPackage: its first bytes are not those of one": (
        r"không đọc được \1 như GeoPackage: phần đầu tệp không đúng"
    ),
    r"(.*) cannot be read as FlatGeobuf: its first bytes are not those of one": (
        r"không đọc được \1 như FlatGeobuf: phần đầu tệp không đúng"
    ),
    r"(.*) cannot be read: its table (.*) cannot be read: (.*)": r"không đọc được \1: hỏng bảng \2 (\3)",
    r"(.*) cannot be read as GeoJSON: it has nothing in it": r"không đọc được \1 như GeoJSON: tệp không có gì",
    r"(.*) cannot be read as GeoJSON: it has (.*)": r"không đọc được \1 như GeoJSON: trong tệp là \2",
    r"(.*) is not in UTF-8 as GeoJSON has to be; its text is read by what the bytes say": (
        r"\1 không phải UTF-8 như GeoJSON quy định; chữ được đọc theo nội dung byte"
    ),
    r"(.*) is in (UTF-16|UTF-32|[\w-]+)": r"\1 dùng bảng mã \2",
    r"(.*) is not in (\S+) as it begins: (.*)": r"\1 không phải \2 như phần đầu ghi: \3",
    r"(.*) has a document type \(<!DOCTYPE>\), which is not read here; take it out": (
        r"\1 có khai báo <!DOCTYPE>, không được nhận; hãy bỏ đi"
    ),
    r"(.*) cannot be read as KML: its root is <(.*)>, not <kml>": (
        r"không đọc được \1 như KML: thẻ gốc là <\2>, không phải <kml>"
    ),
    r"(.*) cannot be read as (KML|a table): (.*)": r"không đọc được \1: \3",
    r"(.*) is a table of type (.*), which only points to others; save it as a table of its own \(type NATIVE\)": (
        r"\1 là bảng kiểu \2, chỉ trỏ tới bảng khác; hãy lưu thành bảng riêng (kiểu NATIVE)"
    ),
    r"is not (GeoJSON|a table|a MapInfo table)": r"không đúng loại tệp này",
    r"(.*): is not (GeoJSON|a table|a MapInfo table)": r"\1: không đúng loại tệp này",
    r"(.*) is not a MapInfo (?:exchange file|table): it does not begin with (.*)": (
        r"\1 không phải tệp MapInfo: không bắt đầu bằng \2"
    ),
    r"(.*) is a binary drawing": r"\1 là bản vẽ dạng nhị phân",
    r"(.*) is not a drawing: it does not begin with a section": r"\1 không phải bản vẽ: phần đầu không đúng",
    r"(.*) is damaged at line ([\d,]+): a code of digits is expected there": (
        r"\1 bị hỏng ở dòng \2: ở đó phải là mã số"
    ),
    r"open the drawing and save it again": r"hãy mở bản vẽ rồi lưu lại",
    r"(.*) sets a block ([\d,]+) times in rows and columns": r"\1 đặt một khối \2 lần theo hàng và cột",
    r"([\d,]+) are read": r"chỉ đọc tối đa \1",
    r"explode it in the drawing": r"hãy phá khối trong bản vẽ",
    r"(.*): arcs, circles and splines are drawn as lines of short chords": (
        r"\1: cung, đường tròn và đường cong được vẽ bằng các đoạn thẳng ngắn"
    ),
    r"(.*): the signs %%c, %%d and %%p come as the words phi, deg and \+-": (
        r"\1: ký hiệu %%c, %%d, %%p được ghi thành phi, deg và +-"
    ),
    # tables of text
    r"(.*) does not name its columns: its first line is '(.*)'; add a line of names above it": (
        r"\1 không có tên cột: dòng đầu là “\2”; hãy thêm một dòng tên cột ở trên"
    ),
    r"(.*) is not a table of text: it holds zero bytes": r"\1 không phải bảng chữ: có byte 0",
    r"(.*) has ([\d,]+) columns; ([\d,]+) are read": r"\1 có \2 cột; chỉ đọc tối đa \3",
    r"(\S+) has no column of coordinates or shapes; name two columns .*; it has (.*)": (
        r"\1 không có cột tọa độ hay hình; hãy đặt tên hai cột là X và Y, LON và LAT, KINH_DO và VI_DO hoặc E và N, "
        r"hoặc một cột WKT; tệp có các cột: \2"
    ),
    r"(.*) has ([\d,]+) columns, but ([\d,]+) rows have another number of values: (.*); put values that hold the "
    r"separator in quotes \((.*)\)": (
        r"\1 có \2 cột, nhưng \3 dòng có số giá trị khác: \4; hãy đặt giá trị có dấu phân cách \5 trong ngoặc kép"
    ),
    r"(.*): the shapes are from (.*); the separator is (.*)": r"\1: hình lấy từ cột \2; dấu phân cách là \3",
    r"(.*): rows whose (.*) cannot be read, which have no shape: ([\d,]+) \((.*)\)": (
        r"\1: \3 dòng không đọc được \2 nên không có hình (\4)"
    ),
    r"(.*): its shapes name several systems: (.*)": r"\1: hình ghi nhiều hệ tọa độ: \2",
    r"(.*) cannot be read: (.*)": r"không đọc được \1: {2}",
}

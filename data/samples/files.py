"""Who keeps which file, and how: folder, coordinate system, encoding, the words for columns and codes.

No two departments agree on anything, as in life. Columns are ten letters at most.
"""

from dataclasses import dataclass, field

VIETNAMESE = {
    "name": "TEN", "owner": "CHU_SH", "operator": "DV_QL", "status": "TINH_TRANG", "installed_on": "NGAY_LD",
    "vertical_position": "NGAM_NOI", "cover_m": "DO_SAU", "level_reference": "TC_CAO_DO",
    "vertical_datum": "HE_CAO_DO", "quality_level": "MUC_CL", "horizontal_accuracy_m": "SAI_SO_MB",
    "vertical_accuracy_m": "SAI_SO_DC",
    "survey_method": "PP_KS", "survey_date": "NGAY_KS", "surveyor": "NGUOI_DO", "remarks": "GHI_CHU",
    "street": "TEN_DUONG", "address": "DIA_CHI", "kind": "LOAI", "system": "HE_THONG", "shape": "HINH_DANG",
    "nominal_diameter_mm": "DUONG_KINH", "outer_diameter_mm": "DK_NGOAI", "width_mm": "BE_RONG",
    "height_mm": "CHIEU_CAO", "invert_up_m": "CD_DAY_DAU", "invert_down_m": "CD_CUOI", "slope_percent": "DO_DOC",
    "flow": "CHE_DO", "material": "VAT_LIEU", "cover_level_m": "CAO_DO_NAP", "floor_level_m": "CAO_DO_DAY",
    "depth_m": "CHIEU_SAU", "size_mm": "KICH_THUOC", "lid": "NAP", "odour_trap": "NGAN_MUI", "area_ha": "DIEN_TICH",
    "runoff_coefficient": "HE_SO_DC", "population": "DAN_SO", "bed_level_m": "CD_DAY", "lining": "KET_CAU",
    "duration_min": "THOI_GIAN", "cause": "NG_NHAN", "flooded_on": "NGAY_NGAP", "flap_gate": "VAN_TRIEU",
    "receiving_water": "NGUON_TN", "permit_number": "SO_GP", "capacity_m3d": "CONG_SUAT", "pumps": "SO_BOM",
    "pump_kind": "LOAI_BOM", "closed_pit": "GIENG_KIN", "process": "CONG_NGHE", "enclosed": "KHEP_KIN",
    "population_served": "DAN_SO_PV", "area_m2": "DIEN_TICH", "open_to": "DOI_TUONG", "medium": "THANH_PHAN",
    "parameters": "THONG_SO", "automatic": "TU_DONG", "legal_basis": "CAN_CU", "prohibited": "CAM",
    "valid_from": "HL_TU", "valid_to": "HL_DEN", "species": "LOAI_CAY", "girth_cm": "CHU_VI",
    "height_m": "CHIEU_CAO", "crown_m": "DK_TAN", "grade": "PHAN_LOAI", "capacity_td": "CONG_SUAT",
    "corridor_function": "CHUC_NANG", "corridor_width_m": "RONG_HL", "embanked": "DA_KE", "rating_kva": "CONG_SUAT",
    "voltage_kv": "DIEN_AP", "mounting": "KIEU_TRAM", "customers": "SO_KH", "feeder": "PHAT_TUYEN",
    "cores": "SO_RUOT", "section_mm2": "TIET_DIEN", "laying": "CACH_LD", "conductor_material": "VL_LOI",
    "insulation": "CACH_DIEN", "warning_tape": "BANG_CB", "conductor": "LOAI_DAY", "circuits": "SO_MACH",
    "min_clearance_m": "KC_DAT", "base_size_mm": "KT_MONG", "shared_by": "DUNG_CHUNG", "lamp": "LOAI_DEN",
    "power_w": "CONG_SUAT", "control_cabinet": "TU_DK", "voltage_high_kv": "DA_CAO", "voltage_low_kv": "DA_HA",
    "capacity_mva": "CONG_SUAT", "enclosure": "BAO_CHE", "code": "MA_DVHC", "level": "CAP_HC",
    "parent_code": "MA_CHA", "area_km2": "DT_KM2", "floors": "SO_TANG", "use": "MUC_DICH", "residents": "SO_DAN",
    "dwellings": "SO_CAN_HO", "applicant": "DON_VI_DN", "permit_state": "TT_GP", "issued_on": "NGAY_CAP",
    "reinstated_on": "HOAN_TRA", "purpose": "MUC_DICH", "map_sheet": "SO_TO", "parcel_number": "SO_THUA",
    "land_use": "LOAI_DAT", "households": "SO_HO", "counted_on": "NGAY_TK", "direction_deg": "HUONG",
    "view_angle_deg": "GOC_NHIN", "connected": "KET_NOI", "road_class": "CAP_DUONG", "width_m": "MAT_DUONG",
    "lanes": "SO_LAN", "surface": "LOAI_MAT", "surfaced_on": "NGAY_THAM", "moratorium_until": "CAM_DAO",
    "one_way": "MOT_CHIEU", "works_sector": "NGANH", "method": "BIEN_PHAP", "phase": "GIAI_DOAN",
    "starts_on": "NGAY_BD", "ends_on": "NGAY_KT",
}  # fmt: skip
ENGLISH = {
    "asset_code": "ASSET_ID", "name": "LABEL", "installed_on": "INST_DATE", "vertical_position": "POSITION",
    "cover_m": "DEPTH_M", "quality_level": "QUALITY", "horizontal_accuracy_m": "H_ACC", "survey_method": "SURV_METH",
    "vertical_accuracy_m": "V_ACC",
    "survey_date": "SURV_DATE", "remarks": "NOTES", "function": "PIPE_TYPE", "nominal_diameter_mm": "DIAMETER",
    "outer_diameter_mm": "OUTER_DIA", "pressure_bar": "PRESSURE", "zone": "PRESS_ZONE", "flow_lps": "FLOW",
    "tested_on": "LAST_TEST", "in_service": "WORKING", "meter_number": "METER_NO", "state": "OPEN_CLOSE",
    "capacity_m3d": "CAPACITY", "volume_m3": "VOLUME", "protection_radius_m": "PROT_RADIU",
    "well_depth_m": "WELL_DEPTH", "customers": "SO_KH", "population": "POP", "pair_count": "FIBRES",
    "width_mm": "WIDTH", "height_mm": "HEIGHT", "ways": "DUCTS", "ways_used": "USED", "cover_level_m": "COVER_LVL",
    "floor_level_m": "FLOOR_LVL", "size_mm": "SIZE", "vertical_datum": "VDATUM", "capacity": "PORTS",
    "used": "USED_PORTS", "technologies": "TECH", "carriers": "OPERATORS", "height_m": "HEIGHT",
    "radius_m": "RADIUS", "co_located": "DUNG_CHUNG", "opening_hours": "HOURS", "outlets": "OUTLET",
    "address": "ADDR", "level": "KIND", "street": "ROAD",
}  # fmt: skip
# The words a Vietnamese department writes where our lists have a code; codes that are missing here are written as is.
WORDS = {
    "medium.rain": "Lượng mưa", "cause.rain": "Mưa", "rain_and_tide": "Mưa kết hợp triều", "tide": "Triều cường",
    "bare": "Dây trần", "insulated": "Dây bọc", "aluminium": "Nhôm", "copper": "Đồng",
    "bank_stability": "Bảo vệ sự ổn định của bờ", "walled": "Có tường rào", "gravity": "Tự chảy",
    "pressure": "Có áp", "grade_1": "Loại 1", "grade_2": "Loại 2", "grade_3": "Loại 3", "drop": "Giếng chuyển bậc",
    "garden": "Vườn hoa", "grating": "Lưới chắn mặt đường", "heritage": "Khu di tích", "inspection": "Giếng thăm",
    "junction": "Giếng nối", "kerb": "Cửa thu bó vỉa", "lake": "Hồ", "park": "Công viên",
    "lattice_tower": "Tháp sắt", "river": "Hành lang bảo vệ bờ sông rạch", "street": "Mảng xanh đường phố",
    "transfer_station": "Trạm trung chuyển", "led": "LED", "sodium": "Natri cao áp", "direct": "Chôn trực tiếp",
    "duct": "Luồn ống", "tunnel": "Trong tuy-nen", "masonry": "Đá xây", "sheet_pile": "Cừ", "air": "Không khí",
    "ground_water": "Nước dưới đất", "noise": "Tiếng ồn", "surface_water": "Nước mặt", "water_level": "Mực nước",
    "kiosk": "Trạm hợp bộ (kios)", "single_column": "Trạm một cột", "dry": "Bơm khô", "circular": "Tròn",
    "box": "Hộp", "in_service": "Đang sử dụng", "total_station": "Toàn đạc điện tử", "foul": "Nước thải",
    "hon_dau": "Hòn Dấu", "overhead": "Trên không", "underground": "Ngầm", "abandoned": "Bỏ lại trong đất",
    "removed": "Đã tháo dỡ",
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a department writes: its folder, its system (a key of `writing.SYSTEMS`), its encoding, its words."""

    folder: str
    system: str
    encoding: str
    columns: dict[str, str]
    words: bool = False
    text_dates: bool = False


WATER = Style("cap_nuoc", "tm3_107_45", "UTF-8", ENGLISH)
DRAINAGE = Style("thoat_nuoc", "tm3_105_45", "TCVN3", VIETNAMESE, words=True, text_dates=True)
POWER = Style("dien_luc", "utm_48n", "VNI", VIETNAMESE, words=True)
TELECOM = Style("vien_thong", "degrees", "UTF-8", ENGLISH)
ENVIRONMENT = Style("moi_truong", "tm3_wrong_datum", "CP1258", VIETNAMESE, words=True)
SHARED = Style("dung_chung", "tm3_105_45", "UTF-8", VIETNAMESE)
ROADS = Style("giao_thong", "tm3_105_45", "CP1258", VIETNAMESE)
PERMITS = Style("giao_thong", "no_prj", "TCVN3", VIETNAMESE, text_dates=True)
CAMERAS = Style("dung_chung", "degrees", "UTF-8", ENGLISH)


@dataclass(frozen=True)
class SampleFile:
    """One file of one layer. code: the column of the asset code; odd: columns nobody could guess, theirs -> ours."""

    layer: str
    style: Style
    stem: str
    code: str
    odd: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The .shp file, below `sample_shapefiles/`."""
        return f"{self.style.folder}/{self.stem}.shp"

    def name_column(self, ours: str) -> str:
        """The column for one of our fields."""
        for theirs, name in self.odd.items():
            if name == ours:
                return theirs
        if ours == "asset_code":
            return self.code
        return self.style.columns.get(ours, ours.upper()[:10])


FILES: tuple[SampleFile, ...] = (
    SampleFile("admin_unit", SHARED, "ranh_hanh_chinh", "MA_TS"),
    SampleFile("road_segment", ROADS, "tim_duong", "MA_DOAN"),
    SampleFile("land_parcel", SHARED, "thua_dat", "MA_THUA"),
    SampleFile("building", SHARED, "nha", "MA_NHA"),
    SampleFile("population_cell", SHARED, "o_dan_cu", "MA_O"),
    SampleFile("utility_tunnel", ROADS, "tuy_nen", "MA_TUYNEN"),
    SampleFile("works_project", ROADS, "du_an_dao_duong", "MA_DA"),
    SampleFile("excavation_permit", PERMITS, "giay_phep_dao", "MA_HO_SO", {"QUYET_DINH": "permit_number"}),
    SampleFile("public_camera", CAMERAS, "camera", "CAM_ID"),
    SampleFile("fire_station", SHARED, "tru_so_pccc", "MA_TRU_SO"),
    SampleFile("water_pipe", WATER, "water_pipes", "PIPE_ID"),
    SampleFile("water_valve", WATER, "valves", "VALVE_ID", {"TAG_CLASS": "kind"}),
    SampleFile("fire_hydrant", WATER, "hydrants", "HYDRANT_ID"),
    SampleFile("water_source", WATER, "wells", "WELL_ID"),
    SampleFile("water_plant", WATER, "plants", "PLANT_ID"),
    SampleFile("water_connection", WATER, "connections", "DANH_BO"),
    SampleFile("pressure_zone", WATER, "dma", "DMA_ID"),
    SampleFile("sewer_pipe", DRAINAGE, "cong_thoat_nuoc", "MA_CONG"),
    SampleFile("drainage_channel", DRAINAGE, "kenh_rach", "MA_KENH"),
    SampleFile("manhole", DRAINAGE, "ho_ga", "MA_HO_GA"),
    SampleFile("drain_inlet", DRAINAGE, "cua_thu", "MA_CUA_THU"),
    SampleFile("outfall", DRAINAGE, "cua_xa", "MA_CUA_XA"),
    SampleFile("sewage_pump_station", DRAINAGE, "tram_bom", "MA_TRAM"),
    SampleFile("wastewater_plant", DRAINAGE, "nha_may_xlnt", "MA_NM"),
    SampleFile("drainage_catchment", DRAINAGE, "luu_vuc", "MA_LV"),
    SampleFile("sewer_connection", DRAINAGE, "dau_noi_thoat_nuoc", "MA_DN"),
    SampleFile("flood_spot", DRAINAGE, "diem_ngap", "MA_DIEM", {"CHIEU_SAU": "depth_m"}),
    SampleFile("power_line_overhead", POWER, "duong_day_tren_khong", "MA_DZ"),
    SampleFile("power_cable_underground", POWER, "cap_ngam", "MA_CAP"),
    SampleFile("power_pole", POWER, "tru_dien", "SO_TRU"),
    SampleFile("substation", POWER, "tram_110kv", "MA_TRAM"),
    SampleFile("distribution_transformer", POWER, "tram_bien_ap", "MA_TBA"),
    SampleFile("street_light", POWER, "den_duong", "STT_LAP", {"STT_LAP": "asset_code"}),
    SampleFile("telecom_duct", TELECOM, "ducts", "DUCT_ID"),
    SampleFile("telecom_cable", TELECOM, "cables", "CABLE_ID"),
    SampleFile("telecom_chamber", TELECOM, "chambers", "CHAMBER_ID"),
    SampleFile("telecom_cabinet", TELECOM, "cabinets", "CABINET_ID"),
    SampleFile("base_station", TELECOM, "bts", "SITE_ID"),
    SampleFile("post_office", TELECOM, "post_offices", "POST_CODE"),
    SampleFile("water_body", ENVIRONMENT, "mat_nuoc", "MA_SONG"),
    SampleFile("green_space", ENVIRONMENT, "cong_vien", "MA_CV"),
    SampleFile("tree", ENVIRONMENT, "cay_xanh", "MA_CAY"),
    SampleFile("protected_zone", ENVIRONMENT, "hanh_lang_bao_ve", "MA_HL"),
    SampleFile("monitoring_station", ENVIRONMENT, "tram_quan_trac", "MA_TRAM"),
    SampleFile("waste_site", ENVIRONMENT, "tram_trung_chuyen_rac", "MA_CS"),
)

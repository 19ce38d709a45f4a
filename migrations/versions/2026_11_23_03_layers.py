"""One table per layer of the city.

Written by `gis-infra layers migration`.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_03"
down_revision = "2026_11_23_02"
branch_labels = None
depends_on = None

SCHEMA = "infra"
TYPES = {
    "text": sa.Text(),
    "integer": sa.Integer(),
    "bigint": sa.BigInteger(),
    "number": sa.Double(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
    "timestamp": sa.DateTime(timezone=True),
    "json": JSONB(),
}
# A column: name, type, comment, and the rule of its values, "" for none.
Column = tuple[str, str, str, str]

EVERY_LAYER: tuple[Column, ...] = (
    ("asset_code", "text", "Asset code", "char_length(asset_code) <= 100"),
    ("name", "text", "Name", "char_length(name) <= 200"),
    ("owner", "text", "Owner", "char_length(owner) <= 200"),
    ("operator", "text", "Operator", "char_length(operator) <= 200"),
    (
        "status",
        "text",
        "Status",
        (
            "status IN ('proposed', 'under_construction', 'installed', 'commissioned', 'in_service', "
            "'out_of_commission', 'decommissioned', 'abandoned', 'removed', 'unfit', 'unknown')"
        ),
    ),
    ("installed_on", "date", "Installed on", ""),
    ("decommissioned_on", "date", "Decommissioned on", ""),
    ("planned_from", "date", "Planned from", ""),
    ("planned_to", "date", "Planned to", ""),
    (
        "vertical_position",
        "text",
        "Vertical position",
        "vertical_position IN ('overhead', 'surface', 'underground', 'submerged', 'mixed')",
    ),
    ("cover_m", "number", "Cover, m", "cover_m >= 0 AND cover_m <= 100"),
    ("crown_level_m", "number", "Crown level, m", "crown_level_m >= -200 AND crown_level_m <= 3500"),
    ("invert_level_m", "number", "Invert level, m", "invert_level_m >= -200 AND invert_level_m <= 3500"),
    (
        "level_reference",
        "text",
        "Level refers to",
        "level_reference IN ('crown', 'invert', 'axis', 'ground', 'bed', 'unknown')",
    ),
    ("vertical_datum", "text", "Vertical datum", "vertical_datum IN ('hon_dau', 'ha_tien', 'unknown')"),
    ("quality_level", "text", "Quality level", "quality_level IN ('a', 'b1', 'b2', 'b3', 'b4', 'c', 'd')"),
    (
        "horizontal_accuracy_m",
        "number",
        "Horizontal accuracy, m",
        "horizontal_accuracy_m >= 0 AND horizontal_accuracy_m <= 1000",
    ),
    (
        "vertical_accuracy_m",
        "number",
        "Vertical accuracy, m",
        "vertical_accuracy_m >= 0 AND vertical_accuracy_m <= 1000",
    ),
    ("survey_date", "date", "Survey date", ""),
    (
        "survey_method",
        "text",
        "Survey method",
        "survey_method IN ('gnss', 'total_station', 'tape', 'gpr', 'em_locator', 'records', 'unknown')",
    ),
    ("surveyor", "text", "Surveyor", "char_length(surveyor) <= 200"),
    ("source_dataset", "text", "Source dataset", "char_length(source_dataset) <= 200"),
    ("sensitivity", "text", "Sensitivity", "sensitivity IN ('public', 'shared', 'restricted')"),
    ("remarks", "text", "Remarks", "char_length(remarks) <= 4000"),
    ("import_id", "bigint", "Import", ""),
    (
        "source_srid",
        "integer",
        "Coordinate system of the source, EPSG code",
        "source_srid >= 1024 AND source_srid <= 999999",
    ),
    ("created_at", "timestamp kept", "Created at", ""),
    ("updated_at", "timestamp kept", "Updated at", ""),
    ("source_attributes", "json", "Columns of the imported file that map to none of these", ""),
)
# A layer: its id, geometry, title, and the columns only it has.
LAYERS: tuple[tuple[str, str, str, tuple[Column, ...]], ...] = (
    (
        "distribution_transformer",
        "POINT",
        "Distribution transformer",
        (
            ("rating_kva", "number", "Rating, kVA", "rating_kva >= 1 AND rating_kva <= 10000"),
            ("voltage_kv", "number", "High voltage, kV", "voltage_kv >= 0.1 AND voltage_kv <= 110"),
            (
                "mounting",
                "text",
                "Mounting",
                "mounting IN ('pole', 'platform', 'kiosk', 'single_column', 'indoor', 'underground', 'other')",
            ),
            ("customers", "integer", "Customers", "customers >= 0 AND customers <= 100000"),
            ("feeder", "text", "Feeder", "char_length(feeder) <= 100"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "power_cable_underground",
        "LINESTRING",
        "Underground power cable",
        (
            ("voltage_kv", "number", "Voltage, kV", "voltage_kv >= 0.1 AND voltage_kv <= 1000"),
            ("cores", "integer", "Cores", "cores >= 1 AND cores <= 61"),
            ("section_mm2", "number", "Cross-section of a core, mm2", "section_mm2 >= 1 AND section_mm2 <= 3000"),
            ("laying", "text", "Laying", "laying IN ('direct', 'duct', 'trough', 'tunnel')"),
            (
                "outer_diameter_mm",
                "number",
                "Outer diameter, mm",
                "outer_diameter_mm >= 5 AND outer_diameter_mm <= 500",
            ),
            (
                "conductor_material",
                "text",
                "Conductor material",
                "conductor_material IN ('copper', 'aluminium', 'unknown')",
            ),
            ("insulation", "text", "Insulation", "insulation IN ('xlpe', 'pvc', 'paper', 'other', 'unknown')"),
            ("warning_tape", "boolean", "Warning tape", ""),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "power_line_overhead",
        "LINESTRING",
        "Overhead power line",
        (
            ("voltage_kv", "number", "Voltage, kV", "voltage_kv >= 0.1 AND voltage_kv <= 1000"),
            ("conductor", "text", "Conductor", "conductor IN ('bare', 'insulated', 'cable')"),
            ("circuits", "integer", "Circuits", "circuits >= 1 AND circuits <= 12"),
            ("section_mm2", "number", "Cross-section, mm2", "section_mm2 >= 1 AND section_mm2 <= 2500"),
            (
                "min_clearance_m",
                "number",
                "Least clearance to the ground, m",
                "min_clearance_m >= 0 AND min_clearance_m <= 200",
            ),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "power_pole",
        "POINT",
        "Power pole or tower",
        (
            ("kind", "text", "Kind", "kind IN ('concrete', 'steel', 'wood', 'composite', 'lattice_tower', 'other')"),
            ("height_m", "number", "Height, m", "height_m >= 1 AND height_m <= 300"),
            ("voltage_kv", "number", "Voltage, kV", "voltage_kv >= 0.1 AND voltage_kv <= 1000"),
            (
                "base_size_mm",
                "number",
                "Largest size of the footing, mm",
                "base_size_mm >= 50 AND base_size_mm <= 30000",
            ),
            ("shared_by", "text", "Shared by", "char_length(shared_by) <= 300"),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "street_light",
        "POINT",
        "Street light",
        (
            ("lamp", "text", "Lamp", "lamp IN ('led', 'sodium', 'metal_halide', 'mercury', 'fluorescent', 'other')"),
            ("power_w", "number", "Power, W", "power_w >= 1 AND power_w <= 5000"),
            ("height_m", "number", "Height, m", "height_m >= 0 AND height_m <= 60"),
            ("control_cabinet", "text", "Control cabinet", "char_length(control_cabinet) <= 100"),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "substation",
        "POINT",
        "Substation",
        (
            ("voltage_high_kv", "number", "High voltage, kV", "voltage_high_kv >= 1 AND voltage_high_kv <= 1000"),
            ("voltage_low_kv", "number", "Low voltage, kV", "voltage_low_kv >= 0.1 AND voltage_low_kv <= 500"),
            ("capacity_mva", "number", "Capacity, MVA", "capacity_mva >= 0.1 AND capacity_mva <= 5000"),
            ("enclosure", "text", "Enclosure", "enclosure IN ('open', 'walled', 'indoor', 'metal_clad')"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "base_station",
        "POINT",
        "Mobile base station",
        (
            (
                "kind",
                "text",
                "Kind of support",
                "kind IN ('ground_mast', 'roof_mast', 'street_pole', 'indoor', 'other')",
            ),
            (
                "technologies",
                "text",
                "Technologies",
                "char_length(technologies) <= 50 AND technologies ~ '^[2-6]G(,[2-6]G)*$'",
            ),
            ("carriers", "text", "Carriers", "char_length(carriers) <= 200"),
            ("height_m", "number", "Mast height, m", "height_m >= 0 AND height_m <= 400"),
            ("azimuth_deg", "number", "Azimuth, deg", "azimuth_deg >= 0 AND azimuth_deg <= 360"),
            ("radius_m", "number", "Coverage radius, m", "radius_m >= 0 AND radius_m <= 50000"),
            ("co_located", "boolean", "Shared by carriers", ""),
        ),
    ),
    (
        "post_office",
        "POINT",
        "Post office",
        (
            (
                "level",
                "text",
                "Level",
                "level IN ('level_1', 'level_2', 'level_3', 'commune_point', 'mailbox', 'locker', 'other')",
            ),
            ("opening_hours", "text", "Opening hours", "char_length(opening_hours) <= 200"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "telecom_cabinet",
        "POINT",
        "Telecom cabinet",
        (
            (
                "kind",
                "text",
                "Kind",
                "kind IN ('fibre_distribution', 'splitter', 'copper_distribution', 'active', 'other')",
            ),
            ("capacity", "integer", "Capacity (ports, pairs)", "capacity >= 1 AND capacity <= 100000"),
            ("used", "integer", "Capacity used", "used >= 0 AND used <= 100000"),
            ("carrier", "text", "Carrier", "char_length(carrier) <= 200"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "telecom_cable",
        "LINESTRING",
        "Telecom cable",
        (
            ("medium", "text", "Medium", "medium IN ('fibre', 'copper', 'coax')"),
            ("laying", "text", "Laying", "laying IN ('duct', 'direct', 'aerial', 'tunnel')"),
            ("pair_count", "integer", "Fibres or pairs", "pair_count >= 1 AND pair_count <= 10000"),
            ("carrier", "text", "Carrier", "char_length(carrier) <= 200"),
            (
                "outer_diameter_mm",
                "number",
                "Outer diameter, mm",
                "outer_diameter_mm >= 1 AND outer_diameter_mm <= 300",
            ),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "telecom_chamber",
        "POINT",
        "Telecom chamber",
        (
            ("kind", "text", "Kind", "kind IN ('chamber', 'handhole', 'joint_box', 'other')"),
            ("cover_level_m", "number", "Cover level, m", "cover_level_m >= -200 AND cover_level_m <= 3500"),
            ("floor_level_m", "number", "Floor level, m", "floor_level_m >= -200 AND floor_level_m <= 3500"),
            ("size_mm", "number", "Largest outer size, mm", "size_mm >= 100 AND size_mm <= 20000"),
            ("lid", "text", "Lid", "char_length(lid) <= 100"),
        ),
    ),
    (
        "telecom_duct",
        "LINESTRING",
        "Telecom duct",
        (
            ("ways", "integer", "Ways", "ways >= 1 AND ways <= 200"),
            ("ways_used", "integer", "Ways used", "ways_used >= 0 AND ways_used <= 200"),
            ("material", "text", "Material", "material IN ('pvc', 'hdpe', 'steel', 'concrete', 'other', 'unknown')"),
            ("width_mm", "number", "Outer width, mm", "width_mm >= 10 AND width_mm <= 5000"),
            ("height_mm", "number", "Outer height, mm", "height_mm >= 10 AND height_mm <= 5000"),
            (
                "outer_diameter_mm",
                "number",
                "Outer diameter of one way, mm",
                "outer_diameter_mm >= 10 AND outer_diameter_mm <= 1000",
            ),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "fire_hydrant",
        "POINT",
        "Fire hydrant",
        (
            ("kind", "text", "Kind", "kind IN ('pillar', 'underground', 'wall', 'suction_point')"),
            (
                "nominal_diameter_mm",
                "integer",
                "Nominal diameter, mm",
                "nominal_diameter_mm >= 15 AND nominal_diameter_mm <= 500",
            ),
            ("outlets", "integer", "Outlets", "outlets >= 1 AND outlets <= 8"),
            ("flow_lps", "number", "Flow, l/s", "flow_lps >= 0 AND flow_lps <= 500"),
            ("pressure_bar", "number", "Pressure, bar", "pressure_bar >= 0 AND pressure_bar <= 50"),
            ("tested_on", "date", "Last tested on", ""),
            ("in_service", "boolean", "In service", ""),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "pressure_zone",
        "MULTIPOLYGON",
        "Pressure zone",
        (
            ("kind", "text", "Kind", "kind IN ('pressure_zone', 'dma')"),
            ("population", "integer", "Population", "population >= 0 AND population <= 20000000"),
            ("customers", "integer", "Connections", "customers >= 0 AND customers <= 5000000"),
            ("pressure_bar", "number", "Least pressure, bar", "pressure_bar >= 0 AND pressure_bar <= 50"),
        ),
    ),
    (
        "water_connection",
        "POINT",
        "Water connection",
        (
            ("customers", "integer", "Customers", "customers >= 0 AND customers <= 100000"),
            (
                "nominal_diameter_mm",
                "integer",
                "Nominal diameter, mm",
                "nominal_diameter_mm >= 10 AND nominal_diameter_mm <= 500",
            ),
            ("meter_number", "text", "Meter number", "char_length(meter_number) <= 50"),
            ("use", "text", "Use", "use IN ('domestic', 'commercial', 'industrial', 'public', 'other')"),
            ("zone", "text", "Pressure zone", "char_length(zone) <= 100"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "water_pipe",
        "LINESTRING",
        "Water pipe",
        (
            ("function", "text", "Function", "function IN ('raw', 'transmission', 'distribution', 'service', 'fire')"),
            (
                "nominal_diameter_mm",
                "integer",
                "Nominal diameter, mm",
                "nominal_diameter_mm >= 15 AND nominal_diameter_mm <= 4000",
            ),
            (
                "outer_diameter_mm",
                "number",
                "Outer diameter, mm",
                "outer_diameter_mm >= 10 AND outer_diameter_mm <= 4500",
            ),
            (
                "material",
                "text",
                "Material",
                (
                    "material IN ('ductile_iron', 'cast_iron', 'steel', 'hdpe', 'upvc', 'concrete', 'grp', "
                    "'asbestos_cement', 'other', 'unknown')"
                ),
            ),
            ("pressure_bar", "number", "Pressure class, bar", "pressure_bar >= 0 AND pressure_bar <= 100"),
            ("lining", "text", "Lining", "lining IN ('none', 'cement_mortar', 'epoxy', 'polyethylene', 'unknown')"),
            ("zone", "text", "Pressure zone", "char_length(zone) <= 100"),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "water_plant",
        "POINT",
        "Water works",
        (
            ("kind", "text", "Kind", "kind IN ('treatment', 'pump_station', 'reservoir', 'tower')"),
            ("capacity_m3d", "number", "Capacity, m3/d", "capacity_m3d >= 0 AND capacity_m3d <= 5000000"),
            ("volume_m3", "number", "Volume, m3", "volume_m3 >= 0 AND volume_m3 <= 5000000"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "water_source",
        "POINT",
        "Water source",
        (
            ("kind", "text", "Kind", "kind IN ('river', 'lake', 'groundwater', 'spring')"),
            ("capacity_m3d", "number", "Capacity, m3/d", "capacity_m3d >= 0 AND capacity_m3d <= 5000000"),
            (
                "protection_radius_m",
                "number",
                "Radius of the protection zone, m",
                "protection_radius_m >= 0 AND protection_radius_m <= 10000",
            ),
            ("well_depth_m", "number", "Depth of the well, m", "well_depth_m >= 0 AND well_depth_m <= 1000"),
        ),
    ),
    (
        "water_valve",
        "POINT",
        "Water valve",
        (
            (
                "kind",
                "text",
                "Kind",
                "kind IN ('gate', 'butterfly', 'air', 'washout', 'pressure_reducing', 'check', 'other')",
            ),
            (
                "nominal_diameter_mm",
                "integer",
                "Nominal diameter, mm",
                "nominal_diameter_mm >= 15 AND nominal_diameter_mm <= 4000",
            ),
            ("state", "text", "State", "state IN ('open', 'closed', 'partly_open', 'unknown')"),
            ("zone", "text", "Pressure zone", "char_length(zone) <= 100"),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "drain_inlet",
        "POINT",
        "Drain inlet",
        (
            ("kind", "text", "Kind", "kind IN ('grating', 'kerb', 'combined', 'channel', 'other')"),
            ("size_mm", "number", "Largest outer size, mm", "size_mm >= 100 AND size_mm <= 10000"),
            ("odour_trap", "boolean", "Odour trap", ""),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "drainage_catchment",
        "MULTIPOLYGON",
        "Drainage catchment",
        (
            ("system", "text", "System", "system IN ('combined', 'foul', 'storm')"),
            ("area_ha", "number", "Area, ha", "area_ha >= 0 AND area_ha <= 1000000"),
            (
                "runoff_coefficient",
                "number",
                "Runoff coefficient",
                "runoff_coefficient >= 0 AND runoff_coefficient <= 1",
            ),
            ("population", "integer", "Population", "population >= 0 AND population <= 20000000"),
        ),
    ),
    (
        "drainage_channel",
        "LINESTRING",
        "Drainage channel",
        (
            ("kind", "text", "Kind", "kind IN ('canal', 'creek', 'ditch', 'covered_ditch')"),
            ("width_mm", "number", "Width, mm", "width_mm >= 100 AND width_mm <= 300000"),
            ("depth_m", "number", "Depth, m", "depth_m >= 0 AND depth_m <= 50"),
            ("bed_level_m", "number", "Bed level, m", "bed_level_m >= -50 AND bed_level_m <= 3500"),
            (
                "lining",
                "text",
                "Lining",
                "lining IN ('earth', 'masonry', 'concrete', 'gabion', 'sheet_pile', 'unknown')",
            ),
        ),
    ),
    (
        "flood_spot",
        "POINT",
        "Flood spot",
        (
            ("depth_m", "number", "Depth, m", "depth_m >= 0 AND depth_m <= 10"),
            ("duration_min", "number", "Duration, min", "duration_min >= 0 AND duration_min <= 100000"),
            ("cause", "text", "Cause", "cause IN ('rain', 'tide', 'rain_and_tide', 'blocked', 'other')"),
            ("flooded_on", "date", "Flooded on", ""),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "manhole",
        "POINT",
        "Manhole",
        (
            ("kind", "text", "Kind", "kind IN ('inspection', 'junction', 'drop', 'overflow', 'catch_pit', 'other')"),
            ("system", "text", "System", "system IN ('combined', 'foul', 'storm')"),
            ("cover_level_m", "number", "Cover level, m", "cover_level_m >= -50 AND cover_level_m <= 3500"),
            ("floor_level_m", "number", "Floor level, m", "floor_level_m >= -50 AND floor_level_m <= 3500"),
            ("depth_m", "number", "Depth, m", "depth_m >= 0 AND depth_m <= 60"),
            ("size_mm", "number", "Largest outer size, mm", "size_mm >= 100 AND size_mm <= 20000"),
            ("lid", "text", "Lid", "char_length(lid) <= 100"),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "outfall",
        "POINT",
        "Outfall",
        (
            ("kind", "text", "Kind", "kind IN ('storm', 'combined', 'treated', 'overflow', 'other')"),
            (
                "nominal_diameter_mm",
                "integer",
                "Opening, mm",
                "nominal_diameter_mm >= 50 AND nominal_diameter_mm <= 12000",
            ),
            ("flap_gate", "boolean", "Flap gate", ""),
            ("receiving_water", "text", "Receiving water", "char_length(receiving_water) <= 200"),
            ("permit_number", "text", "Discharge permit", "char_length(permit_number) <= 100"),
        ),
    ),
    (
        "sewage_pump_station",
        "POINT",
        "Sewage or storm pumping station",
        (
            ("capacity_m3d", "number", "Capacity, m3/d", "capacity_m3d >= 0 AND capacity_m3d <= 20000000"),
            ("pumps", "integer", "Pumps", "pumps >= 0 AND pumps <= 100"),
            ("pump_kind", "text", "Kind of pump", "pump_kind IN ('submersible', 'dry', 'screw', 'other')"),
            ("closed_pit", "boolean", "Closed pit", ""),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "sewer_pipe",
        "LINESTRING",
        "Sewer or drain",
        (
            ("system", "text", "System", "system IN ('combined', 'foul', 'storm')"),
            ("shape", "text", "Shape", "shape IN ('circular', 'box', 'egg')"),
            (
                "nominal_diameter_mm",
                "integer",
                "Nominal diameter, mm",
                "nominal_diameter_mm >= 50 AND nominal_diameter_mm <= 6000",
            ),
            (
                "outer_diameter_mm",
                "number",
                "Outer diameter or outer width, mm",
                "outer_diameter_mm >= 50 AND outer_diameter_mm <= 12000",
            ),
            ("width_mm", "number", "Inner width, mm", "width_mm >= 50 AND width_mm <= 12000"),
            ("height_mm", "number", "Inner height, mm", "height_mm >= 50 AND height_mm <= 12000"),
            ("invert_up_m", "number", "Upstream invert level, m", "invert_up_m >= -50 AND invert_up_m <= 3500"),
            ("invert_down_m", "number", "Downstream invert level, m", "invert_down_m >= -50 AND invert_down_m <= 3500"),
            ("slope_percent", "number", "Slope, %", "slope_percent >= -50 AND slope_percent <= 100"),
            ("flow", "text", "Flow", "flow IN ('gravity', 'pressure')"),
            (
                "material",
                "text",
                "Material",
                (
                    "material IN ('concrete', 'brick', 'upvc', 'hdpe', 'grp', 'clay', 'steel', 'ductile_iron', 'other',"
                    " 'unknown')"
                ),
            ),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "wastewater_plant",
        "MULTIPOLYGON",
        "Wastewater treatment plant",
        (
            ("capacity_m3d", "number", "Capacity, m3/d", "capacity_m3d >= 0 AND capacity_m3d <= 5000000"),
            (
                "process",
                "text",
                "Process",
                (
                    "process IN ('sludge_beds', 'mechanical_sludge', 'biological', 'enclosed', 'infiltration_land', "
                    "'irrigation_land', 'oxidation_ditch', 'pond', 'other')"
                ),
            ),
            ("enclosed", "boolean", "Enclosed", ""),
            (
                "population_served",
                "integer",
                "Population served",
                "population_served >= 0 AND population_served <= 20000000",
            ),
            ("area_m2", "number", "Area, m2", "area_m2 >= 0 AND area_m2 <= 100000000"),
        ),
    ),
    (
        "green_space",
        "MULTIPOLYGON",
        "Green space",
        (
            ("kind", "text", "Kind", "kind IN ('park', 'garden', 'street', 'special')"),
            ("open_to", "text", "Open to", "open_to IN ('public', 'restricted', 'special')"),
            ("area_m2", "number", "Area, m2", "area_m2 >= 0 AND area_m2 <= 1000000000"),
        ),
    ),
    (
        "monitoring_station",
        "POINT",
        "Monitoring station",
        (
            (
                "medium",
                "text",
                "Medium",
                "medium IN ('air', 'surface_water', 'ground_water', 'noise', 'rain', 'water_level', 'soil')",
            ),
            ("parameters", "text", "Parameters", "char_length(parameters) <= 500"),
            ("automatic", "boolean", "Automatic", ""),
            ("height_m", "number", "Height of the probe above ground, m", "height_m >= -500 AND height_m <= 1000"),
        ),
    ),
    (
        "protected_zone",
        "MULTIPOLYGON",
        "Protected zone",
        (
            (
                "kind",
                "text",
                "Kind",
                (
                    "kind IN ('power', 'water_source', 'river', 'heritage', 'forest', 'defence', 'road', 'railway', "
                    "'other')"
                ),
            ),
            ("legal_basis", "text", "Legal basis", "char_length(legal_basis) <= 300"),
            ("valid_from", "date", "Valid from", ""),
            ("valid_to", "date", "Valid to", ""),
            ("prohibited", "text", "What is prohibited", "char_length(prohibited) <= 1000"),
        ),
    ),
    (
        "tree",
        "POINT",
        "Tree",
        (
            ("species", "text", "Species", "char_length(species) <= 200"),
            ("girth_cm", "number", "Girth, cm", "girth_cm >= 0 AND girth_cm <= 3000"),
            ("height_m", "number", "Height, m", "height_m >= 0 AND height_m <= 120"),
            ("crown_m", "number", "Crown diameter, m", "crown_m >= 0 AND crown_m <= 60"),
            ("grade", "text", "Grade", "grade IN ('grade_1', 'grade_2', 'grade_3')"),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "waste_site",
        "MULTIPOLYGON",
        "Solid waste site",
        (
            (
                "kind",
                "text",
                "Kind",
                "kind IN ('landfill', 'transfer_station', 'incinerator', 'composting', 'recycling', 'other')",
            ),
            ("capacity_td", "number", "Capacity, t/d", "capacity_td >= 0 AND capacity_td <= 100000"),
            ("area_m2", "number", "Area, m2", "area_m2 >= 0 AND area_m2 <= 1000000000"),
        ),
    ),
    (
        "water_body",
        "MULTIPOLYGON",
        "Water body",
        (
            ("kind", "text", "Kind", "kind IN ('river', 'canal', 'lake', 'pond', 'reservoir', 'sea')"),
            (
                "corridor_function",
                "text",
                "Function of the bank corridor",
                "corridor_function IN ('bank_stability', 'pollution_prevention', 'none')",
            ),
            (
                "corridor_width_m",
                "number",
                "Width of the bank corridor, m",
                "corridor_width_m >= 0 AND corridor_width_m <= 1000",
            ),
            ("embanked", "boolean", "Embanked", ""),
            ("area_m2", "number", "Area, m2", "area_m2 >= 0 AND area_m2 <= 1000000000000"),
        ),
    ),
    (
        "admin_unit",
        "MULTIPOLYGON",
        "Administrative unit",
        (
            ("code", "text", "Code", "char_length(code) <= 5 AND code ~ '^[0-9]{2,5}$'"),
            ("level", "text", "Level", "level IN ('province', 'district', 'commune')"),
            (
                "kind",
                "text",
                "Kind",
                (
                    "kind IN ('city', 'province', 'urban_district', 'rural_district', 'town', 'ward', 'commune', "
                    "'township', 'special_zone')"
                ),
            ),
            (
                "parent_code",
                "text",
                "Code of the unit above",
                "char_length(parent_code) <= 5 AND parent_code ~ '^[0-9]{2,5}$'",
            ),
            ("valid_from", "date", "Valid from", ""),
            ("valid_to", "date", "Valid to", ""),
            ("population", "integer", "Population", "population >= 0 AND population <= 200000000"),
            ("area_km2", "number", "Area, km2", "area_km2 >= 0 AND area_km2 <= 500000"),
        ),
    ),
    (
        "building",
        "MULTIPOLYGON",
        "Building",
        (
            ("floors", "integer", "Floors", "floors >= 0 AND floors <= 200"),
            ("height_m", "number", "Height, m", "height_m >= 0 AND height_m <= 900"),
            (
                "use",
                "text",
                "Use",
                (
                    "use IN ('residential', 'mixed', 'commercial', 'office', 'industrial', 'school', 'hospital', "
                    "'public', 'religious', 'other')"
                ),
            ),
            ("residents", "integer", "Residents", "residents >= 0 AND residents <= 100000"),
            ("dwellings", "integer", "Dwellings", "dwellings >= 0 AND dwellings <= 50000"),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "excavation_permit",
        "MULTIPOLYGON",
        "Excavation permit",
        (
            ("permit_number", "text", "Permit number", "char_length(permit_number) <= 100"),
            ("applicant", "text", "Applicant", "char_length(applicant) <= 200"),
            (
                "permit_state",
                "text",
                "State of the permit",
                "permit_state IN ('applied', 'granted', 'refused', 'revoked', 'expired')",
            ),
            ("issued_on", "date", "Issued on", ""),
            ("valid_from", "date", "Valid from", ""),
            ("valid_to", "date", "Valid to", ""),
            ("depth_m", "number", "Depth, m", "depth_m >= 0 AND depth_m <= 100"),
            ("reinstated_on", "date", "Reinstated on", ""),
            ("purpose", "text", "Purpose", "char_length(purpose) <= 500"),
        ),
    ),
    (
        "land_parcel",
        "MULTIPOLYGON",
        "Land parcel",
        (
            ("map_sheet", "text", "Map sheet", "char_length(map_sheet) <= 20"),
            ("parcel_number", "text", "Parcel number", "char_length(parcel_number) <= 20"),
            ("area_m2", "number", "Area, m2", "area_m2 >= 0 AND area_m2 <= 1000000000"),
            (
                "land_use",
                "text",
                "Land use",
                (
                    "land_use IN ('urban_residential', 'rural_residential', 'commercial', 'industrial', 'public', "
                    "'transport', 'utilities', 'green', 'water', 'agricultural', 'forest', 'defence', 'other')"
                ),
            ),
            ("address", "text", "Address", "char_length(address) <= 300"),
        ),
    ),
    (
        "population_cell",
        "MULTIPOLYGON",
        "Population cell",
        (
            ("residents", "integer", "Residents", "residents >= 0 AND residents <= 10000000"),
            ("households", "integer", "Households", "households >= 0 AND households <= 5000000"),
            ("counted_on", "date", "Counted on", ""),
        ),
    ),
    (
        "public_camera",
        "POINT",
        "Public camera",
        (
            ("kind", "text", "Kind", "kind IN ('fixed', 'ptz', 'panoramic', 'plate_reader', 'other')"),
            ("purpose", "text", "Purpose", "purpose IN ('traffic', 'security', 'flooding', 'environment', 'other')"),
            ("direction_deg", "number", "Direction, deg", "direction_deg >= 0 AND direction_deg <= 360"),
            ("view_angle_deg", "number", "Angle of view, deg", "view_angle_deg >= 0 AND view_angle_deg <= 360"),
            ("height_m", "number", "Height, m", "height_m >= 0 AND height_m <= 300"),
            ("connected", "boolean", "Linked to the operations centre", ""),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "road_segment",
        "LINESTRING",
        "Road segment",
        (
            (
                "road_class",
                "text",
                "Class",
                "road_class IN ('motorway', 'arterial', 'collector', 'local', 'alley', 'footpath', 'other')",
            ),
            ("width_m", "number", "Width, m", "width_m >= 0 AND width_m <= 200"),
            ("lanes", "integer", "Lanes", "lanes >= 0 AND lanes <= 20"),
            (
                "surface",
                "text",
                "Surface",
                "surface IN ('asphalt', 'concrete', 'paving', 'gravel', 'earth', 'unknown')",
            ),
            ("surfaced_on", "date", "Surfaced on", ""),
            ("moratorium_until", "date", "No digging until", ""),
            ("one_way", "boolean", "One way", ""),
        ),
    ),
    (
        "utility_tunnel",
        "LINESTRING",
        "Utility tunnel",
        (
            ("kind", "text", "Kind", "kind IN ('tunnel', 'trench')"),
            ("width_mm", "number", "Outer width, mm", "width_mm >= 100 AND width_mm <= 30000"),
            ("height_mm", "number", "Outer height, mm", "height_mm >= 100 AND height_mm <= 30000"),
            ("material", "text", "Material", "material IN ('concrete', 'brick', 'steel', 'other')"),
            ("street", "text", "Street", "char_length(street) <= 200"),
        ),
    ),
    (
        "works_project",
        "MULTIPOLYGON",
        "Works project",
        (
            ("applicant", "text", "Applicant", "char_length(applicant) <= 200"),
            (
                "works_sector",
                "text",
                "Sector of the works",
                "works_sector IN ('telecom', 'power', 'water', 'drainage', 'road', 'other')",
            ),
            ("method", "text", "Method", "method IN ('open_cut', 'trenchless')"),
            ("depth_m", "number", "Depth, m", "depth_m >= 0 AND depth_m <= 100"),
            (
                "permit_state",
                "text",
                "State of the permit",
                "permit_state IN ('not_applied', 'applied', 'granted', 'refused', 'expired')",
            ),
            ("phase", "text", "Phase", "phase IN ('idea', 'design', 'approved', 'under_way', 'finished', 'cancelled')"),
            ("starts_on", "date", "Starts on", ""),
            ("ends_on", "date", "Ends on", ""),
        ),
    ),
)


def upgrade() -> None:
    """Bring the tables to what the layer files of that day say."""
    for layer in LAYERS:
        make_table(*layer)


def downgrade() -> None:
    """Take it back; what stands in new tables and columns is lost."""
    for layer, *_ in reversed(LAYERS):
        op.drop_table(layer, schema=SCHEMA)


def make_table(layer: str, geometry: str, title: str, columns: Sequence[Column]) -> None:
    """A layer's table with its rules and indexes.

    geom is in the city's coordinates, lonlat is kept by the database itself; neither has a type modifier, so that
    heights may be given or not.
    """
    every = (*EVERY_LAYER, *columns)
    srid = op.get_context().config.attributes["city_srid"]
    plain = Geometry(geometry_type=None, srid=-1, spatial_index=False)
    shift = sa.Computed("ST_Transform(geom, 4326)", persisted=True)
    op.create_table(
        layer,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        *(make_column(name, type_, comment) for name, type_, comment, _ in every),
        sa.Column("geom", plain, comment=f"EPSG:{srid}, easting first; heights kept where given"),
        sa.Column("lonlat", plain, shift, comment="EPSG:4326, longitude first"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{layer}_pkey")),
        sa.CheckConstraint(sa.func.st_srid(sa.column("geom")) == srid, name=op.f(f"{layer}_geom_srid_check")),
        sa.CheckConstraint(sa.func.geometrytype(sa.column("geom")) == geometry, name=op.f(f"{layer}_geom_type_check")),
        *(sa.CheckConstraint(rule, name=op.f(f"{layer}_{name}_check")) for name, _, _, rule in every if rule),
        schema=SCHEMA,
        comment=title,
    )
    both = sa.text("owner IS NOT NULL AND asset_code IS NOT NULL")
    codes = ["owner", "asset_code"]
    op.create_index(f"{layer}_owner_asset_code_idx", layer, codes, unique=True, schema=SCHEMA, postgresql_where=both)
    op.create_index(f"{layer}_geom_idx", layer, ["geom"], schema=SCHEMA, postgresql_using="gist")
    op.create_index(f"{layer}_lonlat_idx", layer, ["lonlat"], schema=SCHEMA, postgresql_using="gist")


def make_column(name: str, type_: str, comment: str) -> sa.Column[Any]:
    """A column; "text required" is a text that must be given, "timestamp kept" the time at which the row was made."""
    kind, _, manner = type_.partition(" ")
    default = sa.func.now() if manner == "kept" else None
    return sa.Column(name, TYPES[kind], nullable=not manner, comment=comment, server_default=default)
